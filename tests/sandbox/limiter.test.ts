import assert from "node:assert/strict";
import { test } from "node:test";
import { arrive, maxInWindow, newLimiter } from "./limiter.ts";

/** Feeds a timeline of one key and tells which arrivals were violations. */
function violations(limit: number, times: readonly number[]): number[] {
  const limiter = newLimiter();
  return times.filter((atMs) => arrive(limiter, "a", atMs, limit).violation);
}

test("two_arrivals_exactly_1000_ms_apart_share_no_window", () => {
  assert.deepEqual(violations(1, [0, 1000, 2000]), []);
  assert.deepEqual(violations(1, [0, 999.999]), [999.999]);
  assert.deepEqual(violations(2, [0, 0.5, 1000]), []);
});

test("the_third_arrival_in_a_second_is_a_violation_of_two", () => {
  assert.deepEqual(violations(2, [0, 500, 999]), [999]);
  assert.deepEqual(violations(2, [10, 10, 10, 10]), [10, 10]);
});

test("the_window_slides_and_is_not_a_clock_second", () => {
  // A fixed window which starts at 0, 1000, … would allow all four.
  assert.deepEqual(violations(2, [900, 950, 1050, 1100]), [1050, 1100]);
});

test("refused_arrivals_count_too", () => {
  // 300 is refused; without it 1150 would be the second of its window, with it 1150 is the third.
  assert.deepEqual(violations(2, [100, 200, 300, 1150, 1250]), [300, 1150, 1250]);
});

test("keys_do_not_share_a_budget", () => {
  const limiter = newLimiter();
  assert.equal(arrive(limiter, "a", 0, 1).violation, false);
  assert.equal(arrive(limiter, "b", 0, 1).violation, false);
  assert.equal(arrive(limiter, "a", 1, 1).violation, true);
});

test("the_verdict_counts_the_arrivals_in_the_window", () => {
  const limiter = newLimiter();
  const counts = [0, 400, 800, 1000, 1400, 5000].map((atMs) => arrive(limiter, "a", atMs, 9).inWindow);
  assert.deepEqual(counts, [1, 2, 3, 3, 3, 1]);
});

test("silent_keys_are_forgotten", () => {
  const limiter = newLimiter();
  for (let key = 0; key < 1000; key += 1) arrive(limiter, `key ${key}`, key / 1000, 2);
  arrive(limiter, "last", 5000, 2);
  assert.deepEqual([...limiter.windows.keys()], ["last"]);
});

test("a_limiter_agrees_with_counting_by_hand", () => {
  const times = Array.from({ length: 400 }, (_, index) => ((index * 7919) % 9973) * 1.7).sort(
    (a, b) => a - b,
  );
  const limiter = newLimiter();
  times.forEach((atMs, index) => {
    const expected = times.slice(0, index + 1).filter((time) => time > atMs - 1000).length;
    assert.equal(arrive(limiter, "a", atMs, 2).inWindow, expected);
  });
});

test("max_in_window_is_of_one_key_and_half_open", () => {
  const arrivals = [0, 100, 1000, 1050].map((atMs) => ({ key: "a", atMs }));
  assert.equal(maxInWindow(arrivals, 1000), 3);
  assert.equal(maxInWindow(arrivals, 1000.1), 3);
  assert.equal(maxInWindow(arrivals, 1051), 4);
  assert.equal(maxInWindow(arrivals, 900), 2);
  assert.equal(
    maxInWindow(
      arrivals.map((each, index) => ({ ...each, key: String(index % 2) })),
      10_000,
    ),
    2,
  );
  assert.equal(maxInWindow([], 1000), 0);
});
