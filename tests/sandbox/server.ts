/**
 * The sandbox: a SePay that runs on this machine. Reads the clocks, holds the state, and leads each request
 * through rate limit, API and faults. Listens on 127.0.0.1 only.
 */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { answerQuestion, pathName, splitTarget, tooManyRequests } from "./api.ts";
import { answerControl, isControl, RESETTABLE } from "./control.ts";
import type { Resettable } from "./control.ts";
import { generateData } from "./data.ts";
import { deliverAfter } from "./deliver.ts";
import { FaultPlan } from "./faults.ts";
import type { FaultInput, FaultRule } from "./faults.ts";
import { Journal } from "./journal.ts";
import type { Arrival, Counters, RequestRecord } from "./journal.ts";
import { arrive, maxInWindow, newLimiter } from "./limiter.ts";
import type { Account, Transaction } from "./model.ts";
import { changedSettings, DEFAULT_SETTINGS } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { Store } from "./store.ts";
import type { NewAccount, NewTransaction } from "./store.ts";
import { vietnamTime } from "./time.ts";

/** What a sandbox can be started with, besides its settings. */
export interface SandboxOptions extends Settings {
  /** 0..65535; 0, the default, lets the system choose. */
  port: number;
  /** The API token it accepts. */
  token: string;
  /** Others that it accepts too: identities of their own at the rate limit, with the same data behind them. */
  otherTokens: readonly string[];
  /** Seed of the data and of the faults' chances, an unsigned 32-bit integer. */
  seed: number;
  /** Monotonic milliseconds, for the rate limit; default `performance.now`. */
  clock: () => number;
  /** Milliseconds since the Unix epoch, for rows added without a time; default `Date.now`. */
  wallClock: () => number;
}

/**
 * A running sandbox. Its methods do what the control routes do, and throw `InputError` where those answer
 * 400.
 */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, without a slash at its end: the base URL for clients. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  counters(): Counters;
  /** The last 2,000 requests, oldest first. */
  requests(): RequestRecord[];
  /** The last 100,000 arrivals at the rate limit, oldest first. */
  arrivals(): readonly Arrival[];
  /** The most arrivals of one key in any window (t - windowMs, t], of those in `arrivals()`. */
  maxInWindow(windowMs: number): number;
  settings(): Settings;
  /** Changes settings, all or none, and returns the new ones. */
  configure(change: Partial<Settings>): Settings;
  faults(): readonly FaultRule[];
  addFault(fault: FaultInput): FaultRule;
  /** Removes all faults; hung connections are dropped. */
  clearFaults(): void;
  addTransaction(transaction: NewTransaction): Transaction;
  addAccount(account: NewAccount): Account;
  /** All rows, ascending by id. */
  data(): { readonly accounts: readonly Account[]; readonly transactions: readonly Transaction[] };
  /** Brings parts back to their start; default all. Counters include the rate limit's memory. */
  reset(what?: readonly Resettable[]): void;
  /** Drops all connections and frees the port. May be called twice. */
  close(): Promise<void>;
}

/** The token of a sandbox that was given none: as long as a real one, and no secret. */
export const DEFAULT_TOKEN = "sandbox".padEnd(64, "0");

/** The seed of a sandbox that was given none. */
export const DEFAULT_SEED = 20261119;

const HOST = "127.0.0.1";

/**
 * Starts a sandbox and resolves once it listens.
 *
 * Rejects when an option is invalid or the port is in use.
 */
export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const { port = 0, token = DEFAULT_TOKEN, otherTokens = [], seed = DEFAULT_SEED, clock, wallClock, ...settings } = options;
  const tokens = [token, ...otherTokens];
  if (!tokens.every((each) => /^[\x21-\x7e]+$/.test(each))) throw new Error("the token must be printable ASCII without spaces");
  const start = changedSettings(DEFAULT_SETTINGS, settings);
  // Longer than clients keep idle connections: a server that hangs up first would look like a fault nobody
  // set.
  const server = createServer({ keepAliveTimeout: 75_000 });
  await listen(server, port);
  // Made only once the port is ours; no request can come in between, because nothing here waits.
  const house = new House(start, tokens, seed, clock ?? (() => performance.now()), wallClock ?? Date.now);
  server.on("request", (request, response) => house.receive(request, response));
  return house.open(server);
}

/** The state of one sandbox. */
class House {
  readonly #start: Settings;
  readonly #tokens: readonly string[];
  readonly #clock: () => number;
  readonly #wallClock: () => number;
  readonly #store: Store;
  readonly #plan: FaultPlan;
  readonly #journal = new Journal();
  readonly #hung = new Set<Socket>();
  #settings: Settings;
  #limiter = newLimiter();
  #sandbox: Sandbox | null = null;

