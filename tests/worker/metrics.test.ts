/** What the gate tells of itself, at `/metrics` and `/api/status`: numbers that are true, and no word of what was asked. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../until.ts";
import { assertProblem } from "./problem.ts";
import { readMetrics } from "./prometheus.ts";
import { BOTH_SCOPES, KEY, keyEntry, startSite } from "./site.ts";
import type { GateStatus, Site, SiteOptions } from "./site.ts";

const METRICS = "edge_test_key_of_the_scraper";
const SOME = "edge_test_key_with_metrics_of_one_account";

const OPTIONS: SiteOptions = {
  keys: [
    keyEntry(METRICS, { id: "scraper", scopes: ["metrics:read"] }),
    keyEntry(SOME, { id: "some", scopes: [...BOTH_SCOPES, "metrics:read"], accounts: ["0900112233"], hide: ["balance"] }),
  ],
};

/** Reads one number of `/metrics`, such as `results_total` with `result=good`. */
async function scrape(site: Site): Promise<(name: string, labels?: string) => number> {
  const { status, headers, text } = await site.ask("/metrics", { key: METRICS });
  assert.equal(status, 200, text);
  assert.match(headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4(; charset=utf-8)?$/);
  const metrics = readMetrics(text);
  return (name, labels = "") => {
    const value = metrics.get(`sepay_edge_${name}`)?.samples.get(labels);
    assert.ok(value !== undefined, `${name}{${labels}} is missing`);
    return value;
  };
}

async function withSite(options: SiteOptions, body: (site: Site) => Promise<void>): Promise<void> {
  const site = await startSite({ ...OPTIONS, ...options });
  try {
    await body(site);
  } finally {
    await site.close();
  }
}

