/** Keeps the token out of what others throw: an injected `fetch` may put its request, headers included, into its error. */

/** How deep a thrown value is looked into: an error, its cause, the causes' list, one of them, what it says. */
const MAX_DEPTH = 5;

/** Fewer characters of a token at the end of a text may stand there by chance, and help nobody. */
const MIN_PART = 4;

/** A text without the secret, nor a part of it where the text was cut. */
export function withoutToken(text: string, secret: string): string {
  const whole = text.replaceAll(secret, "[redacted]");
  for (let length = secret.length - 1; length >= MIN_PART; length--) {
    if (whole.endsWith(secret.slice(0, length))) return `${whole.slice(0, -length)}[redacted]`;
  }
  return whole;
}

/** The thrown value itself when it cannot show the secret; else an error with its words alone, redacted. */
export function withoutSecret(cause: unknown, secret: string): unknown {
  try {
    if (isHarmless(cause, secret, 0)) return cause;
  } catch {
    // It does not let itself be looked into.
  }
  return new Error(withoutToken(wordsOf(cause), secret));
}

function wordsOf(cause: unknown): string {
  try {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  } catch {
    return "unknown";
  }
}

/**
 * Whether nothing that prints a value can show the secret. Only what is understood is let through: errors, lists and
 * plain objects, of which every property has a value. What else there is may keep it where nobody sees.
 */
function isHarmless(value: unknown, secret: string, depth: number): boolean {
  if (typeof value === "string" || typeof value === "symbol") return !String(value).includes(secret);
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (depth > MAX_DEPTH || !isUnderstood(value)) return false;
  return Reflect.ownKeys(value).every((key) => {
    const part = key === "stack" ? { value: (value as Error).stack } : Reflect.getOwnPropertyDescriptor(value, key);
    return part !== undefined && "value" in part && isHarmless(key, secret, depth) && isHarmless(part.value, secret, depth + 1);
  });
}

function isUnderstood(value: object): boolean {
  if (Symbol.for("nodejs.util.inspect.custom") in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return value instanceof Error || Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
