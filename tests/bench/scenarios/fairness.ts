/**
 * A hundred calm callers who together want half of the budget, and one who wants as much as a thousand of them, all with
 * questions of their own: how long do the calm ones wait?
 */

import { setTimeout as sleep } from "node:timers/promises";

import { keyEntry } from "../../worker/site.ts";
import { ask } from "../ask.ts";
import type { Short } from "../ask.ts";
import { nowMs } from "../generator/clock.ts";
import { distributionOf } from "../generator/samples.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import { REQUESTS_PER_SECOND, withSystem } from "../site.ts";

const CALM_CALLERS = 100;
const CALM_PER_SECOND = REQUESTS_PER_SECOND / 2;
const GREEDY_PER_SECOND = (1_000 * CALM_PER_SECOND) / CALM_CALLERS;
const GREEDY = CALM_CALLERS;
const ROUND_TRIP_MS = 20;
const SLOT_MS = (1_000 + ROUND_TRIP_MS) / REQUESTS_PER_SECOND;

/** One question and what became of it. */
interface Told {
  readonly caller: number;
  readonly waitMs: number;
  /** Different callers with a question open when this one came, itself included. */
  readonly active: number;
  readonly first: Short;
  /** What came when a refused caller came back at the time it was told. */
  readonly second: Short | null;
}

export const fairness: Scenario = (settings) => {
  const durationMs = settings.quick ? 2_000 : 120_000;
  return compare(settings, {
    title: `fairness: ${CALM_CALLERS} calm callers (${CALM_PER_SECOND}/s in all) and one greedy (${GREEDY_PER_SECOND}/s)`,
    rounds: 1,
    figures: {
      served: { label: "calm questions answered at once or at the first return", unit: "%" },
      p50: { label: "p50 of a calm caller's wait", unit: "ms" },
      p99: { label: "p99", unit: "ms" },
      longest: { label: "longest", unit: "ms" },
      ofBound: { label: "longest wait in relation to (active callers + 1) slots", unit: "%" },
      refused: { label: "calm questions refused", unit: "%" },
      returned: { label: "calm, refused, answered at the first return", unit: "%" },
      greedyRefused: { label: "greedy questions refused", unit: "%" },
      greedyReturned: { label: "greedy, refused, answered at the first return", unit: "%" },
      calls: { label: "of the budget used", unit: "%" },
    },
    notes: [`A slot is ${SLOT_MS} ms (the sandbox answers after ${ROUND_TRIP_MS} ms). Waits are of questions answered at once.`],
    measure: async (system) => {
      const keys = Array.from({ length: CALM_CALLERS + 1 }, (_, caller) => keyEntry(keyOf(caller), { id: `caller-${caller}` }));
      return withSystem(system, { keys }, async ({ url, sandbox }) => {
        sandbox.addFault({ kind: "latency", ms: ROUND_TRIP_MS });
        const startMs = nowMs();
        const told = await askAll(url, startMs, durationMs);
        const calls = sandbox.arrivals().filter(({ atMs }) => atMs < startMs + durationMs).length;
        return { ...values(told), calls: (100_000 * calls) / durationMs / REQUESTS_PER_SECOND };
      });
    },
  });
};

function keyOf(caller: number): string {
  return `edge_bench_key_of_caller_${caller}`;
}

/** Everybody's questions, each when it is due. */
async function askAll(url: string, startMs: number, durationMs: number): Promise<Told[]> {
  const open = new Map<number, number>();
  let question = 0;
  const stream = async (perSecond: number, callerOf: (index: number) => number): Promise<Told[]> => {
    const told: Promise<Told>[] = [];
    for (let index = 0; (1000 * index) / perSecond < durationMs; index += 1) {
      const dueMs = startMs + (1000 * index) / perSecond;
      await sleep(Math.max(0, dueMs - nowMs()));
      question += 1;
      told.push(tell(url, callerOf(index), question, dueMs, open));
    }
    return Promise.all(told);
  };
  const both = [stream(CALM_PER_SECOND, (index) => index % CALM_CALLERS), stream(GREEDY_PER_SECOND, () => GREEDY)];
  return (await Promise.all(both)).flat();
}

async function tell(url: string, caller: number, question: number, dueMs: number, open: Map<number, number>): Promise<Told> {
  const headers = { Authorization: `Bearer ${keyOf(caller)}` };
  const target = `${url}/api/transactions?limit=1&amountIn=${2_000_000 + question}`;
  open.set(caller, (open.get(caller) ?? 0) + 1);
  const active = open.size;
  const first = await ask(target, headers);
  const waitMs = nowMs() - dueMs;
  const left = (open.get(caller) ?? 1) - 1;
  if (left > 0) open.set(caller, left);
  else open.delete(caller);
  if (first.retryAfterMs === null) return { caller, waitMs, active, first, second: null };
  await sleep(first.retryAfterMs);
  return { caller, waitMs, active, first, second: await ask(target, headers) };
}

function values(told: readonly Told[]) {
  const isServed = ({ first }: Told): boolean => first.status === 200;
  const isReturned = ({ second }: Told): boolean => second?.status === 200;
  const calm = told.filter(({ caller }) => caller !== GREEDY);
  const greedy = told.filter(({ caller }) => caller === GREEDY);
  const [calmRefused, greedyRefused] = [calm, greedy].map((those) => those.filter(({ first }) => first.retryAfterMs !== null)) as [Told[], Told[]];
  const served = calm.filter(isServed);
  const wait = distributionOf(served.map(({ waitMs }) => waitMs));
  const relations = served.map(({ waitMs, active }) => (100 * waitMs) / ((active + 1) * SLOT_MS));
  return {
    served: share(calm.filter((each) => isServed(each) || isReturned(each)), calm),
    p50: wait.samples === 0 ? null : wait.p50,
    p99: wait.samples === 0 ? null : wait.p99,
    longest: wait.samples === 0 ? null : wait.max,
    ofBound: relations.length === 0 ? null : Math.max(...relations),
    refused: share(calmRefused, calm),
    returned: share(calmRefused.filter(isReturned), calmRefused),
    greedyRefused: share(greedyRefused, greedy),
    greedyReturned: share(greedyRefused.filter(isReturned), greedyRefused),
  };
}

function share(some: readonly Told[], all: readonly Told[]): number | null {
  return all.length === 0 ? null : (100 * some.length) / all.length;
}
