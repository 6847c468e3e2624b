// Builds that are kept for each user under the hash of all that they depend on, so that the same sources are compiled
// once, in whatever checkout.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CACHE, ROOT, TOOL_VERSIONS } from "./tools.ts";

/** Something that is built from files of the checkout. */
export interface Product {
  /** Begins its name in the cache. */
  readonly name: string;
  /** Globs of everything it depends on, besides `TOOL_VERSIONS` and rustc. */
  readonly inputs: readonly string[];
  /** What else makes two builds differ. */
  readonly settings?: readonly string[];
  /** Builds it into a folder that exists. */
  make(folder: string): void;
}

/** How many builds of each name the cache keeps. */
const KEPT_BUILDS = 8;

/** Returns the folder with the built product, which is not to be changed; builds it when the cache has none. */
export function cached(product: Product): string {
  const builds = join(CACHE, "builds", product.name);
  const folder = join(builds, inputHash(product));
  if (existsSync(folder)) return folder;
  const made = mkdtempSync(join(tmpdir(), `sepay-edge-${product.name}-`));
  product.make(made);
  keep(made, folder, builds);
  rmSync(made, { recursive: true, force: true });
  return folder;
}

/** Tells whether two files have the same content. */
export function isSame(left: string, right: string): boolean {
  return existsSync(right) && readFileSync(left).equals(readFileSync(right));
}

/** Copies a fresh build into the cache under its hash, and lets the oldest builds go. */
function keep(made: string, folder: string, builds: string): void {
  const draft = `${folder}.draft-${process.pid}`;
  cpSync(made, draft, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  const all = readdirSync(builds).map((name) => join(builds, name));
  const newest = all.sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
  for (const old of newest.slice(KEPT_BUILDS)) rmSync(old, { recursive: true, force: true });
}

function inputHash({ inputs, settings = [] }: Product): string {
  const hash = createHash("sha256");
  const rustc = spawnSync("rustc", ["--version"], { encoding: "utf8" }).stdout ?? "";
  hash.update(JSON.stringify([rustc, TOOL_VERSIONS, settings]));
  for (const file of globSync(inputs, { cwd: ROOT }).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex").slice(0, 32);
}
