/**
 * What the edge client sends, when it sends again and when it stops, with a `fetch` of the test's own and a clock that is
 * moved by hand. Retries: design 5 and 7; what the Worker answers is asked of a real one in edge.test.ts.
 */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { inspect } from "node:util";
import {
  AbortError,
  ConnectionError,
  InvalidParameterError,
  SePayEdge,
  SePayError,
  TimeoutError,
  UnreadableError,
} from "../../src/js/npm/src/edge.ts";
import type { EdgeCallOptions, FetchInit, SePayEdgeOptions } from "../../src/js/npm/src/edge.ts";

const KEY = "edge_key_that_nobody_may_see";
const BASE = "https://pay.example.vn";
const ROWS = "/api/transactions";
const LIST = { data: [], complete: true };

interface Sent {
  url: string;
  init: FetchInit;
  atMs: number;
}

/** Answers in turn with what the functions give; the last one answers all that come after. */
function fake(...answers: ((init: FetchInit) => unknown)[]) {
  const sent: Sent[] = [];
  const fetch = (url: string, init: FetchInit): PromiseLike<unknown> => {
    const answer = answers[Math.min(sent.length, answers.length - 1)];
    sent.push({ url, init, atMs: Date.now() });
    return Promise.resolve(answer?.(init));
  };
  return { sent, fetch };
}

function client(fetch: SePayEdgeOptions["fetch"], options: Partial<SePayEdgeOptions> = {}): SePayEdge {
  return new SePayEdge({ baseURL: BASE, key: KEY, fetch, ...options });
}

const ok = (body: unknown = LIST, headers: Record<string, string> = {}) => () => Response.json(body, { headers });

function busy(retryAfter: string, status = 503, code = "upstream_busy") {
  const problem = { type: `urn:sepay-edge:problem:${code}`, title: "Not now", status, detail: "it cannot be asked", code, requestId: "r-1" };
  return () => Response.json(problem, { status, headers: { "Retry-After": retryAfter } });
}

const silence = () => new Promise<never>(() => {});

function thrower(thrown: unknown) {
  return () => Promise.reject(thrown);
}

async function errorOf(asked: Promise<unknown>): Promise<SePayError> {
  const error = await asked.then(() => assert.fail("it was answered"), (cause: unknown) => cause);
  assert.ok(error instanceof SePayError, inspect(error));
  return error;
}

/** Stops the clock at 0. The function moves it, and lets everything that follows from that happen. */
function stoppedClock(t: TestContext): (ms: number) => Promise<void> {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 0 });
  t.mock.method(performance, "now", () => Date.now());
  return async (ms) => {
    await new Promise(setImmediate);
    t.mock.timers.tick(ms);
    await new Promise(setImmediate);
  };
}

