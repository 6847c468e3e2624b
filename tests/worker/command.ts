/**
 * `npm start` as a child process that is killed without warning and started again on what it stored. Ends only
 * processes that it started itself.
 */
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { until } from "../until.ts";
import { KEY, askAt, keyEntry } from "./site.ts";
import type { GateStatus, Reply } from "./site.ts";

/** A start may have to compile the Worker first. */
export const START_MS = 300_000;

/** The command at one port, with storage of its own, in front of a sandbox. */
export class Command {
  readonly #sandbox: Sandbox;
  readonly #url: string;
  readonly #port: number;
  #child: ChildProcess | null = null;

  private constructor(sandbox: Sandbox, url: string, port: number) {
    this.#sandbox = sandbox;
    this.#url = url;
    this.#port = port;
  }

  /** Prepares it; nothing runs yet. `url` is where it finds the sandbox. */
  static async before(sandbox: Sandbox, url: string = sandbox.url): Promise<Command> {
    return new Command(sandbox, url, await freePort());
  }

  /** Starts it, on what an earlier life stored, and resolves when it says its address. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(ROOT, "scripts/start.ts")], {
      env: {
        ...process.env,
        PORT: String(this.#port),
        SEPAY_BASE_URL: this.#url,
        SEPAY_API_TOKEN: this.#sandbox.token,
        SEPAY_REQUESTS_PER_SECOND: String(this.#sandbox.settings().requestsPerSecond),
        EDGE_KEYS: JSON.stringify([keyEntry(KEY)]),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    await saysItsUrl(child);
  }

  /** Asks with the only key; null if the command died meanwhile. */
  ask(path: string, waitSeconds = 10): Promise<Reply | null> {
    const headers = { Prefer: `wait=${waitSeconds}` };
    return askAt(`http://127.0.0.1:${this.#port}`, path, { headers }).catch(() => null);
  }

  /** Asks distinct questions at once. */
  load(from: number, count: number): Promise<(Reply | null)[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.ask(`/api/accounts/${from + index}`, 25)));
  }

  async status(): Promise<GateStatus> {
    return JSON.parse((await this.ask("/api/status"))?.text ?? "") as GateStatus;
  }

  /** Kills workerd, and then the command around it, and waits for the port. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    for (const pid of [...descendants(child.pid), child.pid]) endAtOnce(pid);
    await gone;
    await until(() => isFree(this.#port), "a free port");
  }

  /** Kills it and removes what it stored. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(join(ROOT, ".wrangler/state", String(this.#port)), { recursive: true, force: true });
  }
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It had ended by itself.
  }
}

/** The processes below one, the deepest first. */
function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = table.trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([child, of]) => (of === parent && child !== undefined ? [...below(child), child] : []));
  return below(pid);
}

function saysItsUrl(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`no URL in ${START_MS} ms: ${said}`)), START_MS);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!/sepay-edge +http:\/\/127\.0\.0\.1:\d+/.test(said)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code}: ${said}`));
    });
  });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
