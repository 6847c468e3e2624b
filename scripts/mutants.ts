// `npm run mutants`: breaks what decides in each of its small ways and asks whether a native test notices (cargo-mutants).
//
//   npm run mutants                        every module of the table below, about half an hour on two cores
//   npm run mutants -- pace schedule       these only
//
// Which changes are none stands in .cargo/mutants.toml; what became of each mutant is left in target/mutants.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { say, stop } from "./say.ts";
import { ROOT, ensureMutants } from "./tools.ts";

/** Below this share of caught mutants, in percent, a module has too few tests. */
const LEAST_CAUGHT = 90;

interface Module {
  /** The file without its ending, which is also the folder of its submodules. */
  readonly path: string;
  /** The tests that have to notice, as `cargo test` takes them: no others are compiled and run for each mutant. */
  readonly tests: readonly string[];
}

const MODULES: Readonly<Record<string, Module>> = {
  auth: { path: "worker/src/auth", tests: ["--lib", "--test=ticket", "--test=narrowing"] },
  view: { path: "worker/src/view", tests: ["--test=view_answer", "--test=narrowing"] },
  route: { path: "worker/src/route", tests: ["--lib", "--test=routes"] },
  pace: { path: "src/pace", tests: ["--test=pace"] },
  schedule: { path: "worker/src/gate/schedule", tests: ["--tests"] },
};

/** What cargo-mutants ends with when it found them all caught, some missed, or some without end. */
const RAN = [0, 2, 3];

interface Outcome {
  readonly summary: "CaughtMutant" | "MissedMutant" | "Timeout" | "Unviable" | "Success" | "Failure";
}

function run(name: string, { path, tests }: Module): readonly Outcome[] {
  const out = join(ROOT, "target/mutants", name);
  mkdirSync(out, { recursive: true });
  const files = ["--file", `${path}.rs`, "--file", `${path}/**/*.rs`];
  // What stands behind `--` would choose what is run, but not what is compiled.
  const only = tests.map((test) => `--cargo-arg=${test}`);
  const args = ["mutants", "--workspace", "--output", out, "--no-times", ...files, ...only];
  // Each is compiled to be run once, and has to be noticed, not explained: nobody debugs it.
  const quick = { CARGO_PROFILE_DEV_DEBUG: "0", CARGO_INCREMENTAL: "1", PROPTEST_MAX_SHRINK_ITERS: "0" };
  const env = { ...process.env, ...quick };
  const mutants = spawnSync(ensureMutants(), args, { cwd: ROOT, stdio: ["ignore", 2, 2], env });
  if (!RAN.includes(mutants.status ?? 1)) stop("cargo-mutants could not run; its words stand above.");
  const outcomes = JSON.parse(readFileSync(join(out, "mutants.out/outcomes.json"), "utf8")) as { outcomes: Outcome[] };
  return outcomes.outcomes;
}

function count(outcomes: readonly Outcome[]): { row: Record<string, number>; share: number } {
  const ended = (summary: Outcome["summary"]): number => outcomes.filter((one) => one.summary === summary).length;
  const [caught, missed, timeouts] = [ended("CaughtMutant"), ended("MissedMutant"), ended("Timeout")];
  const mutants = caught + missed + timeouts;
  // A test that never ends tells nobody what is wrong: it counts as missed.
  const share = mutants === 0 ? 0 : (100 * caught) / mutants;
  return { row: { mutants, caught, missed, timeouts, "caught %": Math.floor(share * 10) / 10 }, share };
}

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in MODULES));
if (unknown !== undefined) stop(`'${unknown}' is not one of ${Object.keys(MODULES).join(", ")}.`);
const names = named.length > 0 ? named : Object.keys(MODULES);
say(`breaking ${names.join(", ")}; each mutant takes some seconds …`);
const chosen = Object.entries(MODULES).filter(([name]) => names.includes(name));
const counts = Object.fromEntries(chosen.map(([name, module]) => [name, count(run(name, module))]));
console.table(Object.fromEntries(names.map((name) => [name, counts[name]?.row])));
const short = names.filter((name) => (counts[name]?.share ?? 0) < LEAST_CAUGHT);
if (short.length > 0) stop(`tests catch less than ${LEAST_CAUGHT} % of the mutants of ${short.join(", ")}.`);
