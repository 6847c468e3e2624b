/**
 * When the page asks again. Pure. All tabs and all machines ask at the same moments, the multiples of the period since the
 * Unix epoch: their questions then meet in the gate and are one call to SePay.
 */

/** The usual period. Longer than the second for which an answer is fresh, so that one question is one call. */
export const BEAT_MS = 1250;

/* SePay's own page for a payment gives up after 15 minutes; a page nobody touches for 10 is looked at now and then. */
const IDLE_AFTER_MS = 600_000;
const IDLE_BEATS = 4;
const LONGEST_BEATS = 32;

/** What the period depends on. */
export interface Situation {
  /** Calls to SePay that one question takes: one for each account of a limited key. */
  calls: number;
  /** Questions that failed since the last good answer. */
  failures: number;
  /** Since the person touched the page. */
  idleMs: number;
  /** Nobody sees the page. */
  isHidden: boolean;
  /** A payment is waited for. */
  isWatching: boolean;
}

/** Milliseconds from one question to the next; null: none until the page is seen again. */
export function periodMs({ calls, failures, idleMs, isHidden, isWatching }: Situation): number | null {
  if (isHidden && !isWatching) return null;
  const isSlow = isHidden || (idleMs > IDLE_AFTER_MS && !isWatching);
  const beats = Math.max(1, calls) * (isSlow ? IDLE_BEATS : 1) * 2 ** Math.min(failures, 8);
  return BEAT_MS * Math.min(beats, LONGEST_BEATS);
}

/** The first beat after `nowMs` that is not before `notBeforeMs`. */
export function nextBeatMs(nowMs: number, beatMs: number, notBeforeMs = 0): number {
  const earliestMs = Math.max(nowMs + 1, notBeforeMs);
  return Math.ceil(earliestMs / beatMs) * beatMs;
}
