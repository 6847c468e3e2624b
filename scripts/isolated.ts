// npm packages that some tests need and no checkout should hold: pinned in a folder of their own, installed once for each
// state of its lock into the per-user cache.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join, relative } from "node:path";

import { say, stop } from "./say.ts";
import { CACHE, ROOT } from "./tools.ts";

/** Packages that are kept apart. */
export interface Isolated {
  /** The folder with `package.json`, `package-lock.json` and `.npmrc`. */
  readonly source: string;
  /** The folder in the cache. */
  readonly name: string;
  /** What they are, and what installing them takes, for the person at the terminal. */
  readonly what: string;
}

const PINNED = ["package.json", "package-lock.json", ".npmrc"];

/** Others are let go when nobody has used them for so long. */
const KEPT_MS = 14 * 24 * 3_600_000;

/** Returns the folder that holds their `node_modules`; installs them when nobody has. */
export function ensureIsolated(isolated: Isolated): string {
  const hash = createHash("sha256");
  for (const file of PINNED) hash.update(readFileSync(join(isolated.source, file)));
  const folder = join(CACHE, isolated.name, hash.digest("hex").slice(0, 16));
  if (!existsSync(folder)) install(isolated, folder);
  utimesSync(folder, new Date(), new Date());
  return folder;
}

/** A half-made one is never left under its name. */
function install({ source, name, what }: Isolated, folder: string): void {
  say(`installing ${what} …`);
  const home = join(CACHE, name);
  mkdirSync(home, { recursive: true });
  for (const old of readdirSync(home)) {
    if (Date.now() - statSync(join(home, old)).mtimeMs > KEPT_MS) rmSync(join(home, old), { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(home, ".draft-"));
  for (const file of PINNED) cpSync(join(source, file), join(draft, file));
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawnSync("npm", args, { cwd: draft, stdio: ["ignore", 2, 2] });
  if (npm.status !== 0) stop(`\`npm ci\` failed in ${relative(ROOT, source)}; what npm says stands above.`);
  if (existsSync(folder)) rmSync(draft, { recursive: true, force: true });
  else renameSync(draft, folder);
}
