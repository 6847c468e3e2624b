/**
 * The Worker's accounts and transactions as this page reads them, checked where they come in.
 * Unknown fields are ignored. A required field that is absent or null is one this key may not see.
 */
import { UnreadableError } from "../../src/js/npm/src/edge.ts";
import type { BankAccount, Direction, Transaction as WholeTransaction } from "../../src/js/npm/src/edge.ts";

/** Fields of a record; null where this key may not see them. */
type Seen<T, Name extends keyof T> = { [Field in Name]: T[Field] | null };

/** A bank account. Money is whole VND, times are RFC 3339. */
export type Account = Seen<
  BankAccount,
  "bank" | "accountNumber" | "holder" | "label" | "balance" | "active" | "lastTransactionAt"
>;

/** A movement on an account. Money is whole VND, times are RFC 3339. */
export interface Transaction
  extends Seen<
    WholeTransaction,
    "bank" | "accountNumber" | "subAccount" | "occurredAt" | "amountIn" | "amountOut" | "content" | "code" | "reference"
  > {
  direction: Direction;
}

/** Reads one row; `path` names it in errors. */
export type RowReader<T> = (row: unknown, path: string) => T;

/** Reads one account. */
export function readAccount(row: unknown, path: string): Account {
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
export function readTransaction(row: unknown, path: string): Transaction {
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

function readerOf(row: unknown, path: string) {
  if (typeof row !== "object" || row === null) throw unreadable(path, "an object");
  function read<T>(name: string, wanted: string, fits: (value: unknown) => value is T): T | null {
    const value: unknown = Reflect.get(row as object, name) ?? null;
    if (value === null || fits(value)) return value;
    throw unreadable(`${path}.${name}`, wanted);
  }
  return {
    text: (name: string) => read(name, "text", (value) => typeof value === "string"),
    vnd: (name: string) => read(name, "whole VND", (value): value is number => Number.isSafeInteger(value)),
    flag: (name: string) => read(name, "true or false", (value) => typeof value === "boolean"),
  };
}

function unreadable(at: string, wanted: string): UnreadableError {
  return new UnreadableError({ code: "unreadable", message: `${at} is not ${wanted}`, at });
}
