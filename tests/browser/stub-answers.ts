/**
 * What the stub's routes answer when nothing is wrong.
 */
import type { EdgeStatus } from "../../src/js/npm/src/edge-types.ts";
import { accounts } from "./stub-data.ts";
import type { StubRow } from "./stub-data.ts";

/** The routes that the page asks. */
export type Route = "rights" | "accounts" | "transactions" | "status" | "vietqr";

/** Who asks. `accounts`: the numbers that the key is limited to; null: all. */
export interface Visitor {
  scopes: string[];
  accounts: string[] | null;
}

/** What an answer is made of. */
interface Question {
  visitor: Visitor;
  query: URLSearchParams;
  /** Newest first. */
  rows: readonly StubRow[];
}

/** The routes by their paths. */
export const ROUTES: Readonly<Record<string, { name: Route; answer: (question: Question) => object }>> = {
  "/api/tickets/self": { name: "rights", answer: rightsOf },
  "/api/accounts": { name: "accounts", answer: listAccounts },
  "/api/transactions": { name: "transactions", answer: listTransactions },
  "/api/status": { name: "status", answer: () => STATUS },
  "/api/vietqr": { name: "vietqr", answer: vietQr },
};

function rightsOf({ visitor: { scopes, accounts } }: Question) {
  const rights = { scopes, accounts, code: null, amount: null, hide: [], fromDays: null };
  return { kind: "key", id: "stub", ticketId: null, rights, expiresAt: null };
}

function listAccounts({ visitor, query }: Question) {
  return listOf(accounts.filter(({ accountNumber }) => sees(visitor, accountNumber)), query);
}

function listTransactions({ visitor, query, rows }: Question) {
  const is = (name: string, value: string | null) => !query.has(name) || query.get(name) === value;
  const [fromMs, toMs] = [momentOf(query.get("from"), "00:00:00"), momentOf(query.get("to"), "23:59:59")];
  const wanted = rows.filter((row) => {
    const atMs = Date.parse(row.occurredAt);
    return (
      sees(visitor, row.accountNumber) &&
      is("account", row.accountNumber) &&
      is("reference", row.reference) &&
      !(atMs < fromMs || atMs > toMs)
    );
  });
  return listOf(wanted, query);
}

/* A date is its first or its last second in Vietnam; what is not given compares as false. */
function momentOf(text: string | null, time: string): number {
  return Date.parse(text?.length === 10 ? `${text}T${time}+07:00` : (text ?? ""));
}

/* Whether more fit is known only when fewer came than were asked for. */
function listOf<T>(rows: readonly T[], query: URLSearchParams): { data: T[]; complete: boolean } {
  const limit = Number(query.get("limit") ?? 100);
  return { data: rows.slice(0, limit), complete: rows.length < limit };
}

function sees({ accounts: numbers }: Visitor, accountNumber: string): boolean {
  return numbers === null || numbers.includes(accountNumber);
}

/* The first example of NAPAS's specification, whatever is asked: the Worker's own tests say what belongs into it. */
function vietQr({ query }: Question) {
  const payload = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F";
  return { payload, bank: { name: query.get("bank") ?? "", bin: "970436" } };
}

const STATUS: EdgeStatus = {
  isolate: { uptimeMs: 3_601_200, served: 1904, cache: { entries: 12, bytes: 48_210 } },
  profile: "default",
  uptimeMs: 3_600_000,
  slots: [
    { inFlight: true, freeInMs: 1000 },
    { inFlight: false, freeInMs: 0 },
  ],
  pausedForMs: 0,
  pauseCause: null,
  readyInMs: 0,
  roundTripMs: 84,
  queue: { questions: 1, interactive: 1, background: 0, refreshes: 0, inFlight: 1, callers: 3 },
  waits: { p50Ms: 0, p90Ms: 120, p99Ms: 480, maxMs: 910 },
  cache: { entries: 31, bytes: 120_455, hitRatio: 0.9713 },
  breaker: { open: false, timesOpened: 0 },
  calls: {
    asked: 211,
    demand: 2115,
    joined: 9,
    refused: 0,
    left: 0,
    sent: 143,
    retried: 0,
    failed: 0,
    rateLimitedOwn: 0,
    rateLimitedForeign: 1,
    served: { asked: 52, joined: 9, known: 61, refreshing: 89, busy: 0, down: 0 },
    results: { good: 142, missing: 0, failed: 0, passing: 0, rateLimited: 1, unsent: 0 },
  },
};
