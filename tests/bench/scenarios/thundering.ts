/** Everybody asks the same at once, and nothing is kept yet: how many calls does that cost? */

import { availableConnections } from "../machine.ts";
import { runLoad } from "../generator/load.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import { AUTHORIZED, withSystem } from "../site.ts";

const PATH = "/api/transactions?limit=100";
const DRAIN_MS = 30_000;

export const thundering: Scenario = (settings) => {
  const count = settings.quick ? 50 : 10_000;
  const connections = Math.min(count, availableConnections());
  return compare(settings, {
    title: `thundering: ${count} identical requests at once, from cold`,
    rounds: 3,
    figures: {
      calls: { label: "calls at SePay", unit: "" },
      answered: { label: "good answers", unit: "" },
      errors: { label: "errors", unit: "" },
      p50: { label: "p50", unit: "ms" },
      last: { label: "the last answer", unit: "ms" },
    },
    notes: [
      `${connections} connections, open before the first request${connections < count ? "; \`ulimit -n\` allows no more, so the rest follow on them" : ""}.`,
    ],
    measure: (system) =>
      withSystem(system, {}, async ({ url, sandbox }) => {
        const mode = { kind: "open", ratePerSecond: Number.POSITIVE_INFINITY, count, drainMs: DRAIN_MS } as const;
        const report = await runLoad({ origin: url, connections, mode, questions: [{ path: PATH, headers: AUTHORIZED }] });
        const { good, errors, latencyMs } = report;
        return { calls: sandbox.counters().requests, answered: good, errors, p50: latencyMs.p50, last: latencyMs.max };
      }),
  });
};
