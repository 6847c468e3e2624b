/** Schemathesis finds nothing: with a key that may everything, and without any. `npm run attack` goes on for longer. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { noPython } from "../python/venv.ts";
import type { Site } from "../worker/site.ts";
import { schemathesis } from "./schemathesis.ts";
import { EVERYTHING, startTarget } from "./target.ts";

const SEED = 20261119;

describe("Schemathesis", { skip: noPython, timeout: 180_000, concurrency: true }, () => {
  let site: Site;
  before(async () => {
    site = await startTarget();
  });
  after(() => site?.close());

  for (const [who, key, fewest] of [["with every right", EVERYTHING, 1_000], ["without a key", null, 500]] as const) {
    test(`finds nothing ${who}`, async () => {
      const { isClean, requests, tested, selected, report } = await schemathesis({ url: site.url, key, examples: 3, seed: SEED });
      assert.ok(isClean, report);
      assert.equal(tested, selected, report);
      assert.ok(tested >= 18, report);
      assert.ok(requests >= fewest, report);
    });
  }

  test("the Worker has failed nowhere", () => {
    assert.deepEqual(site.logs.filter((line) => /: 5\d\d\b/.test(line)), []);
  });
});
