/** `npm run key`: how a key is written, what its entry holds, what is refused, and that the Worker takes both. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { KEY_BYTES, isWellFormed, mintKey } from "../../scripts/edge-key.ts";
import { BadArgument, HIDEABLE, SCOPES, keyFields } from "../../scripts/key-entry.ts";
import type { KeyFields } from "../../scripts/key-entry.ts";
import { nearest } from "../../scripts/nearest.ts";
import { ROOT } from "../../scripts/tools.ts";
import { startSite } from "./site.ts";
import type { KeyEntry, Site } from "./site.ts";

/** 2026-11-21T06:00:00Z */
const NOW_MS = 1_795_240_800_000;

const filled = (byte: number): Uint8Array => new Uint8Array(KEY_BYTES).fill(byte);

/** Reckoned apart from this code, with Python's `divmod` and `zlib.crc32`. */
const VECTORS: readonly [string, Uint8Array, string][] = [
  ["all zero", filled(0), "edge_00000000000000000000000000000000000000000000GTEde"],
  ["all 0xff", filled(0xff), "edge_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp131PL3a"],
  ["0 to 31", Uint8Array.from({ length: KEY_BYTES }, (_, index) => index), "edge_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0eMHUI"],
  ["one in the last byte", filled(0).with(KEY_BYTES - 1, 1), "edge_00000000000000000000000000000000000000000012Dywai"],
  ["one in the first byte", filled(0).with(0, 1), "edge_0EhWuMzfS7MPuxAu520Mu4XwCuyZfalRej3Z8gTlzA82T3H9l"],
];

describe("a key's text", () => {
  for (const [what, bytes, key] of VECTORS) {
    test(`of ${what} bytes is as reckoned elsewhere, and well formed`, () => {
      assert.equal(mintKey(bytes), key);
      assert.ok(isWellFormed(key));
    });
  }

  test("with any one character mistyped is found out", () => {
    const [, , key] = VECTORS[1] ?? assert.fail();
    for (let place = 0; place < key.length; place += 1) {
      for (const other of ["0", "Z", "a", "-", ""]) {
        if (other === key[place]) continue;
        const mistyped = key.slice(0, place) + other + key.slice(place + 1);
        assert.ok(!isWellFormed(mistyped), mistyped);
      }
    }
  });

  test("with two neighbours swapped is found out", () => {
    const [, , key] = VECTORS[2] ?? assert.fail();
    for (let place = 0; place + 1 < key.length; place += 1) {
      const swapped = [key.slice(0, place), key[place + 1], key[place], key.slice(place + 2)].join("");
      if (swapped !== key) assert.ok(!isWellFormed(swapped), swapped);
    }
  });

  test("has nothing before or after it", () => {
    const [, , key] = VECTORS[0] ?? assert.fail();
    for (const text of [` ${key}`, `${key}\n`, `${key}0`, key.slice(1), "", "edge_demo_key_for_the_sandbox_only"]) {
      assert.ok(!isWellFormed(text), JSON.stringify(text));
    }
  });

  test("is made of 32 bytes and no other number", () => {
    for (const length of [0, 31, 33]) assert.throws(() => mintKey(new Uint8Array(length)), RangeError);
  });
});

