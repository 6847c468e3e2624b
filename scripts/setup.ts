// `npm test` begins here: the tools, the hosts that the npm package is tested in, what reads the contract, and on a CI
// machine also Debian's Chromium, which the page is tested in.

import { spawnSync } from "node:child_process";

import { chromiumPath } from "../tests/browser/chromium.ts";
import { ensureContractTools } from "../tests/contract/tools.ts";
import { command as ensureSchemathesis } from "../tests/contract/schemathesis.ts";
import { ensureHosts } from "../tests/package/hosts.ts";
import { noPython } from "../tests/python/venv.ts";
import { say } from "./say.ts";
import { ensureTools } from "./tools.ts";

/** CI starts from a bare machine; elsewhere nobody's system is touched, and the page's tests say that they are skipped. */
function ensureChromium(): void {
  if (!process.env["CI"] || chromiumPath || process.getuid?.() !== 0) return;
  say("installing Debian's chromium for the page's tests (about a minute) …");
  const quiet = { stdio: ["ignore", 2, 2] as ("ignore" | 2)[], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet);
}

ensureTools();
ensureHosts();
ensureContractTools();
if (!noPython) ensureSchemathesis();
ensureChromium();
