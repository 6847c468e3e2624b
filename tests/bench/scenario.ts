/** What every scenario is given and gives, and the rounds in which the two systems take turns. */

import { say } from "../../scripts/say.ts";
import { SYSTEMS } from "./site.ts";
import type { System } from "./site.ts";

/** How a bench is run. */
export interface Settings {
  /** Tiny numbers: checks that everything works, and measures nothing. */
  readonly quick: boolean;
  /** How many rounds each scenario takes; null: what it thinks right. */
  readonly rounds: number | null;
  /** Questions a second in `zipf`. */
  readonly ratePerSecond: number;
}

/** What a number means. */
export interface FigureKind {
  readonly label: string;
  readonly unit: "" | "%" | "/s" | "kB" | "ms" | "s";
}

/** The measured values of one round; null where there was nothing to measure. */
export type Values<Key extends string> = Readonly<Record<Key, number | null>>;

/** The rounds of one system, summed up. */
export interface Spread {
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly rounds: readonly (number | null)[];
}

/** One line of a table. */
export interface Figure extends FigureKind {
  readonly key: string;
  readonly systems: Readonly<Record<System, Spread>>;
}

/** What came of a scenario. */
export interface ScenarioReport {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** What a reader must know to read the figures. */
  readonly notes: readonly string[];
}

/** A scenario. */
export type Scenario = (settings: Settings) => Promise<ScenarioReport>;

/** How two systems are compared. */
export interface Comparison<Key extends string> {
  readonly title: string;
  readonly figures: Readonly<Record<Key, FigureKind>>;
  readonly rounds: number;
  /** Default both; ours alone where there is nothing to compare with. */
  readonly systems?: readonly System[];
  readonly notes?: readonly string[];
  measure(system: System): Promise<Values<Key>>;
}

/** Measures the systems in turns, beginning with the other one in every other round. */
export async function compare<Key extends string>(settings: Settings, comparison: Comparison<Key>): Promise<ScenarioReport> {
  const { systems = SYSTEMS } = comparison;
  const rounds = settings.rounds ?? (settings.quick ? 1 : comparison.rounds);
  const measured: Record<System, Values<Key>[]> = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const system of round % 2 === 0 ? systems : systems.toReversed()) {
      say(`${comparison.title}: round ${round + 1} of ${rounds}, ${system} …`);
      measured[system].push(await comparison.measure(system));
    }
  }
  const keys = Object.keys(comparison.figures) as Key[];
  const figures = keys.map((key): Figure => {
    const of = (system: System): Spread => spread(measured[system].map((values) => values[key]));
    return { key, ...comparison.figures[key], systems: { ours: of("ours"), peer: of("peer") } };
  });
  return { title: comparison.title, figures, notes: comparison.notes ?? [] };
}

function spread(rounds: readonly (number | null)[]): Spread {
  const sorted = rounds.filter((value) => value !== null).sort((left, right) => left - right);
  return { median: median(sorted), min: sorted[0] ?? null, max: sorted.at(-1) ?? null, rounds };
}

/** The median of sorted values; null of none. */
export function median(sorted: readonly number[]): number | null {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
