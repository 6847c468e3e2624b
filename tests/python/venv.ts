// A Python environment with SePay's Python client, kept in the per-user cache.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { CACHE } from "../../scripts/tools.ts";

// The client declares documentation tools as its dependencies; it imports only these two.
const PACKAGES = ["requests==2.32.5", "pydantic==2.12.5"];
const CLIENT = "sepay==0.1.0";

/** For a test's `skip`: false, or why it cannot run. */
export const noPython: string | false =
  spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0
    ? false
    : "no Python 3 with venv found: install it (Debian: apt-get install python3-venv) to test the drop-in routes with SePay's Python client";

/** Returns the interpreter that has the client, installing both at the first time (about half a minute). */
export function python(): string {
  const home = join(CACHE, "python", CLIENT.replace("==", "-"));
  if (!existsSync(join(home, "ready"))) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    run("python3", ["-m", "venv", home]);
    const pip = [join(home, "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"] as const;
    run(pip[0], [...pip.slice(1), ...PACKAGES]);
    run(pip[0], [...pip.slice(1), "--no-deps", CLIENT]);
    mkdirSync(join(home, "ready"));
  }
  return join(home, "bin/python");
}

function run(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${done.stderr}`);
}
