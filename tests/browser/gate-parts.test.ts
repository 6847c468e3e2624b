/** What the gate's view makes of the gate's figures: rates, the sentence, the lines of the charts. Without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { EdgeStatus } from "../../src/js/npm/src/edge.ts";
import { lang } from "../../www/src/i18n.ts";
import { nextLookMs } from "../../www/src/views/gate/rhythm.ts";
import { kept, pointsOf, ratesOf } from "../../www/src/views/gate/samples.ts";
import { courseOf } from "../../www/src/views/gate/series.ts";
import { pathsOf, topFor } from "../../www/src/views/gate/spark.ts";
import { askedOf, isQuestion, originOf } from "../../www/src/views/gate/timings.ts";
import { after, countsOf, stateOf, verdict, waitOfNewMs } from "../../www/src/views/gate/verdict.ts";
import { dictionary, sentence } from "../../www/src/views/gate/words.ts";

const QUIET: EdgeStatus = {
  isolate: { uptimeMs: 100_000, served: 0, cache: { entries: 0, bytes: 0 } },
  profile: "default",
  uptimeMs: 100_000,
  slots: [
    { inFlight: false, freeInMs: 0 },
    { inFlight: false, freeInMs: 0 },
  ],
  pausedForMs: 0,
  pauseCause: null,
  readyInMs: 0,
  roundTripMs: 100,
  queue: { questions: 0, interactive: 0, background: 0, refreshes: 0, inFlight: 0, callers: 0 },
  waits: { p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 },
  cache: { entries: 0, bytes: 0, hitRatio: 0 },
  breaker: { open: false, timesOpened: 0 },
  calls: {
    ...{ asked: 0, demand: 0, joined: 0, refused: 0, left: 0, sent: 0, retried: 0, failed: 0 },
    ...{ rateLimitedOwn: 0, rateLimitedForeign: 0 },
    served: { asked: 0, joined: 0, known: 0, refreshing: 0, busy: 0, down: 0 },
    results: { good: 0, missing: 0, failed: 0, passing: 0, rateLimited: 0, unsent: 0 },
  },
};

/* The gate after so many milliseconds, askers, requests, and askers for whom SePay was asked. */
function counted(uptimeMs: number, demand: number, sent: number, asked: number): EdgeStatus {
  const { calls } = QUIET;
  return { ...QUIET, uptimeMs, calls: { ...calls, demand, sent, served: { ...calls.served, asked } } };
}

function said(status: Partial<EdgeStatus>, language: "vi" | "en" = "en"): string {
  lang.value = language;
  return sentence(verdict({ ...QUIET, ...status }));
}

const BUSY = {
  slots: [
    { inFlight: true, freeInMs: 8900 },
    { inFlight: false, freeInMs: 400 },
  ],
  queue: { ...QUIET.queue, questions: 3, interactive: 3 },
};

test("two_looks_make_rates_by_the_clock_of_the_gate", () => {
  const rates = ratesOf({ atMs: 0, status: counted(10_000, 10, 5, 5) }, { atMs: 2300, status: counted(12_000, 20, 8, 8) });
  assert.deepEqual(rates, { callsPerSec: 1.5, questionsPerSec: 5, hitRatio: 0.7 });
});

test("nobody_asked_is_no_hit_ratio", () => {
  const rates = ratesOf({ atMs: 0, status: counted(10_000, 10, 5, 5) }, { atMs: 2000, status: counted(12_000, 10, 5, 5) });
  assert.deepEqual(rates, { callsPerSec: 0, questionsPerSec: 0, hitRatio: null });
});

test("an_answer_to_an_earlier_question_makes_no_hit_ratio_below_0", () => {
  const rates = ratesOf({ atMs: 0, status: counted(10_000, 10, 5, 5) }, { atMs: 2000, status: counted(12_000, 11, 5, 9) });
  assert.equal(rates?.hitRatio, 0);
});

test("a_gate_that_was_started_again_begins_anew_and_is_never_negative", () => {
  const before = { atMs: 0, status: counted(600_000, 900, 300, 300) };
  for (const status of [counted(1_500, 2, 1, 1), counted(602_000, 2, 301, 301), counted(602_000, 901, 1, 301)]) {
    const later = { atMs: 2000, status };
    assert.equal(ratesOf(before, later), null);
    assert.deepEqual(kept([before], later), [later]);
  }
  const other = { atMs: 2000, status: { ...counted(602_000, 901, 301, 301), profile: "other" } };
  assert.deepEqual(kept([before], other), [other]);
});

