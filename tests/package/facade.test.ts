// The client against the sandbox: exact values, every kind of failure, retries, deadlines, aborts, events.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, test } from "node:test";
import { inspect } from "node:util";

import type { SePayEvent, SePayOptions, TransactionListParams } from "../../src/js/npm/src/types.ts";
import type { FaultInput } from "../sandbox/faults.ts";
import { accountJson, highestIds, transactionJson } from "../worker/expected.ts";
import { until } from "../until.ts";
import { FAST, clientOf, counted, errorOf, withClient } from "./facade-client.ts";

const unhandled: unknown[] = [];
process.on("unhandledRejection", (cause) => unhandled.push(cause));
after(() => assert.deepEqual(unhandled, []));

const never = (): Promise<never> => new Promise(() => undefined);
const types = (events: readonly SePayEvent[]): string => events.map(({ type }) => type).join(" ");

// Values

test("every transaction comes as the design writes it", async () => {
  await withClient({}, async ({ sandbox, sepay }) => {
    const { transactions } = sandbox.data();
    const newest = highestIds(transactions, 5000).map(transactionJson);
    assert.deepEqual(await sepay.transactions.list(), { data: newest, complete: false });
    assert.deepEqual(await sepay.transactions.list({ limit: 3 }), { data: newest.slice(0, 3), complete: false });
    for (const row of newest.slice(0, 5)) assert.deepEqual(await sepay.transactions.get(row.id), row);
    assert.equal(await sepay.transactions.count(), transactions.length);
  });
});

test("every bank account comes as the design writes it", async () => {
  await withClient({}, async ({ sandbox, sepay }) => {
    const { accounts } = sandbox.data();
    const { data, complete } = await sepay.bankAccounts.list();
    assert.equal(complete, true);
    assert.deepEqual(data.toSorted((left, right) => Number(left.id) - Number(right.id)), accounts.map(accountJson));
    for (const row of data) assert.deepEqual(await sepay.bankAccounts.get(Number(row.id)), row);
    assert.equal(await sepay.bankAccounts.count({ bank: "Vietcombank" }), accounts.filter(({ bank }) => bank.shortName === "Vietcombank").length);
  });
});

test("filters are taken as text, Date, number and bigint alike", async () => {
  await withClient({}, async ({ sandbox, sepay }) => {
    const rows = sandbox.data().transactions;
    const [row] = rows.filter(({ amountIn, reference }) => amountIn > 0 && reference !== "").slice(-7);
    assert.ok(row);
    const at = `${row.occurredAt.replace(" ", "T")}+07:00`;
    const instant = new Date(at);
    const filters: TransactionListParams[] = [
      { amountIn: row.amountIn, sinceId: row.id, account: row.accountNumber },
      { amountIn: BigInt(row.amountIn), sinceId: BigInt(row.id), to: undefined },
      { amountIn: String(row.amountIn), sinceId: String(row.id), limit: 5000 },
      { from: instant, to: instant },
      { from: at, to: row.occurredAt },
      { reference: row.reference },
    ];
    for (const filter of filters) {
      const { data } = await sepay.transactions.list(filter);
      assert.deepEqual(data.find(({ id }) => id === String(row.id)), transactionJson(row), inspect(filter));
      assert.ok(data.length < 100);
    }
    const day = row.occurredAt.slice(0, 10);
    const expected = rows.filter(({ occurredAt }) => occurredAt.startsWith(day)).length;
    assert.equal(await sepay.transactions.count({ from: day, to: day }), expected);
  });
});

test("methods work when they are taken off their object", async () => {
  await withClient({}, async ({ sepay }) => {
    const { count } = sepay.bankAccounts;
    assert.equal(await count(), 7);
  });
});

// Failures

const FAILURES: [FaultInput, string, string, number | undefined][] = [
  [{ kind: "status", status: 401 }, "AuthenticationError", "unauthorized", 401],
  [{ kind: "empty" }, "AuthenticationError", "unauthorized", 401],
  [{ kind: "status", status: 403 }, "AuthenticationError", "forbidden", 403],
  [{ kind: "status", status: 404 }, "NotFoundError", "not_found", 404],
  [{ kind: "status", status: 418 }, "SePayError", "rejected", 418],
  [{ kind: "status", status: 503 }, "SePayError", "server_error", 503],
  [{ kind: "foreign-429", retryAfterSeconds: 3 }, "RateLimitError", "rate_limited", 429],
  [{ kind: "status", status: 302, headers: { location: "http://127.0.0.1:9/" } }, "UnreadableError", "redirect", 302],
  [{ kind: "html", status: 403 }, "UnreadableError", "challenge", 403],
  [{ kind: "cut-json" }, "UnreadableError", "unreadable", 200],
  [{ kind: "huge", bytes: 17 * 1024 * 1024 }, "UnreadableError", "too_large", undefined],
  [{ kind: "cut" }, "ConnectionError", "connection", undefined],
  [{ kind: "reset" }, "ConnectionError", "connection", undefined],
  [{ kind: "hang" }, "TimeoutError", "timeout", undefined],
];

