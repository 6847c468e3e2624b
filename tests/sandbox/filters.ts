/**
 * The query semantics of SePay's list and count calls: which rows a query string selects, and how many.
 *
 * An empty value is no filter. A value that cannot be read (a date in another format, text for a number)
 * selects nothing and is reported, so that a client's mistake shows. Of a repeated parameter the last one
 * counts.
 */
import type { Account, Transaction } from "./model.ts";
import type { Settings } from "./settings.ts";
import { isDate, isDateTime } from "./time.ts";

/** A query string, read. */
export interface Query<Row> {
  readonly matches: (row: Row) => boolean;
  /** Rows wanted; infinite for a count. */
  readonly limit: number;
  /** Names of parameters the call does not know: ignored, as SePay does. */
  readonly unknown: readonly string[];
  /** Names of parameters whose value could not be read. */
  readonly malformed: readonly string[];
}

type Test<Row> = (row: Row) => boolean;
type Filter<Row> = (value: string, settings: Settings) => Test<Row> | null;
type Limit = { readonly fallback: number; readonly max: number };

/** Transaction page: the default and the maximum of `limit`. */
export const TRANSACTIONS_LIMIT = 5000;

/** Bank account page: the default of `limit`. */
export const ACCOUNTS_LIMIT = 100;

const ACCOUNT_FILTERS: ReadonlyMap<string, Filter<Account>> = new Map([
  ["short_name", equalText((row: Account) => row.bank.shortName)],
  ["last_transaction_date_min", dateMin((row: Account) => row.lastTransactionAt)],
  ["last_transaction_date_max", dateMax((row: Account) => row.lastTransactionAt)],
  ["since_id", sinceId<Account>()],
  [
    "accumulated_min",
    compareAmount(
      (row: Account) => row.balance,
      (order) => order >= 0,
    ),
  ],
  [
    "accumulated_max",
    compareAmount(
      (row: Account) => row.balance,
      (order) => order <= 0,
    ),
  ],
]);

const TRANSACTION_FILTERS: ReadonlyMap<string, Filter<Transaction>> = new Map([
  ["account_number", equalText((row: Transaction) => row.accountNumber)],
  ["transaction_date_min", dateMin((row: Transaction) => row.occurredAt)],
  ["transaction_date_max", dateMax((row: Transaction) => row.occurredAt)],
  ["since_id", sinceId<Transaction>()],
  ["reference_number", equalText((row: Transaction) => row.reference)],
  [
    "amount_in",
    compareAmount(
      (row: Transaction) => row.amountIn,
      (order) => order === 0,
    ),
  ],
  [
    "amount_out",
    compareAmount(
      (row: Transaction) => row.amountOut,
      (order) => order === 0,
    ),
  ],
]);

/** Reads the query string of `bankaccounts/list`, or of `/count`, which knows no `limit`. */
export function accountQuery(query: string, settings: Settings, call: "list" | "count"): Query<Account> {
  const max = settings.accountsLimitMax ?? Number.POSITIVE_INFINITY;
  const limit = { fallback: Math.min(ACCOUNTS_LIMIT, max), max };
  return readQuery(query, settings, ACCOUNT_FILTERS, call === "list" ? limit : null);
}

/** Reads the query string of `transactions/list`, or of `/count`, which knows no `limit`. */
export function transactionQuery(
  query: string,
  settings: Settings,
  call: "list" | "count",
): Query<Transaction> {
  const limit = { fallback: TRANSACTIONS_LIMIT, max: TRANSACTIONS_LIMIT };
  return readQuery(query, settings, TRANSACTION_FILTERS, call === "list" ? limit : null);
}

/**
 * Selects rows (given in ascending order of id) in the order of the settings; the limit keeps the first ones.
 */
export function select<Row>(rows: readonly Row[], query: Query<Row>, order: Settings["order"]): Row[] {
  const selected: Row[] = [];
  for (let step = 0; step < rows.length && selected.length < query.limit; step += 1) {
    const row = rows[order === "newest-first" ? rows.length - 1 - step : step];
    if (row !== undefined && query.matches(row)) selected.push(row);
  }
  return selected;
}

function readQuery<Row>(
  query: string,
  settings: Settings,
  filters: ReadonlyMap<string, Filter<Row>>,
  limit: Limit | null,
): Query<Row> {
  const tests: Test<Row>[] = [];
  const unknown: string[] = [];
  const malformed: string[] = [];
  let wanted = limit?.fallback ?? Number.POSITIVE_INFINITY;
  for (const [name, value] of new Map(new URLSearchParams(query))) {
    const filter = filters.get(name);
    if (limit !== null && name === "limit") {
      wanted = readLimit(value, limit) ?? (malformed.push(name), limit.fallback);
    } else if (filter === undefined) {
      unknown.push(name);
    } else if (value !== "") {
      tests.push(filter(value, settings) ?? (malformed.push(name), () => false));
    }
  }
  return { matches: (row) => tests.every((test) => test(row)), limit: wanted, unknown, malformed };
}

/** No page says what 0, a negative number or text mean: they are reported and the default is used. */
function readLimit(value: string, limit: Limit): number | null {
  if (value === "") return limit.fallback;
  if (!/^\d+$/.test(value) || Number(value) < 1) return null;
  return Math.min(Number(value), limit.max);
}

function equalText<Row>(field: (row: Row) => string): Filter<Row> {
  return (value) => (row) => field(row) === value;
}

/** The pages mark `since_id` with (>=): inclusive. */
function sinceId<Row extends { readonly id: number }>(): Filter<Row> {
  return (value) => (/^\d+$/.test(value) ? (row) => row.id >= Number(value) : null);
}

function dateMin<Row>(field: (row: Row) => string | null): Filter<Row> {
  return (value) => {
    const from = readDate(value, "00:00:00");
    return from === null ? null : dateTest(field, (date) => date >= from);
  };
}

function dateMax<Row>(field: (row: Row) => string | null): Filter<Row> {
  return (value, settings) => {
    const to = readDate(value, settings.bareDateMax === "whole-day" ? "23:59:59" : "00:00:00");
    return to === null ? null : dateTest(field, (date) => date <= to);
  };
}

/** A row without a date is never selected by a date, as in SQL. */
function dateTest<Row>(field: (row: Row) => string | null, wanted: (date: string) => boolean): Test<Row> {
  return (row) => {
    const date = field(row);
    return date !== null && wanted(date);
  };
}

function readDate(value: string, timeOfBareDate: string): string | null {
  if (isDate(value)) return `${value} ${timeOfBareDate}`;
  return isDateTime(value) ? value : null;
}

/** Compares as exact decimals: "100" and "100.00" are equal, "100.5" equals no row. */
function compareAmount<Row>(field: (row: Row) => number, wanted: (order: number) => boolean): Filter<Row> {
  return (value) => {
    const parts = /^(-?\d{1,30})(?:\.(\d{1,10}))?$/.exec(value);
    if (parts === null) return null;
    const fraction = parts[2] ?? "";
    const scaled = BigInt(`${parts[1]}${fraction}`);
    const unit = 10n ** BigInt(fraction.length);
    return (row) => wanted(order(BigInt(field(row)) * unit, scaled));
  };
}

function order(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