test("looks_of_three_minutes_are_kept", () => {
  let samples: { atMs: number; status: EdgeStatus }[] = [];
  for (let atMs = 0; atMs <= 400_000; atMs += 2000) samples = kept(samples, { atMs, status: counted(100_000 + atMs, 0, 0, 0) });
  assert.equal(samples.length, 90);
  assert.deepEqual([samples.at(0)?.atMs, samples.at(-1)?.atMs], [222_000, 400_000]);
});

test("there_are_no_rates_over_a_time_in_which_nobody_looked", () => {
  const samples = [0, 2000, 20_000, 22_000].map((atMs) => ({ atMs, status: counted(100_000 + atMs, atMs, 0, 0) }));
  assert.deepEqual(pointsOf(samples).map(({ rates }) => rates?.questionsPerSec ?? null), [null, 1000, null, 1000]);
});

test("a_free_gate_says_so", () => {
  assert.equal(said({}), "Free: a new question leaves at once.");
  assert.equal(said({}, "vi"), "Đang rảnh: câu hỏi mới được gửi đi ngay.");
  // One of two slots is enough.
  assert.equal(said({ slots: [BUSY.slots[0]!, QUIET.slots[1]!] }), "Free: a new question leaves at once.");
});

test("a_busy_gate_says_who_waits_and_for_how_long", () => {
  // Slots come free in 0.4 s and (100 ms + 1 s) 1.1 s, then a cycle of 1.1 s later: the fourth goes at 2.2 s.
  assert.equal(said(BUSY), "Both slots are busy; 3 questions wait; a new one waits about 2.2 s.");
  assert.equal(said(BUSY, "vi"), "Cả hai suất gọi đều bận; 3 câu hỏi đang chờ; câu hỏi mới chờ khoảng 2,2 giây.");
  assert.equal(said({ ...BUSY, queue: QUIET.queue }), "Both slots are busy; no question waits; a new one waits about 0.4 s.");
  const one = { slots: [{ inFlight: false, freeInMs: 700 }], queue: { ...QUIET.queue, questions: 1, interactive: 1 } };
  assert.equal(said(one), "The only slot is busy; 1 question waits; a new one waits about 1.8 s.");
});

test("a_slow_sepay_is_named_as_the_reason", () => {
  const slow = { ...BUSY, queue: QUIET.queue, roundTripMs: 3200 };
  assert.match(said(slow), /waits about 0\.4 s\. SePay answers slowly: it takes about 3\.2 s\.$/);
  assert.match(said(slow, "vi"), /SePay trả lời chậm: khoảng 3,2 giây\.$/);
});

test("what_waits_in_the_background_lets_a_new_question_go_first", () => {
  const behind = { ...QUIET, slots: BUSY.slots, queue: { ...QUIET.queue, questions: 9, background: 9 } };
  assert.equal(waitOfNewMs(behind), 400);
  assert.equal(waitOfNewMs({ ...behind, queue: { ...behind.queue, refreshes: 5 } }), 1100);
});

test("a_pause_names_its_cause_and_what_is_left_of_it", () => {
  const paused = { ...BUSY, pausedForMs: 3_200 };
  assert.equal(said({ ...paused, pauseCause: "foreign429" }), "SePay said 429: somebody else uses the token; going on in 4 s.");
  assert.equal(said({ ...paused, pauseCause: "own429" }), "SePay said 429 because this gate asked too fast; going on in 4 s.");
  assert.equal(said({ ...paused, pauseCause: null }), "SePay said 429 (too many requests); going on in 4 s.");
  assert.equal(
    said({ ...paused, pauseCause: "foreign429" }, "vi"),
    "SePay báo 429: có nơi khác đang dùng chung token; gửi tiếp sau 4 giây.",
  );
});

test("a_sepay_that_is_down_comes_before_everything_else", () => {
  const down = { ...BUSY, pausedForMs: 3_200, breaker: { open: true, timesOpened: 1 } };
  assert.match(said(down), /^SePay does not answer/);
  assert.match(said(down, "vi"), /^SePay không trả lời/);
});

test("a_pause_runs_out_between_two_looks", () => {
  const paused = { ...QUIET, pausedForMs: 3000 };
  assert.equal(after(paused, 1200).pausedForMs, 1800);
  assert.equal(verdict(after(paused, 3001)).kind, "free");
  assert.equal(after(paused, -500).pausedForMs, 3000, "a clock that was set back gives no more");
});

test("a_slot_is_asking_resting_held_or_free", () => {
  assert.equal(stateOf({ inFlight: true, freeInMs: 9000 }, true), "inFlight");
  assert.equal(stateOf({ inFlight: false, freeInMs: 1 }, true), "cooling");
  assert.equal(stateOf({ inFlight: false, freeInMs: 0 }, true), "held");
  assert.equal(stateOf({ inFlight: false, freeInMs: 0 }, false), "free");
});

