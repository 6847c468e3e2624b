/**
 * This page's own questions, as the browser's Resource Timing has them. Pure.
 */

/** A question that was answered. Times in milliseconds. */
export interface Asked {
  /** When it was sent, since the Unix epoch. */
  atMs: number;
  /** The path, without the query: an account may stand in that. */
  route: string;
  totalMs: number;
  /** What the gate said of it; null: it said nothing, as when it answered nothing or was not asked. */
  gate: { queueMs: number; sePayMs: number; ageMs: number } | null;
}

/** What of a PerformanceResourceTiming is read. */
export interface Timing {
  name: string;
  startTime: number;
  duration: number;
  serverTiming?: readonly { name: string; duration: number }[];
}

/**
 * Where an answer came from. `memory`: it was known, and nobody waited for SePay. `joined`: SePay had been asked before, for
 * somebody else or another tab.
 */
export type Origin = "memory" | "sePay" | "joined" | "unknown";

/** Whether an address is that of a question. The gate view's own looks are none: they would be all that is seen. */
export function isQuestion(url: string): boolean {
  return /^[^?#]*:\/\/[^/?#]+\/api\/(?!status$)/.test(url);
}

/** Reads an entry. `originMs` is when the page's time began, since the Unix epoch. */
export function askedOf({ name, startTime, duration, serverTiming = [] }: Timing, originMs: number): Asked {
  const told = (what: string) => serverTiming.find((entry) => entry.name === what)?.duration;
  const [queueMs, sePayMs, ageMs] = [told("queue"), told("upstream"), told("age")];
  const isTold = queueMs !== undefined && sePayMs !== undefined;
  return {
    atMs: originMs + startTime,
    route: new URL(name).pathname,
    totalMs: Math.max(0, duration),
    gate: isTold ? { queueMs, sePayMs, ageMs: ageMs ?? 0 } : null,
  };
}

/** Where an answer came from, as far as that can be known. */
export function originOf({ gate, totalMs }: Asked): Origin {
  if (gate === null) return "unknown";
  const waitedMs = gate.queueMs + gate.sePayMs;
  if (waitedMs === 0) return "memory";
  // The gate tells in whole milliseconds.
  return waitedMs > totalMs + 2 ? "joined" : "sePay";
}
