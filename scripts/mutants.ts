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

/** A module's file and its submodules' folder. */
const MODULES: Readonly<Record<string, string>> = {
  auth: "worker/src/auth",
  view: "worker/src/view",
  route: "worker/src/route",
  pace: "src/pace",
  schedule: "worker/src/gate/schedule",
};

/** The tests that have to notice, by where a module lives: the pace has its own, the Worker's are quick together. */
const TESTS: Readonly<Record<string, readonly string[]>> = { src: ["--test", "pace"], worker: ["--tests"] };

/** What cargo-mutants ends with when it found them all caught, some missed, or some without end. */
const RAN = [0, 2, 3];

interface Outcome {
  readonly scenario: "Baseline" | { readonly Mutant: { readonly file: string } };
  readonly summary: "CaughtMutant" | "MissedMutant" | "Timeout" | "Unviable" | "Success" | "Failure";
}

function run(home: string, names: readonly string[]): readonly Outcome[] {
  const paths = names.flatMap((name) => MODULES[name] ?? []).filter((path) => path.startsWith(`${home}/`));
  if (paths.length === 0) return [];
  const out = join(ROOT, "target/mutants", home);
  mkdirSync(out, { recursive: true });
  const files = paths.flatMap((path) => ["--file", `${path}.rs`, "--file", `${path}/**/*.rs`]);
  const args = ["mutants", "--workspace", "--output", out, "--no-times", ...files, "--", ...(TESTS[home] ?? [])];
  // Each is compiled to be run once, and has to be noticed, not explained: nobody debugs it.
  const quick = { CARGO_PROFILE_DEV_DEBUG: "0", CARGO_INCREMENTAL: "1", PROPTEST_MAX_SHRINK_ITERS: "0" };
  const env = { ...process.env, ...quick };
  const mutants = spawnSync(ensureMutants(), args, { cwd: ROOT, stdio: ["ignore", 2, 2], env });
  if (!RAN.includes(mutants.status ?? 1)) stop("cargo-mutants could not run; its words stand above.");
  const outcomes = JSON.parse(readFileSync(join(out, "mutants.out/outcomes.json"), "utf8")) as { outcomes: Outcome[] };
  return outcomes.outcomes;
}

function count(outcomes: readonly Outcome[], name: string): { row: Record<string, number>; share: number } {
  const path = MODULES[name];
  const own = outcomes.filter(({ scenario }) => {
    const file = scenario === "Baseline" ? "" : scenario.Mutant.file;
    return file === `${path}.rs` || file.startsWith(`${path}/`);
  });
  const ended = (summary: Outcome["summary"]): number => own.filter((outcome) => outcome.summary === summary).length;
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
const outcomes = Object.keys(TESTS).flatMap((home) => run(home, names));
const counts = Object.fromEntries(names.map((name) => [name, count(outcomes, name)]));
console.table(Object.fromEntries(names.map((name) => [name, counts[name]?.row])));
const short = names.filter((name) => (counts[name]?.share ?? 0) < LEAST_CAUGHT);
if (short.length > 0) stop(`tests catch less than ${LEAST_CAUGHT} % of the mutants of ${short.join(", ")}.`);
