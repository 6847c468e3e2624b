/** Counts what happens during a load. Decides nothing but what is an error. */

import type { Sent } from "./connection.ts";
import type { Answered, Collector, Fault, LoadReport } from "./plan.ts";
import { headerIn } from "./reader.ts";
import type { RawAnswer } from "./reader.ts";
import { Samples } from "./samples.ts";

/** The counts of one load. */
export class Ledger {
  readonly #collector: Collector | null;
  readonly #latency = new Samples();
  readonly #lag = new Samples();
  readonly #statuses: Record<string, number> = {};
  readonly #faults: Partial<Record<Fault, number>> = {};
  #startMs = 0;
  #firstSentMs = 0;
  #lastSentMs = 0;
  #lastAnswerMs = 0;
  #sent = 0;
  #answered = 0;
  #good = 0;
  #unsent = 0;
  #bodyBytes = 0;

  constructor(collector: Collector | null) {
    this.#collector = collector;
  }

  start(atMs: number): void {
    this.#startMs = atMs;
    this.#lastAnswerMs = atMs;
  }

  sent(dueMs: number, atMs: number): void {
    if (this.#sent === 0) this.#firstSentMs = atMs;
    this.#lastSentMs = atMs;
    this.#sent += 1;
    this.#lag.add(atMs - dueMs);
  }

  answered(sent: Sent, answer: RawAnswer, atMs: number): void {
    const { status, head, bodyStart } = answer;
    this.#answered += 1;
    this.#lastAnswerMs = atMs;
    this.#bodyBytes += answer.bodyBytes;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (isGood(status)) {
      this.#good += 1;
      this.#latency.add(atMs - sent.dueMs);
    }
    const header = (name: string): string | undefined => headerIn(head, name);
    const seen: Answered = { question: sent.question, status, header, bodyStart, dueMs: sent.dueMs, doneMs: atMs };
    this.#collector?.answered(seen);
  }

  failed(sent: Sent, fault: Fault, atMs: number): void {
    this.broken(fault);
    this.#latency.add(atMs - sent.dueMs);
  }

  unsent(dueMs: number, atMs: number): void {
    this.#unsent += 1;
    this.#latency.add(atMs - dueMs);
  }

  broken(fault: Fault): void {
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  report(): LoadReport {
    const perSecond = (count: number, fromMs: number, toMs: number): number => (toMs > fromMs ? (1000 * count) / (toMs - fromMs) : 0);
    const faults = Object.values(this.#faults).reduce((sum, count) => sum + count, 0);
    return {
      sent: this.#sent,
      answered: this.#answered,
      good: this.#good,
      unsent: this.#unsent,
      statuses: this.#statuses,
      faults: this.#faults,
      errors: faults + this.#unsent + this.#answered - this.#good,
      latencyMs: this.#latency.distribution(),
      lagMs: this.#lag.distribution(),
      sentPerSecond: perSecond(this.#sent - 1, this.#firstSentMs, this.#lastSentMs),
      goodPerSecond: perSecond(this.#good, this.#startMs, this.#lastAnswerMs),
      answeredPerSecond: perSecond(this.#answered, this.#startMs, this.#lastAnswerMs),
      bodyBytes: this.#bodyBytes,
      collected: this.#collector?.result() ?? null,
    };
  }
}

function isGood(status: number): boolean {
  return status < 300 || status === 304;
}