describe("an entry's fields", () => {
  const fields = (...args: string[]): KeyFields => keyFields(args, NOW_MS);

  test("are the usual scopes and nothing else when only an id is given", () => {
    assert.deepEqual(fields("--id", "shop"), { id: "shop", scopes: ["accounts:read", "transactions:read"] });
  });

  test("are what was asked for, in the schema's words and order", () => {
    const all = fields(
      ...["--from", "30d", "--rpm=600", "--expires", "2027-01-01T00:00:00+07:00", "--profile", "shop_2"],
      ...["--hide", "balance, accountNumber,content", "--accounts", "0071000888888,007,007", "--scopes", SCOPES.join(), "--id=shop"],
    );
    assert.equal(
      JSON.stringify(all),
      '{"id":"shop","scopes":["accounts:read","transactions:read","metrics:read","tickets:write","audit:read"],' +
        '"accounts":["0071000888888","007"],"hide":["balance","accountNumber","content"],"profile":"shop_2",' +
        '"expires":"2027-01-01T00:00:00+07:00","rpm":600,"from":"30d"}',
    );
  });

  test("every field that can be hidden may be named", () => {
    assert.deepEqual(fields("--id", "a", "--hide", HIDEABLE.join()).hide, HIDEABLE);
    assert.equal(HIDEABLE.length, 17);
  });

  test("a number of days to expire in is counted from now, in whole seconds", () => {
    assert.equal(fields("--id", "a", "--expires", "90d").expires, "2027-02-19T06:00:00Z");
    assert.equal(keyFields(["--id", "a", "--expires", "1d"], NOW_MS + 999).expires, "2026-11-22T06:00:00Z");
  });

  const wrong: readonly [readonly string[], RegExp][] = [
    [[], /^--id is missing\.\nusage: npm run key/],
    [["--id", ""], /^--id should have 1 to 64 letters/],
    [["--id", "my shop"], /^--id should have/],
    [["--id", "x".repeat(65)], /^--id should have/],
    [["--id"], /^--id needs a value\.$/],
    [["--id", "--rpm", "5"], /^--id needs a value\.$/],
    [["--id", "a", "--id", "b"], /^--id is given twice/],
    [["shop"], /^'shop' is not an argument/],
    [["--id", "a", "--acounts", "1"], /^--acounts is unknown; did you mean --accounts\?/],
    [["--id", "a", "--zzzzzz", "1"], /^--zzzzzz is unknown; there are --id, --scopes/],
    [["--id", "a", "--scopes", "accounts:write"], /^--scopes: 'accounts:write' is unknown; did you mean accounts:read\?$/],
    [["--id", "a", "--scopes", "tickets:write,all"], /^--scopes: 'all' is unknown; there are accounts:read, .*audit:read\.$/],
    [["--id", "a", "--scopes", "accounts:read,"], /^--scopes should be a list/],
    [["--id", "a", "--accounts", ""], /^--accounts should be a list/],
    [["--id", "a", "--accounts", "0071 000"], /^--accounts: '0071 000' is no account number/],
    [["--id", "a", "--hide", "account_number"], /^--hide: 'account_number' is unknown; did you mean accountNumber\?$/],
    [["--id", "a", "--hide", "Balance"], /^--hide: 'Balance' is unknown; did you mean balance\?$/],
    [["--id", "a", "--hide", "colour"], /^--hide: 'colour' is unknown; there are accountId, .*subAccount\.$/],
    [["--id", "a", "--hide", "id"], /^--hide: 'id' is unknown/],
    ...["0d", "3651d", "030d", "30", "1.5d", "-1d", "30 d", "30D", ""].map((days): [string[], RegExp] => [["--id", "a", "--from", days], /^--from should be 1d to 3650d/]),
    ...["0", "10001", "1.5", "-1", "1e3", "many", ""].map((rpm): [string[], RegExp] => [["--id", "a", "--rpm", rpm], /^--rpm should be 1 to 10000 requests a minute\.$/]),
    ...["Shop", "a/b", "", "x".repeat(33)].map((name): [string[], RegExp] => [["--id", "a", "--profile", name], /^--profile should have/]),
    ...["2026-11-21T06:00:00Z", "2027-01-01", "2027-01-01T00:00:00", "2027-02-30T00:00:00Z", "2027-01-01T24:00:00Z", "2027-01-01T00:00:00+99:00", "tomorrow", "0d", "3651d", ""].map(
      (time): [string[], RegExp] => [["--id", "a", "--expires", time], /^--expires should be a time to come/],
    ),
  ];
  for (const [args, sentence] of wrong) {
    test(`${JSON.stringify(args.map((arg) => arg.slice(0, 30)))} is refused by name`, () => {
      assert.throws(() => keyFields(args, NOW_MS), (error) => error instanceof BadArgument && sentence.test(error.message));
    });
  }

  test("a name that is like none is not guessed", () => {
    assert.equal(nearest("bankcode", HIDEABLE), "bankCode");
    assert.equal(nearest("holdr", HIDEABLE), "holder");
    assert.equal(nearest("xyz", HIDEABLE), undefined);
    assert.equal(nearest("", HIDEABLE), undefined);
  });
});

