/** Who is let in: every way to be refused looks the same, sends nothing upstream, and says nothing of the reason. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KEY_BYTES, mintKey } from "../../scripts/edge-key.ts";
import { DEFAULT_TOKEN } from "../sandbox/server.ts";
import { assertProblem } from "./problem.ts";
import { exchange, sendRaw } from "./raw.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const EXPIRED = "edge_test_key_of_last_year";
const LASTING = "edge_test_key_of_next_century";
const ACCOUNTS_ONLY = "edge_test_key_for_accounts";
const TRANSACTIONS_ONLY = "edge_test_key_for_transactions";
const NO_SCOPE = "edge_test_key_without_scopes";
const MASKED = "edge_test_key_that_hides_balances";
/** A key as `npm run key` makes them. */
const MINTED = mintKey(new Uint8Array(KEY_BYTES).fill(7));
const MINTED_UNKNOWN = mintKey(new Uint8Array(KEY_BYTES).fill(8));

const SCOPES = ["accounts:read", "transactions:read", "metrics:read", "audit:read", "tickets:write"];
const scopeKey = (scope: string): string => `edge_test_key_with_only_${scope}`;

const KEYS = [
  keyEntry(EXPIRED, { expires: "2026-01-01T00:00:00Z" }),
  keyEntry(LASTING, { expires: "2126-01-01T00:00:00+07:00" }),
  keyEntry(ACCOUNTS_ONLY, { scopes: ["accounts:read"] }),
  keyEntry(TRANSACTIONS_ONLY, { scopes: ["transactions:read"] }),
  keyEntry(NO_SCOPE, { scopes: ["accounts", "transactions:*", "admin"] }),
  keyEntry(MASKED, { hide: ["balance"] }),
  keyEntry(MINTED),
  ...SCOPES.map((scope) => keyEntry(scopeKey(scope), { scopes: [scope] })),
  // Configured by mistake: SePay's own token opens nothing all the same.
  keyEntry(DEFAULT_TOKEN),
];

const ACCOUNT_ROUTES = [
  "/api/accounts",
  "/api/accounts/18",
  "/api/accounts/count",
  "/userapi/bankaccounts/list",
  "/userapi/bankaccounts/details/18",
  "/userapi/bankaccounts/count",
];
const TRANSACTION_ROUTES = [
  "/api/transactions",
  "/api/transactions/723898",
  "/api/transactions/count",
  "/userapi/transactions/list?limit=1",
  "/userapi/transactions/details/723898",
  "/userapi/transactions/count",
];
const CLOSED = [...ACCOUNT_ROUTES, ...TRANSACTION_ROUTES, "/api/status"];

/** `Authorization` headers that must not open anything. */
const REFUSED: readonly (readonly [string, readonly string[]])[] = [
  ["no header", []],
  ["an empty header", ["Authorization: "]],
  ["the bare key", [`Authorization: ${KEY}`]],
  ["a scheme without a key", ["Authorization: Bearer"]],
  ["a scheme and spaces", ["Authorization: Bearer    "]],
  ["another scheme", [`Authorization: Basic ${KEY}`]],
  ["an unknown key", ["Authorization: Bearer edge_unknown"]],
  ["a key cut short", [`Authorization: Bearer ${KEY.slice(0, -1)}`]],
  ["a key with a tail", [`Authorization: Bearer ${KEY}x`]],
  ["a key in capitals", [`Authorization: Bearer ${KEY.toUpperCase()}`]],
  ["two words", [`Authorization: Bearer ${KEY} ${KEY}`]],
  ["two keys in one header", [`Authorization: Bearer ${KEY}, Bearer ${KEY}`]],
  ["two headers", [`Authorization: Bearer ${KEY}`, `Authorization: Bearer ${KEY}`]],
  ["a good header and a bad one", [`Authorization: Bearer ${KEY}`, "Authorization: Bearer x"]],
  ["an expired key", [`Authorization: Bearer ${EXPIRED}`]],
  ["bytes above ASCII", [`Authorization: Bearer ${KEY}\xe9`]],
  ["a key in another header", [`X-Api-Key: ${KEY}`, `Cookie: key=${KEY}`]],
  ["the hash of the key", [`Authorization: Bearer ${keyEntry(KEY).sha256}`]],
  ["a long key", [`Authorization: Bearer ${"k".repeat(4000)}`]],
];

