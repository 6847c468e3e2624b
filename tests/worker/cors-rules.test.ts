/** Which texts are origins, and what is said to whom: the rules of worker/entry/cors.ts, on plain values. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { preflight, readOrigins, readableBy } from "../../worker/entry/cors.ts";

const SHOP = "https://shop.example";

/** Texts that may look like origins and are not as a browser writes them, or name no page. */
const NO_ORIGINS = [
  "*",
  "null",
  "undefined",
  "shop.example",
  "//shop.example",
  "https://",
  "https:shop.example",
  "https://shop.example/",
  "https://shop.example/pay",
  "https://shop.example?x",
  "https://shop.example#x",
  "https://shop.example:443",
  "http://shop.example:80",
  "https://shop.example:0443",
  "https://shop.example:99999",
  "https://Shop.example",
  "HTTPS://shop.example",
  "https://SHOP.EXAMPLE",
  "https://key@shop.example",
  "https://key:word@shop.example",
  "https://*.shop.example",
  "https://shop.*",
  "https://cửahàng.example",
  "https://0x7f.1",
  "https://127.1",
  "https://[::0001]",
  "https://sh%6fp.example",
  "\"https://shop.example\"",
  "https://shop.example;https://b.example",
  "file:///shop.html",
  "ftp://shop.example",
  "wss://shop.example",
  "blob:https://shop.example/1",
  "javascript:alert(1)",
  "chrome-extension://abcdefghijklmnop",
];

const ORIGINS = [
  SHOP,
  "http://shop.example",
  "https://shop.example:8443",
  "http://localhost:5173",
  "http://127.0.0.1:8080",
  "http://[::1]:3000",
  "https://xn--cahng-1ta2518c.example",
  "https://a.b.c.shop.example",
  "https://shop_1.example",
];

describe("EDGE_ORIGINS", () => {
  for (const text of NO_ORIGINS) {
    test(`${text} is refused and its neighbours are not`, () => {
      const { allowed, refused } = readOrigins(`${SHOP} ${text} http://b.example`);
      assert.deepEqual([[...allowed], refused], [[SHOP, "http://b.example"], [2]]);
    });
  }

  for (const text of ORIGINS) {
    test(`${text} is an origin`, () => {
      assert.deepEqual(readOrigins(text), { allowed: new Set([text]), refused: [] });
    });
  }

  test("origins stand between commas and white space of any kind", () => {
    const { allowed, refused } = readOrigins(`\n ${SHOP},,http://b.example\t\r\n, http://c.example ,`);
    assert.deepEqual([[...allowed], refused], [[SHOP, "http://b.example", "http://c.example"], []]);
  });

  for (const nothing of ["", " ", ",", "\n,\t"]) {
    test(`${JSON.stringify(nothing)} allows nobody and is no error`, () => {
      assert.deepEqual(readOrigins(nothing), { allowed: new Set(), refused: [] });
    });
  }

  test("each bad entry is named by its place", () => {
    assert.deepEqual(readOrigins(`*,${SHOP},null https://a/b`).refused, [1, 3, 4]);
  });
});

describe("what is said to a page", () => {
  const origins = readOrigins(SHOP);

  test("only the very text is allowed", () => {
    assert.equal(readableBy(SHOP, origins)["access-control-allow-origin"], SHOP);
    for (const other of ["", "null", "*", `${SHOP}/`, `${SHOP} `, `${SHOP}, ${SHOP}`, SHOP.toUpperCase(), "toString", "__proto__"]) {
      assert.deepEqual(readableBy(other, origins), {}, other);
    }
  });

  test("no page may send what a browser knows by itself", () => {
    assert.equal("access-control-allow-credentials" in readableBy(SHOP, origins), false);
  });

  test("a preflight is one only on the API's paths", () => {
    const at = (target: string, wantedMethod: string | null = "GET") =>
      preflight({ url: `https://edge.example:8787${target}`, origin: SHOP, wantedMethod }, origins);
    for (const target of ["/api/", "/api/x", "/userapi/transactions/list?limit=1", "/metrics", "/healthz", "/healthz?a=/"]) {
      assert.equal(at(target)?.isAllowed, true, target);
      assert.equal(at(target, null), undefined, target);
      // A browser that asks with an empty method asks.
      assert.equal(at(target, "")?.isAllowed, true, target);
    }
    const others = ["/", "", "/api", "/api?x=/api/", "/apis/x", "/x/api/", "//api/x", "/?/api/", "/metrics/", "/metricsx", "/healthz2", "/docs", "/API/x"];
    for (const target of others) assert.equal(at(target), undefined, target);
  });

  test("a Host that is none is no reason to fail", () => {
    for (const host of ["%", "[", "a b", ":x", "", "user:key@h"]) {
      const asked = { url: `http://${host}/api/accounts`, origin: SHOP, wantedMethod: "GET" };
      assert.equal(preflight(asked, origins)?.isAllowed, true, host);
    }
  });
});
