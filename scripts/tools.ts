// The compiled tools: where they are kept and how they get there. They live in a per-user cache, keyed by version,
// so that they are compiled once and not once for each checkout.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { say, stop } from "./say.ts";

/** The folder of the checkout. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));

/** The per-user cache: compiled tools and built Workers. */
export const CACHE: string = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "sepay-edge");

/** `rust-version` in Cargo.toml. */
const OLDEST_RUST_MINOR = 91;

const WASM_TARGET = "wasm32-unknown-unknown";

interface Tool {
  readonly crate: string;
  readonly version: string;
  readonly minutes: number;
}

// Must match the wasm-bindgen that Cargo.lock names.
const WASM_BINDGEN: Tool = { crate: "wasm-bindgen-cli", version: "0.2.129", minutes: 2 };

const MUTANTS: Tool = { crate: "cargo-mutants", version: "27.1.0", minutes: 1 };

/** The commands that make a Worker of Rust, besides cargo. */
export interface ToolPaths {
  readonly wasmBindgen: string;
  readonly wasmOpt: string;
  readonly esbuild: string;
}

/** The versions that shape a build, for its cache key. */
export const TOOL_VERSIONS: readonly string[] = [WASM_BINDGEN].map((tool) => `${tool.crate}@${tool.version}`);

/** Makes sure of Rust, its wasm target and the compiled tools; says what it does and how long that may take. */
export function ensureTools(): ToolPaths {
  ensureRust();
  return {
    wasmBindgen: ensureTool(WASM_BINDGEN, "wasm-bindgen"),
    wasmOpt: join(ROOT, "node_modules/.bin/wasm-opt"),
    esbuild: join(ROOT, "node_modules/.bin/esbuild"),
  };
}

/** Makes sure of Rust and cargo-mutants, and returns the path of its command. */
export function ensureMutants(): string {
  ensureRust();
  return ensureTool(MUTANTS, "cargo-mutants");
}

function ensureRust(): void {
  const rustc = spawnSync("rustc", ["--version"], { encoding: "utf8" });
  if (spawnSync("cargo", ["--version"]).status !== 0 || rustc.status !== 0) {
    stop("needs Rust: install it with rustup (https://rustup.rs) and try again.");
  }
  const minor = Number(/^rustc 1\.(\d+)\./.exec(rustc.stdout)?.[1] ?? OLDEST_RUST_MINOR);
  if (minor < OLDEST_RUST_MINOR) stop(`needs Rust 1.${OLDEST_RUST_MINOR} or later: run \`rustup update\` and try again.`);
  const sysroot = spawnSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).stdout.trim();
  if (existsSync(join(sysroot, "lib/rustlib", WASM_TARGET))) return;
  say(`adding Rust's ${WASM_TARGET} target (some seconds) …`);
  if (spawnSync("rustup", ["target", "add", WASM_TARGET], { stdio: ["ignore", 2, 2] }).status !== 0) {
    stop(`needs Rust's ${WASM_TARGET} target, which \`rustup target add ${WASM_TARGET}\` could not add.`);
  }
}

/** Compiles a tool into the cache unless it is there. A half-made one is never left under its name. */
function ensureTool(tool: Tool, binary: string): string {
  const home = join(CACHE, "tools", `${tool.crate}-${tool.version}`);
  const path = join(home, "bin", binary);
  if (existsSync(path)) return path;
  say(`compiling ${tool.crate} ${tool.version}, once for this user (about ${tool.minutes} minutes) …`);
  mkdirSync(join(CACHE, "tools"), { recursive: true });
  const draft = mkdtempSync(join(CACHE, "tools", ".draft-"));
  const args = ["install", "--quiet", "--locked", "--debug", "--root", draft, `${tool.crate}@${tool.version}`];
  const cargo = spawnSync("cargo", args, { cwd: draft, stdio: ["ignore", 2, 2] });
  if (cargo.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    stop(`could not compile ${tool.crate}; cargo's words stand above (it needs a C compiler, pkg-config and OpenSSL's headers, libssl-dev on Debian).`);
  }
  if (!existsSync(path)) {
    rmSync(home, { recursive: true, force: true });
    renameSync(draft, home);
  }
  rmSync(draft, { recursive: true, force: true });
  return path;
}
