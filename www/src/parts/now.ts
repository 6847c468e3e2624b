/**
 * The time of day for parts that show how old something is: one clock for the page, running while a part looks at it.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

const TICK_MS = 1000;

let timer: ReturnType<typeof setInterval> | undefined;

const now = signal(Date.now(), {
  watched() {
    now.value = Date.now();
    timer = setInterval(() => (now.value = Date.now()), TICK_MS);
  },
  unwatched: () => clearInterval(timer),
});

/** Milliseconds since the Unix epoch, to the second. Whoever reads it while drawing is drawn anew each second. */
export const nowMs: ReadonlySignal<number> = now;