/** What the command wrote, as it stands. */
function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(ROOT, "scripts/key.ts"), ...args], { encoding: "utf8" });
}

function minted(...args: string[]): { key: string; entry: KeyEntry } {
  const { status, stdout, stderr } = run(...args);
  assert.deepEqual([status, stderr], [0, ""]);
  const lines = stdout.split("\n");
  return { key: lines[1] ?? "", entry: JSON.parse(lines[4] ?? "") as KeyEntry };
}

describe("npm run key", { timeout: 60_000 }, () => {
  let site: Site;
  const bound = minted("--id", "shop", "--accounts", "0071000888888", "--expires", "90d", "--rpm", "600", "--hide", "balance", "--from", "3650d");

  before(async () => {
    site = await startSite({ keys: [bound.entry] });
  });
  after(() => site?.close());

  test("prints the key once, its entry in one line, and what to do with it", () => {
    const { stdout } = run("--id", "shop");
    const [title, key = "", , label, entry = "", , ...advice] = stdout.split("\n");
    assert.equal(title, "edge key (shown once, give it to the caller):");
    assert.ok(isWellFormed(key), "the key's shape");
    assert.equal(label, "its entry for the array EDGE_KEYS:");
    const sha256 = createHash("sha256").update(key).digest("hex");
    assert.equal(entry, `{"id":"shop","sha256":"${sha256}","scopes":["accounts:read","transactions:read"]}`);
    assert.match(advice.join("\n"), /^put the whole array there with `npx wrangler secret put EDGE_KEYS --config worker\/wrangler\.jsonc`;\n.*keep the entries of your other keys\.\n$/);
    assert.equal(stdout.split(key).length, 2, "the key is printed once");
  });

  test("mints another key each time", () => {
    assert.notEqual(minted("--id", "shop").key, minted("--id", "shop").key);
  });

  test("refuses in one sentence, with nothing on stdout", () => {
    const { status, stdout, stderr } = run("--id", "shop", "--hide", "ballance");
    assert.deepEqual([status, stdout], [1, ""]);
    assert.equal(stderr, "sepay-edge: --hide: 'ballance' is unknown; did you mean balance?\n");
  });

  const forgotten: readonly [readonly string[], string][] = [
    [["--id", "shop"], "--id"],
    [["--hide=balance", "--from=30d", "--", "--id", "shop"], "--hide --from"],
  ];
  for (const [args, flags] of forgotten) {
    test(`npm run key ${args.join(" ")}, of which npm keeps ${flags} for itself, mints nothing and says so`, () => {
      const { status, stdout, stderr } = spawnSync("npm", ["run", "key", ...args], { cwd: ROOT, encoding: "utf8" });
      assert.equal(status, 1);
      assert.doesNotMatch(stdout, /^edge_/m);
      assert.ok(stderr.includes(`\nsepay-edge: npm took ${flags} for itself, and nothing was done: put \`--\` after \`key\`, as in \`npm run key -- ${flags}\`.\n`), stderr);
    });
  }

  test("the Worker takes the key and the entry as they were printed", async () => {
    const { key } = bound;
    const [row] = (await site.read<{ data: Record<string, unknown>[] }>("/api/transactions?limit=1&account=0071000888888", { key })).data;
    assert.deepEqual([row?.["accountNumber"], row?.["balance"]], ["0071000888888", null]);
    assert.equal((await site.ask("/api/transactions?limit=1&account=0071000888888&from=2010-01-01&to=2010-12-31", { key })).text, '{"data":[],"complete":true}');
    assert.equal((await site.ask("/api/transactions?limit=1&account=0071000888889", { key })).status, 403);
    const mistyped = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
    assert.equal((await site.ask("/api/transactions?limit=1", { key: mistyped })).status, 401);
  });
});
