/** The one object that talks to SePay: joins identical questions and sends at most N of them in a second. */

import { DurableObject } from "cloudflare:workers";

import { Cache } from "./cache.ts";
import type { Answer } from "./cache.ts";
import { listBody } from "./model.ts";

export interface GateEnv {
  readonly SEPAY_BASE_URL: string;
  readonly SEPAY_API_TOKEN: string;
  readonly SEPAY_REQUESTS_PER_SECOND: string;
}

/** Why there is no answer. */
export interface Refusal {
  readonly ok: false;
  readonly status: 502 | 503 | 504;
  readonly code: string;
  readonly retryAfterSeconds?: number;
}

export type Outcome = Answer | Refusal;

interface Waiting {
  readonly target: string;
  readonly outcome: Promise<Outcome>;
  readonly settle: (outcome: Outcome) => void;
  callers: number;
}

/** On top of the second between request i and i + N: timers and the network squeeze gaps a little. */
const MARGIN_MS = 20;
const UPSTREAM_TIMEOUT_MS = 10_000;

export class Gate extends DurableObject<GateEnv> {
  readonly #rate = Number(this.env.SEPAY_REQUESTS_PER_SECOND);
  readonly #answers = new Cache();
  /** Waiting or in flight, by question. */
  readonly #open = new Map<string, Waiting>();
  readonly #queue: Waiting[] = [];
  /** When the last N requests were sent. */
  readonly #sentMs: number[] = [];
  #pausedUntilMs = 0;
  #isPumping = false;

  async ask(target: string, waitMs: number): Promise<Outcome> {
    const held = this.#answers.get(target, Date.now());
    if (held !== undefined) return held;
    const estimateMs = Math.max(this.#readyInMs(), (1000 * this.#queue.length) / this.#rate);
    if (!this.#open.has(target) && estimateMs > waitMs) return busy(estimateMs - waitMs);
    const waiting = this.#open.get(target) ?? this.#enqueue(target);
    waiting.callers += 1;
    void this.#pump();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<Outcome>((resolve) => {
      timer = setTimeout(resolve, waitMs, { ok: false, status: 504, code: "upstream_timeout" });
    });
    const outcome = await Promise.race([waiting.outcome, late]);
    clearTimeout(timer);
    waiting.callers -= 1;
    return outcome;
  }

  #enqueue(target: string): Waiting {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const waiting = { target, outcome: promise, settle: resolve, callers: 0 };
    this.#open.set(target, waiting);
    this.#queue.push(waiting);
    return waiting;
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#queue.length > 0) {
      const inMs = this.#readyInMs();
      if (inMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, inMs));
        continue;
      }
      const waiting = this.#queue.shift();
      if (waiting !== undefined && waiting.callers > 0) void this.#call(waiting);
      else if (waiting !== undefined) this.#open.delete(waiting.target);
    }
    this.#isPumping = false;
  }

  #readyInMs(): number {
    const nthLast = this.#sentMs.length < this.#rate ? 0 : (this.#sentMs.at(-this.#rate) ?? 0);
    return Math.max(0, this.#pausedUntilMs - Date.now(), nthLast + 1000 + MARGIN_MS - Date.now());
  }

  async #call(waiting: Waiting): Promise<void> {
    this.#sentMs.push(Date.now());
    if (this.#sentMs.length > this.#rate) this.#sentMs.shift();
    const outcome = await this.#fetch(waiting.target).catch((): Outcome => ({ ok: false, status: 502, code: "upstream_error" }));
    if (outcome === "later") {
      this.#queue.unshift(waiting);
      return this.#pump();
    }
    this.#open.delete(waiting.target);
    if (outcome.ok) this.#answers.put(waiting.target, outcome);
    waiting.settle(outcome);
  }

  async #fetch(target: string): Promise<Outcome | "later"> {
    const response = await fetch(this.env.SEPAY_BASE_URL + target, {
      headers: { authorization: `Bearer ${this.env.SEPAY_API_TOKEN}`, accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(UPSTREAM_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 429) {
      this.#pausedUntilMs = Date.now() + 1000 * Number(response.headers.get("x-sepay-userapi-retry-after") ?? 1);
      return "later";
    }
    if (response.status === 401 || response.status === 403) return { ok: false, status: 502, code: "upstream_unauthorized" };
    if (response.status !== 200) return { ok: false, status: 502, code: "upstream_error" };
    const body = new TextEncoder().encode(listBody(text, target));
    const digest = await crypto.subtle.digest("SHA-256", body);
    const hex = Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return { ok: true, body, etag: `"${hex}"`, storedMs: Date.now() };
  }
}

function busy(missingMs: number): Refusal {
  return { ok: false, status: 503, code: "upstream_busy", retryAfterSeconds: Math.max(1, Math.ceil(missingMs / 1000)) };
}
