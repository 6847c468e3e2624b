// `npm run contract`: writes www/openapi.json, the description of every route, from the Rust sources. With --check it only
// says whether the committed one is what the sources say.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { cached } from "./cache.ts";
import { say, stop } from "./say.ts";
import { ROOT, ensureTools } from "./tools.ts";

/** The committed contract, which the page's build copies. */
export const CONTRACT: string = join(ROOT, "www/openapi.json");

const INPUTS = ["Cargo.toml", "Cargo.lock", "src/**/*.rs", "worker/Cargo.toml", "worker/src/**/*.rs", "worker/examples/openapi/*.rs"];

const GENERATOR = ["run", "--locked", "--quiet", "-p", "sepay-worker", "--features", "openapi", "--example", "openapi"];

/** The contract that the sources say, as text. */
export function generated(): string {
  const folder = cached({
    name: "contract",
    inputs: INPUTS,
    make: (draft) => {
      say("compiling the generator of the contract (half a minute the first time) …");
      const cargo = spawnSync("cargo", GENERATOR, { cwd: ROOT, encoding: "utf8", maxBuffer: 16 << 20, stdio: ["ignore", "pipe", 2] });
      if (cargo.status !== 0) stop("the contract could not be generated; what its generator says stands above.");
      writeFileSync(join(draft, "openapi.json"), cargo.stdout);
    },
  });
  return readFileSync(join(folder, "openapi.json"), "utf8");
}

/** The number of the first line that differs, from 1; none when none does. */
export function firstDifference(left: string, right: string): number | undefined {
  const [ours, theirs] = [left.split("\n"), right.split("\n")];
  const index = ours.findIndex((line, at) => line !== theirs[at]);
  if (index < 0) return ours.length === theirs.length ? undefined : ours.length + 1;
  return index + 1;
}

function main(isCheck: boolean): void {
  ensureTools();
  const wanted = generated();
  const placed = existsSync(CONTRACT) ? readFileSync(CONTRACT, "utf8") : "";
  const line = firstDifference(wanted, placed);
  if (line === undefined) {
    console.log("www/openapi.json is what the sources say");
    return;
  }
  if (isCheck) stop(`www/openapi.json is not what the sources say, from line ${line} on; \`npm run contract\` writes it anew.`);
  writeFileSync(CONTRACT, wanted);
  console.log(`www/openapi.json written, ${wanted.split("\n").length - 1} lines`);
}

if (import.meta.main) main(process.argv.includes("--check"));
