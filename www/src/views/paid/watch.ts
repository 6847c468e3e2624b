/**
 * The transactions in which an order is looked for: one question for those of the past, and then what the shared live
 * question brings. It asks anew only when that question no longer reaches back to what is known, or when asking failed.
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

const FIRST_RETRY_MS = 5000;
const MAX_DOUBLINGS = 4;

/** Collects the rows for one account, or for all. */
export class Watch {
  /** The question for the past. */
  readonly past: Source<Answer<Transaction>>;
  readonly #store: Store;
  readonly #rows = signal<Transaction[]>([]);
  readonly #limit = signal(FIRST_ROWS);
  #followed: Transaction[] = [];
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

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
    const unwatch = live.watch();
    const unfollow = effect(() => {
      const rows = live.rows.value;
      untracked(() => this.#follow(rows));
    });
    void this.reach();
    return () => {
      this.#isStopped = true;
      clearTimeout(this.#timer);
      unfollow();
      unwatch();
      this.past.clear();
    };
  }

  /** Asks for the past, for more of it when told so. */
  async reach(limit = this.#limit.peek()): Promise<void> {
    clearTimeout(this.#timer);
    this.#limit.value = limit;
    const answer = await this.past.load();
    if (this.#isStopped) return;
    if (answer === null) return this.#askLater();
    this.#failures = 0;
    this.#rows.value = merged(this.#rows.peek(), answer.rows);
  }

  #follow(rows: Transaction[]): void {
    const isApart = this.#followed.length > 0 && hasGap(this.#followed, { rows, complete: this.#store.live.isComplete.peek() });
    this.#followed = rows;
    this.#rows.value = merged(this.#rows.peek(), rows);
    if (isApart) void this.reach();
  }

  /* Not before the time that a refusal named. */
  #askLater(): void {
    if (this.past.loading.peek()) return;
    const waitMs = FIRST_RETRY_MS * 2 ** Math.min(this.#failures, MAX_DOUBLINGS);
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.reach(), Math.max(waitMs, this.past.pausedUntilMs - Date.now()));
  }
}
