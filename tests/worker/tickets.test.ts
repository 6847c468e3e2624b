/**
 * Tickets: what may be wished for, what a ticket says of itself, how long it lives, and that it costs its key's limit
 * and shares what is known with tickets of the same rights. Who may see what is the matrix's.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SECRET, read } from "./matrix/jwt.ts";
import { mint, minted } from "./mint.ts";
import type { Minted, Own } from "./mint.ts";
import { assertProblem } from "./problem.ts";
import { sendRaw } from "./raw.ts";
import { ASKED, serve } from "./served.ts";
import { BOTH_SCOPES, keyEntry, startSite } from "./site.ts";
import type { KeyEntry, Site } from "./site.ts";

const MAKER = "edge_test_key_that_makes_tickets";
const LIMITED = "edge_test_key_of_two_accounts_and_no_balance";
const READER = "edge_test_key_that_makes_none";
const ACCOUNTS_ONLY = "edge_test_key_of_accounts_and_tickets";
const SHORT = "edge_test_key_that_ends_soon";
const COUNTED = "edge_test_key_of_six_a_minute";

const [A, B, C] = ["0071000888888", "0900112233", "0314100012345"];
const MAKING = [...BOTH_SCOPES, "tickets:write"];
const SHORT_MS = Date.now() + 120_000;

const KEYS: readonly KeyEntry[] = [
  keyEntry(MAKER, { id: "maker", scopes: MAKING }),
  keyEntry(LIMITED, { id: "limited", scopes: MAKING, accounts: [A, B], hide: ["balance", "code", "amountIn"], from: "30d" }),
  keyEntry(READER, { id: "reader" }),
  keyEntry(ACCOUNTS_ONLY, { id: "accounts", scopes: ["accounts:read", "tickets:write"] }),
  keyEntry(SHORT, { id: "short", scopes: MAKING, expires: new Date(SHORT_MS).toISOString() }),
  keyEntry(COUNTED, { id: "counted", scopes: MAKING, rpm: 6 }),
];

const EVERYTHING = { accounts: null, code: null, amount: null, fromDays: null };

/** Starts a site whose tickets are signed with these secrets; null configures none. */
function start(current: string | null, previous?: string): Promise<Site> {
  const bindings = { EDGE_TICKET_SECRET: current ?? undefined, EDGE_TICKET_SECRET_PREVIOUS: previous };
  return startSite({ keys: KEYS, bindings });
}

