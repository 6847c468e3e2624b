/**
 * The page's own last questions, as the browser timed them. Watched from the page's start: the browser itself keeps the first
 * 250 things that a page fetched, and none of the later ones.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { isQuestion } from "./views/gate/timings.ts";

const KEPT = 20;

const last = signal<readonly PerformanceResourceTiming[]>([]);

/** The last 20 questions that are over, the newest first. */
export const lastAsked: ReadonlySignal<readonly PerformanceResourceTiming[]> = last;

/* Of what was asked before, the browser may tell later. */
let forgottenMs = 0;

/** Forgets them, here and in the browser. */
export function forgetAsked(): void {
  forgottenMs = performance.now();
  last.value = [];
  performance.clearResourceTimings();
}

/** Begins to watch. */
export function watchAsked(): void {
  const observer = new PerformanceObserver((list) => {
    const asked = (list.getEntries() as PerformanceResourceTiming[]).filter(({ name, startTime }) => isQuestion(name) && startTime >= forgottenMs);
    if (asked.length > 0) last.value = [...asked.reverse(), ...last.peek()].slice(0, KEPT);
  });
  observer.observe({ type: "resource", buffered: true });
}
