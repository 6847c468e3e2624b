/**
 * Of several questions for the same place, only the newest may be answered.
 */
import { SePayError } from "../../src/js/npm/src/edge.ts";
import type { ErrorCode } from "../../src/js/npm/src/edge.ts";

/** What became of a question. */
export type Outcome<T> = { answer: T } | { problem: SePayError };

/** Runs one question at a time; a newer one stops the older. */
export class Latest {
  #running: AbortController | null = null;

  /** Asks, and gives null when a newer question or `stop` came in between. */
  async ask<T>(question: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T> | null> {
    this.stop();
    const mine = new AbortController();
    this.#running = mine;
    const outcome = await outcomeOf(question(mine.signal));
    if (mine.signal.aborted) return null;
    this.#running = null;
    return outcome;
  }

  /** Drops the question that is under way, if any. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }
}

async function outcomeOf<T>(asked: Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await asked };
  } catch (error) {
    if (error instanceof SePayError) return { problem: error };
    // A fault of the page's own, which has no code in the client.
    return { problem: new SePayError({ code: "page_error" as ErrorCode, message: String(error) }) };
  }
}
