/**
 * What may be seen, written from the design and not from the Worker: a caller limited in any way gets what SePay would
 * answer if the rest did not exist. Pure: rows, rights, question and time in, a verdict out.
 */
import { accountQuery, transactionQuery } from "../../sandbox/filters.ts";
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

/** What SePay's filters and its limit make of a question, for somebody who sees everything. */
export interface Matching {
  readonly rows: readonly Row[];
  readonly limit: number;
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
export type Verdict = { readonly status: number } | ({ readonly status: 200 } & Matching);

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

/** What these rights make of a question, given the rows that match it. */
export function verdict(rights: Rights, asked: Asked, matching: Matching, nowMs: number): Verdict {
  const { accounts, fromDays, code, amount } = rights;
  if (!rights.scopes.includes(`${asked.of}:read`)) return { status: 403 };
  if (asked.filters.some((field) => rights.hide.includes(field))) return { status: 403 };
  if (asked.account !== undefined && !(accounts?.includes(asked.account) ?? true)) return { status: 403 };
  const asksForAll = asked.of === "transactions" && asked.call !== "details" && asked.account === undefined;
  if (asksForAll && (accounts?.length ?? 0) > MOST_ACCOUNTS_AT_ONCE) return { status: 400 };
  const rows = visible(rights, matching.rows, nowMs);
  // What is hidden from a limited caller and what does not exist look the same.
  const isLimited = [accounts, fromDays, code, amount].some((limit) => limit !== null);
  if (asked.call === "details" && rows.length === 0) return { status: isLimited ? 403 : 404 };
  return isCut(rights, asked, matching, nowMs) ? { status: 400 } : { status: 200, rows, limit: matching.limit };
}

/** The rows that rights leave visible. */
export function visible({ accounts, fromDays, code, amount }: Rights, rows: readonly Row[], nowMs: number): Row[] {
  const since = fromDays === null ? "" : `${vietnamTime(nowMs - fromDays * DAY_MS).slice(0, 10)} 00:00:00`;
  const isPaid = (row: Row): boolean =>
    !("amountIn" in row) || (row.occurredAt >= since && (code === null || row.code === code) && (amount === null || row.amountIn === amount));
  return rows.filter((row) => (accounts?.includes(numberOf(row)) ?? true) && isPaid(row));
}

/** SePay has no filter for a code, so that a count needs every row among which it is looked for: too many for a list. */
function isCut(rights: Rights, { call }: Asked, { rows }: Matching, nowMs: number): boolean {
  if (call !== "count" || rights.code === null) return false;
  const searched = visible({ ...rights, code: null }, rows, nowMs);
  const lists = rights.accounts?.map((account) => searched.filter((row) => numberOf(row) === account)) ?? [searched];
  return lists.some((list) => list.length >= MOST_ROWS_IN_A_LIST);
}

/** Finds the rows that match a question. */
export function matching({ of, call, text }: Asked, { accounts, transactions }: Rows): Matching {
  const all: readonly Row[] = of === "accounts" ? accounts : transactions;
  if (call === "details") return { rows: all.filter((row) => String(row.id) === text), limit: 1 };
  const query = of === "accounts" ? accountQuery(text, DEFAULT_SETTINGS, call) : transactionQuery(text, DEFAULT_SETTINGS, call);
  const matches = query.matches as (row: Row) => boolean;
  return { rows: all.filter(matches), limit: query.limit };
}

function numberOf(row: Row): string {
  return "accountNumber" in row ? row.accountNumber : row.number;
}
