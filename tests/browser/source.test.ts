/** One question and what became of it, without a browser: problems that go on, and pauses that end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { SePayError } from "../../src/js/npm/src/edge.ts";
import type { ErrorCode } from "../../src/js/npm/src/edge.ts";
import { Source } from "../../www/src/state/source.ts";

type Told = { rows: string[]; stale: false | "down" };

const OLD: Told = { rows: ["old"], stale: "down" };
const NEW: Told = { rows: ["new"], stale: false };
const DAY_MS = 86_400_000;

test("a_problem_goes_on_while_answers_are_old_and_is_over_with_a_new_one", async (t) => {
  const { source, asked } = sourceOf(t, [failure("upstream_error", 502), OLD, OLD, NEW]);
  await source.load();
  const told = source.trouble.value;
  await pass(t, 2_000);
  for (const [waitMs, count] of [[0, 2], [5_000, 3]] as const) {
    await pass(t, waitMs);
    assert.deepEqual([asked(), source.shown.value?.value], [count, OLD]);
    assert.equal(source.trouble.value, told, "the same problem, which is said once");
  }
  await pass(t, 4_999);
  assert.equal(asked(), 3, "long lists are not asked for all the time");
  await pass(t, 1);
  assert.deepEqual([source.shown.value?.value, source.trouble.value], [NEW, null]);
  await pass(t, 600_000);
  assert.equal(asked(), 4);
});

test("a_problem_that_cannot_pass_was_another_questions", async (t) => {
  const { source, asked } = sourceOf(t, [failure("invalid_parameter", 400), OLD]);
  await source.load();
  await source.load();
  assert.equal(source.trouble.value, null);
  await pass(t, 600_000);
  assert.equal(asked(), 2);
});

test("a_pause_ends_although_the_clock_is_set_back", async (t) => {
  const { source, asked } = sourceOf(t, [failure("rate_limited", 429, 2_000), NEW]);
  const clock = t.mock.method(Date, "now", () => DAY_MS);
  await source.load();
  clock.mock.restore();
  await pass(t, 2_000);
  assert.deepEqual([asked(), source.shown.value?.value], [2, NEW]);
});

test("a_pause_after_the_clock_was_set_back_is_kept", async (t) => {
  const { source, asked } = sourceOf(t, [failure("rate_limited", 429, 2_000), failure("rate_limited", 429, 50_000), NEW]);
  const clock = t.mock.method(Date, "now", () => DAY_MS);
  await source.load();
  clock.mock.restore();
  await pass(t, 2_000);
  await pass(t, 49_000);
  assert.equal(asked(), 2);
  await pass(t, 1_000);
  assert.equal(asked(), 3);
});

test("a_pause_without_end_stays_one", async (t) => {
  const { source, asked, shared } = sourceOf(t, [NEW]);
  shared.pausedUntilMs = Infinity;
  assert.equal(await source.load(), null);
  await pass(t, 10 * DAY_MS);
  assert.equal(asked(), 0);
});

function sourceOf(t: TestContext, outcomes: (Told | SePayError)[]) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let count = 0;
  const question = async (): Promise<Told> => {
    const next = outcomes[count++];
    if (next === undefined || next instanceof SePayError) throw next;
    return next;
  };
  const shared = { onTrouble() {}, isAwake: () => true, pausedUntilMs: 0, used: new Set<{ clear(): void }>() };
  return { source: new Source(question, shared), asked: () => count, shared };
}

function failure(code: ErrorCode, status: number, retryAfterMs?: number): SePayError {
  return new SePayError({ code, message: code, status, retryAfterMs });
}

async function pass(t: TestContext, ms: number): Promise<void> {
  t.mock.timers.tick(ms);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
