/**
 * The gate at SePay's real pace of two requests a second: never a violation at the sandbox, one call for one question,
 * and a refusal at once for what cannot be served in time. Design, sections 4 and 5.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../until.ts";
import { assertProblem, retryAfterSeconds } from "./problem.ts";
import { KEY, startSite } from "./site.ts";
import type { Asking, Reply, Site } from "./site.ts";

const PACE = { bindings: { SEPAY_REQUESTS_PER_SECOND: "2" }, sandbox: { requestsPerSecond: 2 } };

/** Runs a test against a site of its own, and requires that it kept SePay's limit. */
function atSepaysPace(name: string, body: (site: Site) => Promise<void>): void {
  test(name, async () => {
    const site = await startSite(PACE);
    try {
      await body(site);
      const { violations, maxPerSecond } = site.sandbox.counters();
      assert.equal(violations, 0);
      assert.ok(maxPerSecond <= 2, `${maxPerSecond} a second`);
      assert.ok(site.sandbox.maxInWindow(1000) <= 2);
    } finally {
      await site.close();
    }
  });
}

function waiting(seconds: number): Asking {
  return { cached: true, headers: { Prefer: `wait=${seconds}` } };
}

/** Asks for accounts that mostly do not exist: each id is a question of its own, and a 404 is an answer. */
function distinct(site: Site, from: number, count: number, seconds: number): Promise<Reply>[] {
  return Array.from({ length: count }, (_, index) => site.ask(`/api/accounts/${from + index}`, waiting(seconds)));
}

function isAnswer(reply: Reply): boolean {
  return reply.status === 200 || reply.status === 404;
}

