import assert from "node:assert/strict";
import { test } from "node:test";
import { BEAT_MS, nextBeatMs, periodMs } from "../../www/src/state/beat.ts";
import type { Situation } from "../../www/src/state/beat.ts";

const USUAL: Situation = { calls: 1, failures: 0, idleMs: 0, isHidden: false, isWatching: false };

test("usual_period_is_longer_than_an_answer_is_fresh_and_short_enough_for_two_seconds_and_a_half", () => {
  assert.equal(BEAT_MS, 1250);
  assert.equal(periodMs(USUAL), 1250);
});

test("page_that_nobody_sees_asks_nothing", () => {
  assert.equal(periodMs({ ...USUAL, isHidden: true }), null);
  assert.equal(periodMs({ ...USUAL, isHidden: true, failures: 3 }), null);
});

test("payment_that_is_waited_for_is_asked_for_even_unseen_but_slowly", () => {
  assert.equal(periodMs({ ...USUAL, isHidden: true, isWatching: true }), 5000);
});

test("page_that_nobody_touches_for_ten_minutes_is_slow_unless_it_waits_for_a_payment", () => {
  assert.equal(periodMs({ ...USUAL, idleMs: 600_000 }), 1250);
  assert.equal(periodMs({ ...USUAL, idleMs: 600_001 }), 5000);
  assert.equal(periodMs({ ...USUAL, idleMs: 600_001, isWatching: true }), 1250);
});

test("each_failure_doubles_the_period_up_to_forty_seconds", () => {
  const periods = [0, 1, 2, 3, 4, 5, 6, 1000].map((failures) => periodMs({ ...USUAL, failures }));
  assert.deepEqual(periods, [1250, 2500, 5000, 10_000, 20_000, 40_000, 40_000, 40_000]);
});

test("question_that_takes_more_calls_is_asked_less_often", () => {
  assert.equal(periodMs({ ...USUAL, calls: 3 }), 3750);
  assert.equal(periodMs({ ...USUAL, calls: 500 }), 40_000);
  assert.equal(periodMs({ ...USUAL, calls: 0 }), 1250, "a key without accounts");
});

test("beats_are_the_same_moments_for_whoever_asks", () => {
  assert.equal(nextBeatMs(1_000, 1250), 1250);
  assert.equal(nextBeatMs(1_249, 1250), 1250);
  assert.equal(nextBeatMs(1_250, 1250), 2500, "a beat that is now is over");
  // A slow page's beats are beats of the quick ones too.
  assert.equal(nextBeatMs(1_700_000_001_111, 5000) % 1250, 0);
});

test("beat_is_not_before_the_time_that_a_refusal_named", () => {
  assert.equal(nextBeatMs(1_000, 1250, 9_000), 10_000);
  assert.equal(nextBeatMs(1_000, 1250, 8_750), 8_750, "at that time it may be");
  assert.equal(nextBeatMs(9_500, 1250, 9_000), 10_000, "a time that is over");
});
