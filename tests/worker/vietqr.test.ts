/** Codes to pay with, on workerd: published payloads, who may ask, and that nobody else is asked for them. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lineOf } from "./lines.ts";
import { minted } from "./mint.ts";
import { assertProblem } from "./problem.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";
import { expectSums } from "./trail.ts";

const NO_SCOPE = "edge_test_key_without_scopes";
const NARROW = "edge_test_key_for_one_account_that_hides_its_number";
const RATED = "edge_test_key_of_two_a_minute";
const SELLER = "edge_test_key_that_makes_tickets";
const AUDITOR = "edge_test_key_that_reads_the_trail";
const KEYS = [
  keyEntry(NO_SCOPE, { id: "none", scopes: [] }),
  keyEntry(NARROW, { id: "narrow", scopes: ["accounts:read"], accounts: ["0071000888888"], hide: ["accountNumber"] }),
  keyEntry(RATED, { id: "rated", rpm: 2 }),
  keyEntry(SELLER, { id: "seller", scopes: ["transactions:read", "tickets:write"] }),
  keyEntry(AUDITOR, { id: "auditor", scopes: ["audit:read"] }),
];

const PATH = "/api/vietqr?bank=Vietcombank&account=0071000888888&amount=150000&content=DH000777";
const VIETINBANK = '{"name":"VietinBank","code":"ICB","bin":"970415"}';

/** Query, payload and bank; tests/vietqr.rs says where each payload is published. */
const PUBLISHED: readonly (readonly [string, string, string])[] = [
  [
    "bank=970415&account=113366668888&amount=79000&content=Ung+Ho+Quy+Vac+Xin",
    "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN62220818Ung Ho Quy Vac Xin63043ACF",
    VIETINBANK,
  ],
  [
    `content=${encodeURIComponent("ủng hộ lũ lụt")}&amount=120000&account=0011001932418&bank=icb`,
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813ung ho lu lut6304C15C",
    VIETINBANK,
  ],
  [
    "bank=TPBank&account=0099999999",
    "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA53037045802VN6304CBB4",
    '{"name":"TPBank","code":"TPB","bin":"970423"}',
  ],
  [
    "bank=tcb&account=9796868&content=gen%20by%20sunary%2Fvietqr",
    "00020101021138510010A00000072701210006970407010797968680208QRIBFTTA53037045802VN62240820gen by sunary/vietqr6304BE74",
    '{"name":"Techcombank","code":"TCB","bin":"970407"}',
  ],
];

const BAD: Readonly<Record<string, string>> = {
  "": "bank: expected a bank's short name, its code or its six-digit BIN",
  "bank=Vietcombnk&account=1": "bank: expected a bank's short name, its code or its six-digit BIN; did you mean Vietcombank?",
  "bank=VCB": "account: expected 1 to 19 letters and digits",
  "bank=VCB&account=": "account: expected 1 to 19 letters and digits",
  "bank=VCB&account=1&amount=0": "amount: expected 1 to 9999999999999 VND",
  "bank=VCB&account=1&amount=1.5": "amount: expected whole VND, found a fraction",
  "bank=VCB&account=1&content=": "content: expected 1 to 25 characters, found 0",
  "bank=VCB&account=1&content=12345678901234567890123456": "content: expected 1 to 25 characters, found 26",
  "bank=VCB&account=1&content=%F0%9F%92%B0": "content: expected letters, digits, spaces and ASCII signs, found another character",
  "bank=VCB&acc=1": "acc: unknown parameter; did you mean account?",
  "bank=VCB&account=1&des=DH001": "des: unknown parameter; did you mean content?",
  "bank=VCB&account=1&account=1": "account: expected once, found twice",
};

