/**
 * SePay's way of writing times: Vietnam wall clock (UTC+7 all year), no offset, two formats.
 * Reads no clock: the time comes in.
 */

const VIETNAM_OFFSET_MS = 7 * 60 * 60 * 1000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** Writes an instant (milliseconds since the Unix epoch) as Vietnam time, `YYYY-MM-DD HH:mm:ss`. */
export function vietnamTime(epochMs: number): string {
  return wallText(epochMs + VIETNAM_OFFSET_MS);
}

/**
 * Writes wall-clock milliseconds (as `Date.UTC` counts them, zone already applied) as `YYYY-MM-DD HH:mm:ss`.
 */
export function wallText(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19).replace("T", " ");
}

/** Tells whether the text is a real `YYYY-MM-DD HH:mm:ss`; 30 February and 24:00:00 are not. */
export function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text)) return false;
  const wallMs = Date.parse(`${text.replace(" ", "T")}Z`);
  return !Number.isNaN(wallMs) && wallText(wallMs) === text;
}

/** Tells whether the text is a real `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return DATE.test(text) && isDateTime(`${text} 00:00:00`);
}
