/**
 * What happened: counters, the last requests and the times of arrivals. Writes nothing to disk, decides
 * nothing.
 */

/** The counters since the start or the last reset. Control routes are not counted. */
export interface Counters {
  requests: number;
  /** Arrivals that broke the rate limit; each was answered with 429. */
  violations: number;
  /** The most arrivals of one key in any sliding second. */
  maxPerSecond: number;
  /** By HTTP status; "none" for requests that got no status line. */
  byStatus: Record<string, number>;
  /**
   * By call: `/userapi/transactions/list`, `/userapi/transactions/details/{id}`, …; "other" for unknown
   * paths.
   */
  byPath: Record<string, number>;
  unauthorized: number;
  /** Query parameters the call does not know, each name once a request. */
  unknownParameters: number;
  /** Query parameters of known name whose value could not be read. */
  malformedParameters: number;
  /** Requests without a complete answer right now. */
  inFlight: number;
}

/** One request as it came. */
export interface RequestRecord {
  /** Monotonic milliseconds at which it had arrived, with fractions. */
  readonly atMs: number;
  readonly method: string;
  readonly target: string;
  /** Names and values as they came, in order. */
  readonly headers: readonly (readonly [string, string])[];
  /** The status that was sent; null: none was, or not yet. */
  httpStatus: number | null;
}

/** One arrival at the rate limit. */
export interface Arrival {
  readonly atMs: number;
  /** Who is counted together: the token or the address. */
  readonly key: string;
}

/** How many requests the log keeps. */
export const REQUESTS_KEPT = 2000;

/** How many arrivals the log keeps. */
export const ARRIVALS_KEPT = 100_000;

/** A request on its way to an answer. */
export interface Exchange {
  /** Notes the status, just before it is sent; null: there will be none. Only the first note counts. */
  answered(status: number | null): void;
  /** Notes that nothing more will be sent. */
  done(): void;
}

/** The memory of the sandbox. */
export class Journal {
  #counters = noCounters();
  #inFlight = 0;
  #requests = new Recent<RequestRecord>(REQUESTS_KEPT);
  #arrivals = new Recent<Arrival>(ARRIVALS_KEPT);

  /** A copy of the counters. */
  get counters(): Counters {
    const { byStatus, byPath, ...rest } = this.#counters;
    return { ...rest, byStatus: { ...byStatus }, byPath: { ...byPath }, inFlight: this.#inFlight };
  }

  /** The last 2,000 requests, oldest first. */
  get requests(): RequestRecord[] {
    return this.#requests.items.map((record) => ({ ...record }));
  }

  /** The last 100,000 arrivals, oldest first. */
  get arrivals(): readonly Arrival[] {
    return this.#arrivals.items;
  }

  /** Starts over. Requests that are still on their way count for the past. */
  reset(): void {
    this.#counters = noCounters();
    this.#requests = new Recent(REQUESTS_KEPT);
    this.#arrivals = new Recent(ARRIVALS_KEPT);
  }

  /** Notes a request. `pathName` is the name under which it is counted. */
  open(record: RequestRecord, pathName: string): Exchange {
    const counters = this.#counters;
    counters.requests += 1;
    counters.byPath[pathName] = (counters.byPath[pathName] ?? 0) + 1;
    this.#requests.push(record);
    this.#inFlight += 1;
    return this.#exchange(record, counters);
  }

  /** Notes an arrival at the rate limit and what it thought of it. */
  arrived(arrival: Arrival, inWindow: number, violation: boolean): void {
    this.#arrivals.push(arrival);
    this.#counters.maxPerSecond = Math.max(this.#counters.maxPerSecond, inWindow);
    if (violation) this.#counters.violations += 1;
  }

  /** Notes what was seen in a question. */
  noticed(outcome: { unauthorized: boolean; unknownParameters: number; malformedParameters: number }): void {
    this.#counters.unauthorized += outcome.unauthorized ? 1 : 0;
    this.#counters.unknownParameters += outcome.unknownParameters;
    this.#counters.malformedParameters += outcome.malformedParameters;
  }

  #exchange(record: RequestRecord, counters: Counters): Exchange {
    let isAnswered = false;
    let isDone = false;
    const answered = (status: number | null): void => {
      if (isAnswered) return;
      isAnswered = true;
      record.httpStatus = status;
      const name = String(status ?? "none");
      counters.byStatus[name] = (counters.byStatus[name] ?? 0) + 1;
    };
    const done = (): void => {
      answered(null);
      this.#inFlight -= isDone ? 0 : 1;
      isDone = true;
    };
    return { answered, done };
  }
}

/** The last so many items. Drops the old half at a time, because shifting an array on every push is slow. */
class Recent<T> {
  readonly #kept: number;
  #items: T[] = [];

  constructor(kept: number) {
    this.#kept = kept;
  }

  get items(): T[] {
    return this.#items.slice(-this.#kept);
  }

  push(item: T): void {
    this.#items.push(item);
    if (this.#items.length >= 2 * this.#kept) this.#items = this.#items.slice(-this.#kept);
  }
}

function noCounters(): Counters {
  return {
    requests: 0,
    violations: 0,
    maxPerSecond: 0,
    byStatus: {},
    byPath: {},
    unauthorized: 0,
    unknownParameters: 0,
    malformedParameters: 0,
    inFlight: 0,
  };
}
