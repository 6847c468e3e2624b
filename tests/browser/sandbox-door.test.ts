/**
 * The sandbox's door as a browser knocks at it: the headers that decide are the browser's own. The page gets in; a page of
 * another site does not, and neither does one whose name was made to lead to this machine (DNS rebinding).
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { chromiumPath, noChromium } from "./chromium.ts";

const DOOR = "/_sandbox/transactions";

/** How a page asks. */
type How = Pick<RequestInit, "mode" | "referrerPolicy"> & { readonly headers?: Record<string, string> };

/** Leads to 127.0.0.1 in this browser, as an attacker's name server would have it. */
const REBOUND = "shop.evil.example";

describe("the sandbox's door in Chromium", { skip: noChromium }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const added = (): number => site.sandbox.data().transactions.length - 12_000;

  /** Posts a payment from the page that is open; says the status, or why there is none to be read. */
  const post = (url: string, how: How = {}): Promise<number | string> =>
    page.evaluate(
      async ([target, init]) => {
        const body = JSON.stringify({ accountNumber: "0071000888888", amountIn: 1000, content: "DH1" });
        return fetch(target, { method: "POST", body, ...init }).then(({ status }) => status, (error: Error) => error.name);
      },
      [url, { headers: { "Content-Type": "application/json" }, ...how }] as const,
    );

  before(async () => {
    site = await startSite({ sandboxDoor: true });
    const args = ["--headless", "--no-sandbox", "--disable-gpu", `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`];
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args });
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const name of ["127.0.0.1", "localhost"]) {
    test(`the page gets in by the path in its head, as ${name}`, async () => {
      await page.goto(site.url.replace("127.0.0.1", name));
      const path = await page.locator('meta[name="sepay-sandbox"]').getAttribute("content");
      const before = added();
      assert.equal(await post(path ?? ""), 201);
      assert.equal(added(), before + 1);
    });
  }

  test("a page of another site does not get in, however it asks", async () => {
    const other = await startSite();
    try {
      // Its own policy would keep it from asking anybody.
      const bare = await browser.newContext({ bypassCSP: true });
      page = await bare.newPage();
      await page.goto(other.url);
      const before = added();
      const ways: readonly How[] = [
        {},
        { mode: "no-cors" },
        { mode: "no-cors", headers: { "Content-Type": "text/plain" } },
        { mode: "no-cors", headers: {}, referrerPolicy: "no-referrer" },
      ];
      for (const how of ways) assert.equal(await post(`${site.url}${DOOR}`, how), "TypeError");
      assert.equal(added(), before);
    } finally {
      await other.close();
    }
  });

  test("neither does a page under a name that was made to lead here", async () => {
    page = await browser.newPage();
    await page.goto(site.url.replace("127.0.0.1", REBOUND));
    const before = added();
    const json = { "Content-Type": "application/json" };
    const disguised = { ...json, "MF-Original-URL": `${site.url}${DOOR}` };
    const ways: readonly How[] = [
      {},
      { headers: disguised },
      { headers: disguised, mode: "same-origin", referrerPolicy: "no-referrer" },
    ];
    for (const how of ways) assert.equal(await post(DOOR, how), 403);
    assert.equal(added(), before);
  });
});