describe("what is sent", () => {
  const times = { from: new Date("2026-11-19T01:02:03Z"), to: "2026-11-20" };
  const SENT: readonly [what: string, ask: (edge: SePayEdge) => Promise<unknown>, url: string, body: object][] = [
    ["nothing but a path", (edge) => edge.bankAccounts.list(), "/api/accounts", LIST],
    ["no parameter that is undefined", (edge) => edge.bankAccounts.list({ limit: undefined }), "/api/accounts", LIST],
    ["the id", (edge) => edge.bankAccounts.get("018"), "/api/accounts/018", { data: { id: "018" } }],
    ["filters", (edge) => edge.bankAccounts.count({ balanceMin: -5n }), "/api/accounts/count?balanceMin=-5", { count: 0 }],
    ["times", (edge) => edge.transactions.list(times), `${ROWS}?from=2026-11-19T01%3A02%3A03.000Z&to=2026-11-20`, LIST],
    ["a text", (edge) => edge.transactions.list({ reference: "a b&c=+đ" }), `${ROWS}?reference=a+b%26c%3D%2B%C4%91`, LIST],
    ["an amount", (edge) => edge.transactions.count({ amountIn: 2277000 }), `${ROWS}/count?amountIn=2277000`, { count: 0 }],
    ["the status", (edge) => edge.status(), "/api/status", { slots: [] }],
  ];
  for (const [what, ask, url, body] of SENT) {
    test(`the address holds ${what}`, async () => {
      const { sent, fetch } = fake(ok(body));
      await ask(client(fetch));
      assert.deepEqual(sent.map((each) => each.url), [BASE + url]);
      const { signal, ...init } = sent[0]!.init;
      assert.deepEqual(init, { method: "GET", headers: { Authorization: `Bearer ${KEY}` }, redirect: "manual" });
      assert.equal(typeof signal.aborted, "boolean");
    });
  }

  for (const [options, header, value] of [
    [{ maxAge: 0 }, "Cache-Control", "no-cache"],
    [{ maxAge: 30 }, "Cache-Control", "max-age=30"],
    [{ deadline: 100 }, "Prefer", "wait=0"],
    [{ deadline: 5_300 }, "Prefer", "wait=5"],
    [{ deadline: 10_900 }, "Prefer", undefined],
    [{}, "Cache-Control", undefined],
  ] as [EdgeCallOptions, string, string | undefined][]) {
    test(`${inspect(options)} is ${header}: ${value}`, async (t) => {
      stoppedClock(t);
      const { sent, fetch } = fake(ok());
      await client(fetch).bankAccounts.list({}, options);
      assert.equal(sent[0]?.init.headers[header], value);
    });
  }

  for (const [baseURL, start] of [
    ["", ""],
    ["/", ""],
    ["/pay/", "/pay"],
    ["https://h.example/x//", "https://h.example/x"],
    ["http://127.0.0.1:8787", "http://127.0.0.1:8787"],
    ["http://localhost/", "http://localhost"],
    ["http://[::1]:8", "http://[::1]:8"],
  ] as const) {
    test(`the base URL ${JSON.stringify(baseURL)} is asked at ${start}/api`, async () => {
      const { sent, fetch } = fake(ok());
      await client(fetch, { baseURL }).bankAccounts.list();
      assert.equal(sent[0]?.url, `${start}/api/accounts`);
    });
  }

  test("a_path_needs_a_page_or_a_fetch_that_knows_what_to_do_with_it", async (t) => {
    const edge = new SePayEdge({ baseURL: "/", key: KEY });
    assert.equal((await errorOf(edge.status())).parameter, "baseURL");
    const { sent, fetch } = fake(ok({ slots: [] }));
    t.mock.method(globalThis, "fetch", fetch);
    Object.defineProperty(globalThis, "location", { value: { href: "https://shop.example/" }, configurable: true });
    t.after(() => Reflect.deleteProperty(globalThis, "location"));
    await edge.status();
    assert.equal(sent[0]?.url, "/api/status");
  });
});

const WRONG_PLACES = [
  "http://pay.example.vn",
  "http://127.evil.example",
  "//evil.example",
  "/\\evil.example",
  "ftp://x",
  "pay.example.vn",
  "https://u:p@h",
  "https://h?q",
  "https://",
  5,
  null,
];

