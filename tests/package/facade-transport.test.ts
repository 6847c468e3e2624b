// One exchange, with real servers and with every kind of fetch that somebody may inject.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { inspect } from "node:util";

import { MAX_BODY_BYTES } from "../../src/js/npm/src/response.ts";
import { Exchange } from "../../src/js/npm/src/transport.ts";
import type { Answer, NoAnswer, Order } from "../../src/js/npm/src/transport.ts";
import type { Fetch } from "../../src/js/npm/src/types.ts";

const unhandled: unknown[] = [];
process.on("unhandledRejection", (cause) => unhandled.push(cause));
after(() => assert.deepEqual(unhandled, []));

const TOKEN = "S3CRET-TOKEN";
const TIMEOUT_MS = 10_000;

function begin(fetch: Fetch, change: Partial<Order> = {}): Exchange {
  const headers: [string, string][] = [["Authorization", `Bearer ${TOKEN}`]];
  return new Exchange({ fetch, url: "http://sepay.invalid/x", headers, timeoutMs: TIMEOUT_MS, onHead: () => undefined, ...change });
}

async function ended(fetch: Fetch, change: Partial<Order> = {}): Promise<Answer | NoAnswer> {
  return begin(fetch, change).end;
}

async function answered(fetch: Fetch, change: Partial<Order> = {}): Promise<Answer> {
  const end = await ended(fetch, change);
  assert.ok("status" in end, inspect(end));
  return end;
}

async function failed(fetch: Fetch, change: Partial<Order> = {}): Promise<NoAnswer> {
  const end = await ended(fetch, change);
  assert.ok("why" in end, inspect(end));
  return end;
}

/** A fetch that gives this. */
function giving(response: unknown): Fetch {
  return () => Promise.resolve(response);
}

function textOf(answer: Answer): string {
  return new TextDecoder().decode(answer.body);
}

