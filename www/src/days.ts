/**
 * Days in Vietnam, as `YYYY-MM-DD`, and the ranges a person picks by name. Pure: time comes in as milliseconds since the
 * Unix epoch. Vietnam is seven hours ahead of UTC all year.
 */

/** A day in Vietnam, `2026-11-19`. */
export type Day = string;

/** Days from the first to the last, both included; null: no end on that side. */
export interface DayRange {
  from: Day | null;
  to: Day | null;
}

/** Ranges with a name. */
export const QUICK_RANGES = ["today", "yesterday", "7d", "30d", "month", "lastMonth"] as const;

/** One of them. */
export type QuickRange = (typeof QUICK_RANGES)[number];

const DAY_MS = 86_400_000;
const AHEAD_MS = 7 * 3_600_000;
const FIRST_MS = Date.parse("2000-01-01T00:00:00+07:00");
const END_MS = Date.parse("2100-01-01T00:00:00+07:00");

/** The day in Vietnam at a moment. */
export function dayAt(ms: number): Day {
  return new Date(ms + AHEAD_MS).toISOString().slice(0, 10);
}

/** The day of an RFC 3339 time; null for a text that is none, and for a time that is in none of the days that `isDay` knows. */
export function dayOf(rfc3339: string | null): Day | null {
  const ms = Date.parse(rfc3339 ?? "");
  return ms >= FIRST_MS && ms < END_MS ? dayAt(ms) : null;
}

/** The day so many days after another one. */
export function dayAfter(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every day of a span, first to last; none if one of the two is no day. */
export function daysBetween(first: Day, last: Day): Day[] {
  if (!isDay(first) || !isDay(last)) return [];
  const count = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayAfter(first, index));
}

/** Writes a day as people do, `19/11/2026`. */
export function plainDay(day: Day): string {
  return day.split("-").reverse().join("/");
}

/** Whether a text is a day of the calendar, `2026-02-29` is none. Years 2000 to 2099. */
export function isDay(text: string): boolean {
  return /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && dayAfter(text, 0) === text;
}

/** The days that a name means on a day. */
export function quickRange(name: QuickRange, today: Day): DayRange {
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  const lastOfLastMonth = dayAfter(firstOfMonth, -1);
  return {
    today: { from: today, to: today },
    yesterday: { from: dayAfter(today, -1), to: dayAfter(today, -1) },
    "7d": { from: dayAfter(today, -6), to: today },
    "30d": { from: dayAfter(today, -29), to: today },
    month: { from: firstOfMonth, to: today },
    lastMonth: { from: `${lastOfLastMonth.slice(0, 7)}-01`, to: lastOfLastMonth },
  }[name];
}
