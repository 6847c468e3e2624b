import assert from "node:assert/strict";
import { test } from "node:test";
import { readAccount, readTransaction } from "../../www/src/model.ts";
import type { Account, Transaction } from "../../www/src/model.ts";
import { dayTotals, filtersOf, fits, silentBanks, totalOf } from "../../www/src/views/accounts/filter.ts";

const SHOP = account({
  bank: "Vietcombank",
  bankName: "Ngân hàng TMCP Ngoại Thương Việt Nam",
  accountNumber: "0071000888888",
  holder: "NGUYỄN VĂN A",
  label: "Cửa hàng Đà Nẵng",
  balance: 2_525_493,
  active: true,
  lastTransactionAt: "2025-11-20T00:30:00+07:00",
});
const HIDDEN = account({});

for (const [params, isIn] of [
  [{}, true],
  [{ q: "nguyen van" }, true],
  [{ q: "VAN nguyễn" }, true],
  [{ q: "da nang" }, true],
  [{ q: "8888" }, true],
  [{ q: "ngoai thuong" }, true],
  [{ q: "nguyen techcombank" }, false],
  [{ bank: "Vietcombank" }, true],
  [{ bank: "Vietcom" }, false],
  [{ min: "2525493" }, true],
  [{ min: "2525494" }, false],
  [{ max: "2525493" }, true],
  [{ max: "2525492" }, false],
  // The last transaction was on the 20th in Vietnam, and on the 19th in UTC.
  [{ from: "2025-11-20" }, true],
  [{ from: "2025-11-21" }, false],
  [{ to: "2025-11-20" }, true],
  [{ to: "2025-11-19" }, false],
  [{ active: "1" }, true],
  [{ q: "nguyen", bank: "ACB" }, false],
] as [Record<string, string>, boolean][]) {
  test(`account_fits_or_not: ${JSON.stringify(params)}`, () => {
    assert.equal(fits(SHOP, filtersOf(params)), isIn);
  });
}

test("what_makes_no_sense_in_the_address_is_no_filter", () => {
  const params = { min: "many", max: "-1", from: "2026-02-30", to: "tomorrow", active: "yes" };
  assert.deepEqual(filtersOf(params), filtersOf({}));
  assert.equal(filtersOf({ min: "9999999999999999" }).balanceMin, null, "more than money is");
});

test("value_that_may_not_be_seen_fits_no_filter_that_asks_for_it", () => {
  assert.equal(fits(HIDDEN, filtersOf({})), true);
  for (const params of [{ min: "0" }, { max: "9" }, { from: "2000-01-01" }, { to: "2099-01-01" }, { active: "1" }, { bank: "ACB" }, { q: "a" }]) {
    assert.equal(fits(HIDDEN, filtersOf(params)), false, JSON.stringify(params));
  }
});

test("account_without_movement_fits_no_day_and_one_that_stopped_is_not_active", () => {
  const quiet = { ...SHOP, lastTransactionAt: null, active: false };
  assert.equal(fits(quiet, filtersOf({ to: "2099-01-01" })), false);
  assert.equal(fits(quiet, filtersOf({ active: "1" })), false);
});

test("total_is_exact_or_not_said", () => {
  const of = (...balances: (number | null)[]) => totalOf(balances.map((balance) => account({ balance })));
  assert.equal(of(), 0n);
  assert.equal(of(5, 0, 7), 12n);
  assert.equal(of(5, null), null, "one may not be seen");
  assert.equal(of(Number.MAX_SAFE_INTEGER, 2), 9007199254740993n, "more than a number holds exactly");
});

test("bank_that_moves_money_and_stands_at_0_is_named_once", () => {
  const moved = { lastTransactionAt: "2025-11-20T00:30:00+07:00", balance: 0 };
  const accounts = [{ bank: "ACB", ...moved }, { bank: "ACB", ...moved }, { bank: "BIDV", balance: 0 }, { bank: "VIB", ...moved, balance: 1 }];
  assert.deepEqual(silentBanks([...accounts.map(account), account({ ...moved, bank: null })]), ["ACB"]);
});

test("day_adds_up_what_moved_on_it_in_vietnam", () => {
  const rows = [
    row({ occurredAt: "2026-11-20T23:59:59+07:00", amountIn: 5 }),
    row({ occurredAt: "2026-11-20T08:00:00+07:00", direction: "out", amountOut: 3 }),
    row({ occurredAt: "2026-11-19T17:00:00Z", amountIn: 10 }),
    row({ occurredAt: "2026-11-19T23:59:59+07:00", amountIn: 100 }),
  ];
  assert.deepEqual(dayTotals(rows, "2026-11-20", false), { count: 3, in: 15n, out: 3n, isWhole: true });
  assert.deepEqual(dayTotals(rows.slice(0, 3), "2026-11-20", false), { count: 3, in: 15n, out: 3n, isWhole: false });
  assert.equal(dayTotals(rows.slice(0, 3), "2026-11-20", true).isWhole, true);
  assert.deepEqual(dayTotals([], "2026-11-20", false), { count: 0, in: 0n, out: 0n, isWhole: false });
});

test("day_whose_amounts_may_not_be_seen_has_no_sum", () => {
  const hidden = [row({ occurredAt: "2026-11-20T08:00:00+07:00", amountIn: null })];
  assert.deepEqual(dayTotals(hidden, "2026-11-20", true), { count: 1, in: null, out: 0n, isWhole: true });
});

test("ends_given_the_wrong_way_round_are_turned", () => {
  const { balanceMin, balanceMax, lastFrom, lastTo } = filtersOf({ min: "900", max: "100", from: "2026-11-20", to: "2026-11-01" });
  assert.deepEqual([balanceMin, balanceMax, lastFrom, lastTo], [100, 900, "2026-11-01", "2026-11-20"]);
  assert.equal(filtersOf({ min: "9007199254740991" }).balanceMin, Number.MAX_SAFE_INTEGER);
});

function account(fields: Partial<Account>): Account {
  return readAccount({ id: "1", ...fields }, "row");
}

function row(fields: Partial<Transaction>): Transaction {
  return readTransaction({ id: "1", direction: "in", amountIn: 0, amountOut: 0, ...fields }, "row");
}
