/**
 * Why a question would wait now, from one look at the gate. Pure; the words for it are in `words.ts`.
 */
import type { EdgeStatus } from "../../../../src/js/npm/src/edge.ts";

/** How long a slot rests after its answer, in milliseconds (section "The pace" of the design). */
export const REST_MS = 1000;

/* A round trip from which on SePay is called slow. */
const SLOW_MS = 1500;

/** What the gate is doing. Times in milliseconds. */
export type Verdict =
  /** SePay is taken to be down: one question at a time finds out whether it is back. */
  | { kind: "down" }
  /** SePay said 429. */
  | { kind: "paused"; cause: EdgeStatus["pauseCause"]; leftMs: number }
  /** A new question leaves at once. */
  | { kind: "free" }
  /** No slot is free. `slowMs` is the round trip when that is the reason. */
  | { kind: "busy"; slots: number; questions: number; waitMs: number; slowMs: number | null };

/** What a slot is doing: its request is unanswered, it rests after an answer, it is held back though it could go, or it is free. */
export type SlotState = "inFlight" | "cooling" | "held" | "free";

/** Says why a new question would wait. */
export function verdict(status: EdgeStatus): Verdict {
  const { breaker, pausedForMs, pauseCause, slots, queue, roundTripMs } = status;
  if (breaker.open) return { kind: "down" };
  if (pausedForMs > 0) return { kind: "paused", cause: pauseCause, leftMs: pausedForMs };
  const waitMs = waitOfNewMs(status);
  if (waitMs === 0) return { kind: "free" };
  const isSlow = roundTripMs >= SLOW_MS && slots.some(({ inFlight }) => inFlight);
  return { kind: "busy", slots: slots.length, questions: queue.questions, waitMs, slowMs: isSlow ? roundTripMs : null };
}

/**
 * About how long a new question waits for its slot: behind those of its lane, as the slots come free, and then once a
 * cycle. A request under way is expected to take as long as the average one.
 */
export function waitOfNewMs({ slots, queue, pausedForMs, roundTripMs }: EdgeStatus): number {
  const cycleMs = roundTripMs + REST_MS;
  const freeInMs = slots
    .map((slot) => (slot.inFlight ? Math.min(slot.freeInMs, cycleMs) : slot.freeInMs))
    .map((ms) => Math.max(ms, pausedForMs))
    .sort((one, other) => one - other);
  // All refreshes together take turns like one caller.
  const ahead = queue.interactive + Math.min(1, queue.refreshes);
  const isAtOnce = (freeInMs[0] ?? 0) === 0 && queue.questions === 0;
  if (isAtOnce || freeInMs.length === 0) return 0;
  return (freeInMs[ahead % freeInMs.length] ?? 0) + Math.floor(ahead / freeInMs.length) * cycleMs;
}

/** What a slot is doing. */
export function stateOf({ inFlight, freeInMs }: EdgeStatus["slots"][number], isHeld: boolean): SlotState {
  if (inFlight) return "inFlight";
  if (freeInMs > 0) return "cooling";
  return isHeld ? "held" : "free";
}

/** How many slots do what. */
export function countsOf(states: readonly SlotState[]): Record<SlotState, number> {
  const counts = { inFlight: 0, cooling: 0, held: 0, free: 0 };
  for (const state of states) counts[state] += 1;
  return counts;
}

/** The look as it will have become after so many milliseconds: only waits of a known length go on by themselves. */
export function after(status: EdgeStatus, elapsedMs: number): EdgeStatus {
  return { ...status, pausedForMs: Math.max(0, status.pausedForMs - Math.max(0, elapsedMs)) };
}
