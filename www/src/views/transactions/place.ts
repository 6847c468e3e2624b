/**
 * Where a long list stands on the screen: which of its rows are drawn. The part of the list that measures.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";
import { Keeper } from "./keeper.ts";
import { drawnRows, isSameDrawn, seenRows } from "./window.ts";
import type { Drawn, Scene } from "./window.ts";

/* The heights of a row as rows.css lays it out, in rem. */
const WIDE_REM = 3.5;
const NARROW_REM = 6.25;
const NARROW = "(max-width: 52rem)";
/* What is under the bar is not seen. */
const BAR_REM = 3.75;

/* After a leap the rows beyond the screen are drawn when nothing moves. */
const REST_MS = 100;

/** What is drawn, and how high a row is in CSS pixels. */
export interface Place {
  drawn: Drawn;
  rowPx: number;
}

/** Follows the list in `body`. `onEnd` hears that a reader scrolled to its end. */
export function usePlace(body: RefObject<HTMLElement | null>, rows: readonly { id: string }[], onEnd: () => void): Place {
  const [rowPx, setRowPx] = useState(rowHeightPx);
  const [drawn, setDrawn] = useState<Drawn>(() => drawnRows({ passedPx: 0, screenPx: innerHeight, rowPx, count: rows.length }));
  const keeper = useRef(new Keeper()).current;
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const look = (): Scene | null => {
    const element = body.current;
    if (!element) return null;
    const scene = { passedPx: -element.getBoundingClientRect().top, screenPx: innerHeight, rowPx, count: rows.length };
    const draw = () =>
      setDrawn((now) => {
        const next = drawnRows(scene, now);
        return isSameDrawn(now, next) ? now : next;
      });
    draw();
    clearTimeout(rest.current);
    rest.current = setTimeout(draw, REST_MS);
    keeper.remember(element, rows, rowPx, BAR_REM * rootPx());
    return scene;
  };
  const settle = () => {
    if (body.current) keeper.restore(body.current, rows, rowPx);
    look();
  };
  useLayoutEffect(settle, [rows, rowPx]);
  useEffect(() => {
    const stop = new AbortController();
    const onScroll = () => {
      const scene = look();
      if (scene && isAtEnd(scene)) onEnd();
    };
    addEventListener("scroll", onScroll, { passive: true, signal: stop.signal });
    // The parts above the list come and go, and the window may become another.
    const observer = new ResizeObserver(() => {
      setRowPx(rowHeightPx());
      settle();
    });
    observer.observe(document.body);
    return () => {
      clearTimeout(rest.current);
      stop.abort();
      observer.disconnect();
    };
  }, [rows, rowPx, onEnd]);
  return { drawn, rowPx };
}

/* A list that fits the screen was not scrolled. */
function isAtEnd(scene: Scene): boolean {
  return scene.count * scene.rowPx > scene.screenPx && seenRows(scene).last >= scene.count;
}

function rowHeightPx(): number {
  return Math.round((matchMedia(NARROW).matches ? NARROW_REM : WIDE_REM) * rootPx());
}

function rootPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
