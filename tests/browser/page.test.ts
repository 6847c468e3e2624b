/**
 * The page in a browser, on any site: whatever its data, they must be on the screen as the API gives them.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { closePages, noChromium, openPage, signIn, startChromium } from "./chromium.ts";
import { startSite } from "./site.ts";
import type { Site } from "./site.ts";

/* The non-breaking space is written out: a plain one would pass unseen. */
const VND = /^\d{1,3}(\.\d{3})*\u00a0₫$/;
const SIGNED_VND = /^[+\u2212]\d{1,3}(\.\d{3})*\u00a0₫$/;
const TIME = /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/;

interface Row {
  accountNumber: string;
  occurredAt: string;
  content: string;
  balance: number;
}

describe("page", { skip: noChromium }, () => {
  let browser: Browser;
  let site: Site;

  before(async () => {
    [browser, site] = await Promise.all([startChromium(), startSite()]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  afterEach(() => closePages(browser));

  test("good_key_shows_every_account_and_the_newest_rows", async () => {
    const { page, complaints } = await openPage(browser, site.url);
    await signIn(page, site.key);
    await page.locator("#transaction-rows tr").first().waitFor();
    const accounts = await asked(site, "/api/accounts");
    const rows = await asked(site, "/api/transactions?limit=50");
    assert.deepEqual(
      await page.locator(".card .number").allTextContents(),
      accounts.map((account) => account.accountNumber),
    );
    assert.deepEqual(
      await page.locator("td.content .value").allTextContents(),
      rows.map((row) => row.content),
    );
    assert.deepEqual(complaints, []);
  });

  test("money_and_times_are_written_the_vietnamese_way", async () => {
    const { page } = await openPage(browser, site.url);
    await signIn(page, site.key);
    await page.locator("#transaction-rows tr").first().waitFor();
    for (const text of await page.locator(".card .money").allTextContents()) assert.match(text, VND);
    for (const text of await page.locator(".is-in .money, .is-out .money").allTextContents()) {
      assert.match(text, SIGNED_VND);
    }
    for (const text of await page.locator("td.when time").allTextContents()) assert.match(text, TIME);
  });

  test("bad_key_is_refused_and_asked_for_again", async () => {
    const { page, complaints } = await openPage(browser, site.url, { failuresExpected: true });
    await signIn(page, "not-a-key");
    const alert = page.getByRole("alert");
    await alert.getByText("Khóa không đúng").waitFor();
    assert.match((await alert.textContent()) ?? "", /Mã lỗi unauthorized · Mã yêu cầu \S+/);
    assert.ok(await page.getByLabel("Khóa truy cập").isVisible());
    assert.equal(await page.getByLabel("Khóa truy cập").inputValue(), "");
    assert.equal(await page.locator("#board").isVisible(), false);
    assert.deepEqual(await stored(page), []);
    assert.deepEqual(complaints, []);
  });

  test("filter_shows_one_account_only", async () => {
    const { page, complaints } = await openPage(browser, site.url);
    await signIn(page, site.key);
    const [first] = await asked(site, "/api/transactions?limit=1");
    assert.ok(first, "the site has a transaction");
    const option = page.locator(`#account-filter option[value="${first.accountNumber}"]`);
    await option.waitFor({ state: "attached" });
    await page.locator("#account-filter").selectOption(first.accountNumber);
    await page.locator("#transaction-rows tr").first().waitFor();
    const numbers = await page.locator("td.account .number").allTextContents();
    assert.deepEqual([...new Set(numbers)], [first.accountNumber]);
    assert.deepEqual(complaints, []);
  });

  test("key_limited_to_accounts_sees_those_only", async (t) => {
    if (site.limitedKey === undefined) return t.skip("the site has no limited key");
    const { page } = await openPage(browser, site.url);
    await signIn(page, site.limitedKey);
    // Two questions: either answer may come first.
    await page.locator("#transaction-rows tr").first().waitFor();
    await page.locator(".card").first().waitFor();
    const cards = await page.locator(".card .number").allTextContents();
    assert.ok(cards.length < (await asked(site, "/api/accounts")).length);
    for (const number of await page.locator("td.account .number").allTextContents()) {
      assert.ok(cards.includes(number));
    }
  });

  test("reload_keeps_the_key_and_sign_out_forgets_it", async () => {
    const { page, complaints } = await openPage(browser, site.url);
    await signIn(page, site.key);
    await page.locator(".card").first().waitFor();
    await page.reload();
    await page.locator(".card").first().waitFor();
    assert.deepEqual(await stored(page), [["sepay-edge.key", site.key]]);
    await page.getByRole("button", { name: "Đăng xuất" }).click();
    assert.deepEqual(await stored(page), []);
    assert.equal(await page.locator(".card, #transaction-rows tr").count(), 0);
    await page.reload();
    await page.getByLabel("Khóa truy cập").waitFor();
    assert.equal(await page.locator("#board").isVisible(), false);
    assert.deepEqual(complaints, []);
  });

  test("key_is_in_no_address_and_no_cookie", async () => {
    const { page } = await openPage(browser, site.url);
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    await signIn(page, site.key);
    await page.locator("#transaction-rows tr").first().waitFor();
    addresses.push(page.url());
    assert.deepEqual(addresses.filter((address) => address.includes(site.key)), []);
    assert.deepEqual(await page.context().cookies(), []);
  });

  test("page_is_served_with_strict_headers", async () => {
    const { headers } = await fetch(site.url);
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("strict-transport-security"), "max-age=31536000");
  });

  for (const width of [320, 390, 768, 1024, 1440]) {
    test(`body_does_not_scroll_sideways_at_${width}_px`, async () => {
      const { page } = await openPage(browser, site.url, { viewport: { width, height: 800 } });
      assert.equal(await overflow(page), 0);
      await signIn(page, site.key);
      await page.locator("#transaction-rows tr").first().waitFor();
      assert.equal(await overflow(page), 0);
    });
  }
});

async function asked(site: Site, path: string): Promise<Row[]> {
  const response = await fetch(site.url + path, { headers: { Authorization: `Bearer ${site.key}` } });
  return ((await response.json()) as { data: Row[] }).data;
}

async function stored(page: Page): Promise<[string, string][]> {
  return page.evaluate(() => [...Object.entries(sessionStorage), ...Object.entries(localStorage)]);
}

async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
