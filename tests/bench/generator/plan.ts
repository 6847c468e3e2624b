/** What the load generator is told and what it tells. Plain values only: they travel between threads. */

/** One request that may be sent. */
export interface Question {
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** When requests are sent. */
export type Mode =
  /**
   * Open: request i is due i / rate seconds after the start, whatever became of those before. Infinity: all at once.
   * What still waits for a free connection `drainMs` after the last was due is given up, and counted as unsent.
   */
  | { readonly kind: "open"; readonly ratePerSecond: number; readonly count: number; readonly drainMs?: number }
  /** Closed: each connection sends its next request when the one before is answered, until the time is over. */
  | { readonly kind: "closed"; readonly durationMs: number };

/** A load. */
export interface LoadPlan {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Keep-alive connections, all open before the first request. No pipelining. */
  readonly connections: number;
  readonly mode: Mode;
  readonly questions: readonly Question[];
  /** How often each question is drawn; without it they are asked in turn. */
  readonly weights?: readonly number[];
  /** Of the draw; the same seed draws the same questions. */
  readonly seed?: number;
  /** How long an answer may take before it counts as a fault; default 30,000. */
  readonly timeoutMs?: number;
  /** How long the opening of the connections may take; default 30,000. */
  readonly openWithinMs?: number;
  /** Sees every answer: a module whose default export is a `MakeCollector`, and what that is called with. */
  readonly collector?: { readonly module: string; readonly options?: unknown };
}

/** One answer, as a collector sees it. */
export interface Answered {
  /** The index of the question. */
  readonly question: number;
  readonly status: number;
  /** The last value of a header, its name in lower case. */
  header(name: string): string | undefined;
  /** The first bytes of the body, as Latin-1. */
  readonly bodyStart: string;
  /** When it was due and when it was complete, by `nowMs`. */
  readonly dueMs: number;
  readonly doneMs: number;
}

/** Reads answers into sums. */
export interface Collector {
  answered(answer: Answered): void;
  /** What goes into the report; must survive a structured clone. */
  result(): unknown;
}

/** The default export of a collector's module. */
export type MakeCollector = (options: unknown) => Collector;

/** A distribution, in milliseconds. All 0 when nothing was measured. */
export interface Distribution {
  readonly samples: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Why there was no answer. */
export type Fault = "connect" | "cut" | "malformed" | "timeout";

/** What came of a load. */
export interface LoadReport {
  readonly sent: number;
  /** Complete answers, of whatever status. */
  readonly answered: number;
  /** Those that are 2xx or 304. */
  readonly good: number;
  /** Due, and never sent, because no connection became free in time. */
  readonly unsent: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** Faults, the unsent, and answers that are not good. */
  readonly errors: number;
  /**
   * From the instant a request was due until its answer was complete. Good answers count, and so does what got none,
   * with the time for which it waited: dropping those would flatter. Answers that are errors do not count.
   */
  readonly latencyMs: Distribution;
  /** From the instant a request was due until it was sent: what the generator and its busy connections added. */
  readonly lagMs: Distribution;
  /** Sent per second, between the first and the last. */
  readonly sentPerSecond: number;
  /** Good answers per second, from the start until the last answer. */
  readonly goodPerSecond: number;
  readonly answeredPerSecond: number;
  /** The bodies, in bytes. */
  readonly bodyBytes: number;
  /** What the collector made of the answers. */
  readonly collected: unknown;
}
