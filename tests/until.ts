/** Waits for what another party does, and ends either way. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Looks every few milliseconds until something is so, and fails with `what` was waited for. A wait without an end would
 * hold every test behind it, and say nothing.
 */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, withinMs = 60_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < endMs, `${what}: not within ${withinMs} ms`);
    await delay(5);
  }
}
