/** More questions than budget, all different: how much of the budget is used, and is it ever exceeded? */

import { runLoad } from "../generator/load.ts";
import { compare } from "../scenario.ts";
import type { Scenario, Values } from "../scenario.ts";
import { AUTHORIZED, REQUESTS_PER_SECOND, withSystem } from "../site.ts";
import type { System } from "../site.ts";

/** Always so many questions wait. */
const CALLERS = 8;
const LATENCIES_MS = [20, 50, 100] as const;
/** So many that none comes twice while an answer could still be kept. */
const QUESTIONS = 1_000;

type Key = `${"share" | "tooMany"}${(typeof LATENCIES_MS)[number]}`;

export const upstream: Scenario = (settings) => {
  const durationMs = settings.quick ? 1_000 : 60_000;
  const figures = Object.fromEntries(
    LATENCIES_MS.flatMap((ms) => [
      [`share${ms}`, { label: `of ${REQUESTS_PER_SECOND} calls/s used, SePay ${ms} ms away`, unit: "%" }],
      [`tooMany${ms}`, { label: `429s, SePay ${ms} ms away`, unit: "" }],
    ]),
  ) as Record<Key, { label: string; unit: "%" | "" }>;
  const bounds = LATENCIES_MS.map((ms) => `${(100 / (1 + ms / 1000)).toFixed(1)} % at ${ms} ms`);
  return compare(settings, {
    title: `upstream: ${CALLERS} callers with ever new questions`,
    rounds: 1,
    figures,
    notes: [
      `A pace that holds whatever the network does to the gaps can use ${bounds.join(", ")} at most; the rest is its price.`,
      "This network is a loopback and squeezes nothing: it does not punish a pace that trusts the sender's gaps.",
    ],
    measure: async (system) => {
      const parts: Partial<Record<Key, number | null>> = {};
      for (const ms of LATENCIES_MS) Object.assign(parts, await measure(system, ms, durationMs));
      return parts as Values<Key>;
    },
  });
};

function measure(system: System, latencyMs: number, durationMs: number): Promise<Record<string, number | null>> {
  return withSystem(system, {}, async ({ url, sandbox }) => {
    sandbox.addFault({ kind: "latency", ms: latencyMs });
    const headers = { ...AUTHORIZED, Prefer: "wait=25" };
    const questions = Array.from({ length: QUESTIONS }, (_, index) => ({ path: `/api/transactions?limit=1&amountIn=${1_000_001 + index}`, headers }));
    await runLoad({ origin: url, connections: CALLERS, mode: { kind: "closed", durationMs }, questions });
    const share = usedShare(sandbox.arrivals().map(({ atMs }) => atMs));
    return { [`share${latencyMs}`]: share, [`tooMany${latencyMs}`]: sandbox.counters().violations };
  });
}

/** Of the budget, in percent, from the times of calls. The first N do not count: they cost nothing to wait for. */
export function usedShare(timesMs: readonly number[], perSecond = REQUESTS_PER_SECOND): number | null {
  const [from, to] = [timesMs[perSecond - 1], timesMs.at(-1)];
  if (from === undefined || to === undefined || to <= from) return null;
  return (100_000 * (timesMs.length - perSecond)) / (to - from) / perSecond;
}
