/**
 * Every filter of the design's section 7, in both spellings: which rows come back is judged by brute force over the
 * sandbox's data, and what was asked of SePay by the sandbox's log.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Account, Transaction } from "../sandbox/model.ts";
import { accountJson, highestIds, newestFirst, transactionJson } from "./expected.ts";
import { startSite } from "./site.ts";
import type { Site } from "./site.ts";

type Query = Readonly<Record<string, string>>;

/** One question in both spellings, what must arrive upstream, and the rows it is about. */
interface Case<Row> {
  readonly name: string;
  readonly ours: Query;
  readonly sepays: Query;
  readonly upstream: Query;
  readonly matches: (row: Row) => boolean;
  readonly limit?: number;
}

const ACCOUNT_CASES: readonly Case<Account>[] = [
  {
    name: "bank",
    ours: { bank: "Vietcombank" },
    sepays: { short_name: "Vietcombank" },
    upstream: { short_name: "Vietcombank" },
    matches: (row) => row.bank.shortName === "Vietcombank",
  },
  {
    name: "bare date from",
    ours: { lastTransactionFrom: "2026-11-19" },
    sepays: { last_transaction_date_min: "2026-11-19" },
    upstream: { last_transaction_date_min: "2026-11-19 00:00:00" },
    matches: (row) => (row.lastTransactionAt ?? "") >= "2026-11-19 00:00:00",
  },
  {
    name: "bare date to, which includes the whole day",
    ours: { lastTransactionTo: "2026-06-30" },
    sepays: { last_transaction_date_max: "2026-06-30" },
    upstream: { last_transaction_date_max: "2026-06-30 23:59:59" },
    matches: (row) => (row.lastTransactionAt ?? "9999") <= "2026-06-30 23:59:59",
  },
  {
    name: "since id, inclusive",
    ours: { sinceId: "57" },
    sepays: { since_id: "57" },
    upstream: { since_id: "57" },
    matches: (row) => row.id >= 57,
  },
  {
    name: "limit",
    ours: { limit: "3" },
    sepays: { limit: "3" },
    upstream: { limit: "3" },
    matches: () => true,
    limit: 3,
  },
  {
    name: "least balance, inclusive",
    ours: { balanceMin: "4040844888" },
    sepays: { accumulated_min: "4040844888.00" },
    upstream: { accumulated_min: "4040844888" },
    matches: (row) => row.balance >= 4_040_844_888,
  },
  {
    name: "greatest balance",
    ours: { balanceMax: "91326809" },
    sepays: { accumulated_max: "91326809" },
    upstream: { accumulated_max: "91326809" },
    matches: (row) => row.balance <= 91_326_809,
  },
  {
    name: "all at once",
    ours: {
      bank: "Vietcombank",
      lastTransactionFrom: "2026-01-01T00:00:00+07:00",
      lastTransactionTo: "2026-11-19T15:00:00Z",
      sinceId: "18",
      balanceMin: "1",
      balanceMax: "4040844888",
      limit: "1",
    },
    sepays: {
      short_name: "Vietcombank",
      last_transaction_date_min: "2026-01-01 00:00:00",
      last_transaction_date_max: "2026-11-19 22:00:00",
      since_id: "18",
      accumulated_min: "1",
      accumulated_max: "4040844888",
      limit: "1",
    },
    upstream: {
      short_name: "Vietcombank",
      last_transaction_date_min: "2026-01-01 00:00:00",
      last_transaction_date_max: "2026-11-19 22:00:00",
      since_id: "18",
      limit: "1",
      accumulated_min: "1",
      accumulated_max: "4040844888",
    },
    matches: (row) => row.bank.shortName === "Vietcombank",
    limit: 1,
  },
];

const TRANSACTION_CASES: readonly Case<Transaction>[] = [
  {
    name: "account, with its leading zeros",
    ours: { account: "0900112233" },
    sepays: { account_number: "0900112233" },
    upstream: { account_number: "0900112233" },
    matches: (row) => row.accountNumber === "0900112233",
  },
  {
    name: "bare dates of one day",
    ours: { from: "2026-10-01", to: "2026-10-01" },
    sepays: { transaction_date_min: "2026-10-01", transaction_date_max: "2026-10-01" },
    upstream: { transaction_date_min: "2026-10-01 00:00:00", transaction_date_max: "2026-10-01 23:59:59" },
    matches: (row) => row.occurredAt.startsWith("2026-10-01 "),
  },
  {
    name: "times with an offset, which become Vietnam's",
    ours: { from: "2026-11-18T17:00:00Z", to: "2026-11-19T09:00:00+02:00" },
    sepays: { transaction_date_min: "2026-11-19 00:00:00", transaction_date_max: "2026-11-19 14:00:00" },
    upstream: { transaction_date_min: "2026-11-19 00:00:00", transaction_date_max: "2026-11-19 14:00:00" },
    matches: (row) => row.occurredAt >= "2026-11-19 00:00:00" && row.occurredAt <= "2026-11-19 14:00:00",
  },
  {
    name: "since id, inclusive",
    ours: { sinceId: "723800" },
    sepays: { since_id: "723800" },
    upstream: { since_id: "723800" },
    matches: (row) => row.id >= 723_800,
  },
  {
    name: "limit",
    ours: { limit: "250" },
    sepays: { limit: "250" },
    upstream: { limit: "250" },
    matches: () => true,
    limit: 250,
  },
  {
    name: "reference",
    ours: { reference: "MBVCB.3278907687" },
    sepays: { reference_number: "MBVCB.3278907687" },
    upstream: { reference_number: "MBVCB.3278907687" },
    matches: (row) => row.reference === "MBVCB.3278907687",
  },
  {
    name: "amount in",
    ours: { amountIn: "2277000" },
    sepays: { amount_in: "2277000.00" },
    upstream: { amount_in: "2277000" },
    matches: (row) => row.amountIn === 2_277_000,
  },
  {
    name: "amounts in and out of zero",
    ours: { amountIn: "0", amountOut: "0" },
    sepays: { amount_in: "0", amount_out: "0.00" },
    upstream: { amount_in: "0", amount_out: "0" },
    matches: (row) => row.amountIn === 0 && row.amountOut === 0,
  },
  {
    name: "all at once",
    ours: {
      account: "0071000888888",
      from: "2026-11-19",
      to: "2026-11-19T22:00:00",
      sinceId: "723898",
      limit: "5000",
      reference: "MBVCB.3278907687",
      amountIn: "2277000",
      amountOut: "0",
    },
    sepays: {
      account_number: "0071000888888",
      transaction_date_min: "2026-11-19",
      transaction_date_max: "2026-11-19 22:00:00",
      since_id: "723898",
      limit: "5000",
      reference_number: "MBVCB.3278907687",
      amount_in: "2277000",
      amount_out: "0",
    },
    upstream: {
      account_number: "0071000888888",
      transaction_date_min: "2026-11-19 00:00:00",
      transaction_date_max: "2026-11-19 22:00:00",
      since_id: "723898",
      limit: "5000",
      reference_number: "MBVCB.3278907687",
      amount_in: "2277000",
      amount_out: "0",
    },
    matches: (row) => row.id === 723_898,
    limit: 5000,
  },
];

