/**
 * Carries out a load inside its thread. A request's time starts when it was due, so that a server that stalls is
 * charged for everybody who would have come in the meantime, not only for the few whose requests it held.
 */

import { nowMs } from "./clock.ts";
import { Connection, readBuffer } from "./connection.ts";
import type { Sent } from "./connection.ts";
import type { Collector, Fault, LoadPlan, LoadReport } from "./plan.ts";
import { Ledger } from "./ledger.ts";
import type { RawAnswer } from "./reader.ts";
import { draw, written } from "./requests.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_DRAIN_MS = 1_000;
const TIMEOUT_CHECK_MS = 50;
/** Timers are a millisecond or two late. So near to the next request it is waited for without one. */
const NEAR_MS = 2;
/** More at once than a listening queue holds would be dropped and tried again a second later. */
const OPENING_AT_ONCE = 128;
const DEFAULT_OPEN_WITHIN_MS = 30_000;

/** One load. */
export class Driver {
  readonly #plan: LoadPlan;
  readonly #ledger: Ledger;
  readonly #requests: readonly Buffer[];
  readonly #draw: (index: number) => number;
  readonly #connections: Connection[] = [];
  readonly #free: Connection[] = [];
  #startMs = 0;
  #next = 0;
  #phase: "opening" | "sending" | "over" = "opening";
  #opened = () => {};

  constructor(plan: LoadPlan, collector: Collector | null) {
    this.#plan = plan;
    this.#ledger = new Ledger(collector);
    this.#requests = plan.questions.map((question) => written(question, plan.origin));
    this.#draw = draw(plan);
  }

  /** Runs it. Rejects when the connections cannot be opened. */
  async run(): Promise<LoadReport> {
    await this.#open();
    this.#startMs = nowMs();
    this.#phase = "sending";
    this.#ledger.start(this.#startMs);
    this.#sendAll();
    await this.#untilOver();
    const { mode } = this.#plan;
    if (mode.kind === "open") {
      for (let index = this.#next; index < mode.count; index += 1) this.#ledger.unsent(this.#dueMs(index), nowMs());
    }
    for (const connection of this.#connections) connection.close();
    return this.#ledger.report();
  }

  async #open(): Promise<void> {
    const origin = new URL(this.#plan.origin);
    const buffer = readBuffer();
    const deadlineMs = nowMs() + (this.#plan.openWithinMs ?? DEFAULT_OPEN_WITHIN_MS);
    while (this.#free.length < this.#plan.connections) {
      const wanted = Math.min(this.#plan.connections, this.#free.length + OPENING_AT_ONCE);
      while (this.#connections.length < wanted) {
        const connection = new Connection(origin, this.#watcher, buffer);
        this.#connections.push(connection);
        connection.open();
      }
      await this.#untilFree(wanted, deadlineMs);
    }
  }

  #untilFree(wanted: number, deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const tooLong = `only ${this.#free.length} of ${this.#plan.connections} connections opened`;
      const timer = setTimeout(() => reject(new Error(tooLong)), deadlineMs - nowMs());
      this.#opened = () => {
        if (this.#free.length < wanted) return;
        clearTimeout(timer);
        resolve();
      };
      this.#opened();
    });
  }

  readonly #watcher = {
    ready: (connection: Connection): void => {
      this.#free.push(connection);
      if (this.#phase === "opening") this.#opened();
      else this.#sendDue(nowMs());
    },
    answered: (sent: Sent, answer: RawAnswer): void => this.#ledger.answered(sent, answer, nowMs()),
    failed: (sent: Sent, fault: Fault): void => this.#ledger.failed(sent, fault, nowMs()),
    broken: (fault: Fault): void => this.#ledger.broken(fault),
  };

  #sendAll(): void {
    const now = nowMs();
    this.#sendDue(now);
    if (this.#plan.mode.kind === "closed" || this.#next >= this.#plan.mode.count) return;
    const leftMs = this.#dueMs(this.#next) - now;
    if (this.#phase === "over") return;
    if (leftMs > NEAR_MS) setTimeout(() => this.#sendAll(), leftMs - NEAR_MS);
    // With all connections busy, the next that becomes free sends what is due.
    else if (this.#free.length === 0) setTimeout(() => this.#sendAll(), 1);
    else setImmediate(() => this.#sendAll());
  }

  #sendDue(now: number): void {
    while (this.#free.length > 0 && this.#phase === "sending" && this.#isDue(now)) {
      const connection = this.#free.shift();
      const dueMs = this.#plan.mode.kind === "open" ? this.#dueMs(this.#next) : now;
      const question = this.#draw(this.#next);
      const request = this.#requests[question];
      this.#next += 1;
      if (connection === undefined || request === undefined) throw new Error("a question that is not in the plan");
      this.#ledger.sent(dueMs, now);
      connection.send(request, { question, dueMs, sentMs: now });
    }
  }

  #isDue(now: number): boolean {
    const { mode } = this.#plan;
    if (mode.kind === "closed") return now < this.#startMs + mode.durationMs;
    return this.#next < mode.count && this.#dueMs(this.#next) <= now;
  }

  #dueMs(index: number): number {
    const { mode } = this.#plan;
    const rate = mode.kind === "open" ? mode.ratePerSecond : Number.POSITIVE_INFINITY;
    return this.#startMs + (index * 1000) / rate;
  }

  /** Waits until nothing more is to be sent and nothing is on its way. */
  #untilOver(): Promise<void> {
    const { mode, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#plan;
    const lastMs = mode.kind === "closed" ? this.#startMs + mode.durationMs : this.#dueMs(mode.count - 1) + (mode.drainMs ?? DEFAULT_DRAIN_MS);
    return new Promise((resolve) => {
      const check = (): void => {
        const now = nowMs();
        if (now >= lastMs || (mode.kind === "open" && this.#next >= mode.count)) this.#phase = "over";
        for (const connection of this.#connections) {
          if (connection.sent !== null && now - connection.sent.sentMs >= timeoutMs) connection.giveUp("timeout");
        }
        if (this.#phase !== "over" || this.#connections.some((connection) => connection.sent !== null)) return;
        clearInterval(timer);
        resolve();
      };
      const timer = setInterval(check, TIMEOUT_CHECK_MS);
    });
  }
}
