/** What the Worker's errors must look like, from the design's section 7: RFC 9457 with a code and a request id. */
import assert from "node:assert/strict";
import type { Reply } from "./site.ts";

/** The statuses a code may have. */
export const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_parameter: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  rate_limited: 429,
  internal_error: 500,
  upstream_unauthorized: 502,
  upstream_error: 502,
  upstream_unreadable: 502,
  upstream_challenge: 502,
  upstream_busy: 503,
  upstream_timeout: 504,
};

/** A problem as it is written. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
}

const FIELDS = ["type", "title", "status", "detail", "code", "requestId"];

/** Requires a whole, consistent problem with this code, and returns it. */
export function assertProblem(reply: Reply, code: string): Problem {
  const problem = assertSomeProblem(reply);
  assert.equal(problem.code, code, reply.text);
  return problem;
}

/** Requires a whole, consistent problem with any documented code, and returns it. */
export function assertSomeProblem(reply: Reply): Problem {
  assert.equal(reply.headers.get("content-type"), "application/problem+json", `${reply.status} ${reply.text}`);
  const problem = JSON.parse(reply.text) as Problem;
  assert.deepEqual(Object.keys(problem), FIELDS);
  assert.equal(problem.type, `urn:sepay-edge:problem:${problem.code}`);
  assert.equal(problem.status, STATUS_OF[problem.code], `status of ${problem.code}`);
  assert.equal(reply.status, problem.status);
  assert.ok(problem.title.length > 0 && problem.detail.length > 0);
  assert.match(problem.requestId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(reply.headers.get("x-request-id"), problem.requestId);
  assert.equal(reply.headers.get("cache-control"), "private, no-store");
  return problem;
}

/** Requires a `Retry-After` in whole seconds, and returns it. */
export function retryAfterSeconds(reply: Reply): number {
  const text = reply.headers.get("retry-after") ?? "";
  assert.match(text, /^[1-9]\d{0,4}$/);
  return Number(text);
}
