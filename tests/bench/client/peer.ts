/**
 * What a good engineer writes by hand for a list of transactions: `TextDecoder`, `JSON.parse`, and the checks and
 * conversions that the core does, in plain TypeScript. Bytes in, plain objects out. It is what the package is measured
 * against, so it is meant to be fast: one object per row, char codes in the usual case and a regular expression
 * elsewhere, no closure and no intermediate array.
 *
 * What `JSON.parse` hides, it cannot check: a field that is there twice, how a number was written (ids beyond 2^53 are
 * refused instead), the fraction of a number that a double has rounded away.
 */

import { answered } from "./verdict.ts";
import { PeerError, unreadable } from "./peer-error.ts";

/** A transaction, as design and package have it. */
export interface PeerTransaction {
  id: string;
  accountId: string;
  accountNumber: string;
  subAccount: string | null;
  bank: string;
  occurredAt: string;
  direction: "in" | "out" | "unknown";
  amountIn: number;
  amountOut: number;
  balance: number;
  content: string;
  code: string | null;
  reference: string | null;
}

/** A row as `JSON.parse` makes it. */
interface Row {
  readonly id?: unknown;
  readonly bank_brand_name?: unknown;
  readonly account_number?: unknown;
  readonly transaction_date?: unknown;
  readonly amount_out?: unknown;
  readonly amount_in?: unknown;
  readonly accumulated?: unknown;
  readonly transaction_content?: unknown;
  readonly reference_number?: unknown;
  readonly code?: unknown;
  readonly sub_account?: unknown;
  readonly bank_account_id?: unknown;
}

type Field = keyof Row;

/** An answer of SePay's. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: Uint8Array;
}

const ROOT = "transactions";

/** Reads a list of transactions; throws `PeerError`. */
export function readTransactions(answer: Answer): PeerTransaction[] {
  const { root, hasEscapes } = answered(answer);
  const rows = root[ROOT];
  if (rows === undefined) throw unreadable(ROOT, "expected this key, found none");
  if (!Array.isArray(rows)) throw unreadable(ROOT, "expected a list, found something else");
  const transactions: PeerTransaction[] = new Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    const row: unknown = rows[index];
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      throw unreadable(`${ROOT}[${index}]`, "expected an object, found something else");
    }
    if (hasEscapes) checkEscapes(row, index);
    transactions[index] = transaction(row, index);
  }
  return transactions;
}

const TEXTS = ["id", "bank_account_id", "account_number", "sub_account", "bank_brand_name", "transaction_content", "code", "reference_number"] as const;

/** Only an escape can name half a character: the bytes are UTF-8. */
function checkEscapes(row: Row, index: number): void {
  for (const field of TEXTS) {
    const value = row[field];
    if (typeof value === "string" && !value.isWellFormed()) throw fail(field, index, "expected text, found a broken escape");
  }
}

function transaction(row: Row, index: number): PeerTransaction {
  const amountIn = amount(row.amount_in, "amount_in", index);
  const amountOut = amount(row.amount_out, "amount_out", index);
  return {
    id: identifier(row.id, "id", index),
    accountId: identifier(row.bank_account_id, "bank_account_id", index),
    accountNumber: identifier(row.account_number, "account_number", index),
    subAccount: plain(row.sub_account, "sub_account", index),
    bank: plain(row.bank_brand_name, "bank_brand_name", index) ?? "",
    occurredAt: time(row.transaction_date, index),
    direction: amountIn > 0 === amountOut > 0 ? "unknown" : amountIn > 0 ? "in" : "out",
    amountIn,
    amountOut,
    balance: dong(row.accumulated, "accumulated", index),
    content: plain(row.transaction_content, "transaction_content", index) ?? "",
    code: plain(row.code, "code", index),
    reference: plain(row.reference_number, "reference_number", index),
  };
}

function fail(field: Field, index: number, reason: string): PeerError {
  return unreadable(`${ROOT}[${index}].${field}`, reason);
}

/** The text of a string or a number; null for nothing and for `""`. */
function plain(value: unknown, field: Field, index: number): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (value === null || value === undefined) return null;
  if (typeof value !== "number") throw fail(field, index, "expected text or a number, found something else");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw fail(field, index, "expected an exact number, found a larger one");
  return String(value);
}

function identifier(value: unknown, field: Field, index: number): string {
  const text = plain(value, field, index);
  if (text === null) throw fail(field, index, "expected a value, found nothing");
  return text;
}

function amount(value: unknown, field: Field, index: number): number {
  if (value === undefined) throw fail(field, index, "expected a value, found nothing");
  const whole = dong(value, field, index);
  if (whole < 0) throw fail(field, index, "expected 0 VND or more, found less");
  return whole;
}

function dong(value: unknown, field: Field, index: number): number {
  if (typeof value === "string") {
    const usual = usualDong(value);
    return usual >= 0 ? usual : anyDong(value, field, index);
  }
  if (value === null || value === undefined) return 0;
  if (typeof value !== "number") throw fail(field, index, "expected text or a number, found something else");
  if (!Number.isInteger(value)) throw fail(field, index, "expected whole VND, found a fraction");
  if (!Number.isSafeInteger(value)) throw fail(field, index, "expected at most 9007199254740991 VND, found more");
  return value + 0; // -0 becomes 0
}

const ZERO = 48;
const POINT = 46;

/** Digits a double holds exactly, whatever they are. */
const EXACT_DIGITS = 15;

/** Reads `2277000.00` and `2277000`; -1 for any other form. */
function usualDong(text: string): number {
  const { length } = text;
  let whole = 0;
  let at = 0;
  for (; at < length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) break;
    whole = whole * 10 + digit;
  }
  if (at === 0 || at > EXACT_DIGITS) return -1;
  if (at === length) return whole;
  if (text.charCodeAt(at) !== POINT || at + 1 === length) return -1;
  for (at += 1; at < length; at += 1) if (text.charCodeAt(at) !== ZERO) return -1;
  return whole;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads any decimal number: negative, large, with an exponent. */
function anyDong(text: string, field: Field, index: number): number {
  const parts = DECIMAL.exec(text);
  if (parts === null) throw fail(field, index, "expected whole VND, found text that is no number");
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = whole + fraction;
  const point = Math.max(0, whole.length + Number(exponent));
  if (/[1-9]/.test(digits.slice(point))) throw fail(field, index, "expected whole VND, found a fraction");
  const magnitude = Number(digits.slice(0, point).padEnd(point, "0"));
  if (!Number.isSafeInteger(magnitude)) throw fail(field, index, "expected at most 9007199254740991 VND, found more");
  return sign === "-" && magnitude > 0 ? -magnitude : magnitude;
}

/** Every time that exists but those of 29 February. One expression without groups is faster than char codes here. */
const TIME =
  /^(?:19|[2-9]\d)\d\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8])) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const LEAP_DAY = /^(?:19|[2-9]\d)\d\d-02-29 (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** Reads `YYYY-MM-DD HH:mm:ss`, if it exists, and writes RFC 3339. */
function time(value: unknown, index: number): string {
  if (typeof value === "string" && (TIME.test(value) || (LEAP_DAY.test(value) && isLeapYear(Number(value.slice(0, 4)))))) {
    return `${value.slice(0, 10)}T${value.slice(11)}+07:00`;
  }
  throw fail("transaction_date", index, "expected a time as YYYY-MM-DD HH:mm:ss that exists");
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
