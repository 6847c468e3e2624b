/** Keeps the token out of what others throw: an injected `fetch` may put its request, headers included, into its error. */

/** How deep and how far a thrown value is searched; what lies beyond is not kept. */
const MAX_DEPTH = 6;
const MAX_NODES = 2_000;

/** The thrown value itself when the secret is nowhere in it; else an error with its words alone, redacted. */
export function withoutSecret(cause: unknown, secret: string): unknown {
  if (!new Search(secret).finds(cause, 0)) return cause;
  return new Error(wordsOf(cause).replaceAll(secret, "[redacted]"));
}

function wordsOf(cause: unknown): string {
  try {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  } catch {
    return "unknown";
  }
}

class Search {
  readonly #secret: string;
  readonly #seen = new Set<unknown>();

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Also true when it cannot be sure. */
  finds(value: unknown, depth: number): boolean {
    if (typeof value === "string") return value.includes(this.#secret);
    if (value === null || (typeof value !== "object" && typeof value !== "function") || this.#seen.has(value)) return false;
    this.#seen.add(value);
    if (depth > MAX_DEPTH || this.#seen.size > MAX_NODES) return true;
    try {
      return this.#parts(value).some((part) => this.finds(part, depth + 1));
    } catch {
      return true;
    }
  }

  /** What a printed value shows: its own properties, hidden ones too, and what a list of headers or a map holds. */
  #parts(value: object): unknown[] {
    if (ArrayBuffer.isView(value)) return [];
    const own = Reflect.ownKeys(value).map((key) => Reflect.getOwnPropertyDescriptor(value, key)?.value as unknown);
    const stack = value instanceof Error ? [value.stack] : [];
    const isList = "forEach" in value && typeof value.forEach === "function" && !Array.isArray(value);
    const listed: unknown[] = isList ? [...(value as unknown as Iterable<unknown>)] : [];
    return [...own, ...stack, ...listed];
  }
}
