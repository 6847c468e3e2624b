/** Bad input is a typed refusal that names the trouble, and nothing of it reaches SePay. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "./problem.ts";
import { exchange, sendRaw } from "./raw.ts";
import { KEY, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const AUTHORIZED = `Authorization: Bearer ${KEY}`;

/** Targets, sent to the byte, and what the caller must be told. */
const BAD: readonly (readonly [string, RegExp])[] = [
  ["/api/transactions?acount=007", /^acount: unknown parameter; did you mean account\?$/],
  ["/api/transactions?account_number=007", /did you mean account\?$/],
  ["/api/transactions?since_id=1", /did you mean sinceId\?$/],
  ["/api/accounts?account=007", /^account: unknown parameter; /],
  ["/api/accounts/count?limit=1", /^limit: unknown parameter; /],
  ["/api/transactions/count?limit=1", /^limit: unknown parameter; /],
  ["/api/accounts/18?limit=1", /^limit: unknown parameter; this route takes none$/],
  ["/api/status?verbose=1", /^verbose: unknown parameter; this route takes none$/],
  ["/userapi/transactions/list?from=2026-01-01", /did you mean transaction_date_min\?$/],
  ["/userapi/transactions/list?token=x", /^token: unknown parameter; /],
  ["/api/transactions?limit=0", /^limit: .* from 1 to 5000$/],
  ["/api/transactions?limit=5001", /^limit: .* from 1 to 5000$/],
  ["/api/transactions?limit=99999999999999999999", /^limit: /],
  ["/api/transactions?limit=-1", /^limit: /],
  ["/api/transactions?limit=%2B1", /^limit: /],
  ["/api/transactions?limit=1e2", /^limit: /],
  ["/api/transactions?limit=1.0", /^limit: /],
  ["/api/transactions?limit=ten", /^limit: /],
  ["/api/transactions?limit=", /^limit: /],
  ["/api/transactions?limit", /^limit: /],
  ["/api/accounts?limit=0", /^limit: /],
  ["/userapi/bankaccounts/list?limit=5001", /^limit: /],
  ["/api/transactions?limit=5&limit=5", /^limit: expected once, found twice$/],
  ["/api/transactions?account=1&%61ccount=2", /^account: expected once, found twice$/],
  ["/api/transactions?from=2026-02-30", /^from: .* exist/],
  ["/api/transactions?to=2026-13-01", /^to: .* exist/],
  ["/api/transactions?to=2026-11-01T25:00:00Z", /^to: .* exist/],
  ["/api/transactions?from=yesterday", /^from: expected a date/],
  ["/api/transactions?from=01-11-2026", /^from: expected a date/],
  ["/api/transactions?from=1762000000", /^from: expected a date/],
  ["/api/transactions?from=", /^from: /],
  ["/api/transactions?from=2026-11-02&to=2026-11-01", /^from: .*lower end/],
  ["/api/accounts?lastTransactionFrom=2026-11-02&lastTransactionTo=2026-11-01", /^lastTransactionFrom: .*lower end/],
  ["/userapi/transactions/list?transaction_date_min=2026-02-30", /^transaction_date_min: /],
  ["/userapi/bankaccounts/list?last_transaction_date_max=x", /^last_transaction_date_max: /],
  ["/api/accounts?balanceMin=2&balanceMax=1", /^balanceMin: .*lower end/],
  ["/api/accounts?balanceMin=ten", /^balanceMin: .*no number/],
  ["/api/accounts?balanceMax=9007199254740992", /^balanceMax: .*more/],
  ["/userapi/bankaccounts/list?accumulated_min=1.5", /^accumulated_min: .*fraction/],
  ["/api/transactions?amountIn=1.5", /^amountIn: .*fraction/],
  ["/api/transactions?amountIn=-1", /^amountIn: .*less/],
  ["/api/transactions?amountOut=0x10", /^amountOut: .*no number/],
  ["/api/transactions?amountOut=NaN", /^amountOut: .*no number/],
  ["/api/transactions?amountIn=1e999", /^amountIn: /],
  ["/api/transactions?sinceId=abc", /^sinceId: expected an id/],
  ["/api/transactions?sinceId=-5", /^sinceId: expected an id/],
  ["/api/transactions?sinceId=123456789012345678901", /^sinceId: expected an id/],
  ["/api/transactions?account=", /^account: /],
  ["/api/transactions?account=%20", /^account: /],
  ["/api/transactions?account=a%00b", /^account: .*control/],
  ["/api/transactions?account=a%0d%0aX-Evil:%201", /^account: .*control/],
  ["/api/transactions?account=%ff%fe", /^account: /],
  ["/api/transactions?reference=%c3%28", /^reference: /],
  [`/api/transactions?reference=${"r".repeat(129)}`, /^reference: /],
  [`/api/accounts?bank=${"b".repeat(10_000)}`, /^query: expected at most 4096 bytes, found 10005$/],
  ["/api/transactions/1x", /^id: expected an id/],
  ["/api/transactions/1%2f2", /^id: expected an id/],
  ["/api/transactions/%2e%2e%2fcount", /^id: expected an id/],
  ["/api/accounts/1%00", /^id: expected an id/],
  ["/api/accounts/%ff", /^id: expected an id/],
  ["/api/accounts/-1", /^id: expected an id/],
  ["/api/accounts/", /^id: expected an id/],
  ["/userapi/transactions/details/1%3Flimit=1", /^id: expected an id/],
  ["/userapi/bankaccounts/details/1;drop", /^id: expected an id/],
];

