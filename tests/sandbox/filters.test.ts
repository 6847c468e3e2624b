import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ids, read } from "./call.ts";
import { accountQuery, select, transactionQuery } from "./filters.ts";
import { bankNamed } from "./model.ts";
import type { Account, Transaction } from "./model.ts";
import { startSandbox } from "./server.ts";
import type { Sandbox } from "./server.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import type { Settings } from "./settings.ts";

let sandbox: Sandbox;
before(async () => void (sandbox = await startSandbox({ requestsPerSecond: 100_000 })));
after(() => sandbox.close());

/** Checks list and count of a transaction query against rows picked from the raw data by the test itself. */
async function transactionsAre(query: string, expected: (row: Transaction) => boolean): Promise<void> {
  const rows = sandbox
    .data()
    .transactions.filter(expected)
    .sort((a, b) => b.id - a.id);
  assert.ok(rows.length > 0 && rows.length < 12_000, `${query} would prove nothing: ${rows.length} rows`);
  const { transactions } = await read(sandbox, `/userapi/transactions/list?${query}`);
  assert.deepEqual(
    ids(transactions),
    rows.slice(0, 5000).map((row) => String(row.id)),
    query,
  );
  const { count_transactions: count } = await read(sandbox, `/userapi/transactions/count?${query}`);
  assert.equal(count, rows.length, query);
}

/** The same for accounts, whose seeded numbers are few enough to be named. */
async function accountsAre(query: string, expected: readonly number[]): Promise<void> {
  const { bankaccounts } = await read(sandbox, `/userapi/bankaccounts/list?${query}`);
  assert.deepEqual(ids(bankaccounts), expected.map(String), query);
  const { count_bankaccounts: count } = await read(sandbox, `/userapi/bankaccounts/count?${query}`);
  assert.equal(count, expected.length, query);
}

test("transactions_account_number_is_equality_and_keeps_zeros", async () => {
  await transactionsAre("account_number=0071000888888", (row) => row.accountNumber === "0071000888888");
  const { count_transactions: count } = await read(
    sandbox,
    "/userapi/transactions/count?account_number=71000888888",
  );
  assert.equal(count, 0);
});

test("transactions_dates_are_inclusive_at_both_ends", async () => {
  const at = sandbox.data().transactions[6000]?.occurredAt ?? "";
  const value = at.replace(" ", "%20");
  await transactionsAre(`transaction_date_min=${value}`, (row) => row.occurredAt >= at);
  await transactionsAre(`transaction_date_max=${value}`, (row) => row.occurredAt <= at);
  await transactionsAre(
    `transaction_date_min=${value}&transaction_date_max=${value}`,
    (row) => row.occurredAt === at,
  );
});

test("a_space_may_be_written_as_a_plus", async () => {
  await transactionsAre(
    "transaction_date_min=2026-05-04+08:00:00",
    (row) => row.occurredAt >= "2026-05-04 08:00:00",
  );
  await transactionsAre(
    "transaction_date_min=2026-05-04%2008%3A00%3A00",
    (row) => row.occurredAt >= "2026-05-04 08:00:00",
  );
});

test("a_bare_date_is_midnight_in_min_and_in_max", async () => {
  await transactionsAre("transaction_date_min=2026-05-04", (row) => row.occurredAt >= "2026-05-04 00:00:00");
  await transactionsAre("transaction_date_max=2026-05-04", (row) => row.occurredAt <= "2026-05-04 00:00:00");
});

test("a_bare_date_in_max_may_be_set_to_mean_the_whole_day", async (t) => {
  sandbox.configure({ bareDateMax: "whole-day" });
  t.after(() => sandbox.configure({ bareDateMax: "start-of-day" }));
  await transactionsAre("transaction_date_max=2026-05-04", (row) => row.occurredAt <= "2026-05-04 23:59:59");
  await transactionsAre("transaction_date_min=2026-05-04", (row) => row.occurredAt >= "2026-05-04 00:00:00");
});

