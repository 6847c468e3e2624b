/**
 * The runtimes, bundlers and checkers that the packed package is tested in: pinned in tests/package/hosts, installed
 * once for each state of that lock into the per-user cache, because they are a gigabyte that no checkout needs.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { say, stop } from "../../scripts/say.ts";
import { CACHE } from "../../scripts/tools.ts";

const PINNED = ["package.json", "package-lock.json", ".npmrc"];
const SOURCE = join(import.meta.dirname, "hosts");
const HOME = join(CACHE, "hosts");
/** Others are let go when nobody has used them for so long. */
const KEPT_MS = 14 * 24 * 3_600_000;

/** A runtime that may not exist on this platform. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  /** For a test's `skip`: false, or why it cannot run. */
  readonly missing: false | string;
}

/** Returns the folder that holds `node_modules` of the hosts; installs them when nobody has. */
export function ensureHosts(): string {
  const hash = createHash("sha256");
  for (const file of PINNED) hash.update(readFileSync(join(SOURCE, file)));
  const folder = join(HOME, hash.digest("hex").slice(0, 16));
  if (!existsSync(folder)) install(folder);
  utimesSync(folder, new Date(), new Date());
  return folder;
}

/** A half-made one is never left under its name. */
function install(folder: string): void {
  say("installing the runtimes and bundlers that the npm package is tested in, once for this user (half a minute, 1 GB) …");
  mkdirSync(HOME, { recursive: true });
  for (const name of readdirSync(HOME)) {
    if (Date.now() - statSync(join(HOME, name)).mtimeMs > KEPT_MS) rmSync(join(HOME, name), { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(HOME, ".draft-"));
  for (const file of PINNED) cpSync(join(SOURCE, file), join(draft, file));
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawnSync("npm", args, { cwd: draft, stdio: ["ignore", 2, 2] });
  if (npm.status !== 0) stop("`npm ci` failed in tests/package/hosts; what npm says stands above.");
  if (existsSync(folder)) rmSync(draft, { recursive: true, force: true });
  else renameSync(draft, folder);
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
