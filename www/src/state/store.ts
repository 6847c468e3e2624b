/**
 * What the views of a signed-in tab share: who asks, what is known, and the words for those who do not see it.
 */
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { SePayError } from "../../../src/js/npm/src/edge.ts";
import { apiOf } from "../api.ts";
import type { Answer, Api, Asking } from "../api.ts";
import { FRESH_SECS, MOST_ROWS } from "../limits.ts";
import type { Account, Rights, Transaction } from "../model.ts";
import { nextBeatMs } from "./beat.ts";
import { Live, NEWEST_ROWS, RECENT_ROWS } from "./live.ts";
import { Source } from "./source.ts";
import type { Shared } from "./source.ts";

/** The scopes that views need. */
export type Scope = "accounts:read" | "transactions:read" | "metrics:read";

/** How often accounts are asked for, besides whenever money has moved. */
export const ACCOUNTS_EVERY_MS = 30_000;

/** What is said, and the transaction that it is said of. */
export interface Announcement {
  text: string;
  of: string;
}

/** Made at sign-in, ended at sign-out. */
export class Store {
  readonly api: Api;
  /** The accounts that the key may see. */
  readonly accounts: Source<Answer<Account>>;
  /** The newest transactions, live. */
  readonly newest: Source<Answer<Transaction>>;
  readonly recent: Source<Answer<Transaction>>;
  readonly live: Live;
  /** What is said to those who do not see the page. */
  readonly announcement = signal<Announcement | null>(null);
  /** What the key may do; null while it is not known. */
  readonly rights: ReadonlySignal<Rights | null>;
  /** Whether it is known what the key may do, or that this cannot be known now. */
  readonly isReady: ReadonlySignal<boolean>;
  readonly #rights: Source<Rights>;
  readonly #shared: Shared;
  #areAccountsOld = false;
  #areAccountsAsked = false;
  #accountsTimer: ReturnType<typeof setTimeout> | undefined;

  /** `onRefused` hears that the key is not, or no longer, known. */
  constructor(key: string, onRefused: (why: SePayError) => void, onRows: (rows: Transaction[]) => void) {
    const shared: Shared = {
      pausedUntilMs: 0,
      used: new Set(),
      isAwake,
      onTrouble: (error) => {
        if (error.status === 401) onRefused(error);
      },
    };
    this.#shared = shared;
    this.api = apiOf(key);
    this.#rights = this.source((asking) => this.api.rights(asking));
    this.rights = computed(() => this.#rights.shown.value?.value ?? null);
    this.isReady = computed(() => this.rights.value !== null || this.#rights.trouble.value !== null);
    this.accounts = this.source((asking) => this.api.accounts({ limit: MOST_ROWS }, asking));
    // The live list decides itself when these are asked again.
    this.newest = this.source((asking) => this.api.transactions({ limit: NEWEST_ROWS }, asking), false);
    this.recent = this.source((asking) => this.api.transactions({ limit: RECENT_ROWS }, asking), false);
    this.live = new Live({
      newest: this.newest,
      recent: this.recent,
      calls: () => this.rights.peek()?.accounts?.length ?? 1,
      onRows: (rows) => {
        if (this.may("accounts:read")) void this.#refreshAccounts();
        onRows(rows);
      },
    });
  }

  /** Whether the key has a scope, as far as is known. */
  may(scope: Scope): boolean {
    return this.rights.value?.scopes.includes(scope) ?? true;
  }

  /** A question of a view's own, under the rules of all. The view clears it when it goes. `repeats`: see `Source`. */
  source<T>(question: (asking: Asking) => Promise<T>, repeats = true): Source<T> {
    return new Source(question, this.#shared, repeats);
  }

  /** Finds out what the key may do, and asks for what it may see. */
  async start(): Promise<void> {
    await this.#rights.load();
    if (this.#isStopped) return;
    if (this.may("transactions:read")) this.live.start();
    if (!this.may("accounts:read")) return;
    void this.accounts.load();
    this.#scheduleAccounts();
  }

  /** Ends every question and forgets every answer. */
  stop(): void {
    this.#shared.pausedUntilMs = Infinity;
    this.live.stop();
    clearTimeout(this.#accountsTimer);
    for (const source of [...this.#shared.used]) source.clear();
  }

  /* Once more after the answer that is on its way, not instead of it: payments may come faster than accounts are told. */
  async #refreshAccounts(): Promise<void> {
    this.#areAccountsOld = true;
    if (this.#areAccountsAsked) return;
    this.#areAccountsAsked = true;
    while (this.#areAccountsOld && !this.#isStopped) {
      this.#areAccountsOld = false;
      await this.accounts.load({ maxAgeSecs: FRESH_SECS });
    }
    this.#areAccountsAsked = false;
  }

  get #isStopped(): boolean {
    return this.#shared.pausedUntilMs === Infinity;
  }

  /* At the same moments in all tabs, like the live question: several tabs are then one call to SePay. */
  #scheduleAccounts(): void {
    const nowMs = Date.now();
    this.#accountsTimer = setTimeout(() => {
      this.#lookAtAccounts();
      this.#scheduleAccounts();
    }, nextBeatMs(nowMs, ACCOUNTS_EVERY_MS) - nowMs);
  }

  #lookAtAccounts(): void {
    // What is on its way is as new, or newer: after a payment it was asked for anew.
    if (isAwake() && this.accounts.trouble.peek() === null && !this.accounts.loading.peek()) void this.accounts.load();
  }
}

function isAwake(): boolean {
  return document.visibilityState === "visible" && navigator.onLine;
}

/** The store of the tab, for its views. */
export const StoreContext = createContext<Store | null>(null);

/** Gives a view its store. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("this part is for those who are signed in");
  return store;
}
