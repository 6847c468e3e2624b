/** One line of JSON for each request, whatever comes of it and whichever way it goes, and nothing of the caller's in it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { WITH_TEST_ROUTES, buildWorker } from "../../scripts/build.ts";
import { lineOf, lines, untilSaid } from "./lines.ts";
import type { Line } from "./lines.ts";
import { idOf, minted } from "./mint.ts";
import { sendRaw } from "./raw.ts";
import { BOTH_SCOPES, KEY, keyEntry, startSite } from "./site.ts";
import type { Reply, Site } from "./site.ts";

const NARROW = "edge_test_key_for_one_account";
const RATED = "edge_test_key_with_one_a_minute";
const OLD = "edge_test_key_that_has_expired";
const SELLER = "edge_test_key_that_makes_tickets";

const MARKER = "edge_test_key_of_a_gate_of_its_own";

const KEYS = [
  keyEntry(NARROW, { id: "narrow", scopes: ["accounts:read"], accounts: ["0071000888888"] }),
  keyEntry(RATED, { id: "rated", rpm: 1 }),
  keyEntry(OLD, { id: "old", expires: "2026-01-01T00:00:00Z" }),
  keyEntry(SELLER, { id: "seller", scopes: [...BOTH_SCOPES, "tickets:write"] }),
];

const SECRET = "a secret of tickets for tests only, long enough";

describe("each request has one line", () => {
  let site: Site;

  before(async () => {
    site = await startSite({ keys: KEYS, bindings: { EDGE_TICKET_SECRET: SECRET, EDGE_ORIGINS: "https://shop.example" } });
  });
  after(() => site?.close());

  /** Requires a line with these fields. */
  async function expectLine(reply: Pick<Reply, "status" | "headers">, expected: Partial<Line>): Promise<Line> {
    const line = await lineOf(site, reply);
    assert.deepEqual({ ...line, ...expected, status: reply.status }, line);
    return line;
  }

  test("when_sepay_is_asked_with_the_times_that_it_took", async () => {
    site.sandbox.addFault({ kind: "latency", ms: 150, count: 1 });
    const reply = await site.ask("/api/transactions/723898?", { cached: true });
    const line = await expectLine(reply, { method: "GET", route: "/api/transactions/{id}", status: 200, caller: "test", ticket: null, cache: "asked" });
    assert.ok(line.upstreamMs >= 150 && line.durationMs >= line.upstreamMs, JSON.stringify(line));
    const timing = reply.headers.get("server-timing") ?? "";
    assert.ok(timing.startsWith(`queue;dur=${line.waitMs}, upstream;dur=${line.upstreamMs}, `), timing);
  });

  test("when_a_known_answer_is_served_without_asking", async () => {
    const path = "/api/accounts?limit=3";
    const first = await site.ask(path, { cached: true });
    const known = { route: "/api/accounts", caller: "test", ticket: null, cache: "known", waitMs: 0, upstreamMs: 0 };
    await expectLine(await site.ask(path, { cached: true }), { ...known, method: "GET", status: 200 });
    await expectLine(await site.ask(path, { cached: true, method: "HEAD" }), { ...known, method: "HEAD", status: 200 });
    const conditional = [`Authorization: Bearer ${KEY}`, `If-None-Match: ${first.headers.get("etag")}`];
    await expectLine(await sendRaw(site.url, `GET ${path} HTTP/1.1`, conditional), { ...known, method: "GET", status: 304 });
    const old = await site.ask(path, { cached: true, headers: { "Cache-Control": "max-age=0" } });
    await expectLine(old, { route: "/api/accounts", caller: "test", status: 200 });
  });

  test("when_several_wait_for_one_answer", async () => {
    site.sandbox.addFault({ kind: "latency", ms: 200, count: 1 });
    const replies = await Promise.all(Array.from({ length: 100 }, () => site.ask("/api/transactions?limit=7", { cached: true })));
    const words: string[] = [];
    for (const reply of replies) {
      const { cache, caller } = await expectLine(reply, { route: "/api/transactions", status: 200 });
      assert.equal(caller, "test");
      words.push(cache ?? "null");
    }
    assert.ok(words.includes("asked"), words.join());
    // On a slow machine the answer may be more than a second old before the last has it.
    assert.ok(words.every((word) => ["asked", "joined", "known", "refreshing"].includes(word)), words.join());
  });

  test("when_it_is_refused", async () => {
    const nobody = { caller: null, ticket: null, cache: null };
    const mine = { caller: "test", ticket: null, cache: null };
    await expectLine(await site.ask("/api/accounts", { key: null }), { ...nobody, route: "/api/accounts", status: 401 });
    await expectLine(await site.ask("/api/accounts", { key: "edge_nobody" }), { ...nobody, route: "/api/accounts", status: 401 });
    await expectLine(await site.ask("/api/accounts", { key: OLD }), { ...nobody, caller: "old", route: "/api/accounts", status: 401 });
    await expectLine(await site.ask("/api/transactions", { key: NARROW }), { ...nobody, caller: "narrow", route: "/api/transactions", status: 403 });
    await expectLine(await site.ask("/api/accounts?limit=0"), { ...mine, route: "/api/accounts", status: 400 });
    await expectLine(await site.ask("/api/accounts/999999"), { ...mine, cache: "asked", route: "/api/accounts/{id}", status: 404 });
    await expectLine(await site.ask("/api/nothing"), { ...nobody, route: null, status: 404 });
    await expectLine(await site.ask("/api/accounts", { method: "DELETE" }), { ...nobody, method: "DELETE", route: "/api/accounts", status: 405 });
    await expectLine(await site.ask("/healthz"), { ...nobody, route: "/healthz", status: 200 });
    await expectLine(await site.ask("/api/status"), { ...mine, route: "/api/status", status: 200 });
    await expectLine(await site.ask("/userapi/bankaccounts/count", { key: RATED }), { caller: "rated", status: 200 });
    await expectLine(await site.ask("/userapi/bankaccounts/count", { key: RATED }), { ...nobody, caller: "rated", route: "/userapi/bankaccounts/count", status: 429 });
  });

  test("when_sepay_fails", async () => {
    site.sandbox.addFault({ kind: "html", status: 403 });
    await expectLine(await site.ask("/api/accounts/25"), { caller: "test", cache: "asked", route: "/api/accounts/{id}", status: 502 });
    site.sandbox.clearFaults();
  });

  test("when_a_page_asks_beforehand", async () => {
    for (const [origin, status] of [["https://shop.example", 204], ["https://other.example", 403]] as const) {
      const headers = { Origin: origin, "Access-Control-Request-Method": "GET" };
      const reply = await site.ask("/api/accounts/18", { method: "OPTIONS", key: null, headers });
      await expectLine(reply, { method: "OPTIONS", route: "/api/accounts/{id}", status, caller: null, cache: null });
    }
  });

  test("with_the_ticket_of_its_holder_though_several_share_an_answer", async () => {
    const [one, two] = [await minted(site.url, SELLER), await minted(site.url, SELLER)];
    const tickets = [one.ticket, two.ticket];
    const ids = tickets.map(idOf);
    assert.notEqual(ids[0], ids[1]);
    const path = "/api/transactions?limit=4";
    const caches: unknown[] = [];
    for (const [index, key] of [...tickets, ...tickets].entries()) {
      const reply = await site.ask(path, { key, cached: true });
      const expected = { caller: "seller", ticket: ids[index % 2] ?? "", route: "/api/transactions", status: 200 };
      caches.push((await expectLine(reply, expected)).cache);
    }
    assert.deepEqual(caches, ["asked", "known", "known", "known"]);
  });

  test("that_holds_nothing_of_the_callers", async () => {
    const canary = "edge_canary_0123456789";
    const injected = "%22%7D%0D%0A%7B%22requestId%22%3A%22canary%22%7D";
    for (const [line, headers] of [
      [`GET /api/accounts/${canary} HTTP/1.1`, [`Authorization: Bearer ${KEY}`]],
      [`GET /${canary}?key=${canary} HTTP/1.1`, []],
      [`GET /api/accounts?${canary}=${canary} HTTP/1.1`, [`Authorization: Bearer ${KEY}`]],
      [`GET /api/accounts/${injected} HTTP/1.1`, [`Authorization: Bearer ${KEY}`]],
      [`GET /api/audit?caller=${injected} HTTP/1.1`, [`Authorization: Bearer ${KEY}`]],
      [`GET /api/accounts HTTP/1.1`, [`Authorization: Bearer ${canary}`, `X-Request-Id: ${canary}`, `Cf-Ray: ${canary}`]],
      [`GET /api/accounts HTTP/1.1`, [`Authorization: ${canary}`, `Origin: ${canary}`, `User-Agent: ${canary}`]],
      [`GET /api/accounts HTTP/1.1`, ['Authorization: Bearer "}\\r\\n{"requestId":"canary"']],
      [`PROPFIND /api/accounts HTTP/1.1`, [`Authorization: Bearer ${KEY}`]],
    ] as const) {
      const reply = await sendRaw(site.url, line, headers);
      assert.ok(reply.status >= 400, `${line}: ${reply.status}`);
      const { method } = await lineOf(site, reply);
      assert.equal(method, line.startsWith("GET") ? "GET" : "OTHER");
    }
    assert.ok(lines(site).length > 0);
    for (const text of site.logs) {
      assert.doesNotMatch(text, /canary|[\r\n]/);
      assert.ok(![KEY, NARROW, SELLER, SECRET].some((secret) => text.includes(secret)), "a secret on the console");
    }
  });
});