// One at a time: each test reads the last request that the sandbox saw.
describe("filters", () => {
  let site: Site;

  before(async () => {
    site = await startSite({ sandbox: { requestsPerSecond: 1000 } });
  });
  after(() => site?.close());

  /** Asks, and returns the body with what arrived upstream because of it. */
  async function asked(path: string, query: Query): Promise<{ body: unknown; target: string; arrived: Query }> {
    const before = site.sandbox.counters().requests;
    const body = await site.read(`${path}?${new URLSearchParams(query)}`);
    assert.equal(site.sandbox.counters().requests, before + 1);
    const target = site.sandbox.requests().at(-1)?.target ?? "";
    return { body, target, arrived: Object.fromEntries(new URLSearchParams(target.split("?")[1] ?? "")) };
  }

  function declare<Row extends { readonly id: number }, Json>(
    ours: string,
    sepays: string,
    one: Case<Row>,
    all: () => readonly Row[],
    written: (rows: Row[]) => Json[],
  ): void {
    const limit = one.limit ?? 100;
    const { limit: _, ...filters } = one.upstream;
    const { limit: __, ...ourFilters } = one.ours;
    const { limit: ___, ...sepayFilters } = one.sepays;

    test(`${ours} by ${one.name}`, async () => {
      const matching = all().filter(one.matches);
      assert.ok(matching.length > 0, "a filter that selects nothing proves nothing");
      const { body, target, arrived } = await asked(ours, one.ours);
      const kept = highestIds(matching, limit);
      assert.deepEqual(body, { data: written(kept), complete: kept.length < limit });
      assert.ok(target.startsWith(`${sepays}/list?`), target);
      assert.deepEqual(arrived, { limit: "100", ...one.upstream });
    });

    test(`${ours}/count by ${one.name}`, async () => {
      const { body, target, arrived } = await asked(`${ours}/count`, ourFilters);
      assert.deepEqual(body, { count: all().filter(one.matches).length });
      assert.match(target, new RegExp(`^${sepays}/count(\\?|$)`));
      assert.deepEqual(arrived, filters);
    });

    test(`${sepays} by ${one.name}`, async () => {
      const list = await asked(`${sepays}/list`, one.sepays);
      assert.deepEqual(list.arrived, one.upstream);
      const count = await asked(`${sepays}/count`, sepayFilters);
      assert.deepEqual(count.arrived, filters);
      const direct = await fetch(`${site.sandbox.url}${list.target}`, {
        headers: { Authorization: `Bearer ${site.sandbox.token}` },
      });
      assert.deepEqual(list.body, await direct.json());
      const root = Object.values(list.body as object).at(-1) as readonly { id: string }[];
      const sepayLimit = one.limit ?? (sepays.includes("transactions") ? 5000 : 100);
      const ids = highestIds(all().filter(one.matches), sepayLimit).map((row) => String(row.id));
      assert.deepEqual(root.map((row) => row.id), ids);
      assert.equal(Object.values(count.body as object).at(-1), all().filter(one.matches).length);
    });
  }

  for (const one of ACCOUNT_CASES) {
    const all = () => site.sandbox.data().accounts;
    declare("/api/accounts", "/userapi/bankaccounts", one, all, (rows) => rows.map(accountJson));
  }
  for (const one of TRANSACTION_CASES) {
    const all = () => site.sandbox.data().transactions;
    const written = (rows: Transaction[]) => newestFirst(rows).map(transactionJson);
    declare("/api/transactions", "/userapi/transactions", one, all, written);
  }

  test("a_reference_with_every_awkward_character_arrives_as_it_was", async () => {
    const reference = "FT 1+2&limit=9#é%/=?";
    const { arrived } = await asked("/api/transactions", { reference });
    assert.deepEqual(arrived, { limit: "100", reference_number: reference });
  });

  test("sandbox_could_read_every_parameter", () => {
    const { violations, unknownParameters, malformedParameters } = site.sandbox.counters();
    assert.deepEqual([violations, unknownParameters, malformedParameters], [0, 0, 0]);
  });
});
