/** What a figure depends on besides the code. Names no user and no place. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

const require = createRequire(createRequire(import.meta.url).resolve("miniflare"));

/** The program that runs Workers, and its version. */
export const WORKERD = require("workerd") as { readonly default: string; readonly version: string };

/** Facts for a report. */
export function machineFacts(): Readonly<Record<string, string | number>> {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()} ${arch()}`,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
    node: process.versions.node,
    workerd: WORKERD.version,
    miniflare: devDependencies["miniflare"] ?? "",
    hono: devDependencies["hono"] ?? "",
  };
}

/** Files for everything else than connections. */
const OTHER_FILES = 1_500;

/** How many connections may be opened here: workerd, whose limit is this process's, needs two files for each. */
export function availableConnections(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | "unlimited" } } };
  const soft = userLimits?.open_files?.soft ?? 1_024;
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Math.max(100, Math.floor((soft - OTHER_FILES) / 2));
}
