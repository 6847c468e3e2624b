/**
 * Transactions as one list, from answers that came at different times. Pure. Booked rows do not change, so a row that is
 * known stays known.
 */
import type { Transaction } from "../model.ts";

/** Both lists as one: each row once, newest first. The first list is given back as it is when the other adds nothing. */
export function merged(known: Transaction[], came: readonly Transaction[]): Transaction[] {
  const added = unknownIn(known, came);
  return added.length === 0 ? known : [...added, ...known].sort(newestFirst);
}

/** The rows of the second list that the first does not hold, in their order. */
export function unknownIn(known: readonly Transaction[], came: readonly Transaction[]): Transaction[] {
  const ids = new Set(known.map(({ id }) => id));
  return came.filter(({ id }) => !ids.has(id));
}

/**
 * Whether rows may be missing between a list and the newest rows of the same question: more came than were asked for, and
 * not one of them is known.
 */
export function hasGap(known: readonly Transaction[], newest: { rows: readonly Transaction[]; complete: boolean }): boolean {
  return !newest.complete && newest.rows.length > 0 && unknownIn(known, newest.rows).length === newest.rows.length;
}

/** Orders by time, and by SePay's id where the second is the same: later rows have larger ones. */
export function newestFirst(one: Transaction, other: Transaction): number {
  const [mine, its] = [momentOf(one), momentOf(other)];
  return its - mine || compareIds(other.id, one.id);
}

function momentOf({ occurredAt }: Transaction): number {
  return Date.parse(occurredAt ?? "") || 0;
}

/* Ids have up to 20 digits, more than a number holds. */
function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
