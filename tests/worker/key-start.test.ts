/** What `npm start` sets for the Worker: the demo key and its rights, the ticket secret, `--strict`, the environment. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";

import { demo } from "../../scripts/demo.ts";
import { isWellFormed } from "../../scripts/edge-key.ts";
import { ROOT } from "../../scripts/tools.ts";
import { startSandbox } from "../sandbox/server.ts";
import { freePort } from "./command.ts";

const SANDBOX = { isSandbox: true, isStrict: false };
const SEPAY = { isSandbox: false, isStrict: false };

/** Bytes that differ at each call. */
function counted(): (bytes: number) => Buffer {
  let calls = 0;
  return (bytes) => Buffer.alloc(bytes, (calls += 1));
}

/** Everything that is written to a stream until this is found in it, or the stream ends. */
async function read(stream: NodeJS.ReadableStream, wanted: RegExp): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (wanted.test(text)) break;
  }
  return text;
}

describe("npm start", { timeout: 120_000 }, () => {
  test("-- --strict, in front of a SePay that refuses the token with an empty 200: 401 on its routes; tickets are made", async () => {
    const sandbox = await startSandbox({ requestsPerSecond: 50, authFailure: "empty200" });
    const PORT = String(await freePort());
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SEPAY|EDGE)_/.test(name)));
    const env = { ...own, PORT, SEPAY_BASE_URL: sandbox.url, SEPAY_API_TOKEN: "a-wrong-token" };
    const child = spawn(process.execPath, [join(ROOT, "scripts/start.ts"), "--strict"], { env, stdio: ["ignore", "pipe", "ignore"] });
    const ended = once(child, "exit");
    try {
      const key = /edge key +(\S+)/.exec(await read(child.stdout, /edge key.*\n/))?.[1] ?? "";
      assert.ok(isWellFormed(key), key);
      const headers = { Authorization: `Bearer ${key}` };
      const refused = await fetch(`http://127.0.0.1:${PORT}/userapi/transactions/count`, { headers });
      assert.equal(refused.status, 401);
      const ticket = await fetch(`http://127.0.0.1:${PORT}/api/tickets`, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: "{}" });
      assert.equal(ticket.status, 201, await ticket.text());
    } finally {
      child.kill("SIGTERM");
      await ended;
      await sandbox.close();
      await rm(join(ROOT, ".wrangler/state", PORT), { recursive: true, force: true });
    }
  });

  test("gives the demo key every scope, under the hash of what it prints", () => {
    const { key = "", bindings } = demo({}, SANDBOX, counted());
    assert.equal(key, "edge_demo_key_for_the_sandbox_only");
    const sha256 = createHash("sha256").update(key).digest("hex");
    const scopes = ["accounts:read", "transactions:read", "metrics:read", "tickets:write", "audit:read"];
    assert.deepEqual(JSON.parse(bindings["EDGE_KEYS"] ?? ""), [{ id: "demo", sha256, scopes }]);
  });

  test("mints a key for a real SePay, another at each start", () => {
    const [first, second] = [demo({}, SEPAY, randomBytes).key ?? "", demo({}, SEPAY, randomBytes).key ?? ""];
    assert.ok(isWellFormed(first) && isWellFormed(second));
    assert.notEqual(first, second);
  });

  test("makes no key when the environment has some", () => {
    const { key, bindings } = demo({ EDGE_KEYS: "[]" }, SEPAY, counted());
    assert.deepEqual([key, bindings["EDGE_KEYS"]], [undefined, "[]"]);
  });

  test("makes a ticket secret of at least 32 characters, which is not made of the key's bytes", () => {
    const { key = "", bindings } = demo({}, SEPAY, counted());
    const secret = bindings["EDGE_TICKET_SECRET"] ?? "";
    assert.equal(secret, Buffer.alloc(48, 1).toString("base64"));
    assert.ok(secret.length >= 32 && !key.includes(secret));
    assert.notEqual(demo({}, SEPAY, randomBytes).bindings["EDGE_TICKET_SECRET"], demo({}, SEPAY, randomBytes).bindings["EDGE_TICKET_SECRET"]);
  });

  test("takes the variables of the Worker from the environment, and no others", () => {
    const env = { EDGE_TICKET_SECRET: "theirs", EDGE_ORIGINS: "https://a.example", SEPAY_STRICT: "false", EDGE_LOGS: "", PATH: "/bin", MY_SEPAY_X: "1", EDGE_lower: "1" };
    const { bindings } = demo(env, SANDBOX, counted());
    const { EDGE_KEYS: _, ...others } = bindings;
    assert.deepEqual(others, { EDGE_TICKET_SECRET: "theirs", EDGE_ORIGINS: "https://a.example", SEPAY_STRICT: "false" });
  });

  test("--strict wins over the environment, and is off unless given", () => {
    assert.equal(demo({ SEPAY_STRICT: "false" }, { ...SANDBOX, isStrict: true }, counted()).bindings["SEPAY_STRICT"], "true");
    assert.equal(demo({ EDGE_KEYS: "[]" }, { ...SEPAY, isStrict: true }, counted()).bindings["SEPAY_STRICT"], "true");
    assert.equal(demo({}, SANDBOX, counted()).bindings["SEPAY_STRICT"], undefined);
  });

  test("--strict without `--`, which npm keeps for itself, starts nothing and says so", () => {
    const { status, stderr } = spawnSync("npm", ["start", "--strict"], { cwd: ROOT, encoding: "utf8", env: { ...process.env, PORT: "none" } });
    assert.equal(status, 1);
    assert.ok(stderr.includes("\nsepay-edge: npm took --strict for itself, and nothing was done: put `--` after `start`, as in `npm start -- --strict`.\n"), stderr);
  });

  test("another argument gets one clear sentence", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/start.ts"), "--stict"], { encoding: "utf8" });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^sepay-edge: --stict is unknown; there is --strict: [^\n]+\n$/);
  });
});
