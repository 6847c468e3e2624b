/** The short way: a fresh answer is served without another question to the gate, and only to whom it belongs. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "./problem.ts";
import { sendRaw } from "./raw.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Reply, Site } from "./site.ts";

const OTHER = "edge_other_key_with_one_account";

function isHit(reply: Reply): boolean {
  return (reply.headers.get("cache-status") ?? "").startsWith("sepay-edge; hit; ");
}

describe("a fresh answer", () => {
  let site: Site;

  before(async () => {
    site = await startSite({ keys: [keyEntry(OTHER, { id: "test", accounts: ["0071000888888"] })] });
  });
  after(() => site?.close());

  test("is_served_again_without_a_call_and_byte_for_byte", async () => {
    const first = await site.ask("/api/transactions?limit=3", { cached: true });
    const { requests } = site.sandbox.counters();
    const second = await site.ask("/api/transactions?limit=3", { cached: true });
    assert.deepEqual([isHit(first), isHit(second)], [false, true]);
    assert.equal(second.text, first.text);
    for (const name of ["etag", "content-type", "cache-control", "x-content-type-options"]) {
      assert.equal(second.headers.get(name), first.headers.get(name), name);
    }
    assert.equal(second.headers.get("age"), "0");
    assert.notEqual(second.headers.get("x-request-id"), first.headers.get("x-request-id"));
    assert.equal(site.sandbox.counters().requests, requests);
  });

  test("is_not_sent_to_who_has_it_nor_to_who_asks_for_the_head", async () => {
    const { headers } = await site.ask("/api/accounts?limit=2", { cached: true });
    // By hand, because `fetch` adds `Cache-Control: no-cache` to a request with `If-None-Match`.
    const conditional = [`Authorization: Bearer ${KEY}`, `If-None-Match: ${headers.get("etag")}`];
    const unchanged = await sendRaw(site.url, "GET /api/accounts?limit=2 HTTP/1.1", conditional);
    assert.deepEqual([unchanged.status, unchanged.text, unchanged.headers.get("content-type")], [304, "", null]);
    const head = await site.ask("/api/accounts?limit=2", { cached: true, method: "HEAD" });
    assert.deepEqual([head.status, head.text, isHit(head)], [200, "", true]);
  });

  test("is_nobody_elses", async () => {
    const mine = await site.ask("/api/accounts?limit=3", { cached: true });
    const theirs = await site.ask("/api/accounts?limit=3", { cached: true, key: OTHER });
    assert.equal(isHit(theirs), false);
    assert.notEqual(theirs.text, mine.text);
    assertProblem(await site.ask("/api/accounts?limit=3", { cached: true, key: "edge_unknown" }), "unauthorized");
    assertProblem(await site.ask("/api/accounts?limit=3", { cached: true, key: null }), "unauthorized");
  });

  test("is_not_for_who_wants_a_new_one_or_uses_another_method", async () => {
    await site.ask("/api/accounts/18", { cached: true });
    assert.equal(isHit(await site.ask("/api/accounts/18")), false);
    assertProblem(await site.ask("/api/accounts/18", { cached: true, method: "POST" }), "method_not_allowed");
  });
});
