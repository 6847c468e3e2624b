// Compiles the Worker from Rust to one JavaScript module and one wasm module, with the tools that worker-build would
// call. It is not used itself, because its own entry module cannot be replaced, and its last step makes the wasm larger.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { stop } from "./say.ts";
import { ROOT, ensureTools } from "./tools.ts";

/** What a compiled Worker consists of. */
export const WORKER_FILES: readonly string[] = ["index.js", "index_bg.wasm"];

const WASM_TARGET = "wasm32-unknown-unknown";

/** Settings of the compilers. */
const SETTINGS = {
  rustc: [
    // SHA-256 as loops: 6 kB less; keys are short, and a body is hashed once for all who get it.
    '--cfg=sha2_backend_soft="compact"',
  ],
  wasmBindgen: ["--target=module", "--no-typescript", "--out-name=index", "--experimental-reset-state-function", "--force-enable-abort-handler"],
  wasmOpt: [
    "-Oz",
    // Inlining is Rust's affair; more of it here is fewer bytes raw and 4 % more gzipped.
    "--one-caller-inline-max-function-size=0",
    "--strip-debug",
    "--strip-producers",
    // What rustc uses; nothing more may come in.
    ...["bulk-memory", "exception-handling", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"].map(
      (feature) => `--enable-${feature}`,
    ),
  ],
  esbuild: ["--bundle", "--minify", "--format=esm", "--target=es2023", "--external:./index_bg.wasm", "--external:cloudflare:*", "--log-level=warning"],
} as const;

/** Compiles the Worker with these cargo features into a folder that exists. */
export function compile(folder: string, features: readonly string[]): void {
  const tools = ensureTools();
  const draft = mkdtempSync(join(tmpdir(), "sepay-edge-worker-"));
  const optimised = join(folder, "index_bg.wasm");
  run(tools.wasmBindgen, [...SETTINGS.wasmBindgen, `--out-dir=${draft}`, cargo(features)]);
  run(tools.wasmOpt, [join(draft, "index_bg.wasm"), ...SETTINGS.wasmOpt, "-o", optimised]);
  const glue = join(draft, "index.js");
  // The source phase of imports is what wasm-bindgen writes and bundlers do not read; on Workers both mean a module.
  writeFileSync(glue, withoutUnusedClasses(readFileSync(glue, "utf8").replace("import source ", "import ")));
  const entry = join(ROOT, "worker/entry/main.ts");
  run(tools.esbuild, [entry, ...SETTINGS.esbuild, `--alias:sepay-worker-glue=${glue}`, `--outfile=${join(folder, "index.js")}`]);
  rmSync(draft, { recursive: true, force: true });
}

/** The platform's crate exports classes for options that nobody here makes. A bundler keeps them for their last line. */
function withoutUnusedClasses(glue: string): string {
  const classes = [...glue.matchAll(/^(?:export )?class (\w+) \{/gm)].flatMap(([, name]) => (name && name !== "Gate" ? [name] : []));
  return classes.reduce((kept, name) => {
    const rest = kept
      .replace(new RegExp(`^(?:export )?class ${name} \\{.*?^\\}\nif \\(Symbol\\.dispose\\)[^\n]*\n`, "ms"), "")
      .replace(new RegExp(`^const ${name}Finalization = .*\n(?:[ }].*\n)*`, "m"), "");
    return new RegExp(`\\b${name}(Finalization)?\\b`).test(rest) ? kept : rest;
  }, glue);
}

/** Compiles the crate and returns the path of the raw wasm. */
function cargo(features: readonly string[]): string {
  const flags = [...SETTINGS.rustc, ...anonymousPaths()];
  const args = ["build", "--release", "--locked", "--lib", "-p", "sepay-worker", "--target", WASM_TARGET, "--message-format=json-render-diagnostics"];
  const env = { ...process.env, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  const messages = run("cargo", features.length > 0 ? [...args, "--features", features.join()] : args, env).split("\n");
  const made = messages.flatMap((line) => (line.includes('"compiler-artifact"') ? [JSON.parse(line) as { filenames: string[] }] : []));
  const wasm = made.flatMap((artifact) => artifact.filenames).find((file) => file.endsWith("sepay_worker.wasm"));
  return wasm ?? stop("cargo made no wasm of the Worker.");
}

/** No folder of the builder's machine in the artifact: it is the same everywhere, and panics name files all the same. */
function anonymousPaths(): string[] {
  const cargoHome = process.env["CARGO_HOME"] ?? join(homedir(), ".cargo");
  return [`--remap-path-prefix=${join(cargoHome, "registry/src")}=`, `--remap-path-prefix=${ROOT}=`];
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const made = spawnSync(command, args, { cwd: ROOT, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (made.status !== 0) stop(`the Worker does not build, ${command} failed:\n${made.error?.message ?? ""}${made.stderr}`);
  return made.stdout;
}
