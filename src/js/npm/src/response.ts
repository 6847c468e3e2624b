/**
 * Reads what a `fetch` gave, of whatever class: the platform's `Response`, node-fetch's with a Node stream, or an
 * object made by hand. Looks at shapes only, never at classes.
 */

/** SePay's largest list has about 2 MB; what is far beyond is not SePay's, in bytes after decompression. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The headers that the core looks at. */
const HEADERS = ["content-type", "retry-after", "x-sepay-userapi-retry-after"];

/** Where servers and proxies put the number of a request. */
const ID_HEADERS = ["x-request-id", "cf-ray"];

/** What is known before the body. */
export interface Head {
  /** 100 to 599. */
  status: number;
  /** Name, value, name, value, … */
  headers: string[];
  requestId: string | undefined;
}

/** Thrown when the body is larger than anything SePay sends. Known by being itself: what else is thrown may be anything. */
export const TOO_LARGE: unknown = new Error("the body is too large");

/** A stream that always has more would keep every timer from running; after so many pieces they have their turn. */
const PIECES_AT_ONCE = 256;

/** A `fetch` that gives something else than a response. */
class NoResponse extends TypeError {}

/** A response as far as we look into it; all of it may be missing. */
interface Shape {
  status?: unknown;
  type?: unknown;
  redirected?: unknown;
  headers?: unknown;
  body?: unknown;
  arrayBuffer?: unknown;
  text?: unknown;
}

/** Reads status and headers; throws when it is no response, or announces a body that is too large. */
export function readHead(given: unknown): Head {
  if (typeof given !== "object" || given === null) {
    throw new NoResponse(`fetch gave ${given === null ? "null" : typeof given}, not a response`);
  }
  const response: Shape = given;
  const status = statusOf(response);
  const headers = headerReader(response.headers);
  if (Number(headers("content-length")) > MAX_BODY_BYTES) throw TOO_LARGE;
  return {
    status,
    headers: HEADERS.flatMap((name) => pair(name, headers(name))),
    requestId: ID_HEADERS.map(headers).find((id) => id !== undefined)?.slice(0, 200),
  };
}

function statusOf({ status, type, redirected }: Shape): number {
  /*
   * A browser hides a redirect's status behind 0; and a fetch that follows redirects against its orders has carried
   * the token to wherever they led, so that its answer is not SePay's. Both are told as the redirect they are.
   */
  if (type === "opaqueredirect" || redirected === true) return 302;
  if (typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599) return status;
  throw new NoResponse("fetch gave a response without a status");
}

function pair(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

type HeaderReader = (name: string) => string | undefined;

function headerReader(headers: unknown): HeaderReader {
  if (typeof headers !== "object" || headers === null) return () => undefined;
  if ("get" in headers && typeof headers.get === "function" && !(headers instanceof Map)) {
    const get = headers.get.bind(headers) as (name: string) => unknown;
    return (name) => textOf(get(name));
  }
  const entries = Symbol.iterator in headers ? [...(headers as Iterable<[unknown, unknown]>)] : Object.entries(headers);
  const known = new Map(entries.map(([name, value]) => [String(name).toLowerCase(), textOf(value)]));
  return (name) => known.get(name);
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** A body that is being read. */
export interface Reading {
  /** All bytes; rejects with what the stream threw, or `TOO_LARGE`. */
  bytes: Promise<Uint8Array>;
  /** Stops a body that nobody wants any more, so that its connection is freed. Never throws. */
  cancel(): void;
}

/** Begins to read the body. */
export function readBody(response: object): Reading {
  const { body, arrayBuffer, text } = response as Shape;
  if (isObject(body) && "getReader" in body) return readWebStream(body as ReadableStream<unknown>);
  if (isObject(body) && Symbol.asyncIterator in body) return readChunks(body as AsyncIterable<unknown>);
  return { bytes: readWhole(response, arrayBuffer ?? text), cancel: () => undefined };
}

/** Cancels the body of a response that came too late, or that nobody wants. Never throws. */
export function discard(response: unknown): void {
  if (!isObject(response)) return;
  quietly(() => {
    const { body } = response as { body?: { cancel?: () => unknown; destroy?: () => unknown } | null };
    return body?.cancel?.() ?? body?.destroy?.();
  });
}

function readWebStream(stream: ReadableStream<unknown>): Reading {
  const reader = stream.getReader();
  return readPieces(() => reader.read(), () => reader.cancel());
}

function readChunks(stream: AsyncIterable<unknown>): Reading {
  const chunks = stream[Symbol.asyncIterator]();
  const { destroy } = stream as { destroy?: () => unknown };
  return readPieces(() => chunks.next(), () => destroy?.call(stream) ?? chunks.return?.());
}

function readPieces(next: () => Promise<{ done?: boolean | undefined; value?: unknown }>, stop: () => unknown): Reading {
  let isStopped = false;
  const read = async (): Promise<Uint8Array> => {
    const pieces = new Pieces();
    for (let count = 1; !isStopped; count++) {
      const { done, value } = await next();
      if (done) break;
      pieces.add(value);
      if (count % PIECES_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return pieces.joined();
  };
  const cancel = (): void => {
    isStopped = true;
    quietly(stop);
  };
  return { bytes: read(), cancel };
}

/** A response without a stream: read by its own methods, and judged afterwards. */
async function readWhole(response: object, method: unknown): Promise<Uint8Array> {
  if (typeof method !== "function") throw new NoResponse("fetch gave a response without a body that can be read");
  const pieces = new Pieces();
  pieces.add(await method.call(response));
  return pieces.joined();
}

/** The pieces of a body, bounded, however many they are. */
class Pieces {
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;

  add(given: unknown): void {
    const piece = bytesOf(given);
    const length = this.#length + piece.length;
    if (length > MAX_BODY_BYTES) throw TOO_LARGE;
    if (this.#length === 0) {
      // Most bodies that are not streamed are one piece, which need not be copied.
      this.#bytes = piece;
    } else if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(MAX_BODY_BYTES, length * 2));
      larger.set(this.joined());
      this.#bytes = larger;
    }
    if (this.#length > 0) this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  joined(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Bytes of any realm. */
function bytesOf(given: unknown): Uint8Array {
  if (typeof given === "string") return new TextEncoder().encode(given);
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const tag = Object.prototype.toString.call(given);
  if (tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]") return new Uint8Array(given as ArrayBuffer);
  throw new NoResponse("fetch gave a body of something else than bytes");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Runs something whose failure means nothing, now or later. */
function quietly(action: () => unknown): void {
  try {
    Promise.resolve(action()).catch(() => undefined);
  } catch {
    // It was over already.
  }
}
