/**
 * The rows of the view: SePay's answer to what the filters ask, together with the live rows that belong to it. Asks when the
 * question changes, when rows may be missing between the two, when the answer was an old one, and when told to.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer } from "../../api.ts";
import { dayAt } from "../../days.ts";
import { FRESH_SECS, MOST_ROWS } from "../../limits.ts";
import type { Transaction } from "../../model.ts";
import { nowMs } from "../../parts/now.ts";
import { areApart, merged, unknownIn } from "../../state/ledger.ts";
import { renewStale } from "../../state/renew.ts";
import type { Source, Trouble } from "../../state/source.ts";
import type { Store } from "../../state/store.ts";
import { numberOf } from "./account-number.ts";
import type { Filters } from "./filters.ts";
import { askedBy, isBlind, isSearched, questionOf, restOf } from "./question.ts";
import type { Question } from "./question.ts";

/** Rows asked for at first. */
export const FIRST_ROWS = 500;

const NEW_FOR_MS = 5000;
/* What the gate serves without a word, as every view does. */
const ORDINARY_AGE_SECS = 10;

/** An answer, what it answers, how many rows it could have had, and which of the live lists it was asked beside. */
interface Cut extends Answer<Transaction> {
  key: string | null;
  limit: number;
  generation: number;
}

/** How far the list reaches. */
export interface Coverage {
  isComplete: boolean;
  /** Whether rows may be missing between the answer and the live rows, until SePay has been asked again. */
  isBehind: boolean;
  /** Whether it cannot be told which rows are of the account that is wanted. */
  isBlind: boolean;
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
  readonly #rows = computed(() => {
    const question = this.#question.value;
    return question ? this.#loaded.value.filter(restOf(this.#filters.value, question)) : [];
  });
  /* The live list that went on from the answer is gone, and with it the rows that only that one had. */
  readonly #isCutOff = computed(() => {
    const answer = this.#answer.value;
    return answer !== null && answer.generation !== this.#store.live.generation.value;
  });
  readonly #freshTimers = new Set<ReturnType<typeof setTimeout>>();
  #mendedFor = "";

  constructor(store: Store, filters: ReadonlySignal<Filters>) {
    this.#store = store;
    this.#filters = filters;
    this.#source = store.source(async (asking) => {
      const [key, limit, generation] = [this.#key.peek(), this.#limit.peek(), store.live.generation.peek()];
      // Once the live list began anew, an answer from before that will not do.
      const maxAgeSecs = asking.maxAgeSecs ?? (generation > 0 ? FRESH_SECS : undefined);
      const answer = await store.api.transactions({ ...this.#question.peek(), limit }, { ...asking, maxAgeSecs });
      return { ...answer, rows: merged([], answer.rows), key, limit, generation };
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

  /** When SePay was asked, milliseconds since the Unix epoch, if that was long before the answer came; null: it was not. */
  readonly agedMs: ReadonlySignal<number | null> = computed(() => {
    const shown = this.#source.shown.value;
    const answer = this.#answer.value;
    if (!shown || !answer) return null;
    return answer.stale || answer.ageSecs > ORDINARY_AGE_SECS ? shown.atMs - answer.ageSecs * 1000 : null;
  });

  /** Whether an answer is on its way, or will be. */
  readonly isLoading: ReadonlySignal<boolean> = computed(
    () => this.#source.loading.value || (this.#answer.value === null && this.#source.trouble.value === null),
  );

  /** How far the list reaches. */
  readonly coverage: ReadonlySignal<Coverage> = computed(() => {
    const answer = this.#answer.value;
    const loaded = this.#loaded.value;
    const question = this.#question.value;
    const isBehind = answer !== null && (answer.stale !== false || this.#isCutOff.value);
    return {
      isComplete: answer ? answer.complete && !isBehind : this.#store.live.isComplete.value,
      isBehind,
      isBlind: question !== null && isBlind(this.#filters.value, question, loaded),
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
      renewStale(this.#answer, this.#source),
      this.#markNew(),
    ];
    return () => {
      for (const end of ends) end();
      for (const timer of this.#freshTimers) clearTimeout(timer);
      this.#source.clear();
    };
  }

  /** Hears that a reader came to the end: more rows are asked for, but not again and again where that fails. */
  reachEnd(): void {
    if (this.#source.trouble.peek() === null) this.loadMore();
  }

  /** Asks for as many rows as SePay gives. */
  loadMore(): void {
    if (!this.coverage.peek().canLoadMore || this.#source.loading.peek()) return;
    this.#limit.value = MOST_ROWS;
    void this.#source.load();
  }

  /** Asks again; settles with the answer. */
  async retry(): Promise<void> {
    await this.#source.load();
  }

  #begin(): void {
    this.#limit.value = FIRST_ROWS;
    void this.#source.load();
  }

  #mend(): void {
    const answer = this.#answer.value;
    if (answer && answer.generation !== this.#store.live.generation.value) this.#askFresh();
    else this.#mendStart();
  }

  /* Once for the same live rows: an answer without them will not have them the second time either. */
  #mendStart(): void {
    const answer = this.#answer.value;
    const rows = this.#joining.value;
    const newest = rows[0]?.id;
    if (!answer || newest === undefined || newest === this.#mendedFor) return;
    if (!areApart(answer.rows, { rows, complete: this.#store.live.isComplete.value })) return;
    this.#mendedFor = newest;
    this.#askFresh();
  }

  #askFresh(): void {
    void untracked(() => this.#source.load({ maxAgeSecs: FRESH_SECS }));
  }

  /* Marks what comes after the first live answer, each row for its own five seconds. */
  #markNew(): () => void {
    let known: readonly Transaction[] = [];
    let wasAnswered = false;
    return effect(() => {
      const { rows, isAnswered } = this.#store.live;
      const added = wasAnswered ? unknownIn(known, rows.value) : [];
      [known, wasAnswered] = [rows.value, isAnswered.value];
      if (added.length > 0) untracked(() => this.#mark(added.map(({ id }) => id)));
    });
  }

  #mark(ids: readonly string[]): void {
    this.#fresh.value = new Set([...this.#fresh.peek(), ...ids]);
    const timer = setTimeout(() => {
      this.#freshTimers.delete(timer);
      this.#fresh.value = new Set([...this.#fresh.peek()].filter((id) => !ids.includes(id)));
    }, NEW_FOR_MS);
    this.#freshTimers.add(timer);
  }

  #questionNow(): Question | null {
    const filters = this.#filters.value;
    const accountNumber = filters.account === null ? null : numberOf(filters.account, this.#store);
    return accountNumber === undefined ? null : questionOf(filters, { today: this.#today.value, accountNumber });
  }
}
