/**
 * The rows of the matrix: for every route of the Worker's table, what is asked there. A route without a row is a hole in
 * the matrix, so its questions are asked for by the table's own words.
 */
import { A, AMOUNT, B, CODE } from "./world.ts";
import type { Asked } from "./oracle.ts";

/** A request of the matrix. */
export interface Question {
  readonly route: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** What SePay is asked, for the routes that ask it. */
  readonly asked: Asked | null;
  readonly form: "json" | "dropIn";
  /** Whether it is asked in every state of what is known; the others are once. */
  readonly always: boolean;
}

/** What is there to be asked for. */
export interface Known {
  /** The first id of the rows that were added. */
  readonly firstId: number;
  /** An id that only the other shop has. */
  readonly foreignId: number;
}

interface Filters {
  /** Our query and SePay's. */
  readonly both: readonly [string, string];
  readonly filters?: readonly string[];
  readonly account?: string;
  readonly always?: boolean;
}

const ABSENT_ID = 9_999_999;

const OF_ACCOUNTS: readonly Filters[] = [
  { both: ["", ""], always: true },
  { both: ["bank=Vietcombank", "short_name=Vietcombank"], filters: ["bank"] },
  { both: ["balanceMin=1", "accumulated_min=1"], filters: ["balance"] },
  { both: ["lastTransactionFrom=2026-01-01", "last_transaction_date_min=2026-01-01"], filters: ["lastTransactionAt"] },
];

/** Every question to every route of the six kinds and of our own; the key is the route's template. */
export function questionsOf({ firstId, foreignId }: Known): ReadonlyMap<string, readonly Question[]> {
  const since = [`sinceId=${firstId}`, `since_id=${firstId}`] as const;
  const filtered = (ours: string, sepays: string, rest: Omit<Filters, "both">): Filters => ({
    both: [`${since[0]}&${ours}`, `${since[1]}&${sepays}`],
    ...rest,
  });
  const ofTransactions: readonly Filters[] = [
    { both: since, always: true },
    filtered(`account=${A}`, `account_number=${A}`, { filters: ["accountNumber"], account: A }),
    filtered(`account=${B}`, `account_number=${B}`, { filters: ["accountNumber"], account: B, always: true }),
    filtered("reference=MXREF10001", "reference_number=MXREF10001", { filters: ["reference"] }),
    filtered(`amountIn=${AMOUNT}`, `amount_in=${AMOUNT}`, { filters: ["amountIn"] }),
    filtered("amountOut=3100018", "amount_out=3100018", { filters: ["amountOut"] }),
  ];
  // The other shop's; to A with the code; to C with the code in small letters; then long ago, an amount, other codes.
  const ids = [foreignId, ...[0, 9, 2, 3, 5, 6, 7].map((index) => firstId + index), ABSENT_ID].map(String);
  const cut: Filters = { both: ["limit=3", "limit=3"] };
  const whole: Filters = { both: ["", ""] };
  const questions = [
    ...spelled("accounts", "list", [...OF_ACCOUNTS, cut]),
    ...spelled("accounts", "count", OF_ACCOUNTS),
    ...details("accounts", ["123", "41", "96", String(ABSENT_ID)]),
    ...spelled("transactions", "list", [...ofTransactions, cut]),
    ...spelled("transactions", "count", [...ofTransactions, whole]),
    ...details("transactions", ids),
    ...["/healthz", "/metrics", "/api/status", "/api/audit", "/api/tickets/self"].map((route) => own(route, "GET")),
    own("/api/tickets", "POST"),
    // Of an account that many of the callers do not see: a code tells no more than its question.
    { ...own("/api/vietqr", "GET"), path: `/api/vietqr?bank=Vietcombank&account=${B}&amount=${AMOUNT}&content=${CODE}` },
  ];
  return Map.groupBy(questions, ({ route }) => route);
}

/** What a caller tells by asking: nothing of it can be a leak. */
export const NAMED: readonly string[] = [A, B, CODE, String(AMOUNT), "MXREF10001"];

function own(route: string, method: "GET" | "POST"): Question {
  return { route, method, path: route, asked: null, form: "json", always: true };
}

function spelled(of: Asked["of"], call: "list" | "count", all: readonly Filters[]): Question[] {
  const routes = call === "list" ? ["", "/list"] : ["/count", "/count"];
  return all.flatMap(({ both: [ours, sepays], filters = [], always = false, ...account }) => {
    // Our lists have a limit of 100 unless told otherwise; the drop-in leaves it to SePay.
    const text = call === "list" && !sepays.includes("limit") ? `${sepays}&limit=100` : sepays;
    const asked: Asked = { of, call, text, filters, ...account };
    const json = { route: `/api/${of}${routes[0]}`, query: ours, asked, form: "json" as const };
    const dropIn = { route: `/userapi/${sepaysName(of)}${routes[1]}`, query: sepays, asked: { ...asked, text: sepays }, form: "dropIn" as const };
    return [json, dropIn].map(({ query, ...rest }) => ({ ...rest, always, method: "GET" as const, path: `${rest.route}${query === "" ? "" : "?"}${query}` }));
  });
}

function details(of: Asked["of"], ids: readonly string[]): Question[] {
  return ids.flatMap((id, index) => {
    const always = index < 3;
    const asked: Asked = { of, call: "details", text: id, filters: [] };
    const json = { route: `/api/${of}/{id}`, form: "json" as const };
    const dropIn = { route: `/userapi/${sepaysName(of)}/details/{id}`, form: "dropIn" as const };
    return [json, dropIn].map((each) => ({ ...each, always, method: "GET" as const, path: each.route.replace("{id}", id), asked }));
  });
}

function sepaysName(of: Asked["of"]): string {
  return of === "accounts" ? "bankaccounts" : of;
}
