/** One question, asked all the time: how old does the oldest answer get? */

import { askUntilAnswered } from "../ask.ts";
import { AGES } from "../collectors/ages.ts";
import type { AgesSeen } from "../collectors/ages.ts";
import { runLoad } from "../generator/load.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import { AUTHORIZED, REQUESTS_PER_SECOND, withSystem } from "../site.ts";
import { Growth } from "../true-age.ts";

const LIMIT = 1;
const PATH = `/api/transactions?limit=${LIMIT}`;
const ROUND_TRIP_MS = 20;
/** Fresh for a second, then one slot until the refresh is sent, then its way there and back. */
const EXPECTED_MS = 1_000 + ROUND_TRIP_MS + (1_000 + ROUND_TRIP_MS) / REQUESTS_PER_SECOND;

export const oneQuestion: Scenario = (settings) => {
  const durationMs = settings.quick ? 500 : 20_000;
  const ratePerSecond = settings.quick ? 50 : 1_000;
  return compare(settings, {
    title: `one-question: ${ratePerSecond} requests/s for one list`,
    rounds: 3,
    figures: {
      oldest: { label: "true age of the oldest answer", unit: "ms" },
      ofExpected: { label: `of ${EXPECTED_MS} ms (1 s, a round trip, a slot)`, unit: "%" },
      mean: { label: "true mean age", unit: "ms" },
      unknown: { label: "answers whose true age is unknown", unit: "" },
      p50: { label: "p50", unit: "ms" },
      p99: { label: "p99", unit: "ms" },
      calls: { label: "calls at SePay", unit: "/s" },
      errors: { label: "errors", unit: "" },
    },
    notes: [`The sandbox answers after ${ROUND_TRIP_MS} ms.`],
    measure: (system) =>
      withSystem(system, {}, async ({ url, sandbox }) => {
        sandbox.addFault({ kind: "latency", ms: ROUND_TRIP_MS });
        const growth = new Growth(sandbox);
        await askUntilAnswered(url + PATH);
        const before = sandbox.counters().requests;
        const mode = { kind: "open", ratePerSecond, count: (ratePerSecond * durationMs) / 1000 } as const;
        const questions = [{ path: PATH, headers: AUTHORIZED }];
        const report = await runLoad({ origin: url, connections: 64, questions, mode, collector: AGES });
        growth.stop();
        const { answers, maxMs, meanMs, unknown } = growth.ages((report.collected as AgesSeen).states, [LIMIT]);
        const calls = (1000 * (sandbox.counters().requests - before)) / durationMs;
        const { p50, p99 } = report.latencyMs;
        const none = { oldest: null, ofExpected: null, mean: null };
        const ages = answers === 0 ? none : { oldest: maxMs, ofExpected: (100 * maxMs) / EXPECTED_MS, mean: meanMs };
        return { ...ages, unknown, p50, p99, calls, errors: report.errors };
      }),
  });
};
