/**
 * Reads what came back from the Worker: a good answer with its age, or the error that a problem (RFC 9457) or a bare status
 * stands for. Rows are taken as they are: the Worker has checked them.
 */
import { errorOf } from "./errors.ts";
import type { ErrorCode, SePayError } from "./errors.ts";

/** What a good answer must hold: a field of the root, and what it is. */
export type Root = readonly [field: string, fits: (value: unknown) => boolean];

/** A good answer's JSON, and how old it is. */
export interface Answer {
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds. */
  readonly age: number | null;
  readonly stale: false | "busy" | "down";
}

/** For answers of something in between, whose status still says enough. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
};

/** Reads an answer, of whatever class, or the error that it is. Whoever repeats the key is not repeated. */
export async function answerOf(response: Response, [field, fits]: Root, key: string): Promise<Answer | SePayError> {
  const { status, headers } = response;
  const body = jsonIn(await response.text());
  const header = (name: string) => headers.get(name) ?? undefined;
  const seconds = (name: string) => (/^\d+$/.test(header(name) ?? "") ? Number(header(name)) : undefined);
  const isGood = status === 200;
  if (isGood && fits(body?.[field])) {
    const [, stale = false] = /detail=stale-(busy|down)/.exec(header("Cache-Status") ?? "") ?? [];
    return { body, age: seconds("Age") ?? null, stale } as Answer;
  }
  const told = (name: string, text = body?.[name]) => (typeof text === "string" ? text.replaceAll(key, "*") : undefined);
  const code = isGood ? "unreadable" : ((told("code") ?? codeOf(status)) as ErrorCode);
  const message = isGood ? `${field}: missing or wrong` : (told("detail") ?? `the Worker answered status ${status}`);
  const waitSecs = seconds("Retry-After");
  return errorOf({
    code,
    message,
    status,
    retryAfterMs: waitSecs && waitSecs * 1_000,
    requestId: told("", body?.["requestId"] ?? header("X-Request-Id")),
    // The Worker's words begin with the name.
    parameter: code === "invalid_parameter" ? message.split(":")[0] : undefined,
    at: isGood ? field : undefined,
  });
}

function codeOf(status: number): ErrorCode {
  // A browser shows a redirect that is not followed as 0.
  const isRedirect = status % 300 < 100;
  return CODES[status] ?? (status >= 500 ? "server_error" : isRedirect ? "redirect" : "rejected");
}

function jsonIn(text: string): Record<string, unknown> | null | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
