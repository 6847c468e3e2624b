/** Schemathesis finds nothing: with a key that may everything, and without any. `npm run attack` goes on for longer. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { noPython } from "../python/venv.ts";
import type { Site } from "../worker/site.ts";
import { schemathesis } from "./schemathesis.ts";
import type { Wish } from "./schemathesis.ts";
import { EVERYTHING, startTarget } from "./target.ts";

const SEED = 20261119;

describe("Schemathesis", { skip: noPython, timeout: 180_000, concurrency: true }, () => {
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

  test("finds nothing with every right", () => attack({ key: EVERYTHING, phases: ["examples", "coverage", "fuzzing"], examples: 3 }, 1_000));

  // Whatever is asked, it is 401: to go through every value, as the coverage phase does, takes its time and shows no more.
  test("finds nothing without a key", () => attack({ key: null, phases: ["examples", "fuzzing"], examples: 10 }, 150));

  test("the Worker has failed nowhere", () => {
    assert.deepEqual(site.logs.filter((line) => /: 5\d\d\b/.test(line)), []);
  });
});
