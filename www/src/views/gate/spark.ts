/**
 * The lines of the small charts, as SVG paths. Pure. Time goes from left to right, 0 lies at the bottom.
 */

/** The charts' box, in the units of their paths. */
export const WIDTH = 200;
export const HEIGHT = 48;

/* Room for half of a line's thickness. */
const INSET = 2;

/** A value at a time, milliseconds since the Unix epoch; null: there is none, and the line is broken. */
export interface Spot {
  atMs: number;
  value: number | null;
}

/** What is shown: a span of time, and the value at the top. */
export interface Frame {
  fromMs: number;
  toMs: number;
  top: number;
}

/** The paths of a line and of the ground below it. A value without neighbours is a dot. */
export function pathsOf(spots: readonly Spot[], frame: Frame): { line: string; ground: string } {
  const runs = runsOf(spots.filter(({ atMs }) => atMs >= frame.fromMs && atMs <= frame.toMs));
  const drawn = runs.map((run) => run.map(({ atMs, value }) => [xOf(atMs, frame), yOf(value, frame.top)] as const));
  return {
    line: drawn.map((points) => `M${(points.length === 1 ? [...points, ...points] : points).map(pair).join("L")}`).join(""),
    ground: drawn
      .filter((points) => points.length > 1)
      .map((points) => `M${(points[0] as Place)[0]},${HEIGHT}L${points.map(pair).join("L")}L${(points.at(-1) as Place)[0]},${HEIGHT}Z`)
      .join(""),
  };
}

/** Where a value lies, from above. */
export function yOf(value: number, top: number): number {
  const share = top > 0 ? Math.min(1, Math.max(0, value / top)) : 0;
  return rounded(HEIGHT - INSET - share * (HEIGHT - 2 * INSET));
}

/** The value at the top of a chart: 1, 2 or 5 times a power of ten, not below any value. */
export function topFor(values: readonly number[], least: number): number {
  const largest = Math.max(least, ...values);
  const power = 10 ** Math.floor(Math.log10(largest));
  const factor = [1, 2, 5, 10].find((times) => times * power >= largest * (1 - 1e-9)) ?? 10;
  return factor * power;
}

type Place = readonly [x: number, y: number];

interface Value {
  atMs: number;
  value: number;
}

/* The values without a break. */
function runsOf(spots: readonly Spot[]): Value[][] {
  const runs: Value[][] = [];
  let run: Value[] | null = null;
  for (const { atMs, value } of spots) {
    if (value === null) run = null;
    else if (run) run.push({ atMs, value });
    else runs.push((run = [{ atMs, value }]));
  }
  return runs;
}

function xOf(atMs: number, { fromMs, toMs }: Frame): number {
  return rounded(((atMs - fromMs) / Math.max(1, toMs - fromMs)) * WIDTH);
}

function pair([x, y]: Place): string {
  return `${x},${y}`;
}

function rounded(number: number): number {
  return Math.round(number * 10) / 10;
}
