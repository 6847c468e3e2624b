/** What is uploaded, compressed as well as gzip can. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { WORKER_DIR } from "../../../scripts/build.ts";
import { peerSource } from "../peer/start.ts";
import { compare } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

export const size: Scenario = (settings) =>
  compare(settings, {
    title: "size: gzip -9 of what is uploaded",
    rounds: 1,
    figures: {
      script: { label: "JavaScript", unit: "kB" },
      wasm: { label: "WebAssembly", unit: "kB" },
      total: { label: "together", unit: "kB" },
    },
    notes: ["The peer knows one of the six questions, and no drop-in routes."],
    measure: async (system) => {
      const read = (file: string): Buffer => readFileSync(join(WORKER_DIR, file));
      const script = zippedKb(system === "ours" ? read("index.js") : Buffer.from(await peerSource()));
      const wasm = system === "ours" ? zippedKb(read("index_bg.wasm")) : 0;
      return { script, wasm, total: script + wasm };
    },
  });

function zippedKb(bytes: Buffer): number {
  return gzipSync(bytes, { level: 9 }).length / 1000;
}
