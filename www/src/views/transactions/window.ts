/**
 * Which rows of a long list are drawn, and where the keys lead. Pure arithmetic: all rows are equally high.
 */

/** What is on the screen, in CSS pixels. */
export interface Scene {
  /** How far the list's beginning lies above the screen's upper edge; negative: below it. */
  passedPx: number;
  screenPx: number;
  rowPx: number;
  count: number;
}

/** Rows from `first` to before `last`. */
export interface Span {
  first: number;
  last: number;
}

/* Rows drawn beyond the screen, and the step in which the span moves: not every pixel scrolled is a change. */
const BEYOND = 8;
const STEP = 4;

/** The rows to draw, and the one that the tab key leads to: the first, or one that is not under the bar. */
export interface Drawn extends Span {
  stop: number;
}

/**
 * The rows to draw. `now`: those that are drawn. After a leap none of them can stay: only what is seen is drawn at first, so that
 * the leap costs no more than it shows.
 */
export function drawnRows(scene: Scene, now?: Span): Drawn {
  const { first, last } = seenRows(scene);
  // A list that is below the screen shows nothing, and yet the tab key leads to its first row.
  const isLeap = now !== undefined && first < last && (first >= now.last || last <= now.first);
  const beyond = isLeap ? 0 : BEYOND;
  const stop = first === 0 ? 0 : Math.ceil(first / STEP) * STEP + STEP;
  return {
    first: clamp(Math.floor((first - beyond) / STEP) * STEP, scene.count),
    last: clamp(Math.ceil((last + beyond) / STEP) * STEP, scene.count),
    stop: Math.max(0, Math.min(stop, last - 1)),
  };
}

/** Whether two are the same. */
export function isSameDrawn(one: Drawn, other: Drawn): boolean {
  return one.first === other.first && one.last === other.last && one.stop === other.stop;
}

/** The rows of which something is on the screen. */
export function seenRows({ passedPx, screenPx, rowPx, count }: Scene): Span {
  const first = clamp(Math.floor(passedPx / rowPx), count);
  return { first, last: Math.max(first, clamp(Math.ceil((passedPx + screenPx) / rowPx), count)) };
}

/** The rows of a span, and one more that has to be drawn wherever it is (-1: none), in order. */
export function withKept({ first, last }: Span, kept: number): number[] {
  const span = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  if (kept < 0 || (kept >= first && kept < last)) return span;
  return kept < first ? [kept, ...span] : [...span, kept];
}

/** The row that a key leads to; null: the key means something else. `page` is how many rows a screen holds. */
export function rowAfter(key: string, at: number, count: number, page: number): number | null {
  const target = targetOf(key, at, count, page);
  return target === null || count === 0 ? null : Math.min(Math.max(target, 0), count - 1);
}

function targetOf(key: string, at: number, count: number, page: number): number | null {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return at + page;
    case "PageUp":
      return at - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

function clamp(row: number, count: number): number {
  return Math.min(Math.max(row, 0), count);
}
