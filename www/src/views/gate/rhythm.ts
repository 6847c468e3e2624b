/**
 * How often the page looks at the gate. Pure.
 */

/** The usual time from one look to the next, in milliseconds. */
export const EVERY_MS = 2000;

const MOST_DOUBLINGS = 4;

/**
 * Milliseconds to the next look: later after failures in a row, and never before the time that a refusal named. null: no
 * look, because nobody would see it, or it could not reach the gate, or the pause has no end.
 */
export function nextLookMs(at: { failures: number; pausedForMs: number; isSeen: boolean; isOnline: boolean }): number | null {
  if (!at.isSeen || !at.isOnline || at.pausedForMs === Infinity) return null;
  return Math.max(EVERY_MS * 2 ** Math.min(at.failures, MOST_DOUBLINGS), at.pausedForMs);
}
