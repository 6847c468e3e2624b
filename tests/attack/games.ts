// What `npm test` plays once against the built Worker, again and again: who may see what, games with headers, methods,
// origins and tickets, and the search for secrets in all that comes of them.

import { rounds } from "./rounds.ts";
import type { Verdict } from "./rounds.ts";

const FILES = ["matrix", "headers", "cors", "cors-rules", "tickets", "secrets"];

const ARGS = ["--test", "--test-concurrency=2", ...FILES.map((file) => `tests/worker/${file}.test.ts`)];

/** Plays rounds of them, each with Workers of its own. */
export function games({ seconds }: { seconds: number }): Promise<Verdict> {
  return rounds(seconds, () => ({ program: process.execPath, args: ARGS, round: `the tests ${FILES.join(", ")}` }));
}
