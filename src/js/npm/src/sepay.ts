/** The client: one class, two resources. Reads what it is given, asks through the driver, and shapes the rows. */
import { Core, asking } from "./core.ts";
import { Driver } from "./driver.ts";
import { iterate } from "./iterate.ts";
import { readCallOptions, readOptions } from "./options.ts";
import { readId, readParams } from "./params.ts";
import { accountsOf, countOf, oneOf, transactionsOf } from "./rows.ts";
import type { Rows } from "./rows.ts";
import type {
  AccountCountParams,
  AccountListParams,
  BankAccount,
  CallOptions,
  Id,
  Kind,
  List,
  SePayOptions,
  Transaction,
  TransactionCountParams,
  TransactionIterateParams,
  TransactionListParams,
} from "./types.ts";

/** Bank accounts (SePay's page "Bank Account API"). Every call rejects with a `SePayError`. */
export interface BankAccounts {
  /** Lists bank accounts, the most recently added first. */
  list(params?: AccountListParams, options?: CallOptions): Promise<List<BankAccount>>;
  /** Gets one bank account by SePay's id; rejects with `NotFoundError`. */
  get(id: Id, options?: CallOptions): Promise<BankAccount>;
  /** Counts bank accounts. */
  count(params?: AccountCountParams, options?: CallOptions): Promise<number>;
}

/** Transactions (SePay's page "Transaction API"). Every call rejects with a `SePayError`. */
export interface Transactions {
  /** Lists transactions, newest first as far as callers have seen; `complete` says whether SePay may have cut. */
  list(params?: TransactionListParams, options?: CallOptions): Promise<List<Transaction>>;
  /** Gets one transaction by SePay's id; rejects with `NotFoundError`. */
  get(id: Id, options?: CallOptions): Promise<Transaction>;
  /** Counts transactions. */
  count(params?: TransactionCountParams, options?: CallOptions): Promise<number>;
  /**
   * Walks through transactions: each once, ascending by id, none lost, however many there are. `sinceId` is the last
   * id already seen; store the id of the last row and give it back to go on after a stop.
   *
   * The signal holds for the whole walk, the deadline for each of its requests. Throws `TruncatedError` when SePay's
   * answers do not allow to prove that no row is missing; what was yielded before is right.
   */
  iterate(params?: TransactionIterateParams, options?: CallOptions): AsyncGenerator<Transaction, void, undefined>;
}

/**
 * A client of the SePay API. Keep one per token: its calls share SePay's rate limit, and it paces them.
 *
 * ```ts
 * const sepay = new SePay({ apiToken: process.env.SEPAY_API_TOKEN });
 * const { data, complete } = await sepay.transactions.list({ account: "0071000888888", from: "2026-11-01" });
 * ```
 */
export class SePay {
  readonly bankAccounts: BankAccounts;
  readonly transactions: Transactions;
  readonly #baseURL: string;

  /** Throws `InvalidParameterError` for an option that is unknown or wrong. */
  constructor(options?: SePayOptions) {
    const settings = readOptions(options);
    const { apiToken, baseURL: baseUrl, userAgent, timeoutMs, maxRetries, requestsPerSecond } = settings;
    const core = asking(() => new Core({ apiToken, baseUrl, userAgent, timeoutMs, maxRetries, requestsPerSecond }));
    const driver = new Driver(core, settings);
    this.#baseURL = baseUrl;
    this.bankAccounts = bankAccounts(driver);
    this.transactions = transactions(driver);
  }

  /** What may be shown of a client. */
  toJSON(): { baseURL: string; apiToken: "[redacted]" } {
    return { baseURL: this.#baseURL, apiToken: "[redacted]" };
  }

  /** What Node, Bun and Deno print. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `SePay { baseURL: '${this.#baseURL}', apiToken: [redacted] }`;
  }
}

/** As functions of no `this`: they may be taken off their object. */
function bankAccounts(driver: Driver): BankAccounts {
  return {
    list: async (params, options) => accountsOf(await ask(driver, "accounts.list", params, options)),
    get: async (id, options) => oneOf(accountsOf(await driver.ask("accounts.get", readId(id), readCallOptions(options)))),
    count: async (params, options) => countOf(await ask(driver, "accounts.count", params, options)),
  };
}

function transactions(driver: Driver): Transactions {
  return {
    list: async (params, options) => transactionsOf(await ask(driver, "transactions.list", params, options)),
    get: async (id, options) => oneOf(transactionsOf(await driver.ask("transactions.get", readId(id), readCallOptions(options)))),
    count: async (params, options) => countOf(await ask(driver, "transactions.count", params, options)),
    iterate: (params, options) => iterate(driver, readParams("transactions.list", params), readCallOptions(options)),
  };
}

function ask(driver: Driver, kind: Kind, params: unknown, options: unknown): Promise<Rows> {
  return driver.ask(kind, readParams(kind, params), readCallOptions(options));
}