describe("tickets", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await start(SECRET);
  });
  after(() => site?.close());

  const self = (key: string): Promise<Own> => site.read<Own>("/api/tickets/self", { key });

  /** Requires that a wish is refused, with the name of its field and without its value. */
  async function assertRefused(wish: unknown, field: string, code = "invalid_parameter", key = MAKER): Promise<void> {
    const { detail } = assertProblem(await mint(site.url, key, wish), code);
    assert.ok(detail.startsWith(`${field}: `), `${JSON.stringify(wish).slice(0, 80)}: ${detail}`);
  }

  test("nothing_wished_for_is_a_quarter_of_an_hour_of_transactions", async () => {
    const startSeconds = Math.floor(Date.now() / 1000);
    for (const wish of [{}, "", " \n"]) {
      const { ticket, tokenType, expiresAt, expiresInSeconds, rights } = await minted(site.url, MAKER, wish);
      assert.equal(tokenType, "Bearer");
      assert.ok(expiresInSeconds >= 899 && expiresInSeconds <= 900, `${expiresInSeconds} s`);
      assert.match(expiresAt, /\+07:00$/);
      const endSeconds = Date.parse(expiresAt) / 1000;
      assert.ok(endSeconds >= startSeconds + 899 && endSeconds <= Date.now() / 1000 + 900);
      const { hide, ...rest } = rights;
      assert.deepEqual(rest, { ...EVERYTHING, scopes: ["transactions:read"] });
      assert.deepEqual(hide, ["balance"]);
      assert.equal(read(ticket).claims["exp"], endSeconds);
    }
  });

  test("everything_that_can_be_wished_for_is_granted_and_told_again", async () => {
    const wish = { ttlSeconds: 60, scopes: ["transactions:read"], accounts: [A, C], code: "DH001234", amount: 450_000, hide: ["content", "balance"] };
    const { ticket, expiresAt, expiresInSeconds, rights } = await minted(site.url, MAKER, wish);
    assert.ok(expiresInSeconds <= 60 && expiresInSeconds >= 59);
    const { ttlSeconds, ...wished } = wish;
    assert.deepEqual(rights, { ...wished, fromDays: null });
    assert.deepEqual(await self(ticket), { kind: "ticket", id: "maker", ticketId: read(ticket).claims["jti"], rights, expiresAt });
    assert.equal(ttlSeconds, 60);
  });

  test("a_ticket_is_a_json_web_token_that_anybody_can_read", async () => {
    const [one, other] = await Promise.all([minted(site.url, MAKER), minted(site.url, MAKER)]);
    const { header, claims } = read(one.ticket);
    assert.deepEqual([header["alg"], header["typ"], typeof header["kid"]], ["HS256", "JWT", "string"]);
    assert.deepEqual([claims["iss"], claims["sub"], claims["scope"]], ["sepay-edge", "maker", "transactions:read"]);
    assert.equal(Number(claims["exp"]) - Number(claims["iat"]), 900);
    assert.notEqual(claims["jti"], read(other.ticket).claims["jti"]);
    const { sha256 } = keyEntry(MAKER);
    assert.ok(!one.ticket.includes(sha256) && !JSON.stringify(claims).includes(sha256), "a ticket tells the hash of its key");
  });

  test("the_shortest_and_the_longest", async () => {
    for (const ttlSeconds of [60, 3600]) {
      const { expiresInSeconds } = await minted(site.url, MAKER, { ttlSeconds });
      assert.ok(expiresInSeconds <= ttlSeconds && expiresInSeconds >= ttlSeconds - 1, `${expiresInSeconds} s`);
    }
  });

  test("a_ticket_ends_with_its_key", async () => {
    const { expiresAt, ticket } = await minted(site.url, SHORT, { ttlSeconds: 3600 });
    const endMs = Date.parse(expiresAt);
    assert.ok(endMs <= SHORT_MS && endMs > SHORT_MS - 1000);
    assert.equal(Date.parse((await self(ticket)).expiresAt ?? ""), Math.floor(SHORT_MS / 1000) * 1000);
  });

  test("a_key_is_told_what_it_may_do_and_its_tickets_have_no_more", async () => {
    const hide = ["balance", "code", "amountIn"];
    const own = await self(LIMITED);
    assert.deepEqual(own, { kind: "key", id: "limited", ticketId: null, rights: { ...EVERYTHING, scopes: MAKING, accounts: [A, B], hide, fromDays: 30 }, expiresAt: null });
    const { rights } = await minted(site.url, LIMITED, { accounts: [B], hide: ["content"] });
    assert.deepEqual(rights, { ...EVERYTHING, scopes: ["transactions:read"], accounts: [B], hide: [...hide, "content"], fromDays: 30 });
    assert.equal(Date.parse((await self(SHORT)).expiresAt ?? ""), Math.floor(SHORT_MS / 1000) * 1000);
  });

  describe("a bad wish names its field", { concurrency: true }, () => {
    const wrong: readonly (readonly [string, readonly unknown[]])[] = [
      ["ttlSeconds", [59, 3601, 0, -60, 60.5, 1e3 + 0.1, "900", null, true, [900], 2 ** 53]],
      ["scopes", [[], ["transactions:read", "transactions:read"], ["nope"], "transactions:read", null, [1], {}, [["transactions:read"]]]],
      ["accounts", [[], [A, A], A, null, [1], [""], [" 1"], ["1\n"], Array.from({ length: 21 }, (_, index) => String(index)), ["9".repeat(700)]]],
      ["code", ["", " DH1", "DH\u0000", "D".repeat(65), 1, null, ["DH1"], {}]],
      ["amount", [0, -1, 1.5, "450000", null, 2 ** 53, 1e30, [1]]],
      ["hide", [["ballance"], ["id"], ["balance", "balance"], "balance", null, [1]]],
    ];
    for (const [field, values] of wrong) {
      test(field, async () => {
        for (const value of values) await assertRefused({ [field]: value }, field);
      });
    }

    test("unknown_fields_and_the_nearest_right_one", async () => {
      for (const [given, nearest] of [["ttl", ""], ["acounts", "accounts"], ["Accounts", "accounts"], ["ammount", "amount"], ["expires", ""]] as const) {
        const { detail } = assertProblem(await mint(site.url, MAKER, { [given]: [A] }), "invalid_parameter");
        assert.ok(detail.startsWith(`${given}: unknown field`) && detail.includes(nearest) && !detail.includes(A), detail);
      }
    });

    test("a_field_given_twice", async () => {
      await assertRefused(`{"accounts":["${A}"],"accounts":["${B}"]}`, "accounts");
      await assertRefused(String.raw`{"code":"DH1","cod\u0065":"DH2"}`, "code");
    });

    test("a_body_that_is_no_json_object", async () => {
      for (const body of ["null", "[]", '"x"', "1", "{", "{}{}", "{'code':1}", "\u0001", '{"code":"DH1",}', "[".repeat(4000)]) {
        await assertRefused(body, "body");
      }
    });

    test("a_body_that_is_too_long", async () => {
      await assertRefused(`{"code":"${"x".repeat(5000)}"}`, "content-length");
      await assertRefused(" ".repeat(1_000_000), "content-length");
      const { status } = await mint(site.url, MAKER, `{}${" ".repeat(4096 - 2)}`);
      assert.equal(status, 201, "4096 bytes are allowed");
    });

    test("a_body_without_a_length_or_of_another_kind", async () => {
      const key = `Authorization: Bearer ${MAKER}`;
      const json = "Content-Type: application/json";
      const line = "POST /api/tickets HTTP/1.1";
      const chunked = await sendRaw(site.url, line, [key, json, "Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\n\r\n");
      assert.match(assertProblem(chunked, "invalid_parameter").detail, /^content-length: /);
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data"]) {
        assertProblem(await mint(site.url, MAKER, "{}", { "Content-Type": type }), "invalid_parameter");
      }
      assert.equal((await mint(site.url, MAKER, "{}", { "Content-Type": "application/json; charset=utf-8" })).status, 201);
    });

    test("a_query", async () => {
      const reply = await sendRaw(site.url, "POST /api/tickets?code=DH1 HTTP/1.1", [`Authorization: Bearer ${MAKER}`, "Content-Type: application/json", "Content-Length: 2"], "{}");
      assertProblem(reply, "invalid_parameter");
    });
  });

  test("a_wish_beyond_the_key_is_forbidden_and_names_its_field", async () => {
    for (const [key, wish, field] of [
      [LIMITED, { accounts: [A, C] }, "accounts"],
      [LIMITED, { code: "DH1" }, "code"],
      [LIMITED, { amount: 1 }, "amount"],
      [ACCOUNTS_ONLY, {}, "scopes"],
      [ACCOUNTS_ONLY, { scopes: ["transactions:read"] }, "scopes"],
      [MAKER, { scopes: ["tickets:write"] }, "scopes"],
      [MAKER, { scopes: ["metrics:read"] }, "scopes"],
      [MAKER, { scopes: BOTH_SCOPES, code: "DH1" }, "scopes"],
      [MAKER, { scopes: ["accounts:read"], amount: 1 }, "scopes"],
      [MAKER, { code: "DH1", hide: ["code"] }, "code"],
      [MAKER, { amount: 1, hide: ["amountIn"] }, "amount"],
      [MAKER, { accounts: [A], hide: ["accountNumber"] }, "accounts"],
    ] as const) {
      await assertRefused(wish, field, "forbidden", key);
    }
  });

  test("only_a_key_with_the_scope_makes_tickets", async () => {
    const { detail } = assertProblem(await mint(site.url, READER, {}), "forbidden");
    assert.ok(detail.includes("tickets:write"), detail);
    assertProblem(await mint(site.url, (await minted(site.url, MAKER)).ticket, {}), "forbidden");
    assertProblem(await mint(site.url, "edge_unknown", {}), "unauthorized");
  });

  test("tickets_are_made_with_post_and_read_with_get", async () => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH"]) {
      const reply = await site.ask("/api/tickets", { key: MAKER, method });
      assert.deepEqual([reply.status, reply.headers.get("allow")], [405, "POST"], method);
    }
    const reply = await site.ask("/api/tickets/self", { key: MAKER, method: "POST" });
    assert.deepEqual([reply.status, reply.headers.get("allow")], [405, "GET, HEAD"]);
    assertProblem(await site.ask("/api/tickets/self?x=1", { key: MAKER }), "invalid_parameter");
  });

  test("a_ticket_of_one_payment_sees_it_and_nothing_else", async () => {
    const { ticket } = await minted(site.url, MAKER, { code: "DH001234", amount: 450_000 });
    const { data } = await site.read<{ data: { code: string; amountIn: number }[] }>("/api/transactions?limit=500", { key: ticket });
    assert.deepEqual(data.map(({ code, amountIn }) => [code, amountIn]), [["DH001234", 450_000], ["DH001234", 450_000]]);
    assertProblem(await site.ask("/api/accounts", { key: ticket }), "forbidden");
  });

  test("tickets_of_the_same_rights_share_what_is_known_and_no_others_do", async () => {
    const wish = { accounts: [A], hide: [] };
    const [one, two] = await Promise.all([minted(site.url, MAKER, wish), minted(site.url, MAKER, wish)]);
    const narrower = await minted(site.url, MAKER, { ...wish, hide: ["content"] });
    const path = "/api/transactions?limit=93";
    const ask = ({ ticket }: Minted) => serve(site, path, { key: ticket });
    const first = await ask(one);
    assert.match(first.words, ASKED);
    const [before, second] = [await servedByIsolate(), await ask(two)];
    assert.match(second.words, /^hit/);
    assert.equal(second.reply.text, first.reply.text);
    assert.equal(await servedByIsolate(), before + 1, "the second ticket took the long way");
    const third = await ask(narrower);
    assert.equal(await servedByIsolate(), before + 1, "what another ticket may see was served");
    assert.ok(!third.reply.text.includes('"content":"') && second.reply.text.includes('"content":"'));
    const ofKey = await serve(site, path, { key: MAKER });
    assert.notEqual(ofKey.reply.text, first.reply.text);
  });

  /** How many answers the short way has served to plain requests. */
  async function servedByIsolate(): Promise<number> {
    return (await site.read<{ isolate: { served: number } }>("/api/status")).isolate.served;
  }
});

