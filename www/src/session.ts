/**
 * The edge key: kept for this tab only, in no URL and in no cookie.
 */

const NAME = "sepay-edge.key";

/* Storage may be switched off; the key then lives as long as the document. */
let held: string | null = null;

/** The key of this tab, if there is one. */
export function readKey(): string | null {
  return held ?? inStorage((storage) => storage.getItem(NAME));
}

/** Keeps the key for this tab. */
export function keepKey(key: string): void {
  held = key;
  inStorage((storage) => storage.setItem(NAME, key));
}

/** Forgets the key. */
export function forgetKey(): void {
  held = null;
  inStorage((storage) => storage.removeItem(NAME));
}

/** Takes what a person pasted: without the blanks around it, and null when it cannot stand in a header. */
export function cleanKey(typed: string): string | null {
  const key = typed.trim();
  return /^[\x21-\x7e]+$/.test(key) ? key : null;
}

function inStorage<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}
