// The first step of every command, for any Node from 20 on: installs the pinned npm packages, among them the Node that
// the rest needs, and hands over to scripts/<command>.ts. Plain JavaScript, because Node 20 does not read TypeScript.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODULES = join(ROOT, "node_modules");
const OWN_NODE = join(MODULES, ".bin", "node");
/** The first Node that runs TypeScript as it is. */
const TYPESCRIPT_NODE = /** @type {const} */ ([22, 18]);

/** Ends with one sentence for the person at the terminal. @param {string} sentence @returns {never} */
function stop(sentence) {
  console.error(`sepay-edge: ${sentence}`);
  process.exit(1);
}

/** @param {number} major @param {number} minor */
function isNode(major, minor) {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Installs exactly what package-lock.json names, once for each state of it. */
function installPackages() {
  const lock = createHash("sha256").update(readFileSync(join(ROOT, "package-lock.json"))).digest("hex");
  const stamp = join(MODULES, ".installed-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("sepay-edge: installing the npm packages (about half a minute) …");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawnSync("npm", args, { cwd: ROOT, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (npm.status !== 0) stop("`npm ci` failed; what npm says stands above.");
  writeFileSync(stamp, lock);
}

/** The arguments of each command, of deploy's those that say what is deployed where. */
const FLAGS = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  start: ["strict"],
  key: ["id", "scopes", "accounts", "hide", "from", "expires", "rpm", "profile"],
  deploy: ["dry-run", "name", "env", "profile", "config", "var", "outdir"],
  contract: ["check"],
  sim: ["seconds", "years", "seed", "measure"],
  bench: ["quick", "rate", "rounds"],
  lighthouse: ["rounds"],
  screenshots: ["all"],
});

/**
 * Ends when npm took an argument for one of its own, as it does with all that stand before `--`: without it a dry run would
 * be a deployment. npm leaves it in the environment. @param {string} command @param {readonly string[]} args
 */
function stopIfNpmTookOne(command, args) {
  const isGiven = /** @param {string} flag */ (flag) => args.some((arg) => arg === `--${flag}` || arg.startsWith(`--${flag}=`));
  const taken = (FLAGS[command] ?? []).filter((flag) => process.env[`npm_config_${flag.replaceAll("-", "_")}`] && !isGiven(flag));
  if (taken.length === 0) return;
  const typed = command === "start" ? "npm start" : `npm run ${command}`;
  const names = taken.map((flag) => `--${flag}`).join(" ");
  stop(`npm took ${names} for itself, and nothing was done: put \`--\` after \`${command}\`, as in \`${typed} -- ${names}\`.`);
}

const [command = "", ...args] = process.argv.slice(2);
if (!isNode(20, 0)) stop(`needs Node 20 or later, and this is ${process.versions.node}.`);
const script = join(ROOT, "scripts", `${command}.ts`);
if (!/^[a-z]+$/.test(command) || !existsSync(script)) stop(`there is no command '${command}'.`);
stopIfNpmTookOne(command, args);
installPackages();
if (!existsSync(OWN_NODE) && !isNode(...TYPESCRIPT_NODE)) {
  stop(`needs Node ${TYPESCRIPT_NODE.join(".")} or later on this platform, and this is ${process.versions.node}.`);
}
const node = existsSync(OWN_NODE) ? OWN_NODE : process.execPath;
// Only the child acts on Ctrl-C; this process waits for it.
process.on("SIGINT", () => {});
const child = spawn(node, [script, ...args], { stdio: "inherit" });
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
