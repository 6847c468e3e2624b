/**
 * Several SePay identities behind one Worker: each profile has its own token, gate, pace, cache and numbers, and
 * nothing crosses. Design, section 5.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../until.ts";
import { assertProblem } from "./problem.ts";
import { callsFor, serve } from "./served.ts";
import { BOTH_SCOPES, KEY, keyEntry, startSite } from "./site.ts";
import type { Asking, GateStatus, KeyEntry, Reply, Site, SiteOptions } from "./site.ts";

const SHOP = "edge_test_key_of_shop_2";
const BRANCH = "edge_test_key_of_the_branch";
const NOBODY = "edge_test_key_of_nobody";
const WRONG = "edge_test_key_of_a_wrong_token";
const TOKENS: Readonly<Record<string, string>> = { [SHOP]: "token-of-shop-2".padEnd(64, "2"), [BRANCH]: "token-of-branch".padEnd(64, "3") };
const WRONG_TOKEN = "token-that-nobody-knows".padEnd(64, "4");

const SCOPES = [...BOTH_SCOPES, "metrics:read"];
const KEYS: readonly KeyEntry[] = [
  // The same id as another profile's key: ids are a profile's own.
  keyEntry(SHOP, { id: "test", profile: "shop_2", scopes: SCOPES }),
  keyEntry(BRANCH, { id: "branch", profile: "branch", scopes: SCOPES }),
  keyEntry(NOBODY, { id: "nobody", profile: "nobody", scopes: SCOPES }),
  keyEntry(WRONG, { id: "wrong", profile: "wrong", scopes: SCOPES }),
];

function start(requestsPerSecond: number): Promise<Site> {
  const options: SiteOptions = {
    keys: KEYS,
    bindings: {
      SEPAY_REQUESTS_PER_SECOND: String(requestsPerSecond),
      SEPAY_API_TOKEN_SHOP_2: TOKENS[SHOP],
      SEPAY_API_TOKEN_BRANCH: TOKENS[BRANCH],
      SEPAY_API_TOKEN_WRONG: WRONG_TOKEN,
      // Names that only look like those of a profile.
      SEPAY_API_TOKEN_nobody: TOKENS[SHOP],
      SEPAY_API_TOKENNOBODY: TOKENS[SHOP],
    },
    sandbox: { requestsPerSecond, otherTokens: Object.values(TOKENS) },
  };
  return startSite(options);
}

/** The tokens with which something was asked. */
function tokensFor(site: Site, text: string): string[] {
  const sent = callsFor(site, text).map(({ headers }) => headers.find(([name]) => name.toLowerCase() === "authorization")?.[1]);
  return sent.map((value) => value?.replace("Bearer ", "") ?? "").toSorted();
}

async function statusOf(site: Site, key: string): Promise<GateStatus> {
  return site.read<GateStatus>("/api/status", { key });
}

