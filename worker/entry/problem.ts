// Problems that are written here and not in worker/src/reply.rs: where no Rust is left to write them, or none is needed.

/** What a caller is told of a problem. */
export interface Told {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** Writes a problem as worker/src/reply.rs does. */
export function problem({ status, code, title, detail }: Told): Response {
  const requestId = crypto.randomUUID();
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  };
  const written = { type: `urn:sepay-edge:problem:${code}`, title, status, detail, code, requestId };
  return new Response(JSON.stringify(written), { status, headers });
}

/** For when no Rust is left. */
export function internalError(): Response {
  const detail = "the fault is the gateway's own";
  return problem({ status: 500, code: "internal_error", title: "The gateway failed", detail });
}
