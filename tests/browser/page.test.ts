/**
 * The page in a browser, on any site: whatever its data, they must be on the screen as the API gives them.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { covered, money, signedAmount } from "../../www/src/format.ts";
import type { Account, Transaction } from "../../www/src/model.ts";
import { closePages, noChromium, openPage, signIn, startChromium } from "./chromium.ts";
import { askedDuring, land, landed, newest } from "./landing.ts";
import { startSite } from "./site.ts";
import type { Site } from "./site.ts";

/* The non-breaking space is written out: a plain one would pass unseen. */
const VND = /^\d{1,3}(\.\d{3})*\u00a0₫$/;
const TIME = /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/;

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
    const { page, complaints } = await land(browser, site, { failuresExpected: false });
    const accounts = await asked<Account>(site, "/api/accounts");
    assert.deepEqual(
      await page.locator(".card .number").allTextContents(),
      activeFirst(accounts).map(({ accountNumber }) => covered(accountNumber ?? "")),
    );
    const [first] = await asked<Transaction>(site, "/api/transactions?limit=10");
    assert.ok(first, "the site has a transaction");
    await newest(page).getByText(first.content ?? "").first().waitFor();
    await newest(page).getByText(signedAmount(first)).first().waitFor();
    assert.deepEqual(complaints, []);
  });

  test("total_is_the_sum_of_the_balances", async () => {
    const { page } = await land(browser, site);
    const accounts = await asked<Account>(site, "/api/accounts");
    const sum = accounts.reduce((total, { balance }) => total + (balance ?? 0), 0);
    assert.equal(await page.locator("#total").textContent(), money(sum));
  });

  test("number_is_covered_until_asked_for_and_is_copied_whole", async () => {
    const { page, complaints } = await land(browser, site, { permissions: ["clipboard-read", "clipboard-write"] });
    const [account] = activeFirst(await asked<Account>(site, "/api/accounts"));
    const number = account?.accountNumber ?? "";
    const card = page.locator(".card").first();
    assert.equal((await page.content()).includes(`>${number}<`), false);
    await card.getByRole("button", { name: "Hiện số tài khoản" }).click();
    assert.equal(await card.locator(".number").textContent(), number);
    await card.getByRole("button", { name: "Che số tài khoản" }).click();
    assert.equal(await card.locator(".number").textContent(), covered(number));
    await card.getByRole("button", { name: "Chép số tài khoản" }).click();
    await card.getByRole("status").getByText("Đã chép").waitFor();
    // The page may not read the clipboard, so a person pastes.
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("ControlOrMeta+V");
    assert.equal(await page.getByRole("searchbox").inputValue(), number);
    assert.deepEqual(await page.locator(".card .number").allTextContents(), [covered(number)]);
    assert.deepEqual(complaints, []);
  });

  test("money_and_times_are_written_the_vietnamese_way", async () => {
    const { page } = await land(browser, site);
    for (const text of await page.locator(".card .money").allTextContents()) assert.match(text, VND);
    for (const text of await page.locator(".card time").allTextContents()) assert.match(text, TIME);
  });

  test("bad_key_is_refused_once_and_asked_for_again", async () => {
    const { page, complaints } = await openPage(browser, site.url, { failuresExpected: true });
    const asked = await askedDuring(page, async () => {
      await signIn(page, "not-a-key");
      const alert = page.getByRole("alert");
      await alert.getByText("Khóa không đúng").waitFor();
      assert.match((await alert.textContent()) ?? "", /Mã lỗi unauthorized · Mã yêu cầu \S+/);
    });
    assert.deepEqual(asked, ["/api/tickets/self"]);
    assert.equal(await page.getByLabel("Khóa truy cập").inputValue(), "");
    assert.equal(await page.getByRole("navigation").count(), 0);
    assert.deepEqual(await stored(page), []);
    assert.deepEqual(complaints, []);
  });

  test("filters_stand_in_the_address_and_come_back_from_it", async () => {
    const { page, complaints } = await land(browser, site);
    const accounts = await asked<Account>(site, "/api/accounts");
    const bank = accounts[0]?.bank ?? "";
    const fitting = activeFirst(accounts.filter((account) => account.bank === bank));
    await page.getByText("Lọc tài khoản").click();
    await page.getByLabel("Ngân hàng").selectOption(bank);
    assert.equal(new URL(page.url()).hash, `#/accounts?bank=${bank}`);
    const numbers = fitting.map(({ accountNumber }) => covered(accountNumber ?? ""));
    assert.ok(numbers.length < accounts.length);
    assert.deepEqual(await page.locator(".card .number").allTextContents(), numbers);
    await page.reload();
    await landed(page);
    assert.deepEqual(await page.locator(".card .number").allTextContents(), numbers);
    assert.equal(await page.getByLabel("Ngân hàng").inputValue(), bank);
    await page.getByRole("button", { name: "Bỏ lọc" }).click();
    assert.equal(await page.locator(".card").count(), accounts.length);
    assert.equal(new URL(page.url()).hash, "#/accounts");
    assert.deepEqual(complaints, []);
  });

  test("key_limited_to_accounts_sees_those_only", async (t) => {
    if (site.limitedKey === undefined) return t.skip("the site has no limited key");
    const { page } = await land(browser, site, { key: site.limitedKey });
    const cards = await page.locator(".card .number").allTextContents();
    const theirs = await asked<Account>(site, "/api/accounts", site.limitedKey);
    assert.deepEqual(cards, theirs.map(({ accountNumber }) => covered(accountNumber ?? "")));
    assert.ok(cards.length < (await asked(site, "/api/accounts")).length);
  });

  test("reload_keeps_the_key_and_sign_out_forgets_it", async () => {
    const { page, complaints } = await land(browser, site, { failuresExpected: false });
    await page.reload();
    await landed(page);
    assert.deepEqual((await stored(page)).filter(([name]) => name !== "sepay-edge.session"), [["sepay-edge.key", site.key]]);
    await page.getByRole("button", { name: "Đăng xuất" }).click();
    await page.getByLabel("Khóa truy cập").waitFor();
    assert.deepEqual(await stored(page), []);
    assert.equal(await page.locator(".card, .money, nav").count(), 0);
    await page.reload();
    await page.getByLabel("Khóa truy cập").waitFor();
    assert.equal(await page.locator(".card, .money, nav").count(), 0);
    assert.deepEqual(complaints, []);
  });

  test("copies_of_a_tab_end_with_it_and_other_tabs_do_not", async () => {
    const { page } = await land(browser, site);
    const stranger = await page.context().newPage();
    await stranger.goto(site.url);
    await signIn(stranger, site.key);
    await landed(stranger);
    const [copy] = await Promise.all([page.waitForEvent("popup"), page.evaluate(() => void window.open(location.href))]);
    await landed(copy);
    await page.getByRole("button", { name: "Đăng xuất" }).click();
    await copy.getByLabel("Khóa truy cập").waitFor();
    assert.deepEqual(await stored(copy), []);
    assert.equal(await copy.locator(".card, .money, nav").count(), 0);
    assert.notEqual(await stranger.locator(".card").count(), 0);
  });

  test("another_tab_does_not_have_the_key", async () => {
    const { page } = await land(browser, site);
    const other = await page.context().newPage();
    await other.goto(site.url);
    await other.getByLabel("Khóa truy cập").waitFor();
  });

  test("key_is_in_no_address_no_cookie_and_no_lasting_storage", async () => {
    const { page } = await openPage(browser, site.url);
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    await signIn(page, site.key);
    await landed(page);
    addresses.push(page.url());
    assert.deepEqual(addresses.filter((address) => address.includes(site.key)), []);
    assert.deepEqual(await page.context().cookies(), []);
    assert.deepEqual(await page.evaluate(() => Object.entries(localStorage)), []);
    assert.equal((await page.content()).includes(site.key), false);
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
    assert.equal(
      headers.get("permissions-policy"),
      "accelerometer=(), browsing-topics=(), camera=(self), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), " +
        "hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    );
  });

  test("parts_whose_names_say_what_is_in_them_are_kept_for_ever_and_others_are_not", async () => {
    const html = await (await fetch(site.url)).text();
    const [part = ""] = /\/parts\/[^"]+\.js/.exec(html) ?? [];
    const { headers, status } = await fetch(site.url + part);
    assert.deepEqual([status, headers.get("cache-control")], [200, "public, max-age=31536000, immutable"]);
    assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none'/);
    const script = await fetch(`${site.url}/app.js`);
    assert.doesNotMatch(script.headers.get("cache-control") ?? "", /immutable/);
  });

  test("body_does_not_scroll_sideways_at_any_width", async () => {
    const { page } = await openPage(browser, site.url);
    assert.deepEqual(await overflows(page), []);
    await signIn(page, site.key);
    await landed(page);
    assert.deepEqual(await overflows(page), []);
    await page.getByText("Lọc tài khoản").click();
    assert.deepEqual(await overflows(page), []);
  });
});

/* The page's order: those that are no longer active come last. */
function activeFirst(accounts: Account[]): Account[] {
  return [...accounts.filter(({ active }) => active), ...accounts.filter(({ active }) => !active)];
}

async function asked<T>(site: Site, path: string, key = site.key): Promise<T[]> {
  const response = await fetch(site.url + path, { headers: { Authorization: `Bearer ${key}` } });
  return ((await response.json()) as { data: T[] }).data;
}

async function stored(page: Page): Promise<[string, string][]> {
  return page.evaluate(() => [...Object.entries(sessionStorage), ...Object.entries(localStorage)]);
}

/* The widths at which the page scrolls sideways, and by how much. */
async function overflows(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (let width = 320; width <= 1440; width += 32) {
    await page.setViewportSize({ width, height: 800 });
    const px = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (px !== 0) found.push(`${px} px at ${width}`);
  }
  return found;
}
