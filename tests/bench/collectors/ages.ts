/**
 * What the answers to lists say about their age and how they were served. The newest row's id tells which state of SePay
 * an answer shows; when that state was read is looked up afterwards, in the sandbox's own log.
 */

import type { Answered, Collector } from "../generator/plan.ts";

/** Good answers that show one state: which question, the newest id (0 for none), how many, and when they were complete. */
export interface StateSeen {
  readonly question: number;
  readonly newestId: number;
  count: number;
  sumDoneMs: number;
  lastDoneMs: number;
}

/** The sums. */
export interface AgesSeen {
  good: number;
  /** How many came within 10 ms of when they were due. */
  within10Ms: number;
  /** How many say `hit` in `Cache-Status`, and how many have that header. */
  hits: number;
  withCacheStatus: number;
  /** Of the header `Age`, in seconds. */
  withAge: number;
  sumAgeSeconds: number;
  readonly states: StateSeen[];
}

class Ages implements Collector {
  readonly #states = new Map<string, StateSeen>();
  readonly #seen = { good: 0, within10Ms: 0, hits: 0, withCacheStatus: 0, withAge: 0, sumAgeSeconds: 0 };

  answered({ question, status, header, bodyStart, dueMs, doneMs }: Answered): void {
    if (status !== 200) return;
    const seen = this.#seen;
    seen.good += 1;
    if (doneMs - dueMs <= 10) seen.within10Ms += 1;
    const [age, cacheStatus] = [header("age"), header("cache-status")];
    if (cacheStatus !== undefined) seen.withCacheStatus += 1;
    if (cacheStatus !== undefined && isHit(cacheStatus)) seen.hits += 1;
    if (age !== undefined) seen.withAge += 1;
    seen.sumAgeSeconds += Number(age ?? 0);
    this.#note(question, Number(/^\{"data":\[\{"id":"(\d+)"/.exec(bodyStart)?.[1] ?? 0), doneMs);
  }

  #note(question: number, newestId: number, doneMs: number): void {
    const key = `${question} ${newestId}`;
    const state = this.#states.get(key) ?? { question, newestId, count: 0, sumDoneMs: 0, lastDoneMs: 0 };
    state.count += 1;
    state.sumDoneMs += doneMs;
    state.lastDoneMs = Math.max(state.lastDoneMs, doneMs);
    this.#states.set(key, state);
  }

  result(): AgesSeen {
    return { ...this.#seen, states: [...this.#states.values()] };
  }
}

/** RFC 9211: one entry for each cache; `hit` is a parameter of it. */
function isHit(cacheStatus: string): boolean {
  return cacheStatus.split(",").some((entry) => entry.split(";").slice(1).some((parameter) => parameter.trim() === "hit"));
}

export default (): Collector => new Ages();

/** What to write into a plan. */
export const AGES = { module: import.meta.url };
