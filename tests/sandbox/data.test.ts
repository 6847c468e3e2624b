import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { generateData, LAST_DAY } from "./data.ts";
import type { Transaction } from "./model.ts";
import { BANKS } from "./model.ts";
import { DEFAULT_SEED } from "./server.ts";
import { isDate, isDateTime, vietnamTime } from "./time.ts";

const { accounts, transactions } = generateData(DEFAULT_SEED);

function some(what: string, check: (row: Transaction) => boolean): void {
  assert.ok(transactions.some(check), `no seeded row: ${what}`);
}

test("the_same_seed_gives_the_same_bytes_and_another_seed_others", () => {
  const digest = (seed: number): string =>
    createHash("sha256")
      .update(JSON.stringify(generateData(seed)))
      .digest("hex");
  assert.equal(digest(DEFAULT_SEED), digest(DEFAULT_SEED));
  assert.notEqual(digest(DEFAULT_SEED), digest(DEFAULT_SEED + 1));
});

test("seeded_data_format_unchanged", () => {
  // Tests elsewhere name seeded rows: a change here is a change for them.
  const digest = createHash("sha256").update(JSON.stringify({ accounts, transactions })).digest("hex");
  assert.equal(digest, "9f7d40da1816d12086c1ba808df42129264de79d044b117ea0731be04481bba8");
});

test("twelve_thousand_rows_of_one_year_with_ascending_ids", () => {
  assert.equal(transactions.length, 12_000);
  assert.equal(transactions[0]?.id, 700_001);
  assert.ok(transactions.every((row, index) => index === 0 || row.id > (transactions[index - 1]?.id ?? 0)));
  assert.ok(transactions.every((row) => isDateTime(row.occurredAt)));
  const times = transactions.map((row) => row.occurredAt).sort();
  assert.ok((times[0] ?? "") >= "2025-11-17" && (times[0] ?? "") < "2025-11-22");
  assert.equal(times.at(-1), `${LAST_DAY} 22:00:00`);
});

test("some_rows_are_booked_late_and_some_share_a_second", () => {
  let newest = "";
  let late = 0;
  let equal = 0;
  for (const { occurredAt } of transactions) {
    if (occurredAt < newest) late += 1;
    if (occurredAt === newest) equal += 1;
    if (occurredAt > newest) newest = occurredAt;
  }
  assert.ok(late >= 20 && late < 200, `${late} late rows`);
  assert.ok(equal >= 50, `${equal} equal times`);
});

test("accounts_carry_the_names_codes_and_bins_of_their_banks", () => {
  assert.ok(accounts.length >= 5);
  assert.deepEqual(
    accounts.map(({ id }) => id),
    accounts.map(({ id }) => id).sort((a, b) => a - b),
  );
  const known = Object.fromEntries(
    accounts.map(({ number, bank }) => [number, `${bank.shortName} ${bank.bin} ${bank.code}`]),
  );
  assert.equal(known["0071000888888"], "Vietcombank 970436 VCB");
  assert.equal(known["102871015203"], "VietinBank 970415 ICB");
  const banks = new Map(BANKS.map((bank) => [bank.shortName, bank.bin]));
  assert.equal(banks.get("MBBank"), "970422");
  assert.equal(banks.get("ACB"), "970416");
  assert.equal(banks.get("BIDV"), "970418");
  assert.equal(new Set(accounts.map(({ bank }) => bank.shortName)).size, 6);
  assert.equal(accounts.find(({ number }) => number === "0071000888888")?.holder, "NGUYEN VAN A");
  assert.ok(accounts.every(({ lastTransactionAt }) => lastTransactionAt !== null));
  assert.deepEqual(
    accounts.filter(({ active }) => !active).map(({ bank }) => bank.shortName),
    ["VPBank"],
  );
});

test("balances_run_where_the_bank_reports_them_and_are_0_elsewhere", () => {
  for (const account of accounts) {
    const own = transactions.filter((row) => row.accountId === account.id);
    assert.ok(own.length > 50, `${account.number} has ${own.length} rows`);
    assert.equal(own.at(-1)?.balance, account.balance);
    assert.equal(
      own
        .map((row) => row.occurredAt)
        .sort()
        .at(-1),
      account.lastTransactionAt,
    );
    own.forEach((row, index) => {
      const before = own[index - 1]?.balance;
      const expected = before === undefined ? row.balance : before + row.amountIn - row.amountOut;
      assert.equal(row.balance, account.reportsBalance ? expected : 0);
      assert.ok(row.balance >= 0 && Number.isSafeInteger(row.balance));
    });
  }
  assert.ok(accounts.some(({ reportsBalance }) => !reportsBalance));
});

test("a_null_sub_account_appears_only_on_one_account_which_slept_for_seven_months", () => {
  const withNull = transactions.filter((row) => row.subAccount === null);
  assert.ok(withNull.length > 50);
  assert.deepEqual([...new Set(withNull.map((row) => row.accountNumber))], ["0071000899999"]);
  assert.ok(withNull.every((row) => row.occurredAt < "2026-04-19"));
  assert.ok(transactions.slice(-5000).every((row) => row.subAccount !== null));
});

test("the_rows_that_break_careless_readers_are_there", () => {
  some("null code", (row) => row.code === null);
  some("code like DH001234", (row) => /^DH\d{6}$/.test(row.code ?? ""));
  some("empty sub_account", (row) => row.subAccount === "");
  some("virtual account", (row) => row.subAccount === "VCB0011ABC002");
  some("money out", (row) => row.amountOut > 0 && row.amountIn === 0);
  some("hundreds of billions", (row) => row.amountIn >= 100_000_000_000);
  some("zero and zero", (row) => row.amountIn === 0 && row.amountOut === 0);
  some("long content", (row) => row.content.length >= 400);
  some("diacritics", (row) => /[ễộườ]/.test(row.content));
  some("emoji", (row) => /\p{Extended_Pictographic}/u.test(row.content));
  some("quotes and backslashes", (row) => row.content.includes('"') && row.content.includes("\\"));
  some("HTML", (row) => row.content.includes("<script>"));
  some(
    "a code glued to text",
    (row) => row.code !== null && new RegExp(`${row.code}[A-Za-z]`).test(row.content),
  );
  some("a wallet's memo", (row) => row.content.endsWith("MOMO"));
  some("empty content", (row) => row.content === "");
  some("empty reference", (row) => row.reference === "");
  some("leading zeros", (row) => row.accountNumber.startsWith("00"));
  const references = transactions.map((row) => row.reference).filter((reference) => reference !== "");
  assert.ok(new Set(references).size < references.length, "no reference comes back");
  assert.ok(transactions.every((row) => row.code === null || row.content.includes(row.code)));
  assert.ok(
    transactions.every(
      (row) => row.amountIn >= 0 && row.amountOut >= 0 && row.amountIn * row.amountOut === 0,
    ),
  );
});

test("times_are_vietnam_times_and_impossible_ones_are_none", () => {
  assert.equal(vietnamTime(Date.UTC(2026, 10, 19, 17, 0, 0)), "2026-11-20 00:00:00");
  assert.deepEqual(["2026-02-28", "2026-02-29", "2024-02-29", "2026-2-28", "2026-13-01"].map(isDate), [
    true,
    false,
    true,
    false,
    false,
  ]);
  assert.deepEqual(
    ["2026-02-28 23:59:59", "2026-02-28 24:00:00", "2026-02-28T10:00:00", "2026-02-28 10:00"].map(isDateTime),
    [true, false, false, false],
  );
});
