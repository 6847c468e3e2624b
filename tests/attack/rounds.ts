// Attacks that are commands: run again and again, each round as long as it takes, until time is up or one fails.

import { spawn } from "node:child_process";
import { once } from "node:events";

import { ROOT } from "../../scripts/tools.ts";

/** What came of an attack. */
export interface Verdict {
  /** How much was tried, in words. */
  readonly tried: string;
  /** What was found; nothing when nothing was. */
  readonly found?: string;
}

/** A command, and what is set in its environment. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** What one round is, in words. */
  readonly round: string;
}

/** The most of what a failing round wrote that is repeated, in characters. */
const MAX_REPORT_CHARS = 8_000;

/** Runs rounds for so many seconds; the last one is finished. The command of a round may depend on its number, from 0. */
export async function rounds(seconds: number, of: (index: number) => Command): Promise<Verdict> {
  const end = performance.now() + seconds * 1_000;
  for (let index = 0; ; index += 1) {
    const command = of(index);
    const wrote = await run(command);
    const tried = `${index + 1} ${index === 0 ? "round" : "rounds"} of ${command.round}`;
    if (wrote !== undefined) return { tried, found: `${told(command)}\n${wrote}` };
    if (performance.now() >= end) return { tried };
  }
}

/** Returns what a failing command wrote. */
async function run({ program, args, settings }: Command): Promise<string | undefined> {
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...settings }, stdio: ["ignore", "pipe", "pipe"] });
  let wrote = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (wrote = (wrote + text).slice(-MAX_REPORT_CHARS)));
  const [status] = (await once(child, "close")) as [number | null];
  return status === 0 ? undefined : wrote;
}

function told({ settings = {} }: Command): string {
  return Object.entries(settings).map(([name, value]) => `with ${name}=${value}`).join(", ");
}
