/** What `npm start` sets for the Worker: the demo key and its rights, the ticket secret, `--strict`, the environment. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, test } from "node:test";

import { demo } from "../../scripts/demo.ts";
import { isWellFormed } from "../../scripts/edge-key.ts";
import { ROOT } from "../../scripts/tools.ts";

const SANDBOX = { isSandbox: true, isStrict: false };
const SEPAY = { isSandbox: false, isStrict: false };

/** Bytes that differ at each call. */
function counted(): (bytes: number) => Buffer {
  let calls = 0;
  return (bytes) => Buffer.alloc(bytes, (calls += 1));
}

describe("npm start", () => {
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

  test("another argument gets one clear sentence", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/start.ts"), "--stict"], { encoding: "utf8" });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^sepay-edge: --stict is unknown; there is --strict: [^\n]+\n$/);
  });
});