describe("/api/vietqr", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    const bindings = { EDGE_TICKET_SECRET: "a secret of tickets for tests only, long enough", EDGE_ORIGINS: "https://shop.example" };
    site = await startSite({ keys: KEYS, bindings });
  });
  after(() => site?.close());

  test("payloads_are_those_that_others_published", async () => {
    for (const [query, payload, bank] of PUBLISHED) {
      const { status, text, headers } = await site.ask(`/api/vietqr?${query}`);
      assert.equal(text, `{"payload":"${payload}","bank":${bank}}`);
      assert.equal(status, 200);
      assert.equal(headers.get("content-type"), "application/json; charset=utf-8");
      assert.equal(headers.get("cache-control"), "private, no-store");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
    }
  });

  test("a_BIN_that_is_not_listed_has_no_name", async () => {
    const { payload, bank } = await site.read<{ payload: string; bank: unknown }>("/api/vietqr?bank=999999&account=1");
    assert.deepEqual(bank, { name: null, code: null, bin: "999999" });
    assert.match(payload, /^00020101021138450010A00000072701150006999999010110208QRIBFTTA53037045802VN6304[0-9A-F]{4}$/);
  });

  test("any_key_and_any_ticket_may_ask_and_nobody_else", async () => {
    const { ticket } = await minted(site.url, SELLER, { code: "DH001", hide: ["accountNumber"] });
    const bodies = await Promise.all([KEY, NO_SCOPE, NARROW, SELLER, ticket].map(async (key) => site.ask(PATH.replace("0071000888888", "104000888"), { key })));
    assert.deepEqual(bodies.map(({ status }) => status), [200, 200, 200, 200, 200]);
    assert.equal(new Set(bodies.map(({ text }) => text)).size, 1);
    assertProblem(await site.ask(PATH, { key: null }), "unauthorized");
    assertProblem(await site.ask(PATH, { key: "edge_test_key_that_is_not_there" }), "unauthorized");
  });

  for (const [query, detail] of Object.entries(BAD)) {
    test(`?${query} is refused`, async () => {
      assert.equal(assertProblem(await site.ask(`/api/vietqr?${query}`), "invalid_parameter").detail, detail);
    });
  }

  test("a_HEAD_has_the_headers_and_an_ETag_saves_the_body", async () => {
    const [got, head] = [await site.ask(PATH), await site.ask(PATH, { method: "HEAD" })];
    assert.deepEqual([head.status, head.text], [200, ""]);
    const etag = got.headers.get("etag") ?? "";
    assert.match(etag, /^"[0-9a-f]{32}"$/);
    for (const name of ["etag", "content-type", "vary"]) assert.equal(head.headers.get(name), got.headers.get(name), name);
    const same = await site.ask(PATH, { headers: { "If-None-Match": `"x", ${etag}` } });
    assert.deepEqual([same.status, same.text, same.headers.get("etag")], [304, "", etag]);
    const other = await site.ask(`${PATH}8`, { headers: { "If-None-Match": etag } });
    assert.equal(other.status, 200);
    assert.notEqual(other.headers.get("etag"), etag);
  });

  test("no_other_method_is_taken", async () => {
    const reply = await site.ask(PATH, { method: "POST" });
    assertProblem(reply, "method_not_allowed");
    assert.equal(reply.headers.get("allow"), "GET, HEAD");
  });

  test("a_page_of_an_allowed_origin_reads_it", async () => {
    const { headers } = await site.ask(PATH, { headers: { Origin: "https://shop.example" } });
    assert.equal(headers.get("access-control-allow-origin"), "https://shop.example");
    assert.equal((await site.ask(PATH, { headers: { Origin: "https://evil.example" } })).headers.get("access-control-allow-origin"), null);
  });

  test("it_counts_to_the_callers_own_limit", async () => {
    const left = [];
    for (const path of [PATH, "/api/vietqr?bank=VCB"]) left.push((await site.ask(path, { key: RATED })).headers.get("ratelimit")?.split(";")[1]);
    assert.deepEqual(left, ["r=1", "r=0"]);
    assertProblem(await site.ask(PATH, { key: RATED }), "rate_limited");
  });
});

test("a_code_asks_nobody_and_is_told_in_the_log_and_the_trail_without_its_words", async () => {
  const site = await startSite({ keys: KEYS });
  try {
    for (let round = 0; round < 3; round += 1) assert.equal((await site.ask(PATH)).status, 200);
    const bad = await site.ask("/api/vietqr?bank=VCB&account=no+account&content=DH000777");
    assert.equal(bad.status, 400);
    assert.doesNotMatch(bad.text, /no account|DH000777/);
    const { route, status, caller, cache } = await lineOf(site, bad);
    assert.deepEqual([route, status, caller, cache], ["/api/vietqr", 400, "test", null]);
    await expectSums(site, AUDITOR, { "test /api/vietqr served": 3, "test /api/vietqr failed": 1 });
    const { calls } = await site.status();
    assert.deepEqual([calls.asked, calls.sent, site.sandbox.requests().length], [0, 0, 0]);
    assert.doesNotMatch(site.logs.join("\n"), /0071000888888|DH000777|no.account/);
  } finally {
    await site.close();
  }
});
