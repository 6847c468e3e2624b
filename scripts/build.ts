// Builds the Worker (worker/build) and the page (www/dist). A Worker built before from the same sources, in whatever
// checkout, is taken from the per-user cache.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { buildPage } from "../www/build.mjs";
import { WORKER_FILES, compile } from "./compile.ts";
import { say, stop } from "./say.ts";
import { CACHE, ROOT, TOOL_VERSIONS } from "./tools.ts";

/** A Worker to build. */
interface Flavour {
  /** Where it stands. */
  readonly folder: string;
  /** Cargo features. */
  readonly features: readonly string[];
}

/** Where the Worker stands that is deployed. */
export const WORKER_DIR: string = join(ROOT, "worker/build");

/** The Worker that is deployed. */
const RELEASE: Flavour = { folder: WORKER_DIR, features: [] };

/** The Worker with the routes that only tests need. */
export const WITH_TEST_ROUTES: Flavour = { folder: join(WORKER_DIR, "test-routes"), features: ["test-routes"] };

const PAGE_DIR = join(ROOT, "www/dist");

/** Everything that the built Worker depends on. */
const INPUTS = ["Cargo.toml", "Cargo.lock", "src/**/*.rs", "worker/Cargo.toml", "worker/src/**/*.rs", "worker/entry/*.ts", "scripts/compile.ts", "package-lock.json"];

/** How many built Workers the cache keeps. */
const KEPT_BUILDS = 8;

/** Builds what is not built yet. */
export async function build(): Promise<void> {
  buildWorker(RELEASE);
  await replacePage();
}

/** Builds a Worker, or takes it from the cache. */
export function buildWorker({ folder, features }: Flavour): void {
  const builds = join(CACHE, "builds");
  const cached = join(builds, inputHash(features));
  if (!existsSync(cached)) {
    say(`compiling the Worker${features.map((feature) => ` with ${feature}`).join()} (1 to 3 minutes the first time) …`);
    const made = mkdtempSync(join(tmpdir(), "sepay-edge-worker-"));
    compile(made, features);
    keep(made, cached, builds);
    rmSync(made, { recursive: true, force: true });
  }
  // What is in place already is left alone: a Worker may be running from it.
  for (const file of WORKER_FILES) {
    if (!isSame(join(cached, file), join(folder, file))) cpSync(join(cached, file), join(folder, file));
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

/** Copies a fresh build into the cache under its hash, and lets the oldest builds go. */
function keep(made: string, cached: string, builds: string): void {
  const draft = `${cached}.draft-${process.pid}`;
  cpSync(made, draft, { recursive: true });
  rmSync(cached, { recursive: true, force: true });
  renameSync(draft, cached);
  const all = readdirSync(builds).map((name) => join(builds, name));
  const newest = all.sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
  for (const old of newest.slice(KEPT_BUILDS)) rmSync(old, { recursive: true, force: true });
}

function inputHash(features: readonly string[]): string {
  const hash = createHash("sha256");
  const rustc = spawnSync("rustc", ["--version"], { encoding: "utf8" }).stdout ?? "";
  hash.update(JSON.stringify([rustc, TOOL_VERSIONS, features]));
  for (const file of globSync(INPUTS, { cwd: ROOT }).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex").slice(0, 32);
}

/** Says how large the Worker is for those who deploy it, and fails when it is larger than it may be. */
function checkSize(): void {
  const sizes = WORKER_FILES.map((file) => gzipSync(readFileSync(join(RELEASE.folder, file)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const { gzipBytes } = JSON.parse(readFileSync(join(ROOT, "worker/size-budget.json"), "utf8")) as { gzipBytes: number };
  console.log(`the Worker has ${kB(total)} kB gzipped (${WORKER_FILES.join(" and ")}), ${kB(gzipBytes)} allowed`);
  if (total > gzipBytes) stop(`the Worker is ${total - gzipBytes} bytes larger than worker/size-budget.json allows.`);
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

if (import.meta.main) {
  await build();
  checkSize();
}
