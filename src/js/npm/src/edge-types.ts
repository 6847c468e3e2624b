/**
 * What goes into the edge client and what comes out, besides the shared model. Types only.
 */
import type { CallOptions, Fetch, List } from "./types.ts";

/** The options of `new SePayEdge(…)`. */
export interface SePayEdgeOptions {
  /**
   * Where the Worker is: `https://pay.example.vn`, or `http://` on this machine. In a page that the Worker serves itself
   * `""` or `"/"` will do, and behind a path of the page's own origin that path, `"/pay"`.
   */
  baseURL: string;
  /** An edge key or a ticket, visible ASCII. It is sent as a bearer token and shown nowhere. */
  key: string;
  /** Milliseconds for one try, from its sending to the last byte; default 15 000. */
  timeout?: number | undefined;
  /** Milliseconds for one call: tries and waits; default 30 000. */
  deadline?: number | undefined;
  /** Tries after the first, of network errors, timeouts, 429, 503 and 504; default 2, at most 10. */
  maxRetries?: number | undefined;
  /** Default the platform's. */
  fetch?: Fetch | undefined;
}

/** How long one call may take, how old its answer may be, and how to end it. */
export interface EdgeCallOptions extends CallOptions {
  /**
   * The oldest answer that will do, in whole seconds; 0 asks SePay anew. Without it the Worker's own rules hold. An answer
   * that is too old is waited for: when none comes in time, the call fails.
   */
  maxAge?: number | undefined;
}

/** Rows, whether they are all there are, and how old they are. */
export interface EdgeList<T> extends List<T> {
  /** Whole seconds since SePay was asked for these rows; null when the Worker's headers cannot be read (another origin). */
  age: number | null;
  /**
   * Why the rows are older than the Worker's rules want them: SePay is asked more than it answers (`"busy"`), or does not
   * answer (`"down"`). false: they are not.
   */
  stale: false | "busy" | "down";
}

/** The state of the gate. Times are in milliseconds; counts are since its start. No bank data. */
export interface EdgeStatus {
  /** The part of the Worker that answered. */
  isolate: { uptimeMs: number; served: number; cache: { entries: number; bytes: number } };
  /** Which SePay identity the key uses. */
  profile: string;
  uptimeMs: number;
  /** One for each request that SePay allows in a second. */
  slots: { inFlight: boolean; freeInMs: number }[];
  /** What is left of the pause after a 429; 0 without one. */
  pausedForMs: number;
  /** Whether the gate itself or somebody else used SePay's limit up. */
  pauseCause: "own429" | "foreign429" | null;
  /** When the next request may leave. */
  readyInMs: number;
  roundTripMs: number;
  queue: Record<"questions" | "interactive" | "background" | "refreshes" | "inFlight" | "callers", number>;
  /** How long questions waited for a slot. */
  waits: Record<"p50Ms" | "p90Ms" | "p99Ms" | "maxMs", number>;
  cache: { entries: number; bytes: number; hitRatio: number };
  /** Whether SePay is taken to be down. */
  breaker: { open: boolean; timesOpened: number };
  calls: Record<EdgeCallCount, number> & {
    served: Record<"asked" | "joined" | "known" | "refreshing" | "busy" | "down", number>;
    results: Record<"good" | "missing" | "failed" | "passing" | "rateLimited" | "unsent", number>;
  };
}

/** What the gate counts. */
export type EdgeCallCount =
  | "asked"
  | "demand"
  | "joined"
  | "refused"
  | "left"
  | "sent"
  | "retried"
  | "failed"
  | "rateLimitedOwn"
  | "rateLimitedForeign";
