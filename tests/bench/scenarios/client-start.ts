/** A cold start of the package: from the start of a Node process to the first request, over that of an empty module. */

import { execFile, spawnSync } from "node:child_process";
import { existsSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { install } from "../client/built.ts";
import { nowMs } from "../generator/clock.ts";
import { compare, median } from "../scenario.ts";
import type { FigureKind, Scenario } from "../scenario.ts";

/** Runs of each program. */
const STARTS = 40;

const HOSTS = fileURLToPath(new URL("../../package/hosts/node_modules", import.meta.url));

/** Says the process's age, when there is a request, and ends at once. */
const REQUEST = `const sepay = new SePay({ apiToken: "t".repeat(64), fetch: () => { writeSync(1, String(performance.now())); process.exit(); } });
sepay.transactions.list({ account: "0071000888888", from: "2026-11-01" });`;

const PROGRAMS = {
  "ours.mjs": `import { writeSync } from "node:fs";\nimport { SePay } from "@sepay-edge/client";\n${REQUEST}`,
  "ours.cjs": `const { writeSync } = require("node:fs");\nconst { SePay } = require("@sepay-edge/client");\n${REQUEST}`,
  "empty.mjs": `import { writeSync } from "node:fs";\nwriteSync(1, String(performance.now()));\nprocess.exit();`,
  "empty.cjs": `const { writeSync } = require("node:fs");\nwriteSync(1, String(performance.now()));\nprocess.exit();`,
} as const;

type Program = keyof typeof PROGRAMS;
type Format = "mjs" | "cjs";

/** How old a process is at its first request, and how long it lives, in milliseconds. */
interface Start {
  readonly ageMs: number;
  readonly lifeMs: number;
}

export const clientStart: Scenario = async (settings) => {
  const starts = settings.quick ? 2 : STARTS;
  const nodes = nodesHere();
  const installed = install();
  for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(installed.folder, name), text);
  try {
    return await compare(settings, {
      title: `client-start: import to first request, cold processes, medians of ${starts} in turns`,
      rounds: 1,
      systems: ["ours"],
      figures: Object.fromEntries(nodes.flatMap(({ major }) => figuresOf(major))),
      notes: [
        "The request is at an injected `fetch`; an empty module has imported `node:fs` only. Time counts from the start of the process, as `performance.now()` does.",
        "The last line of each counts from outside: from the spawn of the process to its end, the rest of it as above.",
      ],
      measure: async () => {
        const values: Record<string, number | null> = {};
        for (const { major, path } of nodes) {
          for (const format of ["mjs", "cjs"] as const) Object.assign(values, await measure(major, path, format, installed.folder, starts));
        }
        return values;
      },
    });
  } finally {
    installed.remove();
  }
};

function figuresOf(major: number): [string, FigureKind][] {
  const figure = (key: string, label: string): [string, FigureKind] => [`${key}${major}`, { label: `Node ${major}: ${label}`, unit: "ms" }];
  return (["mjs", "cjs"] as const).flatMap((format) => [
    figure(`${format}Over`, `${format}, more than an empty module`),
    figure(`${format}Age`, `${format}, process start to first request`),
    figure(`${format}LifeOver`, `${format}, more than an empty module, from outside`),
  ]);
}

async function measure(major: number, node: string, format: Format, folder: string, starts: number): Promise<Record<string, number | null>> {
  const taken: Record<"ours" | "empty", Start[]> = { ours: [], empty: [] };
  for (let round = 0; round < starts + 1; round += 1) {
    for (const which of round % 2 === 0 ? (["ours", "empty"] as const) : (["empty", "ours"] as const)) {
      const start = await startOnce(node, join(folder, `${which}.${format}` satisfies Program));
      // The first one reads files that no other has read.
      if (round > 0) taken[which].push(start);
    }
  }
  const of = (which: "ours" | "empty", key: keyof Start): number => median(taken[which].map((start) => start[key]).sort((left, right) => left - right)) ?? 0;
  return {
    [`${format}Over${major}`]: of("ours", "ageMs") - of("empty", "ageMs"),
    [`${format}Age${major}`]: of("ours", "ageMs"),
    [`${format}LifeOver${major}`]: of("ours", "lifeMs") - of("empty", "lifeMs"),
  };
}

async function startOnce(node: string, program: string): Promise<Start> {
  const startMs = nowMs();
  const { stdout } = await promisify(execFile)(node, [program]);
  const ageMs = Number(stdout);
  if (!(ageMs > 0)) throw new Error(`${program} made no request`);
  return { ageMs, lifeMs: nowMs() - startMs };
}

/** This Node, and those of other versions that are at hand: on the path, and among the hosts of the package's tests. */
function nodesHere(): { readonly major: number; readonly path: string }[] {
  const platform = `${process.platform}-${process.arch}`;
  const hosts = [20, 22].map((major) => join(HOSTS, `node-${major}-${platform}/bin/node`));
  const paths = [process.execPath, ...hosts, ...(process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "node"))];
  const nodes = new Map<number, string>();
  for (const path of paths.filter(existsSync).map((each) => realpathSync(each))) {
    const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
    const major = Number(/^v(\d+)\./.exec(stdout)?.[1] ?? 0);
    if (major >= 20 && !nodes.has(major)) nodes.set(major, path);
  }
  return [...nodes].map(([major, path]) => ({ major, path })).sort((left, right) => right.major - left.major);
}
