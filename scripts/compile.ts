// Compiles the Worker from Rust to one JavaScript module and one wasm module, with the tools that worker-build would
// call. It is not used itself, because its own entry module cannot be replaced, and its last step makes the wasm larger.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT, ensureTools } from "./tools.ts";
import { WASM_OPT, cargo, run } from "./wasm.ts";

/** What a compiled Worker consists of. */
export const WORKER_FILES: readonly string[] = ["index.js", "index_bg.wasm"];

/** Settings of the compilers. */
const SETTINGS = {
  rustc: [
    // SHA-256 as loops: 6 kB less; keys are short, and a body is hashed once for all who get it.
    '--cfg=sha2_backend_soft="compact"',
  ],
  wasmBindgen: ["--target=module", "--no-typescript", "--out-name=index", "--experimental-reset-state-function", "--force-enable-abort-handler"],
  wasmOpt: ["-Oz", ...WASM_OPT],
  esbuild: ["--bundle", "--minify", "--format=esm", "--target=es2023", "--external:./index_bg.wasm", "--external:cloudflare:*", "--log-level=warning"],
} as const;

/** Compiles the Worker with these cargo features into a folder that exists. */
export function compile(folder: string, features: readonly string[]): void {
  const tools = ensureTools();
  const draft = mkdtempSync(join(tmpdir(), "sepay-edge-worker-"));
  const command = ["build", "--lib", "--release", "-p", "sepay-worker", ...(features.length > 0 ? ["--features", features.join()] : [])];
  const raw = cargo(command, "sepay_worker", SETTINGS.rustc);
  run(tools.wasmBindgen, [...SETTINGS.wasmBindgen, `--out-dir=${draft}`, raw]);
  run(tools.wasmOpt, [join(draft, "index_bg.wasm"), ...SETTINGS.wasmOpt, "-o", join(folder, "index_bg.wasm")]);
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
