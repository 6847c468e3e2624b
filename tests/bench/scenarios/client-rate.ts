/** A hundred calls at once through one client: is SePay's limit kept, and how much of it is used? */

import type { Sandbox } from "../../sandbox/server.ts";
import { startSandbox } from "../../sandbox/server.ts";
import { install } from "../client/built.ts";
import type { Surface } from "../client/built.ts";
import { nowMs } from "../generator/clock.ts";
import { compare } from "../scenario.ts";
import type { FigureKind, Scenario, Values } from "../scenario.ts";
import { REQUESTS_PER_SECOND } from "../site.ts";
import { usedShare } from "./upstream.ts";

const CALLS = 100;
const LATENCIES_MS = [0, 50, 200] as const;

type Key = `${"share" | "rate" | "violations" | "answered"}${(typeof LATENCIES_MS)[number]}`;

export const clientRate: Scenario = async (settings) => {
  const calls = settings.quick ? 6 : CALLS;
  const installed = install();
  try {
    return await compare(settings, {
      title: `client-rate: ${calls} calls at once through one client, ${REQUESTS_PER_SECOND} requests a second allowed`,
      rounds: 1,
      systems: ["ours"],
      figures: figures(),
      notes: [
        "The possible rate is N / (1 s + round trip): a slot is free one second after its answer, whatever the network does to the gaps.",
        "Rates are taken at the sandbox, from its second call to its last. The three run at the same time, each against a sandbox of its own.",
      ],
      measure: async () => {
        const parts = await Promise.all(LATENCIES_MS.map((latencyMs) => measure(installed.url, latencyMs, calls)));
        return Object.assign({}, ...parts) as Values<Key>;
      },
    });
  } finally {
    installed.remove();
  }
};

function figures(): Readonly<Record<Key, FigureKind>> {
  const entries = LATENCIES_MS.flatMap((ms): [Key, FigureKind][] => [
    [`share${ms}`, { label: `of the possible rate, SePay ${ms} ms away`, unit: "%" }],
    [`rate${ms}`, { label: `calls, SePay ${ms} ms away`, unit: "/s" }],
    [`violations${ms}`, { label: `violations, SePay ${ms} ms away`, unit: "" }],
    [`answered${ms}`, { label: `calls answered, SePay ${ms} ms away`, unit: "" }],
  ]);
  return Object.fromEntries(entries) as Record<Key, FigureKind>;
}

async function measure(url: string, latencyMs: number, calls: number): Promise<Record<string, number | null>> {
  const { SePay } = (await import(url)) as Surface;
  const sandbox = await startSandbox({ requestsPerSecond: REQUESTS_PER_SECOND, clock: nowMs });
  try {
    if (latencyMs > 0) sandbox.addFault({ kind: "latency", ms: latencyMs });
    const sepay = new SePay({ apiToken: sandbox.token, baseURL: sandbox.url, requestsPerSecond: REQUESTS_PER_SECOND });
    const asked = Array.from({ length: calls }, (_, index) => sepay.transactions.list({ limit: 1 + index }));
    const answers = await Promise.allSettled(asked);
    const isWhole = (answer: (typeof answers)[number], index: number): boolean => answer.status === "fulfilled" && answer.value.data.length === 1 + index;
    return { ...rates(sandbox, latencyMs), [`answered${latencyMs}`]: answers.filter(isWhole).length };
  } finally {
    await sandbox.close();
  }
}

function rates(sandbox: Sandbox, latencyMs: number): Record<string, number | null> {
  const usedPercent = usedShare(sandbox.arrivals().map(({ atMs }) => atMs));
  return {
    // Of N a second, and then of what the round trip leaves of it.
    [`share${latencyMs}`]: usedPercent === null ? null : usedPercent * (1 + latencyMs / 1000),
    [`rate${latencyMs}`]: usedPercent === null ? null : (usedPercent * REQUESTS_PER_SECOND) / 100,
    [`violations${latencyMs}`]: sandbox.counters().violations,
  };
}
