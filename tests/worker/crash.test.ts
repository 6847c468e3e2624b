/**
 * The real command, killed without warning and started again on what it stored: SePay's limit and its pauses survive.
 * Ends only processes that it started itself.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "../../scripts/tools.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { KEY, askAt, keyEntry } from "./site.ts";
import type { GateStatus, Reply } from "./site.ts";

/** A start may have to compile the Worker first. */
const START_MS = 300_000;

const ROUNDS = 4;

describe("npm start under kill -9", { timeout: START_MS + 120_000 }, () => {
  let sandbox: Sandbox;
  let port = 0;
  const started: ChildProcess[] = [];

  before(async () => {
    sandbox = await startSandbox({ requestsPerSecond: 2 });
    port = await freePort();
  });
  afterEach(async () => {
    for (const child of started) await kill(child);
    sandbox.reset(["counters", "faults"]);
  });
  after(async () => {
    await sandbox?.close();
    await rm(join(ROOT, ".wrangler/state", String(port)), { recursive: true, force: true });
  });

  const url = (): string => `http://127.0.0.1:${port}`;

  async function start(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [join(ROOT, "scripts/start.ts")], {
      env: {
        ...process.env,
        PORT: String(port),
        SEPAY_BASE_URL: sandbox.url,
        SEPAY_API_TOKEN: sandbox.token,
        SEPAY_REQUESTS_PER_SECOND: "2",
        EDGE_KEYS: JSON.stringify([keyEntry(KEY)]),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    await saysItsUrl(child);
    return child;
  }

  /** Asks distinct questions; those that die with the Worker count as null. */
  function load(from: number, count: number): Promise<(Reply | null)[]> {
    const asked = Array.from({ length: count }, (_, index) =>
      askAt(url(), `/api/accounts/${from + index}`, { headers: { Prefer: "wait=25" } }).catch(() => null),
    );
    return Promise.all(asked);
  }

  async function status(): Promise<GateStatus> {
    return JSON.parse((await askAt(url(), "/api/status")).text) as GateStatus;
  }

  async function untilRequests(count: number): Promise<void> {
    while (sandbox.counters().requests < count) await delay(2);
  }

  test("rounds_of_load_and_kill_never_break_the_limit", async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const child = await start();
      const before = sandbox.counters().requests;
      const asked = load(1000 * round, 12);
      // In the middle: later in each round, with one or two requests under way.
      await untilRequests(before + 1 + round);
      await kill(child);
      const replies = await asked;
      assert.ok(replies.includes(null), "the kill came too late to matter");
    }
    await start();
    const reply = await askAt(url(), "/api/accounts/18");
    assert.equal(reply.status, 200);
    const { violations, maxPerSecond } = sandbox.counters();
    assert.equal(violations, 0);
    assert.ok(maxPerSecond <= 2);
  });

  test("slots_of_requests_that_died_with_the_worker_stay_busy", async () => {
    sandbox.addFault({ kind: "hang", count: 2 });
    const first = await start();
    const asked = load(100, 2);
    await untilRequests(2);
    await kill(first);
    await asked;
    await start();
    // Two requests that nobody saw end hold both slots for their timeout of 8 s and a second more.
    const { slots, readyInMs } = await status();
    assert.equal(slots.length, 2);
    assert.ok(slots.every((slot) => slot.freeInMs > 0), JSON.stringify(slots));
    assert.ok(readyInMs > 0);
    const reply = await askAt(url(), "/api/accounts/25", { headers: { Prefer: "wait=20" } });
    assert.equal(reply.status, 200);
    const [hung = 0, , next = 0] = sandbox.requests().map((request) => request.atMs);
    assert.ok(next - hung >= 8900, `${next - hung} ms after the first of the two`);
  });

  test("a_pause_survives_the_kill", async () => {
    sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 12, count: 1 });
    const first = await start();
    const asked = load(18, 1);
    await untilPaused();
    await kill(first);
    await asked;
    await start();
    assert.ok((await status()).pausedForMs > 0, "the pause was forgotten");
    const reply = await askAt(url(), "/api/accounts/41", { headers: { Prefer: "wait=20" } });
    assert.equal(reply.status, 200);
    const [refused = 0, next = 0] = sandbox.requests().map((request) => request.atMs);
    assert.ok(next - refused >= 12_000, `${next - refused} ms after the 429`);
  });

  async function untilPaused(): Promise<void> {
    while ((await status()).pausedForMs === 0) await delay(5);
  }

  /** Kills the command and everything below it at once, and waits for the port. */
  async function kill(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    const below = descendants(child.pid);
    for (const pid of [...below, child.pid]) endAtOnce(pid);
    await gone;
    while (!(await isFree(port))) await delay(5);
  }
});

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It had ended by itself.
  }
}

function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = table.trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([child, of]) => (of === parent && child !== undefined ? [child, ...below(child)] : []));
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

async function freePort(): Promise<number> {
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
