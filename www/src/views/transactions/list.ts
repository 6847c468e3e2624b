/**
 * The rows of the view: SePay's answer to what the filters ask, together with the live rows that belong to it. Asks when the
 * question changes, when live rows show that some may be missing, and when told to.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer } from "../../api.ts";
import { dayAt } from "../../days.ts";
import type { Transaction } from "../../model.ts";
import { nowMs } from "../../parts/now.ts";
import { hasGap, merged, unknownIn } from "../../state/ledger.ts";
import type { Source, Trouble } from "../../state/source.ts";
import type { Store } from "../../state/store.ts";
import { numberOf } from "./account-number.ts";
import type { Filters } from "./filters.ts";
import { askedBy, isSearched, questionOf, restOf } from "./question.ts";
import type { Question } from "./question.ts";

/** Rows asked for at first, and SePay's own limit. */
export const FIRST_ROWS = 500;
export const MOST_ROWS = 5000;

const FRESH_SECS = 1;
const NEW_FOR_MS = 5000;

/** An answer, what it answers, and how many rows it could have had. */
interface Cut extends Answer<Transaction> {
  key: string | null;
  limit: number;
}

/** How far the list reaches. */
export interface Coverage {
  isComplete: boolean;
  /** Whether SePay has answered; until then only live rows are there. */
  isAnswered: boolean;
  /** Whether asking for more rows would bring more. */
  canLoadMore: boolean;
  /** Rows that were looked through, and the time of the oldest of them. */
  loaded: number;
  since: string | null;
  /** Whether filters were applied to these rows only. */
  isSearched: boolean;
}

/** Made when the view opens, ended when it closes. */
export class TransactionList {
  readonly #store: Store;
  readonly #filters: ReadonlySignal<Filters>;
  readonly #source: Source<Cut>;
  readonly #limit = signal(FIRST_ROWS);
  readonly #fresh = signal<ReadonlySet<string>>(new Set());
  readonly #today = computed(() => dayAt(nowMs.value));
  /* The same object while the question is the same, so that a letter typed asks nothing. */
  readonly #key = computed(() => {
    const question = this.#questionNow();
    return question && JSON.stringify(question);
  });
  readonly #question = computed(() => {
    const key = this.#key.value;
    return key === null ? null : (JSON.parse(key) as Question);
  });
  readonly #joining = computed(() => {
    const question = this.#question.value;
    return question ? this.#store.live.rows.value.filter(askedBy(question)) : [];
  });
  /* null while the question was not answered. */
  readonly #answer = computed(() => {
    const answer = this.#source.shown.value?.value;
    return answer && answer.key === this.#key.value ? answer : null;
  });
  readonly #loaded = computed(() => merged(this.#answer.value?.rows ?? [], this.#joining.value));
  readonly #rows = computed(() => this.#loaded.value.filter(restOf(this.#filters.value)));
  #freshTimer: ReturnType<typeof setTimeout> | undefined;
  #mendedFor = "";

  constructor(store: Store, filters: ReadonlySignal<Filters>) {
    this.#store = store;
    this.#filters = filters;
    this.#source = store.source(async (asking) => {
      const [key, limit] = [this.#key.peek(), this.#limit.peek()];
      const answer = await store.api.transactions({ ...this.#question.peek(), limit }, asking);
      return { ...answer, rows: merged([], answer.rows), key, limit };
    });
  }

  /** All rows that fit the filters, newest first. */
  get rows(): ReadonlySignal<Transaction[]> {
    return this.#rows;
  }

  /** The ids of rows that came just now. */
  get fresh(): ReadonlySignal<ReadonlySet<string>> {
    return this.#fresh;
  }

  /** The day in Vietnam. */
  get today(): ReadonlySignal<string> {
    return this.#today;
  }

  /** Why the list could not be asked for. */
  get trouble(): ReadonlySignal<Trouble | null> {
    return this.#source.trouble;
  }

  /** Whether an answer is on its way, or will be. */
  readonly isLoading: ReadonlySignal<boolean> = computed(
    () => this.#source.loading.value || (this.#answer.value === null && this.#source.trouble.value === null),
  );

  /** How far the list reaches. */
  readonly coverage: ReadonlySignal<Coverage> = computed(() => {
    const answer = this.#answer.value;
    const loaded = this.#loaded.value;
    const question = this.#question.value;
    return {
      isComplete: answer ? answer.complete : this.#store.live.isComplete.value,
      isAnswered: answer !== null,
      canLoadMore: answer !== null && !answer.complete && answer.limit < MOST_ROWS,
      loaded: loaded.length,
      since: loaded.at(-1)?.occurredAt ?? null,
      isSearched: question !== null && isSearched(this.#filters.value, question),
    };
  });

  /** Begins to follow the filters and the live rows. The function given back ends that. */
  start(): () => void {
    const ends = [
      effect(() => {
        if (this.#key.value !== null) untracked(() => this.#begin());
      }),
      effect(() => this.#mend()),
      this.#store.live.rows.subscribe(this.#marker()),
    ];
    return () => {
      for (const end of ends) end();
      clearTimeout(this.#freshTimer);
      this.#source.clear();
    };
  }

  /** Asks for as many rows as SePay gives. */
  loadMore(): void {
    if (!this.coverage.peek().canLoadMore || this.#source.loading.peek()) return;
    this.#limit.value = MOST_ROWS;
    void this.#source.load();
  }

  /** Asks again. */
  retry(): void {
    void this.#source.load();
  }

  #begin(): void {
    this.#limit.value = FIRST_ROWS;
    void this.#source.load();
  }

  /* Once for the same live rows: an answer without them will not have them the second time either. */
  #mend(): void {
    const answer = this.#answer.value;
    const rows = this.#joining.value;
    const newest = rows[0]?.id;
    if (!answer || newest === undefined || newest === this.#mendedFor) return;
    if (!hasGap(answer.rows, { rows, complete: this.#store.live.isComplete.value })) return;
    this.#mendedFor = newest;
    void untracked(() => this.#source.load({ maxAgeSecs: FRESH_SECS }));
  }

  /* Marks what comes after the first live rows. */
  #marker(): (rows: readonly Transaction[]) => void {
    let known: readonly Transaction[] = [];
    return (rows) => {
      const added = known.length === 0 ? [] : unknownIn(known, rows);
      known = rows;
      if (added.length === 0) return;
      this.#fresh.value = new Set([...this.#fresh.peek(), ...added.map(({ id }) => id)]);
      clearTimeout(this.#freshTimer);
      this.#freshTimer = setTimeout(() => (this.#fresh.value = new Set()), NEW_FOR_MS);
    };
  }

  #questionNow(): Question | null {
    const filters = this.#filters.value;
    const accountNumber = filters.account === null ? null : numberOf(filters.account, this.#store);
    return accountNumber === undefined ? null : questionOf(filters, { today: this.#today.value, accountNumber });
  }
}
