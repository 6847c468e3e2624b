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

/** The rows to draw. */
export function drawnRows(scene: Scene): Span {
  const { first, last } = seenRows(scene);
  return {
    first: clamp(Math.floor((first - BEYOND) / STEP) * STEP, scene.count),
    last: clamp(Math.ceil((last + BEYOND) / STEP) * STEP, scene.count),
  };
}

/** The row that the tab key leads to while none has the focus: one that is on the screen, given the rows drawn. */
export function tabStop({ first, last }: Span): number {
  return first === 0 ? 0 : Math.min(first + BEYOND + STEP, last - 1);
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
  const target = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  }[key];
  return target === undefined || count === 0 ? null : Math.min(Math.max(target, 0), count - 1);
}

function clamp(row: number, count: number): number {
  return Math.min(Math.max(row, 0), count);
}
