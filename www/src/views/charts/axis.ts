/**
 * How days and money read along an axis. Pure but for the language chosen.
 */
import type { Day } from "../../days.ts";
import { inWords } from "../../i18n.ts";

const LOCALES = { vi: "vi-VN", en: "en-GB" };
const SHORT_DAY: Record<"vi" | "en", Intl.DateTimeFormatOptions> = {
  vi: { day: "numeric", month: "numeric" },
  en: { day: "numeric", month: "short" },
};
const LONG_DAY: Intl.DateTimeFormatOptions = { weekday: "long", day: "2-digit", month: "2-digit", year: "numeric" };

/* Days between labels: weeks where there are many. */
const STEPS = [1, 2, 3, 5, 7, 14, 28];
const MOST_DIGITS = 4;

/** Writes a day under a chart: "19/11", "19 Nov". */
export function shortDay(day: Day): string {
  return dayIn(day, inWords(SHORT_DAY));
}

/** Writes a day in full: "Thứ Năm, 19/11/2026". */
export function longDay(day: Day): string {
  return dayIn(day, LONG_DAY);
}

/** Writes the amounts of an axis (whole VND, at even steps) in short, with the digits that it takes to tell them apart. */
export function axisMoney(amounts: readonly number[]): string[] {
  const maximumFractionDigits = digitsFor(amounts);
  const format = new Intl.NumberFormat(inWords(LOCALES), { notation: "compact", maximumFractionDigits });
  return amounts.map((amount) => format.format(amount));
}

/** Which of so many days have a label, when so many labels have room: the last one, and others at even steps before it. */
export function labelled(days: number, room: number): number[] {
  const step = STEPS.find((each) => Math.ceil(days / each) <= room) ?? Math.max(days, 1);
  const at: number[] = [];
  for (let index = days - 1; index >= 0; index -= step) at.unshift(index);
  return at;
}

/* "871,2 T" twice on one axis would say that nothing lies between. */
function digitsFor(amounts: readonly number[]): number {
  const step = Math.abs((amounts[1] ?? 0) - (amounts[0] ?? 0));
  const isNear = (digits: number) => amounts.every((amount) => roundedBy(amount, digits) <= step / 20);
  let digits = 0;
  while (digits < MOST_DIGITS && !isNear(digits)) digits += 1;
  return digits;
}

/* What an amount loses when it is written in thousands, millions and so on with so many digits. */
function roundedBy(amount: number, digits: number): number {
  const thousands = Math.floor(Math.log10(Math.max(Math.abs(amount), 1)) / 3);
  const unit = 1000 ** thousands / 10 ** digits;
  return Math.abs(Math.round(amount / unit) * unit - amount);
}

function dayIn(day: Day, style: Intl.DateTimeFormatOptions): string {
  // A day of the calendar, whatever the zone of the browser.
  const format = new Intl.DateTimeFormat(inWords(LOCALES), { ...style, timeZone: "UTC" });
  return format.format(Date.parse(`${day}T00:00:00Z`));
}
