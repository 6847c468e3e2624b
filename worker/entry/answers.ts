// The short way: an answer that may be served now is served without leaving the isolate. Rust decides whether and which
// (worker/src/hot.rs); bodies and headers stay on this side, so that none is copied out of wasm for each response.

import { find, last_ticket } from "sepay-worker-glue";

import { ALWAYS } from "./cors.ts";
import { keptLine, readParts } from "./log.ts";
import type { LineParts } from "./log.ts";

interface Kept {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Those that are the same however often it is served: copying them costs less than one that is set. */
  readonly headers: Headers;
  readonly sentMs: number;
  readonly freshMs: number;
  readonly lineParts: LineParts;
}

/** An answer that may be served now. */
export interface Answer {
  readonly response: Response;
  /** Whether it is to be refreshed behind the caller. */
  readonly refresh: boolean;
  /** Whether the uses that were counted are to be reported. */
  readonly isReportDue: boolean;
  /** Its line for the console. */
  line(durationMs: number): string;
}

/** Why an answer is served, in the order of `Found::packed`: the words of worker/src/caching.rs. */
const DETAILS = ["", "; detail=refreshing", "; detail=stale-busy", "; detail=stale-down"];

/** What the console is told of it, likewise: `cache_word` in worker/src/log.rs. */
const CACHE_WORDS = ["known", "refreshing", "busy", "down"];

const kept = new Map<number, Kept>();

/** Keeps the body of an answer under the number that Rust gave it. */
export function keep(
  number: number,
  body: Uint8Array<ArrayBuffer>,
  etag: string,
  contentType: string,
  sentMs: number,
  freshMs: number,
  lineParts: string,
): void {
  const headers = new Headers({
    ...ALWAYS,
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-type": contentType,
    etag,
  });
  kept.set(number, { body, headers, sentMs, freshMs, lineParts: readParts(lineParts) });
}

/** Lets a body go when Rust says so. */
export function forget(number: number): void {
  kept.delete(number);
}

/** Lets everything go: a new instance of the Rust side knows no numbers. */
export function forgetAll(): void {
  kept.clear();
}

/** Whether the short way is open to a request: a body is refused on the long way. */
export function isPlain(request: Request): boolean {
  return request.body === null;
}

/** The known answer to a request, or nothing: then the long way decides. */
export function knownAnswer(request: Request): Answer | undefined {
  const { headers } = request;
  if (kept.size === 0 || !isPlain(request)) return undefined;
  const signed = find(
    `${request.method}\n${request.url}\n${headers.get("authorization") ?? ""}\n` +
      `${headers.get("cache-control") ?? ""}\n${headers.get("if-none-match") ?? ""}`,
  );
  const packed = Math.abs(signed);
  // The number is above the lowest four bits, and may be too large for a shift.
  const answer = packed === 0 ? undefined : kept.get(Math.floor(packed / 16));
  if (answer === undefined) return undefined;
  const [source, isNotModified] = [(packed >> 1) & 3, (packed & 1) !== 0];
  const { method } = request;
  const requestId = crypto.randomUUID();
  const { lineParts } = answer;
  // Asked for now: the next request may be another holder's.
  const ticket = lineParts.ticket ?? last_ticket();
  const [status, cache] = [isNotModified ? 304 : 200, CACHE_WORDS[source] ?? ""];
  return {
    response: response(answer, requestId, DETAILS[source] ?? "", isNotModified, method === "HEAD"),
    refresh: (packed & 8) !== 0,
    isReportDue: signed < 0,
    line: (durationMs) => keptLine(lineParts, { requestId, method, status, ticket, cache, durationMs }),
  };
}

function response(kept: Kept, requestId: string, detail: string, isNotModified: boolean, isHead: boolean): Response {
  const { body, headers, sentMs, freshMs } = kept;
  const ageMs = Math.max(0, Date.now() - sentMs);
  const made = new Response(isHead || isNotModified ? null : body, { status: isNotModified ? 304 : 200, headers });
  const own = made.headers;
  own.set("x-request-id", requestId);
  own.set("cache-status", `sepay-edge; hit; ttl=${Math.floor((freshMs - ageMs) / 1000)}${detail}`);
  own.set("server-timing", `queue;dur=0, upstream;dur=0, age;dur=${ageMs}`);
  own.set("age", String(Math.floor(ageMs / 1000)));
  if (isNotModified) own.delete("content-type");
  return made;
}
