/** The package's scenarios with tiny numbers: every figure is there and plausible. How fast anything is, is not asserted. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { runBench } from "../../scripts/bench.ts";
import { VirtualClock } from "./client/virtual-clock.ts";
import { MEMORY_FATES } from "./client/fates.ts";
import type { ScenarioReport } from "./scenario.ts";

const { scenarios } = await runBench(["client-rows", "client-start", "client-rate", "client-memory"], { quick: true, rounds: null, ratePerSecond: 1 });

function valueOf(report: ScenarioReport | undefined, key: string, system: "ours" | "peer" = "ours"): number {
  const value = report?.figures.find((figure) => figure.key === key)?.systems[system].median;
  assert.ok(typeof value === "number" && Number.isFinite(value), `${key} of ${system} was measured`);
  return value;
}

test("client-rows measures both readers of every text", () => {
  for (const name of ["sandbox", "ascii", "vietnamese", "escaped", "whole"]) {
    for (const system of ["ours", "peer"] as const) {
      assert.ok(valueOf(scenarios["client-rows"], `${name}Least`, system) > 0, name);
      assert.ok(valueOf(scenarios["client-rows"], `${name}Least`, system) <= valueOf(scenarios["client-rows"], name, system), name);
    }
  }
});

test("client-start measures this Node at least", () => {
  const major = Number(process.versions.node.split(".")[0]);
  for (const format of ["mjs", "cjs"]) assert.ok(valueOf(scenarios["client-start"], `${format}Age${major}`) > 0);
});

test("client-rate counts calls and violations", () => {
  for (const latencyMs of [0, 50, 200]) {
    assert.deepEqual([valueOf(scenarios["client-rate"], `answered${latencyMs}`), valueOf(scenarios["client-rate"], `violations${latencyMs}`)], [6, 0]);
    assert.ok(valueOf(scenarios["client-rate"], `share${latencyMs}`) > 0);
  }
});

test("client-memory leaves no listener and no timer behind", () => {
  const report = scenarios["client-memory"];
  assert.deepEqual([valueOf(report, "listeners"), valueOf(report, "timers")], [0, 0]);
  assert.ok(valueOf(report, "heap") > 0 && valueOf(report, "wasm") > 0);
  for (const code of ["ok 660", "aborted 150", "timeout 50", "connection 20", "unreadable 40"]) assert.ok(report?.notes.at(-1)?.includes(code), code);
});

test("the fates of a hundred calls are a hundred", () => {
  assert.equal(MEMORY_FATES.reduce((sum, { share }) => sum + share, 0), 100);
});

test("a virtual clock passes to the next timer when nothing else is to be done", async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const work = Promise.all([clock.wait(50).then(() => seen.push(`b ${clock.nowMs}`)), clock.wait(10).then(() => seen.push(`a ${clock.nowMs}`))]);
  await clock.runUntil(work);
  assert.deepEqual([seen, clock.nowMs, clock.pending], [["a 10", "b 50"], 50, 0]);
  await assert.rejects(clock.runUntil(clock.wait(5).then(() => Promise.reject(new Error("over")))), /over/);
});