test("transactions_since_id_is_inclusive_and_a_limit_keeps_the_newest", async () => {
  const from = sandbox.data().transactions[11_000]?.id ?? 0;
  await transactionsAre(`since_id=${from}`, (row) => row.id >= from);
  await transactionsAre(`since_id=${from + 1}`, (row) => row.id > from);
  const { transactions } = await read(sandbox, `/userapi/transactions/list?since_id=${from}&limit=20`);
  assert.deepEqual(
    ids(transactions),
    sandbox
      .data()
      .transactions.slice(-20)
      .reverse()
      .map((row) => String(row.id)),
  );
});

test("transactions_reference_number_is_equality_and_may_find_several", async () => {
  await transactionsAre("reference_number=4321", (row) => row.reference === "4321");
  await transactionsAre("reference_number=MBVCB.3278907687", (row) => row.reference === "MBVCB.3278907687");
});

test("transactions_amounts_are_compared_as_exact_decimals", async () => {
  for (const value of ["450000", "450000.0", "450000.00"]) {
    await transactionsAre(`amount_in=${value}`, (row) => row.amountIn === 450_000);
  }
  await transactionsAre("amount_in=345678901234", (row) => row.amountIn === 345_678_901_234);
  await transactionsAre("amount_out=3300", (row) => row.amountOut === 3300);
  await transactionsAre("amount_in=0", (row) => row.amountIn === 0);
  const none = await read(sandbox, "/userapi/transactions/count?amount_in=450000.5");
  assert.equal(none.count_transactions, 0);
});

test("transactions_filters_are_joined_by_and", async () => {
  await transactionsAre(
    "account_number=0900112233&transaction_date_min=2026-01-01&transaction_date_max=2026-02-01&amount_out=0",
    (row) =>
      row.accountNumber === "0900112233" &&
      row.occurredAt >= "2026-01-01" &&
      row.occurredAt <= "2026-02-01 00:00:00" &&
      row.amountOut === 0,
  );
});

test("transactions_limit_defaults_to_5000_and_is_clamped_to_5000", async () => {
  for (const [query, expected] of [
    ["", 5000],
    ["?limit=9999", 5000],
    ["?limit=7", 7],
    ["?limit=", 5000],
  ] as const) {
    const { transactions } = await read(sandbox, `/userapi/transactions/list${query}`);
    assert.equal(transactions.length, expected, query);
    assert.equal(transactions[0]?.["id"], String(sandbox.data().transactions.at(-1)?.id));
  }
});

test("a_count_knows_no_limit", async () => {
  assert.equal((await read(sandbox, "/userapi/transactions/count?limit=5")).count_transactions, 12_000);
  assert.equal((await read(sandbox, "/userapi/bankaccounts/count?limit=1")).count_bankaccounts, 7);
});

test("accounts_come_newest_first_and_each_filter_selects", async () => {
  await accountsAre("", [130, 123, 96, 57, 41, 25, 18]);
  await accountsAre("short_name=Vietcombank", [123, 18]);
  await accountsAre("short_name=vietcombank", []);
  await accountsAre("since_id=96", [130, 123, 96]);
  await accountsAre("since_id=97", [130, 123]);
  await accountsAre("accumulated_min=1", [130, 123, 96, 57, 25, 18]);
  await accountsAre("accumulated_max=0.00", [41]);
  await accountsAre("accumulated_max=0.5", [41]);
  await accountsAre("last_transaction_date_max=2026-07-01", [130, 18]);
  await accountsAre("last_transaction_date_min=2026-07-01%2000:00:00", [123, 96, 57, 41, 25]);
  await accountsAre("short_name=Vietcombank&last_transaction_date_min=2026-11-01&accumulated_min=1", [123]);
});

