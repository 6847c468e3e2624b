/**
 * What the charts are made of, judged on plain values: sums and balances of each day, spans, questions, labels and keys.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Account, Transaction } from "../../www/src/model.ts";
import { lang } from "../../www/src/i18n.ts";
import { axisMoney, labelled, longDay, shortDay } from "../../www/src/views/charts/axis.ts";
import { daily, firstWholeDay } from "../../www/src/views/charts/daily.ts";
import type { Holding, Input } from "../../www/src/views/charts/daily.ts";
import { cutAt } from "../../www/src/views/charts/giants.ts";
import { placeAfter } from "../../www/src/views/charts/keys.ts";
import { answers, newestDay, shownSpan, spanOf } from "../../www/src/views/charts/span.ts";

const SPAN = { first: "2026-11-17", last: "2026-11-19" };
const MOST = Number.MAX_SAFE_INTEGER;

test("a_time_beyond_all_days_moves_no_chart", () => {
  const odd = { ...holding("a", 1), lastTransactionAt: "9999-12-31T10:00:00+07:00" } as unknown as Account;
  const rows = [at("2026-11-19", {}), row({ id: "2", occurredAt: "9999-12-31T23:00:00Z" })];
  assert.equal(newestDay({ account: null }, rows, [odd]), "2026-11-19");
});

describe("daily", () => {
  test("money_is_added_up_by_the_day_in_vietnam", () => {
    const rows = [
      row({ id: "3", occurredAt: "2026-11-18T00:00:00+07:00", amountOut: 5 }),
      row({ id: "2", occurredAt: "2026-11-17T23:59:59+07:00", amountIn: 20 }),
      row({ id: "1", occurredAt: "2026-11-16T17:00:00Z", amountIn: 300 }),
    ];
    const { days, flows, total } = of({ rows });
    assert.deepEqual(days, ["2026-11-17", "2026-11-18", "2026-11-19"]);
    assert.deepEqual(flows, [flow(320, 0), flow(0, 5), flow(0, 0)]);
    assert.deepEqual(total, flow(320, 5));
  });

  test("rows_outside_the_span_do_not_count", () => {
    const rows = [at("2026-11-16", { amountIn: 1 }), at("2026-11-17", { amountIn: 2 }), at("2026-11-20", { amountIn: 4 })];
    assert.deepEqual(of({ rows }).total, flow(2, 0));
  });

  test("a_row_without_direction_counts_on_both_sides", () => {
    const rows = [at("2026-11-17", { direction: "unknown", amountIn: 7, amountOut: 3 })];
    assert.deepEqual(of({ rows }).total, flow(7, 3));
  });

  test("the_last_balance_of_a_day_is_carried_on_and_the_first_is_reckoned_back", () => {
    const rows = [
      at("2026-11-18", { id: "1", amountIn: 30, balance: 130 }),
      row({ id: "2", occurredAt: "2026-11-18T20:00:00+07:00", amountOut: 50, balance: 80 }),
    ];
    assert.deepEqual(of({ rows }).balances, [100, 80, 80]);
  });

  test("of_rows_in_one_second_the_one_with_the_larger_id_is_the_last", () => {
    const rows = [
      at("2026-11-18", { id: "9", amountIn: 1, balance: 11 }),
      at("2026-11-18", { id: "10", amountIn: 1, balance: 12 }),
      at("2026-11-18", { id: "8", amountIn: 1, balance: 10 }),
    ];
    for (const order of [rows, rows.toReversed()]) assert.deepEqual(of({ rows: order }).balances, [9, 12, 12]);
  });

  test("balances_of_accounts_are_added_and_those_that_did_not_move_stay_as_they_are", () => {
    const rows = [
      at("2026-11-18", { accountId: "a", amountIn: 1, balance: 10 }),
      at("2026-11-19", { accountId: "b", amountIn: 1, balance: 200 }),
    ];
    const accounts = [holding("a", 999), holding("b", 999), holding("c", 5000)];
    const { balances, isMovedOnly } = of({ rows, accounts });
    assert.deepEqual(balances, [5208, 5209, 5210]);
    assert.equal(isMovedOnly, false);
  });

  test("without_the_accounts_it_says_that_only_those_that_moved_are_in_the_balance", () => {
    const { balances, isMovedOnly } = of({ rows: [at("2026-11-17", { amountIn: 1, balance: 1 })], accounts: null });
    assert.deepEqual([balances, isMovedOnly], [[1, 1, 1], true]);
  });

  test("a_bank_that_reports_no_balance_is_left_out_and_named", () => {
    const rows = [
      at("2026-11-17", { accountId: "a", bank: "MBBank", amountIn: 50, balance: 0 }),
      at("2026-11-18", { accountId: "b", bank: "ACB", amountIn: 5, balance: 15 }),
    ];
    const { balances, silentBanks } = of({ rows, accounts: [holding("a", 0), holding("b", 15)] });
    assert.deepEqual([balances, silentBanks], [[10, 15, 15], ["MBBank"]]);
    assert.equal(of({ rows: rows.slice(0, 1), accounts: [holding("a", 0)] }).balances, "unreported");
  });

  test("an_account_that_was_emptied_once_is_not_taken_for_one_that_reports_nothing", () => {
    const rows = [
      at("2026-11-17", { amountIn: 10, balance: 60 }),
      at("2026-11-18", { id: "2", amountOut: 60, balance: 0 }),
    ];
    assert.deepEqual(of({ rows }).balances, [60, 0, 0]);
  });

  test("what_the_key_may_not_see_is_never_drawn_as_nothing", () => {
    const hiddenIn = of({ rows: [at("2026-11-17", { amountIn: null, balance: 5 })] });
    assert.deepEqual([hiddenIn.flows, hiddenIn.total, hiddenIn.balances], ["hidden", null, "hidden"]);
    assert.equal(of({ rows: [at("2026-11-17", { amountOut: null, balance: 5 })] }).flows, "hidden");
    const hiddenBalance = of({ rows: [at("2026-11-17", { amountIn: 5, balance: null })] });
    assert.deepEqual([hiddenBalance.total, hiddenBalance.balances], [flow(5, 0), "hidden"]);
    assert.equal(of({ rows: [], accounts: [holding("a", null)] }).balances, "hidden");
    const nobodys = of({ rows: [at("2026-11-17", { accountId: null, accountNumber: null, balance: 5 })] });
    assert.equal(nobodys.balances, "hidden");
  });

  test("rows_whose_account_id_is_hidden_are_told_apart_by_number", () => {
    const rows = [at("2026-11-17", { accountId: null, accountNumber: "n-a", amountIn: 1, balance: 8 })];
    assert.deepEqual(of({ rows, accounts: [holding("a", 8), holding("b", 100)] }).balances, [108, 108, 108]);
  });

  test("a_sum_that_a_number_does_not_hold_is_not_shown", () => {
    const rows = [at("2026-11-17", { amountIn: MOST, balance: 1 }), at("2026-11-18", { id: "2", amountIn: 1, balance: 1 })];
    assert.deepEqual([of({ rows }).flows, of({ rows }).total], ["tooLarge", null]);
    assert.equal(of({ rows: [], accounts: [holding("a", MOST), holding("b", 1)] }).balances, "tooLarge");
    assert.deepEqual(of({ rows: [], accounts: [holding("a", MOST)] }).balances, [MOST, MOST, MOST]);
    // Beyond and back again is rounded all the same.
    const back = [holding("a", MOST), holding("b", 2), holding("c", -2)];
    assert.equal(of({ rows: [], accounts: back }).balances, "tooLarge");
  });
});

describe("firstWholeDay", () => {
  test("a_list_that_was_not_cut_holds_every_day", () => {
    assert.equal(firstWholeDay({ rows: [at("2026-11-17", {})], complete: true }), null);
  });

  test("of_a_list_that_was_cut_the_oldest_day_is_partial", () => {
    const rows = [at("2026-11-19", {}), ...Array.from({ length: 30 }, () => at("2026-11-17", {}))];
    assert.equal(firstWholeDay({ rows, complete: false }), "2026-11-18");
  });

  test("one_late_row_at_the_end_does_not_make_partial_days_whole", () => {
    const rows = [...Array.from({ length: 30 }, () => at("2026-11-17", {})), at("2026-11-14", {})];
    assert.equal(firstWholeDay({ rows, complete: false }), "2026-11-18");
  });
});

describe("span", () => {
  test("it_ends_today_while_something_moved_in_it", () => {
    assert.deepEqual(spanOf(7, "2026-11-21", "2026-11-15"), { first: "2026-11-15", last: "2026-11-21" });
    assert.deepEqual(spanOf(7, "2026-11-21", null), { first: "2026-11-15", last: "2026-11-21" });
  });

  test("of_a_quiet_shop_it_ends_with_the_newest_movement", () => {
    assert.deepEqual(spanOf(7, "2026-11-21", "2026-11-14"), { first: "2026-11-08", last: "2026-11-14" });
  });

  test("with_a_clock_that_is_behind_it_ends_with_the_newest_movement", () => {
    assert.deepEqual(spanOf(30, "2026-11-18", "2026-11-19").last, "2026-11-19");
  });

  test("the_newest_movement_is_found_in_rows_and_accounts_of_the_choice", () => {
    const [a, b] = [holding("a", 1), holding("b", 1)];
    const accounts = [whole(a, "2026-11-12T10:00:00+07:00"), whole(b, "2026-11-13T10:00:00+07:00")];
    const rows = [at("2026-11-10", { accountId: "b" }), at("2026-11-14", { accountId: "a" })];
    assert.equal(newestDay({ account: null }, rows, accounts), "2026-11-14");
    assert.equal(newestDay({ account: accounts[1] ?? null }, rows, accounts), "2026-11-13");
    assert.equal(newestDay({ account: null }, [], []), null);
  });

  test("an_answer_serves_narrower_questions_and_no_others", () => {
    const all = { account: null, from: "2026-10-01", rows: [], complete: true };
    assert.ok(answers(all, { account: null, from: "2026-10-05" }));
    assert.ok(answers(all, { account: "n-a", from: "2026-10-01" }));
    assert.ok(!answers(all, { account: null, from: "2026-09-30" }));
    assert.ok(!answers({ ...all, account: "n-a" }, { account: null, from: "2026-10-05" }));
    assert.ok(!answers({ ...all, account: "n-a" }, { account: "n-b", from: "2026-10-05" }));
    const cut = { ...all, rows: [at("2026-10-20", {})], complete: false };
    assert.ok(answers(cut, { account: "n-a", from: "2026-10-21" }));
    assert.ok(!answers(cut, { account: "n-a", from: "2026-10-20" }));
    assert.ok(answers(cut, { account: null, from: "2026-10-01" }), "it is its own answer");
  });

  test("days_that_are_not_whole_or_not_to_be_seen_are_cut_off", () => {
    const wanted = { first: "2026-11-01", last: "2026-11-19" };
    const cut = { rows: [at("2026-11-09", {})], complete: false };
    const uncut = { rows: [], complete: true };
    assert.deepEqual(shownSpan(wanted, uncut, null), { span: wanted, cut: null });
    assert.deepEqual(shownSpan(wanted, uncut, "2026-10-01"), { span: wanted, cut: null });
    assert.deepEqual(shownSpan(wanted, cut, null), { span: { ...wanted, first: "2026-11-10" }, cut: "limit" });
    assert.deepEqual(shownSpan(wanted, cut, "2026-11-05"), { span: { ...wanted, first: "2026-11-10" }, cut: "limit" });
    assert.deepEqual(shownSpan(wanted, cut, "2026-11-12"), { span: { ...wanted, first: "2026-11-12" }, cut: "rights" });
  });
});

describe("axis", () => {
  test("amounts_have_the_digits_that_tell_them_apart", () => {
    assert.deepEqual(axisMoney([0, 2_000_000, 4_000_000]), ["0", "2\u00a0Tr", "4\u00a0Tr"]);
    assert.deepEqual(axisMoney([0, 2_500_000, 5_000_000]), ["0", "2,5\u00a0Tr", "5\u00a0Tr"]);
    assert.deepEqual(axisMoney([871_200_000_000, 871_250_000_000]), ["871,2\u00a0T", "871,25\u00a0T"]);
  });

  test("the_last_day_has_a_label_and_no_more_than_have_room", () => {
    assert.deepEqual(labelled(7, 10), [0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual(labelled(30, 5), [1, 8, 15, 22, 29]);
    for (const room of [1, 2, 5, 9]) assert.ok(labelled(90, room).length <= room);
  });

  test("days_read_in_the_language_chosen", () => {
    assert.deepEqual([shortDay("2026-11-09"), longDay("2026-11-19")], ["9/11", "Thứ Năm, 19/11/2026"]);
    lang.value = "en";
    assert.deepEqual([shortDay("2026-11-09"), longDay("2026-11-19")], ["9 Nov", "Thursday, 19/11/2026"]);
    lang.value = "vi";
  });
});

describe("giants", () => {
  test("bars_of_like_size_are_not_cut", () => {
    assert.equal(cutAt([flow(10, 4), flow(30, 0), flow(0, 0)]), null);
    assert.equal(cutAt([flow(0, 0), flow(7, 0)]), null);
    assert.equal(cutAt([]), null);
  });

  test("one_giant_is_cut_somewhat_above_the_largest_of_the_others", () => {
    assert.equal(cutAt([flow(400, 40), flow(20, 0), flow(8, 0)]), 50);
    assert.equal(cutAt([flow(20, 400), flow(40, 0)]), 50, "money out is cut as money in");
  });

  test("a_few_of_many_may_be_cut_and_never_most_of_them", () => {
    const usual = Array.from({ length: 28 }, () => flow(100, 0));
    assert.equal(cutAt([...usual, flow(9000, 0), flow(0, 5000)]), 125);
    const halves = [...Array.from({ length: 10 }, () => flow(1000, 0)), ...Array.from({ length: 10 }, () => flow(1, 0))];
    assert.equal(cutAt(halves), null);
  });
});

test("keys_move_the_day_and_stop_at_both_ends", () => {
  assert.equal(placeAfter("ArrowLeft", null, 30), 28);
  assert.equal(placeAfter("ArrowRight", 29, 30), 29);
  assert.equal(placeAfter("PageDown", 3, 30), 0);
  assert.equal(placeAfter("PageUp", 3, 30), 10);
  assert.deepEqual([placeAfter("Home", 9, 30), placeAfter("End", 9, 30)], [0, 29]);
  assert.equal(placeAfter("Escape", 9, 30), null);
  assert.equal(placeAfter("Tab", 9, 30), undefined);
  assert.equal(placeAfter("toString", 9, 30), undefined);
});

function of(input: Partial<Input>) {
  return daily({ rows: [], accounts: [], span: SPAN, ...input });
}

function flow(amountIn: number, amountOut: number) {
  return { amountIn, amountOut };
}

function holding(id: string, balance: number | null): Holding {
  return { id, bank: "ACB", accountNumber: `n-${id}`, balance };
}

function whole(account: Holding, lastTransactionAt: string) {
  return { ...account, bankName: null, bankBin: null, holder: null, label: null, active: true, lastTransactionAt };
}

/** A row at noon. */
function at(day: string, rest: Partial<Transaction>): Transaction {
  return row({ occurredAt: `${day}T12:00:00+07:00`, ...rest });
}

function row(rest: Partial<Transaction>): Transaction {
  return {
    id: "1",
    accountId: "a",
    bank: "ACB",
    accountNumber: "n-a",
    subAccount: null,
    occurredAt: "2026-11-17T12:00:00+07:00",
    direction: "in",
    amountIn: 0,
    amountOut: 0,
    balance: 0,
    content: "",
    code: null,
    reference: null,
    ...rest,
  };
}
