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

/** The rows of the second list that the first does not hold, each once, in their order. */
export function unknownIn(known: readonly Transaction[], came: readonly Transaction[]): Transaction[] {
  const ids = new Set(known.map(({ id }) => id));
  return came.filter(({ id }) => !ids.has(id) && ids.add(id));
}

/**
 * Whether rows may be missing between a list and the newest rows of the same question: more came than were asked for, and
 * they do not reach back to what is known. By time and by id, because SePay does not say which of the two its limit goes by;
 * banks book rows late, and then the two differ.
 */
export function hasGap(known: readonly Transaction[], newest: { rows: readonly Transaction[]; complete: boolean }): boolean {
  if (newest.complete) return false;
  const ids = new Set(known.map(({ id }) => id));
  const edges = [newest.rows.reduce(olderOf, newest.rows[0]), newest.rows.reduce(earlierOf, newest.rows[0])];
  return edges.some((row) => row !== undefined && !ids.has(row.id));
}

/**
 * Whether rows may be missing between an answer and the live rows of the same question: neither reaches into the other. The
 * live rows go on to now, so that an answer with all rows of its time may end before they begin.
 */
export function areApart(answered: readonly Transaction[], live: { rows: readonly Transaction[]; complete: boolean }): boolean {
  if (!hasGap(answered, live)) return false;
  return answered.length === 0 || hasGap(live.rows, { rows: answered, complete: false });
}

function olderOf(one: Transaction | undefined, other: Transaction): Transaction {
  return one && newestFirst(one, other) > 0 ? one : other;
}

function earlierOf(one: Transaction | undefined, other: Transaction): Transaction {
  return one && compareIds(one.id, other.id) <= 0 ? one : other;
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
