/** The audit trail: every use of a key and a ticket is counted once, whichever way it went, and seen by its own profile. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lineOf } from "./lines.ts";
import { changed } from "./matrix/jwt.ts";
import { idOf, minted } from "./mint.ts";
import { assertProblem } from "./problem.ts";
import { sendRaw } from "./raw.ts";
import { BOTH_SCOPES, KEY, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";
import { expectSums, readTrail, sums } from "./trail.ts";

const AUDITOR = "edge_test_key_that_reads_the_trail";
const NARROW = "edge_test_key_for_one_account";
const RATED = "edge_test_key_with_one_a_minute";
const OLD = "edge_test_key_that_has_expired";
const SECOND = "edge_test_key_of_a_second_profile";
const SECOND_OLD = "edge_test_key_of_a_second_profile_that_has_expired";
const SELLER = "edge_test_key_that_makes_tickets";
const SECOND_SELLER = "edge_test_key_of_a_second_profile_that_makes_tickets";

const EXPIRED = { expires: "2026-01-01T00:00:00Z" };

const KEYS = [
  keyEntry(AUDITOR, { id: "auditor", scopes: ["audit:read"] }),
  keyEntry(NARROW, { id: "narrow", scopes: ["accounts:read"], accounts: ["0071000888888"] }),
  keyEntry(RATED, { id: "rated", rpm: 1 }),
  keyEntry(OLD, { id: "old", ...EXPIRED }),
  keyEntry(SECOND, { id: "second", profile: "second", scopes: [...BOTH_SCOPES, "audit:read"] }),
  keyEntry(SECOND_OLD, { id: "second-old", profile: "second", ...EXPIRED }),
  keyEntry(SELLER, { id: "seller", scopes: [...BOTH_SCOPES, "tickets:write"] }),
  keyEntry(SECOND_SELLER, { id: "second-seller", profile: "second", scopes: [...BOTH_SCOPES, "tickets:write"] }),
];

const ORIGIN = "https://shop.example";

const SECRET = "a secret of tickets for tests only, long enough";

async function startAudited(bindings: Readonly<Record<string, string>> = {}): Promise<Site> {
  const own = { EDGE_TICKET_SECRET: SECRET, EDGE_ORIGINS: ORIGIN, SEPAY_API_TOKEN_SECOND: "" };
  return startSite({ keys: KEYS, bindings: { ...own, ...bindings } });
}

/** Runs a test on a site of its own, whose trail begins empty. */
function atSite(body: (site: Site) => Promise<void>): () => Promise<void> {
  return async () => {
    const site = await startAudited();
    try {
      await body(site);
    } finally {
      await site.close();
    }
  };
}

