// Python environments, kept in the per-user cache.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { say } from "../../scripts/say.ts";
import { CACHE } from "../../scripts/tools.ts";

// The client declares documentation tools as its dependencies; it imports only these two.
const PACKAGES = ["requests==2.32.5", "pydantic==2.12.5"];
const CLIENT = "sepay==0.1.0";

/** Says why what is written in Python cannot run now, or false. */
export function missingPython(): string | false {
  if (spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0) return false;
  return "no Python 3 with venv found: install it (Debian: apt-get install python3-venv) to run what is written in Python";
}

/** For a test's `skip`: false, or why it cannot run. */
export const noPython: string | false = missingPython();

/** Returns the interpreter that has SePay's Python client, installing both at the first time (about half a minute). */
export function python(): string {
  return environment(CLIENT.replace("==", "-"), [PACKAGES, ["--no-deps", CLIENT]]);
}

/**
 * Returns the interpreter of an environment in which these `pip install` commands were run, one after the other. What
 * `state` is made of makes another environment when it changes.
 */
export function environment(name: string, installs: readonly (readonly string[])[], state = ""): string {
  const suffix = state === "" ? "" : `-${createHash("sha256").update(state).digest("hex").slice(0, 16)}`;
  const home = join(CACHE, "python", name + suffix);
  if (!existsSync(join(home, "ready"))) {
    say(`installing ${name} for Python, once for this user (about half a minute) …`);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    run("python3", ["-m", "venv", home]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    for (const wanted of installs) run(join(home, "bin/python"), [...pip, ...wanted]);
    mkdirSync(join(home, "ready"));
  }
  return join(home, "bin/python");
}

function run(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${done.stderr}`);
}
