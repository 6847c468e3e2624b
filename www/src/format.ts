/**
 * How values read on the page. Pure: values in, text out; no DOM, no clock.
 * `null` in a required field means that this key may not see it.
 */
import type { Direction } from "../../src/js/npm/src/edge.ts";
import type { Transaction } from "./model.ts";

/** Stands for a value that this key may not see. */
export const HIDDEN = "•••";
/** Stands for a value that does not exist. */
export const NONE = "—";

const MINUS = "\u2212";

const vnd = new Intl.NumberFormat("vi-VN", { style: "currency", currency: "VND" });

const vietnamTime = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Writes whole VND as Vietnamese currency, or the mask. */
export function money(amount: number | null): string {
  return amount === null ? HIDDEN : vnd.format(amount);
}

/** Writes an RFC 3339 time as day and time in Vietnam. A text that is no time is given back as it is. */
export function dateTime(rfc3339: string): string {
  const ms = Date.parse(rfc3339);
  return Number.isNaN(ms) ? rfc3339 : `${dayOf(ms)} ${clock(ms)}`;
}

/** Writes milliseconds since the Unix epoch as the time of day in Vietnam. */
export function clock(ms: number): string {
  const part = partsOf(ms);
  return `${part("hour")}:${part("minute")}:${part("second")}`;
}

/** Names a direction. */
export function directionWord(direction: Direction): string {
  return { in: "Tiền vào", out: "Tiền ra", unknown: "Không rõ chiều" }[direction];
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

function signed(sign: string, amount: number | null): string {
  return amount === null ? HIDDEN : sign + money(amount);
}

function dayOf(ms: number): string {
  const part = partsOf(ms);
  return `${part("day")}/${part("month")}/${part("year")}`;
}

/* Assembled from parts: a locale's order and separators change between versions of its data. */
function partsOf(ms: number): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = vietnamTime.formatToParts(ms);
  return (type) => parts.find((part) => part.type === type)?.value ?? "";
}
