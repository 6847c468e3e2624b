/** The bench itself, with tiny numbers: every figure is there and plausible. How fast anything is, is not asserted. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { runBench } from "../../scripts/bench.ts";
import { startSandbox } from "../sandbox/server.ts";
import { until } from "../until.ts";
import makeAges from "./collectors/ages.ts";
import type { AgesSeen } from "./collectors/ages.ts";
import { nowMs } from "./generator/clock.ts";
import { compare } from "./scenario.ts";
import type { Figure, ScenarioReport, Settings } from "./scenario.ts";
import { usedShare } from "./scenarios/upstream.ts";
import { leastMeanAge } from "./scenarios/zipf.ts";
import { table } from "./table.ts";
import { Growth } from "./true-age.ts";

const QUICK: Settings = { quick: true, rounds: null, ratePerSecond: 50 };

test("hot and thundering report every figure for both systems", async () => {
  const told: ScenarioReport[] = [];
  const report = await runBench(["hot", "thundering"], QUICK, (each) => told.push(each));
  assert.deepEqual(told, Object.values(report.scenarios));
  assert.deepEqual(Object.keys(report.scenarios), ["hot", "thundering"]);
  for (const fact of ["cores", "cpu", "os", "node", "workerd", "hono"]) assert.ok(report.machine[fact], fact);
  const { hot, thundering } = report.scenarios;
  assert.deepEqual(hot?.figures.map(({ key }) => key), ["throughput", "p50", "p99", "p999", "max", "errors", "lag"]);
  assert.deepEqual(thundering?.figures.map(({ key }) => key), ["calls", "answered", "errors", "p50", "last"]);
  for (const system of ["ours", "peer"] as const) {
    const value = (of: ScenarioReport | undefined, key: string): number => medianOf(of?.figures, key, system);
    assert.ok(value(hot, "throughput") > 0, system);
    assert.ok(value(hot, "p50") > 0 && value(hot, "p50") <= value(hot, "p99") && value(hot, "p99") <= value(hot, "max"), system);
    assert.equal(value(hot, "errors"), 0, system);
    assert.ok(value(thundering, "calls") >= 1 && value(thundering, "calls") < 5, system);
    assert.deepEqual([value(thundering, "answered"), value(thundering, "errors")], [50, 0], system);
  }
});

function medianOf(figures: readonly Figure[] | undefined, key: string, system: "ours" | "peer"): number {
  const median = figures?.find((figure) => figure.key === key)?.systems[system].median;
  assert.ok(typeof median === "number", `${key} of ${system} was measured`);
  return median;
}

test("an unknown scenario is an error that names those there are", async () => {
  await assert.rejects(runBench(["hott"], QUICK), /hott; there are size, start, hot/);
});

test("systems take turns, and rounds become a median and a spread", async () => {
  const order: string[] = [];
  const values = { ours: [5, 1, null], peer: [10, 10, 10] };
  const report = await compare({ ...QUICK, rounds: 3 }, {
    title: "t",
    rounds: 1,
    figures: { value: { label: "value", unit: "ms" } },
    notes: ["a note"],
    measure: async (system) => {
      order.push(system);
      return { value: values[system][order.filter((each) => each === system).length - 1] ?? null };
    },
  });
  assert.deepEqual(order, ["ours", "peer", "peer", "ours", "ours", "peer"]);
  assert.deepEqual(report.figures[0]?.systems.ours, { median: 3, min: 1, max: 5, rounds: [5, 1, null] });
  const [, , head, , line, , note] = table(report).split("\n");
  assert.match(head ?? "", /ours +\| peer +\| ours : peer/);
  assert.match(line ?? "", /\| value, ms \| 3 \(1–5\) \| 10 +\| 0\.30 +\|/);
  assert.equal(note, "* a note");
});

test("the least mean age of equal questions is half a turn", () => {
  assert.equal(leastMeanAge([1, 1, 1, 1], 2), 1);
  assert.equal(leastMeanAge([1], 0), null);
});

test("the share of the budget is taken from calls after the first N", () => {
  assert.equal(usedShare([0, 1, 1000, 1001, 2000, 2001], 2), 100);
  assert.equal(usedShare([0, 0, 2000, 2000], 2), 50);
  assert.equal(usedShare([0, 1], 2), null);
});

test("ages are sums of what good answers say", () => {
  const collector = makeAges();
  const headers: Record<string, string> = { age: "3", "cache-status": "isolate; fwd=miss, gate; hit; ttl=1" };
  const seen = { question: 4, status: 200, header: (name: string) => headers[name], bodyStart: `{"data":[{"id":"77",`, dueMs: 100, doneMs: 105 };
  collector.answered(seen);
  collector.answered({ ...seen, doneMs: 200, header: () => undefined });
  collector.answered({ ...seen, status: 503 });
  const states = [{ question: 4, newestId: 77, count: 2, sumDoneMs: 305, lastDoneMs: 200 }];
  assert.deepEqual(collector.result(), { good: 2, within10Ms: 1, hits: 1, withCacheStatus: 1, withAge: 1, sumAgeSeconds: 3, states });
});

test("a true age begins when SePay was asked", async (context) => {
  const sandbox = await startSandbox({ requestsPerSecond: 1_000, clock: nowMs });
  const growth = new Growth(sandbox);
  context.after(() => (growth.stop(), sandbox.close()));
  const rows = sandbox.data().transactions.length;
  await until(() => sandbox.data().transactions.length >= rows + 3, "three more rows");
  const askedMs = nowMs();
  const answer = await fetch(`${sandbox.url}/userapi/transactions/list?limit=1`, { headers: { Authorization: `Bearer ${sandbox.token}` } });
  const { transactions } = (await answer.json()) as { transactions: { id: string }[] };
  const doneMs = nowMs();
  const newestId = Number(transactions[0]?.id);
  const state = { question: 0, newestId, count: 1, sumDoneMs: doneMs + 500, lastDoneMs: doneMs + 500 };
  const ages = growth.ages([state, { ...state, newestId: -1 }], [1]);
  assert.deepEqual([ages.answers, ages.unknown], [1, 1]);
  assert.ok(ages.maxMs >= 500 && ages.maxMs <= 500 + doneMs - askedMs, `${ages.maxMs} ms`);
  assert.equal(ages.meanMs, ages.maxMs);
});

test("AgesSeen survives the way between threads", () => {
  const result = makeAges().result() as AgesSeen;
  assert.deepEqual(structuredClone(result), result);
});