test("accounts_ranges_are_inclusive_at_both_ends", async () => {
  const account = sandbox.data().accounts.find(({ id }) => id === 18);
  const at = account?.lastTransactionAt?.replace(" ", "+");
  await accountsAre(`last_transaction_date_min=${at}&last_transaction_date_max=${at}`, [18]);
  await accountsAre(`accumulated_min=${account?.balance}&accumulated_max=${account?.balance}.00`, [18]);
  await accountsAre(`accumulated_min=${account?.balance}.01&accumulated_max=${account?.balance}.99`, []);
});

test("accounts_limit_defaults_to_100_and_has_no_maximum_unless_set", async (t) => {
  t.after(() => sandbox.reset(["data", "settings"]));
  for (let index = 0; index < 143; index += 1) {
    sandbox.addAccount({ accountNumber: `99${index}`, bank: "ACB", holder: "HO THI G" });
  }
  const length = async (query: string): Promise<number> =>
    (await read(sandbox, `/userapi/bankaccounts/list${query}`)).bankaccounts.length;
  assert.deepEqual(
    [await length(""), await length("?limit=120"), await length("?limit=9999")],
    [100, 120, 150],
  );
  sandbox.configure({ accountsLimitMax: 50 });
  assert.deepEqual([await length(""), await length("?limit=120"), await length("?limit=3")], [50, 50, 3]);
});

test("oldest_first_keeps_the_oldest_rows_of_a_limit", async (t) => {
  sandbox.configure({ order: "oldest-first" });
  t.after(() => sandbox.configure({ order: "newest-first" }));
  const { transactions } = await read(sandbox, "/userapi/transactions/list?limit=3");
  assert.deepEqual(
    ids(transactions),
    sandbox
      .data()
      .transactions.slice(0, 3)
      .map((row) => String(row.id)),
  );
  assert.deepEqual(ids((await read(sandbox, "/userapi/bankaccounts/list?limit=2")).bankaccounts), [
    "18",
    "25",
  ]);
});

test("an_account_without_a_last_transaction_is_selected_by_no_date", () => {
  const bank = bankNamed("ACB");
  assert.ok(bank);
  const rest = {
    holder: "A",
    number: "1",
    balance: 0,
    label: "",
    active: true,
    createdAt: "",
    bank,
    reportsBalance: true,
  };
  const rows: Account[] = [{ id: 1, ...rest, lastTransactionAt: null }];
  const found = (query: string): number =>
    select(rows, accountQuery(query, DEFAULT_SETTINGS, "list"), "newest-first").length;
  assert.equal(found(""), 1);
  assert.equal(found("last_transaction_date_min=0001-01-01"), 0);
  assert.equal(found("last_transaction_date_max=9999-12-31"), 0);
});

test("unknown_and_unreadable_parameters_are_told_apart", () => {
  const seen = (query: string, settings: Settings = DEFAULT_SETTINGS): readonly (readonly string[])[] => {
    const { unknown, malformed } = transactionQuery(query, settings, "list");
    return [unknown, malformed];
  };
  assert.deepEqual(seen("page=2&sort=asc&page=3&__proto__=1&constructor=2"), [
    ["page", "sort", "__proto__", "constructor"],
    [],
  ]);
  assert.deepEqual(seen("since_id=x&limit=0&amount_in=1e3&transaction_date_min=2026-05-04T08:00:00"), [
    [],
    ["since_id", "limit", "amount_in", "transaction_date_min"],
  ]);
  assert.deepEqual(seen("since_id=&limit=&amount_in=&account_number="), [[], []]);
  assert.deepEqual(seen("limit=-1&transaction_date_max=2026-02-30"), [[], ["limit", "transaction_date_max"]]);
});

test("an_unreadable_filter_selects_nothing_and_the_last_of_a_repeated_one_counts", async () => {
  const { count_transactions: none } = await read(sandbox, "/userapi/transactions/count?amount_in=abc");
  assert.equal(none, 0);
  await accountsAre("short_name=ACB&short_name=BIDV", [96]);
});
