/**
 * The transactions in which an order is looked for: one question for those of the past, and then what the shared live
 * question brings. It asks anew only when that one no longer reaches back to what is known.
 */
import { effect, signal, untracked } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer } from "../../api.ts";
import type { Transaction } from "../../model.ts";
import { hasGap, merged } from "../../state/ledger.ts";
import type { Source } from "../../state/source.ts";
import type { Store } from "../../state/store.ts";

/** Rows asked for at first, and when a person wants more: all that SePay gives. */
export const FIRST_ROWS = 500;
export const MOST_ROWS = 5000;

/** Collects the rows for one account, or for all. */
export class Watch {
  /** The question for the past. */
  readonly past: Source<Answer<Transaction>>;
  readonly #store: Store;
  readonly #rows = signal<Transaction[]>([]);
  readonly #limit = signal(FIRST_ROWS);
  #followed: Transaction[] = [];

  /** `account` is an account's number; null: all. */
  constructor(store: Store, account: string | null) {
    this.#store = store;
    const narrow = account === null ? {} : { account };
    this.past = store.source((asking) => store.api.transactions({ ...narrow, limit: this.#limit.peek() }, asking));
  }

  /** Every row seen so far, newest first. */
  get rows(): ReadonlySignal<Transaction[]> {
    return this.#rows;
  }

  /** How many rows of the past are asked for. */
  get limit(): ReadonlySignal<number> {
    return this.#limit;
  }

  /** Begins; the function given back ends it. */
  start(): () => void {
    const { live } = this.#store;
    const ends = [
      live.watch(),
      effect(() => {
        const rows = live.rows.value;
        untracked(() => this.#follow(rows));
      }),
      effect(() => {
        const shown = this.past.shown.value;
        if (shown) untracked(() => this.#take(shown.value.rows));
      }),
      () => this.past.clear(),
    ];
    void this.past.load();
    return () => ends.forEach((end) => end());
  }

  /** Asks for the past again; for more of it when told so. */
  reach(limit = this.#limit.peek()): void {
    this.#limit.value = limit;
    void this.past.load();
  }

  #follow(rows: Transaction[]): void {
    const newest = { rows, complete: this.#store.live.isComplete.peek() };
    const isApart = this.#followed.length > 0 && hasGap(this.#followed, newest);
    this.#followed = rows;
    this.#take(rows);
    if (isApart) this.reach();
  }

  #take(rows: readonly Transaction[]): void {
    this.#rows.value = merged(this.#rows.peek(), rows);
  }
}
