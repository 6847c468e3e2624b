/**
 * Keeps a reader's place in a list that grows above it: the row under the bar stays where it was on the screen.
 */
import { seenRows } from "./window.ts";

type Rows = readonly { id: string }[];

interface Anchor {
  id: string;
  /** Where it stood in the document, in CSS pixels. */
  atPx: number;
}

/** Remembers the row at the upper edge, and scrolls by as much as it has moved. */
export class Keeper {
  #anchor: Anchor | null = null;

  /** Takes note of what is seen now. `edgePx`: where the list begins to be hidden, from the screen's upper edge. */
  remember(element: HTMLElement, rows: Rows, rowPx: number, edgePx: number): void {
    const { top } = element.getBoundingClientRect();
    const passedPx = edgePx - top;
    const { first } = seenRows({ passedPx, screenPx: innerHeight, rowPx, count: rows.length });
    const row = rows[first];
    // Whoever sees the list's beginning wants to see what comes in.
    this.#anchor = row && passedPx > 0 ? { id: row.id, atPx: top + scrollY + first * rowPx } : null;
  }

  /** Scrolls, if the row remembered is still there. */
  restore(element: HTMLElement, rows: Rows, rowPx: number): void {
    const anchor = this.#anchor;
    const index = anchor ? rows.findIndex(({ id }) => id === anchor.id) : -1;
    if (!anchor || index < 0) return;
    const atPx = element.getBoundingClientRect().top + scrollY + index * rowPx;
    if (atPx !== anchor.atPx) scrollBy({ top: atPx - anchor.atPx, behavior: "instant" });
  }
}
