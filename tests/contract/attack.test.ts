/** Schemathesis finds nothing: with a key that may everything, and without any. `npm run attack` goes on for longer. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { noPython } from "../python/venv.ts";
import { lineOf, lines } from "../worker/lines.ts";
import type { Site } from "../worker/site.ts";
import { schemathesis } from "./schemathesis.ts";
import type { Wish } from "./schemathesis.ts";
import { EVERYTHING, startTarget } from "./target.ts";

const SEED = 20261119;

/** The fewest requests that the attack with every right is made of. */
const MANY = 1_000;

describe("Schemathesis", { skip: noPython, timeout: 180_000 }, () => {
  let site: Site;
  before(async () => {
    site = await startTarget();
  });
  after(() => site?.close());

  const attack = async (wish: Pick<Wish, "key" | "phases" | "examples">, fewest: number): Promise<void> => {
    const { isClean, requests, tested, selected, report } = await schemathesis({ url: site.url, seed: SEED, ...wish });
    assert.ok(isClean, report);
    assert.equal(tested, selected, report);
    assert.ok(tested >= 18, report);
    assert.ok(requests >= fewest, report);
  };

  describe("finds nothing", { concurrency: true }, () => {
    test("with every right", () => attack({ key: EVERYTHING, phases: ["examples", "coverage", "fuzzing"], examples: 3 }, MANY));

    // Whatever is asked, it is 401: to go through every value, as the coverage phase does, takes its time and shows no more.
    test("without a key", () => attack({ key: null, phases: ["examples", "fuzzing"], examples: 10 }, 150));
  });

  // The sandbox has no faults, so that no failure is SePay's.
  test("and the Worker has failed nowhere", async () => {
    await lineOf(site, await site.ask("/healthz"));
    const all = lines(site);
    assert.ok(all.length >= MANY, `${all.length} lines`);
    const failed = all.filter(({ status }) => status >= 500).map(({ method, route, status }) => `${method} ${route}: ${status}`);
    assert.deepEqual(failed, []);
  });
});
