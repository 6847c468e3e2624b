/** A cold start: from the start of the process to the first answer, over that of an empty Worker. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { WORKER_DIR } from "../../../scripts/build.ts";
import { ask } from "../ask.ts";
import { nowMs } from "../generator/clock.ts";
import { WORKERD } from "../machine.ts";
import { peerSource } from "../peer/start.ts";
import { compare, median } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import type { System } from "../site.ts";

const EMPTY = `export default { fetch() { return new Response('{"status":"ok"}'); } };`;
const STARTS = 10;

export const start: Scenario = (settings) => {
  const starts = settings.quick ? 1 : STARTS;
  return compare(settings, {
    title: `start: first answer of a new workerd, median of ${starts} in turns`,
    rounds: 1,
    figures: {
      start: { label: "process start to first answer", unit: "ms" },
      empty: { label: "the same with an empty Worker", unit: "ms" },
      over: { label: "difference, each from its neighbour in time", unit: "ms" },
    },
    notes: ["`workerd serve` on a configuration of its own; `/healthz`, which needs no key and no gate."],
    measure: async (system) => {
      const folders = { system: await folder(system), empty: await folder(null) };
      const taken: { system: number[]; empty: number[] } = { system: [], empty: [] };
      try {
        for (let round = 0; round < starts; round += 1) {
          for (const which of ["system", "empty"] as const) taken[which].push(await startOnce(folders[which]));
        }
      } finally {
        for (const path of Object.values(folders)) await rm(path, { recursive: true, force: true });
      }
      const differences = taken.system.map((ms, round) => ms - (taken.empty[round] ?? 0));
      return { start: medianOf(taken.system), empty: medianOf(taken.empty), over: medianOf(differences) };
    },
  });
};

function medianOf(values: readonly number[]): number | null {
  return median(values.toSorted((left, right) => left - right));
}

/** A folder with a Worker and the configuration that serves it. */
async function folder(system: System | null): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sepay-edge-start-"));
  if (system === "ours") cpSync(WORKER_DIR, path, { recursive: true });
  else await writeFile(join(path, "index.js"), system === "peer" ? await peerSource() : EMPTY);
  await writeFile(join(path, "config.capnp"), configuration(system));
  return path;
}

function configuration(system: System | null): string {
  const wasm = system === "ours" ? ', (name = "index_bg.wasm", wasm = embed "index_bg.wasm")' : "";
  // The module of ours names its wasm by a relative path, which workerd resolves among these names.
  const objects = `
  bindings = [(name = "GATE", durableObjectNamespace = "Gate"), (name = "EDGE_KEYS", text = "[]")],
  durableObjectNamespaces = [(className = "Gate", uniqueKey = "gate", enableSql = true)],
  durableObjectStorage = (inMemory = void),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "2026-08-03",
  modules = [(name = "index.js", esModule = embed "index.js")${wasm}],${system === null ? "" : objects}
);
`;
}

/** Starts it, waits for its first answer, and stops it. Returns milliseconds. */
async function startOnce(path: string): Promise<number> {
  const startMs = nowMs();
  const child = spawn(WORKERD.default, ["serve", "config.capnp", "--control-fd=3"], { cwd: path, stdio: ["ignore", "ignore", "inherit", "pipe"] });
  const exit = once(child, "exit");
  try {
    const port = await Promise.race([portOf(child.stdio[3] as Readable), exit.then(() => Promise.reject(new Error("workerd does not start")))]);
    const { status } = await ask(`http://127.0.0.1:${port}/healthz`);
    if (status !== 200) throw new Error(`/healthz answers ${status}`);
    return nowMs() - startMs;
  } finally {
    child.kill("SIGKILL");
    await exit;
  }
}

/** Reads the port from the control stream: workerd writes a line of JSON when it listens. */
async function portOf(control: Readable): Promise<number> {
  let text = "";
  for await (const chunk of control) {
    text += String(chunk);
    const port = /"port":\s*(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("workerd names no port");
}