describe("callers who are refused", { concurrency: true }, () => {
  let site: Site;
  let requestsBefore = 0;

  before(async () => {
    site = await startSite({ keys: KEYS });
    requestsBefore = site.sandbox.counters().requests;
  });
  after(() => site?.close());

  for (const [name, headers] of REFUSED) {
    test(`${name} is unauthorized everywhere`, async () => {
      for (const path of CLOSED) {
        const reply = await sendRaw(site.url, `GET ${path} HTTP/1.1`, headers);
        const { title, detail } = assertProblem(reply, "unauthorized");
        assert.equal(title, "A valid edge key is needed");
        assert.ok(!detail.includes(KEY));
        assert.equal(reply.headers.get("www-authenticate"), 'Bearer realm="sepay-edge"');
      }
    });
  }

  test("a_refusal_says_nothing_of_its_reason", async () => {
    const replies = await Promise.all(
      REFUSED.slice(0, 16).map(([, headers]) => sendRaw(site.url, "GET /api/accounts HTTP/1.1", headers)),
    );
    const told = replies.map((reply) => reply.text.replace(/"requestId":"[^"]*"/, ""));
    assert.equal(new Set(told).size, 1);
  });

  test("a_key_that_was_cut_or_mistyped_is_told_so", async () => {
    const swapped = `${MINTED.slice(0, 20)}${MINTED[21]}${MINTED[20]}${MINTED.slice(22)}`;
    const mistyped = [swapped, MINTED.slice(0, -1), `${MINTED}0`, MINTED.replace(/.$/, (last) => (last === "0" ? "1" : "0"))];
    for (const key of mistyped.filter((each) => each !== MINTED)) {
      const { detail } = assertProblem(await site.ask("/api/accounts", { key }), "unauthorized");
      assert.match(detail, /checksum/, key);
      assert.ok(!detail.includes(key.slice(5)));
    }
  });

  test("a_key_of_the_right_form_that_nobody_has_is_told_as_little_as_any", async () => {
    const told = async (key: string): Promise<string> => assertProblem(await site.ask("/api/accounts", { key }), "unauthorized").detail;
    assert.equal(await told(MINTED_UNKNOWN), await told("x"));
    assert.equal(await told(EXPIRED), await told("x"));
  });

  test("sepays_token_is_refused_even_where_it_is_configured_and_told_to_be_renewed", async () => {
    for (const path of CLOSED) {
      const { detail } = assertProblem(await site.ask(path, { key: site.sandbox.token }), "unauthorized");
      assert.ok(detail.includes("SePay API token") && !detail.includes(site.sandbox.token), detail);
    }
  });

  test("what_looks_like_a_ticket_is_one_or_nothing", async () => {
    const parts = (text: string): string => Buffer.from(text).toString("base64url");
    for (const ticket of [`${parts('{"alg":"none"}')}.${parts("{}")}.`, `${parts('{"a')}..`, `eyJ.${"x".repeat(3000)}.y`]) {
      const { detail } = assertProblem(await site.ask("/api/accounts", { key: ticket }), "unauthorized");
      assert.match(detail, /ticket/);
    }
    assertProblem(await site.ask("/api/accounts", { key: `eyJ.${"x".repeat(5000)}.y` }), "unauthorized");
  });

  test("a_key_in_the_query_is_no_key", async () => {
    assertProblem(await site.ask(`/api/accounts?key=${KEY}`, { key: null }), "unauthorized");
    assertProblem(await site.ask(`/api/accounts?access_token=${KEY}`, { key: null }), "unauthorized");
  });

  test("a_key_of_a_megabyte_is_refused_without_a_server_error", async () => {
    const head = `GET /api/accounts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer `;
    const reply = await exchange(site.url, Buffer.from(`${head}${"k".repeat(1_000_000)}\r\n\r\n`));
    // 0: the platform hung up on a head that large before it was all sent.
    assert.ok(reply.status === 0 || (reply.status >= 400 && reply.status < 500), `status ${reply.status}`);
    assert.equal((await site.ask("/healthz")).status, 200);
  });

  test("a_missing_scope_is_forbidden_and_named", async () => {
    for (const [key, paths, scope] of [
      [ACCOUNTS_ONLY, TRANSACTION_ROUTES, "transactions:read"],
      [TRANSACTIONS_ONLY, ACCOUNT_ROUTES, "accounts:read"],
      [NO_SCOPE, ACCOUNT_ROUTES, "accounts:read"],
      [NO_SCOPE, TRANSACTION_ROUTES, "transactions:read"],
    ] as const) {
      for (const path of paths) {
        const { detail } = assertProblem(await site.ask(path, { key }), "forbidden");
        assert.ok(detail.includes(scope), detail);
      }
    }
  });

  after(() => assert.equal(site.sandbox.counters().requests, requestsBefore, "a refusal reached SePay"));
});

describe("callers who are let in", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await startSite({ keys: KEYS });
  });
  after(() => site?.close());

  test("a_scope_opens_its_six_routes", async () => {
    for (const path of ACCOUNT_ROUTES) {
      assert.equal((await site.ask(path, { key: ACCOUNTS_ONLY })).status, 200, path);
    }
    for (const path of TRANSACTION_ROUTES) {
      assert.equal((await site.ask(path, { key: TRANSACTIONS_ONLY })).status, 200, path);
    }
  });

  test("a_key_that_has_not_expired_is_good", async () => {
    assert.equal((await site.ask("/api/accounts", { key: LASTING })).status, 200);
  });

  test("a_key_with_a_checksum_is_good_and_so_is_any_other_text", async () => {
    for (const key of [MINTED, KEY]) assert.equal((await site.ask("/api/accounts", { key })).status, 200);
  });

  test("a_key_that_hides_a_field_is_let_in_without_it", async () => {
    const { data } = await site.read<{ data: { balance: unknown; holder: unknown }[] }>("/api/accounts", { key: MASKED });
    assert.ok(data.length > 0 && data.every(({ balance, holder }) => balance === null && holder !== null));
  });

  test("each_scope_opens_its_own_routes_and_no_others", async () => {
    const opened = async (key: string): Promise<number[]> =>
      Promise.all(["/api/accounts", "/api/transactions", "/metrics", "/api/audit"].map(async (path) => (await site.ask(path, { key })).status));
    for (const [index, scope] of SCOPES.entries()) {
      const expected = [403, 403, 403, 403].map((status, place) => (place === index ? 200 : status));
      assert.deepEqual(await opened(scopeKey(scope)), expected, scope);
    }
  });

  test("the_scheme_is_read_in_any_case", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      const headers = { Authorization: `${scheme} ${KEY}` };
      assert.equal((await site.ask("/api/status", { key: null, headers })).status, 200, scheme);
    }
  });
});

