/** One monotonic clock for all threads of the process: `performance.now` starts at another zero in each of them. */

const ZERO_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Monotonic milliseconds, with fractions, comparable between threads. */
export function nowMs(): number {
  return ZERO_MS + performance.now();
}