describe("metrics", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await startSite(OPTIONS);
  });
  after(() => site?.close());

  test("they_are_for_keys_with_the_scope_and_open_nothing_else", async () => {
    const { detail } = assertProblem(await site.ask("/metrics"), "forbidden");
    assert.ok(detail.includes("metrics:read"));
    assertProblem(await site.ask("/metrics", { key: null }), "unauthorized");
    for (const key of [METRICS, SOME]) assert.equal((await site.ask("/metrics", { key })).status, 200);
    for (const path of ["/api/accounts", "/api/transactions", "/userapi/transactions/count"]) {
      assertProblem(await site.ask(path, { key: METRICS }), "forbidden");
    }
    assertProblem(await site.ask("/metrics?name=x", { key: METRICS }), "invalid_parameter");
    assertProblem(await site.ask("/metrics", { key: METRICS, method: "POST" }), "method_not_allowed");
  });

  test("they_are_prometheus_text_with_a_help_and_a_type_for_each_metric", async () => {
    const metrics = readMetrics((await site.ask("/metrics", { key: METRICS })).text);
    assert.ok(metrics.size >= 10);
    for (const [name, { type, help, samples }] of metrics) {
      assert.match(name, /^sepay_edge_[a-z_]+$/);
      assert.ok(help.length > 0 && samples.size > 0, name);
      assert.equal(type === "counter", name.endsWith("_total"), `${name} is a ${type}`);
      for (const value of samples.values()) assert.ok(value >= 0 && Number.isFinite(value), name);
    }
  });

  test("neither_bank_data_nor_a_key_nor_the_token_is_in_them", async () => {
    await Promise.all(["/api/accounts", "/api/transactions?reference=SECRETREF", "/api/accounts/18"].map((path) => site.ask(path)));
    const { accounts } = site.sandbox.data();
    const words = [...accounts.flatMap((row) => [row.number, row.holder, row.bank.shortName]), "SECRETREF", "userapi", "details"];
    const secrets = [site.sandbox.token, KEY, METRICS, SOME, keyEntry(KEY).sha256, "scraper"];
    for (const [path, key] of [["/metrics", METRICS], ["/metrics", SOME], ["/api/status", KEY], ["/api/status", METRICS]] as const) {
      const { text } = await site.ask(path, { key });
      for (const word of [...words, ...secrets]) assert.ok(!text.includes(word), `${path} tells ${word}`);
    }
  });

  test("their_counters_agree_with_what_SePay_saw", () =>
    withSite({}, async (own) => {
      own.sandbox.addFault({ kind: "status", status: 500, count: 2, path: "limit=3" });
      own.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 1, count: 1, path: "limit=4" });
      own.sandbox.addFault({ kind: "cut-json", count: 1, path: "limit=5" });
      const paths = ["/api/transactions?limit=3", "/api/transactions?limit=4", "/api/transactions?limit=5", "/api/accounts/999", "/api/accounts", "/api/accounts/18"];
      for (const path of paths) await own.ask(path);
      const known = await own.ask("/api/accounts/18", { cached: true });
      assert.equal(known.status, 200);
      const [read, { calls, cache }] = [await scrape(own), await own.status()];
      const { requests, byStatus } = own.sandbox.counters();
      assert.equal(requests, 9);
      assert.equal(read("sent_total"), requests);
      assert.equal(read("retried_total"), 3);
      assert.deepEqual([read("rate_limited_total", "cause=foreign"), read("rate_limited_total", "cause=own")], [byStatus[429], 0]);
      const results = { good: 4, missing: byStatus[404], failed: 1, passing: byStatus[500], rateLimited: byStatus[429], unsent: 0 };
      assert.deepEqual(calls.results, results);
      for (const [name, count] of Object.entries(results)) {
        assert.equal(read("results_total", `result=${name === "rateLimited" ? "rate_limited" : name}`), count, name);
      }
      assert.equal(read("asked_total"), calls.asked);
      assert.ok(read("demand_total") >= calls.asked && calls.asked >= 6);
      assert.equal(read("cache_entries"), cache.entries);
      assert.equal(cache.entries, 5, "what is known: the five answers, and not the error");
      assert.ok(cache.bytes > 5 * 512 && cache.hitRatio >= 0 && cache.hitRatio < 0.5, JSON.stringify(cache));
      assert.deepEqual([read("cache_bytes"), read("cache_hit_ratio")], [cache.bytes, cache.hitRatio]);
    }));

  test("status_shows_slots_queue_and_waits_while_they_last", () =>
    withSite({ bindings: { SEPAY_REQUESTS_PER_SECOND: "2" } }, async (own) => {
      own.sandbox.addFault({ kind: "latency", ms: 600 });
      const ask = (id: number, priority: string) => own.ask(`/api/accounts/${id}`, { headers: { Priority: priority, Prefer: "wait=25" } });
      const asked = [1, 2, 3, 4, 5].map((id) => ask(100 + id, "u=3"));
      await until(() => own.sandbox.counters().requests >= 2, "two requests");
      asked.push(...[6, 7].map((id) => ask(100 + id, "u=6")));
      let seen: GateStatus;
      do seen = await own.status();
      while (seen.queue.callers < 7 && own.sandbox.counters().requests === 2);
      const { interactive, background, questions, inFlight, callers } = seen.queue;
      assert.deepEqual({ interactive, background, questions, inFlight, callers }, { interactive: 3, background: 2, questions: 5, inFlight: 2, callers: 7 });
      assert.ok(seen.slots.length === 2 && seen.slots.every((slot) => slot.inFlight && slot.freeInMs > 0));
      const read = await scrape(own);
      assert.deepEqual([read("slots"), read("queue_questions", "lane=background")], [2, 2]);
      await Promise.all(asked);
      const { waits, slots, queue, roundTripMs } = await own.status();
      assert.equal(queue.callers, 0);
      assert.ok(slots.every((slot) => !slot.inFlight && slot.freeInMs <= 1000));
      // Three rounds of a second and 600 ms stand before the last; percentiles are exact to a fifth.
      assert.ok(waits.p50Ms >= 600 && waits.p50Ms <= waits.p90Ms && waits.p90Ms <= waits.p99Ms && waits.p99Ms <= waits.maxMs);
      assert.ok(waits.maxMs >= 4800 * 0.8 && waits.maxMs < 9000, `${waits.maxMs} ms`);
      assert.ok(roundTripMs > 200 && roundTripMs < 700, `${roundTripMs} ms`);
    }));

  for (const cause of ["somebody else", "a limit lower than ours"]) {
    test(`status shows a pause by ${cause}, and that its cause is not our own`, () =>
      withSite({ bindings: { SEPAY_REQUESTS_PER_SECOND: "4" } }, async (own) => {
        assert.equal((await own.status()).pauseCause, null);
        if (cause === "somebody else") own.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 20, count: 1 });
        else own.sandbox.configure({ requestsPerSecond: 2 });
        const asked = [1, 2, 3, 4].map((id) => own.ask(`/api/accounts/${id}`, { headers: { Prefer: "wait=4" } }));
        let seen = await own.status();
        await until(async () => (seen = await own.status()).pausedForMs > 0, "a pause");
        const read = await scrape(own);
        await Promise.allSettled(asked);
        assert.equal(seen.pauseCause, "foreign429");
        assert.ok(seen.readyInMs >= seen.pausedForMs - 5);
        assert.ok(read("paused_seconds") > 0);
        assert.ok(read("rate_limited_total", "cause=foreign") >= 1);
        assert.equal(read("rate_limited_total", "cause=own"), 0);
      }));
  }
});