describe("the limit of a key", () => {
  test("counts_the_requests_of_its_tickets_too", async () => {
    const site = await start(SECRET);
    try {
      const { ticket } = await minted(site.url, COUNTED);
      const left = async (key: string, path = "/api/transactions?limit=1"): Promise<string> => {
        const { status, headers } = await site.ask(path, { key, cached: true });
        return `${status} ${/r=\d+/.exec(headers.get("ratelimit") ?? "")?.[0]}`;
      };
      const seen = [];
      for (const key of [ticket, COUNTED, ticket, ticket, COUNTED, ticket, COUNTED]) seen.push(await left(key));
      assert.deepEqual(seen, ["200 r=4", "200 r=3", "200 r=2", "200 r=1", "200 r=0", "429 r=0", "429 r=0"]);
      assertProblem(await mint(site.url, COUNTED, {}), "rate_limited");
      assert.equal(await left((await minted(site.url, MAKER)).ticket), "200 undefined");
    } finally {
      await site.close();
    }
  });
});

describe("the secret of tickets", { concurrency: 2 }, () => {
  const NEXT = "the secret after it, of 32 characters or more";

  test("a_ticket_outlives_one_change_of_the_secret_and_not_two", async () => {
    const sites = await Promise.all([start(SECRET), start(NEXT, SECRET), start("and one more after that, 32 or more", NEXT)]);
    try {
      const [first, second, third] = sites.map(({ url }) => url);
      const { ticket } = await minted(first ?? "", MAKER);
      const { ticket: newer } = await minted(second ?? "", MAKER);
      assert.notEqual(read(ticket).header["kid"], read(newer).header["kid"]);
      const statuses = async (url: string | undefined): Promise<number[]> =>
        Promise.all([ticket, newer].map(async (each) => (await fetch(`${url}/api/tickets/self`, { headers: { Authorization: `Bearer ${each}` } })).status));
      assert.deepEqual(await Promise.all([first, second, third].map(statuses)), [[200, 401], [200, 200], [401, 200]]);
    } finally {
      await Promise.all(sites.map((site) => site.close()));
    }
  });

  test("without_one_no_ticket_is_made_or_let_in", async () => {
    const site = await start(null);
    try {
      const { detail } = assertProblem(await mint(site.url, MAKER, {}), "forbidden");
      assert.ok(detail.includes("EDGE_TICKET_SECRET"), detail);
      assert.equal((await site.read<Own>("/api/tickets/self", { key: MAKER })).kind, "key");
    } finally {
      await site.close();
    }
  });

  test("a_short_one_is_told_once_without_its_value_and_not_used", async () => {
    const short = "s3cret-of-31-characters-01234567".slice(0, 31);
    for (const [current, previous, binding] of [[short, undefined, "EDGE_TICKET_SECRET"], [SECRET, short, "EDGE_TICKET_SECRET_PREVIOUS"]] as const) {
      const site = await start(current, previous);
      try {
        const { status } = await mint(site.url, MAKER, {});
        await mint(site.url, MAKER, {});
        assert.equal(status, current === SECRET ? 201 : 403);
        const told = site.logs.filter((line) => line.includes("EDGE_TICKET_SECRET"));
        assert.equal(told.length, 1, told.join("\n"));
        assert.ok(told[0]?.includes(`${binding}:`) && !site.logs.some((line) => line.includes(short.slice(0, 8))), told[0]);
      } finally {
        await site.close();
      }
    }
  });

  test("of_32_characters_is_enough", async () => {
    const site = await start("s".repeat(32));
    try {
      await minted(site.url, MAKER);
    } finally {
      await site.close();
    }
  });
});

