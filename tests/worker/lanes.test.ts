/** Who goes first at SePay's real pace: somebody at a screen before a job, and callers by turns. Design, section 5. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../until.ts";
import { assertProblem, retryAfterSeconds } from "./problem.ts";
import { serve } from "./served.ts";
import { keyEntry, startSite } from "./site.ts";
import type { Asking, Reply, Site } from "./site.ts";

const GREEDY = "edge_test_key_of_the_greedy_one";
const CALM = "edge_test_key_of_the_calm_one";
const KEYS = [keyEntry(GREEDY, { id: "greedy" }), keyEntry(CALM, { id: "calm" })];

/** A slot's time: a second and a short round trip, on a machine that is busy. */
const SLOT_MS = 1300;

function atSepaysPace(name: string, body: (site: Site) => Promise<void>): void {
  test(name, async () => {
    const site = await startSite({
      keys: KEYS,
      bindings: { SEPAY_REQUESTS_PER_SECOND: "2" },
      sandbox: { requestsPerSecond: 2 },
    });
    try {
      await body(site);
      const { violations, maxPerSecond } = site.sandbox.counters();
      assert.deepEqual([violations, maxPerSecond <= 2], [0, true]);
    } finally {
      await site.close();
    }
  });
}

/** Asks for accounts that mostly do not exist: each id is a question of its own, and a 404 is an answer. */
function distinct(site: Site, from: number, count: number, how: Asking): Promise<Reply>[] {
  return Array.from({ length: count }, (_, index) => site.ask(`/api/accounts/${from + index}`, { cached: true, ...how }));
}

/** The ids in the order in which SePay was asked for them. */
function order(site: Site): number[] {
  return site.sandbox.requests().map((request) => Number(/details\/(\d+)/.exec(request.target)?.[1] ?? 0));
}

async function untilQueued(site: Site, questions: number): Promise<void> {
  await until(async () => (await site.status()).queue.questions >= questions, `${questions} questions in the queue`);
}

describe("lanes and turns", { concurrency: true }, () => {
  for (const urgency of ["u=6", "u=5, i"]) {
    atSepaysPace(`whoever says ${urgency} waits until nobody else does`, async (site) => {
      const patient = { headers: { Prefer: "wait=25" } };
      const job = distinct(site, 100, 6, { key: GREEDY, headers: { Prefer: "wait=25", Priority: urgency } });
      await untilQueued(site, 4);
      const screens = [...distinct(site, 200, 4, { key: CALM, ...patient }), ...distinct(site, 300, 3, { key: GREEDY, ...patient })];
      await untilQueued(site, 8);
      for (const reply of await Promise.all([...job, ...screens])) assert.equal(reply.status, 404, reply.text);
      const asked = order(site);
      const lastScreen = asked.findLastIndex((id) => id >= 200);
      const before = asked.slice(0, lastScreen).filter((id) => id < 200);
      // Two had left before anybody at a screen came, and two more may have while they came.
      assert.ok(before.length <= 4, `the order was ${asked.join(" ")}`);
      assert.equal(asked.length, 13);
    });
  }

  atSepaysPace("a_question_of_a_job_goes_first_as_soon_as_somebody_at_a_screen_asks_it", async (site) => {
    const job = distinct(site, 100, 7, { key: GREEDY, headers: { Prefer: "wait=25", Priority: "u=7" } });
    await untilQueued(site, 5);
    const screen = await serve(site, "/api/accounts/106", { key: CALM });
    assert.equal(screen.reply.status, 404);
    assert.ok(order(site).indexOf(106) <= 4, `the order was ${order(site).join(" ")}`);
    await Promise.all(job);
    assert.equal(order(site).length, 7);
  });

  atSepaysPace("a_greedy_callers_forty_questions_delay_another_callers_by_two_slots_at_most", async (site) => {
    // They are given up when the site closes.
    for (const reply of distinct(site, 100, 40, { key: GREEDY, headers: { Prefer: "wait=25" } })) void reply.catch(() => null);
    await untilQueued(site, 30);
    for (const id of [500, 501, 502]) {
      const calm = await serve(site, `/api/accounts/${id}`, { key: CALM });
      assert.equal(calm.reply.status, 404, calm.reply.text);
      assert.ok(calm.tookMs <= 2 * SLOT_MS, `${calm.tookMs} ms`);
    }
    const both = await Promise.all(distinct(site, 600, 2, { key: CALM, headers: { Prefer: "wait=5" } }));
    for (const reply of both) assert.equal(reply.status, 404);
    const asked = order(site);
    assert.ok(asked.filter((id) => id < 500).length >= 4, "the greedy one had no turns");
  });

  atSepaysPace("refused_callers_who_come_back_at_their_time_are_served_at_once", async (site) => {
    async function twice(id: number): Promise<"at once" | "refused"> {
      const how: Asking = { cached: true, key: id % 2 === 0 ? GREEDY : CALM, headers: { Prefer: "wait=3" } };
      const first = await site.ask(`/api/accounts/${id}`, how);
      if (first.status !== 503) return "at once";
      assertProblem(first, "upstream_busy");
      await delay(retryAfterSeconds(first) * 1000);
      const second = await site.ask(`/api/accounts/${id}`, how);
      assert.equal(second.status, 404, `${id} came back and met ${second.status} ${second.text}`);
      return "refused";
    }
    const fates = await Promise.all(Array.from({ length: 30 }, (_, index) => twice(1000 + index)));
    assert.ok(fates.filter((fate) => fate === "refused").length >= 20, fates.join());
    assert.equal(site.sandbox.counters().requests, 30);
  });
});
