/**
 * Finds the elements that index.html promises.
 */

/** The element of this id, or an error that names it: index.html and the script do not fit then. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} with the id ${id}`);
}
