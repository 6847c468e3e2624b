// The lines of requests that are not answered by the Rust side, as worker/src/log.rs writes them. No part of them is a
// caller's text.

/** The parts that are the same whenever a kept answer is served, as JSON. */
export interface LineParts {
  readonly route: string;
  readonly caller: string;
  /** Nothing for an answer that the holders of several tickets share. */
  readonly ticket: string | undefined;
}

/** What else is told of a kept answer that was served. */
export interface Served {
  readonly requestId: string;
  readonly method: string;
  readonly status: number;
  /** As JSON. */
  readonly ticket: string;
  readonly cache: string;
  readonly durationMs: number;
}

/** Reads the parts as `kept_parts` writes them. */
export function readParts(text: string): LineParts {
  const [route = "null", caller = "null", ticket = ""] = text.split("\n");
  return { route, caller, ticket: ticket === "" ? undefined : ticket };
}

/** Whether requests that went well get a line, by `EDGE_LOGS`. */
export function isChatty(level: unknown): boolean {
  return level !== "errors" && level !== "off";
}

/** The line for a kept answer that was served. Only GET and HEAD are. */
export function keptLine({ route, caller }: LineParts, served: Served): string {
  const { requestId, method, status, ticket, cache, durationMs } = served;
  return (
    `{"requestId":"${requestId}","method":"${method}","route":${route},"status":${status},"caller":${caller},` +
    `"ticket":${ticket},"cache":"${cache}","waitMs":0,"upstreamMs":0,"durationMs":${durationMs}}`
  );
}

/** The line for a request of which nothing is known, because the Rust side failed at telling. */
export function bareLine(requestId: string, status: number, durationMs: number): string {
  const nobody = { route: null, status, caller: null, ticket: null, cache: null };
  return JSON.stringify({ requestId, method: "OTHER", ...nobody, waitMs: 0, upstreamMs: 0, durationMs });
}