describe("keys that cannot be used let nobody in", { concurrency: 2 }, () => {
  const good = keyEntry(KEY);
  for (const [name, EDGE_KEYS] of [
    ["no EDGE_KEYS", undefined],
    ["empty EDGE_KEYS", ""],
    ["blank EDGE_KEYS", " \n"],
    ["no entries", "[]"],
    ["broken JSON", JSON.stringify([good]).slice(0, -1)],
    ["an object instead of a list", JSON.stringify(good)],
    ["an unknown field", JSON.stringify([{ ...good, acounts: ["0071000888888"] }])],
    ["a bad entry after a good one", JSON.stringify([good, { ...good, sha256: "abc" }])],
    ["an expiry that is no time", JSON.stringify([{ ...good, expires: "next year" }])],
    ["accounts that are no list", JSON.stringify([{ ...good, accounts: "0071000888888" }])],
    ["a field that cannot be hidden", JSON.stringify([{ ...good, hide: ["balance", "id"] }])],
    ["a misspelled field to hide", JSON.stringify([{ ...good, hide: ["ballance"] }])],
    ["a look-back without a unit", JSON.stringify([{ ...good, from: "30" }])],
    ["a look-back of more than ten years", JSON.stringify([{ ...good, from: "3651d" }])],
    ["a look-back of null", JSON.stringify([{ ...good, from: null }])],
    ["a key that stands there twice", JSON.stringify([good, { ...good, id: "other" }])],
    ["a plain key instead of its hash", JSON.stringify([{ ...good, sha256: KEY.padEnd(64, "0") }])],
  ] as const) {
    test(name, async () => {
      const site = await startSite({ bindings: { EDGE_KEYS } });
      try {
        for (const path of CLOSED) {
          assertProblem(await site.ask(path), "unauthorized");
          assertProblem(await site.ask(path, { key: null }), "unauthorized");
        }
        assert.equal((await site.ask("/healthz", { key: null })).status, 200);
        assert.equal((await site.ask("/", { key: null })).status, 200);
        assert.equal(site.sandbox.counters().requests, 0);
        for (const line of site.logs) assert.ok(!line.includes(good.sha256) && !line.includes(KEY), "a log line holds a key");
      } finally {
        await site.close();
      }
    });
  }
});