describe("what is refused before anything is sent", () => {
  const wrongOptions: readonly [object, string][] = [
    [{ baseUrl: BASE }, "baseUrl: unknown option; there are baseURL, key, fetch, timeout, deadline, maxRetries"],
    [{ baseURL: undefined }, "baseURL: expected https://, http:// on this machine, or a path"],
    ...WRONG_PLACES.map((baseURL): [object, string] => [
      { baseURL },
      "baseURL: expected https://, http:// on this machine, or a path",
    ]),
    ...[undefined, null, "", "khóa", "a b", "a\nb", 7].map((key): [object, string] => [{ key }, "key: expected visible ASCII"]),
    [{ fetch: {} }, "fetch: expected a function"],
    [{ fetch: null }, "fetch: expected a function"],
    ...[0, -1, NaN, Infinity, "5", null, 2 ** 31].map((timeout): [object, string] => [
      { timeout },
      "timeout: expected a whole number from 1 to 2147483647",
    ]),
    [{ deadline: 0 }, "deadline: expected a whole number from 1 to 2147483647"],
    [{ maxRetries: 1.5 }, "maxRetries: expected a whole number from 0 to 10"],
    [{ maxRetries: 11 }, "maxRetries: expected a whole number from 0 to 10"],
  ];
  for (const [options, message] of wrongOptions) {
    test(`${inspect(options)} is no option`, () => {
      assert.throws(
        () => new SePayEdge({ baseURL: BASE, key: KEY, ...options }),
        (error) => {
          assert.ok(error instanceof InvalidParameterError);
          assert.equal(error.message, message);
          return message.startsWith(`${error.parameter}:`);
        },
      );
    });
  }

  test("no_options_at_all_are_refused", () => {
    for (const options of [null, undefined, "x", 5]) {
      assert.throws(() => new SePayEdge(options as never), InvalidParameterError);
    }
  });

  const { sent, fetch } = fake(ok());
  const edge = client(fetch);
  const wrongCalls: readonly [() => Promise<unknown>, string][] = [
    ...[null, NaN, Infinity, 2 ** 53, true, {}, [], () => 0, Symbol("x"), new Date("no")].map(
      (limit): [() => Promise<unknown>, string] => [() => edge.transactions.list({ limit } as object), "limit"],
    ),
    ...["", "x", "1/2", "..", "count", -1, 1.5, null, undefined, "1".repeat(21)].map(
      (id): [() => Promise<unknown>, string] => [() => edge.transactions.get(id as never), "id"],
    ),
    [() => edge.transactions.list(null as never), "params"],
    [() => edge.transactions.list("account" as never), "params"],
    [() => edge.transactions.list({}, null as never), "options"],
    [() => edge.transactions.list({}, { timeout: 5 } as never), "timeout"],
    [() => edge.transactions.list({}, { signal: {} as never }), "signal"],
    [() => edge.transactions.list({}, { signal: null as never }), "signal"],
    [() => edge.transactions.list({}, { maxAge: -1 }), "maxAge"],
    [() => edge.transactions.list({}, { maxAge: 0.5 }), "maxAge"],
    [() => edge.transactions.list({}, { maxAge: NaN }), "maxAge"],
    [() => edge.status({ deadline: 0 }), "deadline"],
  ];
  for (const [ask, parameter] of wrongCalls) {
    test(`${parameter}: ${ask.toString().slice(6)}`, async () => {
      const error = await errorOf(ask());
      assert.ok(error instanceof InvalidParameterError);
      assert.equal(error.parameter, parameter);
      assert.equal(sent.length, 0);
    });
  }
});

