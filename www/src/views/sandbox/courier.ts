/**
 * Takes a payment to the sandbox, and waits until it is among the page's rows.
 */
import { effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Transaction } from "../../model.ts";
import type { Store } from "../../state/store.ts";
import { idOf, refusalOf } from "./payment.ts";
import type { Payment } from "./payment.ts";

/* The page asks every 1.25 s; whoever has not seen it by then may have to wait for ever. */
const LATE_AFTER_MS = 15_000;

/** What became of a payment. Times in milliseconds. */
export type Delivery =
  | { kind: "none" }
  | { kind: "incomplete" }
  | { kind: "sending" | "waiting" | "late" | "unseen"; payment: Payment }
  | { kind: "arrived"; payment: Payment; afterMs: number }
  /** `why` is null when nobody answered. */
  | { kind: "failed"; why: string | null };

/** Takes one payment at a time; the newest counts. */
export class Courier {
  readonly #path: string;
  readonly #store: Store;
  readonly #state = signal<Delivery>({ kind: "none" });
  #stop: (() => void) | undefined;
  #isEnded = false;

  constructor(path: string, store: Store) {
    this.#path = path;
    this.#store = store;
  }

  /** What became of the last payment. */
  get state(): ReadonlySignal<Delivery> {
    return this.#state;
  }

  /** Takes a payment; null is one that is not complete. */
  async take(payment: Payment | null): Promise<void> {
    if (this.#state.peek().kind === "sending") return;
    this.#rest();
    if (payment === null) {
      this.#state.value = { kind: "incomplete" };
      return;
    }
    const sentMs = performance.now();
    this.#state.value = { kind: "sending", payment };
    const said = await post(this.#path, payment);
    if (this.#isEnded) return;
    if ("why" in said) this.#state.value = { kind: "failed", why: said.why };
    else if (!this.#store.may("transactions:read")) this.#state.value = { kind: "unseen", payment };
    else this.#waitFor(payment, said.id, sentMs);
  }

  /** Ends it for good: nobody is there to be told. */
  end(): void {
    this.#isEnded = true;
    this.#rest();
  }

  /* Waits no longer. */
  #rest(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #waitFor(payment: Payment, id: string | null, sentMs: number): void {
    this.#state.value = { kind: "waiting", payment };
    const timer = setTimeout(() => (this.#state.value = { kind: "late", payment }), LATE_AFTER_MS);
    let unwatch: (() => void) | null = null;
    this.#stop = () => {
      clearTimeout(timer);
      unwatch?.();
    };
    unwatch = effect(() => {
      if (!this.#store.live.rows.value.some((row) => isIt(row, id, payment))) return;
      clearTimeout(timer);
      this.#state.value = { kind: "arrived", payment, afterMs: performance.now() - sentMs };
      // While the effect runs for the first time, it cannot be ended yet.
      queueMicrotask(() => this.#rest());
    });
  }
}

/* Without an id, a payment is known by its content, as a shop would have it. */
function isIt(row: Transaction, id: string | null, payment: Payment): boolean {
  return id === null ? row.content === payment.content : row.id === id;
}

async function post(path: string, payment: Payment): Promise<{ id: string | null } | { why: string | null }> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(payment),
      credentials: "omit",
    });
    const answer: unknown = await response.json().catch(() => null);
    return response.ok ? { id: idOf(answer) } : { why: refusalOf(response.status, answer) };
  } catch {
    return { why: null };
  }
}
