/** Two hundred questions, some asked far more often than others, at two calls a second: how fresh can answers be? */

import { askUntilAnswered } from "../ask.ts";
import { AGES } from "../collectors/ages.ts";
import type { AgesSeen } from "../collectors/ages.ts";
import { nowMs } from "../generator/clock.ts";
import { runLoad } from "../generator/load.ts";
import type { LoadReport } from "../generator/plan.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import { AUTHORIZED, REQUESTS_PER_SECOND, withSystem } from "../site.ts";
import { Growth } from "../true-age.ts";
import type { TrueAges } from "../true-age.ts";

const CONNECTIONS = 256;
/** Questions that wait at once while warming; more would be refused. */
const WARMING_AT_ONCE = 20;
const TRIAL_MS = 3_000;
const LOWEST_RATE = 100;
/** A machine at its limit makes half of all requests wait longer than this. */
const QUEUED_MS = 10;

export const zipf: Scenario = (settings) => {
  const limits = Array.from({ length: settings.quick ? 3 : 200 }, (_, index) => index + 1);
  const durationMs = settings.quick ? 500 : 60_000;
  const wantedRate = settings.quick ? 50 : settings.ratePerSecond;
  let ratePerSecond: number | null = settings.quick ? wantedRate : null;
  return compare(settings, {
    title: `zipf: ${limits.length} lists, ${wantedRate} requests/s wanted`,
    rounds: 1,
    figures: {
      rate: { label: "asked", unit: "/s" },
      errors: { label: "of them errors", unit: "%" },
      within10Ms: { label: "answered within 10 ms", unit: "%" },
      p50: { label: "p50", unit: "ms" },
      p99: { label: "p99", unit: "ms" },
      hits: { label: "marked as hits", unit: "%" },
      withoutCall: { label: "good answers without a call of their own", unit: "%" },
      calls: { label: "calls at SePay", unit: "/s" },
      violations: { label: "429s", unit: "" },
      meanAge: { label: "true mean age of answers", unit: "s" },
      leastAge: { label: "least possible mean age at these calls", unit: "s" },
      claimedAge: { label: "mean age by the header Age + 0.5", unit: "s" },
      oldest: { label: "true age of the oldest", unit: "s" },
      unknownAge: { label: "answers whose true age is unknown", unit: "%" },
    },
    notes: ["Both are asked at the rate that ours holds on this machine, found by trials from the wanted rate down."],
    measure: (system) =>
      withSystem(system, {}, async ({ url, sandbox }) => {
        const growth = new Growth(sandbox);
        try {
          await warm(limits.map((limit) => url + path(limit)));
          const load = loadOf(url, limits);
          ratePerSecond ??= await heldRate(load, wantedRate);
          const before = sandbox.counters().violations;
          const mode = { kind: "open", ratePerSecond, count: (ratePerSecond * durationMs) / 1000 } as const;
          const startMs = nowMs();
          const report = await runLoad({ ...load, mode, collector: AGES });
          const calls = sandbox.arrivals().filter(({ atMs }) => atMs >= startMs && atMs < startMs + durationMs).length;
          const violations = sandbox.counters().violations - before;
          const ages = growth.ages((report.collected as AgesSeen).states, limits);
          const callsPerSecond = (1000 * calls) / durationMs;
          const leastAge = leastMeanAge(limits.map(weight), callsPerSecond);
          return { ...values(report, ages, calls), rate: ratePerSecond, calls: callsPerSecond, violations, leastAge };
        } finally {
          growth.stop();
        }
      }),
  });

  function values(report: LoadReport, ages: TrueAges, calls: number) {
    const seen = report.collected as AgesSeen;
    const share = (count: number, of: number): number | null => (of === 0 ? null : (100 * count) / of);
    const asked = report.sent + report.unsent;
    return {
      errors: share(report.errors, asked),
      within10Ms: share(seen.within10Ms, asked),
      p50: report.latencyMs.p50,
      p99: report.latencyMs.p99,
      hits: seen.withCacheStatus === 0 ? null : share(seen.hits, seen.good),
      withoutCall: share(Math.max(0, seen.good - calls), seen.good),
      meanAge: ages.answers === 0 ? null : ages.meanMs / 1000,
      claimedAge: seen.withAge === 0 ? null : seen.sumAgeSeconds / seen.withAge + 0.5,
      oldest: ages.answers === 0 ? null : ages.maxMs / 1000,
      unknownAge: share(ages.unknown, seen.good),
    };
  }
};

function path(limit: number): string {
  return `/api/transactions?limit=${limit}`;
}

/** Zipf's law with exponent 1: the n-th question is asked 1/n as often as the first. */
function weight(rank: number): number {
  return 1 / rank;
}

function loadOf(origin: string, limits: readonly number[]) {
  const questions = limits.map((limit) => ({ path: path(limit), headers: AUTHORIZED }));
  return { origin, connections: CONNECTIONS, questions, weights: limits.map(weight), timeoutMs: 15_000 };
}

/** Asks every question once. */
async function warm(urls: readonly string[]): Promise<void> {
  const left = [...urls];
  const work = async (): Promise<void> => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) await askUntilAnswered(url);
  };
  await Promise.all(Array.from({ length: WARMING_AT_ONCE }, work));
}

/** The highest rate, from the wanted one down, at which nothing is left unsent, nothing breaks and no queue grows. */
async function heldRate(load: ReturnType<typeof loadOf>, wantedRate: number): Promise<number> {
  for (let rate = wantedRate; rate > LOWEST_RATE; rate = Math.round(rate * 0.7)) {
    const mode = { kind: "open", ratePerSecond: rate, count: (rate * TRIAL_MS) / 1000 } as const;
    const { unsent, faults, latencyMs } = await runLoad({ ...load, mode });
    if (unsent === 0 && Object.keys(faults).length === 0 && latencyMs.p50 < QUEUED_MS) return rate;
  }
  return LOWEST_RATE;
}

/** (sum of sqrt(p))^2 / 2R: the mean age when question i is refreshed as often as sqrt(p_i) says, R times in all. */
export function leastMeanAge(weights: readonly number[], callsPerSecond = REQUESTS_PER_SECOND): number | null {
  const total = weights.reduce((sum, each) => sum + each, 0);
  const roots = weights.reduce((sum, each) => sum + Math.sqrt(each / total), 0);
  return callsPerSecond === 0 ? null : roots ** 2 / (2 * callsPerSecond);
}