async function serve(listener: RequestListener, run: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const global: Fetch = (url, init) => globalThis.fetch(url, init);

test("status, the core's headers and the body of a real answer come through, and no other header", async () => {
  const headers = { "content-type": "application/json", "retry-after": "3", "x-request-id": "r-1", "x-other": "1" };
  await serve((_, response) => response.writeHead(429, headers).end("tiếng Việt"), async (url) => {
    const answer = await answered(global, { url });
    assert.equal(answer.status, 429);
    assert.deepEqual(answer.headers, ["content-type", "application/json", "retry-after", "3"]);
    assert.equal(answer.requestId, "r-1");
    assert.equal(textOf(answer), "tiếng Việt");
  });
});

test("fetch is called without this, with one URL text and plain headers, told not to follow redirects", async () => {
  const calls: unknown[][] = [];
  const fetch = function (this: unknown, ...given: unknown[]): Promise<Response> {
    calls.push([this, ...given]);
    return Promise.resolve(new Response("ok"));
  } as Fetch;
  await answered(fetch);
  const [that, url, init] = calls[0] as [unknown, unknown, Parameters<Fetch>[1]];
  assert.equal(that, undefined);
  assert.equal(url, "http://sepay.invalid/x");
  assert.deepEqual({ ...init, signal: null }, { method: "GET", headers: { Authorization: `Bearer ${TOKEN}` }, redirect: "manual", signal: null });
  assert.ok(init.signal instanceof AbortSignal);
});

test("a redirect is not followed", async () => {
  await serve((_, response) => response.writeHead(307, { location: "http://127.0.0.1:9/" }).end(), async (url) => {
    assert.equal((await answered(global, { url })).status, 307);
  });
});

test("a redirect that the platform hides, or followed against its orders, is told as one", async () => {
  const hidden = { type: "opaqueredirect", status: 0, headers: new Headers(), body: null, arrayBuffer: async () => new ArrayBuffer(0) };
  assert.equal((await answered(giving(hidden))).status, 302);
  assert.equal((await answered(giving({ ...hidden, type: "basic", status: 200, redirected: true }))).status, 302);
});

test("answers of other classes are read: a Node stream, arrayBuffer or text alone, any kind of headers", async () => {
  const shapes: [unknown, unknown][] = [
    [{ body: Readable.from([Buffer.from("he"), Buffer.from("llo")]) }, { get: (name: string) => (name === "retry-after" ? "7" : null) }],
    [{ body: Readable.from(["he", "llo"]) }, new Map([["Retry-After", "7"]])],
    [{ body: null, arrayBuffer: async () => new TextEncoder().encode("hello").buffer }, { "Retry-After": 7 }],
    [{ body: Buffer.from("x"), arrayBuffer: () => new TextEncoder().encode("hello") }, [["RETRY-AFTER", ["7"]]]],
    [{ text: async () => "hello" }, new Headers({ "retry-after": "7" })],
  ];
  for (const [body, headers] of shapes) {
    const answer = await answered(giving({ status: 200, headers, ...(body as object) }));
    assert.deepEqual([textOf(answer), answer.headers], ["hello", ["retry-after", "7"]]);
  }
  const bare = await answered(giving({ status: 200, text: () => "hello" }));
  assert.deepEqual([textOf(bare), bare.headers], ["hello", []]);
});

test("a fetch that gives no response is a connection error that says so", async () => {
  const strange = [undefined, null, "200", 7, {}, { status: Number.NaN }, { status: "200" }, { status: 0, type: "error" }, { status: 99 }];
  for (const given of strange) {
    const { why, cause } = await failed(giving(given));
    assert.equal(why, "connection");
    assert.match(String(cause), /fetch gave/);
  }
  const { why, cause } = await failed(giving({ status: 200, headers: {} }));
  assert.deepEqual([why, String(cause)], ["connection", "TypeError: fetch gave a response without a body that can be read"]);
  assert.equal((await failed(giving({ status: 200, text: () => 7 }))).why, "connection");
});

test("whatever a fetch throws is the cause of a connection error", async () => {
  const fault = new TypeError("fetch failed");
  const thrower = (thrown: unknown): Fetch => () => {
    throw thrown;
  };
  assert.deepEqual(await failed(thrower("no network")), { why: "connection", cause: "no network" });
  assert.deepEqual(await failed(thrower(undefined)), { why: "connection", cause: undefined });
  assert.deepEqual(await failed(() => Promise.reject(fault)), { why: "connection", cause: fault });
  const trap = { get status(): number { throw fault; } };
  assert.deepEqual(await failed(giving(trap)), { why: "connection", cause: fault });
});

test("a cause never holds the token, however deep it lies", async () => {
  const words = new Error(`bad header Bearer ${TOKEN}`);
  const deep = new Error("bad request", { cause: { request: { headers: new Headers({ authorization: `Bearer ${TOKEN}` }) } } });
  const hidden = Object.defineProperty(new Error("bad"), "config", { value: new Map([["a", [`Bearer ${TOKEN}`]]]) });
  for (const thrown of [words, deep, hidden, `Bearer ${TOKEN}`, { toString: () => TOKEN, token: TOKEN }]) {
    const { cause } = await failed(() => Promise.reject(thrown));
    assert.ok(cause instanceof Error);
    assert.ok(!inspect(cause, { depth: 20, showHidden: true }).includes(TOKEN), inspect(cause));
  }
  const refused = await failed(() => globalThis.fetch("http://127.0.0.1:1/", { headers: { a: TOKEN } }));
  assert.match(inspect(refused.cause), /fetch failed[^]*(ECONNREFUSED|bad port)/);
});

test("an announced body beyond the bound is refused before a byte of it is read", async () => {
  let cancelled = false;
  const body = new ReadableStream({ pull: () => assert.fail("was read"), cancel: () => void (cancelled = true) }, { highWaterMark: 0 });
  const response = { status: 200, headers: new Headers({ "content-length": "2147483648" }), body };
  assert.deepEqual(await failed(giving(response)), { why: "too_large" });
  assert.ok(cancelled);
});

test("a body without end is cut at the bound, and its source is told", async () => {
  const piece = new Uint8Array(1 << 20);
  let [read, cancelled, destroyed] = [0, false, false];
  const web = new ReadableStream({
    pull: (controller) => {
      read += piece.length;
      controller.enqueue(piece);
    },
    cancel: () => void (cancelled = true),
  });
  assert.deepEqual(await failed(giving(new Response(web))), { why: "too_large" });
  assert.ok(cancelled && read <= MAX_BODY_BYTES + 3 * piece.length, `${read} read`);
  const node = new Readable({
    read() {
      this.push(piece);
    },
    destroy: (_, done) => {
      destroyed = true;
      done(null);
    },
  });
  assert.deepEqual(await failed(giving({ status: 200, headers: {}, body: node })), { why: "too_large" });
  assert.ok(destroyed);
});

test("what never answers, or stalls in its body, ends at the timeout, whether or not it knows signals", async () => {
  let isAborted = false;
  const hang: Fetch = (_, { signal }) => new Promise(() => signal.addEventListener("abort", () => void (isAborted = true)));
  assert.deepEqual(await failed(hang, { timeoutMs: 20 }), { why: "timeout" });
  assert.ok(isAborted);
  const stalls: unknown[] = [
    new Response(new ReadableStream()),
    { status: 200, headers: {}, body: new Readable({ read: () => undefined }) },
    { status: 200, headers: {}, text: () => new Promise(() => undefined) },
  ];
  for (const stall of stalls) assert.deepEqual(await failed(giving(stall), { timeoutMs: 20 }), { why: "timeout" });
});

test("a connection that breaks in the body is a connection error", async () => {
  const listener: RequestListener = (_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    setImmediate(() => response.destroy());
  };
  await serve(listener, async (url) => assert.equal((await failed(global, { url })).why, "connection"));
  const broken = new ReadableStream({ start: (controller) => controller.error("broken") });
  assert.deepEqual(await failed(giving(new Response(broken))), { why: "connection", cause: "broken" });
});

test("an answer that comes after the timeout is let go of", async () => {
  const late = Promise.withResolvers<Response>();
  const gone = Promise.withResolvers<string>();
  assert.deepEqual(await failed(() => late.promise, { timeoutMs: 10 }), { why: "timeout" });
  late.resolve(new Response(new ReadableStream({ cancel: () => gone.resolve("cancelled") })));
  assert.equal(await gone.promise, "cancelled");
});

test("an abandoned request goes on until its headers are here, and not to its body", async () => {
  const heads: string[] = [];
  const answer = Promise.withResolvers<Response>();
  const gone = Promise.withResolvers<string>();
  let signal: AbortSignal | undefined;
  const fetch: Fetch = (_, init) => ((signal = init.signal), answer.promise);
  const exchange = begin(fetch, { onHead: () => heads.push("head") });
  exchange.abandon();
  await new Promise(setImmediate);
  assert.deepEqual([signal?.aborted, heads], [false, []]);
  answer.resolve(new Response(new ReadableStream({ cancel: () => gone.resolve("cancelled") })));
  assert.deepEqual(await exchange.end, { why: "unwanted" });
  assert.deepEqual([signal?.aborted, heads, await gone.promise], [true, ["head"], "cancelled"]);
});

test("an answer abandoned in its body ends at once", async () => {
  const head = Promise.withResolvers<void>();
  const exchange = begin(giving(new Response(new ReadableStream())), { onHead: () => head.resolve() });
  await head.promise;
  exchange.abandon();
  assert.deepEqual(await exchange.end, { why: "unwanted" });
});
