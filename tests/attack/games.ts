// What `npm test` plays once against the built Worker, again and again: who may see what, games with headers, methods,
// origins and tickets, and the search for secrets in all that comes of them.

import { rounds } from "./rounds.ts";
import type { Verdict } from "./rounds.ts";

const FILES = ["worker/matrix", "worker/headers", "worker/cors", "worker/cors-rules", "worker/tickets", "worker/secrets", "browser/cors"];

const ARGS = ["--test", "--test-concurrency=2", ...FILES.map((file) => `tests/${file}.test.ts`)];

/** Plays rounds of them, each with Workers of its own. */
export function games({ seconds }: { seconds: number }): Promise<Verdict> {
  return rounds(seconds, () => ({ program: process.execPath, args: ARGS, round: `the tests ${FILES.join(", ")}` }));
}
