/**
 * A key with `"rpm"`: so many requests in any minute, told in `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers-10) and refused with 429 beyond. Design, sections 5 and 7.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem, retryAfterSeconds } from "./problem.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Asking, KeyEntry, Reply, Site } from "./site.ts";

/** Keys by their limit; each test uses up its own. */
const LIMITED: Readonly<Record<string, Partial<KeyEntry>>> = {
  edge_test_key_in_order: { id: "order", rpm: 4 },
  edge_test_key_of_bad_requests: { id: "bad", rpm: 20, scopes: ["transactions:read"] },
  edge_test_key_at_once: { id: "once", rpm: 5 },
  edge_test_key_of_the_neighbour: { id: "neighbour", rpm: 5 },
  edge_test_key_of_sepays_form: { id: "sepays", rpm: 1 },
  edge_test_key_of_one: { id: "one", rpm: 1 },
  edge_test_key_of_known_answers: { id: "known", rpm: 3 },
  edge_test_key_of_heads: { id: "heads", rpm: 2 },
};

/** What a reply says of the limit. */
function limitOf(reply: Reply): { quota: number; remaining: number; untilSeconds: number } {
  const policy = /^"key";q=(\d+);w=60$/.exec(reply.headers.get("ratelimit-policy") ?? "");
  const left = /^"key";r=(\d+);t=(\d+)$/.exec(reply.headers.get("ratelimit") ?? "");
  assert.ok(policy !== null && left !== null, `${reply.headers.get("ratelimit-policy")} | ${reply.headers.get("ratelimit")}`);
  const untilSeconds = Number(left[2]);
  assert.ok(untilSeconds >= 1 && untilSeconds <= 60, `t=${untilSeconds}`);
  return { quota: Number(policy[1]), remaining: Number(left[1]), untilSeconds };
}

function assertUnlimited(reply: Reply): void {
  assert.deepEqual([reply.headers.get("ratelimit"), reply.headers.get("ratelimit-policy")], [null, null]);
}