  constructor(start: Settings, tokens: readonly string[], seed: number, clock: () => number, wallClock: () => number) {
    this.#start = start;
    this.#settings = start;
    this.#tokens = tokens;
    this.#clock = clock;
    this.#wallClock = wallClock;
    this.#store = new Store(generateData(seed));
    this.#plan = new FaultPlan(seed);
  }

  /** The clock is read before anything else: an arrival is when the request was there. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    const atMs = this.#clock();
    response.on("error", () => response.destroy());
    const { path } = splitTarget(request.url ?? "");
    if (isControl(path) && this.#sandbox !== null) void answerControl(this.#sandbox, request, response);
    else this.#serve(request, response, path, atMs);
  }

  #serve(request: IncomingMessage, response: ServerResponse, path: string, atMs: number): void {
    const method = request.method ?? "";
    const target = request.url ?? "";
    const record: RequestRecord = {
      atMs,
      method,
      target,
      headers: pairs(request.rawHeaders),
      httpStatus: null,
    };
    const exchange = this.#journal.open(record, pathName(path));
    response.once("close", exchange.done);
    const settings = this.#settings;
    const delivery = { response, exchange, settings, hung: this.#hung };
    if (path.startsWith("/userapi/") && this.#isTooFast(request, atMs)) {
      // Latency is the network's and delays a 429 as well; the other faults are SePay's, which is not asked.
      return deliverAfter(
        { ...delivery, answer: tooManyRequests(settings, 1) },
        this.#plan.take(target, true),
      );
    }
    const question = { method, target, authorization: request.headers.authorization };
    const { accounts, transactions } = this.#store;
    const outcome = answerQuestion(question, { accounts, transactions, settings, tokens: this.#tokens });
    this.#journal.noticed(outcome);
    deliverAfter({ ...delivery, answer: outcome.answer }, this.#plan.take(target));
  }

  /** Before authentication, as the v2 authentication page says: a wrong token spends budget too. */
  #isTooFast(request: IncomingMessage, atMs: number): boolean {
    const { limitBy, requestsPerSecond } = this.#settings;
    const key =
      limitBy === "ip" ? (request.socket.remoteAddress ?? "") : (request.headers.authorization ?? "");
    const { violation, inWindow } = arrive(this.#limiter, key, atMs, requestsPerSecond);
    this.#journal.arrived({ atMs, key }, inWindow, violation);
    return violation;
  }

  /** The handle to this sandbox; from now on control routes are answered. */
  open(server: Server): Sandbox {
    const { port } = server.address() as AddressInfo;
    this.#sandbox = {
      url: `http://${HOST}:${port}`,
      port,
      token: this.#tokens[0] ?? "",
      counters: () => this.#journal.counters,
      requests: () => this.#journal.requests,
      arrivals: () => this.#journal.arrivals,
      maxInWindow: (windowMs) => maxInWindow(this.#journal.arrivals, windowMs),
      settings: () => ({ ...this.#settings }),
      configure: (change) => ({ ...(this.#settings = changedSettings(this.#settings, change)) }),
      faults: () => this.#plan.rules,
      addFault: (fault) => this.#plan.add(fault),
      clearFaults: () => this.#clearFaults(),
      addTransaction: (row) => this.#store.addTransaction(row, vietnamTime(this.#wallClock())),
      addAccount: (account) => this.#store.addAccount(account, vietnamTime(this.#wallClock())),
      data: () => ({ accounts: this.#store.accounts, transactions: this.#store.transactions }),
      reset: (what = RESETTABLE) => what.forEach((part) => this.#reset(part)),
      close: () => close(server),
    };
    return this.#sandbox;
  }

  #reset(part: Resettable): void {
    switch (part) {
      case "counters":
        this.#journal.reset();
        this.#limiter = newLimiter();
        return;
      case "faults":
        return this.#clearFaults();
      case "data":
        return this.#store.reset();
      case "settings":
        this.#settings = this.#start;
        return;
    }
  }

  #clearFaults(): void {
    this.#plan.clear();
    for (const socket of this.#hung) socket.destroy();
  }
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  const count = rawHeaders.length / 2;
  return Array.from({ length: count }, (_, index) => [
    rawHeaders[2 * index] ?? "",
    rawHeaders[2 * index + 1] ?? "",
  ]);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const inUse = error.code === "EADDRINUSE";
      reject(inUse ? new Error(`port ${port} on ${HOST} is already in use`, { cause: error }) : error);
    });
    server.listen(port, HOST, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
