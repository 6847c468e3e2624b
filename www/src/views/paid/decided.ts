/**
 * What a person decided on payments that may be an order's. Kept for the order as long as the tab is signed in, whatever else
 * is looked at meanwhile.
 */
import { useState } from "preact/hooks";
import type { Store } from "../../state/store.ts";

/** Ids of payments. */
type Ids = ReadonlySet<string>;

const NONE: Ids = new Set();
const decisions = new WeakMap<Store, Map<string, Ids>>();

/** The payments on which somebody decided, and how one is decided on, or no longer. The code stays the same while it is drawn. */
export function useDecided(store: Store, code: string): [ids: Ids, toggle: (id: string) => void] {
  const ofStore = decisions.get(store) ?? new Map<string, Ids>();
  decisions.set(store, ofStore);
  // As it is written: in another writing of the code the same payment may be in doubt for another reason.
  const [ids, setIds] = useState(ofStore.get(code) ?? NONE);
  const toggle = (id: string) => {
    const next = toggled(ids, id);
    ofStore.set(code, next);
    setIds(next);
  };
  return [ids, toggle];
}

function toggled(ids: Ids, id: string): Ids {
  const others = [...ids].filter((one) => one !== id);
  return new Set(ids.has(id) ? others : [...others, id]);
}
