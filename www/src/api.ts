/**
 * Asks the Worker. One question in, one typed answer or one `ApiProblem` out. It keeps nothing and never
 * retries.
 */
import { fieldsOf, readAccount, readListing, readTransaction, Unreadable } from "./model.ts";
import type { Account, Listing, RowReader, Transaction } from "./model.ts";

/** How many transactions the page shows. */
export const SHOWN_TRANSACTIONS = 50;

/* Longer than the Worker lets any caller wait (25 s), so that its own, better answer comes first. */
const TIMEOUT_MS = 30_000;
const LONGEST_RETRY_SECS = 3600;

/** A list with its age in seconds: how long the Worker has had it. */
export interface Answer<T> extends Listing<T> {
  ageSecs: number;
}

/** Who asks, and how to stop asking. */
export interface Caller {
  key: string;
  signal: AbortSignal;
}

interface Said {
  status?: number;
  code: string;
  detail: string;
  requestId?: string | null;
  retryAfterSecs?: number | null;
}

/** Why a question got no answer. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  /** HTTP status; 0 when no answer came or none could be read. */
  readonly status: number;
  /** The Worker's stable code, or `network_error`, `timeout`, `unreadable_answer`, `http_<status>`. */
  readonly code: string;
  /** null when the question got no answer. */
  readonly requestId: string | null;
  /** Seconds to wait before asking again; null when nothing was said. */
  readonly retryAfterSecs: number | null;

  constructor(said: Said) {
    super(said.detail);
    this.status = said.status ?? 0;
    this.code = said.code;
    this.requestId = said.requestId ?? null;
    this.retryAfterSecs = said.retryAfterSecs ?? null;
  }
}

/** Lists the accounts that the key may see. */
export async function listAccounts(caller: Caller): Promise<Answer<Account>> {
  return list("/api/accounts", readAccount, caller);
}

/** Lists the newest transactions, of one account when its number is given. */
export async function listTransactions(
  account: string | null,
  caller: Caller,
): Promise<Answer<Transaction>> {
  const query = new URLSearchParams({ limit: String(SHOWN_TRANSACTIONS) });
  if (account !== null) query.set("account", account);
  return list(`/api/transactions?${query}`, readTransaction, caller);
}

async function list<T>(path: string, readRow: RowReader<T>, caller: Caller): Promise<Answer<T>> {
  const { response, body } = await ask(path, caller);
  if (!response.ok) throw problemOf(response, body);
  try {
    return { ...readListing(JSON.parse(body), readRow), ageSecs: secondsOf(response, "Age") ?? 0 };
  } catch (error) {
    const detail = error instanceof Unreadable ? error.message : "the answer is not JSON";
    const requestId = response.headers.get("X-Request-Id");
    throw new ApiProblem({ code: "unreadable_answer", detail, requestId });
  }
}

/* The default cache mode on purpose: `no-store` would make the browser send `Cache-Control: no-cache`, and
   the Worker takes that as the wish to go past its own cache. Its answers are `no-store` anyway. */
async function ask(path: string, { key, signal }: Caller): Promise<{ response: Response; body: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      headers: { Authorization: `Bearer ${key}`, Accept: "application/json, application/problem+json" },
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.any([signal, timeout]),
    });
    return { response, body: await response.text() };
  } catch {
    signal.throwIfAborted();
    throw timeout.aborted
      ? new ApiProblem({ code: "timeout", detail: `no answer within ${TIMEOUT_MS / 1000} seconds` })
      : new ApiProblem({ code: "network_error", detail: "the server could not be reached" });
  }
}

function problemOf(response: Response, body: string): ApiProblem {
  const said = saidIn(body);
  const text = (name: string): string | null => (typeof said[name] === "string" ? said[name] : null);
  return new ApiProblem({
    status: response.status,
    code: text("code") ?? `http_${response.status}`,
    detail: text("detail") ?? text("title") ?? response.statusText,
    requestId: text("requestId") ?? response.headers.get("X-Request-Id"),
    retryAfterSecs: secondsOf(response, "Retry-After"),
  });
}

/* Something in between may answer with HTML; its status still says enough. */
function saidIn(body: string): Record<string, unknown> {
  try {
    return fieldsOf(JSON.parse(body), "problem");
  } catch {
    return {};
  }
}

function secondsOf(response: Response, header: string): number | null {
  const text = response.headers.get(header);
  return text !== null && /^\d+$/.test(text) ? Math.min(Number(text), LONGEST_RETRY_SECS) : null;
}
