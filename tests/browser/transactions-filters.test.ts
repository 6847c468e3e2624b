/** The filters of the transactions: the address, SePay's part of the question, and the judgement of rows. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { fold } from "../../www/src/fold.ts";
import { choicesIn } from "../../www/src/views/transactions/account-number.ts";
import { NO_FILTERS, activeIn, amountsOf, daysOf, readFilters, readText, without, writeFilters } from "../../www/src/views/transactions/filters.ts";
import type { Filters } from "../../www/src/views/transactions/filters.ts";
import { askedBy, isBlind, isSearched, questionOf, restOf } from "../../www/src/views/transactions/question.ts";
import { rowWith } from "./transaction-rows.ts";

const KNOWN = { today: "2026-11-21", accountNumber: null };

const EVERYTHING: Filters = {
  account: "18",
  range: null,
  from: "2026-11-01",
  to: "2026-11-20",
  min: 1000,
  max: 2_000_000,
  direction: "in",
  reference: "FT 1/2&3",
  text: "Nguyễn  DH001",
};

function filters(rest: Partial<Filters>): Filters {
  return { ...NO_FILTERS, ...rest };
}

describe("filters in the address", () => {
  test("what_is_written_is_read_again", () => {
    assert.deepEqual(readFilters(writeFilters(EVERYTHING)), EVERYTHING);
    assert.deepEqual(readFilters(writeFilters(filters({ range: "7d" }))), filters({ range: "7d" }));
    assert.deepEqual(writeFilters(NO_FILTERS), {});
  });

  test("the_names_in_the_address_stay", () => {
    const names = { account: "18", from: "2026-11-01", to: "2026-11-20", min: "1000", max: "2000000", dir: "in", ref: "FT 1/2&3", q: "Nguyễn  DH001" };
    assert.deepEqual(writeFilters(EVERYTHING), names);
    assert.deepEqual(writeFilters(filters({ range: "lastMonth" })), { range: "lastMonth" });
  });

  for (const nonsense of [
    { account: "0071-000" },
    { account: "1".repeat(21) },
    { range: "8d" },
    { range: "constructor" },
    { from: "2026-02-29" },
    { to: "21/11/2026" },
    { min: "-1" },
    { min: "1.5" },
    { max: "1e9" },
    { max: "9007199254740992" },
    { dir: "unknown" },
    { ref: " \u0000 " },
    { q: "   " },
    { what: "ever" },
  ]) {
    test(`nonsense_is_dropped: ${JSON.stringify(nonsense)}`, () => {
      assert.deepEqual(readFilters(nonsense), NO_FILTERS);
    });
  }

  test("days_by_name_win_over_days", () => {
    assert.deepEqual(readFilters({ range: "today", from: "2026-11-01" }), filters({ range: "today" }));
  });

  test("texts_are_made_fit_for_the_worker", () => {
    assert.equal(readText("  a\tb\u0000 "), "a b");
    assert.equal([...(readText("🙂".repeat(200)) ?? "")].length, 128);
  });

  test("active_ones_are_counted_as_a_person_sees_them", () => {
    assert.deepEqual(activeIn(EVERYTHING), ["text", "account", "direction", "dates", "amounts", "reference"]);
    assert.deepEqual(activeIn(filters({ max: 0 })), ["amounts"]);
    assert.deepEqual(activeIn(NO_FILTERS), []);
  });

  test("one_is_taken_away_whole", () => {
    const rest = activeIn(EVERYTHING).reduce(without, EVERYTHING);
    assert.deepEqual(rest, NO_FILTERS);
    assert.deepEqual(without(filters({ range: "7d", text: "a" }), "dates"), filters({ text: "a" }));
  });

  test("ends_given_the_wrong_way_round_are_turned", () => {
    assert.deepEqual(daysOf(filters({ from: "2026-11-20", to: "2026-11-01" }), KNOWN.today), { from: "2026-11-01", to: "2026-11-20" });
    assert.deepEqual(amountsOf(filters({ min: 5000, max: 1000 })), { min: 1000, max: 5000 });
    assert.deepEqual(amountsOf(filters({ max: 1000 })), { min: null, max: 1000 });
  });
});

describe("the question", () => {
  test("sepay_is_asked_for_what_it_can_answer", () => {
    const question = questionOf(EVERYTHING, { ...KNOWN, accountNumber: "0071000888888" });
    assert.deepEqual(question, { account: "0071000888888", from: "2026-11-01", to: "2026-11-20", reference: "FT 1/2&3" });
    assert.deepEqual(questionOf(NO_FILTERS, KNOWN), {});
  });

  test("days_by_name_become_days", () => {
    assert.deepEqual(questionOf(filters({ range: "7d" }), KNOWN), { from: "2026-11-15", to: "2026-11-21" });
  });

  test("an_amount_is_asked_for_only_when_it_is_one_and_has_a_direction", () => {
    const exactly = { min: 2_277_000, max: 2_277_000 };
    assert.deepEqual(questionOf(filters({ ...exactly, direction: "in" }), KNOWN), { amountIn: 2_277_000 });
    assert.deepEqual(questionOf(filters({ ...exactly, direction: "out" }), KNOWN), { amountOut: 2_277_000 });
    assert.deepEqual(questionOf(filters(exactly), KNOWN), {});
    assert.deepEqual(questionOf(filters({ min: 1, max: 2, direction: "in" }), KNOWN), {});
    assert.deepEqual(questionOf(filters({ min: 0, max: 0, direction: "in" }), KNOWN), {});
  });

  test("an_account_whose_number_is_hidden_is_not_asked_for", () => {
    assert.deepEqual(questionOf(filters({ account: "18" }), KNOWN), {});
    assert.equal(isSearched(filters({ account: "18" }), {}), true);
  });

  test("it_is_known_which_filters_search_the_rows_at_hand", () => {
    const searched = (rest: Partial<Filters>) => isSearched(filters(rest), questionOf(filters(rest), { ...KNOWN, accountNumber: "1" }));
    assert.equal(searched({ account: "18", range: "7d", reference: "x" }), false);
    assert.equal(searched({ direction: "in", min: 5, max: 5 }), false);
    for (const rest of [{ text: "a" }, { direction: "in" }, { min: 5 }, { max: 5 }] as const) assert.equal(searched(rest), true);
  });

  test("live_rows_join_an_answer_as_sepay_would_choose_them", () => {
    const asked = askedBy({ account: "0071000888888", from: "2026-11-20", to: "2026-11-20", reference: "FT253245001", amountIn: 150_000 });
    assert.equal(asked(rowWith()), true);
    assert.equal(asked(rowWith({ accountNumber: "71000888888" })), false);
    assert.equal(asked(rowWith({ reference: "ft253245001" })), false);
    assert.equal(asked(rowWith({ amountIn: 150_001 })), false);
    assert.equal(askedBy({ amountOut: 5 })(rowWith({ amountIn: 5 })), false);
  });

  test("days_are_those_of_vietnam_to_the_second", () => {
    const asked = askedBy({ from: "2026-11-20", to: "2026-11-20" });
    assert.equal(asked(rowWith({ occurredAt: "2026-11-20T00:00:00+07:00" })), true);
    assert.equal(asked(rowWith({ occurredAt: "2026-11-20T23:59:59+07:00" })), true);
    assert.equal(asked(rowWith({ occurredAt: "2026-11-21T00:00:00+07:00" })), false);
    assert.equal(asked(rowWith({ occurredAt: "2026-11-19T17:00:00Z" })), true);
    assert.equal(asked(rowWith({ occurredAt: "2026-11-19T16:59:59Z" })), false);
    assert.equal(asked(rowWith({ occurredAt: null })), false);
  });
});

describe("the judgement of rows", () => {
  const fits = (rest: Partial<Filters>, row: Parameters<typeof rowWith>[0] = {}) => restOf(filters(rest), {})(rowWith(row));

  test("capitals_and_marks_make_no_difference", () => {
    assert.equal(fold("Nguyễn ĐỨC Ước"), "nguyen duc uoc");
    assert.equal(fits({ text: "nguyễn văn" }), true);
    assert.equal(fits({ text: "dh001 NGUYEN" }), true);
    assert.equal(fits({ text: "duc" }, { content: "Trần Đức" }), true);
    // Composed and decomposed marks are the same to a person.
    assert.equal(fits({ text: "ễ" }, { content: "e\u0302\u0303" }), true);
  });

  test("every_word_has_to_be_there_wherever_it_stands", () => {
    assert.equal(fits({ text: "dh001 ft253245001" }), true);
    assert.equal(fits({ text: "dh001 ft9" }), false);
    assert.equal(fits({ text: "va77" }, { subAccount: "VA77" }), true);
    assert.equal(fits({ text: "888888" }), true);
    assert.equal(fits({ text: "DH002" }, { code: null, reference: null, content: null, accountNumber: null }), false);
  });

  test("no_word_is_found_across_two_fields", () => {
    assert.equal(fits({ text: "xy" }, { content: "x", code: "y" }), false);
  });

  test("a_text_is_no_pattern", () => {
    assert.equal(fits({ text: ".*" }), false);
    assert.equal(fits({ text: "50%" }, { content: "giam 50% (het)" }), true);
  });

  test("amounts_are_judged_with_both_ends", () => {
    assert.equal(fits({ min: 150_000, max: 150_000 }), true);
    assert.equal(fits({ min: 150_001 }), false);
    assert.equal(fits({ max: 149_999 }), false);
    assert.equal(fits({ min: 200_000, max: 100_000 }), true);
  });

  test("the_amount_is_the_one_of_the_direction", () => {
    const out = { direction: "out", amountIn: 0, amountOut: 9000 } as const;
    assert.equal(fits({ max: 100 }, out), false);
    assert.equal(fits({ min: 9000 }, out), true);
    assert.equal(fits({ min: 7, max: 8 }, { direction: "unknown", amountIn: 5, amountOut: 8 }), true);
    assert.equal(fits({ min: 1 }, { amountIn: null }), false);
  });

  test("direction_and_account_are_judged", () => {
    assert.equal(fits({ direction: "out" }), false);
    assert.equal(fits({ direction: "in" }), true);
    assert.equal(fits({ direction: "in" }, { direction: "unknown" }), false);
    assert.equal(fits({ account: "19" }), false);
    assert.equal(fits({ account: "18" }), true);
  });

  test("a_row_of_nobody_knows_which_account_is_of_none_unless_sepay_was_asked_for_it", () => {
    const nobodys = rowWith({ accountId: null, accountNumber: null });
    const wanted = filters({ account: "18" });
    assert.equal(restOf(wanted, {})(nobodys), false);
    assert.equal(restOf(wanted, { account: "0071000888888" })(nobodys), true);
    assert.equal(restOf(wanted, { account: "0071000888888" })(rowWith({ accountId: "19" })), false);
    assert.deepEqual([isBlind(wanted, {}, [rowWith(), nobodys]), isBlind(wanted, {}, [rowWith()])], [true, false]);
    assert.equal(isBlind(wanted, { account: "0071000888888" }, [nobodys]), false);
    assert.equal(isBlind(NO_FILTERS, {}, [nobodys]), false);
  });
});

test("accounts_are_learnt_from_rows_each_once", () => {
  const rows = [rowWith(), rowWith({ id: "2" }), rowWith({ accountId: "19", accountNumber: null, bank: "ACB" }), rowWith({ accountId: null })];
  assert.deepEqual(choicesIn(rows), [
    { id: "18", number: "0071000888888", bank: "Vietcombank", label: null },
    { id: "19", number: null, bank: "ACB", label: null },
  ]);
});
