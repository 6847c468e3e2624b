/**
 * CORS over HTTP: a page reads an answer if, and only if, `EDGE_ORIGINS` names its origin to the letter. Whatever the
 * answer, on the short way and on the long one. Design, section 7; https://fetch.spec.whatwg.org/#http-cors-protocol.
 */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { WITH_TEST_ROUTES, buildWorker } from "../../scripts/build.ts";
import { assertProblem } from "./problem.ts";
import { sendRaw } from "./raw.ts";
import type { RawReply } from "./raw.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Asking, Reply, Site } from "./site.ts";

buildWorker(WITH_TEST_ROUTES);

const SHOP = "https://shop.example";
const LOCAL = "http://localhost:5173";
const ODD_PORT = "https://pay.example:8443";
const ALLOWED = [SHOP, LOCAL, ODD_PORT];

const ONE_A_MINUTE = "edge_test_key_of_one_a_minute";
const NO_SCOPE = "edge_test_key_without_scopes";

/** Every header that a client of ours reads, and those of SePay's that its clients do. */
const EXPOSED =
  "Age, Cache-Status, ETag, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, X-Request-Id, x-sepay-userapi-retry-after";

/** Origins that resemble an allowed one. */
const FOREIGN = [
  "null",
  "*",
  "",
  "https://evil.example",
  "https://shop.example.evil.com",
  "https://shop.example.",
  "https://evilshop.example",
  "https://evil.com/https://shop.example",
  "https://a.shop.example",
  "https://example",
  "https://shop.exampl",
  "https://shop.examples",
  "http://shop.example",
  "https://shop.example:443",
  "https://shop.example:8443",
  "https://pay.example",
  "https://pay.example:84430",
  "https://pay.example:844",
  "http://localhost",
  "http://localhost:5174",
  "http://127.0.0.1:5173",
  "https://localhost:5173",
  "https://Shop.example",
  "HTTPS://shop.example",
  "https://SHOP.EXAMPLE",
  "https://shop.example/",
  "https://shop.example/pay",
  "https://shop.example, https://shop.example",
  "https://shop.example,http://localhost:5173",
  "https://shop.example http://localhost:5173",
  "https://shop.example\thttp://x",
  "https://key@shop.example",
  "https://shop.example@evil.com",
  "https://shop.example%00.evil.com",
  "https://shop_example",
  "https://sh\xf3p.example",
  "https://wild.example",
  "https://a.wild.example",
  "https://*.wild.example",
  "https://slash.example",
  "https://upper.example",
  `https://${"a".repeat(5000)}.example`,
];

/** Entries that allow nobody: the third to the seventh. */
const REFUSED_ENTRIES = ["*", "null", "https://*.wild.example", "https://slash.example/", "https://Upper.example"];
const EDGE_ORIGINS = `${SHOP}, ${LOCAL}\n${REFUSED_ENTRIES.join(" ")},${ODD_PORT}`;

/** Says what CORS an answer carries. */
function cors({ headers }: Reply): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));
}

function assertReadable(reply: Reply, origin: string): void {
  assert.deepEqual(cors(reply), { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED });
  assert.equal(reply.headers.get("vary"), "Origin");
}

function assertHidden(reply: Reply): void {
  assert.deepEqual(cors(reply), {});
  assert.equal(reply.headers.get("vary"), "Origin");
}

