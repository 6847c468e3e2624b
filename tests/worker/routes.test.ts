/** Every route of the design's section 7, with its exact bytes for known rows. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { accountJson, highestIds, newestFirst, transactionJson } from "./expected.ts";
import type { AccountJson, List, TransactionJson } from "./expected.ts";
import { assertProblem } from "./problem.ts";
import { startSite } from "./site.ts";
import type { Site } from "./site.ts";

const JSON_TYPE = "application/json; charset=utf-8";

const ACCOUNT =
  '{"id":"123","bank":"Vietcombank","bankName":"Ngân hàng TMCP Ngoại Thương Việt Nam","bankBin":"970436",' +
  '"bankCode":"VCB","accountNumber":"0071000888888","holder":"NGUYEN VAN A","label":"Cửa hàng chính",' +
  '"balance":4040844888,"active":true,"lastTransactionAt":"2026-11-19T22:00:00+07:00",' +
  '"createdAt":"2025-03-17T08:22:51+07:00"}';

const TRANSACTION =
  '{"id":"723898","accountId":"123","accountNumber":"0071000888888","subAccount":null,"bank":"Vietcombank",' +
  '"occurredAt":"2026-11-19T22:00:00+07:00","direction":"in","amountIn":2277000,"amountOut":0,' +
  '"balance":4040844888,"content":"chuyen tien mua hang DH001","code":"DH001","reference":"MBVCB.3278907687"}';

const SEPAY_TRANSACTION =
  '{"id":"723898","bank_brand_name":"Vietcombank","account_number":"0071000888888",' +
  '"transaction_date":"2026-11-19 22:00:00","amount_out":"0.00","amount_in":"2277000.00",' +
  '"accumulated":"4040844888.00","transaction_content":"chuyen tien mua hang DH001",' +
  '"reference_number":"MBVCB.3278907687","code":"DH001","sub_account":"","bank_account_id":"123"}';

const ENVELOPE = '{"status":200,"error":null,"messages":{"success":true}';

/** Path and exact body. */
const EXACT: readonly (readonly [string, string])[] = [
  ["/healthz", '{"status":"ok"}'],
  ["/api/accounts/123", `{"data":${ACCOUNT}}`],
  ["/api/accounts?bank=Vietcombank&sinceId=100", `{"data":[${ACCOUNT}],"complete":true}`],
  ["/api/accounts?bank=Vietcombank&sinceId=100&limit=1", `{"data":[${ACCOUNT}],"complete":false}`],
  ["/api/accounts/count", '{"count":7}'],
  ["/api/transactions/723898", `{"data":${TRANSACTION}}`],
  ["/api/transactions?limit=1", `{"data":[${TRANSACTION}],"complete":false}`],
  ["/api/transactions?sinceId=723898", `{"data":[${TRANSACTION}],"complete":true}`],
  ["/api/transactions?sinceId=723899", '{"data":[],"complete":true}'],
  ["/api/transactions/count", '{"count":12000}'],
  ["/userapi/transactions/list?limit=1", `${ENVELOPE},"transactions":[${SEPAY_TRANSACTION}]}`],
  ["/userapi/transactions/details/723898", `${ENVELOPE},"transaction":${SEPAY_TRANSACTION}}`],
  ["/userapi/transactions/count", `${ENVELOPE},"count_transactions":12000}`],
  ["/userapi/bankaccounts/count", `${ENVELOPE},"count_bankaccounts":7}`],
  ["/userapi/bankaccounts/list?since_id=131", `${ENVELOPE},"bankaccounts":[]}`],
];

const SIX_AND_SIX = [
  "/api/accounts",
  "/api/accounts/18",
  "/api/accounts/count",
  "/api/transactions",
  "/api/transactions/723898",
  "/api/transactions/count",
  "/userapi/bankaccounts/list",
  "/userapi/bankaccounts/details/18",
  "/userapi/bankaccounts/count",
  "/userapi/transactions/list?limit=3",
  "/userapi/transactions/details/723898",
  "/userapi/transactions/count",
];

