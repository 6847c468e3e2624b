// `npm run attack`: attacks on a Worker of its own, one after the other, for longer than `npm test` has time for.
// --seconds N for each (60 unless given), --seed N (from the clock unless given), --only NAME.

import { parseArgs } from "node:util";

import { arbitraryBytes } from "../tests/attack/bytes.ts";
import { games } from "../tests/attack/games.ts";
import type { Verdict } from "../tests/attack/rounds.ts";
import { schemathesis } from "../tests/contract/schemathesis.ts";
import { EVERYTHING, LIMITED, startTarget } from "../tests/contract/target.ts";
import type { Site } from "../tests/worker/site.ts";
import { build } from "./build.ts";
import { stop } from "./say.ts";

/** How to attack. */
interface Wish {
  readonly seconds: number;
  readonly seed: number;
}

/** One way to attack. */
interface Attack {
  readonly name: string;
  run(site: Site, wish: Wish): Promise<Verdict>;
}

const ATTACKS: readonly Attack[] = [
  { name: "contract", run: (site, wish) => byContract(site, wish, EVERYTHING) },
  { name: "contract-limited", run: (site, wish) => byContract(site, wish, LIMITED) },
  { name: "contract-without-key", run: (site, wish) => byContract(site, wish, null) },
  { name: "arbitrary-bytes", run: (_, wish) => arbitraryBytes(wish) },
  { name: "games", run: (_, wish) => games(wish) },
];

/** Requests that the contract allows and requests that it forbids. */
async function byContract({ url }: Site, { seconds, seed }: Wish, key: string | null): Promise<Verdict> {
  const { isClean, requests, tested, report } = await schemathesis({ url, key, phases: ["examples", "coverage", "fuzzing"], examples: 1_000, seed, seconds });
  const tried = `${requests} requests to ${tested} routes`;
  return isClean ? { tried } : { tried, found: report };
}

function number(text: string | undefined, name: string, fallback: number): number {
  const read = Number(text ?? fallback);
  if (!Number.isSafeInteger(read) || read < 1) stop(`--${name} should be a whole number from 1 on.`);
  return read;
}

async function main(): Promise<void> {
  const options = { seconds: { type: "string" }, seed: { type: "string" }, only: { type: "string" } } as const;
  const { values } = parseArgs({ options });
  const wish = { seconds: number(values.seconds, "seconds", 60), seed: number(values.seed, "seed", Date.now() % 1_000_000_000) };
  const chosen = ATTACKS.filter(({ name }) => values.only === undefined || values.only === name);
  if (chosen.length === 0) stop(`--only takes one of ${ATTACKS.map(({ name }) => name).join(", ")}.`);
  await build();
  let found = 0;
  for (const attack of chosen) {
    const site = await startTarget();
    const verdict = await attack.run(site, wish).finally(() => site.close());
    console.log(`${attack.name}: ${verdict.tried}, ${verdict.found === undefined ? "nothing found" : "FOUND"} (seed ${wish.seed})`);
    if (verdict.found !== undefined) {
      console.log(verdict.found);
      found += 1;
    }
  }
  if (found > 0) process.exitCode = 1;
}

await main();