describe("what comes back", () => {
  for (const [headers, age, stale] of [
    [{}, null, false],
    [{ Age: "0", "Cache-Status": "sepay-edge; fwd=miss; stored" }, 0, false],
    [{ Age: "3", "Cache-Status": "sepay-edge; hit; ttl=-2; detail=refreshing" }, 3, false],
    [{ Age: "61", "Cache-Status": "sepay-edge; hit; ttl=-60; detail=stale-busy" }, 61, "busy"],
    [{ Age: "3601", "Cache-Status": "sepay-edge; hit; ttl=-3600; detail=stale-down" }, 3601, "down"],
    [{ Age: "soon" }, null, false],
  ] as [Record<string, string>, number | null, string | false][]) {
    test(`${inspect(headers)} is age ${age} and stale ${stale}`, async () => {
      const answer = await client(fake(ok(LIST, headers)).fetch).transactions.list();
      assert.deepEqual(answer, { ...LIST, age, stale });
    });
  }

  const html = (status: number) => () => new Response("<html>", { status, headers: { "Content-Type": "text/html" } });
  const plain = { status: 200, headers: new Map([["Age", "1"]]), text: async () => JSON.stringify(LIST) };
  const bad: readonly [string, () => unknown, string, number | undefined][] = [
    ["a page", html(200), "unreadable", 200],
    ["no JSON", () => new Response("{"), "unreadable", 200],
    ["null", () => new Response("null"), "unreadable", 200],
    ["no list", ok({ data: {} }), "unreadable", 200],
    ["nothing", () => new Response(""), "unreadable", 200],
    ["a redirect", () => new Response("", { status: 302 }), "redirect", 302],
    ["a browser's redirect", () => ({ ...plain, status: 0, text: async () => "" }), "redirect", 0],
    ["a page with 401", html(401), "unauthorized", 401],
    ["a page with 403", html(403), "forbidden", 403],
    ["a page with 404", html(404), "not_found", 404],
    ["nothing with 204", () => new Response(null, { status: 204 }), "rejected", 204],
    ["a page with 418", html(418), "rejected", 418],
    ["a page with 502", html(502), "server_error", 502],
    ["a code of an object's own", busy("1", 500, "constructor"), "constructor", 500],
    ["no response", () => undefined, "connection", undefined],
    ["a text", () => "answer", "connection", undefined],
  ];
  for (const [what, answer, code, status] of bad) {
    test(`${what} is ${code}`, async () => {
      const error = await errorOf(client(fake(answer).fetch, { maxRetries: 0 }).transactions.list());
      assert.deepEqual([error.code, error.status], [code, status]);
      assert.ok(error.message.length > 5);
    });
  }

  test("anothers_response_class_will_do", async () => {
    const answer = await client(fake(() => plain).fetch).transactions.list();
    assert.deepEqual(answer, { ...LIST, age: 1, stale: false });
  });

  test("a_list_that_does_not_say_so_is_not_complete", async () => {
    assert.equal((await client(fake(ok({ data: [] })).fetch).transactions.list()).complete, false);
  });

  test("an_unreadable_answer_names_its_place_and_the_request", async () => {
    const answer = ok({ count: "9" }, { "X-Request-Id": "r-9" });
    const error = await errorOf(client(fake(answer).fetch).transactions.count());
    assert.ok(error instanceof UnreadableError);
    assert.deepEqual([error.at, error.requestId], ["count", "r-9"]);
  });
});

describe("when it is asked again", () => {
  for (const [status, code] of [[503, "upstream_busy"], [429, "rate_limited"], [504, "upstream_timeout"]] as const) {
    test(`${status} is asked again at its Retry-After, and never earlier`, async (t) => {
      const pass = stoppedClock(t);
      const { sent, fetch } = fake(busy("7", status, code), ok());
      const asked = client(fetch).transactions.list();
      await pass(6_999);
      assert.equal(sent.length, 1);
      await pass(1);
      assert.deepEqual((await asked).data, []);
      assert.deepEqual(sent.map((each) => each.atMs), [0, 7_000]);
    });
  }

  test("a_retry_after_beyond_the_deadline_is_not_waited_for", async () => {
    const { sent, fetch } = fake(busy("30"));
    const error = await errorOf(client(fetch).transactions.list());
    assert.deepEqual([error.code, error.status, error.retryAfterMs, error.requestId], ["upstream_busy", 503, 30_000, "r-1"]);
    assert.equal(sent.length, 1);
  });

  test("a_lost_connection_is_tried_twice_more_and_its_cause_kept", async (t) => {
    const pass = stoppedClock(t);
    const { sent, fetch } = fake(thrower("gone"));
    const asked = errorOf(client(fetch).transactions.list());
    await pass(500);
    assert.equal(sent.length, 2);
    await pass(1_000);
    const error = await asked;
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.cause, "gone");
    assert.equal(sent.length, 3);
  });

  test("a_body_that_breaks_is_a_lost_connection", async (t) => {
    const pass = stoppedClock(t);
    const broken = () => new Response(new ReadableStream({ pull: (stream) => stream.error(new Error("cut")) }));
    const { sent, fetch } = fake(broken, ok());
    const asked = client(fetch).transactions.list();
    await pass(500);
    assert.deepEqual((await asked).data, []);
    assert.equal(sent.length, 2);
  });

  for (const [what, answer] of [
    ["no answer at all", silence],
    ["a body that never ends", () => new Response(new ReadableStream({ pull: silence }))],
  ] as const) {
    test(`${what} is given up after the timeout and tried again until the deadline`, async (t) => {
      const pass = stoppedClock(t);
      const { sent, fetch } = fake(answer);
      const asked = errorOf(client(fetch, { timeout: 2_000, deadline: 5_000, maxRetries: 10 }).transactions.list());
      await pass(2_000);
      assert.equal(sent[0]?.init.signal.aborted, true);
      for (let ms = 2_000; ms < 5_000; ms += 100) await pass(100);
      const error = await asked;
      assert.ok(error instanceof TimeoutError);
      assert.match(error.message, /^no answer within (2000|5000) ms$/);
      assert.ok(sent.length >= 2 && sent.length <= 3, `${sent.length} tries`);
    });
  }

  test("other_failures_are_not_asked_again", async () => {
    for (const status of [400, 401, 403, 404, 500, 502]) {
      const { sent, fetch } = fake(busy("0", status, "some_code"));
      await errorOf(client(fetch).transactions.list());
      assert.equal(sent.length, 1, `${status}`);
    }
  });
});

