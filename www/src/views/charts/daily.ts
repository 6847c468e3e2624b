/**
 * What moved on each day in Vietnam, and what there was at its end, from transactions as SePay reports them. Pure. Money is
 * whole VND. What cannot be said is not said: hidden values, banks that report no balance, sums that a number does not hold.
 */
import { dayAfter, dayOf, daysBetween } from "../../days.ts";
import type { Day } from "../../days.ts";
import type { Account, Transaction } from "../../model.ts";
import { newestFirst } from "../../state/ledger.ts";

/** Days, both included. A span whose first day is after its last one is empty. */
export interface Span {
  first: Day;
  last: Day;
}

/** What moved on a day, or in a span. */
export interface Flow {
  amountIn: number;
  amountOut: number;
}

/**
 * Why there is no figure: the key may not see what it is made of; it is beyond what a number holds exactly; no account here
 * has a balance that its bank reports.
 */
export type Reason = "hidden" | "tooLarge" | "unreported";

/** What is known of an account. */
export type Holding = Pick<Account, "id" | "bank" | "accountNumber" | "balance">;

/** What is added up. */
export interface Input {
  /** In any order; rows outside the span do not count. */
  rows: readonly Transaction[];
  /** The accounts that the rows are of; null: not known. */
  accounts: readonly Holding[] | null;
  span: Span;
}

/** The days of the span, oldest first; the lists beside them are as long. */
export interface Daily {
  days: Day[];
  flows: Flow[] | Exclude<Reason, "unreported">;
  /** Of all days together. */
  total: Flow | null;
  /** At the end of each day. */
  balances: number[] | Reason;
  /** Banks whose balances are not in it: they report none. */
  silentBanks: string[];
  /** Accounts without a movement in the span are not in the balances, because they are not known. */
  isMovedOnly: boolean;
}

/** Adds up each day of a span. */
export function daily({ rows, accounts, span }: Input): Daily {
  const days = daysBetween(span.first, span.last);
  const inSpan = rows.filter(({ occurredAt }) => isWithin(dayOf(occurredAt), span));
  const flows = flowsOf(inSpan, days);
  const { balances, silentBanks } = balancesOf(inSpan, accounts ?? [], days);
  const total = typeof flows === "string" ? null : flows.reduce(added, NOTHING);
  const isTooLarge = total !== null && !isExact(total);
  return {
    days,
    flows: isTooLarge ? "tooLarge" : flows,
    total: isTooLarge ? null : total,
    balances,
    silentBanks,
    isMovedOnly: accounts === null,
  };
}

/**
 * The first day that a list, in SePay's order, certainly holds whole; null: all of them, the list was not cut. SePay may cut
 * by the order of booking, and a row may be booked days after its own time: the latest day among the last rows counts, so that
 * one late row does not make days look whole which are not.
 */
export function firstWholeDay({ rows, complete }: { rows: readonly Transaction[]; complete: boolean }): Day | null {
  if (complete) return null;
  const last = rows.slice(-LAST_ROWS).flatMap(({ occurredAt }) => dayOf(occurredAt) ?? []);
  const cut = last.sort().at(-1);
  return cut === undefined ? null : dayAfter(cut, 1);
}

/** Whether a row moved on an account: by its id, by its number where the id may not be seen. */
export function isOf(row: Transaction, account: Pick<Holding, "id" | "accountNumber">): boolean {
  if (row.accountId !== null) return row.accountId === account.id;
  return row.accountNumber !== null && row.accountNumber === account.accountNumber;
}

const LAST_ROWS = 20;
const NOTHING: Flow = { amountIn: 0, amountOut: 0 };
const hiddenBalances: Balances = { balances: "hidden", silentBanks: [] };

interface Balances {
  balances: number[] | Reason;
  silentBanks: string[];
}

function flowsOf(rows: readonly Transaction[], days: readonly Day[]): Flow[] | "hidden" {
  const byDay = new Map<Day | null, Flow>(days.map((day) => [day, NOTHING]));
  for (const { occurredAt, amountIn, amountOut } of rows) {
    if (amountIn === null || amountOut === null) return "hidden";
    const day = dayOf(occurredAt);
    byDay.set(day, added(byDay.get(day) ?? NOTHING, { amountIn, amountOut }));
  }
  return [...byDay.values()];
}

/** Of every account what was left at the end of each day; then all of them together. */
function balancesOf(rows: readonly Transaction[], accounts: readonly Holding[], days: readonly Day[]): Balances {
  const groups = byAccount([...rows].sort(newestFirst).reverse());
  if (groups === null) return hiddenBalances;
  const silent = groups.filter(isSilent);
  const idle = accounts.filter((account) => !groups.some(([first]) => first !== undefined && isOf(first, account)));
  const lines = [
    ...groups.filter((group) => !isSilent(group)).map((group) => lineOf(group, days)),
    ...idle.map(({ balance }) => (balance === null ? null : days.map(() => balance))),
  ];
  const silentBanks = [...new Set(silent.flatMap(([first]) => first?.bank ?? []))];
  return { balances: together(lines, days), silentBanks };
}

function together(lines: readonly (number[] | null)[], days: readonly Day[]): number[] | Reason {
  const seen = lines.filter((line) => line !== null);
  if (seen.length < lines.length) return "hidden";
  if (seen.length === 0) return "unreported";
  const sums = days.map((_, index) => seen.reduce((sum, line) => plus(sum, line[index] ?? NaN), 0));
  return sums.every(Number.isSafeInteger) ? sums : "tooLarge";
}

/** The rows of each account in their order; null: it may not be seen whose they are. */
function byAccount(rows: readonly Transaction[]): Transaction[][] | null {
  const groups = new Map<string, Transaction[]>();
  for (const row of rows) {
    const name = row.accountId ?? row.accountNumber;
    if (name === null) return null;
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return [...groups.values()];
}

/* Money moved and yet there is always nothing: such a bank does not tell SePay its balance. */
function isSilent(rows: readonly Transaction[]): boolean {
  return rows.every(({ balance }) => balance === 0) && rows.some(({ amountIn, amountOut }) => amountIn !== 0 || amountOut !== 0);
}

/** An account's balance at the end of each day, from its rows, oldest first; null: it may not be seen. */
function lineOf(rows: readonly Transaction[], days: readonly Day[]): number[] | null {
  if (rows.some(({ balance }) => balance === null)) return null;
  const atEnd = new Map(rows.map(({ occurredAt, balance }) => [dayOf(occurredAt), balance]));
  let carried = rows[0] ? balanceBefore(rows[0]) : null;
  if (carried === null) return null;
  const line: number[] = [];
  for (const day of days) {
    carried = atEnd.get(day) ?? carried;
    line.push(carried);
  }
  return line;
}

function balanceBefore({ balance, amountIn, amountOut }: Transaction): number | null {
  if (balance === null || amountIn === null || amountOut === null) return null;
  return plus(plus(balance, -amountIn), amountOut);
}

function added(one: Flow, other: Flow): Flow {
  return { amountIn: plus(one.amountIn, other.amountIn), amountOut: plus(one.amountOut, other.amountOut) };
}

/* NaN once a sum is beyond 2^53, where it would be rounded: and whatever is added to it later stays NaN. */
function plus(one: number, other: number): number {
  const sum = one + other;
  return Number.isSafeInteger(sum) ? sum : NaN;
}

function isExact({ amountIn, amountOut }: Flow): boolean {
  return Number.isSafeInteger(amountIn) && Number.isSafeInteger(amountOut);
}

function isWithin(day: Day | null, { first, last }: Span): boolean {
  return day !== null && first <= day && day <= last;
}
