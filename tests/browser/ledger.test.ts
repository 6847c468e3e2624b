import assert from "node:assert/strict";
import { test } from "node:test";
import { readTransaction } from "../../www/src/model.ts";
import type { Transaction } from "../../www/src/model.ts";
import { areApart, hasGap, merged, newestFirst, unknownIn } from "../../www/src/state/ledger.ts";

const NOON = "2026-11-20T12:00:00+07:00";

test("lists_become_one_newest_first_with_each_row_once", () => {
  const known = [row("3", "2026-11-20T12:03:00+07:00"), row("1", "2026-11-20T12:01:00+07:00")];
  const came = [row("4", "2026-11-20T12:04:00+07:00"), row("3", "2026-11-20T12:03:00+07:00"), row("2", "2026-11-20T12:02:00+07:00")];
  assert.deepEqual(idsOf(merged(known, came)), ["4", "3", "2", "1"]);
  assert.deepEqual(idsOf(known), ["3", "1"], "what was known is not changed");
});

test("answer_that_adds_nothing_gives_the_same_list_so_that_nothing_is_drawn_anew", () => {
  const known = [row("2", NOON), row("1", NOON)];
  assert.equal(merged(known, [row("1", NOON)]), known);
  assert.equal(merged(known, []), known);
});

test("known_row_stays_as_it_is", () => {
  const known = [row("1", NOON)];
  const [first] = merged(known, [row("2", NOON), { ...row("1", NOON), content: "other" }]).slice(1);
  assert.equal(first, known[0]);
});

test("late_booked_row_stands_where_its_time_is", () => {
  const known = [row("9", "2026-11-20T12:09:00+07:00"), row("8", "2026-11-20T12:00:00+07:00")];
  assert.deepEqual(idsOf(merged(known, [row("10", "2026-11-20T12:05:00+07:00")])), ["9", "10", "8"]);
});

test("times_are_compared_as_moments_and_not_as_texts", () => {
  const rows = [row("1", "2026-11-20T07:00:00Z"), row("2", "2026-11-20T13:30:00+07:00")];
  assert.deepEqual(idsOf(rows.sort(newestFirst)), ["1", "2"]);
});

test("rows_of_one_second_stand_by_their_ids_even_beyond_what_a_number_holds", () => {
  const rows = ["99", "100", "18446744073709551614", "18446744073709551615"].map((id) => row(id, NOON));
  assert.deepEqual(idsOf(rows.sort(newestFirst)), ["18446744073709551615", "18446744073709551614", "100", "99"]);
});

test("rows_whose_time_may_not_be_seen_come_last_by_id", () => {
  const rows = [row("5", null), row("7", null), row("1", NOON)];
  assert.deepEqual(idsOf(rows.sort(newestFirst)), ["1", "7", "5"]);
});

test("unknown_rows_keep_their_order", () => {
  assert.deepEqual(idsOf(unknownIn([row("2", NOON)], [row("3", NOON), row("2", NOON), row("1", NOON)])), ["3", "1"]);
});

test("an_answer_that_holds_a_row_twice_adds_it_once", () => {
  const twice = row("1", NOON);
  assert.deepEqual(merged([], [twice, twice]).map(({ id }) => id), ["1"]);
});

test("one_known_row_among_unknown_ones_hides_no_gap", () => {
  const known = [row("9", "2026-11-20T12:00:50+07:00"), row("1", NOON)];
  const behind = row("8", "2026-11-20T12:00:40+07:00");
  assert.equal(hasGap(known, { rows: [known[0]!, behind], complete: false }), true, "what lies behind 8 may be new");
  // Booked late: a new id with an old time. Whichever SePay's limit goes by, rows may be missing.
  const late = row("12", "2026-11-20T11:00:00+07:00");
  assert.equal(hasGap(known, { rows: [known[0]!, late], complete: false }), true);
  const byId = row("7", "2026-11-20T12:00:45+07:00");
  assert.equal(hasGap(known, { rows: [byId, known[1]!, known[0]!], complete: false }), false, "both edges are known");
});

test("gap_is_possible_only_when_what_came_does_not_reach_back_to_what_is_known", () => {
  const known = [row("1", NOON)];
  assert.equal(hasGap(known, { rows: [row("3", NOON), row("2", NOON)], complete: false }), true);
  assert.equal(hasGap(known, { rows: [row("3", NOON), row("1", NOON)], complete: false }), false, "one is known");
  assert.equal(hasGap(known, { rows: [row("3", NOON)], complete: true }), false, "these are all");
  assert.equal(hasGap(known, { rows: [], complete: false }), false, "there is none");
  assert.equal(hasGap([], { rows: [row("3", NOON)], complete: false }), true, "nothing is known yet");
});

test("an_answer_and_the_live_rows_are_apart_when_neither_reaches_into_the_other", () => {
  const [one, two, three, four] = ["1", "2", "3", "4"].map((id) => row(id, `2026-11-20T12:00:0${id}+07:00`)) as [Transaction, Transaction, Transaction, Transaction];
  const live = (...rows: Transaction[]) => ({ rows, complete: false });
  assert.equal(areApart([two, one], live(four, three)), true);
  assert.equal(areApart([two, one], live(three, two)), false, "the live rows reach back into the answer");
  assert.equal(areApart([three, two], live(four, three, two, one)), false, "the answer was cut off within the live rows");
  assert.equal(areApart([], live(one)), true, "others may have come before it");
  assert.equal(areApart([one], { rows: [three], complete: true }), false, "these are all");
  assert.equal(areApart([one], live()), false, "there is none");
});

function row(id: string, occurredAt: string | null): Transaction {
  return readTransaction({ id, occurredAt, direction: "in", amountIn: 1, amountOut: 0 }, "row");
}

function idsOf(rows: readonly Transaction[]): string[] {
  return rows.map(({ id }) => id);
}