for (const [fault, name, code, status] of FAILURES) {
  const label = "status" in fault ? `${fault.kind} ${fault.status}` : fault.kind;
  test(`${label} is a ${name} with the code ${code}, and the next call works`, async () => {
    await withClient({ options: { maxRetries: 0, timeout: 500 } }, async ({ sandbox, client, events }) => {
      const sepay = client({ maxRetries: 0, timeout: fault.kind === "hang" ? 100 : 5000, onEvent: (event) => void events.push(event) });
      sandbox.addFault({ ...fault, count: 1 });
      const error = await errorOf(sepay.transactions.list({ limit: 10 }));
      assert.deepEqual([error.name, error.code, error.status], [name, code, status], error.message);
      assert.equal(error.retryAfterMs, code === "rate_limited" ? 3000 : undefined);
      assert.equal(types(events), "request response");
      assert.equal(events[1]?.type === "response" && events[1].code, code);
      if (code !== "rate_limited") assert.equal((await sepay.transactions.list({ limit: 10 })).data.length, 10);
    });
  });
}

test("a record that is not there is a NotFoundError in both of SePay's ways", async () => {
  for (const notFound of ["404", "status-in-200"] as const) {
    await withClient({ settings: { notFound } }, async ({ sepay }) => {
      const error = await errorOf(sepay.transactions.get("999999999999"));
      assert.deepEqual([error.name, error.status], ["NotFoundError", 404]);
    });
  }
});

test("a wrong token is an AuthenticationError in both of SePay's ways, and is nowhere in it", async () => {
  for (const authFailure of ["401", "empty200"] as const) {
    await withClient({ settings: { authFailure } }, async ({ client }) => {
      const error = await errorOf(client({ apiToken: "WR0NG-S3CRET" }).bankAccounts.list());
      assert.equal(error.code, "unauthorized");
      assert.ok(!`${inspect(error, { showHidden: true, depth: 9 })}${JSON.stringify(error)}`.includes("S3CRET"));
    });
  }
});

test("an unreadable row is named", async () => {
  const body = JSON.stringify({ status: 200, messages: { success: true }, transactions: [{ id: "1", amount_in: "1.5" }] });
  await withClient({}, async ({ sandbox, sepay }) => {
    sandbox.addFault({ kind: "body", body, contentType: "application/json", count: 1 });
    const error = await errorOf(sepay.transactions.list());
    assert.match(error.at ?? "", /^transactions\[0\]\./);
    assert.ok(error.message.startsWith(`${error.at}: `), error.message);
  });
});

// Retries

test("a network error, a timeout and a 500 are tried again, twice unless told otherwise", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const faults: FaultInput[] = [{ kind: "reset" }, { kind: "hang" }, { kind: "status", status: 500 }];
  for (const fault of faults) {
    await withClient({ options: { timeout: 300 } }, async ({ sandbox, sepay, events }) => {
      sandbox.addFault({ ...fault, count: 2 });
      assert.equal(await sepay.bankAccounts.count(), 7);
      assert.equal(types(events), "request response retry request response retry request response");
      assert.deepEqual(events.flatMap((event) => (event.type === "request" ? event.attempt : [])), [1, 2, 3]);
      assert.deepEqual(events.flatMap((event) => (event.type === "retry" ? event.attempt : [])), [2, 3]);
      sandbox.addFault({ ...fault, count: 3 });
      assert.notEqual((await errorOf(sepay.bankAccounts.count())).code, "not_found");
    });
  }
});

test("a 404 is not tried again", async () => {
  await withClient({}, async ({ sandbox, sepay, events }) => {
    sandbox.addFault({ kind: "status", status: 404, count: 1 });
    assert.equal((await errorOf(sepay.bankAccounts.count())).code, "not_found");
    assert.equal(types(events), "request response");
  });
});

test("the time that a 429 names is waited, by the other calls too, under both of its names", async () => {
  for (const retryAfterHeader of ["x-sepay-userapi-retry-after", "retry-after"] as const) {
    await withClient({ settings: { retryAfterHeader } }, async ({ sandbox, sepay, events }) => {
      sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 1, count: 1 });
      const refused = sepay.bankAccounts.count();
      await until(() => events.some(({ type }) => type === "retry"), "a retry");
      const startedMs = performance.now();
      assert.equal(await sepay.transactions.count(), 12_000);
      assert.ok(performance.now() - startedMs > 900);
      assert.equal(await refused, 7);
      const wait = events.find((event) => event.type === "wait");
      assert.deepEqual([wait?.reason, wait?.kind, wait?.attempt], ["pause", "transactions.count", 1]);
      const retry = events.find((event) => event.type === "retry");
      assert.ok(retry && retry.code === "rate_limited" && retry.afterMs >= 1000 && retry.afterMs <= 1501, inspect(retry));
    });
  }
});

