/**
 * `@sepay-edge/client/edge`: asks the Worker's JSON routes, from a browser or an edge app. The same model and the same errors
 * as the package's main entry, but no wasm, no pace and no SePay token: the Worker has those.
 */
import type { Answer, Root } from "./edge-answer.ts";
import { ask } from "./edge-call.ts";
import type { Question } from "./edge-call.ts";
import { between, checked, queryOf, text, textOf } from "./edge-check.ts";
import type { Rules } from "./edge-check.ts";
import type { EdgeCallOptions, EdgeList, EdgeStatus, SePayEdgeOptions } from "./edge-types.ts";
import { invalid } from "./errors.ts";
import type {
  AccountCountParams,
  AccountListParams,
  BankAccount,
  Id,
  Transaction,
  TransactionCountParams,
  TransactionListParams,
} from "./types.ts";

export {
  AbortError,
  AuthenticationError,
  ConnectionError,
  InvalidParameterError,
  NotFoundError,
  RateLimitError,
  SePayError,
  TimeoutError,
  UnreadableError,
} from "./errors.ts";
export type { EdgeErrorCode, ErrorCode, SePayErrorCode } from "./errors.ts";
export type { EdgeCallCount, EdgeCallOptions, EdgeList, EdgeStatus, SePayEdgeOptions } from "./edge-types.ts";
export type {
  AccountCountParams,
  AccountListParams,
  Amount,
  BankAccount,
  CallOptions,
  Direction,
  Fetch,
  FetchInit,
  Id,
  List,
  Time,
  Transaction,
  TransactionCountParams,
  TransactionListParams,
} from "./types.ts";

/** One kind of record and the questions about it. */
export interface EdgeRecords<Row, CountParams, ListParams> {
  /**
   * Lists the records that the key may see: 100 unless `limit` says otherwise, transactions newest first. An answer that is
   * not `complete` may have been cut.
   *
   * @throws {SePayError} as a rejection; `code` says why.
   */
  list(params?: ListParams, options?: EdgeCallOptions): Promise<EdgeList<Row>>;
  /**
   * Gets one record by its id.
   *
   * @throws {NotFoundError} as a rejection, when there is none; a key limited to accounts gets `forbidden` instead.
   */
  get(id: Id, options?: EdgeCallOptions): Promise<Row>;
  /** Counts the records that the key may see. */
  count(params?: CountParams, options?: EdgeCallOptions): Promise<number>;
}

/** The longest time that a platform's timer can hold, in milliseconds. */
const MAX_MS = 2 ** 31 - 1;

/** As the core has it for SePay's token: plain http would show the key. */
const BASE = /^(https:\/\/[^\s/?#@\\]+|http:\/\/(localhost|127\.[\d.]+|\[::1\])(:\d+)?)?(\/(?!\/)[^\s?#\\]*)?$/i;

const OPTIONS: Rules = {
  baseURL: text("expected https://, http:// on this machine, or a path", BASE),
  key: text("expected visible ASCII", /^[!-~]+$/),
  fetch: ["expected a function", isFunction],
  timeout: between(1, MAX_MS, 15_000),
  deadline: between(1, MAX_MS, 30_000),
  maxRetries: between(0, 10, 2),
};

type Ask = (path: string, root: Root, params: unknown, options: unknown) => Promise<Answer>;

/**
 * Asks one Worker with one key. Safe to share; answers are not kept. The key is in a closure: printing or serialising the
 * client shows nothing of it.
 *
 * @example
 * const edge = new SePayEdge({ baseURL: "https://pay.example.vn", key });
 * const { data, age } = await edge.transactions.list({ amountIn: 2277000, from: "2026-11-19" });
 */
export class SePayEdge {
  /** Bank accounts. */
  readonly bankAccounts: EdgeRecords<BankAccount, AccountCountParams, AccountListParams>;
  /** Transactions. */
  readonly transactions: EdgeRecords<Transaction, TransactionCountParams, TransactionListParams>;
  /** Gets the state of the gate. */
  readonly status: (options?: EdgeCallOptions) => Promise<EdgeStatus>;

  /** @throws {InvalidParameterError} naming the option that is wrong. */
  constructor(options: SePayEdgeOptions) {
    const ask = asking(options);
    this.bankAccounts = records(ask, "/accounts");
    this.transactions = records(ask, "/transactions");
    this.status = async (options) => {
      const { body } = await ask("/status", ["slots", Array.isArray], {}, options);
      return body as unknown as EdgeStatus;
    };
  }
}

function asking(given: SePayEdgeOptions): Ask {
  const { baseURL, ...settings } = checked(given, OPTIONS) as unknown as Question & { baseURL: string };
  // Looked up at each call, so that it may be replaced; called as a function, whoever's it is.
  const { fetch = (url, init) => globalThis.fetch(url, init), deadline } = settings;
  const rules: Rules = {
    signal: ["expected an AbortSignal", isSignal],
    deadline: between(1, MAX_MS, deadline),
    maxAge: between(0, MAX_MS),
  };
  return async (path, root, params, options) => {
    const limits = checked(options, rules);
    const url = `${baseURL.replace(/\/+$/, "")}/api${path}${queryOf(params)}`;
    // An injected fetch may know what a path means.
    const isLost = url[0] === "/" && !settings.fetch && !globalThis.location;
    if (isLost) throw invalid("baseURL", "expected https://: there is no page");
    return ask({ ...settings, ...limits, fetch, url, root });
  };
}

function records<Row, CountParams, ListParams>(ask: Ask, path: string): EdgeRecords<Row, CountParams, ListParams> {
  return {
    async list(params, options) {
      const { body, age, stale } = await ask(path, ["data", Array.isArray], params, options);
      return { data: body["data"] as Row[], complete: body["complete"] === true, age, stale };
    },
    async get(id, options) {
      const digits = textOf("id", id);
      if (!/^\d{1,20}$/.test(digits)) throw invalid("id", "expected 1 to 20 digits");
      const { body } = await ask(`${path}/${digits}`, ["data", isRow], {}, options);
      return body["data"] as Row;
    },
    async count(params, options) {
      const { body } = await ask(`${path}/count`, ["count", Number.isSafeInteger], params, options);
      return body["count"] as number;
    },
  };
}

function isRow(value: unknown): boolean {
  return typeof (value as { id?: unknown } | null)?.id === "string";
}

function isSignal(value: unknown): boolean {
  return isFunction((value as AbortSignal | null)?.addEventListener);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}
