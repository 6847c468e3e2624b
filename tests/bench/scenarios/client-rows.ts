/** 5,000 transactions, from the bytes of SePay's answer to plain objects: the package beside what is written by hand. */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { install } from "../client/built.ts";
import { TEXTS, texts } from "../client/texts.ts";
import type { TextName } from "../client/texts.ts";
import { compare, median } from "../scenario.ts";
import type { FigureKind, Scenario, Values } from "../scenario.ts";
import type { System } from "../site.ts";

const PROCESS = fileURLToPath(new URL("../client/rows-process.ts", import.meta.url));
const ROWS = 5_000;

const LABELS: Readonly<Record<TextName | "whole", string>> = {
  sandbox: "as the sandbox sends them",
  ascii: "ASCII only",
  vietnamese: "Vietnamese memos",
  escaped: "the same, written as \\u…",
  whole: "sandbox's, `Response` to list",
};

type Key = `${TextName}${"" | "Least"}` | "whole" | "wholeLeast";

export const clientRows: Scenario = async (settings) => {
  const bodies = await texts();
  const installed = install();
  const folder = mkdtempSync(join(tmpdir(), "sepay-edge-rows-"));
  for (const name of TEXTS) writeFileSync(join(folder, name), bodies[name]);
  const times = settings.quick ? { warmUp: 2, rounds: 3 } : { warmUp: 60, rounds: 60 };
  try {
    return await compare(settings, {
      title: `client-rows: ${ROWS} transactions, bytes to plain objects`,
      rounds: 7,
      figures: figures(),
      notes: [
        `${TEXTS.map((name) => `${LABELS[name]}: ${(bodies[name].length / 1e6).toFixed(2)} MB`).join("; ")}.`,
        `Each round is a process of its own for one reader and one text: ${times.warmUp} readings to warm up, then ${times.rounds}.`,
        "Through the built client with an injected `fetch` whose answer has its bytes at once; of `Response`, it is the platform's, and is read first. The network has no part in it.",
        "The peer does the same checks by hand after `TextDecoder` and `JSON.parse`; a test keeps both alike.",
      ],
      measure: async (system) => {
        const parts: Partial<Record<Key, number | null>> = {};
        const run = { system, url: installed.url, ...times };
        for (const name of TEXTS) Object.assign(parts, await measure(name, { ...run, scope: "bytes", file: join(folder, name) }));
        Object.assign(parts, await measure("whole", { ...run, scope: "response", file: join(folder, "sandbox") }));
        return parts as Values<Key>;
      },
    });
  } finally {
    installed.remove();
    rmSync(folder, { recursive: true, force: true });
  }
};

function figures(): Readonly<Record<Key, FigureKind>> {
  const pairs = [...TEXTS, "whole" as const].flatMap((name): [Key, FigureKind][] => [
    [name, { label: LABELS[name], unit: "ms" }],
    [`${name}Least`, { label: `${LABELS[name]}, least`, unit: "ms" }],
  ]);
  return Object.fromEntries(pairs) as Record<Key, FigureKind>;
}

interface Run {
  readonly system: System;
  readonly scope: "bytes" | "response";
  readonly file: string;
  readonly url: string;
  readonly warmUp: number;
  readonly rounds: number;
}

async function measure(name: TextName | "whole", { system, scope, file, url, warmUp, rounds }: Run): Promise<Partial<Record<Key, number | null>>> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, system, scope, file, String(warmUp), String(rounds), url]);
  const { count, taken } = JSON.parse(stdout) as { count: number; taken: number[] };
  if (count !== ROWS) throw new Error(`${system} read ${count} rows of ${ROWS}`);
  const sorted = taken.toSorted((left, right) => left - right);
  return { [name]: median(sorted), [`${name}Least`]: sorted[0] ?? null };
}