describe("a key with a limit of its own", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await startSite({ keys: Object.entries(LIMITED).map(([key, entry]) => keyEntry(key, entry)) });
  });
  after(() => site?.close());

  test("each_request_is_told_what_is_left_and_the_one_after_the_last_is_refused", async () => {
    const key = "edge_test_key_in_order";
    const paths = ["/api/accounts", "/userapi/transactions/list?limit=1", "/api/status", "/api/transactions/count"];
    const told = [];
    for (const path of paths) {
      const reply = await site.ask(path, { key });
      assert.equal(reply.status, 200, path);
      told.push(limitOf(reply));
    }
    assert.deepEqual(told.map((each) => each.quota), [4, 4, 4, 4]);
    assert.deepEqual(told.map((each) => each.remaining), [3, 2, 1, 0]);
    for (const path of ["/api/transactions?limit=61", "/api/status"]) {
      const refused = await site.ask(path, { key });
      const { detail } = assertProblem(refused, "rate_limited");
      assert.ok(!detail.includes("SePay"), "it reads as if SePay had refused");
      const { quota, remaining, untilSeconds } = limitOf(refused);
      assert.deepEqual([quota, remaining], [4, 0]);
      assert.equal(retryAfterSeconds(refused), untilSeconds);
      assert.ok(untilSeconds >= 40, `${untilSeconds} s for a limit used up in a moment`);
    }
    assert.ok(site.sandbox.requests().every((request) => !request.target.includes("limit=61")), "SePay was asked");
  });

  test("bad_replies_count_and_tell_it_too", async () => {
    const key = "edge_test_key_of_bad_requests";
    site.sandbox.addFault({ kind: "empty", path: "limit=62" });
    const asked: readonly (readonly [string, number, Asking["headers"]?])[] = [
      ["/api/transactions?limit=nonsense", 400],
      ["/api/accounts", 403],
      ["/metrics", 403],
      ["/api/transactions/1", 404],
      ["/userapi/transactions/details/1", 404],
      ["/api/transactions?limit=62", 502],
      ["/api/transactions/count", 304, { "If-None-Match": "*" }],
      ["/api/transactions?limit=63", 503, { Prefer: "wait=0" }],
    ];
    let left = 20;
    for (const [path, status, headers = {}] of asked) {
      if (status === 503) site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 1, path: "limit=63" });
      const reply = await site.ask(path, { key, headers });
      assert.equal(reply.status, status, `${path}: ${reply.text}`);
      left -= 1;
      assert.equal(limitOf(reply).remaining, left, path);
    }
  });

  test("of_many_at_once_exactly_so_many_are_let_in_and_a_neighbour_is_not_counted", async () => {
    const ask = (key: string) => (_: unknown, index: number) => site.ask(`/api/accounts/${index}`, { key });
    const [replies, neighbours] = await Promise.all([
      Promise.all(Array.from({ length: 25 }, ask("edge_test_key_at_once"))),
      Promise.all(Array.from({ length: 5 }, ask("edge_test_key_of_the_neighbour"))),
    ]);
    assert.equal(replies.filter((reply) => reply.status !== 429).length, 5);
    for (const reply of replies.filter((each) => each.status === 429)) assertProblem(reply, "rate_limited");
    const left = replies.filter((reply) => reply.status !== 429).map((reply) => limitOf(reply).remaining);
    assert.deepEqual(left.toSorted(), [0, 1, 2, 3, 4]);
    assert.ok(neighbours.every((reply) => reply.status !== 429));
  });

  test("the_drop_in_form_names_the_time_in_SePays_header_as_well", async () => {
    const key = "edge_test_key_of_sepays_form";
    assert.equal((await site.ask("/userapi/bankaccounts/count", { key })).status, 200);
    const refused = await site.ask("/userapi/bankaccounts/count", { key });
    assertProblem(refused, "rate_limited");
    assert.equal(refused.headers.get("x-sepay-userapi-retry-after"), String(retryAfterSeconds(refused)));
  });

  test("a_known_answer_counts_as_well", async () => {
    const key = "edge_test_key_of_known_answers";
    await site.ask("/api/transactions?limit=64");
    const left = [];
    for (let index = 0; index < 3; index += 1) {
      left.push(limitOf(await site.ask("/api/transactions?limit=64", { key, cached: true })).remaining);
    }
    assert.deepEqual(left, [2, 1, 0]);
    const refused = await site.ask("/api/transactions?limit=64", { key, cached: true, headers: { "If-None-Match": "*" } });
    assertProblem(refused, "rate_limited");
  });

  test("a_HEAD_counts_and_tells", async () => {
    const key = "edge_test_key_of_heads";
    assert.equal(limitOf(await site.ask("/api/accounts", { key, method: "HEAD" })).remaining, 1);
    assert.equal(limitOf(await site.ask("/api/accounts", { key })).remaining, 0);
    const refused = await site.ask("/api/accounts", { key, method: "HEAD" });
    assert.deepEqual([refused.status, refused.text], [429, ""]);
  });

  test("whoever_has_no_limit_is_told_of_none", async () => {
    await site.ask("/api/accounts/count", { key: "edge_test_key_of_one" });
    assertProblem(await site.ask("/api/accounts/count", { key: "edge_test_key_of_one" }), "rate_limited");
    for (const path of ["/api/accounts", "/userapi/transactions/count", "/api/status", "/api/nope"]) {
      assertUnlimited(await site.ask(path, { key: KEY }));
    }
    assertUnlimited(await site.ask("/api/accounts", { key: "edge_unknown" }));
    assertUnlimited(await site.ask("/healthz", { key: "edge_test_key_of_one" }));
  });
});

test("a_limit_that_cannot_be_read_lets_nobody_in", async () => {
  const good = keyEntry(KEY);
  const asked = [0, 10_001, "60", null].map(async (rpm) => {
    const keys = JSON.stringify([good, { ...keyEntry("edge_test_key_limited", { id: "limited" }), rpm }]);
    const site = await startSite({ bindings: { EDGE_KEYS: keys } });
    try {
      assertProblem(await site.ask("/api/accounts"), "unauthorized");
      assert.ok(site.logs.some((line) => line.includes("no key is accepted")), JSON.stringify(rpm));
      assert.equal(site.sandbox.counters().requests, 0);
    } finally {
      await site.close();
    }
  });
  await Promise.all(asked);
});