describe("EDGE_LOGS", () => {
  /** Asks well and badly, and returns the statuses that have a line. */
  async function told(level: string): Promise<{ statuses: number[]; logs: readonly string[] }> {
    const marker = keyEntry(MARKER, { id: "marker", profile: "marker" });
    const bindings = { EDGE_LOGS: level, SEPAY_REQUESTS_PER_SECOND: "none", SEPAY_API_TOKEN_MARKER: "" };
    const site = await startSite({ keys: [marker], bindings });
    try {
      const asked: Reply[] = [];
      for (const path of ["/api/accounts", "/api/accounts", "/api/nothing", "/api/accounts?limit=0"]) {
        asked.push(await site.ask(path, { cached: true }));
      }
      asked.push(await site.ask("/api/accounts", { key: null }));
      assert.deepEqual(asked.map(({ status }) => status), [200, 200, 404, 400, 401]);
      // Whatever is switched off, each gate says as it starts that its pace is not set: the second one after all lines.
      await site.ask("/api/status", { key: MARKER });
      await untilSaid(site, "SEPAY_REQUESTS_PER_SECOND", 2);
      const own = lines(site).filter(({ caller }) => caller !== "marker");
      return { statuses: own.map(({ status }) => status), logs: [...site.logs] };
    } finally {
      await site.close();
    }
  }

  test("errors_are_failures_and_refusals", async () => assert.deepEqual((await told("errors")).statuses, [401]));

  test("off_is_none", async () => assert.deepEqual((await told("off")).statuses, []));

  test("another_word_is_all_and_the_operator_is_told_once", async () => {
    const { statuses, logs } = await told("warn");
    assert.equal(statuses.length, 5);
    assert.equal(logs.filter((text) => text.includes("EDGE_LOGS")).length, 1, logs.join("\n"));
  });
});

test("a request that ends its instance has one line, too", async () => {
  buildWorker(WITH_TEST_ROUTES);
  const site = await startSite({ folder: WITH_TEST_ROUTES.folder });
  try {
    const reply = await site.ask("/_test/panic");
    assert.equal(reply.status, 500);
    const { route, status, method, caller } = await lineOf(site, reply);
    assert.deepEqual({ route, status, method, caller }, { route: null, status: 500, method: "GET", caller: null });
    await lineOf(site, await site.ask("/api/accounts"));
    assert.equal(lines(site).length, 2);
  } finally {
    await site.close();
  }
});