describe("what was done", () => {
  test("adds_up_over_the_short_way_the_long_way_and_304s", atSite(async (site) => {
    const path = "/api/accounts?limit=3";
    const first = await site.ask(path, { cached: true });
    const hits = await Promise.all(Array.from({ length: 40 }, (_, index) => site.ask(path, { cached: true, method: index % 4 ? "GET" : "HEAD" })));
    assert.ok(hits.filter((hit) => hit.headers.get("cache-status")?.includes("; hit;")).length > 30, "the short way was taken");
    const conditional = [`Authorization: Bearer ${KEY}`, `If-None-Match: ${first.headers.get("etag")}`];
    for (let asked = 0; asked < 3; asked += 1) assert.equal((await sendRaw(site.url, `GET ${path} HTTP/1.1`, conditional)).status, 304);
    await Promise.all(Array.from({ length: 5 }, () => site.ask("/api/transactions/723898")));
    for (const id of ["18", "25"]) await site.ask(`/api/accounts/${id}`);
    await expectSums(site, AUDITOR, {
      "test /api/accounts served": 44,
      "test /api/transactions/{id} served": 5,
      "test /api/accounts/{id} served": 2,
    });
  }));

  test("and_what_was_refused_has_its_class", atSite(async (site) => {
    await site.ask("/api/transactions", { key: NARROW });
    await site.ask("/api/accounts/25", { key: NARROW });
    await site.ask("/api/accounts?limit=0");
    await site.ask("/api/accounts/999999");
    for (let asked = 0; asked < 3; asked += 1) await site.ask("/userapi/bankaccounts/count", { key: RATED });
    site.sandbox.addFault({ kind: "status", status: 401, body: '{"status":401,"error":401,"messages":{"error":"no"}}' });
    assert.equal((await site.ask("/userapi/bankaccounts/list")).status, 401);
    site.sandbox.clearFaults();
    assert.equal((await site.ask("/api/accounts", { method: "POST" })).status, 405);
    assert.equal((await site.ask("/healthz")).status, 200);
    await expectSums(site, AUDITOR, {
      "narrow /api/transactions forbidden": 1,
      "narrow /api/accounts/{id} forbidden": 1,
      "test /api/accounts failed": 1,
      "test /api/accounts/{id} failed": 1,
      "rated /userapi/bankaccounts/count served": 1,
      "rated /userapi/bankaccounts/count limited": 2,
      "test /userapi/bankaccounts/list failed": 1,
    });
  }));

  test("a_refused_credential_is_counted_with_its_reason_and_without_itself", atSite(async (site) => {
    const canary = "edge_canary_0123456789";
    for (const key of [canary, `${canary}x`, null, site.sandbox.token]) await site.ask("/api/accounts", { key });
    await site.ask("/api/accounts", { key: null, headers: { Authorization: `Basic ${canary}` } });
    // The checksum of this one is wrong by a letter.
    await site.ask("/api/accounts", { key: `edge_${"0".repeat(48)}1` });
    await site.ask("/api/accounts", { key: OLD });
    await site.ask("/api/accounts", { key: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln" });
    await expectSums(site, AUDITOR, {
      "- /api/accounts denied unknown": 2,
      "- /api/accounts denied missing": 1,
      "- /api/accounts denied malformed": 1,
      "- /api/accounts denied mistyped": 1,
      "- /api/accounts denied sepay-token": 1,
      "- /api/accounts denied dead-ticket": 1,
      "old /api/accounts denied expired": 1,
    });
    assert.ok(!JSON.stringify(await readTrail(site, AUDITOR)).includes("canary"));
  }));

  test("a_page_that_asks_beforehand_uses_no_credential_even_if_it_sends_one", atSite(async (site) => {
    for (const origin of [ORIGIN, "https://other.example"]) {
      const headers = { Origin: origin, "Access-Control-Request-Method": "GET" };
      const reply = await site.ask("/api/accounts", { method: "OPTIONS", headers });
      assert.equal(reply.status, origin === ORIGIN ? 204 : 403);
      assert.equal((await lineOf(site, reply)).caller, null);
    }
    await site.ask("/api/accounts");
    await expectSums(site, AUDITOR, { "test /api/accounts served": 1 });
  }));

  test("a_ticket_is_seen_being_made_and_being_used", atSite(async (site) => {
    const [one, two] = [(await minted(site.url, SELLER)).ticket, (await minted(site.url, SELLER)).ticket];
    const path = "/api/transactions?limit=2";
    for (const ticket of [one, two, one]) assert.equal((await site.ask(path, { key: ticket, cached: true })).status, 200);
    assert.equal((await site.ask("/api/accounts", { key: two })).status, 403);
    await expectSums(site, AUDITOR, {
      "seller /api/tickets served": 2,
      [`seller ${idOf(one)} /api/tickets minted`]: 1,
      [`seller ${idOf(two)} /api/tickets minted`]: 1,
      [`seller ${idOf(one)} /api/transactions served`]: 2,
      [`seller ${idOf(two)} /api/transactions served`]: 1,
      [`seller ${idOf(two)} /api/accounts forbidden`]: 1,
    });
  }));

  test("an_ended_ticket_is_told_to_the_profile_of_its_key", atSite(async (site) => {
    const endedS = Math.floor(Date.now() / 1000) - 600;
    const ended = { iat: endedS - 900, exp: endedS };
    const [one, two] = [(await minted(site.url, SELLER)).ticket, (await minted(site.url, SECOND_SELLER)).ticket];
    for (const ticket of [one, two]) await site.ask("/api/accounts", { key: changed(ticket, ended, SECRET) });
    // Another hand has signed this one, and this one names another key than its entry's.
    await site.ask("/api/accounts", { key: changed(two, ended, `${SECRET}!`) });
    await site.ask("/api/accounts", { key: changed(two, { ...ended, sub: "seller" }, SECRET) });
    await expectSums(site, AUDITOR, {
      "seller /api/tickets served": 1,
      [`seller ${idOf(one)} /api/tickets minted`]: 1,
      [`seller ${idOf(one)} /api/accounts denied dead-ticket`]: 1,
      "- /api/accounts denied dead-ticket": 2,
    });
    await expectSums(site, SECOND, {
      "second-seller /api/tickets served": 1,
      [`second-seller ${idOf(two)} /api/tickets minted`]: 1,
      [`second-seller ${idOf(two)} /api/accounts denied dead-ticket`]: 1,
    });
  }));

  test("of_another_profile_is_not_seen", atSite(async (site) => {
    await site.ask("/api/accounts");
    await site.ask("/api/accounts", { key: null });
    await site.ask("/api/accounts", { key: SECOND });
    await site.ask("/api/accounts", { key: SECOND_OLD });
    await expectSums(site, AUDITOR, { "test /api/accounts served": 1, "- /api/accounts denied missing": 1 });
    // The second profile has no token, so that nothing came of it.
    await expectSums(site, SECOND, { "second /api/accounts failed": 1, "second-old /api/accounts denied expired": 1 });
    assert.ok((await readTrail(site, SECOND)).data.every(({ caller }) => caller?.startsWith("second")));
    assert.deepEqual((await readTrail(site, SECOND, "?caller=test")).data, []);
  }));

  test("is_what_the_lines_on_the_console_say", atSite(async (site) => {
    const paths = ["/api/accounts", "/api/transactions?limit=2", "/api/accounts/18", "/api/accounts?limit=0", "/healthz", "/nowhere"];
    const keys = [KEY, NARROW, SECOND, null, "edge_nobody"];
    const replies = await Promise.all(Array.from({ length: 200 }, (_, index) =>
      site.ask(paths[index % paths.length] ?? "", { key: keys[index % keys.length] ?? null, cached: index % 7 !== 0 })));
    const said: Record<string, number> = {};
    for (const reply of replies) {
      const { caller, route, status } = await lineOf(site, reply);
      if (route === null || route === "/healthz") continue;
      const outcome = status === 401 ? "denied" : status === 403 ? "forbidden" : status < 400 ? "served" : "failed";
      const reason = status !== 401 ? [] : [""];
      const name = [caller ?? "-", route, outcome, ...reason].join(" ");
      said[name] = (said[name] ?? 0) + 1;
    }
    assert.ok(Object.values(said).reduce((sum, count) => sum + count, 0) > 100);
    const rows = [...(await readTrail(site, AUDITOR)).data, ...(await readTrail(site, SECOND)).data];
    const asked = rows.filter(({ route }) => route !== "/api/audit");
    assert.deepEqual(sums(asked.map((row) => ({ ...row, reason: row.outcome === "denied" ? "" : null }))), said);
  }));
});

describe("the answer", () => {
  let site: Site;

  before(async () => {
    site = await startAudited();
    for (const path of ["/api/accounts", "/api/transactions", "/api/status"]) await site.ask(path);
    await site.ask("/api/accounts", { key: NARROW });
    await expectSums(site, AUDITOR, {
      "test /api/accounts served": 1,
      "test /api/transactions served": 1,
      "test /api/status served": 1,
      "narrow /api/accounts served": 1,
    });
  });
  after(() => site?.close());

  test("is_narrowed_to_a_key_and_cut_in_the_open", async () => {
    const narrow = await readTrail(site, AUDITOR, "?caller=narrow");
    assert.deepEqual([sums(narrow.data), narrow.complete], [{ "narrow /api/accounts served": 1 }, true]);
    const [one, three] = [await readTrail(site, AUDITOR, "?caller=test&limit=1"), await readTrail(site, AUDITOR, "?caller=test&limit=3")];
    assert.deepEqual([one.data.length, one.complete, three.data.length, three.complete], [1, false, 3, true]);
    assert.deepEqual(three.data.map(({ lastAt }) => lastAt), three.data.map(({ lastAt }) => lastAt).toSorted().toReversed(), "newest first");
  });

  test("is_narrowed_to_a_time", async () => {
    const { data } = await readTrail(site, AUDITOR, "?caller=test");
    const at = encodeURIComponent(data[0]?.lastAt ?? "");
    assert.ok((await readTrail(site, AUDITOR, `?caller=test&from=${at}&to=${at}`)).data.length >= 1);
    assert.deepEqual((await readTrail(site, AUDITOR, "?from=2030-01-01")).data, []);
    assert.deepEqual((await readTrail(site, AUDITOR, "?to=2026-01-01")).data, []);
    const day = data[0]?.lastAt.slice(0, 10) ?? "";
    assert.ok((await readTrail(site, AUDITOR, `?from=${day}`)).data.length >= 1);
  });

  test("needs_its_scope_and_right_parameters", async () => {
    assertProblem(await site.ask("/api/audit"), "forbidden");
    assertProblem(await site.ask("/api/audit", { key: null }), "unauthorized");
    assertProblem(await site.ask("/api/audit", { key: AUDITOR, method: "POST" }), "method_not_allowed");
    for (const [query, told] of [
      ["form=2026-11-20", "form: unknown parameter; did you mean from?"],
      ["limit=1001", "limit: expected a whole number from 1 to 1000"],
      ["from=soon", "from: expected a date such as 2026-11-01"],
      ["caller=a%20b", "caller: expected the id of a key"],
    ] as const) {
      const { detail } = assertProblem(await site.ask(`/api/audit?${query}`, { key: AUDITOR }), "invalid_parameter");
      assert.ok(detail.startsWith(told), detail);
    }
  });
});
