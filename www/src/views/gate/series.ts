/**
 * What the small charts show of the gate: five series over three minutes. Pure.
 */
import { KEPT_MS } from "./samples.ts";
import type { Point } from "./samples.ts";
import { topFor } from "./spark.ts";
import type { Frame, Spot } from "./spark.ts";

/** The series, in the order in which they are shown. */
export const SERIES = ["calls", "questions", "hits", "queue", "roundTrip"] as const;

/** One of them. */
export type Series = (typeof SERIES)[number];

/** A series over time: what is drawn, and what is said of it. */
export interface Course {
  spots: Spot[];
  frame: Frame;
  /** The last look's value; null: it has none. */
  now: number | null;
  least: number | null;
  most: number | null;
}

/* A chart of small values is not blown up until noise looks like a storm. */
const LEAST_TOP: Record<Series, number> = { calls: 1, questions: 2, hits: 1, queue: 2, roundTrip: 50 };

/** The value of a series at one look. */
export function valueOf(series: Series, { rates, queue, roundTripMs }: Point): number | null {
  if (series === "queue") return queue;
  if (series === "roundTrip") return roundTripMs;
  if (rates === null) return null;
  return { calls: rates.callsPerSec, questions: rates.questionsPerSec, hits: rates.hitRatio }[series];
}

/** A series over the last three minutes. `limit` is the most calls a second that SePay allows. */
export function courseOf(series: Series, points: readonly Point[], limit: number): Course {
  const spots = points.flatMap((point, index) => {
    const spot = { atMs: point.atMs, value: valueOf(series, point) };
    // A gap, after which there are no rates, breaks the lines of the others too.
    return index > 0 && point.rates === null ? [{ atMs: point.atMs, value: null }, spot] : [spot];
  });
  const values = spots.flatMap(({ value }) => (value === null ? [] : [value]));
  const toMs = points.at(-1)?.atMs ?? 0;
  // The limit has to be seen, and a little air above it.
  const least = series === "calls" ? limit * 1.15 : LEAST_TOP[series];
  const top = series === "calls" || series === "hits" ? Math.max(least, ...values) : topFor(values, least);
  return {
    spots,
    frame: { fromMs: toMs - KEPT_MS, toMs, top },
    now: spots.at(-1)?.value ?? null,
    least: values.length === 0 ? null : Math.min(...values),
    most: values.length === 0 ? null : Math.max(...values),
  };
}
