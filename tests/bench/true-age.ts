/**
 * How old answers really were, whatever their headers say. Transactions are added to the sandbox all the time; the newest
 * id in an answer tells which of the requests in the sandbox's log it comes from, and that one's arrival is when what it
 * shows was true.
 */

import type { Sandbox } from "../sandbox/server.ts";
import type { StateSeen } from "./collectors/ages.ts";
import { nowMs } from "./generator/clock.ts";

/** Two requests for one question within this time look the same. SePay allows no more than a few a second. */
const ADD_EVERY_MS = 50;

/** Later than every seeded row, and the same for all, so that the newest id comes first whatever the day is. */
const OCCURRED_AT = "2099-01-01 00:00:00";

interface Added {
  readonly id: number;
  readonly atMs: number;
}

/** Ages in milliseconds, over all answers whose source was found. */
export interface TrueAges {
  readonly answers: number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** Answers whose source is no longer in the log. */
  readonly unknown: number;
}

/** Transactions that come in all the time. */
export class Growth {
  readonly #sandbox: Sandbox;
  readonly #added: Added[];
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.#added = [{ id: sandbox.data().transactions.at(-1)?.id ?? 0, atMs: Number.NEGATIVE_INFINITY }];
    const account = sandbox.data().accounts[0];
    if (account === undefined) throw new Error("the sandbox has no account");
    const row = { accountNumber: account.number, amountIn: 1, content: "bench", occurredAt: OCCURRED_AT };
    this.#timer = setInterval(() => {
      this.#added.push({ atMs: nowMs(), id: sandbox.addTransaction(row).id });
    }, ADD_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The ages of what was seen; `limits` are the questions' limits, by which the log tells them apart. */
  ages(states: readonly StateSeen[], limits: readonly number[]): TrueAges {
    const readAt = this.#readAt();
    let [answers, sumMs, maxMs, unknown] = [0, 0, 0, 0];
    for (const { question, newestId, count, sumDoneMs, lastDoneMs } of states) {
      const atMs = readAt.get(`${limits[question]} ${newestId}`);
      if (atMs === undefined) {
        unknown += count;
        continue;
      }
      answers += count;
      sumMs += sumDoneMs - count * atMs;
      maxMs = Math.max(maxMs, lastDoneMs - atMs);
    }
    return { answers, meanMs: answers === 0 ? 0 : sumMs / answers, maxMs, unknown };
  }

  /** When the state with this newest id was read for the question with this limit, for the last time. */
  #readAt(): Map<string, number> {
    const readAt = new Map<string, number>();
    let index = 0;
    for (const { atMs, target, httpStatus } of this.#sandbox.requests()) {
      while ((this.#added[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) index += 1;
      const limit = /[?&]limit=(\d+)/.exec(target)?.[1];
      if (httpStatus === 200 && limit !== undefined) readAt.set(`${limit} ${this.#added[index]?.id}`, atMs);
    }
    return readAt;
  }
}
