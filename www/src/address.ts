/**
 * What the page's address says after its `#`: which view, and how it is narrowed. It reaches no server, and may be shared. The
 * page itself names accounts in it by their id, never by their number; what a person searches for stands in it as it was typed.
 * Pure but for the signal at the end.
 */
import { signal } from "@preact/signals";

/** The views. */
export const VIEWS = ["accounts", "transactions", "paid", "gate"] as const;

/** One of them. */
export type View = (typeof VIEWS)[number];

/** A view and its parameters; each view knows its own and ignores others. */
export interface Address {
  view: View;
  params: Readonly<Record<string, string>>;
}

/** Reads a fragment, `#/transactions?range=7d`. What names no view is the first one. */
export function readAddress(hash: string): Address {
  const [, path = "", query = ""] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  const view = VIEWS.find((name) => name === path) ?? "accounts";
  return { view, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Writes it; parameters that are empty are left out. */
export function writeAddress({ view, params }: Address): string {
  const given = Object.entries(params).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return `#/${view}${query === "" ? "" : `?${query}`}`;
}

/** Where the page is. */
export const address = signal<Address>(readAddress(globalThis.location?.hash ?? ""));

/** Follows the browser's buttons and links. */
export function followAddress(): void {
  addEventListener("hashchange", () => {
    address.value = readAddress(location.hash);
  });
}

/** Goes to a view, as a step that the back button takes back. */
export function goTo(view: View, params: Address["params"] = {}): void {
  location.hash = writeAddress({ view, params });
}

/**
 * Writes how a view is narrowed now, without a step of its own: a letter typed is none. A view that is no longer shown has
 * nothing to say: browsers tell a field that it was left only when it is gone, and then the address is another view's.
 */
export function narrowTo(view: View, params: Address["params"]): void {
  if (readAddress(location.hash).view === view) standAt({ view, params });
}

/** Writes another address in the place of this one, without a step. */
export function standAt(where: Address): void {
  address.value = where;
  try {
    history.replaceState(null, "", writeAddress(where));
  } catch {
    // Some browsers refuse it when letters come quickly; the next one that they take says it all.
  }
}
