/**
 * The runtimes, bundlers and checkers that the packed package is tested in: pinned in tests/package/hosts, installed
 * once for each state of that lock into the per-user cache, because they are a gigabyte that no checkout needs.
 */
import { existsSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { ensureIsolated } from "../../scripts/isolated.ts";

/** A runtime that may not exist on this platform. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  /** For a test's `skip`: false, or why it cannot run. */
  readonly missing: false | string;
}

/** Returns the folder that holds `node_modules` of the hosts; installs them when nobody has. */
export function ensureHosts(): string {
  return ensureIsolated({
    source: join(import.meta.dirname, "hosts"),
    name: "hosts",
    what: "the runtimes and bundlers that the npm package is tested in, once for this user (half a minute, 1 GB)",
  });
}

const modules = join(ensureHosts(), "node_modules");

/** The Nodes that the package promises to run on; the last is the one that runs the tests. */
export const NODES: readonly Runtime[] = [
  runtime("Node 20", `node-20-linux-${process.arch}/bin/node`),
  runtime("Node 22", `node-22-linux-${process.arch}/bin/node`),
  { name: `Node ${process.versions.node.split(".")[0]}`, command: process.execPath, missing: false },
];

export const BUN: Runtime = runtime("Bun", `@oven/bun-linux-${process.arch === "arm64" ? "aarch64" : "x64"}/bin/bun`);

export const DENO: Runtime = runtime("Deno", "@deno/linux-x64-glibc/deno");

/** The path of a host's JavaScript command. */
export function script(path: string): string {
  return join(modules, path);
}

/** A folder in which programs find the hosts beside what is installed there, as if they had them as dependencies. */
export function folderAmongHosts(): string {
  return mkdtempSync(join(ensureHosts(), "project-"));
}

function runtime(name: string, path: string): Runtime {
  const command = join(modules, path);
  return { name, command, missing: existsSync(command) ? false : `npm has no ${name} for ${process.platform} ${process.arch}` };
}
