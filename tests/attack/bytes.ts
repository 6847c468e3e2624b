// The native properties over arbitrary bytes and arbitrary rights (worker/tests), many times as often as `npm test` tries
// them. What is guided by coverage, and needs a nightly Rust, stands in fuzz/Cargo.toml.

import { spawn } from "node:child_process";
import { once } from "node:events";

import { ROOT } from "../../scripts/tools.ts";

const FILES = ["fuzz_request", "narrowing", "view_answer"];

/** How many times the usual cases make a round. */
const TIMES = 3;

/** The most of what a failing round wrote that is repeated, in characters. */
const MAX_REPORT_CHARS = 8_000;

/** Tries rounds of them, each with the next seed, for so many seconds; the last one is finished. */
export async function arbitraryBytes({ seconds, seed }: { seconds: number; seed: number }): Promise<{ tried: string; found?: string }> {
  const end = performance.now() + seconds * 1_000;
  let rounds = 0;
  do {
    const report = await round(seed + rounds);
    rounds += 1;
    if (report !== undefined) return { tried: said(rounds), found: `with PROPTEST_RNG_SEED=${seed + rounds - 1} ATTACK_TIMES=${TIMES}:\n${report}` };
  } while (performance.now() < end);
  return { tried: said(rounds) };
}

/** Returns what a failing round wrote. */
async function round(seed: number): Promise<string | undefined> {
  const args = ["test", "--locked", "--quiet", "-p", "sepay-worker", "--no-fail-fast", ...FILES.flatMap((file) => ["--test", file])];
  const env = { ...process.env, ATTACK_TIMES: String(TIMES), PROPTEST_RNG_SEED: String(seed), RUST_BACKTRACE: "0" };
  const cargo = spawn("cargo", args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let wrote = "";
  for (const stream of [cargo.stdout, cargo.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (wrote = (wrote + text).slice(-MAX_REPORT_CHARS)));
  const [status] = (await once(cargo, "close")) as [number | null];
  return status === 0 ? undefined : wrote;
}

function said(rounds: number): string {
  return `${rounds} rounds of ${TIMES} times the usual cases`;
}
