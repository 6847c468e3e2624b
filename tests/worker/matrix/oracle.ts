/**
 * What may be seen, written from the design and not from the Worker: a caller limited in any way gets what SePay would
 * answer if the rest did not exist. Pure: rows, rights, question and time in, a verdict out.
 */
import { accountQuery, select, transactionQuery } from "../../sandbox/filters.ts";
import type { Account, Transaction } from "../../sandbox/model.ts";
import { DEFAULT_SETTINGS } from "../../sandbox/settings.ts";
import { vietnamTime } from "../../sandbox/time.ts";

/** What a credential is worth. Null is no limit. */
export interface Rights {
  readonly scopes: readonly string[];
  readonly accounts: readonly string[] | null;
  readonly hide: readonly string[];
  readonly fromDays: number | null;
  readonly code: string | null;
  readonly amount: number | null;
}

/** What a ticket claims, as far as it narrows. */
export type Claimed = Pick<Rights, "scopes"> & Partial<Rights>;

/** Rows of one SePay. */
export interface Rows {
  readonly accounts: readonly Account[];
  readonly transactions: readonly Transaction[];
}

/** A question to SePay, and the fields whose values it names. */
export interface Asked {
  readonly of: "accounts" | "transactions";
  readonly call: "list" | "count" | "details";
  /** SePay's query, or the id. */
  readonly text: string;
  readonly filters: readonly string[];
  readonly account?: string;
}

/** A refusal's status, or every row that an answer is made of, before a limit. */
export type Verdict = { readonly status: number } | { readonly status: 200; readonly rows: readonly Row[]; readonly limit: number };

/** A row of either kind. */
export type Row = Account | Transaction;

const DAY_MS = 86_400_000;
const TICKET_SCOPES = ["accounts:read", "transactions:read"];
const MOST_ACCOUNTS_AT_ONCE = 8;
const MOST_ROWS_IN_A_LIST = 5000;

/** What a ticket is worth at the moment of use: its claims and its key's rights, both. */
export function narrowed(key: Rights, ticket: Claimed): Rights {
  const both = { ...key, code: ticket.code ?? key.code, amount: ticket.amount ?? key.amount };
  const ofPayment = both.code !== null || both.amount !== null;
  return {
    ...both,
    scopes: ticket.scopes.filter((scope) => TICKET_SCOPES.includes(scope) && key.scopes.includes(scope) && !(ofPayment && scope === "accounts:read")),
    accounts: ticket.accounts?.filter((number) => key.accounts?.includes(number) ?? true) ?? key.accounts,
    hide: [...new Set([...key.hide, ...(ticket.hide ?? [])])],
  };
}

/** What these rights make of a question. */
export function verdict(rights: Rights, asked: Asked, all: Rows, nowMs: number): Verdict {
  const { accounts, fromDays, code, amount } = rights;
  if (!rights.scopes.includes(`${asked.of}:read`)) return { status: 403 };
  if (asked.filters.some((field) => rights.hide.includes(field))) return { status: 403 };
  if (asked.account !== undefined && !(accounts?.includes(asked.account) ?? true)) return { status: 403 };
  const asksForAll = asked.of === "transactions" && asked.call !== "details" && asked.account === undefined;
  if (asksForAll && (accounts?.length ?? 0) > MOST_ACCOUNTS_AT_ONCE) return { status: 400 };
  const rows = asked.of === "accounts" ? all.accounts.filter(({ number }) => accounts?.includes(number) ?? true) : visible(rights, all, nowMs);
  if (asked.call === "details") {
    const found = rows.filter((row) => String(row.id) === asked.text);
    if (found.length > 0) return { status: 200, rows: found, limit: 1 };
    // What is hidden from a limited caller and what does not exist look the same.
    return { status: [accounts, fromDays, code, amount].every((limit) => limit === null) ? 404 : 403 };
  }
  // SePay has no filter for a code: a count needs every row that it is looked for in.
  const searched = code === null ? [] : picked(asked, visible({ ...rights, code: null }, all, nowMs)).rows;
  const isCut = [...(accounts ?? [null])].some((one) => searched.filter((row) => one === null || numberOf(row) === one).length >= MOST_ROWS_IN_A_LIST);
  return asked.call === "count" && isCut ? { status: 400 } : { status: 200, ...picked(asked, rows) };
}

/** The transactions that rights leave visible. */
export function visible({ accounts, fromDays, code, amount }: Rights, { transactions }: Rows, nowMs: number): Transaction[] {
  const since = fromDays === null ? "" : `${vietnamTime(nowMs - fromDays * DAY_MS).slice(0, 10)} 00:00:00`;
  return transactions.filter(
    (row) =>
      (accounts?.includes(row.accountNumber) ?? true) &&
      row.occurredAt >= since &&
      (code === null || row.code === code) &&
      (amount === null || row.amountIn === amount),
  );
}

function picked({ of, call, text }: Asked, rows: readonly Row[]): { rows: Row[]; limit: number } {
  const form = call === "details" ? "list" : call;
  const query = of === "accounts" ? accountQuery(text, DEFAULT_SETTINGS, form) : transactionQuery(text, DEFAULT_SETTINGS, form);
  const matches = query.matches as (row: Row) => boolean;
  return { rows: select(rows, { ...query, matches, limit: Number.POSITIVE_INFINITY }, "newest-first"), limit: query.limit };
}

function numberOf(row: Row): string {
  return "accountNumber" in row ? row.accountNumber : row.number;
}
