// Requests outlive the wasm instance that serves them. A panic ends the instance; the request that caused it gets an
// error, and every other one, being only read, is run again on a new instance.

import { __wbg_reset_state as renewInstance } from "sepay-worker-glue";

type Verdict = "again" | "blamed";

/** How often a request is run when it is not known which one ends the instances. */
const MAX_RUNS = 3;

const underWay = new Map<number, (verdict: Verdict) => void>();
let lastRun = 0;
let instance = 1;
let isOver = false;
let beginInstance = (): void => {};

/** Begins the first instance, and later each that replaces one. */
export function beginWith(begin: () => void): void {
  beginInstance = begin;
  begin();
}

/** Which instance is alive: what was made by an earlier one must not be used. */
export function liveInstance(): number {
  return instance;
}

/** The Rust side says that its instance is over, and which run it was polling (0: none). */
export function ended(blamed: number): void {
  if (isOver) return;
  isOver = true;
  // Not at once: what is still on the stack would mark the new instance as ended.
  queueMicrotask(() => {
    renewInstance();
    instance += 1;
    isOver = false;
    beginInstance();
    const runs = [...underWay];
    underWay.clear();
    for (const [run, settle] of runs) settle(run === blamed ? "blamed" : "again");
  });
}

/**
 * Runs a request until an instance lives long enough to answer it. Every request does so in its own call, because the
 * platform ties what a request does to that request.
 */
export async function outlive(start: (run: number) => Promise<Response>, failed: () => Response): Promise<Response> {
  for (let runs = 1; ; runs += 1) {
    const run = (lastRun = (lastRun + 1) >>> 0 || 1);
    const verdict = new Promise<Verdict>((resolve) => underWay.set(run, resolve));
    const outcome = await Promise.race([attempt(start, run), verdict]).finally(() => underWay.delete(run));
    if (outcome === "blamed" || (outcome === "again" && runs === MAX_RUNS)) return failed();
    if (outcome !== "again") return outcome;
  }
}

/** A failure that comes of the instance's end is no outcome: the verdict is. */
async function attempt(start: (run: number) => Promise<Response>, run: number): Promise<Response> {
  const begunOn = instance;
  try {
    return await start(run);
  } catch (error) {
    if (isOver || instance !== begunOn) return new Promise(() => {});
    throw error;
  }
}
