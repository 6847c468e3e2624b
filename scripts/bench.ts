// `npm run bench`: measures the Worker and the npm package, each beside a peer, and the page; prints tables, and writes everything to a file.
//
//   npm run bench                        all scenarios
//   npm run bench -- hot size            some
//   npm run bench -- --quick             all with tiny numbers: checks that they work, measures nothing
//   npm run bench -- zipf --rate=3000 --rounds=2

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { machineFacts } from "../tests/bench/machine.ts";
import type { Scenario, ScenarioReport, Settings } from "../tests/bench/scenario.ts";
import { clientMemory } from "../tests/bench/scenarios/client-memory.ts";
import { clientRate } from "../tests/bench/scenarios/client-rate.ts";
import { clientRows } from "../tests/bench/scenarios/client-rows.ts";
import { clientStart } from "../tests/bench/scenarios/client-start.ts";
import { clientSync } from "../tests/bench/scenarios/client-sync.ts";
import { fairness } from "../tests/bench/scenarios/fairness.ts";
import { hot } from "../tests/bench/scenarios/hot.ts";
import { oneQuestion } from "../tests/bench/scenarios/one-question.ts";
import { page } from "../tests/bench/scenarios/page.ts";
import { size } from "../tests/bench/scenarios/size.ts";
import { start } from "../tests/bench/scenarios/start.ts";
import { thundering } from "../tests/bench/scenarios/thundering.ts";
import { upstream } from "../tests/bench/scenarios/upstream.ts";
import { zipf } from "../tests/bench/scenarios/zipf.ts";
import { table } from "../tests/bench/table.ts";
import { build } from "./build.ts";
import { say, stop } from "./say.ts";
import { ROOT } from "./tools.ts";

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  size,
  start,
  hot,
  thundering,
  "one-question": oneQuestion,
  upstream,
  fairness,
  zipf,
  page,
  "client-rows": clientRows,
  "client-start": clientStart,
  "client-rate": clientRate,
  "client-memory": clientMemory,
  "client-sync": clientSync,
};

/** Scenarios of the npm package need no Worker; they build what they need. */
const OF_CLIENT = /^client-/;

const DEFAULT_RATE = 5_000;

/** Everything that one run of the bench found out. */
export interface BenchReport {
  readonly at: string;
  readonly machine: ReturnType<typeof machineFacts>;
  readonly settings: Settings;
  readonly scenarios: Readonly<Record<string, ScenarioReport>>;
}

/** Runs scenarios one after the other; `onReport` is told of each as soon as it is over. */
export async function runBench(
  names: readonly string[],
  settings: Settings,
  onReport: (report: ScenarioReport) => void = () => {},
): Promise<BenchReport> {
  const machine = machineFacts();
  const scenarios: Record<string, ScenarioReport> = {};
  for (const name of names) {
    const scenario = SCENARIOS[name];
    if (scenario === undefined) throw new Error(`no scenario ${name}; there are ${Object.keys(SCENARIOS).join(", ")}`);
    scenarios[name] = await scenario(settings);
    onReport(scenarios[name]);
  }
  return { at: new Date().toISOString(), machine, settings, scenarios };
}

function positive(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,6}$/.test(text)) stop(`--${name} should be a whole number from 1.`);
  return Number(text);
}

async function main(): Promise<void> {
  const options = { quick: { type: "boolean", default: false }, rounds: { type: "string" }, rate: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.find((name) => !(name in SCENARIOS));
  if (unknown !== undefined) stop(`there is no scenario '${unknown}'; there are ${Object.keys(SCENARIOS).join(", ")}.`);
  const ratePerSecond = positive("rate", values.rate) ?? DEFAULT_RATE;
  const settings = { quick: values.quick, rounds: positive("rounds", values.rounds), ratePerSecond };
  const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
  if (names.some((name) => !OF_CLIENT.test(name))) await build();
  const report = await runBench(names, settings, (each) => console.log(table(each)));
  console.log(Object.entries(report.machine).map(([name, value]) => `${name}: ${value}`).join(" · "));
  const folder = join(ROOT, "tests/bench/results");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "latest.json"), `${JSON.stringify(report, null, 2)}\n`);
  say("everything is in tests/bench/results/latest.json.");
}

if (import.meta.main) await main();
