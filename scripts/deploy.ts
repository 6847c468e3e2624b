// `npm run deploy`: looks for what is wrong or missing, and then calls wrangler, with the pinned Node and version. Wrangler
// builds (`build` in worker/wrangler.jsonc). Arguments go on to it: `npm run deploy -- --dry-run` needs no account.

import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { unstable_readConfig } from "wrangler";

import { faults, missing, variables } from "./deploy-check.ts";
import { say, stop } from "./say.ts";
import { ROOT, ensureTools } from "./tools.ts";

const WORKER = join(ROOT, "worker");

const ENVIRONMENT = { WRANGLER_SEND_METRICS: "false", ...process.env };

function wrangler(args: readonly string[], stdio: "inherit" | "pipe"): { status: number | null; stdout: string; stderr: string } {
  const command = [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: WORKER, stdio: ["inherit", stdio, stdio], env: ENVIRONMENT, encoding: "utf8" });
  return { status, stdout: stdout ?? "", stderr: stderr ?? "" };
}

function stopAtFaults(args: readonly string[]): void {
  const { vars } = unstable_readConfig({ config: join(WORKER, "wrangler.jsonc") });
  const found = faults(variables(vars, args));
  for (const fault of found) say(fault);
  if (found.length > 0) stop("nothing was deployed; the variables stand in worker/wrangler.jsonc.");
}

function stopUnlessLoggedIn(): void {
  const { status, stdout } = wrangler(["whoami", "--json"], "pipe");
  if (status === 0 || !/"loggedIn": *false/.test(stdout)) return;
  stop("you are not logged in to Cloudflare: run `npx wrangler login` and try again (on a machine without a browser, read CLOUDFLARE_API_TOKEN from the prompt: worker/DEPLOY.md, step 3). `npm run deploy -- --dry-run` needs no account.");
}

/** The names of the secrets that are set, never their values, which Cloudflare tells nobody. */
function secretNames(args: readonly string[]): string[] | undefined {
  const { status, stdout, stderr } = wrangler(["secret", "list", "--format", "json", ...which(args)], "pipe");
  if (status !== 0) return /not found|does not exist/i.test(stderr + stdout) ? [] : undefined;
  const listed = JSON.parse(stdout) as readonly { readonly name: string }[];
  return listed.map(({ name }) => name);
}

/** The arguments that say which Worker, or whose, is meant: a question before the deployment needs them too. */
function which(args: readonly string[]): string[] {
  const isWhich = (arg: string): boolean => /^(--(name|env|profile)|-e)(=|$)/.test(arg);
  return args.filter((arg, place) => isWhich(arg) || /^(--(name|env|profile)|-e)$/.test(args[place - 1] ?? ""));
}

function deploy(args: readonly string[]): never {
  if (!args.some((arg) => ["--help", "-h"].includes(arg))) check(args);
  process.exit(wrangler(["deploy", ...args], "inherit").status ?? 1);
}

function check(args: readonly string[]): void {
  stopAtFaults(args);
  const isDry = args.some((arg) => /^--dry-run(=true)?$/.test(arg));
  if (!isDry) stopUnlessLoggedIn();
  ensureTools();
  const names = isDry ? undefined : secretNames(args);
  for (const sentence of isDry ? [] : missing(names)) say(sentence);
  if (isDry) say("a dry run: nothing leaves this machine, and which secrets are set is not asked.");
}

deploy(process.argv.slice(2));
