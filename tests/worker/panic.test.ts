/**
 * A panic ends the wasm instance that all requests of an isolate share, the gate among them. It costs its own request
 * only: the others are run again, and the gate keeps its slots.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { WITH_TEST_ROUTES, buildWorker } from "../../scripts/build.ts";
import { until } from "../until.ts";
import { assertProblem } from "./problem.ts";
import { TEST_ROUTE_TEXT, startSite } from "./site.ts";
import type { Site } from "./site.ts";

buildWorker(WITH_TEST_ROUTES);

const PACE = {
  folder: WITH_TEST_ROUTES.folder,
  bindings: { SEPAY_REQUESTS_PER_SECOND: "2" },
  sandbox: { requestsPerSecond: 2 },
};

const WAITING = { headers: { Prefer: "wait=25" } };

async function atSite(body: (site: Site) => Promise<void>): Promise<void> {
  const site = await startSite(PACE);
  try {
    await body(site);
    assert.equal(site.sandbox.counters().violations, 0);
    assert.ok(site.sandbox.maxInWindow(1000) <= 2);
  } finally {
    await site.close();
  }
}

async function untilStarted(site: Site): Promise<void> {
  await until(() => site.sandbox.counters().requests > 0, "a request");
}

test("this Worker's wasm has the route that the deployed one must not have", async () => {
  const wasm = await readFile(join(WITH_TEST_ROUTES.folder, "index_bg.wasm"));
  assert.ok(wasm.includes(TEST_ROUTE_TEXT));
});

test("a panic costs its own request, and twenty that wait for SePay are answered", async () => {
  await atSite(async (site) => {
    site.sandbox.addFault({ kind: "latency", ms: 800 });
    const waiting = Array.from({ length: 20 }, (_, index) => site.ask(`/api/transactions?limit=${(index % 4) + 1}`, WAITING));
    await untilStarted(site);
    const panicked = await site.ask("/_test/panic");
    assertProblem(panicked, "internal_error");
    const replies = await Promise.all(waiting);
    assert.deepEqual(replies.map((reply) => reply.status), new Array(20).fill(200));
    for (const [index, reply] of replies.entries()) {
      assert.equal((JSON.parse(reply.text) as { data: unknown[] }).data.length, (index % 4) + 1);
    }
  });
});

test("panic after panic, the next request is answered", async () => {
  await atSite(async (site) => {
    for (let round = 0; round < 3; round += 1) {
      const [first, second, healthy] = await Promise.all([site.ask("/_test/panic"), site.ask("/_test/panic"), site.ask("/healthz")]);
      assertProblem(first, "internal_error");
      assertProblem(second, "internal_error");
      assert.equal(healthy.status, 200);
    }
    assert.equal((await site.ask("/api/accounts")).status, 200);
  });
});
