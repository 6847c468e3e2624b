/**
 * What a view writes in the document's title while it is shown: a tab in the background then says how things stand.
 */
import { signal } from "@preact/signals";

/** Stands before the page's own title; empty: nothing. */
export const titlePrefix = signal("");
