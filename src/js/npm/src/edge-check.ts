/**
 * Checks what a caller gives the edge client, and writes parameters as a query. It knows the names of options; those of
 * parameters are the Worker's to judge, which names the nearest right one.
 */
import { invalid } from "./errors.ts";

/** What an option must be, in words and as a test, and its value when it is not given: undefined leaves it out. */
type Rule = readonly [expected: string, fits: (value: unknown) => boolean, usual?: unknown];

/** The options there are, by name. */
export type Rules = Readonly<Record<string, Rule>>;

/** A whole number within bounds; `usual` when it is not given, if there is one. */
export function between(min: number, max: number, usual?: number): Rule {
  const fits = (value: unknown) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return [`expected a whole number from ${min} to ${max}`, fits, usual];
}

/** A text of this form, which must be given: null is none. */
export function text(expected: string, form: RegExp): Rule {
  return [expected, (value) => typeof value === "string" && form.test(value), null];
}

/** Reads each option once, and refuses names that do not exist and values that do not fit. */
export function checked(given: unknown, rules: Rules): Record<string, unknown> {
  const options = objectOf("options", given);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(rules, name)) throw invalid(name, `unknown option; there are ${Object.keys(rules).join(", ")}`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, [expected, fits, usual]] of Object.entries(rules)) {
    const { [name]: value = usual } = options;
    if (value !== undefined && !fits(value)) throw invalid(name, expected);
    read[name] = value;
  }
  return read;
}

/** Writes parameters as a query, with its question mark. */
export function queryOf(given: unknown): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(objectOf("params", given))) {
    if (value !== undefined) query.set(name, textOf(name, value));
  }
  const text = `${query}`;
  return text && `?${text}`;
}

/** Writes one value as the Worker reads it. */
export function textOf(name: string, value: unknown): string {
  // Beyond 2^53 a number is not the one that was written; NaN and infinities fail likewise.
  const isExact = typeof value === "number" && Math.abs(value) < 2 ** 53;
  if (isExact || typeof value === "string" || typeof value === "bigint") return `${value}`;
  try {
    return (value as Date).toISOString();
  } catch {
    throw invalid(name, "expected text, an exact number, a bigint or a Date");
  }
}

function objectOf(name: string, given: unknown = {}): Record<string, unknown> {
  if (typeof given !== "object" || !given) throw invalid(name, "expected an object");
  return given as Record<string, unknown>;
}
