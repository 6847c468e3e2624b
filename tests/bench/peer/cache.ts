/** Answers in memory, for one second, bounded in number: the oldest goes first. */

/** How long an answer may be served again. */
export const FRESH_MS = 1_000;

const MOST = 1_000;

/** An answer that was read from SePay, ready to be sent. */
export interface Answer {
  readonly ok: true;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  /** When SePay's answer was there, in milliseconds since the Unix epoch. */
  readonly storedMs: number;
}

export class Cache {
  readonly #answers = new Map<string, Answer>();

  get(target: string, nowMs: number): Answer | undefined {
    const answer = this.#answers.get(target);
    return answer !== undefined && nowMs - answer.storedMs < FRESH_MS ? answer : undefined;
  }

  put(target: string, answer: Answer): void {
    this.#answers.delete(target);
    this.#answers.set(target, answer);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > MOST && !oldest.done) this.#answers.delete(oldest.value);
  }
}
