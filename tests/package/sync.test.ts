/**
 * A sync of the sandbox's 12,000 rows through `iterate`, under faults, with rows that are booked meanwhile, stopped and
 * resumed at random: every row is saved once, in order, and SePay's limit is kept. The bench's `client-sync` does the
 * same for longer.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";

import { PACKAGE_DIR, buildNpm } from "../../scripts/package.ts";
import { startSandbox } from "../sandbox/server.ts";
import { transactionJson } from "../worker/expected.ts";
import { addFaults, sync } from "./sync.ts";

buildNpm();
const client = (await import(pathToFileURL(join(PACKAGE_DIR, "esm/index.js")).href)) as typeof import("../../src/js/npm/src/index.ts");

/** As many as the client takes: what is tested is not the waiting. */
const REQUESTS_PER_SECOND = 50;

const SYNCS = [
  { order: "newest-first", limit: 2_000, seed: 1 },
  { order: "oldest-first", limit: 2_000, seed: 2 },
  { order: "newest-first", limit: 5_000, seed: 3 },
] as const;

// At the same time, because most of it is waiting: for hangs, pauses and retries.
suite("every row is saved once, in order, whatever happens", { concurrency: true }, () => {
  for (const { order, limit, seed } of SYNCS) {
    test(`${order}, ${limit} rows a request`, async (context) => {
      const sandbox = await startSandbox({ requestsPerSecond: REQUESTS_PER_SECOND, order, seed });
      context.after(() => sandbox.close());
      addFaults(sandbox);
      const synced = await sync(client, sandbox, { seed, limit, rowsUntilStop: 1_500 });
      const { rows, ...tally } = synced;
      context.diagnostic(JSON.stringify(tally));
      const expected = sandbox.data().transactions;
      assert.ok(expected.length > 12_010, "rows were booked meanwhile");
      assert.deepEqual(rows.map(({ id }) => Number(id)), expected.map(({ id }) => id), "each id once, ascending");
      assert.deepEqual(rows, expected.map(transactionJson));
      assert.equal(sandbox.counters().violations, 0);
      assert.ok(tally.stops + tally.aborts >= 2, "was stopped");
      assert.ok(Object.keys(tally.failedTries).length >= 2, "met faults");
    });
  }
});
