/**
 * Throw-away projects that have installed the packed package as a user does, and the programs that are run in them.
 * All are outside the checkout, so that nothing is found there by chance.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PACKAGE_DIR, buildNpm } from "../../scripts/package.ts";

/** A program that has ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a folder of its own. */
export interface Project {
  readonly folder: string;
  /** Writes files, by their paths in the project. */
  write(files: Readonly<Record<string, string>>): void;
  /** Runs a program in the project until it ends. */
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Runs a program, which must succeed, and reads the JSON that it prints. */
  read<T>(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<T>;
  /** Starts a program that does not end by itself, and resolves with the first match of what it prints. */
  start(command: string, args: readonly string[], ready: RegExp, env?: Readonly<Record<string, string>>): Promise<[RegExpExecArray, ChildProcess]>;
  remove(): void;
}

/** Packs the package and returns the tarball's path, in a new folder. */
export async function packed(): Promise<string> {
  buildNpm();
  const folder = mkdtempSync(join(tmpdir(), "sepay-edge-packed-"));
  const args = ["pack", PACKAGE_DIR, "--json", "--ignore-scripts", "--pack-destination", folder];
  const [{ filename }] = JSON.parse((await run("npm", args, folder)).stdout) as [{ filename: string }];
  return join(folder, filename);
}

/** Makes a project and installs the packed package in it. */
export async function installed(folder: string = mkdtempSync(join(tmpdir(), "sepay-edge-project-"))): Promise<Project> {
  const project = projectIn(folder);
  project.write({ "package.json": JSON.stringify({ name: "shop", version: "1.0.0", private: true }) });
  const tarball = await packed();
  const npm = await project.run("npm", ["install", tarball, "--offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
  rmSync(dirname(tarball), { recursive: true });
  if (npm.code !== 0) throw new Error(`npm install failed: ${npm.stderr}`);
  return project;
}

function projectIn(folder: string): Project {
  return {
    folder,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    run: (command, args, env) => run(command, args, folder, env),
    read: async (command, args, env) => {
      const { code, stdout, stderr } = await run(command, args, folder, env);
      if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
      return JSON.parse(stdout) as never;
    },
    start: (command, args, ready, env) => start(command, args, ready, folder, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The environment of a user: none of ours that could reach the client by chance. */
function environment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, NEXT_TELEMETRY_DISABLED: "1", DENO_NO_UPDATE_CHECK: "1", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", ...own };
}

function run(command: string, args: readonly string[], cwd: string, env?: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn(command, args, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

function start(
  command: string,
  args: readonly string[],
  ready: RegExp,
  cwd: string,
  env?: Readonly<Record<string, string>>,
): Promise<[RegExpExecArray, ChildProcess]> {
  const child = spawn(command, args, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += String(chunk);
      const match = ready.exec(said);
      if (match) resolve([match, child]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`${command} ended with ${code}:\n${said}`)));
  });
}
