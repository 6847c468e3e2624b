/** A hundred thousand calls through one client, of every fate: does anything stay behind? */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { install } from "../client/built.ts";
import type { Mark } from "../client/memory-process.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

const PROCESS = fileURLToPath(new URL("../client/memory-process.ts", import.meta.url));

export const clientMemory: Scenario = async (settings) => {
  const [every, calls] = settings.quick ? [500, 1_000] : [10_000, 100_000];
  const installed = install();
  const notes = [
    "A clock that jumps to the next timer when nothing else is to be done, so that the pace takes no time; everything else is the built package in a Node process.",
    "Two thirds are answered or retried well; the others are aborted in the queue, on the way or in the body, run into timeouts and deadlines, are refused, broken, unreadable. All but the aborted ones share one AbortSignal.",
  ];
  try {
    return await compare(settings, {
      title: `client-memory: in use after ${calls.toLocaleString("en")} calls, and growth from the least mark, one every ${every.toLocaleString("en")}`,
      rounds: 1,
      systems: ["ours"],
      figures: {
        growth: { label: "growth, all together", unit: "kB" },
        heap: { label: "JavaScript's heap at the end", unit: "kB" },
        heapGrowth: { label: "its growth", unit: "kB" },
        externalGrowth: { label: "growth outside of the heap", unit: "kB" },
        wasm: { label: "wasm's memory at the end", unit: "kB" },
        wasmGrowth: { label: "its growth", unit: "kB" },
        listeners: { label: "listeners left on the shared signal", unit: "" },
        timers: { label: "timers left", unit: "" },
      },
      notes,
      measure: async () => {
        const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", PROCESS, installed.url, String(calls), String(every)]);
        const { marks, codes, virtualSeconds } = JSON.parse(stdout) as { marks: Mark[]; codes: Record<string, number>; virtualSeconds: number };
        notes.push(`${virtualSeconds.toLocaleString("en")} virtual seconds; ${Object.entries(codes).map(([code, count]) => `${code} ${count}`).join(", ")}.`);
        return summary(marks);
      },
    });
  } finally {
    installed.remove();
  }
};

/** Growth is from the least of all marks: what Node lets go of after its own start is not ours to count on. */
function summary(marks: readonly Mark[]) {
  const last = marks.at(-1);
  if (last === undefined) throw new Error("nothing was marked");
  const grown = (key: "heap" | "external" | "wasm"): number => (last[key] - Math.min(...marks.map((mark) => mark[key]))) / 1000;
  return {
    growth: grown("heap") + grown("external") + grown("wasm"),
    heap: last.heap / 1000,
    heapGrowth: grown("heap"),
    externalGrowth: grown("external"),
    wasm: last.wasm / 1000,
    wasmGrowth: grown("wasm"),
    listeners: last.listeners,
    timers: last.timers,
  };
}
