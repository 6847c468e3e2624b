/**
 * Limits that several parts share.
 */

/** The most rows that SePay gives at a time. */
export const MOST_ROWS = 5000;

/** The oldest answer, in seconds, that will do where what came just now counts. */
export const FRESH_SECS = 1;
