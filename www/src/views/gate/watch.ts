/**
 * Looks at the gate every two seconds while somebody sees the view, and keeps the looks of the last three minutes. They
 * outlive the view, so that whoever comes back to it finds them.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { EdgeStatus } from "../../../../src/js/npm/src/edge.ts";
import { isOnline } from "../../parts/online.ts";
import type { Source } from "../../state/source.ts";
import type { Store } from "../../state/store.ts";
import { nextLookMs } from "./rhythm.ts";
import { kept } from "./samples.ts";
import type { Sample } from "./samples.ts";

const watches = new WeakMap<Store, Watch>();

/** The watch of a signed-in tab. */
export function watchOf(store: Store): Watch {
  const known = watches.get(store);
  if (known) return known;
  const made = new Watch(store.source((asking) => store.api.status(asking), false));
  watches.set(store, made);
  return made;
}

/** Looks, again and again. */
export class Watch {
  /** The question behind it. */
  readonly source: Source<EdgeStatus>;
  readonly #samples = signal<Sample[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #isLooking = false;
  #stop: AbortController | null = null;

  constructor(source: Source<EdgeStatus>) {
    this.source = source;
  }

  /** The looks of the last three minutes, the oldest first. */
  get samples(): ReadonlySignal<Sample[]> {
    return this.#samples;
  }

  /** Begins to look, now and every two seconds. The function given back ends that. */
  start(): () => void {
    const stop = (this.#stop = new AbortController());
    const again = () => void this.look();
    for (const event of ["online", "offline"]) addEventListener(event, again, { signal: stop.signal });
    document.addEventListener("visibilitychange", again, { signal: stop.signal });
    again();
    return () => {
      stop.abort();
      clearTimeout(this.#timer);
    };
  }

  /** Looks now, unless nobody would see it. */
  async look(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isLooking || this.#nextLookMs() === null) return;
    if (this.source.pausedUntilMs > Date.now()) return this.#schedule();
    this.#isLooking = true;
    const status = await this.source.load();
    this.#isLooking = false;
    if (status) this.#samples.value = kept(this.#samples.peek(), { atMs: Date.now(), status });
    this.#failures = status ? 0 : this.#failures + 1;
    this.#schedule();
  }

  #schedule(): void {
    const waitMs = this.#nextLookMs();
    // What the key may not see now, it will not see in two seconds.
    const isForbidden = this.source.trouble.peek()?.error.status === 403;
    if (waitMs === null || isForbidden || this.#stop?.signal.aborted) return;
    this.#timer = setTimeout(() => void this.look(), waitMs);
  }

  #nextLookMs(): number | null {
    return nextLookMs({
      failures: this.#failures,
      pausedForMs: this.source.pausedUntilMs - Date.now(),
      isSeen: document.visibilityState === "visible",
      isOnline: isOnline.peek(),
    });
  }
}
