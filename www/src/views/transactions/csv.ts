/**
 * The list as a file for spreadsheets: RFC 4180 with a byte order mark, without which Excel takes UTF-8 for something else.
 * Pure. A value that this key may not see is empty, as is one that does not exist. Numbers of accounts and ids stand as they are,
 * so that programs read them exactly; Excel takes them for numbers unless it is told otherwise, and the page says how.
 */
import { dayOf } from "../../days.ts";
import type { Day } from "../../days.ts";
import type { Transaction } from "../../model.ts";

/** The columns, in their order. */
export const COLUMNS = [
  "occurredAt",
  "bank",
  "accountNumber",
  "subAccount",
  "direction",
  "amountIn",
  "amountOut",
  "balance",
  "content",
  "code",
  "reference",
  "id",
] as const;

/** One of them. */
export type Column = (typeof COLUMNS)[number];

const BOM = "\uFEFF";
const LINE_END = "\r\n";

/** The words that go into a file. */
export interface CsvWords {
  columns: Record<Column, string>;
  directions: Record<Transaction["direction"], string>;
}

/** Writes rows in the order given, after a header. Money is whole VND without separators, times are RFC 3339. */
export function csvOf(rows: readonly Transaction[], { columns, directions }: CsvWords): string {
  const head = COLUMNS.map((name) => quoted(columns[name]));
  const lines = rows.map((row) => COLUMNS.map((name) => cellOf(name === "direction" ? directions[row.direction] : row[name])));
  return BOM + [head, ...lines].map((cells) => cells.join(",") + LINE_END).join("");
}

/** What a file's name says. */
export interface FileNameParts {
  /** "giao-dich". */
  stem: string;
  /** "khong-day-du". */
  incomplete: string;
  isComplete: boolean;
  /** The days asked for; null: no end on that side. */
  from: Day | null;
  to: Day | null;
  rows: readonly Transaction[];
}

/** Names the file by its days: those asked for, or those of its rows where nothing was asked or the list does not reach so far. */
export function fileName({ stem, incomplete, isComplete, from, to, rows }: FileNameParts): string {
  const first = (isComplete ? from : null) ?? dayOf(rows.at(-1)?.occurredAt ?? null);
  const last = to ?? dayOf(rows[0]?.occurredAt ?? null);
  const days = [first, last].filter((day) => day !== null);
  return `${[stem, ...days].join("_")}${isComplete ? "" : `-${incomplete}`}.csv`;
}

function cellOf(value: string | number | null): string {
  if (value === null) return "";
  return typeof value === "number" ? String(value) : quoted(guarded(value));
}

/*
 * Spreadsheets run what begins like this as a formula, some of them behind white space or in full width too, and anybody may
 * write it into a transfer (OWASP, CSV injection).
 */
function guarded(text: string): string {
  return /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
