/**
 * Asks again, a while after the gate answered from its memory because SePay could not be asked just then.
 */
import { effect } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer } from "../api.ts";
import { FRESH_SECS } from "../limits.ts";
import { STALE_WAIT_MS } from "./source.ts";
import type { Source } from "./source.ts";

/** Has a source ask while what is shown of it (null: nothing) is stale and somebody sees it. The function given back ends that. */
export function renewStale(shown: ReadonlySignal<Pick<Answer<unknown>, "stale"> | null>, source: Source<unknown>): () => void {
  const renew = () => {
    // After a problem the source asks again by itself, with longer and longer waits.
    const isBusy = source.loading.peek() || source.trouble.peek() !== null;
    if (!isBusy && document.visibilityState === "visible") void source.load({ maxAgeSecs: FRESH_SECS });
  };
  return effect(() => {
    if (!shown.value?.stale) return;
    const timer = setInterval(renew, STALE_WAIT_MS);
    return () => clearInterval(timer);
  });
}