/** Paths that step up or aside: none may name a record. */
const STRAY = [
  "/api/transactions/1/2",
  "/api/transactions/..",
  "/api/transactions/../../userapi",
  "/api/%2e%2e/userapi/nope",
  "/userapi/transactions/details/..",
  "//api/accounts",
  "/api//accounts",
  "/API/accounts",
  "/api/accounts%2f18",
  "/api%2faccounts",
];

describe("bad input", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await startSite();
  });
  after(() => site?.close());

  for (const [target, detail] of BAD) {
    test(`${target.slice(0, 80)} is told what is wrong`, async () => {
      const reply = await sendRaw(site.url, `GET ${target} HTTP/1.1`, [AUTHORIZED]);
      const problem = assertProblem(reply, "invalid_parameter");
      assert.match(problem.detail, detail);
      assert.ok(problem.detail.length < 300, "an error repeats its input at length");
    });
  }

  for (const target of STRAY) {
    test(`${target} is no route`, async () => {
      const reply = await sendRaw(site.url, `GET ${target} HTTP/1.1`, [AUTHORIZED]);
      assertProblem(reply, "not_found");
    });
  }

  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    test(`${method} is not allowed on any route that is read`, async () => {
      for (const path of ["/api/accounts", "/api/transactions/1", "/userapi/transactions/list", "/api/status", "/healthz"]) {
        const reply = await site.ask(path, { method });
        assertProblem(reply, "method_not_allowed");
        assert.equal(reply.headers.get("allow"), "GET, HEAD");
      }
    });
  }

  for (const [name, headers, body] of [
    ["a length", ["Content-Length: 7"], '{"a":1}'],
    ["chunks", ["Transfer-Encoding: chunked"], '7\r\n{"a":1}\r\n0\r\n\r\n'],
  ] as const) {
    test(`a GET with a body in ${name} is refused`, async () => {
      for (const path of ["/api/transactions", "/userapi/bankaccounts/list", "/api/status"]) {
        const reply = await sendRaw(site.url, `GET ${path} HTTP/1.1`, [AUTHORIZED, ...headers], body);
        assert.match(assertProblem(reply, "invalid_parameter").detail, /^body: /);
      }
    });
  }

  test("a_get_with_an_empty_body_is_a_get", async () => {
    const reply = await sendRaw(site.url, "GET /api/status HTTP/1.1", [AUTHORIZED, "Content-Length: 0"]);
    assert.equal(reply.status, 200);
  });

  for (const [name, bytes] of [
    ["a NUL in the target", `GET /api/accounts?bank=a\0b HTTP/1.1\r\nHost: x\r\n${AUTHORIZED}\r\n\r\n`],
    ["a NUL in a header", `GET /api/accounts HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n`],
    ["bytes that are no UTF-8", `GET /api/accounts?bank=\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
    ["no HTTP", "\x16\x03\x01 hello\r\n\r\n"],
    ["two lengths", `GET /api/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ["a smuggled length", `GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ] as const) {
    test(`${name} is refused by whoever reads it first, and never a server error`, async () => {
      const whole = bytes.replace("\r\nHost: x", "\r\nHost: x\r\nConnection: close");
      const { status } = await exchange(site.url, Buffer.from(whole, "latin1"));
      assert.ok(status < 500, `status ${status}`);
      assert.equal((await site.ask("/healthz")).status, 200);
    });
  }

  after(() => assert.equal(site.sandbox.counters().requests, 0, "bad input reached SePay"));
});
