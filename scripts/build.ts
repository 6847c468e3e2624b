// Builds the Worker (worker/build) and the page (www/dist). A Worker built before from the same sources, in whatever
// checkout, is taken from the per-user cache.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { buildPage } from "../www/build.mjs";
import { say, stop } from "./say.ts";
import { CACHE, ROOT, TOOL_VERSIONS, ensureTools } from "./tools.ts";

/** Where the built Worker stands. */
export const WORKER_DIR: string = join(ROOT, "worker/build");

const PAGE_DIR = join(ROOT, "www/dist");

const WORKER_FILES = ["index.js", "index_bg.wasm"];

/** Everything that the built Worker depends on. */
const INPUTS = ["Cargo.toml", "Cargo.lock", "src/**/*.rs", "worker/Cargo.toml", "worker/src/**/*.rs", "package-lock.json"];

/** How many built Workers the cache keeps. */
const KEPT_BUILDS = 5;

/** Builds what is not built yet. */
export async function build(): Promise<void> {
  buildWorker();
  await replacePage();
}

function buildWorker(): void {
  const builds = join(CACHE, "builds");
  const cached = join(builds, inputHash());
  if (!existsSync(cached)) {
    const { workerBuild, env } = ensureTools();
    say("compiling the Worker (1 to 3 minutes the first time) …");
    const cargoEnv = { ...process.env, ...env };
    const options = { cwd: join(ROOT, "worker"), env: cargoEnv, encoding: "utf8" as const };
    const made = spawnSync(workerBuild, ["--release", "--locked"], options);
    if (made.status !== 0) stop(`the Worker does not build:\n${made.stdout}${made.stderr}`);
    keep(cached, builds);
  }
  // What is in place already is left alone: a Worker may be running from it.
  if (WORKER_FILES.some((file) => !isSame(join(cached, file), join(WORKER_DIR, file)))) {
    rmSync(WORKER_DIR, { recursive: true, force: true });
    cpSync(cached, WORKER_DIR, { recursive: true });
  }
}

/** The page, likewise: a Worker that serves it never finds it half made. */
async function replacePage(): Promise<void> {
  const draft = mkdtempSync(join(tmpdir(), "sepay-edge-page-"));
  await buildPage(draft);
  const made = readdirSync(draft);
  const placed = existsSync(PAGE_DIR) ? readdirSync(PAGE_DIR) : [];
  const isCurrent = made.length === placed.length && made.every((file) => isSame(join(draft, file), join(PAGE_DIR, file)));
  if (!isCurrent) {
    rmSync(PAGE_DIR, { recursive: true, force: true });
    cpSync(draft, PAGE_DIR, { recursive: true });
  }
  rmSync(draft, { recursive: true, force: true });
}

function isSame(left: string, right: string): boolean {
  return existsSync(right) && readFileSync(left).equals(readFileSync(right));
}

/** Copies the fresh build into the cache under its hash, and lets the oldest builds go. */
function keep(cached: string, builds: string): void {
  const draft = `${cached}.draft-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const file of WORKER_FILES) cpSync(join(WORKER_DIR, file), join(draft, file));
  rmSync(cached, { recursive: true, force: true });
  renameSync(draft, cached);
  const all = readdirSync(builds).map((name) => join(builds, name));
  const newest = all.sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
  for (const old of newest.slice(KEPT_BUILDS)) rmSync(old, { recursive: true, force: true });
}

function inputHash(): string {
  const hash = createHash("sha256");
  const rustc = spawnSync("rustc", ["--version"], { encoding: "utf8" }).stdout ?? "";
  hash.update(JSON.stringify([rustc, TOOL_VERSIONS]));
  for (const file of globSync(INPUTS, { cwd: ROOT }).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex").slice(0, 32);
}

/** Says how large the Worker is for those who deploy it. */
function report(): void {
  const bytes = WORKER_FILES.map((file) => gzipSync(readFileSync(join(WORKER_DIR, file)), { level: 9 }).length);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  console.log(`the Worker has ${(total / 1000).toFixed(0)} kB gzipped (${WORKER_FILES.join(" and ")})`);
}

if (import.meta.main) {
  await build();
  report();
}