describe("routes", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await startSite();
  });
  after(() => site?.close());

  for (const [path, body] of EXACT) {
    test(`${path} answers exactly`, async () => {
      const reply = await site.ask(path);
      assert.equal(reply.text, body);
      assert.equal(reply.status, 200);
      assert.equal(reply.headers.get("content-type"), JSON_TYPE);
    });
  }

  test("every_account_is_listed_in_the_model_with_nothing_more", async () => {
    const list = await site.read<List<AccountJson>>("/api/accounts");
    const rows = highestIds(site.sandbox.data().accounts, 100);
    assert.deepEqual(list, { data: rows.map(accountJson), complete: true });
  });

  test("newest_5000_transactions_are_listed_in_the_model_by_time", async () => {
    const list = await site.read<List<TransactionJson>>("/api/transactions?limit=5000");
    const rows = newestFirst(highestIds(site.sandbox.data().transactions, 5000));
    assert.deepEqual(list, { data: rows.map(transactionJson), complete: false });
    const directions = new Set(list.data.map((row) => row.direction));
    assert.deepEqual(directions, new Set(["in", "out", "unknown"]));
  });

  test("list_without_a_limit_has_a_hundred_rows_and_is_not_complete", async () => {
    const list = await site.read<List<TransactionJson>>("/api/transactions");
    assert.equal(list.data.length, 100);
    assert.equal(list.complete, false);
  });

  test("old_row_with_a_null_sub_account_reads_the_same_as_an_empty_one", async () => {
    const rows = site.sandbox.data().transactions;
    for (const wanted of [null, ""]) {
      const row = rows.find((each) => each.subAccount === wanted);
      assert.ok(row);
      const { data } = await site.read<{ data: TransactionJson }>(`/api/transactions/${row.id}`);
      assert.deepEqual(data, transactionJson(row));
    }
  });

  for (const path of [...SIX_AND_SIX, "/api/status", "/healthz"]) {
    test(`HEAD ${path} has the status and headers of GET and no body`, async () => {
      const [got, head] = await Promise.all([site.ask(path), site.ask(path, { method: "HEAD" })]);
      assert.equal(got.status, 200);
      assert.ok(got.text.length > 0);
      assert.equal(head.status, 200);
      assert.equal(head.text, "");
      assert.equal(head.headers.get("content-type"), got.headers.get("content-type"));
      assert.match(head.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    });
  }

  for (const path of SIX_AND_SIX) {
    test(`${path} says how long it took and may not be stored`, async () => {
      const { headers } = await site.ask(path);
      assert.match(headers.get("server-timing") ?? "", /^queue;dur=\d+, upstream;dur=\d+, age;dur=\d+$/);
      assert.equal(headers.get("cache-control"), "private, no-store");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
    });
  }

  test("status_shows_slots_queue_and_counts", async () => {
    const { profile, uptimeMs, slots, queue, calls, ...times } = await site.status();
    assert.equal(profile, "default");
    assert.ok(Number.isInteger(uptimeMs));
    assert.equal(slots.length, 50);
    for (const slot of slots) assert.deepEqual(Object.keys(slot).toSorted(), ["freeInMs", "inFlight"]);
    for (const name of ["pausedForMs", "readyInMs", "roundTripMs", "waits", "cache", "breaker"]) assert.ok(name in times, name);
    const queues = ["background", "callers", "inFlight", "interactive", "questions", "refreshes"];
    assert.deepEqual(Object.keys(queue).toSorted(), queues);
    for (const name of ["asked", "joined", "refused", "retried", "sent", "failed"]) assert.ok(name in calls, name);
    assert.deepEqual(Object.keys(calls.results).toSorted(), ["failed", "good", "missing", "passing", "rateLimited", "unsent"]);
    const { isolate } = times as unknown as { isolate: { uptimeMs: number } };
    await delay(5);
    const later = (await site.status()) as unknown as { isolate: { uptimeMs: number } };
    assert.ok(isolate.uptimeMs > 0 && later.isolate.uptimeMs > isolate.uptimeMs, JSON.stringify([isolate, later.isolate]));
  });

  test("healthz_and_the_page_need_no_key", async () => {
    const health = await site.ask("/healthz", { key: null });
    assert.equal(`${health.status} ${health.text}`, '200 {"status":"ok"}');
    const page = await site.ask("/", { key: null });
    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    assert.match(page.text, /<title>sepay-edge/);
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  });

  for (const path of [
    "/api",
    "/api/",
    "/api/nope",
    "/api/accounts/1/2",
    "/api/Accounts",
    "/userapi",
    "/userapi/transactions",
    "/userapi/transactions/details",
    "/userapi/bankaccounts/list/",
  ]) {
    test(`${path} is no route`, async () => {
      assertProblem(await site.ask(path), "not_found");
      assertProblem(await site.ask(path, { key: null }), "not_found");
    });
  }

  test("sandbox_saw_no_violation_and_no_parameter_it_does_not_know", () => {
    const { violations, unknownParameters, malformedParameters, unauthorized } = site.sandbox.counters();
    assert.deepEqual([violations, unknownParameters, malformedParameters, unauthorized], [0, 0, 0, 0]);
  });
});
