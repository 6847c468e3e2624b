// Runs files of tests, given as globs. Many look at a clock while the machine does other things too. So a file in which
// something failed runs once more, alone, and that decides. What failed the first time is told either way.

import { globSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

import { say, stop } from "./say.ts";
import { ROOT } from "./tools.ts";

/** For one test, in milliseconds. The longest takes about a minute. */
const TEST_TIMEOUT_MS = 300_000;

const LIMIT = new URL("test-limit.ts", import.meta.url).href;

/** Runs files and gives back those in which something failed. */
async function failedOf(files: readonly string[], concurrency: number): Promise<string[]> {
  const failed = new Set<string>();
  // Not with forceExit: it ends a file before all of its results are told.
  const execArgv = ["--import", LIMIT];
  const events = run({ files, concurrency, timeout: TEST_TIMEOUT_MS, execArgv, cwd: ROOT });
  events.on("test:fail", ({ file, todo }) => {
    if (todo === undefined || todo === false) failed.add(file ?? "");
  });
  const told = events.compose(spec);
  for await (const text of told) process.stdout.write(text);
  return [...failed];
}

const files = globSync(process.argv.slice(2), { cwd: ROOT }).map((file) => join(ROOT, file)).toSorted();
if (files.length === 0) stop("no file of tests has such a name.");
const failed = await failedOf(files, 2);
// Behind the name of a helper the second run would find no test.
if (!failed.every((file) => files.includes(file))) stop(`failed: ${names(failed)}`);
if (failed.length > 0) {
  say(`once more, alone: ${names(failed)}`);
  const failedAgain = await failedOf(failed, 1);
  const passed = failed.filter((file) => !failedAgain.includes(file));
  if (passed.length > 0) say(`failed beside others, and passed alone: ${names(passed)}`);
  if (failedAgain.length > 0) stop(`failed twice: ${names(failedAgain)}`);
}

function names(paths: readonly string[]): string {
  return paths.map((path) => relative(ROOT, path)).join(", ");
}
