/**
 * How old a served answer may be, and what becomes of it then: fresh, served while it is refreshed, waited for, or
 * served stale because SePay is busy or down. Design, section 5. Each test has a question of its own, because they run
 * at once.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../until.ts";
import { assertProblem, assertSomeProblem } from "./problem.ts";
import { ASKED, FRESH, REFRESHING, STALE_BUSY, STALE_DOWN } from "./served.ts";
import { assertCalls, assertKnown, assertKnownAtItsAge, assertSame, assertServed, callsFor, serve, untilAnswered, untilOlder } from "./served.ts";
import { keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const MB = "0071000888888";
const NO_CACHE = { headers: { "Cache-Control": "no-cache" } };

function maxAge(seconds: number) {
  return { headers: { "Cache-Control": `max-age=${seconds}` } };
}

describe("a known answer", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await startSite();
  });
  after(() => site?.close());

  test("many_within_a_second_are_one_call_and_say_so", async () => {
    const path = "/api/transactions?limit=11";
    const first = await serve(site, path);
    assertServed(first, /^fwd=miss; stored$/);
    const others = await Promise.all(Array.from({ length: 25 }, () => serve(site, path)));
    for (const other of others) assertSame(other, first);
    await assertCalls(site, "limit=11", assertKnown(others));
  });

  test("whoever_asks_while_SePay_is_being_asked_joins", async () => {
    site.sandbox.addFault({ kind: "latency", ms: 700, path: "limit=12" });
    const all = await Promise.all(Array.from({ length: 5 }, () => serve(site, "/api/transactions?limit=12")));
    for (const each of all) assertServed(each, ASKED);
    assert.deepEqual(all.map((each) => each.words).toSorted(), [
      ...Array.from({ length: 4 }, () => "fwd=miss; collapsed; stored"),
      "fwd=miss; stored",
    ]);
    assert.equal(callsFor(site, "limit=12").length, 1);
  });

  test("between_one_and_ten_seconds_it_is_served_at_once_while_one_refresh_is_sent", async () => {
    const path = `/api/transactions?account=${MB}&limit=13`;
    const first = await serve(site, path);
    await untilOlder(first, 1000);
    site.sandbox.addFault({ kind: "latency", ms: 1500, path: "limit=13" });
    const { id } = site.sandbox.addTransaction({ accountNumber: MB, amountIn: 1000, content: "thirteen" });
    const old = await Promise.all(Array.from({ length: 10 }, () => serve(site, path)));
    for (const each of old) {
      assertServed(each, REFRESHING);
      assert.ok(each.tookMs < 1400, `it waited for the refresh: ${each.tookMs} ms`);
      assert.ok(each.ageMs > 1000, `${each.ageMs} ms old`);
      assertSame(each, first);
    }
    await untilAnswered(site, "limit=13", 2);
    assert.equal(callsFor(site, "limit=13").length, 2);
    let newer = await serve(site, path);
    // The sandbox has answered; the answer may still be on its way.
    while (!newer.reply.text.includes(`"id":"${id}"`) && newer.ageMs < 8000) newer = await serve(site, path);
    assertServed(newer, REFRESHING);
    assert.ok(newer.ageMs >= 1500 && newer.ageMs < 3000, `${newer.ageMs} ms since its request was sent`);
  });

  test("older_than_ten_seconds_the_caller_waits_for_the_refresh", async () => {
    const path = `/api/transactions?account=${MB}&limit=14`;
    await untilOlder(await serve(site, path), 10_000);
    const { id } = site.sandbox.addTransaction({ accountNumber: MB, amountIn: 1000, content: "fourteen" });
    const newer = await serve(site, path);
    assertServed(newer, ASKED);
    assert.ok(newer.reply.text.includes(`"id":"${id}"`));
    assert.equal(callsFor(site, "limit=14").length, 2);
  });

  test("max_age_is_served_up_to_its_seconds_and_asked_for_beyond", async () => {
    const path = "/api/transactions?limit=15";
    await untilOlder(await serve(site, path), 1200);
    site.sandbox.addFault({ kind: "latency", ms: 300, path: "limit=15" });
    assertServed(await serve(site, path, maxAge(9)), REFRESHING);
    await untilAnswered(site, "limit=15", 2);
    await untilOlder(await serve(site, path, NO_CACHE), 1200);
    const newer = await serve(site, path, maxAge(1));
    assertServed(newer, ASKED);
    assert.ok(newer.ageMs <= 1000);
    const again = await serve(site, path, maxAge(1));
    // Asked again only where the machine took a second for this.
    assertServed(again, again.words.startsWith("hit") ? FRESH : ASKED);
    assert.ok(again.ageMs <= 1000);
    const before = callsFor(site, "limit=15").length;
    for (const how of [NO_CACHE, maxAge(0), { headers: { "Cache-Control": "no-store" } }]) {
      assertServed(await serve(site, path, how), ASKED);
    }
    assert.equal(callsFor(site, "limit=15").length, before + 3);
  });

  for (const [kind, limit] of [["status", 16], ["html", 18], ["cut-json", 19]] as const) {
    test(`it is served stale where SePay fails with ${kind}, and an error to whoever wants it newer`, async () => {
      const path = `/api/transactions?limit=${limit}`;
      const first = await serve(site, path);
      await untilOlder(first, 10_000);
      const scope = { path: `limit=${limit}` };
      site.sandbox.addFault(kind === "status" ? { kind, status: 500, ...scope } : { kind, ...scope });
      const stale = serve(site, path);
      const refused = await Promise.all([NO_CACHE, maxAge(0), maxAge(5)].map((how) => serve(site, path, how)));
      for (const { reply } of refused) assert.equal(reply.status, 502, reply.text);
      assertServed(await stale, STALE_DOWN);
      assertSame(await stale, first);
      assert.ok((await stale).ageMs >= 10_000);
    });
  }

  test("it_is_served_stale_where_SePay_hangs_and_an_error_to_whoever_wants_it_newer", async () => {
    const path = "/api/transactions?limit=17";
    await untilOlder(await serve(site, path), 10_000);
    site.sandbox.addFault({ kind: "hang", path: "limit=17" });
    const ask = (cacheControl: string) => serve(site, path, { headers: { "Cache-Control": cacheControl, Prefer: "wait=2" } });
    const [stale, ...refused] = await Promise.all(["max-age=60", "max-age=5", "no-cache"].map(ask));
    // One waits for SePay, and one for its turn behind that.
    for (const { reply } of refused) assert.match(assertSomeProblem(reply).code, /^upstream_(timeout|busy)$/);
    assert.ok(stale !== undefined && stale.tookMs < 3000);
    assertServed(stale, STALE_DOWN);
  });

  test("a_list_with_a_row_that_cannot_be_read_does_not_replace_the_good_one", async () => {
    const path = "/api/transactions?limit=20";
    await untilOlder(await serve(site, path), 10_000);
    const body = '{"status":200,"error":null,"messages":{"success":true},"transactions":[{"id":"1"}]}';
    site.sandbox.addFault({ kind: "body", body, path: "limit=20" });
    assertServed(await serve(site, path), STALE_DOWN);
    assertProblem((await serve(site, path, NO_CACHE)).reply, "upstream_unreadable");
  });

  test("one_transaction_is_known_for_long_in_both_forms", async () => {
    const id = site.sandbox.data().transactions.at(-20)?.id;
    const first = await serve(site, `/api/transactions/${id}`);
    await untilOlder(first, 10_100);
    for (const path of [`/api/transactions/${id}`, `/userapi/transactions/details/${id}`]) {
      const known = await serve(site, path);
      assertServed(known, /^hit; ttl=58\d$/);
      assert.ok(known.ageMs > 10_000);
    }
    assert.equal(callsFor(site, `details/${id}`).length, 1);
  });

  test("that_there_is_no_such_record_is_known_for_a_second", async () => {
    const path = "/userapi/transactions/details/99";
    const first = await serve(site, path);
    const second = await serve(site, path);
    assert.deepEqual([first.reply.status, second.reply.status], [404, 404]);
    await assertCalls(site, "details/99", assertKnown([second]));
    assertProblem((await serve(site, "/api/transactions/99")).reply, "not_found");
    let known = second;
    while (!REFRESHING.test(known.words)) {
      await delay(50);
      known = await serve(site, path);
      assertKnownAtItsAge(known);
    }
    await untilAnswered(site, "details/99", 2);
  });

  for (const [kind, limit] of [["empty", 21], ["cut-json", 22], ["html", 23], ["status", 24]] as const) {
    test(`an error is not kept: ${kind}`, async () => {
      const path = `/api/transactions?limit=${limit}`;
      const scope = { path: `limit=${limit}`, count: kind === "status" ? 3 : 1 };
      site.sandbox.addFault(kind === "status" ? { kind, status: 500, ...scope } : { kind, ...scope });
      assert.equal((await serve(site, path)).reply.status, 502);
      assertServed(await serve(site, path), ASKED);
      assert.equal(callsFor(site, `limit=${limit}`).length, scope.count + 1);
    });
  }

  test("at_a_busy_gate_it_is_served_stale_at_once_and_whoever_wants_it_newer_is_refused", async () => {
    const crowd = "edge_test_key_of_the_crowd";
    const pace = { bindings: { SEPAY_REQUESTS_PER_SECOND: "2" }, sandbox: { requestsPerSecond: 2 } };
    const busy = await startSite({ ...pace, keys: [keyEntry(crowd, { id: "crowd" })] });
    try {
      const path = "/api/transactions?limit=31";
      const first = await serve(busy, path);
      await untilOlder(first, 10_000);
      // A queue of fifteen seconds, so that it is still there when a slow machine looks. They are given up when the site closes.
      let id = 100;
      await until(async () => {
        void busy.ask(`/api/accounts/${(id += 1)}`, { key: crowd, headers: { Prefer: "wait=25" } }).catch(() => null);
        return (await busy.status()).queue.questions >= 30;
      }, "a busy gate");
      const stale = await serve(busy, path);
      assertServed(stale, STALE_BUSY);
      assert.ok(stale.tookMs < 500, `${stale.tookMs} ms`);
      assertSame(stale, first);
      for (const age of ["no-cache", "max-age=5"]) {
        const refused = await serve(busy, path, { headers: { "Cache-Control": age, Prefer: "wait=0" } });
        assertProblem(refused.reply, "upstream_busy");
        assert.ok(refused.tookMs < 500, `${refused.tookMs} ms`);
      }
      assert.equal(busy.sandbox.counters().violations, 0);
    } finally {
      await busy.close();
    }
  });
});
