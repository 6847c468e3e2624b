/**
 * What the charts are made of: what was chosen, the rows that were asked for it, and those that came since. It asks after
 * everybody else, and only for what it does not know yet.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import { dayAfter, dayAt } from "../../days.ts";
import type { Day } from "../../days.ts";
import { FRESH_SECS, MOST_ROWS } from "../../limits.ts";
import type { Account } from "../../model.ts";
import { nowMs } from "../../parts/now.ts";
import { merged } from "../../state/ledger.ts";
import { renewStale } from "../../state/renew.ts";
import type { Source } from "../../state/source.ts";
import type { Store } from "../../state/store.ts";
import { daily, isOf } from "./daily.ts";
import type { Daily, Span } from "./daily.ts";
import { answers, newestDay, shownSpan, spanOf } from "./span.ts";
import type { Choice, Cut, Question, Range, Reply } from "./span.ts";

/** What is shown. */
export interface Page {
  daily: Daily;
  span: Span;
  cut: Cut;
  /** The span does not end today. */
  isElsewhere: boolean;
  /** When SePay was asked, milliseconds since the Unix epoch, if it could not be asked since; null: it can. */
  staleAsOfMs: number | null;
  /** There is not a single row. */
  isEmpty: boolean;
}

/* Of those that were chosen last; in a tab that is open for weeks the first day changes daily. */
const MOST_REPLIES = 8;

/** Made when the charts are first shown, closed when they go. */
export class Book {
  readonly range = signal<Range>(30);
  /** The account chosen, by its id; null: all. */
  readonly accountId = signal<string | null>(null);
  /** The question that it asks. */
  readonly source: Source<Reply>;
  readonly #store: Store;
  readonly #replies = signal<readonly Reply[]>([]);
  #ends: (() => void)[] = [];

  constructor(store: Store) {
    this.#store = store;
    this.source = store.source(async (asking) => {
      const { account, from } = this.#question.peek();
      const params = { from, limit: MOST_ROWS, ...(account !== null && { account }) };
      const generation = store.live.generation.peek();
      // Once the live list began anew, an answer from before that will not do.
      const maxAgeSecs = asking.maxAgeSecs ?? (generation > 0 ? FRESH_SECS : undefined);
      const { rows, complete, stale, ageSecs } = await store.api.transactions(params, { ...asking, maxAgeSecs, isBackground: true });
      return { account, from, rows, complete, stale, asOfMs: Date.now() - ageSecs * 1000, generation };
    });
  }

  /** Begins to ask. */
  open(): void {
    this.#ends = [effect(() => this.#keep()), effect(() => this.#ask()), renewStale(this.#reply, this.source)];
  }

  /** The accounts that may be chosen. */
  readonly accounts = computed<readonly Account[]>(() => this.#store.accounts.shown.value?.value.rows ?? []);

  /** What is shown of the choice; null: not known yet. */
  readonly page = computed<Page | null>(() => {
    const reply = this.#reply.value;
    return reply && this.#isReady.value ? this.#pageOf(reply) : null;
  });

  /** Ends its questions. */
  close(): void {
    for (const end of this.#ends) end();
    this.source.clear();
  }

  readonly #today = computed<Day>(() => dayAt(nowMs.value));

  readonly #choice = computed<Choice>(() => {
    const account = this.accounts.value.find(({ id }) => id === this.accountId.value) ?? null;
    return { range: this.range.value, account };
  });

  readonly #wanted = computed<Span>(() => {
    const newest = newestDay(this.#choice.value, this.#store.live.rows.value, this.accounts.value);
    return spanOf(this.#choice.value.range, this.#today.value, newest);
  });

  /* By value, so that a movement that changes nothing of the question does not ask it again. */
  readonly #from = computed<Day>(() => this.#wanted.value.first);
  readonly #number = computed<string | null>(() => this.#choice.value.account?.accountNumber ?? null);
  readonly #question = computed<Question>(() => ({ account: this.#number.value, from: this.#from.value }));

  readonly #reply = computed<Reply | null>(
    () => this.#replies.value.find((reply) => answers(reply, this.#question.value)) ?? null,
  );

  /* The newest rows say where the span ends, and the accounts what does not move: both are there, or will not come. */
  readonly #isReady = computed<boolean>(() => {
    const { live, recent, accounts } = this.#store;
    const hasRows = live.rows.value.length > 0 || live.isComplete.value || recent.trouble.value !== null;
    const hasAccounts = accounts.shown.value !== null || accounts.trouble.value !== null || !this.#store.may("accounts:read");
    return hasRows && hasAccounts;
  });

  #pageOf(reply: Reply): Page {
    const { account } = this.#choice.value;
    const fromDays = this.#store.rights.value?.fromDays ?? null;
    const seenFrom = fromDays === null ? null : dayAfter(this.#today.value, -fromDays);
    const { span, cut } = shownSpan(this.#wanted.value, reply, seenFrom);
    const all = merged(reply.rows, this.#store.live.rows.value);
    const rows = account === null ? all : all.filter((row) => isOf(row, account));
    const known = this.#store.accounts.shown.value?.value.rows ?? null;
    return {
      daily: daily({ rows, accounts: account === null ? known : [account], span }),
      span,
      cut,
      staleAsOfMs: reply.stale ? reply.asOfMs : null,
      isElsewhere: span.last !== this.#today.value,
      isEmpty: rows.length === 0,
    };
  }

  /* Keeps what came. The newest first: of two that would do, it knows more. */
  #keep(): void {
    const came = this.source.shown.value?.value;
    if (came === undefined) return;
    const isOther = ({ account, from, generation }: Reply) =>
      generation === came.generation && (account !== came.account || from !== came.from);
    this.#replies.value = [came, ...this.#replies.peek().filter(isOther)].slice(0, MOST_REPLIES);
  }

  /*
   * The live list goes on from what was asked. When it begins anew, rows between may be missing in every answer: what is shown
   * stays until another is there.
   */
  #ask(): void {
    const question = this.#question.value;
    const generation = this.#store.live.generation.value;
    const isKnown = this.#replies.value.some((reply) => reply.generation === generation && answers(reply, question));
    if (this.#isReady.value && !isKnown) untracked(() => void this.source.load());
  }
}
