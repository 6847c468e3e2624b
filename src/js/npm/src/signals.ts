/** Listens to callers' abort signals: once to each, however many calls it serves, because Node warns of an eleventh listener. */

interface Watch {
  readonly listener: () => void;
  readonly handlers: Set<() => void>;
}

export class Signals {
  readonly #watches = new Map<AbortSignal, Watch>();

  /** Has the handler called when the signal is aborted, until `unwatch`. */
  watch(signal: AbortSignal, handler: () => void): void {
    const { handlers } = this.#watches.get(signal) ?? this.#listen(signal);
    handlers.add(handler);
  }

  /** Takes the handler back; the last one takes the listener with it. */
  unwatch(signal: AbortSignal, handler: () => void): void {
    const watch = this.#watches.get(signal);
    if (watch === undefined || !watch.handlers.delete(handler) || watch.handlers.size > 0) return;
    this.#watches.delete(signal);
    try {
      signal.removeEventListener("abort", watch.listener);
    } catch {
      // A signal of somebody's own making; its listener calls nobody any more.
    }
  }

  #listen(signal: AbortSignal): Watch {
    const handlers = new Set<() => void>();
    const listener = (): void => [...handlers].forEach((handler) => handler());
    signal.addEventListener("abort", listener);
    const watch = { listener, handlers };
    this.#watches.set(signal, watch);
    return watch;
  }
}
