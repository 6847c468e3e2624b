/** The live list without a browser: what is new in it, and where it ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Answer } from "../../www/src/api.ts";
import type { Transaction } from "../../www/src/model.ts";
import { Live } from "../../www/src/state/live.ts";
import { Source } from "../../www/src/state/source.ts";

test("rows_of_the_first_answer_are_not_new_and_all_later_ones_are", async (t) => {
  const { refresh, heard } = await started(t, rows(1, 2));
  assert.deepEqual(heard, []);
  await refresh(rows(1, 3));
  assert.deepEqual(heard, ["3"]);
});

test("the_first_row_of_an_empty_list_is_new", async (t) => {
  const { live, refresh, heard } = await started(t, []);
  assert.equal(live.isAnswered.value, true);
  await refresh(rows(1, 1));
  assert.deepEqual(heard, ["1"]);
});

test("a_list_that_is_too_long_begins_anew_and_tells_whoever_kept_rows_of_it", async (t) => {
  const { live, refresh, heard } = await started(t, rows(1, 5000));
  assert.deepEqual([live.rows.value.length, live.generation.value], [5000, 0]);
  await refresh(rows(4990, 5001));
  assert.deepEqual([live.rows.value.length, live.generation.value, live.isComplete.value], [100, 1, false]);
  assert.deepEqual([live.rows.value[0]?.id, live.rows.value.at(-1)?.id, heard], ["5001", "4902", ["5001"]]);
  await refresh(rows(4990, 5002));
  assert.deepEqual([live.rows.value.length, live.generation.value, heard], [101, 1, ["5001", "5002"]]);
});

test("whoever_asked_before_a_late_first_answer_is_told_that_rows_may_be_missing", async (t) => {
  const { live, refresh } = await started(t, null);
  assert.deepEqual([live.isAnswered.value, live.generation.value], [false, 0]);
  await refresh(null);
  await refresh(rows(1, 100));
  assert.deepEqual([live.rows.value.length, live.generation.value], [100, 1]);
  await refresh(rows(2, 101));
  assert.deepEqual([live.rows.value.length, live.generation.value], [101, 1], "once");
});

/* A list that has had this answer, or a failure, and asks only when told to: nobody is online here. */
async function started(t: TestContext, first: Transaction[] | null) {
  for (const [name, value] of Object.entries({ addEventListener() {}, document: new EventTarget() })) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
    t.after(() => Reflect.deleteProperty(globalThis, name));
  }
  let next = first;
  const heard: string[] = [];
  const shared = { onTrouble() {}, isAwake: () => true, pausedUntilMs: 0, used: new Set<{ clear(): void }>() };
  const source = () => new Source<Answer<Transaction>>(async () => {
    if (next === null) throw new TypeError("no network");
    return { rows: next, complete: false, ageSecs: 0, stale: false };
  }, shared, false);
  const onRows = (came: Transaction[]) => void heard.push(...came.map(({ id }) => id));
  const live = new Live({ newest: source(), recent: source(), calls: () => 1, onRows });
  t.after(() => live.stop());
  live.start();
  const refresh = (answer: Transaction[] | null) => ((next = answer), live.refresh());
  await new Promise(setImmediate);
  return { live, refresh, heard };
}

/* With these ids, the newest first. */
function rows(from: number, to: number): Transaction[] {
  const ids = Array.from({ length: to - from + 1 }, (_, n) => to - n);
  return ids.map((id) => ({ id: String(id), occurredAt: new Date(id * 1000).toISOString() }) as Transaction);
}
