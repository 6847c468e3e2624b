/**
 * How the list is narrowed, as the page's address carries it. Pure. What makes no sense in an address is dropped: it may
 * have been typed, cut or made up.
 */
import { QUICK_RANGES, quickRange } from "../../days.ts";
import type { Day, DayRange, QuickRange } from "../../days.ts";
import { inOrder, readAmount, readDay } from "../../given.ts";

/** What is wanted; null: anything. */
export interface Filters {
  /** SePay's id of the account. */
  account: string | null;
  /** Days by name; then `from` and `to` are null. */
  range: QuickRange | null;
  from: Day | null;
  to: Day | null;
  /** Whole VND that moved, whichever way. */
  min: number | null;
  max: number | null;
  direction: "in" | "out" | null;
  /** The bank's reference, exactly. */
  reference: string | null;
  /** Words that have to be somewhere in the row. */
  text: string | null;
}

/** Filters as a person sees them: days are one, amounts are one. */
export const FILTER_NAMES = ["text", "account", "direction", "dates", "amounts", "reference"] as const;

/** One of them. */
export type FilterName = (typeof FILTER_NAMES)[number];

/** Nothing is narrowed. */
export const NO_FILTERS: Filters = {
  account: null,
  range: null,
  from: null,
  to: null,
  min: null,
  max: null,
  direction: null,
  reference: null,
  text: null,
};

const PARTS: Record<FilterName, readonly (keyof Filters)[]> = {
  text: ["text"],
  account: ["account"],
  direction: ["direction"],
  dates: ["range", "from", "to"],
  amounts: ["min", "max"],
  reference: ["reference"],
};

/* What the Worker takes for a reference. */
const LONGEST_TEXT = 128;

/** Reads the parameters of an address. */
export function readFilters(params: Readonly<Record<string, string>>): Filters {
  const range = QUICK_RANGES.find((name) => name === params["range"]) ?? null;
  const dir = params["dir"];
  return {
    account: /^\d{1,20}$/.test(params["account"] ?? "") ? (params["account"] ?? null) : null,
    range,
    from: range ? null : readDay(params["from"]),
    to: range ? null : readDay(params["to"]),
    min: readAmount(params["min"]),
    max: readAmount(params["max"]),
    direction: dir === "in" || dir === "out" ? dir : null,
    reference: readText(params["ref"]),
    text: readText(params["q"]),
  };
}

/** Writes them as the parameters of an address. */
export function writeFilters(filters: Filters): Record<string, string> {
  const named = {
    account: filters.account,
    range: filters.range,
    from: filters.from,
    to: filters.to,
    min: filters.min,
    max: filters.max,
    dir: filters.direction,
    ref: filters.reference,
    q: filters.text,
  };
  const given = Object.entries(named).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

/** Those that narrow something, in the order in which they stand on the page. */
export function activeIn(filters: Filters): FilterName[] {
  return FILTER_NAMES.filter((name) => PARTS[name].some((part) => filters[part] !== null));
}

/** The same without one of them. */
export function without(filters: Filters, name: FilterName): Filters {
  return { ...filters, ...Object.fromEntries(PARTS[name].map((part) => [part, null])) };
}

/** The days that are meant on a day. Whoever gives the later one first means the days between. */
export function daysOf({ range, from, to }: Filters, today: Day): DayRange {
  if (range !== null) return quickRange(range, today);
  const [first, last] = inOrder(from, to);
  return { from: first, to: last };
}

/** The amounts that are meant, the smaller one first. */
export function amountsOf(filters: Filters): { min: number | null; max: number | null } {
  const [min, max] = inOrder(filters.min, filters.max);
  return { min, max };
}

/** Makes a text fit to be searched for: no control characters, no blanks at its ends, not too long; null: nothing is left. */
export function readText(text: string | undefined): string | null {
  const characters = [...(text ?? "").replace(/[\p{Cc}\uFFFD]/gu, " ").trim()].slice(0, LONGEST_TEXT);
  return characters.join("").trim() || null;
}
