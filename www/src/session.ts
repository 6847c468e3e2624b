/**
 * The edge key: kept for this tab only, in no URL and in no cookie. A browser that copies a tab copies its key too; the copies
 * are one session and end together.
 */

const NAME = "sepay-edge.key";
/* A random name that the copies of a tab share. It opens nothing. */
const SESSION_NAME = "sepay-edge.session";

/* Storage may be switched off; the key then lives as long as the document. */
let held: string | null = null;
const channel = openChannel();

/** The key of this tab, if there is one. */
export function readKey(): string | null {
  return held ?? inStorage((storage) => storage.getItem(NAME));
}

/** Keeps the key for this tab. */
export function keepKey(key: string): void {
  held = key;
  inStorage((storage) => {
    storage.setItem(NAME, key);
    storage.setItem(SESSION_NAME, crypto.getRandomValues(new Uint32Array(4)).join("-"));
  });
}

/** Forgets the key. */
export function forgetKey(): void {
  held = null;
  inStorage((storage) => {
    storage.removeItem(NAME);
    storage.removeItem(SESSION_NAME);
  });
}

/** Tells the copies of this tab that its person has signed out. */
export function tellSignedOut(): void {
  const session = readSession();
  if (session !== null) channel?.postMessage(session);
}

/** Hears of it in a copy. */
export function onSignedOut(heard: () => void): void {
  channel?.addEventListener("message", ({ data }) => {
    if (data === readSession()) heard();
  });
}

/* Some browsers refuse it together with storage. */
function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel(SESSION_NAME);
  } catch {
    return null;
  }
}

function readSession(): string | null {
  return inStorage((storage) => storage.getItem(SESSION_NAME));
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
