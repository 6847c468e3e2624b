/**
 * The Worker's accounts and transactions as this page reads them, checked where they come in.
 * Unknown fields are ignored. A required field that is absent or null is one this key may not see.
 */

/** Which way money moved. */
export type Direction = "in" | "out" | "unknown";

/** A bank account. Money is whole VND, times are RFC 3339. */
export interface Account {
  bank: string | null;
  accountNumber: string | null;
  holder: string | null;
  label: string | null;
  balance: number | null;
  /** null: SePay did not say. */
  active: boolean | null;
  lastTransactionAt: string | null;
}

/** A movement on an account. Money is whole VND, times are RFC 3339. */
export interface Transaction {
  bank: string | null;
  accountNumber: string | null;
  /** The virtual account the money came through, if any. */
  subAccount: string | null;
  occurredAt: string | null;
  direction: Direction;
  amountIn: number | null;
  amountOut: number | null;
  content: string | null;
  code: string | null;
  reference: string | null;
}

/** A list, and whether it is all there is. */
export interface Listing<T> {
  rows: T[];
  complete: boolean;
}

/** Says which field of an answer could not be read. */
export class Unreadable extends Error {
  override name = "Unreadable";
}

type Fields = Record<string, unknown>;

/** Reads one row; `path` names it in errors. */
export type RowReader<T> = (row: Fields, path: string) => T;

/** Reads `{"data":[…],"complete":…}`. A list that does not say that it is complete is taken as cut. */
export function readListing<T>(body: unknown, readRow: RowReader<T>): Listing<T> {
  const { data, complete } = fieldsOf(body, "answer");
  if (!Array.isArray(data)) throw new Unreadable("data is not a list");
  const rows = data.map((row: unknown, index) => {
    const path = `data[${index}]`;
    return readRow(fieldsOf(row, path), path);
  });
  return { rows, complete: complete === true };
}

/** Reads one account. */
export function readAccount(row: Fields, path: string): Account {
  const at = readerOf(row, path);
  return {
    bank: at.text("bank"),
    accountNumber: at.text("accountNumber"),
    holder: at.text("holder"),
    label: at.text("label"),
    balance: at.vnd("balance"),
    active: at.flag("active"),
    lastTransactionAt: at.text("lastTransactionAt"),
  };
}

/** Reads one transaction. */
export function readTransaction(row: Fields, path: string): Transaction {
  const at = readerOf(row, path);
  const direction = at.text("direction");
  return {
    bank: at.text("bank"),
    accountNumber: at.text("accountNumber"),
    subAccount: at.text("subAccount"),
    occurredAt: at.text("occurredAt"),
    direction: direction === "in" || direction === "out" ? direction : "unknown",
    amountIn: at.vnd("amountIn"),
    amountOut: at.vnd("amountOut"),
    content: at.text("content"),
    code: at.text("code"),
    reference: at.text("reference"),
  };
}

/** Takes a value as an object with fields. */
export function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Unreadable(`${path} is not an object`);
  }
  return value as Fields;
}

function readerOf(row: Fields, path: string) {
  function read<T>(name: string, wanted: string, fits: (value: unknown) => value is T): T | null {
    const value = row[name] ?? null;
    if (value === null || fits(value)) return value;
    throw new Unreadable(`${path}.${name} is not ${wanted}`);
  }
  return {
    text: (name: string) => read(name, "text", (value) => typeof value === "string"),
    vnd: (name: string) => read(name, "whole VND", (value): value is number => Number.isSafeInteger(value)),
    flag: (name: string) => read(name, "true or false", (value) => typeof value === "boolean"),
  };
}
