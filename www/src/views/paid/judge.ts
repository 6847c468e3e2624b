/**
 * Whether an order is paid, from transactions. Pure. Money in counts when SePay found the order's code in it, or found none
 * and the code stands in the transfer's text as a word of its own. Where that is not certain it is for a person to decide.
 * Money out with the code is never subtracted, as nobody can know what it was for; but such an order is not called paid.
 */
import { dayOf } from "../../days.ts";
import type { Day } from "../../days.ts";
import type { Transaction } from "../../model.ts";
import { codeMatcherOf } from "./match.ts";
import type { CodeDoubt } from "./match.ts";

/** What is waited for. */
export interface Order {
  /** As a person wrote it: `dh-001`. */
  code: string;
  /** Whole VND; null: any amount will do. */
  amount: number | null;
  /** The account to be paid; null: any. Its number is null where the key may not see it. */
  account: { id: string; number: string | null } | null;
}

/** Why a payment may be the order's, and may not. `paidBack`: money out that names the code. */
export type Doubt = CodeDoubt | "otherAccount" | "unseenAccount" | "noDirection" | "paidBack";

/**
 * Nothing yet, less than asked for, enough, more. `came`: money came in, and there is no amount to compare it with. `back`:
 * money came in, and some went out again. `unseen`: it came in an amount that the key may not see.
 */
export type State = "none" | "part" | "paid" | "over" | "came" | "back" | "unseen";

/** What is known of an order. Money is whole VND. */
export interface Verdict {
  state: State;
  received: number;
  missing: number;
  over: number;
  /** Money out that is taken to be the order's, not subtracted from the others; null where the key may not see all of it. */
  paidBack: number | null;
  /** Newest first. */
  counted: Transaction[];
  doubtful: { row: Transaction; why: Doubt }[];
}

/** Whether so much came in that nobody should be asked to pay without a second thought. */
export function isSettled(state: State): boolean {
  return state !== "none" && state !== "part";
}

/** The oldest day of what was counted, when that is before today: codes are used again. null: all is today's, or unknown. */
export function oldDayOf({ counted }: Pick<Verdict, "counted">, today: Day): Day | null {
  const days = counted.map(({ occurredAt }) => dayOf(occurredAt)).filter((day) => day !== null);
  const [oldest] = days.sort();
  return oldest !== undefined && oldest < today ? oldest : null;
}

/**
 * Judges an order. `decided` holds the ids of payments on which a person decided otherwise than this does: doubtful ones
 * that are the order's, and `paidBack` that is not.
 */
export function judge(rows: readonly Transaction[], order: Order, decided: ReadonlySet<string>): Verdict {
  const fit = matcherOf(order);
  const found = rows.flatMap((row) => {
    const match = fit(row);
    return match === null ? [] : [{ row, match }];
  });
  const doubtful = found.flatMap(({ row, match }) => (match === "sure" ? [] : [{ row, why: match }]));
  const taken = found.flatMap(({ row, match }) => (isTaken(match, decided.has(row.id)) ? [row] : []));
  const counted = taken.filter((row) => !isOut(row));
  return { ...balance(counted, taken.filter(isOut), order.amount), counted, doubtful };
}

function isTaken(match: "sure" | Doubt, isDecided: boolean): boolean {
  if (match === "sure") return true;
  return match === "paidBack" ? !isDecided : isDecided;
}

function balance(
  counted: readonly Transaction[],
  back: readonly Transaction[],
  amount: number | null,
): Omit<Verdict, "counted" | "doubtful"> {
  const received = counted.reduce((sum, { amountIn }) => sum + (amountIn ?? 0), 0);
  const wanted = amount ?? received;
  const missing = Math.max(0, wanted - received);
  const over = Math.max(0, received - wanted);
  const paidBack = back.reduce<number | null>((sum, { amountOut }) => (sum === null || amountOut === null ? null : sum + amountOut), 0);
  const state = counted.length > 0 && back.length > 0 ? backState(counted) : stateOf(counted, amount, received);
  return { state, received, missing, over, paidBack };
}

function backState(counted: readonly Transaction[]): State {
  return hasUnseen(counted) ? "unseen" : "back";
}

function stateOf(counted: readonly Transaction[], amount: number | null, received: number): State {
  if (counted.length === 0) return "none";
  if (hasUnseen(counted)) return "unseen";
  if (amount === null) return "came";
  if (received < amount) return "part";
  return received > amount ? "over" : "paid";
}

function hasUnseen(rows: readonly Transaction[]): boolean {
  return rows.some(({ amountIn }) => amountIn === null);
}

function matcherOf({ code, account }: Order): (row: Transaction) => "sure" | Doubt | null {
  const inCodes = codeMatcherOf(code);
  return (row) => {
    if (row.direction !== "out" && !isOut(row) && row.amountIn === 0) return null;
    const match = inCodes(row);
    if (match === null) return null;
    if (isOut(row)) return outMatch(match);
    if (row.direction !== "in") return "noDirection";
    return match === "sure" && account !== null ? placeMatch(row, account) : match;
  };
}

/* A direction may be hidden, and the amounts say it all the same. */
function isOut({ direction, amountIn, amountOut }: Transaction): boolean {
  return direction === "out" || (direction === "unknown" && amountIn === 0 && amountOut !== 0);
}

/* Whatever is likely to be this order's, on any account, keeps it from being called paid. */
function outMatch(match: "sure" | CodeDoubt): Doubt {
  return match === "ordinary" || match === "longer" ? match : "paidBack";
}

function placeMatch(row: Transaction, { id, number }: { id: string; number: string | null }): "sure" | Doubt {
  if (row.accountId !== null) return row.accountId === id ? "sure" : "otherAccount";
  if (row.accountNumber === null || number === null) return "unseenAccount";
  return row.accountNumber === number ? "sure" : "otherAccount";
}
