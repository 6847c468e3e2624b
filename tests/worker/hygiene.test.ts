/** What leaves the house: to SePay goes a GET made from typed parts, and nothing that a caller sent. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { sendRaw } from "./raw.ts";
import { KEY, startSite } from "./site.ts";
import type { Site } from "./site.ts";

/** Headers of a caller, each of which would do harm or give something away at SePay. */
const CALLERS_HEADERS = [
  "X-Forwarded-For: 203.0.113.7",
  "X-Forwarded-Host: evil.example",
  "X-Real-IP: 203.0.113.7",
  "CF-Connecting-IP: 203.0.113.7",
  "True-Client-IP: 203.0.113.7",
  "Forwarded: for=203.0.113.7",
  "Cookie: session=canary",
  "X-Evil: canary",
  "X-Gate-Note: canary",
  "X-Request-Id: canary",
  "Accept: text/canary",
  "Accept-Language: vi",
  "User-Agent: canary/1.0",
  "Range: bytes=0-1",
  "If-None-Match: *",
  "If-Modified-Since: Thu, 19 Nov 2026 00:00:00 GMT",
  "Referer: https://evil.example/canary",
  "Origin: https://evil.example",
  "Prefer: wait=20",
  "Cache-Control: no-cache",
  "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "X-HTTP-Method-Override: DELETE",
];

/** What we send; what the platform may add is `PLATFORMS`. */
const OURS = ["accept", "authorization", "host", "user-agent"];
const PLATFORMS = ["cf-worker", "connection", "accept-encoding"];

const PATHS = [
  "/api/accounts",
  "/api/accounts/18",
  "/api/accounts/count",
  "/api/transactions?limit=1",
  "/api/transactions/723898",
  "/api/transactions/count",
  "/userapi/bankaccounts/list",
  "/userapi/bankaccounts/details/25",
  "/userapi/bankaccounts/count?short_name=ACB",
  "/userapi/transactions/list?limit=2",
  "/userapi/transactions/details/1",
  "/userapi/transactions/count?amount_in=0",
];

describe("upstream requests", () => {
  let site: Site;

  before(async () => {
    site = await startSite();
  });
  after(() => site?.close());

  for (const method of ["GET", "HEAD"]) {
    test(`a ${method} with every header reaches SePay as our GET and nothing else`, async () => {
      for (const path of PATHS) {
        const before = site.sandbox.counters().requests;
        const headers = [`Authorization: Bearer ${KEY}`, ...CALLERS_HEADERS];
        const reply = await sendRaw(site.url, `${method} ${path} HTTP/1.1`, headers);
        assert.ok(reply.status === 200 || reply.status === 404, `${path}: ${reply.status} ${reply.text}`);
        assert.equal(site.sandbox.counters().requests, before + 1);
        const request = site.sandbox.requests().at(-1);
        assert.ok(request);
        assert.equal(request.method, "GET");
        assert.match(request.target, /^\/userapi\/(bankaccounts|transactions)\/(list|count|details\/\d+)(\?[\w=&%.-]*)?$/);
        assertOwnHeaders(site, request.headers);
      }
    });
  }

  test("nothing_the_caller_sent_arrives_in_any_form", () => {
    const seen = JSON.stringify(site.sandbox.requests());
    for (const word of ["canary", "203.0.113.7", "evil.example", KEY, "0af7651916cd"]) {
      assert.ok(!seen.includes(word), `SePay saw ${word}`);
    }
  });

  test("sepays_headers_do_not_come_back", async () => {
    const headers = { "Set-Cookie": "sepay=1", "X-Powered-By": "PHP", ETag: '"upstream"', "X-Sepay-Internal": "1" };
    const body = '{"status":200,"error":null,"messages":{"success":true},"count_transactions":1}';
    site.sandbox.addFault({ kind: "status", status: 200, body, headers });
    for (const path of ["/api/transactions/count", "/userapi/transactions/count"]) {
      const reply = await site.ask(path);
      assert.equal(reply.status, 200);
      for (const [name, value] of Object.entries(headers)) assert.notEqual(reply.headers.get(name), value, name);
      for (const name of ["set-cookie", "x-powered-by", "x-gate-note"]) assert.equal(reply.headers.get(name), null, name);
    }
    site.sandbox.clearFaults();
  });

  test("a_base_url_with_a_path_keeps_it", async () => {
    const other = await startSite({ bindings: { SEPAY_BASE_URL: `${site.sandbox.url}/proxy/` } });
    try {
      await other.ask("/api/accounts/18");
      assert.equal(site.sandbox.requests().at(-1)?.target, "/proxy/userapi/bankaccounts/details/18");
    } finally {
      await other.close();
    }
  });
});

function assertOwnHeaders(site: Site, headers: readonly (readonly [string, string])[]): void {
  const names = headers.map(([name]) => name.toLowerCase());
  assert.deepEqual(names.filter((name) => !PLATFORMS.includes(name)).toSorted(), OURS);
  const values = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  assert.equal(values.get("accept"), "application/json");
  assert.equal(values.get("authorization"), `Bearer ${site.sandbox.token}`);
  assert.equal(values.get("host"), new URL(site.sandbox.url).host);
  assert.match(values.get("user-agent") ?? "", /^sepay-edge\/\d+\.\d+\.\d+$/);
}