describe("an abort", () => {
  test("before_the_call_sends_nothing", async () => {
    const { sent, fetch } = fake(ok());
    const error = await errorOf(client(fetch).transactions.list({}, { signal: AbortSignal.abort("enough") }));
    assert.ok(error instanceof AbortError);
    assert.deepEqual([error.code, error.cause, sent.length], ["aborted", "enough", 0]);
  });

  for (const [when, answer] of [["a try", silence], ["a wait", busy("9")]] as const) {
    test(`during ${when} ends the call at once`, async (t) => {
      const pass = stoppedClock(t);
      const { sent, fetch } = fake(answer);
      const stop = new AbortController();
      const asked = errorOf(client(fetch).transactions.list({}, { signal: stop.signal }));
      await pass(0);
      stop.abort();
      const late = new Promise<{ code: string }>((resolve) => setImmediate(resolve, { code: "nothing happened" }));
      assert.equal((await Promise.race([asked, late])).code, "aborted");
      assert.equal(sent.length, 1);
      assert.equal(sent[0]?.init.signal.aborted, true);
    });
  }

  test("after_the_call_changes_nothing", async () => {
    const stop = new AbortController();
    const answer = await client(fake(ok()).fetch).transactions.list({}, { signal: stop.signal });
    assert.deepEqual(getEventListeners(stop.signal, "abort"), []);
    stop.abort();
    assert.deepEqual(answer.data, []);
  });
});

describe("the key", () => {
  test("is_in_nothing_that_can_be_printed", async () => {
    const leaks: unknown[] = [
      `sent ${KEY}`,
      Object.assign(new Error("failed"), { config: { headers: { Authorization: `Bearer ${KEY}` } } }),
      new Error("failed", { cause: new Error(`Bearer ${KEY}`) }),
      { get headers() { throw new Error("no"); } },
    ];
    for (const leak of leaks) {
      const edge = client(fake(thrower(leak)).fetch, { maxRetries: 0 });
      const error = await errorOf(edge.transactions.list());
      const printed = [edge, error].map((each) => inspect(each, { depth: 9, showHidden: true }) + JSON.stringify(each));
      assert.ok(!`${printed}${error.stack}${String(error)}`.includes(KEY), inspect(leak));
    }
    assert.throws(() => client(undefined, { key: `${KEY}\n` }), (error) => !inspect(error).includes(KEY));
  });
});