describe("CORS", () => {
  let site: Site;

  before(async () => {
    site = await startSite({
      folder: WITH_TEST_ROUTES.folder,
      bindings: { EDGE_ORIGINS },
      keys: [keyEntry(ONE_A_MINUTE, { id: "one", rpm: 1 }), keyEntry(NO_SCOPE, { id: "none", scopes: [] })],
    });
  });
  after(() => site?.close());

  /** From a page, or from a program when there is no origin. */
  function ask(path: string, origin: string | null, how: Asking = {}): Promise<Reply> {
    return site.ask(path, { ...how, headers: { ...how.headers, ...(origin === null ? {} : { Origin: origin }) } });
  }

  /** To the letter: a client of the platform would tidy some of these up. */
  function raw(path: string, headers: readonly string[], method = "GET"): Promise<RawReply> {
    return sendRaw(site.url, `${method} ${path} HTTP/1.1`, [`Authorization: Bearer ${KEY}`, ...headers]);
  }

  for (const origin of ALLOWED) {
    test(`${origin} reads every route and every header`, async () => {
      for (const path of ["/api/accounts", "/api/transactions/723898", "/userapi/transactions/count", "/api/status", "/healthz"]) {
        const reply = await ask(path, origin);
        assert.equal(reply.status, 200);
        assertReadable(reply, origin);
      }
    });
  }

  for (const origin of FOREIGN) {
    test(`${JSON.stringify(origin.slice(0, 60))} is foreign: the answer is there, and no page may read it`, async () => {
      for (const cacheControl of ["no-cache", "max-age=300"]) {
        const reply = await raw("/api/accounts/18", [`Origin: ${origin}`, `Cache-Control: ${cacheControl}`]);
        assert.equal(reply.status, 200);
        assertHidden(reply);
      }
    });
  }

  test("several_origin_headers_are_nobodys", async () => {
    for (const pair of [[SHOP, SHOP], [SHOP, LOCAL], [SHOP, "null"], ["https://evil.example", SHOP], [SHOP, ""]]) {
      const reply = await raw("/api/accounts/18", pair.map((origin) => `Origin: ${origin}`));
      if (reply.status !== 400) assertHidden(reply);
    }
  });

  test("who_names_no_origin_gets_no_permission_and_is_told_that_it_varies", async () => {
    for (const path of ["/api/accounts/18", "/healthz", "/api/nope", "/nope"]) assertHidden(await ask(path, null));
  });

  test("the_short_way_gives_each_its_own_header", async () => {
    const path = "/api/transactions?limit=4";
    const first = await ask(path, null, { cached: true });
    const { requests } = site.sandbox.counters();
    for (const origin of [SHOP, null, "https://evil.example", LOCAL, SHOP, "null", null, ODD_PORT]) {
      const reply = await ask(path, origin, { cached: true });
      assert.match(reply.headers.get("cache-status") ?? "", /^sepay-edge; hit; /);
      assert.equal(reply.text, first.text);
      if (origin !== null && ALLOWED.includes(origin)) assertReadable(reply, origin);
      else assertHidden(reply);
    }
    assert.equal(site.sandbox.counters().requests, requests, "a page must not cost a call");
  });

  test("a_page_is_the_first_to_ask_and_others_share_its_answer", async () => {
    const path = "/api/transactions?limit=6";
    assertReadable(await ask(path, SHOP, { cached: true }), SHOP);
    const known = await ask(path, LOCAL, { cached: true });
    assert.match(known.headers.get("cache-status") ?? "", /^sepay-edge; hit; /);
    assertReadable(known, LOCAL);
    assertHidden(await ask(path, null, { cached: true }));
  });

  test("an_unchanged_answer_and_a_head_can_be_read_too", async () => {
    const path = "/api/accounts?limit=2";
    const etag = (await ask(path, SHOP, { cached: true })).headers.get("etag");
    for (const cacheControl of ["max-age=300", "no-cache"]) {
      const headers = [`Origin: ${SHOP}`, `If-None-Match: ${etag}`, `Cache-Control: ${cacheControl}`];
      const unchanged = await raw(path, headers);
      assert.deepEqual([unchanged.status, unchanged.text], [304, ""]);
      assertReadable(unchanged, SHOP);
      assertReadable(await raw(path, [`Origin: ${SHOP}`, `Cache-Control: ${cacheControl}`], "HEAD"), SHOP);
    }
  });

  test("every_error_can_be_read_by_the_page_that_caused_it", async () => {
    site.sandbox.addFault({ kind: "status", status: 500, path: "limit=71" });
    site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 1, path: "limit=73", count: 1 });
    await ask("/api/status", null, { key: ONE_A_MINUTE });
    const failures: readonly (readonly [string, string, Asking?])[] = [
      ["/api/accounts", "unauthorized", { key: null }],
      ["/api/accounts", "unauthorized", { key: "edge_unknown" }],
      ["/api/accounts", "forbidden", { key: NO_SCOPE }],
      ["/api/transactions?limit=0", "invalid_parameter"],
      ["/api/nope", "not_found"],
      ["/nope", "not_found"],
      ["/api/transactions/999999999", "not_found"],
      ["/api/accounts", "method_not_allowed", { method: "DELETE" }],
      ["/api/status", "rate_limited", { key: ONE_A_MINUTE }],
      ["/api/transactions?limit=71", "upstream_error"],
      ["/api/transactions?limit=72", "upstream_busy", { headers: { Prefer: "wait=0" } }],
      ["/_test/panic", "internal_error"],
    ];
    for (const [path, code, how] of failures) {
      const [own, foreign] = [await ask(path, SHOP, how), await ask(path, "https://evil.example", how)];
      assertProblem(own, code);
      assertReadable(own, SHOP);
      assertProblem(foreign, code);
      assertHidden(foreign);
    }
    const limited = await ask("/userapi/transactions/list?limit=73", SHOP, { headers: { Prefer: "wait=0" } });
    assert.ok([429, 503].includes(limited.status), limited.text);
    assertReadable(limited, SHOP);
    assert.match(limited.headers.get("retry-after") ?? "", /^\d+$/);
    site.sandbox.clearFaults();
  });

  describe("a preflight", () => {
    const ASKS = { "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization,cache-control" };
    const VARIES = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    const ROUTES = [
      "/api/accounts",
      "/api/transactions?limit=3",
      "/api/tickets",
      "/api/nope",
      "/userapi/bankaccounts/list",
      "/metrics",
      "/healthz",
    ];

    function ask(path: string, origin: string | null, headers: Record<string, string> = ASKS, key: string | null = null): Promise<Reply> {
      return site.ask(path, { method: "OPTIONS", key, cached: true, headers: { ...headers, ...(origin && { Origin: origin }) } });
    }

    for (const origin of ALLOWED) {
      test(`of ${origin} is answered without a key`, async () => {
        for (const path of ROUTES) {
          const reply = await ask(path, origin);
          assert.deepEqual([reply.status, reply.text], [204, ""]);
          assert.deepEqual(cors(reply), {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, HEAD, POST",
            "access-control-allow-headers": "Authorization, Cache-Control, Content-Type, If-None-Match, Prefer, Priority",
            "access-control-max-age": "7200",
          });
          assert.equal(reply.headers.get("vary"), VARIES);
          assert.match(reply.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
        }
      });
    }

    test("of a foreign origin is refused, with a key or without", async () => {
      // The platform takes an empty header for none.
      for (const origin of FOREIGN.filter((each) => each !== "")) {
        const headers = [`Origin: ${origin}`, "Access-Control-Request-Method: GET"];
        const reply = await raw("/api/accounts", headers, "OPTIONS");
        assertProblem(reply, "forbidden");
        assert.deepEqual(cors(reply), {});
        assert.equal(reply.headers.get("vary"), VARIES);
      }
    });

    test("of two origins at once is refused", async () => {
      const headers = [`Origin: ${SHOP}`, `Origin: ${LOCAL}`, "Access-Control-Request-Method: GET"];
      const reply = await raw("/api/accounts", headers, "OPTIONS");
      if (reply.status !== 400) assertProblem(reply, "forbidden");
      assert.deepEqual(cors(reply), {});
    });

    test("for any method and header is told the same", async () => {
      const usual = cors(await ask("/api/accounts", SHOP));
      for (const method of ["POST", "PUT", "get", "TRACE", "", "*", "GET, PUT"]) {
        for (const names of ["x-evil", "", "*", "authorization", "x".repeat(4000)]) {
          const asked = { "Access-Control-Request-Method": method, "Access-Control-Request-Headers": names };
          const reply = await ask("/api/accounts", SHOP, asked);
          assert.deepEqual([reply.status, cors(reply)], [204, usual], `${method} ${names}`);
        }
      }
    });

    test("is not what lacks an origin or a method, nor another method: those go the usual way", async () => {
      const usual = [
        await ask("/api/accounts", null),
        await ask("/api/accounts", SHOP, {}),
        await ask("/healthz", SHOP, { "Access-Control-Request-Headers": "authorization" }),
        await site.ask("/api/accounts", { method: "DELETE", headers: { ...ASKS, Origin: SHOP } }),
      ];
      for (const reply of usual) {
        assertProblem(reply, "method_not_allowed");
        assert.match(reply.headers.get("allow") ?? "", /^GET, HEAD/);
      }
      assertHidden(usual[0] as Reply);
      for (const reply of usual.slice(1)) assertReadable(reply, SHOP);
      const read = await site.ask("/api/accounts", { headers: { ...ASKS, Origin: SHOP } });
      assert.equal(read.status, 200);
    });

    test("is none beside the API", async () => {
      for (const path of ["/nope", "/api", "/metrics/", "/apis"]) {
        const reply = await ask(path, SHOP);
        assert.equal(reply.status, 404);
        assert.equal(reply.headers.get("access-control-allow-methods"), null);
      }
    });
  });

  test("what_is_no_origin_is_named_once_by_its_place_and_never_repeated", () => {
    const told = site.logs.filter((line) => line.includes("EDGE_ORIGINS"));
    assert.deepEqual(told, ["EDGE_ORIGINS: refused as no origin such as https://shop.example: entry 3, 4, 5, 6, 7"]);
  });
});

