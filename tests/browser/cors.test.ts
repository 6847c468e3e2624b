/**
 * CORS as a browser judges it: a shop's page on another origin asks the Worker with the client's `./edge`. What its origin is
 * allowed it reads, headers and errors included; another origin reads nothing.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import { build, stop } from "esbuild";
import type { Browser, Page } from "playwright-core";
import type * as Edge from "../../src/js/npm/src/edge.ts";
import { transactionJson } from "../worker/expected.ts";
import { KEY, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { closePages, noChromium, openPage, startChromium } from "./chromium.ts";

const ONE_A_MINUTE = "edge_test_key_of_one_a_minute";
const MINTS = "edge_test_key_that_mints_tickets";

/** What a `fetch` in a page came to; null where the browser would not let it be read. */
interface Read {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** How a page asks. */
interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credentials?: RequestCredentials;
}

/** The script of a shop's page. */
async function shopScript(): Promise<string> {
  const entry = new URL("../../src/js/npm/src/edge.ts", import.meta.url).pathname;
  const made = await build({ entryPoints: [entry], bundle: true, format: "iife", globalName: "shop", write: false, logLevel: "warning" });
  return made.outputFiles[0]?.text ?? "";
}

/** Serves a page on an origin of its own. */
async function startShop(script: string): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    if (request.url === "/shop.js") return response.setHeader("Content-Type", "text/javascript").end(script);
    return response.setHeader("Content-Type", "text/html").end('<!doctype html><title>shop</title><link rel="icon" href="data:,"><script src="/shop.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Asks by `fetch` in a page. */
function read(page: Page, url: string, init: Init): Promise<Read | null> {
  return page.evaluate(
    async ([where, how]) => {
      const response = await fetch(where, how).catch(() => null);
      return response && { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
    },
    [url, init] as const,
  );
}

describe("a page of another origin", { skip: noChromium }, () => {
  let browser: Browser;
  let shops: { server: Server; origin: string }[];
  let site: Site;
  const authorized = { headers: { Authorization: `Bearer ${KEY}` } };

  before(async () => {
    const script = await shopScript();
    [browser, ...shops] = await Promise.all([startChromium(), startShop(script), startShop(script)]);
    const EDGE_ORIGINS = `https://shop.example ${shops[0]?.origin}`;
    site = await startSite({
      bindings: { EDGE_ORIGINS, EDGE_TICKET_SECRET: "a secret of this test that is long enough" },
      keys: [keyEntry(ONE_A_MINUTE, { id: "one", rpm: 1 }), keyEntry(MINTS, { id: "mints", scopes: ["tickets:write", "transactions:read"] })],
    });
  });
  after(async () => {
    await browser?.close();
    for (const { server } of shops ?? []) {
      // A connection on which nothing was asked would keep this process alive.
      server.closeAllConnections();
      server.close();
    }
    await site?.close();
    // Otherwise its process would live as long as ours.
    await stop();
  });
  afterEach(() => closePages(browser));

  /** The page of a shop: the first one's origin is allowed. */
  async function pageOf(which: 0 | 1, path = "/"): Promise<{ page: Page; refused: string[] }> {
    const { page } = await openPage(browser, `${shops[which]?.origin}${path}`, { failuresExpected: true });
    const refused: string[] = [];
    page.on("console", (message) => {
      if (message.text().includes("blocked by CORS policy")) refused.push(message.text());
    });
    return { page, refused };
  }

  test("an allowed one reads data and their age with the client", async () => {
    const { page, refused } = await pageOf(0);
    const got = await page.evaluate(
      async ([baseURL, key]) => {
        const { SePayEdge } = Reflect.get(window, "shop") as typeof Edge;
        const edge = new SePayEdge({ baseURL, key });
        // Twice: past the preflight that is remembered, and with a known answer.
        await edge.transactions.list({ limit: 2 });
        return edge.transactions.list({ limit: 2 });
      },
      [site.url, KEY] as const,
    );
    assert.equal(typeof got.age, "number", "the age is not exposed");
    const newest = site.sandbox.data().transactions.filter((row) => got.data.some(({ id }) => id === String(row.id)));
    assert.deepEqual(got.data, newest.map(transactionJson).toReversed());
    assert.deepEqual(refused, []);
  });

  test("an allowed one reads every header that is meant for it, on both ways", async () => {
    const { page } = await pageOf(0);
    for (const cacheControl of ["no-cache", "max-age=300"]) {
      const init = { headers: { ...authorized.headers, "Cache-Control": cacheControl, Prefer: "wait=9", Priority: "u=3", "If-None-Match": '"x"' } };
      const got = await read(page, `${site.url}/api/accounts/18`, init);
      assert.equal(got?.status, 200);
      for (const name of ["age", "cache-status", "etag", "server-timing", "x-request-id"]) assert.ok(got.headers[name], name);
    }
  });

  test("an allowed one reads errors, and when to come back", async () => {
    const { page } = await pageOf(0);
    const limited = { headers: { Authorization: `Bearer ${ONE_A_MINUTE}` } };
    await read(page, `${site.url}/api/status`, limited);
    const [late, dropIn] = [await read(page, `${site.url}/api/status`, limited), await read(page, `${site.url}/userapi/transactions/count`, limited)];
    assert.deepEqual([late?.status, dropIn?.status], [429, 429]);
    assert.match(late?.headers["retry-after"] ?? "", /^\d+$/);
    assert.match(late?.headers["ratelimit"] ?? "", /^"key";r=0;t=\d+$/);
    assert.ok(late?.headers["ratelimit-policy"]);
    assert.match(dropIn?.headers["x-sepay-userapi-retry-after"] ?? "", /^\d+$/);
    const denied = await read(page, `${site.url}/api/accounts`, { headers: { Authorization: "Bearer edge_unknown" } });
    assert.equal(denied?.status, 401);
    assert.equal((JSON.parse(denied.text) as { code: string }).code, "unauthorized");
    const bad = await read(page, `${site.url}/api/transactions?limit=0`, authorized);
    assert.equal(bad?.status, 400);
    const { code, retryAfterMs } = await page.evaluate(
      async ([baseURL, key]) => {
        const { SePayEdge } = Reflect.get(window, "shop") as typeof Edge;
        const caught = await new SePayEdge({ baseURL, key, maxRetries: 0 }).transactions.count().catch((error: unknown) => error);
        const { code, retryAfterMs } = caught as Edge.SePayError;
        return { code, retryAfterMs };
      },
      [site.url, ONE_A_MINUTE] as const,
    );
    assert.equal(code, "rate_limited");
    assert.ok((retryAfterMs ?? 0) >= 1_000, "Retry-After is not exposed");
  });

  test("an allowed one may send a body of JSON: it gets a ticket and reads with it", async () => {
    const { page, refused } = await pageOf(0);
    const headers = { Authorization: `Bearer ${MINTS}`, "Content-Type": "application/json" };
    const minted = await read(page, `${site.url}/api/tickets`, { method: "POST", headers, body: "{}" });
    assert.equal(minted?.status, 201, minted?.text);
    const { ticket } = JSON.parse(minted.text) as { ticket: string };
    const got = await read(page, `${site.url}/api/transactions?limit=1`, { headers: { Authorization: `Bearer ${ticket}` } });
    assert.equal(got?.status, 200, got?.text);
    assert.deepEqual(refused, []);
  });

  test("a foreign one is refused by the browser, with a key or without, and SePay is not asked", async () => {
    const { page, refused } = await pageOf(1);
    const { requests } = site.sandbox.counters();
    for (const [path, init] of [
      ["/api/transactions?limit=9", authorized],
      ["/api/transactions?limit=9", {}],
      ["/api/accounts", { ...authorized, credentials: "include" }],
      ["/healthz", {}],
      ["/api/accounts", { method: "POST", body: "{}" }],
    ] as const) {
      assert.equal(await read(page, site.url + path, init), null, path);
    }
    assert.equal(refused.length, 5);
    const told = await page.evaluate(
      async ([baseURL, key]) => {
        const { SePayEdge } = Reflect.get(window, "shop") as typeof Edge;
        const caught = await new SePayEdge({ baseURL, key, maxRetries: 0 }).transactions.list().catch((error: unknown) => error);
        return (caught as Edge.SePayError).code;
      },
      [site.url, KEY] as const,
    );
    assert.equal(told, "connection");
    assert.equal(site.sandbox.counters().requests, requests);
  });

  test("a foreign one learns nothing by loading an answer without asking", async () => {
    const { page } = await pageOf(1);
    const opaque = await page.evaluate(async (url) => {
      const fetched = await fetch(url, { mode: "no-cors" }).then(({ type }) => type, () => "refused");
      const script = document.createElement("script");
      script.src = url;
      const loaded = new Promise((resolve) => {
        script.onload = () => resolve("loaded");
        script.onerror = () => resolve("refused");
      });
      document.head.append(script);
      return [fetched, await loaded];
    }, `${site.url}/healthz`);
    assert.deepEqual(opaque, ["refused", "refused"]);
  });

  test("a page without an origin is foreign, wherever it came from", async () => {
    const { page } = await pageOf(0);
    const got = await page.evaluate(async (url) => {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.srcdoc = `<script>fetch(${JSON.stringify(url)}).then((r) => r.text(), () => "refused").then((told) => parent.postMessage(told, "*"))</script>`;
      const told = new Promise((resolve) => window.addEventListener("message", ({ data }) => resolve(data), { once: true }));
      document.body.append(frame);
      return told;
    }, `${site.url}/healthz`);
    assert.equal(got, "refused");
  });

  test("cookies and the browser's own passwords are never asked for", async () => {
    const { page, refused } = await pageOf(0);
    assert.equal(await read(page, `${site.url}/api/accounts`, { ...authorized, credentials: "include" }), null);
    assert.match(refused[0] ?? "", /Access-Control-Allow-Credentials/);
  });
});
