// The native properties over arbitrary bytes and arbitrary rights (worker/tests), many times as often as `npm test` tries
// them. What is guided by coverage, and needs a nightly Rust, stands in fuzz/Cargo.toml.

import { rounds } from "./rounds.ts";
import type { Verdict } from "./rounds.ts";

/** The last has as many cases as ever, each round others. */
const FILES = ["fuzz_request", "narrowing", "view_answer", "ticket"];

const ARGS = ["test", "--locked", "--quiet", "-p", "sepay-worker", "--no-fail-fast", ...FILES.flatMap((file) => ["--test", file])];

/** How many times the usual cases make a round. */
const TIMES = 3;

/** Tries rounds of them, each with the next seed. */
export function arbitraryBytes({ seconds, seed }: { seconds: number; seed: number }): Promise<Verdict> {
  return rounds(seconds, (index) => ({
    program: "cargo",
    args: ARGS,
    settings: { ATTACK_TIMES: String(TIMES), PROPTEST_RNG_SEED: String(seed + index), RUST_BACKTRACE: "0" },
    round: `${TIMES} times the usual cases`,
  }));
}
