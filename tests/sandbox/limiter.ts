/**
 * SePay's rate limit as arithmetic: N requests in any sliding second, counted by key, refused ones included.
 * An exact sliding window, the strictest reading of "N requests/second": whoever satisfies it also satisfies
 * a fixed window. Reads no clock and answers nothing; the time comes in and the verdict goes out.
 */

/** The length of the window in milliseconds. */
export const WINDOW_MS = 1000;

/** What the limiter thinks of one arrival. */
export interface Verdict {
  /** True when the window ending with this arrival holds more than the limit. */
  readonly violation: boolean;
  /** How many arrivals of the key the window (t - 1000 ms, t] holds, this one included. */
  readonly inWindow: number;
}

/** The arrivals of one key, ascending; those before index `first` have left the window. */
interface Window {
  times: number[];
  first: number;
}

/** The arrivals of every key during the last second. */
export interface Limiter {
  readonly windows: Map<string, Window>;
  sweepAtMs: number;
}

/** Starts a limiter that has seen nothing. */
export function newLimiter(): Limiter {
  return { windows: new Map(), sweepAtMs: Number.NEGATIVE_INFINITY };
}

/**
 * Counts one arrival and judges it against the limit (requests per second).
 *
 * `atMs` is monotonic milliseconds, fractions allowed, and must not go backwards. Two arrivals exactly 1000
 * ms apart are not in one window.
 */
export function arrive(limiter: Limiter, key: string, atMs: number, limit: number): Verdict {
  sweep(limiter, atMs);
  const inWindow = push(windowOf(limiter.windows, key), atMs, WINDOW_MS);
  return { violation: inWindow > limit, inWindow };
}

/** The most arrivals any one key has in any window (t - windowMs, t]; arrivals in order of time. */
export function maxInWindow(arrivals: Iterable<{ key: string; atMs: number }>, windowMs: number): number {
  const windows = new Map<string, Window>();
  let most = 0;
  for (const { key, atMs } of arrivals) {
    most = Math.max(most, push(windowOf(windows, key), atMs, windowMs));
  }
  return most;
}

function windowOf(windows: Map<string, Window>, key: string): Window {
  const window = windows.get(key) ?? { times: [], first: 0 };
  windows.set(key, window);
  return window;
}

/** Adds an arrival, drops those which have left the window that ends with it, and counts the rest. */
function push(window: Window, atMs: number, windowMs: number): number {
  window.times.push(atMs);
  while ((window.times[window.first] ?? atMs) <= atMs - windowMs) window.first += 1;
  // Half at a time: shifting the array at every arrival would be slow at high limits.
  if (2 * window.first > window.times.length) {
    window.times = window.times.slice(window.first);
    window.first = 0;
  }
  return window.times.length - window.first;
}

/** Forgets silent keys, at most once a second, so that made-up tokens cannot fill the memory. */
function sweep(limiter: Limiter, atMs: number): void {
  if (atMs < limiter.sweepAtMs) return;
  limiter.sweepAtMs = atMs + WINDOW_MS;
  for (const [key, window] of limiter.windows) {
    if ((window.times.at(-1) ?? atMs) <= atMs - WINDOW_MS) limiter.windows.delete(key);
  }
}