describe("without EDGE_ORIGINS", () => {
  for (const value of [undefined, "", " , "]) {
    test(`${JSON.stringify(value)} allows no page, and no preflight wakes the gate`, async () => {
      const site = await startSite({ bindings: { EDGE_ORIGINS: value } });
      try {
        for (const origin of [SHOP, "null", site.url]) {
          const headers = { Origin: origin, "Access-Control-Request-Method": "GET" };
          const refused = await site.ask("/api/accounts", { method: "OPTIONS", headers });
          assertProblem(refused, "forbidden");
          assert.deepEqual(cors(refused), {});
          assertHidden(await site.ask("/healthz", { headers: { Origin: origin } }));
        }
        assert.equal(site.sandbox.counters().requests, 0);
        assert.ok(!site.logs.some((line) => line.includes("EDGE_ORIGINS")));
      } finally {
        await site.close();
      }
    });
  }
});

test("a preflight wakes no gate", async () => {
  const site = await startSite({ bindings: { EDGE_ORIGINS: SHOP } });
  // A gate that has been woken has its storage on disk.
  const gates = async (): Promise<number> =>
    (await readdir(site.stateDir, { recursive: true })).filter((file) => /-Gate\/[0-9a-f]+\.sqlite$/.test(file)).length;
  try {
    for (const [origin, status] of [[SHOP, 204], ["https://evil.example", 403]] as const) {
      const headers = { Origin: origin, "Access-Control-Request-Method": "GET" };
      const reply = await site.ask("/api/status", { method: "OPTIONS", key: null, headers });
      assert.deepEqual([reply.status, await gates()], [status, 0]);
    }
    await site.status();
    assert.equal(await gates(), 1);
  } finally {
    await site.close();
  }
});
