/** Bundles the peer and starts it as our Worker is started. */

import { join } from "node:path";

import { build } from "esbuild";

import { host } from "../../../scripts/worker.ts";
import type { RunningWorker, WorkerOptions } from "../../../scripts/worker.ts";

/** The peer as one module. */
export async function peerSource(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "index.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker"],
    external: ["cloudflare:workers"],
    write: false,
  });
  const [module] = outputFiles;
  if (module === undefined) throw new Error("esbuild made nothing of the peer");
  return module.text;
}

/** Starts it and resolves when it answers. */
export async function startPeer(options: WorkerOptions): Promise<RunningWorker> {
  const worker = {
    name: "peer",
    compatibilityDate: "2026-08-03",
    modules: [{ type: "ESModule", path: "index.js", contents: await peerSource() }],
    durableObjects: { GATE: { className: "Gate", useSQLite: true } },
    bindings: options.bindings,
  };
  return host(worker, options);
}
