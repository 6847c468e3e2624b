// Rust to wasm, the steps that the Worker and the npm package share: cargo, wasm-bindgen, wasm-opt.

import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";

import { stop } from "./say.ts";
import { ROOT } from "./tools.ts";

const WASM_TARGET = "wasm32-unknown-unknown";

/** What rustc uses of wasm; nothing more may come in. */
const WASM_FEATURES = ["bulk-memory", "exception-handling", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

/** What wasm-opt does to every wasm. */
export const WASM_OPT: readonly string[] = [
  // Inlining is Rust's affair; more of it here is fewer bytes raw and 4 % more gzipped.
  "--one-caller-inline-max-function-size=0",
  "--strip-debug",
  "--strip-producers",
  ...WASM_FEATURES.map((feature) => `--enable-${feature}`),
];

/**
 * Compiles one package and returns the path of the raw wasm. One cargo command for each: building two at once would
 * unify their features, and the exports of one would be in the other.
 */
export function cargo(command: readonly string[], library: string, rustcFlags: readonly string[] = []): string {
  const args = [...command, "--locked", "--target", WASM_TARGET, "--message-format=json-render-diagnostics"];
  const flags = [...rustcFlags, ...anonymousPaths()];
  const messages = run("cargo", args, { ...process.env, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") }).split("\n");
  const made = messages.flatMap((line) => (line.includes('"compiler-artifact"') ? [JSON.parse(line) as { filenames: string[] }] : []));
  const wasm = made.flatMap((artifact) => artifact.filenames).find((file) => file.endsWith(`${library}.wasm`));
  return wasm ?? stop(`cargo made no ${library}.wasm.`);
}

/** No folder of the builder's machine in the artifact: it is the same everywhere, and panics name files all the same. */
function anonymousPaths(): string[] {
  const cargoHome = process.env["CARGO_HOME"] ?? join(homedir(), ".cargo");
  return [`--remap-path-prefix=${join(cargoHome, "registry/src")}=`, `--remap-path-prefix=${ROOT}=`];
}

/** Runs one step of a build; stops with its words when it fails. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const made = spawnSync(command, args, { cwd: ROOT, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (made.status !== 0) stop(`the build stops, ${command} failed:\n${made.error?.message ?? ""}${made.stdout}${made.stderr}`);
  return made.stdout;
}
