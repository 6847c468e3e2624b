/** Who is asking. Only hashes of keys are configured. */

export interface Caller {
  readonly id: string;
  readonly sha256: string;
  readonly scopes: readonly string[];
  readonly accounts?: readonly string[];
  readonly expires?: string;
}

const MOST_KNOWN = 1_000;

export class Keys {
  readonly #byHash: Map<string, Caller>;
  /** Keys that were right before, so that they need no hash again. */
  readonly #known = new Map<string, Caller>();

  constructor(text: string) {
    const callers = JSON.parse(text || "[]") as Caller[];
    this.#byHash = new Map(callers.map((caller) => [caller.sha256.toLowerCase(), caller]));
  }

  async caller(authorization: string | undefined, nowMs: number): Promise<Caller | null> {
    const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization ?? "")?.[1];
    if (key === undefined) return null;
    const caller = this.#known.get(key) ?? this.#byHash.get(await sha256Hex(key));
    if (caller === undefined || (caller.expires !== undefined && nowMs >= Date.parse(caller.expires))) return null;
    if (this.#known.size < MOST_KNOWN) this.#known.set(key, caller);
    return caller;
  }
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
