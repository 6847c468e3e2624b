/**
 * The transactions in which an order is looked for: one question for those of the past, and then what the shared live
 * question brings. It asks anew when that one no longer reaches back to what is known, when an answer was old, and after
 * what may pass, whether somebody sees the page or not.
 */
import { batch, effect, signal, untracked } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer, Asking } from "../../api.ts";
import { FRESH_SECS } from "../../limits.ts";
import type { Transaction } from "../../model.ts";
import { areApart, hasGap, merged } from "../../state/ledger.ts";
import { mayPass } from "../../state/source.ts";
import type { Source } from "../../state/source.ts";
import type { Store } from "../../state/store.ts";

/** Rows asked for at first; more when a person wants them. */
export const FIRST_ROWS = 500;

/* An answer from memory may be ten seconds old, and would leave a gap open. */
const FRESH = { maxAgeSecs: FRESH_SECS };
const SHORTEST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/* In this time no shop has as many payments as a live answer has rows. */
const LATE_MS = 10_000;

/** What of a store it needs. */
export type Shop = Pick<Store, "source"> & {
  live: Pick<Store["live"], "rows" | "isComplete" | "watch">;
  api: Pick<Store["api"], "transactions">;
};

/** An answer, and how many rows it could have had. */
interface Past extends Answer<Transaction> {
  limit: number;
}

/** Collects the rows for one account, or for all. */
export class Watch {
  /** The question for the past. */
  readonly past: Source<Past>;
  readonly #live: Shop["live"];
  readonly #account: string | null;
  readonly #rows = signal<Transaction[]>([]);
  readonly #isWhole = signal(false);
  readonly #hasFailed = signal(false);
  #followed: Transaction[] = [];
  #again: ReturnType<typeof setTimeout> | undefined;
  /* Of several searches the newest counts. */
  #searches = 0;
  #failures = 0;
  #limit = FIRST_ROWS;

  /** `account` is an account's number; null: all. */
  constructor(shop: Shop, account: string | null) {
    this.#live = shop.live;
    this.#account = account;
    const narrow = account === null ? {} : { account };
    const question = async (asking: Asking) => {
      const limit = this.#limit;
      return { ...(await shop.api.transactions({ ...narrow, limit }, asking)), limit };
    };
    // A source stops asking when another tab is before this one. Whoever waits for money has to know all the same.
    this.past = shop.source(question, false);
  }

  /** Every row seen so far, newest first. */
  get rows(): ReadonlySignal<Transaction[]> {
    return this.#rows;
  }

  /** Whether no row between the oldest one and now is missing. */
  get isWhole(): ReadonlySignal<boolean> {
    return this.#isWhole;
  }

  /** Whether the last search did not make it whole. */
  get hasFailed(): ReadonlySignal<boolean> {
    return this.#hasFailed;
  }

  /** Begins; the function given back ends it, and empties what it keeps. */
  start(): () => void {
    const ends = [
      this.#live.watch(),
      effect(() => {
        const rows = this.#live.rows.value;
        untracked(() => this.#follow(rows));
      }),
      () => this.#end(),
    ];
    void this.#search({});
    return () => ends.forEach((end) => end());
  }

  /** Asks for the past again; for more of it when told so. Settles with the answer. */
  async reach(limit = this.#limit): Promise<void> {
    this.#limit = limit;
    this.#failures = 0;
    await this.#search({});
  }

  #end(): void {
    clearTimeout(this.#again);
    this.#searches += 1;
    this.past.clear();
    batch(() => {
      this.#isWhole.value = false;
      this.#rows.value = this.#followed = [];
    });
  }

  #follow(rows: Transaction[]): void {
    const newest = { rows, complete: this.#live.isComplete.peek() };
    const isGap = this.#followed.length > 0 ? hasGap(this.#followed, newest) : this.#beginsApart(rows);
    this.#followed = rows;
    batch(() => {
      this.#take(rows);
      if (isGap) this.#isWhole.value = false;
    });
    if (isGap) void this.#search(FRESH);
  }

  /* The first live rows may come long after the past was told. */
  #beginsApart(live: readonly Transaction[]): boolean {
    const past = this.past.shown.peek();
    if (past === null || !this.#isWhole.peek()) return false;
    const isOld = Date.now() - past.atMs > LATE_MS;
    const meeting = this.#meeting(past.value.rows, live);
    return meeting === "apart" || (meeting === "unknown" && isOld);
  }

  async #search(options: Omit<Asking, "signal">): Promise<void> {
    clearTimeout(this.#again);
    const mine = (this.#searches += 1);
    const answer = await this.past.load(options);
    if (mine !== this.#searches) return;
    if (answer !== null) this.#found(answer, options === FRESH);
    if (answer?.stale === false && this.#isWhole.peek()) return;
    // An answer from memory that ends before the live rows begin: nothing has failed, and one of this second has them.
    if (answer?.stale === false && options !== FRESH) return this.#search(FRESH);
    this.#failures += 1;
    this.#hasFailed.value = !this.#isWhole.peek();
    const error = this.past.trouble.peek()?.error;
    if (error === undefined || mayPass(error)) this.#searchLater();
  }

  /* An old answer will do where it reaches up to the live rows; one of this second needs none. */
  #found({ rows, stale }: Answer<Transaction>, isFresh: boolean): void {
    const meeting = this.#meeting(rows, this.#followed);
    const isEnough = stale === false ? isFresh || meeting !== "apart" : meeting === "joined";
    batch(() => {
      this.#take(rows);
      if (isEnough) this.#isWhole.value = true;
      if (isEnough) this.#hasFailed.value = false;
    });
    if (stale === false && isEnough) this.#failures = 0;
  }

  /* Whether an answer and the live rows are one list without a gap; "unknown": there is no live row of this account. */
  #meeting(answered: readonly Transaction[], live: readonly Transaction[]): "joined" | "apart" | "unknown" {
    const complete = this.#live.isComplete.peek();
    const rows = this.#account === null ? live : live.filter(({ accountNumber }) => accountNumber === this.#account);
    if (rows.length === 0 && !complete) return "unknown";
    return areApart(answered, { rows, complete }) ? "apart" : "joined";
  }

  /* Not before the pause is over that a refusal asked for. Once the key is signed out, that is never. */
  #searchLater(): void {
    const waitMs = Math.min(SHORTEST_WAIT_MS * 2 ** (this.#failures - 1), LONGEST_WAIT_MS);
    const leftMs = Math.max(waitMs, this.past.pausedUntilMs - Date.now());
    if (leftMs !== Infinity) this.#again = setTimeout(() => this.#searchWhenOnline(), leftMs);
  }

  #searchWhenOnline(): void {
    if (navigator.onLine !== false) return void this.#search(FRESH);
    this.#again = setTimeout(() => this.#searchWhenOnline(), SHORTEST_WAIT_MS);
  }

  #take(rows: readonly Transaction[]): void {
    this.#rows.value = merged(this.#rows.peek(), rows);
  }
}
