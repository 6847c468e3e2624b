/**
 * How accounts are narrowed, and what they add up to. Pure. The filters are those of `GET /api/accounts`, applied to the rows
 * at hand, and a search by text, which SePay does not have.
 */
import type { Address } from "../../address.ts";
import { dayOf } from "../../days.ts";
import type { Day } from "../../days.ts";
import { fold } from "../../fold.ts";
import { inOrder, readAmount, readDay } from "../../given.ts";
import type { Account, Transaction } from "../../model.ts";
import { totalsOf } from "../transactions/totals.ts";
import type { Totals } from "../transactions/totals.ts";

/** What accounts are narrowed by; null or "": not at all. Balances are whole VND, both ends included. */
export interface AccountFilters {
  text: string;
  bank: string;
  balanceMin: number | null;
  balanceMax: number | null;
  lastFrom: Day | null;
  lastTo: Day | null;
  activeOnly: boolean;
}

/** Reads them from the address. What makes no sense is no filter; ends given the wrong way round are turned. */
export function filtersOf(params: Address["params"]): AccountFilters {
  const [balanceMin, balanceMax] = inOrder(readAmount(params["min"]), readAmount(params["max"]));
  const [lastFrom, lastTo] = inOrder(readDay(params["from"]), readDay(params["to"]));
  return {
    text: params["q"] ?? "",
    bank: params["bank"] ?? "",
    balanceMin,
    balanceMax,
    lastFrom,
    lastTo,
    activeOnly: params["active"] === "1",
  };
}

/** Whether an account fits every filter. A value that the key may not see fits none that asks for it. */
export function fits(account: Account, filters: AccountFilters): boolean {
  const { bank, balance } = account;
  const lastDay = dayOf(account.lastTransactionAt);
  return (
    (filters.bank === "" || bank === filters.bank) &&
    (filters.balanceMin === null || (balance !== null && balance >= filters.balanceMin)) &&
    (filters.balanceMax === null || (balance !== null && balance <= filters.balanceMax)) &&
    (filters.lastFrom === null || (lastDay !== null && lastDay >= filters.lastFrom)) &&
    (filters.lastTo === null || (lastDay !== null && lastDay <= filters.lastTo)) &&
    (!filters.activeOnly || account.active === true) &&
    holds(account, filters.text)
  );
}

/** The sum of the balances; null when one of them may not be seen. A bigint: a sum may pass 2^53. */
export function totalOf(accounts: readonly Account[]): bigint | null {
  let total = 0n;
  for (const { balance } of accounts) {
    if (balance === null) return null;
    total += BigInt(balance);
  }
  return total;
}

/** The banks of accounts that moved money and stand at 0: banks that report no balance look like that. */
export function silentBanks(accounts: readonly Account[]): string[] {
  const silent = accounts.filter(({ balance, lastTransactionAt }) => balance === 0 && lastTransactionAt !== null);
  return [...new Set(silent.flatMap(({ bank }) => bank ?? []))];
}

/** What moved on a day. `isWhole`: the rows reach back to its beginning. */
export interface DayTotals extends Totals {
  isWhole: boolean;
}

/** Adds up a day, of rows that are newest first. */
export function dayTotals(rows: readonly Transaction[], day: Day, isComplete: boolean): DayTotals {
  const ofDay = rows.filter(({ occurredAt }) => dayOf(occurredAt) === day);
  const oldest = dayOf(rows.at(-1)?.occurredAt ?? null);
  return { ...totalsOf(ofDay), isWhole: isComplete || (oldest !== null && oldest < day) };
}

function holds({ accountNumber, holder, label, bank, bankName }: Account, text: string): boolean {
  const everything = fold([accountNumber, holder, label, bank, bankName].filter(Boolean).join(" "));
  return fold(text)
    .split(/\s+/)
    .every((word) => everything.includes(word));
}
