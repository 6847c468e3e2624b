/** One list that everybody asks for: how many a second, and how fast at a fixed rate of arrival. */

import { askUntilAnswered } from "../ask.ts";
import { runLoad } from "../generator/load.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import { AUTHORIZED, withSystem } from "../site.ts";

const PATH = "/api/transactions?limit=100";
const CLOSED_CONNECTIONS = 16;
const OPEN_CONNECTIONS = 64;
const RATE_PER_SECOND = 2_000;

export const hot: Scenario = (settings) => {
  const durationMs = settings.quick ? 200 : 10_000;
  const ratePerSecond = settings.quick ? 100 : RATE_PER_SECOND;
  return compare(settings, {
    title: `hot: one list of 100 transactions, ${ratePerSecond} requests/s`,
    rounds: 3,
    figures: {
      throughput: { label: `answers, ${CLOSED_CONNECTIONS} connections that never pause`, unit: "/s" },
      p50: { label: "p50 at the fixed rate", unit: "ms" },
      p99: { label: "p99", unit: "ms" },
      p999: { label: "p99.9", unit: "ms" },
      max: { label: "slowest", unit: "ms" },
      errors: { label: "errors", unit: "" },
      lag: { label: "of p99, the generator and its busy connections", unit: "ms" },
    },
    measure: (system) =>
      withSystem(system, {}, async ({ url }) => {
        const load = { origin: url, questions: [{ path: PATH, headers: AUTHORIZED }] };
        await askUntilAnswered(url + PATH);
        // So that neither is measured before its code is compiled.
        await runLoad({ ...load, connections: CLOSED_CONNECTIONS, mode: { kind: "closed", durationMs: durationMs / 5 } });
        const closed = await runLoad({ ...load, connections: CLOSED_CONNECTIONS, mode: { kind: "closed", durationMs } });
        const mode = { kind: "open", ratePerSecond, count: (ratePerSecond * durationMs) / 1000 } as const;
        const open = await runLoad({ ...load, connections: OPEN_CONNECTIONS, mode });
        const { p50, p99, p999, max } = open.latencyMs;
        return { throughput: closed.goodPerSecond, p50, p99, p999, max, errors: closed.errors + open.errors, lag: open.lagMs.p99 };
      }),
  });
};
