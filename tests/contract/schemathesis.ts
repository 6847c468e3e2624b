/**
 * Schemathesis over the served contract: it makes requests that the contract allows and requests that it forbids, and judges
 * the Worker's answers by it. It is kept, with all that it depends on, in the per-user cache.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { environment } from "../python/venv.ts";

const VERSION = "4.32.5";
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** What to attack, and for how long. */
export interface Wish {
  /** The Worker, without a slash at the end. */
  readonly url: string;
  /** What it is asked with; null for nothing. */
  readonly key: string | null;
  /** Which of its phases: examples, coverage, fuzzing. */
  readonly phases: readonly string[];
  /** The most requests of each phase for each route. */
  readonly examples: number;
  /** The same seed makes the same requests. */
  readonly seed: number;
  /** Goes on making requests for so long. */
  readonly seconds?: number;
}

/** What came of it. */
export interface Outcome {
  /** Whether nothing was found. */
  readonly isClean: boolean;
  /** How many requests it made up. */
  readonly requests: number;
  /** How many routes it tried, of how many. */
  readonly tested: number;
  readonly selected: number;
  /** All that it said. */
  readonly report: string;
}

/** Attacks a Worker. */
export async function schemathesis(wish: Wish): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "sepay-edge-schemathesis-"));
  const report = await run(command(), args(wish), folder);
  await rm(folder, { recursive: true, force: true });
  const count = (pattern: RegExp): number => Number(pattern.exec(report.text)?.[1] ?? 0);
  return {
    isClean: report.code === 0,
    requests: count(/(\d+) generated/),
    tested: count(/Tested: (\d+)/),
    selected: count(/Selected: (\d+)/),
    report: report.text,
  };
}

/** Installs it when nobody has; for a test's set-up. */
export function command(): string {
  const python = environment(`schemathesis-${VERSION}`, [["-r", REQUIREMENTS]], readFileSync(REQUIREMENTS, "utf8"));
  return python.replace(/python$/, "schemathesis");
}

function args({ url, key, phases, examples, seed, seconds }: Wish): string[] {
  return [
    "run",
    `${url}/openapi.json`,
    ...["--url", url],
    ...(key === null ? [] : ["--header", `Authorization: Bearer ${key}`]),
    ...["--checks", "all"],
    // Python's own parser, which Hypothesis calls, is not safe in threads (CPython 3.11).
    ...["--workers", "1"],
    ...["--phases", phases.join()],
    ...["--max-examples", String(examples)],
    ...["--seed", String(seed)],
    ...(seconds === undefined ? [] : ["--max-time", String(seconds)]),
    // Whatever was found once is found again by the seed; nothing is kept from run to run.
    ...["--generation-database", "none"],
    "--continue-on-failure",
    "--no-color",
  ];
}

function run(program: string, parameters: readonly string[], cwd: string): Promise<{ code: number | null; text: string }> {
  const env = { ...process.env, SCHEMATHESIS_HOOKS: "hooks", PYTHONPATH: import.meta.dirname, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(program, parameters, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
