/**
 * Which days the charts show, and what has to be asked for them. Pure.
 */
import type { Answer } from "../../api.ts";
import { dayAfter, dayOf } from "../../days.ts";
import type { Day } from "../../days.ts";
import type { Account, Transaction } from "../../model.ts";
import { firstWholeDay, isOf } from "./daily.ts";
import type { Span } from "./daily.ts";

/** How many days may be chosen. */
export const RANGES = [7, 30, 90] as const;

/** One of them. */
export type Range = (typeof RANGES)[number];

/** What is wanted: so many days, of one account or of all (null). */
export interface Choice {
  range: Range;
  account: Account | null;
}

/**
 * The days to show. They end today, unless nothing moved in them and something did before (a quiet shop), or after (a clock
 * that is behind): then they end on the day of the newest movement.
 */
export function spanOf(range: Range, today: Day, newest: Day | null): Span {
  const usual = { first: dayAfter(today, 1 - range), last: today };
  if (newest === null || (usual.first <= newest && newest <= usual.last)) return usual;
  return { first: dayAfter(newest, 1 - range), last: newest };
}

/** The day of the newest movement that is known of, on one account or on all. */
export function newestDay({ account }: Pick<Choice, "account">, live: readonly Transaction[], accounts: readonly Account[]): Day | null {
  const rows = account === null ? live : live.filter((row) => isOf(row, account));
  const holdings = account === null ? accounts : accounts.filter(({ id }) => id === account.id);
  const days = [...rows.map(({ occurredAt }) => dayOf(occurredAt)), ...holdings.map((each) => dayOf(each.lastTransactionAt))];
  return days.reduce((newest, day) => (day !== null && (newest === null || day > newest) ? day : newest), null);
}

/**
 * What is asked of the Worker: the rows of an account (its number; null: of all) from the beginning of a day. An account whose
 * number may not be seen cannot be asked for alone.
 */
export interface Question {
  account: string | null;
  from: Day;
}

/** The answer to it, in SePay's order, when SePay was asked (milliseconds since the Unix epoch), and beside which live list. */
export interface Reply extends Question {
  rows: Transaction[];
  complete: boolean;
  stale: Answer<unknown>["stale"];
  asOfMs: number;
  generation: number;
}

/** Whether what came says at least as much as a question would: it is of the same account or of all, and reaches back as far. */
export function answers(reply: Pick<Reply, "account" | "from" | "rows" | "complete">, question: Question): boolean {
  if (reply.account === question.account && reply.from === question.from) return true;
  const holdsFrom = firstWholeDay(reply) ?? reply.from;
  return holdsFrom <= question.from && (reply.account === null || reply.account === question.account);
}

/** Why a span begins later than it was wanted. */
export type Cut = "limit" | "rights" | null;

/**
 * What of a span can be shown: the days before the first one that the answer holds whole, and before those that the key may
 * see at all, are left out.
 */
export function shownSpan(wanted: Span, reply: Pick<Reply, "rows" | "complete">, seenFrom: Day | null): { span: Span; cut: Cut } {
  const whole = firstWholeDay(reply);
  const cuts: [Day | null, Cut][] = [
    [whole, "limit"],
    [seenFrom, "rights"],
  ];
  return cuts.reduce<{ span: Span; cut: Cut }>(
    (shown, [first, cut]) => (first !== null && first > shown.span.first ? { span: { ...wanted, first }, cut } : shown),
    { span: wanted, cut: null },
  );
}
