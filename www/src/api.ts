/**
 * Asks the Worker, by the package's own client for browsers. One question in, one typed answer or one `SePayError` out. It
 * keeps nothing and never retries: the person who looks decides.
 */
import { SePayEdge } from "../../src/js/npm/src/edge.ts";
import type { EdgeList, Fetch, SePayError } from "../../src/js/npm/src/edge.ts";
import { readAccount, readTransaction } from "./model.ts";
import type { Account, RowReader, Transaction } from "./model.ts";

/** How many transactions the page shows. */
export const SHOWN_TRANSACTIONS = 50;

/* Longer than the Worker lets any caller wait (25 s), so that its own, better answer comes first. */
const TIMEOUT_MS = 30_000;
const LONGEST_RETRY_SECS = 3600;

/** A list with its age in seconds: how long the Worker has had it. */
export interface Answer<T> {
  rows: T[];
  complete: boolean;
  ageSecs: number;
}

/** Who asks, and how to stop asking. */
export interface Caller {
  key: string;
  signal: AbortSignal;
}

/** Lists the accounts that the key may see. */
export async function listAccounts({ key, signal }: Caller): Promise<Answer<Account>> {
  return answerOf(await clientOf(key).bankAccounts.list({}, { signal }), readAccount);
}

/** Lists the newest transactions, of one account when its number is given. */
export async function listTransactions(account: string | null, { key, signal }: Caller): Promise<Answer<Transaction>> {
  const params = { limit: SHOWN_TRANSACTIONS, account: account ?? undefined };
  return answerOf(await clientOf(key).transactions.list(params, { signal }), readTransaction);
}

/** Seconds to wait before asking again; null when nothing was said. */
export function retryAfterSecs({ retryAfterMs }: SePayError): number | null {
  return retryAfterMs === undefined ? null : Math.min(Math.ceil(retryAfterMs / 1000), LONGEST_RETRY_SECS);
}

/* No key at all cannot be sent; any that the Worker does not know is refused as it should be. */
function clientOf(key: string): SePayEdge {
  const limits = { timeout: TIMEOUT_MS, deadline: TIMEOUT_MS, maxRetries: 0 };
  return new SePayEdge({ baseURL: "", key: key || "none", fetch: bare, ...limits });
}

/* Nothing of the browser's own goes along: the key says who asks. */
const bare: Fetch = (url, init) => fetch(url, { ...init, credentials: "omit" });

function answerOf<T>({ data, complete, age }: EdgeList<unknown>, readRow: RowReader<T>): Answer<T> {
  return { rows: data.map((row, index) => readRow(row, `data[${index}]`)), complete, ageSecs: age ?? 0 };
}
