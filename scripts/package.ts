// `npm run package`: makes the npm package in dist/npm, and says how large it is. Of the same sources it is made once
// for each user, in whatever checkout.

import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";

import { cached } from "./cache.ts";
import { say, stop } from "./say.ts";
import { ROOT, ensureTools } from "./tools.ts";
import { WASM_OPT, cargo, run } from "./wasm.ts";

/** Where the package stands, ready for `npm pack`. */
export const PACKAGE_DIR: string = join(ROOT, "dist/npm");

const SOURCE_DIR = join(ROOT, "src/js/npm");

/** Everything that the package depends on. */
const INPUTS = [
  ...["Cargo.toml", "Cargo.lock", "src/**/*.rs", "src/js/npm/**/*.{ts,json,md}", "tsconfig.json", "package.json", "package-lock.json"],
  ...["scripts/package.ts", "scripts/wasm.ts", "LICENSE-APACHE", "LICENSE-MIT"],
];

/** The modules that a program imports, each with what it loads besides itself. */
const ENTRIES = ["index", "edge"] as const;

/** A module of its own, so that `instanceof` holds across both entries. */
const SHARED = "errors";

/** What each budget in size-budget.json is the size of: all that a server loads for one `import`. */
const MEASURED = {
  "@sepay-edge/client": ["esm/index.js", "esm/errors.js"],
  "@sepay-edge/client/edge": ["esm/edge.js", "esm/errors.js"],
} as const;

const SETTINGS = {
  cargo: ["rustc", "-p", "sepay", "--crate-type", "cdylib", "--features", "js", "--profile", "npm"],
  wasmBindgen: ["--target=web", "--omit-default-module-path", "--no-typescript", "--out-name=glue"],
  wasmOpt: ["-Oz", ...WASM_OPT],
  esbuild: ["--bundle", "--minify-whitespace", "--minify-syntax", "--platform=neutral", "--target=es2022", "--charset=utf8", "--log-level=warning"],
} as const;

/** What the compilers made of the Rust: the wasm, its glue, and the text that carries it inside JavaScript. */
interface Core {
  readonly wasm: string;
  readonly glue: string;
  readonly deflated: string;
}

/** Builds the package unless the cache has it, and puts it into dist/npm. */
export function buildNpm(): void {
  const made = cached({ name: "npm", inputs: INPUTS, make });
  const draft = `${PACKAGE_DIR}.draft-${process.pid}`;
  cpSync(made, draft, { recursive: true });
  rmSync(PACKAGE_DIR, { recursive: true, force: true });
  renameSync(draft, PACKAGE_DIR);
}