// Deadlines

test("a deadline ends a call in flight, in the queue, and in a pause between tries", async () => {
  await withClient({ settings: { requestsPerSecond: FAST } }, async ({ sandbox, client }) => {
    const one = client({ requestsPerSecond: 1 });
    sandbox.addFault({ kind: "hang", count: 1 });
    const calls = [120, 60].map((deadline) => errorOf(one.bankAccounts.count({}, { deadline })));
    for (const error of await Promise.all(calls)) {
      assert.deepEqual([error.name, error.code], ["TimeoutError", "timeout"]);
      const ms = Number(/within (\d+) ms/.exec(error.message)?.[1]);
      assert.ok(ms >= 60 && ms < 1000, error.message);
    }
    sandbox.clearFaults();
    const two = client();
    sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 30 });
    const startedMs = performance.now();
    assert.equal((await errorOf(two.bankAccounts.count({}, { deadline: 2000 }))).code, "rate_limited");
    assert.ok(performance.now() - startedMs < 1000, "a wait that cannot end in time is not begun");
  });
});

test("a request given up at its deadline frees its slot as soon as its answer shows that it has arrived", async () => {
  await withClient({}, async ({ sandbox, client }) => {
    const one = client({ requestsPerSecond: 1 });
    sandbox.addFault({ kind: "latency", ms: 200, count: 1 });
    const startedMs = performance.now();
    assert.equal((await errorOf(one.bankAccounts.count({}, { deadline: 50 }))).code, "timeout");
    assert.equal(await one.bankAccounts.count(), 7);
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs > 1190 && tookMs < 3000, `${tookMs} ms`);
  });
});

// Aborts

test("an abort ends a call at once: before it, in the queue, in flight, in its body and in a pause", async () => {
  const reason = new Error("left");
  const aborted = (call: (signal: AbortSignal) => Promise<unknown>, when: () => Promise<void>): Promise<void> => {
    const controller = new AbortController();
    const end = errorOf(call(controller.signal)).then((error) => {
      assert.deepEqual([error.name, error.code, error.cause], ["AbortError", "aborted", reason]);
      assert.deepEqual(getEventListeners(controller.signal, "abort"), []);
    });
    return when().then(() => controller.abort(reason)).then(() => end);
  };
  const now = AbortSignal.abort(reason);
  const unasked = clientOf(() => assert.fail("was asked"));
  assert.equal((await errorOf(unasked.transactions.count({}, { signal: now }))).cause, reason);
  assert.equal((await errorOf(unasked.transactions.iterate({}, { signal: now }).next())).cause, reason);

  const hanging = clientOf(never, { requestsPerSecond: 1 });
  await aborted((signal) => hanging.transactions.count({}, { signal }), async () => undefined);
  const flight = Promise.withResolvers<void>();
  const sent = clientOf(() => (flight.resolve(), never()), { requestsPerSecond: 1 });
  await aborted((signal) => sent.transactions.count({}, { signal }), () => flight.promise);
  await aborted((signal) => sent.transactions.count({}, { signal }), () => new Promise(setImmediate));

  const gone = Promise.withResolvers<string>();
  const body = new ReadableStream({ cancel: () => gone.resolve("cancelled") });
  const stalled = clientOf(async () => new Response(body));
  await aborted((signal) => stalled.transactions.count({}, { signal }), () => new Promise(setImmediate));
  assert.equal(await gone.promise, "cancelled");

  const retry = Promise.withResolvers<void>();
  const events: SePayEvent[] = [];
  const onEvent = (event: SePayEvent): void => {
    events.push(event);
    if (event.type === "retry") retry.resolve();
  };
  const broken = clientOf(() => Promise.reject(new Error("down")), { onEvent });
  await aborted((signal) => broken.transactions.count({}, { signal }), () => retry.promise);
  assert.equal(types(events), "request response retry");
});

test("a fetch that aborts its own call is let go of as well", async () => {
  const controller = new AbortController();
  const gone = Promise.withResolvers<string>();
  const fetch = async (): Promise<Response> => {
    controller.abort();
    return new Response(new ReadableStream({ cancel: () => gone.resolve("cancelled") }));
  };
  const error = await errorOf(clientOf(fetch).transactions.count({}, { signal: controller.signal, deadline: 5000 }));
  assert.equal(error.code, "aborted");
  assert.equal(await gone.promise, "cancelled");
});