test("slots_that_are_held_back_are_not_counted_as_free", () => {
  const counts = countsOf(["inFlight", "cooling", "held", "held", "held", "free"]);
  assert.equal(dictionary.en.slotCounts(counts), "1 asking · 1 resting · 3 held back · 1 free");
  assert.equal(dictionary.vi.slotCounts(counts), "1 đang hỏi · 1 đang nghỉ · 3 tạm giữ · 1 rảnh");
  assert.equal(dictionary.en.slotCounts(countsOf(["free"])), "0 asking · 0 resting · 1 free");
});

test("looks_come_every_two_seconds_later_after_failures_and_never_in_a_pause", () => {
  const usual = { failures: 0, pausedForMs: -5, isSeen: true, isOnline: true };
  assert.equal(nextLookMs(usual), 2000);
  assert.equal(nextLookMs({ ...usual, failures: 2 }), 8000);
  assert.equal(nextLookMs({ ...usual, failures: 99 }), 32_000);
  assert.equal(nextLookMs({ ...usual, pausedForMs: 7000 }), 7000);
  assert.equal(nextLookMs({ ...usual, isSeen: false }), null);
  assert.equal(nextLookMs({ ...usual, isOnline: false }), null);
  assert.equal(nextLookMs({ ...usual, pausedForMs: Infinity }), null);
});

test("a_line_breaks_where_there_is_no_value", () => {
  const frame = { fromMs: 0, toMs: 100, top: 10 };
  const spots = [0, 50, 75, 100].map((atMs, index) => ({ atMs, value: [0, 10, null, 5][index]! }));
  const { line, ground } = pathsOf(spots, frame);
  assert.equal(line, "M0,46L100,2M200,24L200,24");
  assert.equal(ground, "M0,48L0,46L100,2L100,48Z");
});

test("what_is_outside_the_frame_is_not_drawn", () => {
  assert.equal(pathsOf([{ atMs: -1, value: 1 }], { fromMs: 0, toMs: 100, top: 10 }).line, "");
});

test("the_top_of_a_chart_is_a_round_number_not_below_any_value", () => {
  assert.deepEqual([topFor([3, 7], 2), topFor([], 2), topFor([0.3], 0.1), topFor([50], 1), topFor([51], 1)], [10, 2, 0.5, 50, 100]);
});

test("the_chart_of_calls_always_shows_the_limit", () => {
  const points = pointsOf([0, 2000].map((atMs) => ({ atMs, status: counted(100_000 + atMs, 0, atMs / 2000, 0) })));
  const course = courseOf("calls", points, 2);
  assert.ok(course.frame.top > 2);
  assert.deepEqual([course.now, course.least, course.most], [0.5, 0.5, 0.5]);
  assert.equal(courseOf("queue", points, 2).now, 0);
});

const timing = (name: string, told: [string, number][]) => ({
  name,
  startTime: 500,
  duration: 40,
  serverTiming: told.map(([name, duration]) => ({ name, duration })),
});

test("a_question_is_shown_without_its_query", () => {
  const entry = timing("https://pay.example.vn/api/transactions?account=0071000888888", [["queue", 12], ["upstream", 20], ["age", 25]]);
  const asked = askedOf(entry, 1_000_000);
  assert.deepEqual(asked, { atMs: 1_000_500, route: "/api/transactions", totalMs: 40, gate: { queueMs: 12, sePayMs: 20, ageMs: 25 } });
  assert.equal(originOf(asked), "sePay");
});

test("an_answer_from_memory_waited_for_nothing_and_a_joined_one_for_more_than_its_own_time", () => {
  const origin = (...told: [string, number][]) => originOf(askedOf(timing("https://pay.example.vn/api/accounts", told), 0));
  assert.equal(origin(["queue", 0], ["upstream", 0], ["age", 800]), "memory");
  assert.equal(origin(["queue", 90], ["upstream", 20], ["age", 20]), "joined");
  assert.equal(origin(), "unknown");
});

test("only_the_api_is_a_question_and_the_look_at_the_gate_is_none", () => {
  const urls = ["/api/accounts", "/api/tickets/self", "/api/status", "/app.js", "/parts/api/x.js", "/?next=/api/accounts", "/api/statuses"];
  const questions = urls.filter((path) => isQuestion(`http://127.0.0.1:8787${path}`));
  assert.deepEqual(questions, ["/api/accounts", "/api/tickets/self", "/api/statuses"]);
});