/** Asks over a socket of its own, so that the connection can be reset, which is how a server learns that somebody left. */
async function askAndHold(site: Site, path: string): Promise<Socket> {
  const { hostname, port } = new URL(site.url);
  const socket = connect(Number(port), hostname).on("error", () => {});
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${KEY}\r\n\r\n`);
  return socket;
}

/** Resolves when the sandbox has seen a request. */
async function untilStarted(site: Site): Promise<void> {
  await until(() => site.sandbox.counters().requests > 0, "a request");
}

describe("gate", { concurrency: 4 }, () => {
  atSepaysPace("sixty_questions_at_once_are_paced_and_what_is_too_late_is_refused_at_once", async (site) => {
    const order: Reply[] = [];
    const asked = Array.from({ length: 60 }, async (_, index) => {
      order.push(await site.ask(`/api/transactions?limit=${index + 1}`, waiting(25)));
    });
    await Promise.all(asked);
    const answered = order.filter((reply) => reply.status === 200);
    const refused = order.filter((reply) => reply.status !== 200);
    for (const reply of refused) {
      assertProblem(reply, "upstream_busy");
      const seconds = retryAfterSeconds(reply);
      // In the middle of its patience the last of them has its turn: 60 questions take 31 s.
      assert.ok(seconds >= 11 && seconds <= 25, `${seconds} s`);
    }
    // Two slots for 25 s, each busy for a second and a round trip.
    assert.ok(answered.length >= 36 && answered.length <= 50, `${answered.length} answers`);
    assert.equal(site.sandbox.counters().requests, answered.length);
    const lastRefusal = order.findLastIndex((reply) => reply.status !== 200);
    assert.ok(lastRefusal < refused.length + 12, `a refusal came after ${lastRefusal - refused.length} answers`);
  });

  atSepaysPace("two_hundred_identical_questions_are_one_call", async (site) => {
    site.sandbox.addFault({ kind: "latency", ms: 3000 });
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        // Two spellings of the same question.
        site.ask(index % 2 === 0 ? "/api/transactions?limit=9" : "/api/transactions?%6cimit=9", { cached: true }),
      ),
    );
    assert.equal(site.sandbox.counters().requests, 1);
    assert.deepEqual(new Set(replies.map((reply) => reply.status)), new Set([200]));
    assert.equal(new Set(replies.map((reply) => reply.text)).size, 1);
    const { calls } = await site.status();
    assert.deepEqual([calls.asked, calls.joined, calls.sent], [200, 199, 1]);
  });

  atSepaysPace("all_who_want_a_new_answer_at_once_are_two_calls_at_most", async (site) => {
    site.sandbox.addFault({ kind: "latency", ms: 1000 });
    const replies = await Promise.all(Array.from({ length: 40 }, () => site.ask("/api/transactions?limit=8")));
    assert.deepEqual(new Set(replies.map((reply) => reply.status)), new Set([200]));
    // One for the first of them, and one for those who came when that had left.
    assert.equal(site.sandbox.counters().requests, 2);
  });

  atSepaysPace("callers_of_both_forms_share_a_call_and_a_refused_key_does_not", async (site) => {
    site.sandbox.addFault({ kind: "latency", ms: 1500 });
    const [ours, sepays, foreign] = await Promise.all([
      site.ask("/api/accounts?limit=7", { cached: true }),
      site.ask("/userapi/bankaccounts/list?limit=7", { cached: true }),
      site.ask("/api/accounts?limit=7", { key: "edge_unknown" }),
    ]);
    assert.deepEqual([ours.status, sepays.status, foreign.status], [200, 200, 401]);
    assert.equal(site.sandbox.counters().requests, 1);
  });

  atSepaysPace("no_time_to_wait_is_a_refusal_that_sends_nothing", async (site) => {
    const reply = await site.ask("/api/accounts", waiting(0));
    assertProblem(reply, "upstream_busy");
    retryAfterSeconds(reply);
    assert.equal(site.sandbox.counters().requests, 0);
  });

  atSepaysPace("retry_after_is_honest", async (site) => {
    const crowd = distinct(site, 1, 12, 25);
    await untilStarted(site);
    const refused = await site.ask("/api/transactions/count", waiting(1));
    assertProblem(refused, "upstream_busy");
    const seconds = retryAfterSeconds(refused);
    assert.ok(seconds >= 3 && seconds <= 9, `${seconds} s`);
    await delay(seconds * 1000);
    assert.equal((await site.ask("/api/transactions/count", waiting(3))).status, 200);
    assert.ok((await Promise.all(crowd)).every(isAnswer));
  });

  atSepaysPace("a_caller_who_cannot_be_served_is_refused_while_the_others_wait", async (site) => {
    const order: string[] = [];
    const crowd = distinct(site, 1, 8, 25).map((reply) => reply.then(() => order.push("served")));
    await untilStarted(site);
    const late = site.ask("/api/accounts/500", waiting(1)).then((reply) => {
      order.push("refused");
      assertProblem(reply, "upstream_busy");
    });
    await Promise.all([...crowd, late]);
    assert.ok(order.indexOf("refused") <= 4, order.join(" "));
    assert.equal(site.sandbox.counters().byPath["/userapi/bankaccounts/details/{id}"], 8);
  });

  atSepaysPace("a_foreign_429_pauses_everything_and_is_counted_as_foreign", async (site) => {
    site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 4, count: 1 });
    const replies = await Promise.all([site.ask("/api/accounts/18"), site.ask("/api/accounts/25"), site.ask("/api/accounts/41")]);
    assert.deepEqual(replies.map((reply) => reply.status), [200, 200, 200]);
    const requests = site.sandbox.requests();
    const refusedAt = requests.findIndex((request) => request.httpStatus === 429);
    const times = requests.map((request) => request.atMs);
    // What had left before the 429 arrived is no breach; the first of the others comes after the pause.
    const paused = times.slice(1).find((time) => time - (times[refusedAt] ?? 0) > 500);
    assert.ok(paused !== undefined && paused - (times[refusedAt] ?? 0) >= 4000, times.join(" "));
    const { calls } = await site.status();
    assert.deepEqual([calls.rateLimitedForeign, calls.rateLimitedOwn], [1, 0]);
  });

  atSepaysPace("status_shows_the_pause_while_it_lasts", async (site) => {
    site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 20, count: 1 });
    assertProblem(await site.ask("/api/accounts/18"), "upstream_busy");
    const { pausedForMs, readyInMs, slots } = await site.status();
    assert.ok(pausedForMs > 15_000 && pausedForMs <= 20_000, `${pausedForMs} ms`);
    assert.ok(readyInMs >= pausedForMs - 5);
    assert.equal(slots.length, 2);
  });

  atSepaysPace("server_errors_are_asked_again_twice_through_the_same_slots", async (site) => {
    site.sandbox.addFault({ kind: "status", status: 502, count: 2 });
    assert.equal((await site.ask("/api/accounts/18")).status, 200);
    assert.equal(site.sandbox.counters().requests, 3);
    site.sandbox.addFault({ kind: "status", status: 500 });
    assertProblem(await site.ask("/api/accounts/25"), "upstream_error");
    assert.equal(site.sandbox.counters().requests, 6);
    const { calls } = await site.status();
    assert.deepEqual([calls.sent, calls.retried, calls.failed], [6, 4, 5]);
  });

  atSepaysPace("callers_who_left_are_not_asked_for", async (site) => {
    const sockets = await Promise.all(Array.from({ length: 10 }, (_, index) => askAndHold(site, `/api/accounts/${100 + index}`)));
    await untilStarted(site);
    for (const socket of sockets) socket.resetAndDestroy();
    await until(async () => (await site.status()).queue.callers === 0, "an empty queue");
    const asked = site.sandbox.counters().requests;
    assert.ok(asked <= 2, `${asked} were under way when they left`);
    // It would be the eleventh.
    assert.equal((await site.ask("/api/accounts/18", waiting(4))).status, 200);
    assert.equal(site.sandbox.counters().requests, asked + 1);
    assert.ok((await site.status()).calls.left >= 8);
  });

  atSepaysPace("jitter_and_slow_answers_never_squeeze_three_into_a_second", async (site) => {
    site.sandbox.addFault({ kind: "latency", ms: 0, jitterMs: 900 });
    const replies = await Promise.all(distinct(site, 1, 14, 25));
    assert.ok(replies.every(isAnswer));
    assert.equal(site.sandbox.counters().requests, 14);
  });
});