function make(folder: string): void {
  say("compiling the npm package (about a minute) …");
  const draft = mkdtempSync(join(tmpdir(), "sepay-edge-npm-draft-"));
  const core = compileCore(draft);
  bundle("esm", join(folder, "esm"), core, "inline");
  bundle("cjs", join(folder, "cjs"), core, "inline");
  bundleForWorkers(folder, core);
  declare(join(draft, "types"), [join(folder, "esm"), join(folder, "cjs")]);
  writeFileSync(join(folder, "cjs/package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  cpSync(join(SOURCE_DIR, "README.md"), join(folder, "README.md"));
  for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(ROOT, licence), join(folder, licence));
  rmSync(draft, { recursive: true, force: true });
}

function compileCore(draft: string): Core {
  const tools = ensureTools();
  const core = { wasm: join(draft, "sepay.wasm"), glue: join(draft, "glue.js"), deflated: join(draft, "deflated.txt") };
  run(tools.wasmBindgen, [...SETTINGS.wasmBindgen, `--out-dir=${draft}`, cargo(SETTINGS.cargo, "sepay")]);
  run(tools.wasmOpt, [join(draft, "glue_bg.wasm"), ...SETTINGS.wasmOpt, "-o", core.wasm]);
  writeFileSync(core.deflated, deflateRawSync(readFileSync(core.wasm), { level: 9 }).toString("base64"));
  return core;
}

/** Bundles each entry and the shared module, which the entries import from beside them. */
function bundle(format: "esm" | "cjs", folder: string, core: Core, flavour: string): void {
  const aliases = [`--alias:#glue=${core.glue}`, `--alias:#wasm=${join(SOURCE_DIR, `wasm/${flavour}.ts`)}`, `--alias:#deflated=${core.deflated}`];
  for (const entry of [...ENTRIES, SHARED]) {
    const external = entry === SHARED ? [] : [`--external:./${SHARED}.ts`];
    const outfile = join(folder, `${entry}.js`);
    run(ensureTools().esbuild, [
      join(SOURCE_DIR, `src/${entry}.ts`),
      ...[...SETTINGS.esbuild, `--format=${format === "cjs" ? "cjs" : "esm"}`, `--outfile=${outfile}`],
      ...[...external, ...aliases, "--external:../sepay.wasm"],
    ]);
    replaceIn(outfile, `"./${SHARED}.ts"`, `"./${SHARED}.js"`);
  }
}

/** Workers take the wasm as a file; all else they share with the other ES modules, the errors' classes above all. */
function bundleForWorkers(folder: string, core: Core): void {
  const draft = mkdtempSync(join(tmpdir(), "sepay-edge-npm-workers-"));
  bundle("esm", draft, core, "workerd");
  mkdirSync(join(folder, "workerd"));
  cpSync(join(draft, "index.js"), join(folder, "workerd/index.js"));
  replaceIn(join(folder, "workerd/index.js"), `"./${SHARED}.js"`, `"../esm/${SHARED}.js"`);
  cpSync(core.wasm, join(folder, "sepay.wasm"));
  rmSync(draft, { recursive: true, force: true });
}

function replaceIn(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
}

/** Writes the declarations that the entries reach beside each format: a type's module has its importer's format. */
function declare(draft: string, folders: readonly string[]): void {
  run(join(ROOT, "node_modules/.bin/tsc"), ["-p", SOURCE_DIR, "--outDir", draft]);
  const reached = new Set<string>();
  for (const entry of ENTRIES) reach(draft, `${entry}.ts`, reached);
  for (const file of reached) {
    const name = file.replace(/\.ts$/, ".d.ts");
    const text = readFileSync(join(draft, name), "utf8").replaceAll(/(["'])(\.\/[\w-]+)\.ts\1/g, '"$2.js"');
    for (const folder of folders) writeFileSync(join(folder, name), text);
  }
}

function reach(draft: string, file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(join(draft, file.replace(/\.ts$/, ".d.ts")), "utf8");
  for (const [, name] of text.matchAll(/["']\.\/([\w-]+\.ts)["']/g)) if (name) reach(draft, posix.join(dirname(file), name), reached);
}

/** The package's manifest, with the version of the whole. */
function manifest(): object {
  const { name, ...rest } = JSON.parse(readFileSync(join(SOURCE_DIR, "package.json"), "utf8")) as Record<string, unknown>;
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return { name, version, ...rest };
}

/** Bytes of the files, each gzipped as a server would send it. */
function gzipBytes(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(PACKAGE_DIR, file)), { level: 9 }).length, 0);
}

/** Says how large the package is, and fails when it is larger than it may be. */
function checkSize(): void {
  const budget = JSON.parse(readFileSync(join(SOURCE_DIR, "size-budget.json"), "utf8")) as Record<keyof typeof MEASURED, number>;
  for (const [name, files] of Object.entries(MEASURED) as [keyof typeof MEASURED, readonly string[]][]) {
    const bytes = gzipBytes(files);
    console.log(`${name} has ${bytes} bytes gzipped (${files.join(" and ")}), ${budget[name]} allowed`);
    if (bytes > budget[name]) stop(`${name} is ${bytes - budget[name]} bytes larger than src/js/npm/size-budget.json allows.`);
  }
  const unpacked = globSync("**/*.{js,wasm,d.ts}", { cwd: PACKAGE_DIR });
  console.log(`${unpacked.length} files, sepay.wasm ${gzipBytes(["sepay.wasm"])} bytes of it gzipped`);
}

if (import.meta.main) {
  buildNpm();
  checkSize();
}
