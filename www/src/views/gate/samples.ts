/**
 * What the gate's counters say over time. Pure: two looks at the gate make a rate, three minutes of looks make a chart.
 */
import type { EdgeStatus } from "../../../../src/js/npm/src/edge.ts";

/** How far back the charts reach, in milliseconds. */
export const KEPT_MS = 180_000;

/* Further apart than this, two looks say nothing of what was between them: the page was hidden, or the network away. */
const GAP_MS = 10_000;

/** One look at the gate. Milliseconds since the Unix epoch. */
export interface Sample {
  atMs: number;
  status: EdgeStatus;
}

/** What happened between two looks, per second. */
export interface Rates {
  /** Requests sent to SePay. */
  callsPerSec: number;
  /** Callers who asked, those included who were served in front of the gate. */
  questionsPerSec: number;
  /** The share of them who did not wait for SePay, 0 to 1; null: nobody asked. */
  hitRatio: number | null;
}

/** A look with the rates since the one before. */
export interface Point {
  atMs: number;
  /** null: there is no look shortly before. */
  rates: Rates | null;
  /** Questions that wait for a slot. */
  queue: number;
  roundTripMs: number;
}

/** The looks to keep after one more: those of the last three minutes of the same gate. A gate that began anew begins anew here. */
export function kept(samples: readonly Sample[], added: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && isRestart(last.status, added.status)) return [added];
  return [...samples.filter(({ atMs }) => atMs > added.atMs - KEPT_MS && atMs < added.atMs), added];
}

/** Each look with the rates since the one before. */
export function pointsOf(samples: readonly Sample[]): Point[] {
  return samples.map((sample, index) => {
    const before = samples[index - 1];
    const { queue, roundTripMs } = sample.status;
    return { atMs: sample.atMs, rates: before ? ratesOf(before, sample) : null, queue: queue.questions, roundTripMs };
  });
}

/** The rates between two looks; null when they are too far apart, in the wrong order, or at two lives of the gate. */
export function ratesOf(before: Sample, after: Sample): Rates | null {
  const [old, young] = [before.status, after.status];
  const apartMs = after.atMs - before.atMs;
  // The gate's own clock knows nothing of the way to the page, which is different each time.
  const spanMs = young.uptimeMs - old.uptimeMs;
  if (isRestart(old, young) || apartMs <= 0 || apartMs > GAP_MS || spanMs <= 0) return null;
  const asked = young.calls.demand - old.calls.demand;
  const waited = waitedIn(young) - waitedIn(old);
  return {
    callsPerSec: ((young.calls.sent - old.calls.sent) * 1000) / spanMs,
    questionsPerSec: (asked * 1000) / spanMs,
    // Who waits is counted when it asks, and how it was served later: a short time may hold more of the latter.
    hitRatio: asked === 0 ? null : Math.min(1, Math.max(0, 1 - waited / asked)),
  };
}

/* A gate that was started again counts from 0. */
function isRestart(old: EdgeStatus, young: EdgeStatus): boolean {
  if (young.profile !== old.profile || young.uptimeMs < old.uptimeMs) return true;
  const counts = (status: EdgeStatus) => [status.calls.demand, status.calls.sent, waitedIn(status)];
  const before = counts(old);
  return counts(young).some((count, index) => count < (before[index] ?? 0));
}

/* Those who were not served from what was known. */
function waitedIn({ calls }: EdgeStatus): number {
  return calls.served.asked + calls.served.joined + calls.refused;
}
