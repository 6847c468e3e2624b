/**
 * One exchange: a request out through `fetch`, an answer or the reason for its absence in. It decides nothing about
 * retries or time limits and never rejects; whatever `fetch` does, the exchange is over when its time is.
 */
import { withoutSecret, withoutToken } from "./redact.ts";
import { TOO_LARGE, discard, readBody, readHead } from "./response.ts";
import type { Head } from "./response.ts";
import type { Fetch } from "./types.ts";

/** What is to be sent. */
export interface Order {
  fetch: Fetch;
  url: string;
  headers: [string, string][];
  /** Milliseconds until it is given up. */
  timeoutMs: number;
  /** Told once, when status and headers are here: SePay has received the request. */
  onHead: () => void;
}

/** The whole answer. */
export interface Answer extends Head {
  body: Uint8Array;
}

/** No answer, or none that is of use. */
export interface NoAnswer {
  why: "connection" | "timeout" | "too_large" | "unwanted";
  cause?: unknown;
}

/** An exchange under way. */
export class Exchange {
  /** How it ended. Never rejects. */
  readonly end: Promise<Answer | NoAnswer>;
  readonly #order: Order;
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  #settle: (end: Answer | NoAnswer) => void = () => undefined;
  #cancelBody: () => void = () => undefined;
  #hasHead = false;
  #isUnwanted = false;
  #isOver = false;

  constructor(order: Order) {
    this.#order = order;
    this.end = new Promise((resolve) => (this.#settle = resolve));
    this.#timer = setTimeout(() => this.#finish({ why: "timeout" }), order.timeoutMs);
    this.#run().then(
      (answer) => this.#finish(answer),
      (cause: unknown) => this.#finish(cause === TOO_LARGE ? { why: "too_large" } : this.#failure(cause)),
    );
  }

  /**
   * Says that nobody waits for the answer any more. A request that is out goes on until its headers are here, or its
   * time is over: it may arrive at SePay however early it is given up here, so that only its answer, or the certainty
   * of its timeout, tells when the next may be sent without breaking SePay's limit.
   */
  abandon(): void {
    this.#isUnwanted = true;
    // Of a `fetch` that holds nothing open, a program that has nothing else to do may end; the platform's holds its socket.
    (this.#timer as { unref?: () => void }).unref?.();
    if (this.#hasHead) this.#finish({ why: "unwanted" });
  }

  /** SePay's words, should they repeat the token that they were sent. */
  redacted(words: string): string {
    const secret = this.#secret();
    return secret ? withoutToken(words, secret) : words;
  }

  async #run(): Promise<Answer | NoAnswer> {
    const { fetch, url, headers, onHead } = this.#order;
    const { signal } = this.#controller;
    const response = await fetch(url, { method: "GET", headers: Object.fromEntries(headers), redirect: "manual", signal });
    if (this.#isOver) {
      // A fetch that does not know abort signals: its answer comes when nobody listens.
      discard(response);
      return { why: "unwanted" };
    }
    this.#hasHead = true;
    this.#cancelBody = () => discard(response);
    onHead();
    const head = readHead(response);
    if (this.#isUnwanted) return { why: "unwanted" };
    const { bytes, cancel } = readBody(response as object);
    this.#cancelBody = cancel;
    return { ...head, requestId: this.#shown(head.requestId), body: await bytes };
  }

  #shown(id: string | undefined): string | undefined {
    return id === undefined ? undefined : this.redacted(id);
  }

  #failure(cause: unknown): NoAnswer {
    const secret = this.#secret();
    return { why: "connection", cause: secret ? withoutSecret(cause, secret) : cause };
  }

  #secret(): string | undefined {
    const header = this.#order.headers.find(([name]) => name.toLowerCase() === "authorization");
    return header?.[1].replace(/^Bearer /, "");
  }

  #finish(end: Answer | NoAnswer): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    if ("why" in end) {
      // Ends the request itself, and a body that is still on its way.
      this.#cancelBody();
      this.#controller.abort();
    }
    this.#settle(end);
  }
}
