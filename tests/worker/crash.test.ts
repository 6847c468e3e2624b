/**
 * The real command, killed without warning and started again on what it stored: SePay's limit and its pauses survive,
 * whenever that happens. `CRASH_ROUNDS` asks for more rounds than 12, and `CRASH_SEED` for the moments of another run.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../sandbox/random.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { Command, START_MS } from "./command.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 12);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 2 ** 32);

/** The limit of SePay's pages. */
const PER_SECOND = 2;

/** About as long as the slots of requests that died stay busy: in the next life all that can be are kills. */
const LONGEST_LIFE_MS = 4500;

describe("npm start under kill -9", { timeout: START_MS + 120_000 + ROUNDS * 10_000 }, () => {
  let sandbox: Sandbox;
  let command: Command;

  before(async () => {
    sandbox = await startSandbox({ requestsPerSecond: PER_SECOND });
    command = await Command.before(sandbox);
  });
  afterEach(async () => {
    await command.remove();
    sandbox.reset(["counters", "faults"]);
  });
  after(() => sandbox?.close());

  async function untilRequests(count: number): Promise<void> {
    while (sandbox.counters().requests < count) await delay(2);
  }

  test("kills_at_random_moments_under_load_never_break_the_limit", async (t) => {
    const random = seededRandom(SEED);
    t.diagnostic(`CRASH_SEED=${SEED} CRASH_ROUNDS=${ROUNDS}`);
    // So that some die while SePay is being asked, and others while slots rest.
    sandbox.addFault({ kind: "latency", ms: 0, jitterMs: 400 });
    let [inFlight, lost] = [0, 0];
    for (let round = 1; round <= ROUNDS; round += 1) {
      await command.start();
      const asked = command.load(1000 * round, 10);
      // Every third life is long enough for the slots of the one before to be free again.
      const fromFirst = round % 3 === 1 ? untilRequests(sandbox.counters().requests + 1) : Promise.resolve();
      await Promise.race([fromFirst, asked]);
      await delay(random.next() * LONGEST_LIFE_MS);
      inFlight += sandbox.counters().inFlight;
      await command.kill();
      lost += (await asked).filter((reply) => reply === null).length;
      assert.equal(sandbox.counters().violations, 0, `seed ${SEED}, round ${round}`);
    }
    const { requests, violations, maxPerSecond } = sandbox.counters();
    t.diagnostic(`${requests} requests, ${inFlight} of them under way at a kill, ${lost} callers lost`);
    assert.deepEqual([violations, maxPerSecond <= PER_SECOND], [0, true]);
    assert.ok(sandbox.maxInWindow(1000) <= PER_SECOND);
    assert.ok(requests >= ROUNDS && lost >= ROUNDS, "too little happened to prove anything");
  });

  test("after_a_kill_it_answers_again", async () => {
    await command.start();
    const asked = command.load(100, 4);
    await untilRequests(1);
    await command.kill();
    await asked;
    await command.start();
    assert.equal((await command.ask("/api/accounts/18", 20))?.status, 200);
    assert.equal(sandbox.counters().violations, 0);
  });

  test("slots_of_requests_that_died_with_the_worker_stay_busy", async () => {
    sandbox.addFault({ kind: "hang", count: 2 });
    await command.start();
    const asked = command.load(100, 2);
    await untilRequests(2);
    await command.kill();
    await asked;
    await command.start();
    // Two requests that nobody saw end hold both slots for their timeout of 8 s and a second more.
    const { slots, readyInMs } = await command.status();
    assert.equal(slots.length, 2);
    assert.ok(slots.every((slot) => slot.freeInMs > 0), JSON.stringify(slots));
    assert.ok(readyInMs > 0);
    assert.equal((await command.ask("/api/accounts/25", 20))?.status, 200);
    const [hung = 0, , next = 0] = sandbox.requests().map((request) => request.atMs);
    assert.ok(next - hung >= 8900, `${next - hung} ms after the first of the two`);
  });

  test("a_pause_survives_the_kill", async () => {
    sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 12, count: 1 });
    await command.start();
    const asked = command.load(18, 1);
    while ((await command.status()).pausedForMs === 0) await delay(5);
    await command.kill();
    await asked;
    await command.start();
    assert.ok((await command.status()).pausedForMs > 0, "the pause was forgotten");
    assert.equal((await command.ask("/api/accounts/41", 20))?.status, 200);
    const [refused = 0, next = 0] = sandbox.requests().map((request) => request.atMs);
    assert.ok(next - refused >= 12_000, `${next - refused} ms after the 429`);
  });
});
