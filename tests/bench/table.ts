/** Reports as text for a terminal and for a README. */

import type { Figure, ScenarioReport, Spread } from "./scenario.ts";

/** A Markdown table, with its columns aligned. */
export function table({ title, figures, notes }: ScenarioReport): string {
  const head = ["", "ours", "peer", "ours : peer"];
  const rows = [head, ...figures.map(cells)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(Math.max(3, width))).join(" | ")} |`;
  const [first = [], ...rest] = rows;
  return [`## ${title}`, "", line(first), rule, ...rest.map(line), "", ...notes.map((note) => `* ${note}`), ""].join("\n");
}

function cells(figure: Figure): string[] {
  const { ours, peer } = figure.systems;
  const name = figure.unit === "" ? figure.label : `${figure.label}, ${figure.unit}`;
  return [name, withSpread(ours), withSpread(peer), ratio(ours.median, peer.median)];
}

function withSpread({ median, min, max, rounds }: Spread): string {
  if (median === null) return "–";
  return rounds.length < 2 || min === max ? number(median) : `${number(median)} (${number(min)}–${number(max)})`;
}

function ratio(ours: number | null, peer: number | null): string {
  return ours === null || peer === null || peer === 0 ? "" : number(ours / peer);
}

/** Three digits, or all of those before the point. */
function number(value: number | null): string {
  if (value === null) return "–";
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 4;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
