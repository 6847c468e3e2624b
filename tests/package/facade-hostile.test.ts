/** Who hands in a `fetch` or a signal may hand in anything: the process lives, each call ends, and nothing shows the token. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import { npm as client } from "./facade-client.ts";
import type { SePayError, SePayOptions } from "../../src/js/npm/src/index.ts";

const TOKEN = "S3CRETTOKEN0123456789";

async function failed(options: SePayOptions, signal?: unknown): Promise<SePayError> {
  const sepay = new client.SePay({ apiToken: TOKEN, maxRetries: 0, timeout: 300, ...options });
  const asked = sepay.transactions.count({}, signal === undefined ? {} : { signal: signal as AbortSignal });
  return await asked.then(() => assert.fail("it must fail"), (cause: SePayError) => cause);
}

const answering = (body: unknown, init: object = {}): SePayOptions => ({ fetch: async () => ({ status: 200, headers: {}, body, ...init }) as never });

suite("bodies that always have more let the timeout end them", () => {
  for (const [name, chunk] of [["empty", new Uint8Array(0)], ["one byte", new Uint8Array(1)]] as const) {
    test(`${name}, as a web stream`, async () => {
      const body = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
      assert.equal((await failed({ fetch: async () => new Response(body) as never })).code, "timeout");
    });
    test(`${name}, as an async iterator, which is told to stop`, async () => {
      let isStopped = false;
      const chunks = async function* (): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield chunk;
        } finally {
          isStopped = true;
        }
      };
      assert.equal((await failed(answering(chunks()))).code, "timeout");
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(isStopped);
    });
  }
});

test("what cannot be looked into is thrown as a connection error", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const thrown of [proxy, new Proxy({}, { getPrototypeOf: () => assert.fail("a trap") })]) {
    assert.equal((await failed({ fetch: () => Promise.reject(thrown) })).code, "connection");
  }
});

test("a signal that throws where it can is an error of its own, or changes nothing", async () => {
  const hangs: SePayOptions = { fetch: () => new Promise(() => undefined) };
  const shape = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  const broken = () => assert.fail("broken");
  assert.equal((await failed(hangs, { ...shape, addEventListener: broken })).code, "invalid_parameter");
  assert.equal((await failed(hangs, { ...shape, removeEventListener: broken })).code, "timeout");
  let abort = (): void => undefined;
  const addEventListener = (_: string, listener: () => void): void => void (abort = listener);
  const unreadable = Object.defineProperty({ ...shape, addEventListener }, "reason", { get: broken });
  const asked = failed(hangs, unreadable);
  setImmediate(() => abort());
  assert.equal((await asked).code, "aborted");
});

test("no thrown value shows the token, however it keeps it", async () => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  class Own extends Error {
    readonly #headers = headers;
    [inspect.custom](): string {
      return this.#headers.authorization;
    }
  }
  const request = new Request("https://sepay.example", { headers });
  for (const thrown of [
    Object.assign(new Error("x"), { request }),
    new Own("x"),
    { [TOKEN]: 1 },
    { later: Promise.resolve(TOKEN) },
    new String(TOKEN),
    new Map([["a", headers]]),
    new Headers(headers),
    new AggregateError([new Error(TOKEN)]),
  ]) {
    const error = await failed({ fetch: () => Promise.reject(thrown) });
    const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
    assert.ok(error.code === "connection" && !shown.includes(TOKEN), shown);
  }
  const system = Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED", errno: -111 }) });
  assert.equal((await failed({ fetch: () => Promise.reject(system) })).cause, system);
});

test("SePay's words and the request's number show no part of the token", async () => {
  const error = `${"n".repeat(480)}${TOKEN}`;
  const body = JSON.stringify({ status: 403, messages: { error } });
  const told = await failed({ fetch: async () => new Response(body, { status: 403, headers: { "x-request-id": `id-${TOKEN}` } }) as never });
  assert.equal(told.code, "forbidden");
  assert.ok(!inspect(told, { depth: 20 }).includes(TOKEN.slice(0, 6)), inspect(told));
});