test("an aborted request whose connection then breaks frees its slot", async () => {
  const [controller, down] = [new AbortController(), Promise.withResolvers<never>()];
  const answers = [down.promise, Promise.resolve(counted(5))];
  const sepay = clientOf(() => answers.shift() ?? assert.fail("a third request"), { requestsPerSecond: 1 });
  const call = errorOf(sepay.transactions.count({}, { signal: controller.signal }));
  await until(() => answers.length === 1, "a request");
  controller.abort();
  await call;
  down.reject(new Error("down"));
  assert.equal(await sepay.transactions.count({}, { deadline: 5000 }), 5);
});

test("an aborted request holds its slot until its headers are here, and no longer", async () => {
  await withClient({}, async ({ sandbox, client }) => {
    const one = client({ requestsPerSecond: 1 });
    sandbox.addFault({ kind: "latency", ms: 150, count: 1 });
    const controller = new AbortController();
    const call = errorOf(one.bankAccounts.count({}, { signal: controller.signal }));
    await until(() => sandbox.counters().requests === 1, "a request");
    controller.abort();
    await call;
    const startedMs = performance.now();
    assert.equal(await one.bankAccounts.count(), 7);
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs > 1000 && tookMs < 2500, `${tookMs} ms`);
    assert.equal(sandbox.counters().violations, 0);
  });
});

test("a signal that serves many calls has one listener, and none when they are over", async () => {
  const { signal } = new AbortController();
  const sepay = clientOf(async () => counted(5));
  const calls = Array.from({ length: 40 }, () => sepay.transactions.count({}, { signal }));
  // Node 20 warns of more than ten.
  assert.equal(getEventListeners(signal, "abort").length, 1);
  assert.deepEqual(await Promise.all(calls), Array(40).fill(5));
  assert.deepEqual(getEventListeners(signal, "abort"), []);
});

// Events

test("events tell a call's life without its query, and never the token or anything of an answer", async () => {
  await withClient({}, async ({ sandbox, sepay, events }) => {
    sandbox.addFault({ kind: "status", status: 500, count: 1 });
    await sepay.transactions.list({ account: "0071000888888", limit: 1 });
    const path = "/userapi/transactions/list";
    const call = { call: 1, kind: "transactions.list", path };
    const [first, failed, , again, done] = events;
    assert.deepEqual(first, { type: "request", ...call, attempt: 1 });
    assert.deepEqual({ ...failed, ms: 0, bytes: 0 }, { type: "response", ...call, attempt: 1, ms: 0, bytes: 0, status: 500, code: "server_error" });
    assert.deepEqual(again, { type: "request", ...call, attempt: 2 });
    assert.ok(done?.type === "response" && done.bytes > 300 && done.ms >= 0 && Number.isInteger(done.ms));
    const told = JSON.stringify(events);
    for (const secret of [sandbox.token, "0071000888888", "Vietcombank", "?", "127.0.0.1"]) assert.ok(!told.includes(secret), secret);
  });
});

test("a handler that fails, now or later, or that asks and aborts by itself, disturbs nothing", async () => {
  const controller = new AbortController();
  const nested: Promise<number>[] = [];
  const handlers: NonNullable<SePayOptions["onEvent"]>[] = [
    () => {
      throw new Error("mine");
    },
    () => Promise.reject(new Error("mine")) as unknown as void,
    ({ call, type }) => void (call === 1 && type === "request" && nested.push(sepay.transactions.count())),
    ({ type }) => void (type === "request" && controller.abort()),
  ];
  let sepay = clientOf(async () => counted(5));
  for (const onEvent of handlers) {
    sepay = clientOf(async () => counted(5), { onEvent });
    const signal = onEvent === handlers[3] ? controller.signal : undefined;
    const end = await sepay.transactions.count({}, { signal }).catch((error: Error) => error.name);
    assert.equal(end, signal ? "AbortError" : 5);
  }
  assert.deepEqual(await Promise.all(nested), [5]);
});

// The pace

test("many calls at once keep SePay's limit and come back to whoever asked", async () => {
  await withClient({ settings: { requestsPerSecond: 10 } }, async ({ sandbox, client, events }) => {
    const sepay = client({ requestsPerSecond: 10, onEvent: (event) => void events.push(event) });
    const rows = highestIds(sandbox.data().transactions, 35).map(transactionJson);
    const startedMs = performance.now();
    const got = await Promise.all(rows.map(({ id }) => sepay.transactions.get(id)));
    const tookMs = performance.now() - startedMs;
    assert.deepEqual(got, rows);
    assert.deepEqual([sandbox.counters().violations, sandbox.counters().byStatus], [0, { 200: 35 }]);
    assert.ok(tookMs < 3_600, `35 calls at 10 a second need 3 s, took ${tookMs} ms`);
    assert.equal(events.filter(({ type }) => type === "wait").length, 25);
  });
});
