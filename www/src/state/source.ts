/**
 * One question and what became of it: the last good answer, the last problem, and whether an answer is on its way. What was
 * shown stays while a newer question runs or fails. Nothing is asked before the time that a refusal named; after it, what may
 * get better by itself is asked again.
 */
import { batch, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { SePayError } from "../../../src/js/npm/src/edge.ts";
import type { Answer, Asking } from "../api.ts";
import { Latest } from "../latest.ts";

/** An answer, and when it came, milliseconds since the Unix epoch. */
export interface Shown<T> {
  value: T;
  atMs: number;
}

/** Why there is no answer, since when, and when asking again makes sense (null: any time). */
export interface Trouble {
  error: SePayError;
  atMs: number;
  retryAtMs: number | null;
}

/** When SePay was asked for what a source shows, milliseconds since the Unix epoch; null: it shows nothing. */
export function asOf(source: { shown: ReadonlySignal<Shown<Answer<unknown>> | null> }): number | null {
  const shown = source.shown.value;
  return shown && shown.atMs - shown.value.ageSecs * 1000;
}

/** What the sources of one key share. */
export interface Shared {
  /** Hears of problems. */
  onTrouble(error: SePayError): void;
  /** Whether somebody is there to see an answer, and a network to bring it. */
  isAwake(): boolean;
  /** Until when the key may ask nothing at all, milliseconds since the Unix epoch; Infinity once it is signed out. */
  pausedUntilMs: number;
  /** Those that have something to forget. */
  readonly used: Set<{ clear(): void }>;
}

const LONGEST_PAUSE_MS = 3_600_000;
const SHORTEST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** After an answer from the gate's memory. The gate is busy for seconds; one that is down, for longer, and it waits by itself. */
export const STALE_WAIT_MS = 5_000;

/** Asks a question, again and again; of several that run the newest counts. */
export class Source<T> {
  readonly #question: (asking: Asking) => Promise<T>;
  readonly #shared: Shared;
  readonly #latest = new Latest();
  readonly #shown = signal<Shown<T> | null>(null);
  readonly #trouble = signal<Trouble | null>(null);
  readonly #loading = signal(false);
  readonly #repeats: boolean;
  #failures = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** `repeats`: it asks again by itself after a problem that may pass; otherwise whoever owns it does. */
  constructor(question: (asking: Asking) => Promise<T>, shared: Shared, repeats = true) {
    this.#question = question;
    this.#shared = shared;
    this.#repeats = repeats;
  }

  /** The last good answer. */
  get shown(): ReadonlySignal<Shown<T> | null> {
    return this.#shown;
  }

  /** The last question's problem; null when it went well. It stays while answers come from the gate's memory only. */
  get trouble(): ReadonlySignal<Trouble | null> {
    return this.#trouble;
  }

  /** Whether an answer is on its way. */
  get loading(): ReadonlySignal<boolean> {
    return this.#loading;
  }

  /** Until when asking makes no sense, milliseconds since the Unix epoch. */
  get pausedUntilMs(): number {
    return Math.max(pauseEndMs(this.#shared.pausedUntilMs), pauseEndMs(this.#trouble.peek()?.retryAtMs ?? 0));
  }

  /** Asks, and gives the answer; null when there is none, or a newer question overtook this one, or it is too early. */
  async load(options: Omit<Asking, "signal"> = {}): Promise<T | null> {
    this.#shared.used.add(this);
    clearTimeout(this.#again);
    if (Date.now() < this.pausedUntilMs) return this.#loadLater(0, options);
    this.#loading.value = true;
    const outcome = await this.#latest.ask((signal) => this.#question({ ...options, signal }));
    if (outcome === null) return null;
    this.#loading.value = false;
    if ("problem" in outcome) return this.#fail(outcome.problem);
    return this.#succeed(outcome.answer);
  }

  /** Forgets everything, and stops what is under way. */
  clear(): void {
    this.#shared.used.delete(this);
    this.#latest.stop();
    clearTimeout(this.#again);
    this.#failures = 0;
    this.#loading.value = false;
    this.#shown.value = null;
    this.#trouble.value = null;
  }

  /* An answer from the gate's memory is better than none, but what kept SePay from answering goes on. */
  #succeed(answer: T): T {
    const trouble = this.#trouble.peek();
    const isOver = trouble === null || !mayPass(trouble.error) || !isStale(answer);
    batch(() => {
      this.#shown.value = { value: answer, atMs: Date.now() };
      if (isOver) this.#trouble.value = null;
    });
    if (isOver) this.#failures = 0;
    else this.#loadLater(Math.max(this.#waitMs, STALE_WAIT_MS), {});
    return answer;
  }

  get #waitMs(): number {
    return Math.min(SHORTEST_WAIT_MS * 2 ** (this.#failures - 1), LONGEST_WAIT_MS);
  }

  #fail(error: SePayError): null {
    const atMs = Date.now();
    // What the key may not see, or no longer, is taken away.
    if (error.status === 401 || error.status === 403) this.#shown.value = null;
    const { code, retryAfterMs } = error;
    const retryAtMs = retryAfterMs === undefined ? null : atMs + Math.min(retryAfterMs, LONGEST_PAUSE_MS);
    if (code === "rate_limited") this.#shared.pausedUntilMs = Math.max(pauseEndMs(this.#shared.pausedUntilMs), retryAtMs ?? 0);
    this.#trouble.value = { error, atMs, retryAtMs };
    this.#failures += 1;
    if (mayPass(error)) this.#loadLater(this.#waitMs, {});
    this.#shared.onTrouble(error);
    return null;
  }

  /* Asks after a wait, and not before the pause is over. */
  #loadLater(waitMs: number, options: Omit<Asking, "signal">): null {
    const leftMs = Math.max(waitMs, this.pausedUntilMs - Date.now());
    if (!this.#repeats || leftMs === Infinity) return null;
    this.#again = setTimeout(() => {
      if (this.#shared.isAwake()) void this.load(options);
      else this.#loadLater(SHORTEST_WAIT_MS, options);
    }, leftMs);
    return null;
  }
}

/** When a pause ends: at once if that is further away than any pause lasts, because the clock was set back meanwhile. */
export function pauseEndMs(untilMs: number): number {
  return untilMs === Infinity || untilMs - Date.now() <= LONGEST_PAUSE_MS ? untilMs : 0;
}

function isStale(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && Boolean(Reflect.get(answer, "stale"));
}

/** Whether asking again may help: no connection, no answer in time, too many questions, or a fault behind the Worker. */
export function mayPass({ code, status }: SePayError): boolean {
  return code === "connection" || code === "timeout" || status === 429 || (status ?? 0) >= 500;
}
