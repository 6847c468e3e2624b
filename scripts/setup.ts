// `npm test` begins here: the tools, the hosts that the npm package is tested in, what reads the contract, what attacks by
// it in Python, and on a CI machine also Debian's Chromium, which the page is tested in.

import { spawnSync } from "node:child_process";

import { chromiumPath } from "../tests/browser/chromium.ts";
import { ensureContractTools } from "../tests/contract/tools.ts";
import { command as ensureSchemathesis } from "../tests/contract/schemathesis.ts";
import { ensureHosts } from "../tests/package/hosts.ts";
import { missingPython, noPython } from "../tests/python/venv.ts";
import { say, stop } from "./say.ts";
import { ensureTools } from "./tools.ts";

/** CI starts from a bare machine; elsewhere nobody's system is touched. */
const isBare = Boolean(process.env["CI"]) && process.getuid?.() === 0;

/** Without it the page's tests say that they are skipped. */
function ensureChromium(): void {
  if (!isBare || chromiumPath) return;
  say("installing Debian's chromium for the page's tests (about a minute) …");
  installDebian("chromium");
}

/** Without it nothing attacks by the contract, which on a CI machine would look like having found nothing. */
function ensurePython(): void {
  if (isBare && noPython) {
    say("installing Debian's python3-venv for what is written in Python (some seconds) …");
    installDebian("python3-venv");
  }
  const why = missingPython();
  if (why === false) ensureSchemathesis();
  else if (process.env["CI"]) stop(`${why}.`);
  else say(`${why}; until then the tests with Schemathesis and SePay's Python client are skipped.`);
}

function installDebian(name: string): void {
  const quiet = { stdio: ["ignore", 2, 2] as ("ignore" | 2)[], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], quiet);
}

ensureTools();
ensureHosts();
ensureContractTools();
ensurePython();
ensureChromium();
