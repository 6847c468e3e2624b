/**
 * The focus of what goes away: browsers let it fall to the document, and whoever uses the keyboard begins anew.
 */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Given to an element. When that goes with the focus in it, what `next` finds has the focus. */
export function useFocusHandedOn<E extends HTMLElement>(next: (gone: E) => HTMLElement | null): RefObject<E | null> {
  const element = useRef<E>(null);
  useLayoutEffect(() => {
    const gone = element.current;
    // Called while it is still in the document.
    return () => void (gone?.contains(document.activeElement) && focusQuietly(next(gone)));
  }, []);
  return element;
}

/** The heading above an element. */
export function headingAbove(element: HTMLElement): HTMLElement | null {
  const headings = [...document.querySelectorAll<HTMLElement>("main :is(h1, h2)")];
  return headings.findLast((heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) ?? null;
}

function focusQuietly(element: HTMLElement | null): void {
  if (element === null) return;
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
