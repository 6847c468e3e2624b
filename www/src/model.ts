/**
 * The Worker's accounts and transactions as this page reads them, checked where they come in.
 * Unknown fields are ignored. A required field that is absent or null is one this key may not see.
 */
import { UnreadableError } from "../../src/js/npm/src/edge.ts";
import type { BankAccount, Direction, Transaction as WholeTransaction } from "../../src/js/npm/src/edge.ts";

/** Fields of a record; null where this key may not see them. */
type Seen<T, Name extends keyof T> = { [Field in Name]: T[Field] | null };

/** A bank account. Money is whole VND, times are RFC 3339. */
export interface Account
  extends Seen<
    BankAccount,
    | "bank"
    | "bankName"
    | "bankBin"
    | "accountNumber"
    | "holder"
    | "label"
    | "balance"
    | "active"
    | "lastTransactionAt"
  > {
  id: string;
}

/** A movement on an account. Money is whole VND, times are RFC 3339. */
export interface Transaction
  extends Seen<
    WholeTransaction,
    | "accountId"
    | "bank"
    | "accountNumber"
    | "subAccount"
    | "occurredAt"
    | "amountIn"
    | "amountOut"
    | "balance"
    | "content"
    | "code"
    | "reference"
  > {
  id: string;
  direction: Direction;
}

/**
 * What the key of this tab may do: its scopes, the accounts it is limited to (null: all), how many days before today it may
 * look back to (null: to the first), and the order whose payments alone it may see (null: all).
 */
export interface Rights {
  scopes: string[];
  accounts: string[] | null;
  fromDays: number | null;
  code: string | null;
  /** The fields that it may not see, by their names in the API. */
  hide: string[];
}

/** Reads one row; `path` names it in errors. */
export type RowReader<T> = (row: unknown, path: string) => T;

/** Sorts accounts: stopped ones come last, otherwise in SePay's order. */
export function activeFirst(one: Account, other: Account): number {
  return Number(one.active === false) - Number(other.active === false);
}

/** Reads one account. */
export function readAccount(row: unknown, path: string): Account {
  const at = readerOf(row, path);
  return {
    id: at.id(),
    bank: at.text("bank"),
    bankName: at.text("bankName"),
    bankBin: at.text("bankBin"),
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
    id: at.id(),
    accountId: at.text("accountId"),
    bank: at.text("bank"),
    accountNumber: at.text("accountNumber"),
    subAccount: at.text("subAccount"),
    occurredAt: at.text("occurredAt"),
    direction: direction === "in" || direction === "out" ? direction : "unknown",
    amountIn: at.vnd("amountIn"),
    amountOut: at.vnd("amountOut"),
    balance: at.vnd("balance"),
    content: at.text("content"),
    code: at.text("code"),
    reference: at.text("reference"),
  };
}

/** Reads what a key may do. */
export function readRights(row: unknown, path: string): Rights {
  const at = readerOf(row, path);
  return { scopes: at.texts("scopes") ?? [], accounts: at.texts("accounts"), fromDays: at.whole("fromDays"), code: at.text("code"), hide: at.texts("hide") ?? [] };
}

function readerOf(row: unknown, path: string) {
  if (typeof row !== "object" || row === null) throw unreadable(path, "an object");
  function read<T>(name: string, wanted: string, fits: (value: unknown) => value is T): T | null {
    const value: unknown = Reflect.get(row as object, name) ?? null;
    if (value === null || fits(value)) return value;
    throw unreadable(`${path}.${name}`, wanted);
  }
  const text = (name: string) => read(name, "text", (value) => typeof value === "string");
  return {
    text,
    id(): string {
      const id = text("id");
      if (id === null) throw unreadable(`${path}.id`, "text");
      return id;
    },
    vnd: (name: string) => read(name, "whole VND", isWhole),
    whole: (name: string) => read(name, "a whole number", isWhole),
    flag: (name: string) => read(name, "true or false", (value) => typeof value === "boolean"),
    texts: (name: string) => read(name, "a list of texts", isTexts),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function unreadable(at: string, wanted: string): UnreadableError {
  return new UnreadableError({ code: "unreadable", message: `${at} is not ${wanted}`, at });
}
