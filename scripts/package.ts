// `npm run package`: makes the npm package in dist/npm, and says how large it is. Of the same sources it is made once
// for each user, in whatever checkout.

import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { cached, isSame } from "./cache.ts";
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

/** The modules that a program imports. */
const ENTRIES = ["index", "edge"] as const;

/** A module of its own, so that `instanceof` holds across both entries. */
const SHARED = "errors";

/** The wasm as text, a module of its own: it would spoil the compression of what stands beside it. */
const BYTES = "bytes";

/** All that a server loads for `import "@sepay-edge/client"`. */
const LOADED = ["index", SHARED, BYTES].map((name) => `esm/${name}.js`);

/** Bytes, gzipped, of what each entry may cost its user (size-budget.json). */
type Sizes = Readonly<Record<"@sepay-edge/client" | "@sepay-edge/client/edge", number>>;

const SETTINGS = {
  cargo: ["rustc", "--lib", "-p", "sepay", "--crate-type", "cdylib", "--features", "js", "--release"],
  wasmBindgen: ["--target=web", "--omit-default-module-path", "--no-typescript", "--out-name=glue"],
  // The stack lies at the bottom of memory, so that no data has a low address.
  wasmOpt: ["-Oz", "--gufa", "-Oz", "--converge", "--low-memory-unused", ...WASM_OPT],
  esbuild: ["--bundle", "--minify", "--platform=neutral", "--target=es2022", "--charset=utf8", "--external:node:*", "--log-level=warning"],
} as const;

const ESBUILD = join(ROOT, "node_modules/.bin/esbuild");

/** What the compilers made of the Rust: the wasm and its glue. */
interface Core {
  readonly wasm: string;
  readonly glue: string;
}

/** How a host gets the wasm: the name of a module in src/js/npm/wasm. */
type Host = "node" | "browser" | "workerd";

/** Builds the package unless the cache has it, and puts it into dist/npm. */
export function buildNpm(): void {
  const made = cached({ name: "npm", inputs: INPUTS, make });
  // What is in place already is left alone: somebody may be packing it.
  const files = listed(made);
  if (files.join() === listed(PACKAGE_DIR).join() && files.every((file) => isSame(join(made, file), join(PACKAGE_DIR, file)))) return;
  const draft = `${PACKAGE_DIR}.draft-${process.pid}`;
  cpSync(made, draft, { recursive: true });
  rmSync(PACKAGE_DIR, { recursive: true, force: true });
  renameSync(draft, PACKAGE_DIR);
}

function listed(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

function make(folder: string): void {
  say("compiling the npm package (about a minute) …");
  const draft = mkdtempSync(join(tmpdir(), "sepay-edge-npm-draft-"));
  const core = compileCore(draft);
  for (const format of ["esm", "cjs"] as const) {
    for (const entry of [...ENTRIES, SHARED]) bundle(entry, join(folder, format), core, { format, host: "node" });
    const packed = brotliCompressSync(readFileSync(core.wasm), { params: { [constants.BROTLI_PARAM_LGWIN]: 18 } });
    writeText(join(folder, format), format === "esm" ? "export default" : "module.exports =", packed);
  }
  bundleBesideModules(folder, core, "browser");
  writeText(join(folder, "browser"), "export default", readFileSync(core.wasm));
  bundleBesideModules(folder, core, "workerd");
  cpSync(core.wasm, join(folder, "sepay.wasm"));
  declare(join(draft, "types"), [join(folder, "esm"), join(folder, "cjs")]);
  writeFileSync(join(folder, "cjs/package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  cpSync(join(SOURCE_DIR, "README.md"), join(folder, "README.md"));
  for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(ROOT, licence), join(folder, licence));
  rmSync(draft, { recursive: true, force: true });
}

function compileCore(draft: string): Core {
  const tools = ensureTools();
  const core = { wasm: join(draft, "sepay.wasm"), glue: join(draft, "glue.js") };
  run(tools.wasmBindgen, [...SETTINGS.wasmBindgen, `--out-dir=${draft}`, cargo(SETTINGS.cargo, "sepay")]);
  run(tools.wasmOpt, [join(draft, "glue_bg.wasm"), ...SETTINGS.wasmOpt, "-o", core.wasm]);
  return core;
}

/** Bundles a module, which imports the shared one and the text as they stand beside it. */
function bundle(entry: string, folder: string, { glue }: Core, { format, host }: { format: "esm" | "cjs"; host: Host }): void {
  const outfile = join(folder, `${entry}.js`);
  const beside = ["../sepay.wasm", `./${BYTES}.js`, ...(entry === SHARED ? [] : [`./${SHARED}.ts`])];
  run(ESBUILD, [
    join(SOURCE_DIR, `src/${entry}.ts`),
    ...[...SETTINGS.esbuild, `--format=${format}`, `--outfile=${outfile}`],
    ...[`--alias:#glue=${glue}`, `--alias:#wasm=${join(SOURCE_DIR, `wasm/${host}.ts`)}`],
    ...beside.map((path) => `--external:${path}`),
  ]);
  replaceIn(outfile, `"./${SHARED}.ts"`, `"./${SHARED}.js"`);
}

/** The other hosts get the wasm in another way; all else they share with the ES modules, the errors' classes above all. */
function bundleBesideModules(folder: string, core: Core, host: Host): void {
  bundle("index", join(folder, host), core, { format: "esm", host });
  replaceIn(join(folder, host, "index.js"), `"./${SHARED}.js"`, `"../esm/${SHARED}.js"`);
}

function writeText(folder: string, keyword: string, bytes: Buffer): void {
  writeFileSync(join(folder, `${BYTES}.js`), `${keyword} "${bytes.toString("base64")}";\n`);
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

/** What a server loads as it is, and what a page's bundler makes of the whole entry for browsers. */
function sizes(): Sizes {
  const forPages = run(ESBUILD, [join(PACKAGE_DIR, "esm/edge.js"), "--bundle", "--minify", "--format=esm"]);
  return {
    "@sepay-edge/client": LOADED.reduce((sum, file) => sum + gzipBytes(readFileSync(join(PACKAGE_DIR, file))), 0),
    "@sepay-edge/client/edge": gzipBytes(forPages),
  };
}

function gzipBytes(content: string | Buffer): number {
  return gzipSync(content, { level: 9 }).length;
}

/** Says how large the package is for those who use it, and fails when it is larger than it may be. */
function checkSize(): void {
  const budget = JSON.parse(readFileSync(join(SOURCE_DIR, "size-budget.json"), "utf8")) as Sizes;
  for (const [name, bytes] of Object.entries(sizes()) as [keyof Sizes, number][]) {
    console.log(`${name} has ${bytes} bytes gzipped, ${budget[name]} allowed`);
    if (bytes > budget[name]) stop(`${name} is ${bytes - budget[name]} bytes larger than src/js/npm/size-budget.json allows.`);
  }
}

if (import.meta.main) {
  buildNpm();
  checkSize();
}
