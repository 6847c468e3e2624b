/**
 * The figures of one day, or of all days together, as they are read out beside the charts. Pure but for the language.
 */
import { inWords } from "../../i18n.ts";
import { plainDay } from "../../days.ts";
import type { Day } from "../../days.ts";
import { longDay } from "./axis.ts";
import type { Daily, Flow } from "./daily.ts";
import { dictionary } from "./words.ts";

/** What moved on a day, by its place; null: all days together. null: it may not be said. */
export function flowAt({ flows, total }: Daily, at: number | null): Flow | null {
  if (typeof flows === "string") return null;
  return at === null ? total : (flows[at] ?? null);
}

/** What was left at the end of a day, by its place; null: of the last one. null: it may not be said. */
export function balanceAt({ balances }: Daily, at: number | null): number | null {
  if (typeof balances === "string") return null;
  return balances.at(at ?? -1) ?? null;
}

/** Writes a day, or the first and the last of them. */
export function spanText(days: readonly Day[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return "";
  return first === last ? longDay(first) : inWords(dictionary).span(plainDay(first), plainDay(last));
}
