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
  /** Every row of the kind. */
  readonly all: readonly Row[];
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
export type Verdict = { readonly status: number } | ({ readonly status: 200 } & Pick<Matching, "rows" | "limit">);

/** A row of either kind. */
export type Row = Account | Transaction;

const DAY_MS = 86_400_000;
const TICKET_SCOPES = ["accounts:read", "transactions:read"];
const MOST_ACCOUNTS_AT_ONCE = 8;
const ROWS_FOR_A_CODE = 500;

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
  if (code === null || asked.call === "details") return { status: 200, rows, limit: matching.limit };
  const lists = searched(rights, asked, matching, nowMs);
  if (asked.call === "count" && lists.some((list) => list.length === ROWS_FOR_A_CODE)) return { status: 400 };
  const found = new Set(lists.flat());
  return { status: 200, rows: rows.filter((row) => found.has(row)), limit: matching.limit };
}

/** The rows that rights leave visible. */
export function visible({ accounts, fromDays, code, amount }: Rights, rows: readonly Row[], nowMs: number): Row[] {
  const since = fromDays === null ? "" : `${vietnamTime(nowMs - fromDays * DAY_MS).slice(0, 10)} 00:00:00`;
  const isPaid = (row: Row): boolean =>
    !("amountIn" in row) || (row.occurredAt >= since && (code === null || row.code === code) && (amount === null || row.amountIn === amount));
  return rows.filter((row) => (accounts?.includes(numberOf(row)) ?? true) && isPaid(row));
}

/** SePay has no filter for a code: it is looked for among the rows that SePay lists first, the last booked, of each account that the rights name, or of all. */
function searched(rights: Rights, { account }: Asked, { all }: Matching, nowMs: number): Row[][] {
  const seen = visible({ ...rights, code: null }, all, nowMs);
  const numbers = account === undefined ? rights.accounts : rights.accounts?.filter((number) => number === account);
  const lists = numbers?.map((number) => seen.filter((row) => numberOf(row) === number)) ?? [seen];
  return lists.map((list) => list.toSorted((one, other) => other.id - one.id).slice(0, ROWS_FOR_A_CODE));
}

/** Finds the rows that match a question. */
export function matching({ of, call, text }: Asked, { accounts, transactions }: Rows): Matching {
  const all: readonly Row[] = of === "accounts" ? accounts : transactions;
  if (call === "details") return { rows: all.filter((row) => String(row.id) === text), all, limit: 1 };
  const query = of === "accounts" ? accountQuery(text, DEFAULT_SETTINGS, call) : transactionQuery(text, DEFAULT_SETTINGS, call);
  const matches = query.matches as (row: Row) => boolean;
  return { rows: all.filter(matches), all, limit: query.limit };
}

function numberOf(row: Row): string {
  return "accountNumber" in row ? row.accountNumber : row.number;
}
