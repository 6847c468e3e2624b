/** The gate's storage across versions of the Worker: what an older one stored is kept, what a newer one stored is left alone. */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { startWorker } from "../../scripts/worker.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { until } from "../until.ts";
import { BOTH_SCOPES, KEY, askAt, keyEntry } from "./site.ts";
import type { Asking, GateStatus, Site } from "./site.ts";
import { readTrail, sums } from "./trail.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a use may lie in the Worker before it is stored, in milliseconds, and some more. */
const STORED_WITHIN_MS = 20_000;

const BINDINGS = {
  SEPAY_REQUESTS_PER_SECOND: "2",
  EDGE_KEYS: JSON.stringify([keyEntry(KEY, { scopes: [...BOTH_SCOPES, "audit:read"] })]),
};

/** A Worker that lives on what an earlier one stored. */
type Life = Pick<Site, "ask" | "read" | "status" | "logs">;

interface Use {
  readonly hour_ms: number;
  readonly route: string;
  readonly count: number;
}

describe("the gate's storage", () => {
  let sandbox: Sandbox;
  let stateDir: string;

  before(async () => {
    sandbox = await startSandbox({ requestsPerSecond: 50 });
  });
  after(() => sandbox?.close());

  /** Runs a Worker on the storage, and resolves when it has ended. */
  async function live(body: (life: Life) => Promise<void>): Promise<void> {
    const bindings = { ...BINDINGS, SEPAY_BASE_URL: sandbox.url, SEPAY_API_TOKEN: sandbox.token };
    const logs: string[] = [];
    const worker = await startWorker({ port: 0, bindings, stateDir, onLog: (line) => logs.push(line) });
    const ask = (path: string, how?: Asking): ReturnType<typeof askAt> => askAt(worker.url, path, how);
    const read = async <T>(path: string, how?: Asking): Promise<T> => {
      const { status, text } = await ask(path, how);
      assert.equal(status, 200, text);
      return JSON.parse(text) as T;
    };
    try {
      await body({ logs, ask, read, status: () => read<GateStatus>("/api/status") });
    } finally {
      await worker.close();
    }
  }

  /** Runs a test on a storage of its own. */
  function onStorage(body: () => Promise<void>): () => Promise<void> {
    return async () => {
      stateDir = await mkdtemp(join(tmpdir(), "sepay-edge-test-"));
      try {
        await body();
      } finally {
        await rm(stateDir, { recursive: true, force: true });
      }
    };
  }

  /** Opens the database of the only gate. */
  function database<T>(use: (database: DatabaseSync) => T): T {
    const files = globSync("**/*.sqlite", { cwd: stateDir }).map((name) => join(stateDir, name));
    for (const file of files) {
      const database = new DatabaseSync(file);
      try {
        if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'pace'").get() !== undefined) return use(database);
      } finally {
        database.close();
      }
    }
    throw new Error(`no gate has stored anything: ${files.join()}`);
  }

  const version = (): unknown => database((own) => own.prepare("SELECT version FROM schema_version").get()?.["version"]);
  const uses = (): Use[] =>
    database((own) => own.prepare("SELECT hour_ms, route, count FROM audit ORDER BY hour_ms").all().map((row) => ({ ...row }) as unknown as Use));

  test("of_the_first_version_keeps_its_slots_and_gets_an_audit_trail", onStorage(async () => {
    await live(async ({ ask }) => assert.equal((await ask("/api/accounts/18")).status, 200));
    const untilMs = Date.now() + 20_000;
    const schema = database((own) => {
      // As the first version left it.
      own.exec("DROP TABLE audit; DROP TABLE schema_version");
      own.prepare("UPDATE pace SET paused_until_ms = ?").run(untilMs);
      return own.prepare("SELECT sql FROM sqlite_master WHERE name = 'pace'").get()?.["sql"];
    });
    assert.equal(
      schema,
      "CREATE TABLE pace (id INTEGER PRIMARY KEY CHECK (id = 0), slots TEXT NOT NULL, paused_until_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL)",
    );
    await live(async (life) => {
      const { pausedForMs } = await life.status();
      assert.ok(pausedForMs > 5_000 && pausedForMs <= 20_000, `the pause is over: ${pausedForMs} ms`);
      assert.equal((await life.ask("/api/accounts/25", { headers: { Prefer: "wait=0" } })).status, 503);
      const { data } = await readTrail(life, KEY);
      assert.deepEqual(sums(data), { "test /api/status served": 1, "test /api/accounts/{id} failed": 1 });
    });
    assert.equal(version(), 2);
    assert.equal(database((own) => own.prepare("SELECT count(*) AS n FROM pace").get()?.["n"]), 1);
  }));

  test("of_a_later_version_is_left_alone_and_used_as_far_as_it_fits", onStorage(async () => {
    await live(async ({ ask }) => assert.equal((await ask("/api/accounts/18")).status, 200));
    database((own) => own.exec("UPDATE schema_version SET version = 99; ALTER TABLE pace ADD COLUMN later TEXT; DROP TABLE audit; CREATE TABLE audit (later TEXT)"));
    await live(async ({ ask, logs }) => {
      assert.equal((await ask("/api/accounts/25")).status, 200, "the slots fit");
      assert.equal((await ask("/api/audit")).status, 500, "the audit trail does not");
      assert.equal((await ask("/api/accounts/25")).status, 200, "which delays nobody");
      for (const told of ["version 99", "the audit trail cannot be written", "the audit trail cannot be read"]) {
        assert.ok(logs.some((line) => line.includes(told)), `${told}: ${logs.join("\n")}`);
      }
    });
    assert.equal(version(), 99);
    assert.deepEqual(database((own) => own.prepare("SELECT * FROM audit").all()), []);
  }));

  test("has_a_use_at_once_the_first_time_and_soon_after_that_without_being_asked", onStorage(async () => {
    await live(async ({ ask }) => {
      await ask("/api/accounts/18");
      await until(() => uses().some(({ count }) => count === 1), "the first use", 5_000);
      for (let asked = 0; asked < 4; asked += 1) await ask("/api/accounts/18");
      const askedMs = Date.now();
      await until(() => uses().some(({ count }) => count === 5), "five uses", STORED_WITHIN_MS);
      assert.ok(Date.now() - askedMs > 5_000, "they are sent together");
    });
  }));

  test("forgets_uses_after_seven_days", onStorage(async () => {
    await live(async ({ ask, read }) => {
      await ask("/api/accounts/18");
      await readTrail({ read }, KEY);
    });
    const hourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    // Two hours from the limit on both sides, because it moves on while the test runs.
    const old = [7 * DAY_MS + 2 * HOUR_MS, 7 * DAY_MS - 2 * HOUR_MS, 6 * DAY_MS].map((ago) => hourMs - ago);
    database((own) => {
      const add = own.prepare("INSERT INTO audit VALUES (?, 'test', '', '/old', 'served', '', 3, ?, ?)");
      for (const ms of old) add.run(ms, ms, ms);
    });
    await live(async (life) => {
      assert.deepEqual(sums((await readTrail(life, KEY, "?limit=1000")).data)["test /old served"], 6, "not told");
      await life.ask("/api/accounts/18");
      await readTrail(life, KEY);
    });
    assert.deepEqual(uses().filter(({ route }) => route === "/old").map(({ hour_ms: ms }) => ms), old.slice(1), "not kept");
  }));

  test("forgets_uses_when_it_begins_though_none_is_written", onStorage(async () => {
    await live(async ({ ask, read }) => {
      await ask("/api/accounts/18");
      await readTrail({ read }, KEY);
    });
    database((own) => {
      own.exec("UPDATE audit SET hour_ms = 0");
      own.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'no place'); END");
    });
    await live(async ({ ask }) => assert.equal((await ask("/api/accounts/18")).status, 200));
    assert.deepEqual(uses(), []);
  }));

  /** Begins a Worker on so many rows of an hour ago, which a query makes of numbers `i`, and writes to them once. */
  async function filled(rows: number, columns: string): Promise<readonly string[]> {
    await live(async ({ ask, read }) => {
      await ask("/api/accounts/18");
      await readTrail({ read }, KEY);
    });
    database((own) => own.exec(
      `INSERT INTO audit WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT ${columns} FROM n`));
    let told: readonly string[] = [];
    await live(async (life) => {
      await life.ask("/api/accounts/18");
      await readTrail(life, KEY);
      told = life.logs.filter((line) => line.includes("the audit trail is full"));
    });
    return told;
  }

  const lastHourMs = (): number => Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;

  /** The rows on this route: how many, and when the first and the last were used. */
  const span = (route: string): unknown =>
    database((own) => ({ ...own.prepare("SELECT count(*) AS rows, min(first_ms) AS first, max(last_ms) AS last FROM audit WHERE route = ?").get(route) }));

  test("keeps_all_uses_while_there_is_a_place", onStorage(async () => {
    const ms = lastHourMs();
    assert.deepEqual(await filled(190_000, `${ms}, 'test', 't' || i, '/full', 'served', '', 1, ${ms} + i, ${ms} + i`), []);
    assert.deepEqual(span("/full"), { rows: 190_000, first: ms + 1, last: ms + 190_000 });
  }));

  test("is_bounded_and_lets_the_oldest_uses_of_tickets_go_before_those_of_keys", onStorage(async () => {
    const ms = lastHourMs();
    // The first 1,000 of the hour before are a key's own.
    const own = "iif(i <= 1000, '', 't' || i), iif(i <= 1000, '/own/' || i, '/full')";
    assert.equal((await filled(201_000, `${ms} - iif(i <= 1000, ${HOUR_MS}, 0), 'test', ${own}, 'served', '', 1, ${ms} + i, ${ms} + i`)).length, 1);
    const kept = database((rows) => rows.prepare("SELECT count(*) AS n FROM audit WHERE route LIKE '/own/%'").get()?.["n"]);
    assert.equal(kept, 1_000, "the key's own");
    const { rows, first, last } = span("/full") as Readonly<Record<string, number>>;
    assert.ok(Number(rows) > 178_900 && Number(rows) < 179_000, `${rows} rows`);
    assert.deepEqual([first, last], [ms + 201_000 - Number(rows) + 1, ms + 201_000], "the newest are there");
  }));
});

