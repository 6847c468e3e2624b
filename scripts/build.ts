// Builds the Worker (worker/build) and the page (www/dist). A Worker built before from the same sources, in whatever
// checkout, is taken from the per-user cache.

import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";

import { buildPage } from "../www/build.mjs";
import { cached, isSame } from "./cache.ts";
import { WORKER_FILES, compile } from "./compile.ts";
import { say, stop } from "./say.ts";
import { ROOT } from "./tools.ts";

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
const INPUTS = [
  ...["Cargo.toml", "Cargo.lock", "src/**/*.rs", "worker/Cargo.toml", "worker/src/**/*.rs", "worker/entry/*.ts"],
  ...["scripts/compile.ts", "scripts/wasm.ts", "package-lock.json"],
];

/** Builds what is not built yet. */
export async function build(): Promise<void> {
  buildWorker(RELEASE);
  await replacePage();
}

/** Builds a Worker, or takes it from the cache. */
export function buildWorker({ folder, features }: Flavour): void {
  const made = cached({
    name: "worker",
    inputs: INPUTS,
    settings: features,
    make: (draft) => {
      say(`compiling the Worker${features.map((feature) => ` with ${feature}`).join()} (1 to 3 minutes the first time) …`);
      compile(draft, features);
    },
  });
  // What is in place already is left alone: a Worker may be running from it.
  for (const file of WORKER_FILES) {
    if (!isSame(join(made, file), join(folder, file))) cpSync(join(made, file), join(folder, file));
  }
}

/** The page, likewise: a Worker that serves it never finds it half made. */
async function replacePage(): Promise<void> {
  const draft = mkdtempSync(join(tmpdir(), "sepay-edge-page-"));
  await buildPage(draft);
  const made = filesIn(draft);
  const placed = existsSync(PAGE_DIR) ? filesIn(PAGE_DIR) : [];
  const isCurrent = made.length === placed.length && made.every((file) => isSame(join(draft, file), join(PAGE_DIR, file)));
  if (!isCurrent) {
    rmSync(PAGE_DIR, { recursive: true, force: true });
    cpSync(draft, PAGE_DIR, { recursive: true });
  }
  rmSync(draft, { recursive: true, force: true });
}

/** Every file below a folder, by its path there. */
function filesIn(folder: string): string[] {
  return globSync("**", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
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
