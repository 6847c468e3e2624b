/** Looks at what a caller gave, which may be anything, without trusting or repeating it. */
import { InvalidParameterError, invalid } from "./errors.ts";

/**
 * Reads an object's own properties, each once: a second look at a getter or a Proxy could find something else. Keys
 * whose value is undefined are kept, so that a misspelt one is found whatever it holds.
 */
export function readObject(name: string, given: unknown): Map<string, unknown> {
  if (given === undefined) return new Map();
  try {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      throw invalid(name, `expected an object, found ${kindOf(given)}`);
    }
    const keys = Reflect.ownKeys(given);
    // A Date or a Promise given by mistake must not pass for "no filter at all".
    if (keys.length === 0 && !isPlain(given)) throw invalid(name, "expected a plain object, found another kind of object");
    return new Map(keys.map((key) => [textKey(name, key), Reflect.get(given, key)]));
  } catch (cause) {
    throw cause instanceof InvalidParameterError ? cause : invalid(name, "expected an object that can be read", cause);
  }
}

/** Plain in any realm: its prototype is the root of all. */
function isPlain(object: object): boolean {
  const prototype: object | null = Reflect.getPrototypeOf(object);
  return prototype === null || Reflect.getPrototypeOf(prototype) === null;
}

function textKey(name: string, key: string | symbol): string {
  if (typeof key === "string") return key;
  throw invalid(name, "expected a plain object, found one with a symbol for a name");
}

/** What a value is, in words that do not repeat it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number") return kindOfNumber(value);
  if (typeof value === "object") return Array.isArray(value) ? "an array" : "an object";
  return value === "" ? "an empty text" : `a ${typeof value}`;
}

function kindOfNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : "Infinity";
  if (!Number.isInteger(value)) return "a fraction";
  return Number.isSafeInteger(value) ? "a number" : "a number too large to be exact";
}
