/**
 * A sync of the sandbox's 12,000 rows through `iterate`, under faults, with rows that are booked meanwhile, stopped and
 * resumed at random: every row is saved once, in order, and SePay's limit is kept. The bench's `client-sync` does the
 * same for longer.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { PACKAGE_DIR, buildNpm } from "../../scripts/package.ts";
import { startSandbox } from "../sandbox/server.ts";
import { transactionJson } from "../worker/expected.ts";
import { addFaults, sync } from "./sync.ts";

buildNpm();
const client = (await import(pathToFileURL(join(PACKAGE_DIR, "esm/index.js")).href)) as typeof import("../../src/js/npm/src/index.ts");

/** As many as the client takes: what is tested is not the waiting. */
const REQUESTS_PER_SECOND = 50;

for (const [order, limit, seed] of [["newest-first", 1_000, 1], ["oldest-first", 1_000, 2], ["newest-first", 5_000, 3]] as const) {
  test(`${order}, ${limit} rows a request: every row once, whatever happens`, async (context) => {
    const sandbox = await startSandbox({ requestsPerSecond: REQUESTS_PER_SECOND, order, seed: 20_261_119 + seed });
    context.after(() => sandbox.close());
    addFaults(sandbox);
    const synced = await sync(client, sandbox, { seed, limit, rowsUntilStop: 2_500, lateRows: 30 });
    const expected = sandbox.data().transactions;
    assert.equal(expected.length, 12_030);
    assert.deepEqual(synced.rows.map(({ id }) => Number(id)), expected.map(({ id }) => id), "each id once, ascending");
    assert.deepEqual(synced.rows, expected.map(transactionJson));
    assert.equal(sandbox.counters().violations, 0);
    assert.ok(synced.stops + synced.aborts > 0, "was stopped");
    assert.ok(Object.keys(synced.failedTries).length >= 2, `met faults: ${JSON.stringify(synced)}`);
    const { rows: _rows, ...tally } = synced;
    context.diagnostic(JSON.stringify(tally));
  });
}
