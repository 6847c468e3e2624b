/**
 * What a call throws: one class per kind of trouble, a stable `code` on each. Decides which class a code has, and
 * nothing else; the codes come from the core or from the Worker. No error holds the token, an amount or an account
 * number, except in SePay's own words, which the message quotes.
 */

/** Codes of the core, which talks to SePay, and `aborted`. */
export type SePayErrorCode =
  | "invalid_parameter"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "rate_limited"
  | "timeout"
  | "aborted"
  | "connection"
  | "unreadable"
  | "challenge"
  | "too_large"
  | "redirect"
  | "truncated"
  | "server_error"
  | "rejected";

/** Codes that only the Worker's routes answer with, to the `./edge` client. */
export type EdgeErrorCode =
  | "method_not_allowed"
  | "upstream_unauthorized"
  | "upstream_error"
  | "upstream_unreadable"
  | "upstream_challenge"
  | "upstream_busy"
  | "upstream_timeout";

/** What kind of trouble, stable across versions. */
export type ErrorCode = SePayErrorCode | EdgeErrorCode;

/** What is known of a failure. */
export interface Failure {
  code: ErrorCode;
  message: string;
  /** HTTP status, when an answer came. */
  status?: number | undefined;
  /** Milliseconds to wait before asking again, when SePay or the Worker named a time. */
  retryAfterMs?: number | undefined;
  /** The answer's request id, for a question to support. */
  requestId?: string | undefined;
  /** The parameter or option that is wrong. */
  parameter?: string | undefined;
  /** Where in the answer, `transactions[3].amount_in`. */
  at?: string | undefined;
  /** SePay's own words. */
  words?: string | undefined;
}

const FIELDS = ["code", "status", "retryAfterMs", "requestId", "parameter", "at"] as const;

/** Why a call has no answer. Thrown as it is for `server_error`, `rejected` and the Worker's own codes. */
export class SePayError extends Error {
  /** What kind of trouble, stable across versions. */
  declare readonly code: ErrorCode;
  /** HTTP status, when an answer came. */
  declare readonly status?: number;
  /** Milliseconds to wait before asking again, when a time was named. */
  declare readonly retryAfterMs?: number;
  /** The answer's request id, for a question to support; when the answer had one. */
  declare readonly requestId?: string;
  /** The parameter or option that is wrong, of `invalid_parameter`. */
  declare readonly parameter?: string;
  /** Where in the answer, `transactions[3].amount_in`, of `unreadable`. */
  declare readonly at?: string;

  // Set on the prototype, so that the stack's first line has it and a minifier cannot change it.
  static {
    this.prototype.name = "SePayError";
  }

  constructor(failure: Failure, cause?: unknown) {
    const { message, words } = failure;
    super(words ? `${message}: ${words}` : message, cause === undefined ? undefined : { cause });
    // Only what is known: a printed error shows no empty fields.
    for (const field of FIELDS) {
      const value = failure[field] ?? undefined;
      if (value !== undefined) Object.defineProperty(this, field, { value, enumerable: true });
    }
  }

  /** What may be logged: no cause, which is another's and may hold anything, and no stack. */
  toJSON(): Record<string, string | number> {
    const json: Record<string, string | number> = { name: this.name, message: this.message };
    for (const field of FIELDS) {
      const value = this[field];
      if (value !== undefined) json[field] = value;
    }
    return json;
  }
}

/** SePay, or the Worker, does not accept the token or key (`unauthorized`), or refuses all the same (`forbidden`). */
export class AuthenticationError extends SePayError {
  static {
    this.prototype.name = "AuthenticationError";
  }
}

/** Too many requests (`rate_limited`), still after the retries. */
export class RateLimitError extends SePayError {
  static {
    this.prototype.name = "RateLimitError";
  }
}

/** No such record (`not_found`). */
export class NotFoundError extends SePayError {
  static {
    this.prototype.name = "NotFoundError";
  }
}

/** An option or a parameter that cannot be used (`invalid_parameter`): `parameter` names it. Nothing was sent. */
export class InvalidParameterError extends SePayError {
  static {
    this.prototype.name = "InvalidParameterError";
  }
}

/** No answer in time (`timeout`): a try's, or the whole call's. */
export class TimeoutError extends SePayError {
  static {
    this.prototype.name = "TimeoutError";
  }
}

/** The call's signal was aborted (`aborted`); `cause` is the signal's reason. */
export class AbortError extends SePayError {
  static {
    this.prototype.name = "AbortError";
  }
}

/** Nobody was reached, or the answer was lost on its way (`connection`); `cause` is what `fetch` threw. */
export class ConnectionError extends SePayError {
  static {
    this.prototype.name = "ConnectionError";
  }
}

/** What came is no answer of SePay's (`unreadable`, `challenge`, `too_large`, `redirect`). */
export class UnreadableError extends SePayError {
  static {
    this.prototype.name = "UnreadableError";
  }
}

/** Rows may be missing, and SePay's answers do not allow to prove that none is (`truncated`). */
export class TruncatedError extends SePayError {
  static {
    this.prototype.name = "TruncatedError";
  }
}

const CLASSES: { readonly [code in ErrorCode]?: typeof SePayError } = {
  invalid_parameter: InvalidParameterError,
  unauthorized: AuthenticationError,
  forbidden: AuthenticationError,
  not_found: NotFoundError,
  rate_limited: RateLimitError,
  timeout: TimeoutError,
  upstream_timeout: TimeoutError,
  aborted: AbortError,
  connection: ConnectionError,
  unreadable: UnreadableError,
  upstream_unreadable: UnreadableError,
  challenge: UnreadableError,
  upstream_challenge: UnreadableError,
  too_large: UnreadableError,
  redirect: UnreadableError,
  truncated: TruncatedError,
};

/** Makes the error of a failure; plain `SePayError` for a code that has no class of its own. */
export function errorOf(failure: Failure, cause?: unknown): SePayError {
  // Own keys only: a Worker's answer may hold any code, "constructor" too.
  const Class = Object.hasOwn(CLASSES, failure.code) ? CLASSES[failure.code] : undefined;
  return new (Class ?? SePayError)(failure, cause);
}

/** Makes the error of an option or a parameter, whose name begins the message. */
export function invalid(parameter: string, expected: string, cause?: unknown): InvalidParameterError {
  return new InvalidParameterError({ code: "invalid_parameter", message: `${parameter}: ${expected}`, parameter }, cause);
}

/** Makes the error of an aborted call. */
export function abortedBy(signal: AbortSignal): AbortError {
  return new AbortError({ code: "aborted", message: "the call was aborted" }, signal.reason);
}
