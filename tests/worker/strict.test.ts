/**
 * `SEPAY_STRICT`: SePay's empty 200, by which it refuses a token, becomes a 401 for clients that take it for an answer.
 * Only where it is switched on, for the profile that it names, and only on SePay's own routes.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "./problem.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Reply, Site } from "./site.ts";

const SHOP = "edge_test_key_of_the_shop";
const SHOP_TOKEN = "token-of-the-shop".padEnd(64, "2");
const MASKED = "edge_test_key_that_hides_at_the_shop";

const DROP_IN = [
  "/userapi/bankaccounts/list",
  "/userapi/bankaccounts/count",
  "/userapi/bankaccounts/details/18",
  "/userapi/transactions/list",
  "/userapi/transactions/count",
  "/userapi/transactions/details/723898",
];

/** A site where SePay refuses every token in its own way. */
function start(bindings: Readonly<Record<string, string>>): Promise<Site> {
  return startSite({
    keys: [keyEntry(SHOP, { id: "shop", profile: "shop" }), keyEntry(MASKED, { id: "masked", profile: "shop", hide: ["balance"] })],
    bindings: { SEPAY_API_TOKEN: "a token that SePay does not know".replaceAll(" ", "-"), SEPAY_API_TOKEN_SHOP: SHOP_TOKEN, ...bindings },
    sandbox: { authFailure: "empty200" },
  });
}

function assertSepays(reply: Reply): void {
  assert.deepEqual([reply.status, reply.text], [200, ""]);
}

/** A 401 that SePay could have sent. */
function assertStrict(reply: Reply): void {
  assert.equal(reply.status, 401);
  const body = JSON.parse(reply.text) as { status: number; error: number; messages: { success: boolean; error: string } };
  assert.deepEqual([body.status, body.error, body.messages.success], [401, 401, false]);
  assert.ok(body.messages.error.length > 0 && reply.headers.get("etag") === null);
  assert.match(reply.headers.get("content-type") ?? "", /^application\/json(;|$)/);
}

const CASES: readonly (readonly [string, Readonly<Record<string, string>>, boolean, boolean])[] = [
  ["off unless it is set", {}, false, false],
  ["of the profile default", { SEPAY_STRICT: "true" }, true, false],
  ["of another profile", { SEPAY_STRICT_SHOP: " true\n" }, false, true],
  ["of both", { SEPAY_STRICT: "true", SEPAY_STRICT_SHOP: "true" }, true, true],
  ["on with true and with nothing else", { SEPAY_STRICT: "1", SEPAY_STRICT_SHOP: "TRUE" }, false, false],
  ["off with false", { SEPAY_STRICT: "false", SEPAY_STRICT_SHOP: "" }, false, false],
];

describe("strict drop-in routes", { concurrency: 2 }, () => {
  for (const [name, bindings, isDefaultStrict, isShopStrict] of CASES) {
    test(`the switch is ${name}`, async () => {
      const site = await start(bindings);
      try {
        for (const path of DROP_IN) {
          (isDefaultStrict ? assertStrict : assertSepays)(await site.ask(path, { key: KEY }));
          (isShopStrict ? assertStrict : assertSepays)(await site.ask(path, { key: SHOP }));
          (isShopStrict ? assertStrict : assertSepays)(await site.ask(path, { key: MASKED }));
        }
        assertProblem(await site.ask("/api/accounts", { key: SHOP }), "upstream_unauthorized");
      } finally {
        await site.close();
      }
    });
  }
});

describe("a strict site with a good token", () => {
  let site: Site;

  before(async () => {
    site = await startSite({ bindings: { SEPAY_STRICT: "true" } });
  });
  after(() => site?.close());

  test("passes_everything_else_on_as_it_is", async () => {
    for (const path of [...DROP_IN, "/userapi/transactions/details/1"]) {
      const sepays = await fetch(`${site.sandbox.url}${path}`, { headers: { Authorization: `Bearer ${site.sandbox.token}` } });
      const reply = await site.ask(path);
      assert.deepEqual([reply.status, reply.text], [sepays.status, await sepays.text()]);
    }
    site.sandbox.addFault({ kind: "empty", count: 1, path: "details/25" });
    assertStrict(await site.ask("/userapi/bankaccounts/details/25"));
    for (const status of [400, 401, 404]) {
      site.sandbox.addFault({ kind: "body", body: "", status, count: 1, path: "details/41" });
      const reply = await site.ask("/userapi/bankaccounts/details/41");
      assert.deepEqual([reply.status, reply.text], [status, ""]);
    }
  });

  test("a_refusal_is_forgotten_when_the_token_is_good_again", async () => {
    const path = "/userapi/transactions/list?limit=7";
    site.sandbox.addFault({ kind: "empty", count: 1, path: "limit=7" });
    assertStrict(await site.ask(path, { cached: true }));
    const reply = await site.ask(path, { cached: true });
    assert.equal(reply.status, 200);
    assert.ok(reply.text.includes('"transactions":['));
  });
});
