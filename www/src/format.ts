/**
 * How values read on the page. Values in, text out; the language is the only thing that it reads besides. No DOM, no clock.
 * `null` in a required field means that this key may not see it.
 */
import type { Direction } from "../../src/js/npm/src/edge.ts";
import { inWords } from "./i18n.ts";
import type { Lang } from "./i18n.ts";
import type { Transaction } from "./model.ts";

/** Stands for a value that this key may not see. */
export const HIDDEN = "•••";
/** Stands for a value that does not exist. */
export const NONE = "—";

/** The sign of money that went out. */
export const MINUS = "\u2212";
const ZONE = "Asia/Ho_Chi_Minh";

interface Formats {
  vnd: Intl.NumberFormat;
  compact: Intl.NumberFormat;
  count: Intl.NumberFormat;
  time: Intl.DateTimeFormat;
  directions: Record<Direction, string>;
}

const formats: Record<Lang, Formats> = {
  vi: formatsOf("vi-VN", { in: "Tiền vào", out: "Tiền ra", unknown: "Không rõ chiều" }),
  en: formatsOf("en-GB", { in: "Money in", out: "Money out", unknown: "Direction unknown" }),
};

/** Writes whole VND as currency, or the mask. */
export function money(amount: number | bigint | null): string {
  return amount === null ? HIDDEN : inWords(formats).vnd.format(amount);
}

/** Writes whole VND in short, for an axis: "1,2 Tr". */
export function shortMoney(amount: number): string {
  return inWords(formats).compact.format(amount);
}

/** Writes a whole number. */
export function count(of: number): string {
  return inWords(formats).count.format(of);
}

/** Writes an RFC 3339 time as day and time in Vietnam. A text that is no time is given back as it is. */
export function dateTime(rfc3339: string): string {
  const ms = Date.parse(rfc3339);
  return Number.isNaN(ms) ? rfc3339 : `${dayText(ms)} ${clock(ms)}`;
}

/** Writes milliseconds since the Unix epoch as the time of day in Vietnam. */
export function clock(ms: number): string {
  const part = partsOf(ms);
  return `${part("hour")}:${part("minute")}:${part("second")}`;
}

/** Writes milliseconds since the Unix epoch as the day in Vietnam, `19/11/2026`. */
export function dayText(ms: number): string {
  const part = partsOf(ms);
  return `${part("day")}/${part("month")}/${part("year")}`;
}

/** Names a direction. */
export function directionWord(direction: Direction): string {
  return inWords(formats).directions[direction];
}

/**
 * Writes what moved, with its sign. Of a row without a direction every amount that is not 0 is shown, so
 * that nothing is lost.
 */
export function signedAmount(row: Pick<Transaction, "direction" | "amountIn" | "amountOut">): string {
  if (row.direction === "in") return signed("+", row.amountIn);
  if (row.direction === "out") return signed(MINUS, row.amountOut);
  const moved = [];
  if (row.amountIn !== 0) moved.push(signed("+", row.amountIn));
  if (row.amountOut !== 0) moved.push(signed(MINUS, row.amountOut));
  return moved.length === 0 ? money(0) : moved.join(" / ");
}

/** A required text, or the mask. */
export function orHidden(text: string | null): string {
  return text ?? HIDDEN;
}

/** An optional text, or the dash. */
export function orNone(text: string | null): string {
  return text ?? NONE;
}

/** An account number with all but its last four digits covered: "•••• 8888". A short one is covered whole. */
export function covered(number: string): string {
  return number.length > 4 ? `•••• ${number.slice(-4)}` : "••••";
}

/** Writes what moved one way. Nothing has no sign. */
export function signed(sign: "+" | typeof MINUS, amount: number | bigint | null): string {
  if (amount === null) return HIDDEN;
  return Number(amount) === 0 ? money(amount) : sign + money(amount);
}

/* Assembled from parts: a locale's order and separators change between versions of its data. */
function partsOf(ms: number): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = inWords(formats).time.formatToParts(ms);
  return (type) => parts.find((part) => part.type === type)?.value ?? "";
}

function formatsOf(locale: string, directions: Formats["directions"]): Formats {
  return {
    vnd: new Intl.NumberFormat(locale, { style: "currency", currency: "VND", currencyDisplay: "narrowSymbol" }),
    compact: new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }),
    count: new Intl.NumberFormat(locale),
    time: new Intl.DateTimeFormat(locale, {
      timeZone: ZONE,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }),
    directions,
  };
}
