/**
 * The newest transactions, asked for at every beat: one small question for all views and tabs, whatever they show of it.
 */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer } from "../api.ts";
import { FRESH_SECS } from "../limits.ts";
import type { Transaction } from "../model.ts";
import { nextBeatMs, periodMs } from "./beat.ts";
import { hasGap, merged, unknownIn } from "./ledger.ts";
import { asOf } from "./source.ts";
import type { Source, Trouble } from "./source.ts";

/** Rows asked for at every beat, and those asked for at first and when the former no longer reach back to what is known. */
export const NEWEST_ROWS = 20;
export const RECENT_ROWS = 100;

/* Beyond these the list begins anew, in a tab that is open for weeks. */
const MOST_LIVE_ROWS = 5000;

/** What it asks, and what one answer costs. */
export interface LiveParts {
  newest: Source<Answer<Transaction>>;
  recent: Source<Answer<Transaction>>;
  /** Calls to SePay that one question takes. */
  calls: () => number;
  /** Hears of rows that were not there before. */
  onRows(rows: Transaction[]): void;
}

/** Asks at every beat while the page is seen. */
export class Live {
  readonly #parts: LiveParts;
  readonly #rows = signal<Transaction[]>([]);
  readonly #isComplete = signal(false);
  readonly #isAnswered = signal(false);
  readonly #generation = signal(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();
  #isRunning = false;
  #failures = 0;
  /* Whether others may have asked long before the first answer came. */
  #isLate = false;
  #watchers = 0;
  #touchedMs = Date.now();

  constructor(parts: LiveParts) {
    this.#parts = parts;
    // Until it is started, nothing asks, whoever watches.
    this.#stop.abort();
  }

  /** Every row seen so far, newest first: at least the newest hundred. A new list only when a row is added. */
  get rows(): ReadonlySignal<Transaction[]> {
    return this.#rows;
  }

  /** Whether these are all that the key may see. */
  get isComplete(): ReadonlySignal<boolean> {
    return this.#isComplete;
  }

  /** Whether there was an answer: what comes from then on is new. */
  get isAnswered(): ReadonlySignal<boolean> {
    return this.#isAnswered;
  }

  /**
   * Raised when the list began anew, or late, because rows may be missing before it: who has asked for rows up to it has to
   * ask for them again.
   */
  get generation(): ReadonlySignal<number> {
    return this.#generation;
  }

  /** What keeps the newest rows from being told; null: nothing. */
  readonly trouble = computed<Trouble | null>(() => this.#parts.newest.trouble.value ?? this.#parts.recent.trouble.value);

  /** Whether the newest rows come from SePay, not from the gate's memory only. */
  readonly isFollowing = computed<boolean>(() => this.trouble.value === null && !this.#last.value.shown.value?.value.stale);

  /** When SePay was asked for the newest rows, milliseconds since the Unix epoch; null: never yet. */
  readonly asOfMs = computed<number | null>(() => asOf(this.#last.value));

  /* The source that had the last answer. */
  readonly #last = computed(() => {
    const { newest, recent } = this.#parts;
    return (newest.shown.value?.atMs ?? 0) >= (recent.shown.value?.atMs ?? 0) ? newest : recent;
  });

  /** Begins to ask, now and at every beat. */
  start(): void {
    const { signal } = (this.#stop = new AbortController());
    for (const event of ["pointerdown", "keydown"]) {
      addEventListener(event, () => this.#touched(), { signal, passive: true });
    }
    addEventListener("online", () => this.#anew(), { signal });
    addEventListener("offline", () => this.#again(), { signal });
    document.addEventListener("visibilitychange", () => this.#again(), { signal });
    void this.#begin();
  }

  /** Ends it. */
  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  /** Says that a payment is waited for: the page then asks even when nobody sees it. The function given back ends that. */
  watch(): () => void {
    this.#watchers += 1;
    this.#again();
    return () => {
      this.#watchers -= 1;
    };
  }

  /** Asks for what is newest now. */
  async refresh(): Promise<void> {
    if (await this.#reach({ maxAgeSecs: FRESH_SECS })) this.#anew();
    else this.#again();
  }

  async #begin(): Promise<void> {
    // No beat overtakes it.
    this.#isRunning = true;
    this.#isLate = !(await this.#reach({}));
    this.#isRunning = false;
    if (this.#isLate) this.#failures += 1;
    this.#schedule();
  }

  /* Asks for enough rows to reach back to what is known, or to begin anew; gives whether they came. */
  async #reach(options: { maxAgeSecs?: number }): Promise<boolean> {
    if (Date.now() < this.#pausedUntilMs) return false;
    const answer = await this.#parts.recent.load(options);
    if (answer) this.#take(answer, hasGap(this.#rows.peek(), answer));
    return answer !== null;
  }

  /* Both ask the same of SePay: the time that either was told holds for both. */
  get #pausedUntilMs(): number {
    return Math.max(this.#parts.newest.pausedUntilMs, this.#parts.recent.pausedUntilMs);
  }

  get #isTroubled(): boolean {
    return this.trouble.peek() !== null;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    const beatMs = periodMs({
      calls: this.#parts.calls(),
      failures: this.#failures,
      idleMs: Date.now() - this.#touchedMs,
      isHidden: document.visibilityState === "hidden",
      isWatching: this.#watchers > 0,
    });
    if (beatMs === null || !navigator.onLine) return;
    const nowMs = Date.now();
    const atMs = nextBeatMs(nowMs, beatMs, this.#pausedUntilMs);
    this.#timer = setTimeout(() => void this.#ask(), atMs - nowMs);
  }

  async #ask(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // After a failure an older answer is better than another failure.
    const isAnswered = await this.#look(this.#failures > 0 ? {} : { maxAgeSecs: FRESH_SECS });
    if (!isAnswered) this.#failures += 1;
    else if (!this.#isTroubled) this.#failures = 0;
    this.#isRunning = false;
    this.#schedule();
  }

  async #look(options: { maxAgeSecs?: number }): Promise<boolean> {
    const { newest, recent } = this.#parts;
    // What could not be reached is still missing, whatever is newest.
    if (recent.trouble.peek() !== null) return this.#reach(options);
    const answer = await newest.load(options);
    if (answer === null) return false;
    if (hasGap(this.#rows.peek(), answer)) return this.#reach(options);
    this.#take(answer, false);
    return true;
  }

  /* `isAnew`: nothing that was known is of use, because rows between may be missing. */
  #take({ rows, complete }: Answer<Transaction>, isAnew: boolean): void {
    if (this.#stop.signal.aborted) return;
    const known = this.#rows.peek();
    const added = unknownIn(known, rows);
    const wasAnswered = this.#isAnswered.peek();
    const all = merged(isAnew ? [] : known, rows);
    const isFull = all.length > MOST_LIVE_ROWS;
    batch(() => {
      this.#rows.value = isFull ? all.slice(0, RECENT_ROWS) : all;
      this.#isComplete.value = complete || (this.#isComplete.peek() && !isAnew && !isFull);
      this.#isAnswered.value = true;
      if ((isAnew && (known.length > 0 || this.#isLate)) || isFull) this.#generation.value += 1;
    });
    if (wasAnswered && added.length > 0) this.#parts.onRows(added);
  }

  #touched(): void {
    const wasIdle = Date.now() - this.#touchedMs > 60_000;
    this.#touchedMs = Date.now();
    if (wasIdle) this.#again();
  }

  /* What failed before says nothing about now. */
  #anew(): void {
    this.#failures = 0;
    this.#again();
  }

  #again(): void {
    if (!this.#isRunning) this.#schedule();
  }
}
