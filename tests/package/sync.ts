/**
 * A shop's sync, and everything that can happen to it: faults of SePay's and of the network, rows that are booked while
 * it reads, and a program that is stopped anywhere and goes on from the last id it has saved. All of it is seeded.
 */
import type * as Client from "../../src/js/npm/src/index.ts";
import { seededRandom } from "../sandbox/random.ts";
import type { Random } from "../sandbox/random.ts";
import type { Sandbox } from "../sandbox/server.ts";

/** How a sync is made hard. */
export interface Hardship {
  readonly seed: number;
  /** Rows per request. */
  readonly limit: number;
  /** The mean number of rows until the program is stopped; now and then it is not stopped at all. */
  readonly rowsUntilStop: number;
}

/** What came of a sync. */
export interface Synced {
  /** What was saved, in the order in which it was. */
  readonly rows: readonly Client.Transaction[];
  /** How often it was stopped, and how: by the program, or by an abort. */
  readonly stops: number;
  readonly aborts: number;
  /** How often it failed, by code, and went on from the last id. */
  readonly failures: Readonly<Record<string, number>>;
  /** Tries that failed, by code, retried or not. */
  readonly failedTries: Readonly<Record<string, number>>;
  readonly requests: number;
}

/** More begins than any of these syncs needs. */
const MOST_BEGINS = 1_000;

/** Milliseconds for one try: so long does each hang cost. */
const TIMEOUT_MS = 1_000;

/** Sets the faults: each of them hits often enough to be met, and seldom enough to get on. */
export function addFaults(sandbox: Sandbox): void {
  sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 1, probability: 0.05, count: 2 });
  sandbox.addFault({ kind: "hang", probability: 0.08, count: 3 });
  sandbox.addFault({ kind: "status", status: 500, probability: 0.08 });
  sandbox.addFault({ kind: "cut", probability: 0.06 });
  sandbox.addFault({ kind: "cut-json", probability: 0.04 });
  sandbox.addFault({ kind: "reset", probability: 0.04 });
  sandbox.addFault({ kind: "latency", ms: 0, jitterMs: 10 });
}

/** Syncs all rows of a sandbox. */
export async function sync({ SePay, SePayError }: typeof Client, sandbox: Sandbox, hardship: Hardship): Promise<Synced> {
  const random = seededRandom(hardship.seed);
  const bank = new Bank(sandbox, random);
  const rows: Client.Transaction[] = [];
  const tally = { stops: 0, aborts: 0, requests: 0, failures: {}, failedTries: {} };
  const onEvent = (event: Client.SePayEvent): void => {
    if (event.type === "request") tally.requests += 1;
    if (event.type !== "response") return;
    bank.book();
    if (event.code !== undefined) count(tally.failedTries, event.code);
  };
  const { requestsPerSecond } = sandbox.settings();
  const sepay = new SePay({ apiToken: sandbox.token, baseURL: sandbox.url, requestsPerSecond, timeout: TIMEOUT_MS, onEvent });
  for (let begins = 0; begins < MOST_BEGINS; begins += 1) {
    // A pass that is stopped reads its last rows again: only one that comes to its end could leave a late row behind.
    const isStopped = random.chance(0.75);
    const stop = { after: isStopped ? random.integer(0, 2 * hardship.rowsUntilStop) : Number.POSITIVE_INFINITY, isAbort: random.chance(0.3) };
    const end = await run(sepay, rows, hardship.limit, stop);
    if (end === "stopped") tally[stop.isAbort ? "aborts" : "stops"] += 1;
    else if (end instanceof SePayError) count(tally.failures, end.code);
    else if (end !== "done") throw end;
    else if (bank.isClosed) return { rows, ...tally };
    // What was booked after the last answer is found by one more walk.
    else bank.isClosed = true;
  }
  throw new Error(`not done after ${MOST_BEGINS} begins, ${rows.length} rows`);
}

/** One life of the program: goes on from the last row that is saved, until it is done, stopped or has failed. */
async function run(sepay: Client.SePay, saved: Client.Transaction[], limit: number, stop: { after: number; isAbort: boolean }): Promise<unknown> {
  const controller = new AbortController();
  const sinceId = saved.at(-1)?.id;
  let left = stop.after;
  try {
    for await (const row of sepay.transactions.iterate({ limit, ...(sinceId !== undefined && { sinceId }) }, { signal: controller.signal })) {
      saved.push(row);
      left -= 1;
      if (left > 0) continue;
      if (!stop.isAbort) return "stopped";
      controller.abort();
    }
    return "done";
  } catch (error) {
    return controller.signal.aborted ? "stopped" : error;
  }
}

/** Books rows with each answer, most of them days after they happened: a new id and an old time. */
class Bank {
  isClosed = false;
  readonly #sandbox: Sandbox;
  readonly #random: Random;
  readonly #accounts: readonly string[];
  readonly #times: readonly string[];

  constructor(sandbox: Sandbox, random: Random) {
    const { accounts, transactions } = sandbox.data();
    this.#sandbox = sandbox;
    this.#random = random;
    this.#accounts = accounts.map(({ number }) => number);
    this.#times = transactions.map(({ occurredAt }) => occurredAt);
  }

  book(): void {
    const rows = this.isClosed ? 0 : this.#random.integer(0, 3);
    for (let row = 0; row < rows; row += 1) {
      const time = this.#random.chance(0.8) ? { occurredAt: this.#random.pick(this.#times) } : {};
      this.#sandbox.addTransaction({ accountNumber: this.#random.pick(this.#accounts), amountIn: 150_000, content: "booked while you read", ...time });
    }
  }
}

function count(counts: Record<string, number>, code: string): void {
  counts[code] = (counts[code] ?? 0) + 1;
}
