/**
 * The real command, killed without warning and started again on what it stored: SePay's limit and its pauses survive,
 * whenever that happens. `CRASH_ROUNDS` asks for more rounds than 12, and `CRASH_SEED` for the moments of another run.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../sandbox/random.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { until } from "../until.ts";
import { Command, START_MS } from "./command.ts";
import { startNetwork } from "./network.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 12);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 2 ** 32);

/** The limit of SePay's pages. */
const PER_SECOND = 2;

/** The longest that a life goes on under load, in milliseconds. */
const LONGEST_LIFE_MS = 3000;

/** The longest that a request is under way to SePay: longer than a new start takes, in milliseconds. */
const LONGEST_WAY_MS = 4500;

/** Runs a test against a sandbox of its own, and requires that SePay's limit was kept. */
function underKill(name: string, body: (sandbox: Sandbox, t: TestContext) => Promise<void>): void {
  test(name, { timeout: START_MS + 120_000 + ROUNDS * 10_000 }, async (t) => {
    const sandbox = await startSandbox({ requestsPerSecond: PER_SECOND });
    try {
      await body(sandbox, t);
      const { violations, maxPerSecond } = sandbox.counters();
      assert.deepEqual([violations, maxPerSecond <= PER_SECOND], [0, true]);
      assert.ok(sandbox.maxInWindow(1000) <= PER_SECOND);
    } finally {
      await sandbox.close();
    }
  });
}

/** Runs with a command that is killed and forgotten at the end. */
async function withCommand(sandbox: Sandbox, url: string, body: (command: Command) => Promise<void>): Promise<void> {
  const command = await Command.before(sandbox, url);
  try {
    await body(command);
  } finally {
    await command.remove();
  }
}

/** When its requests came. */
function atMs(sandbox: Sandbox): number[] {
  return sandbox.requests().map((request) => request.atMs);
}

async function untilRequests(sandbox: Sandbox, count: number): Promise<void> {
  await until(() => sandbox.counters().requests >= count, `${count} requests`);
}

describe("npm start under kill -9", { concurrency: true }, () => {
  underKill("kills_at_random_moments_under_load_never_break_the_limit", async (sandbox, t) => {
    t.diagnostic(`CRASH_SEED=${SEED} CRASH_ROUNDS=${ROUNDS}`);
    const random = seededRandom(SEED);
    // Some requests arrive in another life than the one that sent them.
    const ways = seededRandom(SEED + 1);
    const network = await startNetwork(sandbox, () => ways.next() * LONGEST_WAY_MS);
    let [underWay, lost] = [0, 0];
    await withCommand(sandbox, network.url, async (command) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        await command.start();
        const asked = command.load(1000 * round, 10);
        // Every other life is long enough for the slots of the one before to be free again.
        if (round % 2 === 1) await network.untilSent();
        await delay(random.next() * LONGEST_LIFE_MS);
        underWay += network.underWay();
        await command.kill();
        lost += (await asked).filter((reply) => reply === null).length;
        assert.equal(sandbox.counters().violations, 0, `seed ${SEED}, round ${round}`);
      }
    }).finally(() => network.close());
    const { requests } = sandbox.counters();
    t.diagnostic(`${requests} requests arrived, ${underWay} were under way at a kill, ${lost} callers lost`);
    assert.ok(requests >= ROUNDS / 2 && underWay > 0 && lost >= ROUNDS, "too little happened to prove anything");
  });

  underKill("slots_of_requests_that_died_with_the_worker_stay_busy", (sandbox) =>
    withCommand(sandbox, sandbox.url, async (command) => {
      sandbox.addFault({ kind: "hang", count: 2 });
      await command.start();
      const asked = command.load(100, 2);
      await untilRequests(sandbox, 2);
      await command.kill();
      await asked;
      await command.start();
      // Two requests that nobody saw end hold both slots for their timeout of 8 s and a second more.
      const { slots, readyInMs } = await command.status();
      assert.equal(slots.length, 2);
      const hung = atMs(sandbox)[0] ?? 0;
      // On a slow machine the new start may have taken longer than that.
      if (performance.now() - hung < 8900) {
        assert.ok(slots.every((slot) => slot.freeInMs > 0), JSON.stringify(slots));
        assert.ok(readyInMs > 0);
      }
      assert.equal((await command.ask("/api/accounts/25", 20))?.status, 200);
      const next = atMs(sandbox)[2] ?? 0;
      assert.ok(next - hung >= 8900, `${next - hung} ms after the first of the two`);
    }));

  underKill("a_pause_survives_the_kill", (sandbox) =>
    withCommand(sandbox, sandbox.url, async (command) => {
      sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 18, count: 1 });
      await command.start();
      const asked = command.load(18, 1);
      await until(async () => (await command.status()).pausedForMs > 0, "a pause");
      await command.kill();
      await asked;
      await command.start();
      assert.ok((await command.status()).pausedForMs > 0, "the pause was forgotten");
      assert.equal((await command.ask("/api/accounts/41", 20))?.status, 200);
      const [refused = 0, next = 0] = atMs(sandbox);
      assert.ok(next - refused >= 18_000, `${next - refused} ms after the 429`);
    }));
});
