/**
 * The table of all rows. Only those on the screen are in the document, and the one that has the focus; all of them are counted
 * for those who do not see it (WAI-ARIA, aria-rowcount).
 */
import { Component } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { count } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Transaction } from "../../model.ts";
import { COLUMN_COUNT, Cells, Head } from "./cells.tsx";
import { usePlace } from "./place.ts";
import { rowAfter, withKept } from "./window.ts";
import { dictionary } from "./words.ts";

/* The head is the first row. */
const FIRST_INDEX = 2;
/* What bar, head and navigation hide of a screen, in rows: a page turned must not skip one. */
const HIDDEN_ROWS = 3;

/** What the table shows, and who hears of it. */
export interface GridProps {
  rows: Transaction[];
  /** The ids of rows that came just now. */
  fresh: ReadonlySet<string>;
  /** The row whose details are open; it stays, so that the focus can come back to it. */
  open: Transaction | null;
  onOpen(row: Transaction): void;
  /** The list was scrolled to its end. It has to be the same function each time. */
  onEnd(): void;
}

/** The table. */
export function Grid({ rows, fresh, open, onOpen, onEnd }: GridProps) {
  const w = inWords(dictionary);
  const body = useRef<HTMLTableSectionElement>(null);
  const { drawn, rowPx } = usePlace(body, rows, onEnd);
  const { focused, onKeyDown, onFocusIn, onFocusOut } = useRowFocus(body, rows, rowPx, onOpen);
  const kept = rows.findIndex(({ id }) => id === (focused ?? open?.id));
  const stop = kept < 0 ? drawn.stop : kept;
  const shown = withKept(drawn, kept);
  const onClick = (event: MouseEvent) => {
    const row = rows[indexOf(event.target)];
    // Who marks a text to copy it wants no details.
    if (row && getSelection()?.isCollapsed !== false) onOpen(row);
  };
  return (
    <>
      {shown.length < rows.length && <p class="note print-only">{w.printed(count(shown.length), count(rows.length))}</p>}
      <table class="rows is-long" role="grid" aria-label={w.table} aria-describedby="grid-keys" aria-rowcount={rows.length + 1} aria-colcount={COLUMN_COUNT}>
        <Head />
        <tbody
          id="transaction-rows"
          ref={body}
          role="rowgroup"
          style={{ height: `${rows.length * rowPx}px` }}
          {...{ onClick, onKeyDown, onFocusIn, onFocusOut }}
        >
          {shown.map((index) => {
            const row = rows[index];
            return row && <Row key={row.id} row={row} index={index} rowPx={rowPx} isStop={index === stop} isNew={fresh.has(row.id)} />;
          })}
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  row: Transaction;
  index: number;
  rowPx: number;
  isStop: boolean;
  isNew: boolean;
}

/* Most rows are the same after a step of scrolling, and are then not looked at. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { row, index, rowPx, isStop, isNew } = this.props;
    return row !== next.row || index !== next.index || rowPx !== next.rowPx || isStop !== next.isStop || isNew !== next.isNew;
  }

  override render({ row, index, rowPx, isStop, isNew }: RowProps) {
    return (
      <tr
        role="row"
        class={`is-${row.direction}${isNew ? " is-new" : ""}`}
        aria-rowindex={index + FIRST_INDEX}
        tabIndex={isStop ? 0 : -1}
        style={{ top: `${index * rowPx}px`, height: `${rowPx}px` }}
      >
        <Cells row={row} role="gridcell" />
      </tr>
    );
  }
}

/* The row that has the focus, by its id: it is the same one when others come in above. */
function useRowFocus(body: { current: HTMLElement | null }, rows: Transaction[], rowPx: number, onOpen: (row: Transaction) => void) {
  const [focused, setFocused] = useState<string | null>(null);
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = body.current?.querySelector<HTMLElement>(`[aria-rowindex="${wanted.current + FIRST_INDEX}"]`);
    wanted.current = null;
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest", behavior: "instant" });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = indexOf(event.target);
    const row = rows[at];
    if (!row) return;
    const page = Math.max(1, Math.floor(innerHeight / rowPx) - HIDDEN_ROWS);
    const next = rowAfter(event.key, at, rows.length, page);
    const isOpening = event.key === "Enter" || event.key === " ";
    if (next === null && !isOpening) return;
    event.preventDefault();
    if (next === null) return onOpen(row);
    wanted.current = next;
    setFocused(rows[next]?.id ?? null);
  };
  const onFocusIn = (event: FocusEvent) => setFocused(rows[indexOf(event.target)]?.id ?? null);
  const onFocusOut = (event: FocusEvent) => {
    if (!body.current?.contains(event.relatedTarget as Node | null)) setFocused(null);
  };
  return { focused, onKeyDown, onFocusIn, onFocusOut };
}

function indexOf(target: EventTarget | null): number {
  const row = target instanceof Element ? target.closest("tr") : null;
  return Number(row?.getAttribute("aria-rowindex") ?? 0) - FIRST_INDEX;
}
