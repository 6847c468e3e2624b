/** The sync of the package's tests, for longer: more seeds, smaller pages, more stops, both orders. */

import { addFaults, sync } from "../../package/sync.ts";
import type { Synced } from "../../package/sync.ts";
import { startSandbox } from "../../sandbox/server.ts";
import type { Settings as SandboxSettings } from "../../sandbox/settings.ts";
import { install } from "../client/built.ts";
import type { Surface } from "../client/built.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

/** As many as the client takes. */
const REQUESTS_PER_SECOND = 50;
const SEEDS = 4;
const LIMITS = [5_000, 2_000, 500] as const;
const ORDERS = ["newest-first", "oldest-first"] as const;

/** The bounds that are to hold, and what happened. */
interface Result {
  readonly missing: number;
  readonly unexpected: number;
  readonly unordered: number;
  readonly violations: number;
  readonly synced: Synced;
}

export const clientSync: Scenario = async (settings) => {
  const seeds = settings.quick ? 1 : SEEDS;
  const limits = settings.quick ? LIMITS.slice(0, 1) : LIMITS;
  const installed = install();
  const client = (await import(installed.url)) as Surface;
  const notes: string[] = [];
  try {
    return await compare(settings, {
      title: `client-sync: 12,000 rows and those booked meanwhile, ${seeds} seeds, ${limits.join(", ")} rows a request, both orders`,
      rounds: 1,
      systems: ["ours"],
      figures: {
        syncs: { label: "syncs", unit: "" },
        rows: { label: "rows saved", unit: "" },
        missing: { label: "rows missing", unit: "" },
        unexpected: { label: "rows too many, or twice", unit: "" },
        unordered: { label: "rows out of order", unit: "" },
        violations: { label: "violations of the rate limit", unit: "" },
        requests: { label: "requests", unit: "" },
        ends: { label: "stopped and resumed", unit: "" },
        failures: { label: "failed and resumed", unit: "" },
      },
      notes,
      measure: async () => {
        const results: Result[] = [];
        for (const order of ORDERS) {
          for (const limit of limits) {
            // At the same time, because most of it is waiting.
            const together = Array.from({ length: seeds }, (_, index) => syncOnce(client, order, limit, 1 + index));
            results.push(...(await Promise.all(together)));
          }
        }
        notes.push(`Tries that failed: ${told(results.map(({ synced }) => synced.failedTries))}. Ends by failure: ${told(results.map(({ synced }) => synced.failures))}.`);
        return summary(results);
      },
    });
  } finally {
    installed.remove();
  }
};

async function syncOnce(client: Surface, order: SandboxSettings["order"], limit: number, seed: number): Promise<Result> {
  const sandbox = await startSandbox({ requestsPerSecond: REQUESTS_PER_SECOND, order, seed });
  try {
    addFaults(sandbox);
    const synced = await sync(client, sandbox, { seed, limit, rowsUntilStop: 1_500 });
    const ids = synced.rows.map(({ id }) => id);
    const expected = new Set(sandbox.data().transactions.map(({ id }) => String(id)));
    const found = new Set(ids);
    return {
      missing: [...expected].filter((id) => !found.has(id)).length,
      unexpected: ids.length - [...found].filter((id) => expected.has(id)).length,
      unordered: ids.filter((id, index) => index > 0 && Number(id) <= Number(ids[index - 1])).length,
      violations: sandbox.counters().violations,
      synced,
    };
  } finally {
    await sandbox.close();
  }
}

function summary(results: readonly Result[]) {
  const sum = (of: (result: Result) => number): number => results.reduce((total, result) => total + of(result), 0);
  return {
    syncs: results.length,
    rows: sum(({ synced }) => synced.rows.length),
    missing: sum(({ missing }) => missing),
    unexpected: sum(({ unexpected }) => unexpected),
    unordered: sum(({ unordered }) => unordered),
    violations: sum(({ violations }) => violations),
    requests: sum(({ synced }) => synced.requests),
    ends: sum(({ synced }) => synced.stops + synced.aborts),
    failures: sum(({ synced }) => Object.values(synced.failures).reduce((total, times) => total + times, 0)),
  };
}

/** Counts by code, added up. */
function told(counts: readonly Readonly<Record<string, number>>[]): string {
  const all: Record<string, number> = {};
  for (const each of counts) for (const [code, times] of Object.entries(each)) all[code] = (all[code] ?? 0) + times;
  return Object.entries(all).map(([code, times]) => `${code} ${times}`).join(", ") || "none";
}
