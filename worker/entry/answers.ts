// The short way: an answer that is still fresh is served without leaving the isolate. Rust decides whether and which
// (worker/src/hot.rs); bodies and headers stay on this side, so that none is copied out of wasm for each response.

import { find } from "sepay-worker-glue";

interface Kept {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly contentType: string;
  readonly keptAtMs: number;
}

const kept = new Map<number, Kept>();

/** Keeps the body of an answer under the number that Rust gave it. */
export function keep(number: number, body: Uint8Array<ArrayBuffer>, etag: string, contentType: string): void {
  kept.set(number, { body, etag, contentType, keptAtMs: Date.now() });
}

/** Lets a body go when Rust says so. */
export function forget(number: number): void {
  kept.delete(number);
}

/** Lets everything go: a new instance of the Rust side knows no numbers. */
export function forgetAll(): void {
  kept.clear();
}

/** The fresh answer to a request, or nothing: then the long way decides. */
export function freshAnswer(request: Request): Response | undefined {
  const { headers } = request;
  // A body is refused on the long way, and an origin may be allowed there.
  if (kept.size === 0 || request.body !== null || headers.has("origin")) return undefined;
  const number = find(
    `${request.method}\n${request.url}\n${headers.get("authorization") ?? ""}\n` +
      `${headers.get("cache-control") ?? ""}\n${headers.get("if-none-match") ?? ""}`,
  );
  const answer = number === 0 ? undefined : kept.get(Math.abs(number));
  return answer && response(answer, number < 0, request.method === "HEAD");
}

function response({ body, etag, contentType, keptAtMs }: Kept, isNotModified: boolean, isHead: boolean): Response {
  const headers: Record<string, string> = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": crypto.randomUUID(),
    "cache-status": "sepay-edge; hit",
    age: String(Math.floor((Date.now() - keptAtMs) / 1000)),
    etag,
  };
  if (isNotModified) return new Response(null, { status: 304, headers });
  headers["content-type"] = contentType;
  return new Response(isHead ? null : body, { headers });
}