describe("profiles", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await start(50);
  });
  after(() => site?.close());

  const all = (): readonly string[] => [site.sandbox.token, ...Object.values(TOKENS)].toSorted();

  function askAs(keys: readonly string[], path: string, how: Asking = {}): Promise<Reply[]> {
    return Promise.all(keys.map((key) => site.ask(path, { cached: true, ...how, key })));
  }

  test("each_asks_with_its_own_token_and_no_other", async () => {
    for (const path of ["/api/transactions?limit=71", "/userapi/bankaccounts/list?limit=71"]) {
      const replies = await askAs([KEY, SHOP, BRANCH], path);
      assert.deepEqual(replies.map((reply) => reply.status), [200, 200, 200]);
    }
    assert.deepEqual(tokensFor(site, "transactions/list?limit=71"), all());
    assert.deepEqual(tokensFor(site, "bankaccounts/list?limit=71"), all());
  });

  test("none_joins_or_knows_what_another_has_asked", async () => {
    site.sandbox.addFault({ kind: "latency", ms: 500, path: "limit=72" });
    const path = "/api/transactions?limit=72";
    const replies = await askAs([KEY, SHOP, SHOP, BRANCH, KEY], path);
    assert.ok(replies.every((reply) => reply.status === 200));
    assert.deepEqual(tokensFor(site, "limit=72"), all());
    const id = site.sandbox.data().transactions.at(-5)?.id;
    for (const key of [KEY, SHOP, BRANCH]) {
      const record = await serve(site, `/api/transactions/${id}`, { key });
      assert.match(record.words, /^fwd=/, "another profile's answer was served");
      assert.match((await serve(site, `/api/transactions/${id}`, { key })).words, /^hit; ttl=5\d\d$/);
    }
    assert.deepEqual(tokensFor(site, `details/${id}`), all());
  });

  test("a_profile_without_a_token_asks_nothing", async () => {
    for (const path of ["/api/transactions?limit=73", "/userapi/transactions/list?limit=73", "/api/accounts/18?"]) {
      const { detail } = assertProblem(await site.ask(path, { key: NOBODY }), "upstream_unauthorized");
      for (const token of Object.values(TOKENS)) assert.ok(!detail.includes(token));
    }
    assert.deepEqual(tokensFor(site, "limit=73"), []);
    assert.equal((await site.ask("/api/transactions?limit=74")).status, 200);
    assertProblem(await site.ask("/api/transactions?limit=74", { key: NOBODY, cached: true }), "upstream_unauthorized");
  });

  test("a_token_that_SePay_refuses_stops_its_own_profile_only", async () => {
    const [wrong, good] = await askAs([WRONG, KEY], "/api/transactions?limit=75");
    assert.ok(wrong && good);
    assertProblem(wrong, "upstream_unauthorized");
    assert.equal(good.status, 200);
    // The drop-in form repeats what SePay said, and the Worker knows nothing better.
    assert.equal((await site.ask("/userapi/transactions/list?limit=75", { key: WRONG, cached: true })).status, 401);
    assert.ok(!wrong.text.includes(WRONG_TOKEN));
  });

  test("status_and_metrics_tell_of_the_keys_own_profile_only", async () => {
    const names = { [SHOP]: "shop_2", [BRANCH]: "branch", [NOBODY]: "nobody" };
    for (const [key, profile] of Object.entries(names)) {
      assert.equal((await statusOf(site, key)).profile, profile);
      const { status, text } = await site.ask("/metrics", { key });
      assert.equal(status, 200);
      const named = new Set(Array.from(text.matchAll(/profile="([^"]*)"/g), ([, name]) => name));
      assert.deepEqual([...named], [profile]);
    }
  });
});

test("one_profiles_crowd_and_pause_leave_the_other_alone", async () => {
  const site = await start(2);
  try {
    const crowd = Promise.allSettled(Array.from({ length: 10 }, (_, index) => site.ask(`/api/accounts/${100 + index}`)));
    await until(() => site.sandbox.counters().requests >= 2, "two requests");
    const calm = await serve(site, "/api/transactions?limit=81", { key: SHOP });
    assert.equal(calm.reply.status, 200);
    assert.ok(calm.tookMs < 900, `it waited ${calm.tookMs} ms`);
    const [busy, idle] = await Promise.all([statusOf(site, KEY), statusOf(site, SHOP)]);
    assert.ok(busy.queue.callers > 0 && idle.queue.callers === 0);
    assert.deepEqual([idle.calls.sent, idle.calls.asked, idle.cache.entries], [1, 1, 1]);
    await crowd;
    site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 30, count: 1, path: "limit=82" });
    assertProblem(await site.ask("/api/transactions?limit=82", { key: SHOP }), "upstream_busy");
    const [free, paused] = await Promise.all([statusOf(site, KEY), statusOf(site, SHOP)]);
    assert.deepEqual([free.pausedForMs, free.calls.rateLimitedForeign, paused.calls.rateLimitedForeign], [0, 0, 1]);
    assert.ok(paused.pausedForMs > 25_000);
    assert.equal((await site.ask("/api/transactions?limit=83")).status, 200);
    const { violations, maxPerSecond } = site.sandbox.counters();
    assert.deepEqual([violations, maxPerSecond <= 2], [0, true]);
  } finally {
    await site.close();
  }
});
