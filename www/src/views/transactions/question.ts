/**
 * Which part of the filters SePay can answer, and how rows are judged by the filters here. Pure.
 */
import { dayOf } from "../../days.ts";
import type { Day } from "../../days.ts";
import type { Transaction } from "../../model.ts";
import { amountsOf, daysOf } from "./filters.ts";
import type { Filters } from "./filters.ts";
import { finderOf } from "./search.ts";

/** What SePay is asked for. */
export interface Question {
  /** The account's number. */
  account?: string;
  from?: Day;
  to?: Day;
  reference?: string;
  /** Whole VND, exactly. */
  amountIn?: number;
  amountOut?: number;
}

/** What has to be known besides the filters. */
export interface Known {
  today: Day;
  /** The number of the account that the filters name by its id; null: this key does not see it. */
  accountNumber: string | null;
}

type Judge = (row: Transaction) => boolean;

/** The part that SePay answers. It knows amounts only to the dong, and only with their direction. */
export function questionOf(filters: Filters, { today, accountNumber }: Known): Question {
  const { from, to } = daysOf(filters, today);
  const { min, max } = amountsOf(filters);
  const question: Question = {};
  if (filters.account !== null && accountNumber !== null) question.account = accountNumber;
  if (from !== null) question.from = from;
  if (to !== null) question.to = to;
  if (filters.reference !== null) question.reference = filters.reference;
  // An amount of 0 says "any" to some banks' rows and nothing to a person.
  if (min !== null && min === max && min > 0) {
    if (filters.direction === "in") question.amountIn = min;
    if (filters.direction === "out") question.amountOut = min;
  }
  return question;
}

/** Judges rows as SePay does for a question, so that rows that came another way can join its answer. */
export function askedBy(question: Question): Judge {
  const { account, from, to, reference, amountIn, amountOut } = question;
  return (row) =>
    (account === undefined || row.accountNumber === account) &&
    isWithin(dayOf(row.occurredAt), from, to) &&
    (reference === undefined || row.reference === reference) &&
    (amountIn === undefined || row.amountIn === amountIn) &&
    (amountOut === undefined || row.amountOut === amountOut);
}

/**
 * Judges the rows of an answer by what SePay was not asked: account by id, direction, amounts, text. A row whose account may not
 * be seen is of the account only if SePay was asked for that one.
 */
export function restOf(filters: Filters, question: Question): Judge {
  const { account, direction, text } = filters;
  const isAsked = question.account !== undefined;
  const { min, max } = amountsOf(filters);
  const finds = text === null ? null : finderOf(text);
  return (row) =>
    (account === null || row.accountId === account || (row.accountId === null && isAsked)) &&
    (direction === null || row.direction === direction) &&
    ((min === null && max === null) || hasAmount(row, min ?? 0, max ?? Infinity)) &&
    (finds === null || finds(row));
}

/** Whether it cannot be told which rows are of the account that is wanted: this key sees neither its number nor its id in them. */
export function isBlind({ account }: Filters, question: Question, rows: readonly Transaction[]): boolean {
  return account !== null && question.account === undefined && rows.some(({ accountId }) => accountId === null);
}

/** Whether rows that SePay did send may be left out: then a list that is not complete was not searched to its end. */
export function isSearched(filters: Filters, question: Question): boolean {
  const isAmountAsked = question.amountIn !== undefined || question.amountOut !== undefined;
  const hasAmounts = filters.min !== null || filters.max !== null;
  return (
    filters.text !== null ||
    ((hasAmounts || filters.direction !== null) && !isAmountAsked) ||
    (filters.account !== null && question.account === undefined)
  );
}

/* A row of a day that cannot be read is in no range of days. */
function isWithin(day: Day | null, from?: Day, to?: Day): boolean {
  if (from === undefined && to === undefined) return true;
  return day !== null && (from === undefined || day >= from) && (to === undefined || day <= to);
}

/* Of a row without a direction either amount may be meant. */
function hasAmount({ direction, amountIn, amountOut }: Transaction, min: number, max: number): boolean {
  const moved = direction === "in" ? [amountIn] : direction === "out" ? [amountOut] : [amountIn, amountOut];
  return moved.some((amount) => amount !== null && amount >= min && amount <= max);
}
