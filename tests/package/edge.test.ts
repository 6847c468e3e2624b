/** The edge client against the real Worker: its answers are the Worker's JSON, its errors the Worker's problems. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { inspect } from "node:util";
import {
  AbortError,
  AuthenticationError,
  ConnectionError,
  InvalidParameterError,
  NotFoundError,
  RateLimitError,
  SePayEdge,
  SePayError,
  TimeoutError,
  UnreadableError,
} from "../../src/js/npm/src/edge.ts";
import type { SePayEdgeOptions } from "../../src/js/npm/src/edge.ts";
import { KEY, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { until } from "../until.ts";

const LIMITED = "edge_test_key_limited_to_one_account";
const COUNTED = "edge_test_key_of_one_request";
const TRANSACTIONS_ONLY = "edge_test_key_of_transactions";
const ACCOUNT = "0071000888888";

type ErrorClass = typeof SePayError;

describe("the edge client at a Worker", () => {
  let site: Site;
  let edge: SePayEdge;

  before(async () => {
    site = await startSite({
      keys: [
        keyEntry(LIMITED, { id: "limited", accounts: [ACCOUNT] }),
        keyEntry(COUNTED, { id: "counted", rpm: 1 }),
        keyEntry(TRANSACTIONS_ONLY, { id: "transactions", scopes: ["transactions:read"] }),
      ],
    });
    edge = client();
  });
  after(() => site?.close());
  afterEach(() => site.sandbox.clearFaults());

  function client(options: Partial<SePayEdgeOptions> = {}): SePayEdge {
    return new SePayEdge({ baseURL: site.url, key: KEY, maxRetries: 0, ...options });
  }

  /** Requires a rejection of this class, and gives it back. */
  async function refused(asked: Promise<unknown>, Class: ErrorClass, code: string): Promise<SePayError> {
    const error = await asked.then(() => assert.fail("it was answered"), (cause: unknown) => cause);
    assert.ok(error instanceof Class, inspect(error));
    assert.equal(error.constructor, Class);
    assert.deepEqual([error.name, error.code], [Class.name, code], error.message);
    return error;
  }

  test("lists_are_the_workers_json_with_their_age", async () => {
    const { data, complete, age, stale } = await edge.transactions.list({ account: ACCOUNT, limit: 7 });
    const said = await site.read<object>(`/api/transactions?account=${ACCOUNT}&limit=7`);
    assert.deepEqual({ data, complete }, said);
    assert.deepEqual([data.length, complete, age, stale], [7, false, 0, false]);
    const accounts = await edge.bankAccounts.list();
    assert.deepEqual({ data: accounts.data, complete: accounts.complete }, await site.read("/api/accounts"));
    assert.equal(accounts.complete, true);
  });

  test("records_are_found_by_text_number_or_bigint", async () => {
    const said = await site.read<{ data: object }>("/api/transactions/723898");
    for (const id of ["723898", 723898, 723898n]) assert.deepEqual(await edge.transactions.get(id), said.data);
    assert.deepEqual({ data: await edge.bankAccounts.get("18") }, await site.read("/api/accounts/18"));
  });

  test("counts_are_numbers_and_take_every_filter", async () => {
    const day = { from: new Date("2026-11-18T17:00:00Z"), to: "2026-11-19", amountIn: 2277000n, sinceId: undefined };
    const count = await edge.transactions.count(day);
    assert.deepEqual({ count }, await site.read("/api/transactions/count?from=2026-11-19&to=2026-11-19&amountIn=2277000"));
    assert.ok(count > 0);
    assert.deepEqual({ count: await edge.bankAccounts.count({ bank: "ACB" }) }, await site.read("/api/accounts/count?bank=ACB"));
  });

  test("the_state_of_the_gate_has_the_fields_that_are_typed", async () => {
    const status = await edge.status();
    const { isolate: _isolate, ...gate } = status;
    assert.deepEqual(Object.keys(status).toSorted(), Object.keys(await site.status()).toSorted());
    assert.equal(gate.slots.length, 50);
    assert.equal(typeof status.isolate.cache.bytes, "number");
    assert.ok(gate.calls.served.asked >= 0 && gate.waits.p50Ms >= 0 && gate.breaker.open === false);
  });

  test("max_age_0_asks_sepay_anew_and_without_it_what_is_known_will_do", async () => {
    const asked = () => site.sandbox.requests().filter(({ target }) => target.includes("limit=41")).length;
    await edge.transactions.list({ limit: 41 });
    await edge.transactions.list({ limit: 41 }, { maxAge: 300 });
    assert.equal(asked(), 1);
    await edge.transactions.list({ limit: 41 }, { maxAge: 0 });
    assert.equal(asked(), 2);
  });

  test("an_unknown_parameter_is_named_and_so_is_the_nearest_right_one", async () => {
    const params = { acount: ACCOUNT } as object;
    const error = await refused(edge.transactions.list(params), InvalidParameterError, "invalid_parameter");
    assert.equal(error.message, "acount: unknown parameter; did you mean account?");
    assert.deepEqual([error.status, error.parameter], [400, "acount"]);
    assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
    const value = await refused(edge.transactions.list({ limit: 0 }), InvalidParameterError, "invalid_parameter");
    assert.equal(value.parameter, "limit");
  });

  test("keys_that_are_unknown_or_not_allowed_are_told_apart", async () => {
    const unknown = client({ key: "not-a-key" });
    assert.equal((await refused(unknown.bankAccounts.list(), AuthenticationError, "unauthorized")).status, 401);
    const foreign = client({ key: LIMITED }).bankAccounts.get("18");
    assert.equal((await refused(foreign, AuthenticationError, "forbidden")).status, 403);
    const scope = await refused(client({ key: TRANSACTIONS_ONLY }).bankAccounts.count(), AuthenticationError, "forbidden");
    assert.match(scope.message, /accounts:read/);
  });

  test("a_missing_record_is_not_found", async () => {
    assert.equal((await refused(edge.transactions.get(1), NotFoundError, "not_found")).status, 404);
  });

  test("a_keys_own_limit_says_when_there_is_one_more", async () => {
    const counted = client({ key: COUNTED, maxRetries: 2 });
    await counted.bankAccounts.count();
    const error = await refused(counted.bankAccounts.count(), RateLimitError, "rate_limited");
    assert.equal(error.status, 429);
    assert.ok((error.retryAfterMs ?? 0) > 30_000, `beyond the deadline, so that it is told at once: ${error.retryAfterMs}`);
  });

  for (const [kind, Class, code] of [
    ["empty", SePayError, "upstream_unauthorized"],
    ["html", UnreadableError, "upstream_challenge"],
    ["cut-json", UnreadableError, "upstream_unreadable"],
    ["reset", SePayError, "upstream_error"],
  ] as const) {
    test(`sepays ${kind} is ${code}, and is not asked for again by the client`, async () => {
      site.sandbox.addFault({ kind, path: "limit=42" });
      const answers: unknown[] = [];
      const counting = client({ maxRetries: 2, fetch: (url, init) => (answers.push(url), fetch(url, init)) });
      assert.equal((await refused(counting.transactions.list({ limit: 42 }), Class, code)).status, 502);
      assert.equal(answers.length, 1);
    });
  }

  test("the_worker_answers_within_the_time_that_the_caller_has", async () => {
    site.sandbox.addFault({ kind: "hang", path: "limit=43" });
    const error = await refused(edge.transactions.list({ limit: 43 }, { deadline: 1_900 }), TimeoutError, "upstream_timeout");
    assert.equal(error.status, 504);
  });

  test("a_busy_gate_is_asked_again_when_it_said_and_then_answers", async () => {
    const site = await startSite();
    try {
      // SePay wants a pause longer than the second that these tries leave to the gate.
      site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 3, count: 1 });
      const options = { baseURL: `${site.url}/`, key: KEY, timeout: 1_500 };
      const refusal = new SePayEdge({ ...options, maxRetries: 0 }).bankAccounts.count();
      const { status, retryAfterMs = 0 } = await refused(refusal, SePayError, "upstream_busy");
      assert.ok(status === 503 && retryAfterMs >= 1_000 && retryAfterMs <= 3_000, `${status} ${retryAfterMs}`);
      const times: { sentMs: number; toldSecs: number }[] = [];
      const patient = new SePayEdge({
        ...options,
        fetch: async (url, init) => {
          const sentMs = performance.now();
          const response = await fetch(url, init);
          times.push({ sentMs, toldSecs: Number(response.headers.get("Retry-After")) });
          return response;
        },
      });
      assert.deepEqual({ count: await patient.bankAccounts.count() }, await site.read("/api/accounts/count"));
      const [first, second] = times;
      assert.ok(first && second && times.length === 2, `${times.length} requests`);
      assert.ok(second.sentMs - first.sentMs >= first.toldSecs * 1_000, `${second.sentMs - first.sentMs} ms`);
    } finally {
      await site.close();
    }
  });

  test("an_abort_ends_the_call_and_the_gate_is_told", async () => {
    site.sandbox.addFault({ kind: "hang", path: "limit=44" });
    const asked = edge.transactions.list({ limit: 44 }, { signal: AbortSignal.timeout(300) });
    const error = await refused(asked, AbortError, "aborted");
    assert.equal((error.cause as Error).name, "TimeoutError");
    site.sandbox.clearFaults();
    await until(async () => (await site.status()).queue.callers === 0, "an empty queue");
  });

  test("nobody_at_the_base_url_is_a_lost_connection", async () => {
    const error = await refused(client({ baseURL: "http://127.0.0.1:9" }).status(), ConnectionError, "connection");
    assert.ok(error.cause instanceof TypeError);
    assert.equal(error.status, undefined);
  });
});
