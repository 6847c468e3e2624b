/**
 * Time that passes when nothing else is to be done: `performance.now`, `setTimeout` and `clearTimeout` of this process
 * are replaced, so that hours of waiting take none. Must be installed before anything takes the real ones.
 */

import { setImmediate as immediate } from "node:timers/promises";

/** A timer that is set. */
interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** The replaced clock. */
export class VirtualClock {
  #nowMs = 0;
  #nextId = 1;
  readonly #timers = new Map<number, Timer>();

  /** Replaces the process's clock and timers. */
  install(): this {
    performance.now = () => this.#nowMs;
    globalThis.setTimeout = ((run: () => void, ms = 0): number => this.set(run, ms)) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((id: number | undefined): void => void (id !== undefined && this.#timers.delete(id))) as typeof clearTimeout;
    return this;
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  set(run: () => void, ms: number): number {
    const id = this.#nextId++;
    this.#timers.set(id, { atMs: this.#nowMs + Math.max(0, ms), run });
    return id;
  }

  /** Resolves after so many virtual milliseconds. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.set(resolve, ms));
  }

  /** Lets time pass until the work is over, and resolves or rejects as it does. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = work.finally(() => (isOver = true));
    end.catch(() => undefined);
    while (!isOver) {
      // All that is due without waiting happens first.
      await immediate();
      if (!isOver) this.#passToNext();
    }
    return end;
  }

  #passToNext(): void {
    let nextId: number | undefined;
    let next: Timer | undefined;
    for (const [id, timer] of this.#timers) if (next === undefined || timer.atMs < next.atMs) [nextId, next] = [id, timer];
    if (nextId === undefined || next === undefined) return;
    this.#timers.delete(nextId);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.run();
  }
}
