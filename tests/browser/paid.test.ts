/**
 * "Is it paid?" on the real Worker and the sandbox: payments are made in the sandbox, and the page has to find out.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { NewTransaction } from "../sandbox/store.ts";
import { BOTH_SCOPES, KEY, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { inEveryLook, violations } from "./axe.ts";
import { closePages, noChromium, openPage, signIn, startChromium } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";
import { keysOf } from "./keys.ts";

const ACCOUNT = "0071000888888";
const OTHER_ACCOUNT = "102871015203";
const BLIND_KEY = "edge_test_key_that_sees_no_amounts";
const ACCOUNTS_KEY = "edge_test_key_that_sees_accounts_only";

describe("is it paid", { skip: noChromium }, () => {
  let browser: Browser;
  let site: Site;

  before(async () => {
    const blind = keyEntry(BLIND_KEY, { id: "blind", scopes: BOTH_SCOPES, hide: ["amountIn"] });
    const accountsOnly = keyEntry(ACCOUNTS_KEY, { id: "accounts", scopes: ["accounts:read"] });
    [browser, site] = await Promise.all([startChromium(), startSite({ keys: [blind, accountsOnly] })]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(() => closePages(browser));

  test("an_order_goes_from_nothing_to_too_much_by_itself", async () => {
    const { page, complaints } = await watched("code=DH7001&amount=150000");
    const searches = countOf(page, /transactions\?limit=500\b/);
    await said(page, "Chưa trả", "Chưa thấy tiền vào nào mang mã này.");
    await titled(page, "○ Chưa trả: DH7001");
    pay({ amountIn: 60_000, code: "DH7001", content: "NGUYEN VAN C ck DH7001" });
    await said(page, "Trả một phần", "Còn thiếu 90.000\u00a0₫");
    await titled(page, "◐ Trả một phần: DH7001");
    pay({ amountIn: 90_000, content: "MBVCB.3278907687.DH7001.CT tu 0451000123456 TRAN THI HOA" });
    await said(page, "Đã trả đủ", "150.000\u00a0₫");
    await titled(page, "✓ Đã trả đủ: DH7001");
    pay({ amountIn: 1, code: "DH7001", content: "dh7001 them" });
    await said(page, "Trả thừa", "Thừa 1\u00a0₫");
    await titled(page, "+ Trả thừa: DH7001");
    assert.deepEqual(await page.locator("#counted .payment-amount").allTextContents(), [
      "+1\u00a0₫",
      "+90.000\u00a0₫",
      "+60.000\u00a0₫",
    ]);
    assert.deepEqual(await page.locator("#counted .payment-text").allTextContents(), [
      "dh7001 them",
      "MBVCB.3278907687.DH7001.CT tu 0451000123456 TRAN THI HOA",
      "NGUYEN VAN C ck DH7001",
    ]);
    assert.equal(searches(), 0, "the past is asked for once, at the start");
    assert.deepEqual(complaints, []);
  });

  test("a_code_inside_a_longer_one_and_money_out_do_not_count", async () => {
    const { page, complaints } = await watched("code=DH71&amount=5000");
    await said(page, "Chưa trả");
    pay({ amountIn: 5_000, code: "DH710", content: "DH710" });
    pay({ amountIn: 5_000, content: "DH7100 thanh toan" });
    pay({ amountIn: 3_000, code: "DH71", content: "DH71" });
    await said(page, "Trả một phần", "Còn thiếu 2.000\u00a0₫");
    assert.deepEqual(await page.locator(".payment-text").allTextContents(), ["DH71"]);
    pay({ amountOut: 3_000, code: "DH71", content: "hoan tien DH71" });
    await said(page, "Cần xem lại", "3.000\u00a0₫ đã đi ra với mã này");
    await page.locator("#doubtful").getByText("Tiền ra mang mã này").waitFor();
    await page.getByRole("button", { name: "Không phải của đơn này" }).click();
    await said(page, "Trả một phần", "Còn thiếu 2.000\u00a0₫");
    assert.deepEqual(complaints, []);
  });

  test("what_is_doubtful_is_for_a_person_to_decide", async () => {
    pay({ amountIn: 80_000, content: "DH7201Thanh toan don hang" });
    pay({ amountIn: 20_000, code: "HD77", content: "HD77 va DH7201" });
    const { page, complaints } = await watched("code=DH7201&amount=100000");
    await said(page, "Chưa trả", "2 khoản khác cần bạn quyết định");
    assert.deepEqual(await page.locator("#doubtful .payment-why").allTextContents(), [
      "SePay nhận ra mã khác: HD77",
      "Mã dính liền hoặc bị tách trong nội dung",
    ]);
    for (const _ of [1, 2]) await page.getByRole("button", { name: "Tính vào" }).first().click();
    await said(page, "Đã trả đủ", "100.000\u00a0₫");
    await page.getByRole("button", { name: "Không tính nữa" }).first().click();
    await said(page, "Trả một phần", "Còn thiếu 20.000\u00a0₫");
    assert.deepEqual(complaints, []);
  });

  test("a_hand_scanner_does_one_order_after_the_other", async () => {
    pay({ amountIn: 42_000, code: "DH7301", content: "DH7301" });
    const { page, complaints } = await watched("");
    await page.getByText("Chưa theo dõi đơn nào").waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "order-code");
    const keys = await keysOf(page);
    await keys.scan("DH7301");
    await said(page, "Có tiền vào", "42.000\u00a0₫", "Không có số tiền để so");
    // The code is selected, so that the next one overwrites it.
    await keys.scan("DH7302");
    await said(page, "Chưa trả");
    assert.equal(hashOf(page), "#/paid?code=DH7302");
    assert.deepEqual(complaints, []);
  });

  test("a_hand_scanner_is_understood_wherever_the_focus_is", async () => {
    pay({ amountIn: 1_000, content: "DH7305Thanh toan" });
    const { page, complaints } = await watched("");
    const [code, amount] = [page.getByLabel("Mã đơn hàng"), page.getByLabel("Số tiền")];
    const keys = await keysOf(page);
    const scan = async (text: string, hash: string) => {
      await keys.scan(text);
      await page.waitForFunction((wanted) => location.hash === wanted, hash);
    };
    await code.fill("DH7303");
    await amount.fill("150000");
    await amount.press("Enter");
    await scan("DH7304", "#/paid?code=DH7304");
    await amount.click();
    await scan("DH7305", "#/paid?code=DH7305");
    await page.getByRole("button", { name: "Theo dõi" }).click();
    await scan("DH7306", "#/paid?code=DH7306");
    await scan("DH7305", "#/paid?code=DH7305");
    await page.getByRole("button", { name: "Tính vào" }).click();
    await scan("DH7307", "#/paid?code=DH7307");
    await page.getByRole("heading", { level: 1 }).click();
    await scan("DH7308", "#/paid?code=DH7308");
    await page.getByLabel("Tài khoản nhận").selectOption({ index: 1 });
    await scan(await payload("DH7309", "1000"), `#/paid?code=DH7309&amount=1000&account=${await page.getByLabel("Tài khoản nhận").inputValue()}`);
    assert.equal(await code.inputValue(), "DH7309");
    await scan("DH7310", `#/paid?code=DH7310&account=${await page.getByLabel("Tài khoản nhận").inputValue()}`);
    assert.deepEqual(complaints, []);
  });

  test("a_scanned_amount_does_not_replace_one_that_was_typed_and_a_strangers_code_is_refused", async () => {
    const { page, complaints } = await watched("");
    const [code, amount] = [page.getByLabel("Mã đơn hàng"), page.getByLabel("Số tiền")];
    await amount.fill("150000");
    await code.fill(await payload("DH7511", "1000"));
    await code.press("Enter");
    await page.getByRole("status").getByText("Mã VietQR ghi 1.000\u00a0₫. Số tiền đã nhập được giữ lại.").waitFor();
    assert.equal(hashOf(page), "#/paid?code=DH7511&amount=150000");
    assert.equal(await amount.inputValue(), "150.000");
    await code.fill(await payload("DH7511", "150000"));
    await code.press("Enter");
    await page.getByText("Số tiền đã nhập được giữ lại.").waitFor({ state: "detached" });
    await code.fill(await payload("DH7512", "1000", "19036000111222"));
    await code.press("Enter");
    await page.getByRole("alert").getByText("Mã VietQR này trả cho tài khoản khác").waitFor();
    assert.equal(hashOf(page), "#/paid?code=DH7511&amount=150000");
    assert.deepEqual(complaints, []);
  });

  test("all_of_it_works_with_the_keyboard_alone", async () => {
    const { page, complaints } = await watched("");
    const code = page.getByLabel("Mã đơn hàng");
    await page.waitForFunction(() => document.activeElement?.id === "order-code");
    await page.keyboard.type("DH7401");
    for (const name of ["Quét mã", "Số tiền (₫)"]) {
      await page.keyboard.press("Tab");
      assert.equal(await focused(page), name);
    }
    await page.keyboard.type("1500000");
    assert.equal(await page.getByLabel("Số tiền").inputValue(), "1.500.000");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Tài khoản nhận");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Theo dõi");
    await page.keyboard.press("Enter");
    await said(page, "Chưa trả");
    assert.equal(hashOf(page), "#/paid?code=DH7401&amount=1500000");
    assert.equal(await focused(page), "Mã đơn hàng", "ready for the next one");
    for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Đơn mới");
    await page.keyboard.press("Enter");
    await page.getByText("Chưa theo dõi đơn nào").waitFor();
    assert.deepEqual([await code.inputValue(), await page.getByLabel("Số tiền").inputValue()], ["", ""]);
    assert.equal(await focused(page), "Mã đơn hàng");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Mã cần có chữ cái hoặc chữ số").waitFor();
    assert.deepEqual(complaints, []);
  });

  test("an_amount_belongs_to_the_order_that_it_was_typed_for", async () => {
    const { page } = await watched("code=DH7501&amount=150000");
    const [code, amount] = [page.getByLabel("Mã đơn hàng"), page.getByLabel("Số tiền")];
    await said(page, "Chưa trả");
    await code.fill("DH7502");
    assert.equal(await amount.inputValue(), "");
    await amount.fill("7000");
    await code.fill("DH7503");
    await code.press("Enter");
    await said(page, "Chưa trả");
    assert.equal(hashOf(page), "#/paid?code=DH7503&amount=7000");
    await page.goBack();
    await page.getByRole("heading", { name: "DH7501" }).waitFor();
    // The form follows the address one frame later.
    await page.waitForFunction(() => (document.getElementById("order-code") as HTMLInputElement).value === "DH7501");
    assert.deepEqual([await code.inputValue(), await amount.inputValue()], ["DH7501", "150.000"]);
  });

  test("an_amount_is_grouped_while_it_is_typed_and_the_caret_stays", async () => {
    const { page } = await watched("");
    const amount = page.getByLabel("Số tiền");
    await amount.pressSequentially("1234567");
    for (const _ of [1, 2, 3, 4]) await amount.press("ArrowLeft");
    await amount.press("Backspace");
    await amount.pressSequentially("9");
    assert.equal(await amount.inputValue(), "1.239.567");
  });

  test("an_order_paid_long_ago_is_found_further_back", async () => {
    const { transactions } = site.sandbox.data();
    const codes = transactions.map(({ code }) => code);
    const once = (code: string | null) => code !== null && codes.indexOf(code) === codes.lastIndexOf(code);
    const old = transactions.slice(-4000, -1000).find(({ code }) => once(code));
    assert.ok(old?.code);
    const { page } = await watched(`code=${old.code}&amount=${old.amountIn}`);
    await said(page, "Chưa trả");
    await page.getByText(/^Đã tìm trong 500 giao dịch gần nhất, từ \d\d\/\d\d\/2026 /).waitFor();
    await page.getByRole("button", { name: "Tìm xa hơn" }).click();
    await said(page, "Đã trả đủ", /^Có khoản từ trước hôm nay \(.*\d\d\/\d\d\/2026\)\./);
    await page.getByText(/^Đã tìm trong 5\.000 giao dịch gần nhất/).waitFor();
    assert.equal(await page.getByRole("button", { name: "Tìm xa hơn" }).count(), 0);
  });

  test("a_payment_to_another_account_does_not_count", async () => {
    const id = await accountId(OTHER_ACCOUNT);
    const { page } = await watched(`code=DH7601&amount=1000&account=${id}`);
    await said(page, "Chưa trả");
    pay({ amountIn: 1_000, code: "DH7601", content: "DH7601" });
    await page.locator("#doubtful").getByText("Vào tài khoản khác").waitFor();
    pay({ amountIn: 1_000, code: "DH7601", content: "DH7601", accountNumber: OTHER_ACCOUNT });
    await said(page, "Đã trả đủ", "1.000\u00a0₫");
  });

  test("an_amount_that_the_key_may_not_see_cannot_be_judged", async () => {
    pay({ amountIn: 9_000, code: "DH7701", content: "DH7701" });
    const { page, complaints } = await watched("code=DH7701&amount=9000", {}, BLIND_KEY);
    await said(page, "Không thể kết luận", "khóa này không được xem số tiền");
    await titled(page, "? Không thể kết luận: DH7701");
    assert.deepEqual(complaints, []);
  });

  test("a_key_that_may_not_see_transactions_is_told_so", async () => {
    const { page, complaints } = await watched("code=DH7851&amount=1000", {}, ACCOUNTS_KEY);
    await page.getByText("Khóa này không được xem phần này").waitFor();
    await page.getByText("transactions:read").waitFor();
    assert.equal(await page.locator("form, .order").count(), 0);
    assert.deepEqual(complaints, []);
  });

  test("a_page_that_nobody_sees_goes_on_looking", async () => {
    const { page } = await watched("code=DH7801&amount=1000");
    await said(page, "Chưa trả");
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    pay({ amountIn: 1_000, code: "DH7801", content: "DH7801" });
    await titled(page, "✓ Đã trả đủ: DH7801");
  });

  test("nothing_is_said_of_an_order_before_sepay_could_be_asked", async () => {
    pay({ amountIn: 1_000, code: "DH7901", content: "DH7901" });
    const { page, complaints } = await openPage(browser, site.url, { failuresExpected: true });
    await page.route("**/api/transactions?*", (route) =>
      route.fulfill({ status: 502, contentType: "application/problem+json", body: PROBLEM }),
    );
    await page.goto(`${site.url}/#/paid?code=DH7901&amount=1000`);
    await signIn(page, KEY);
    await said(page, "Chưa biết");
    await page.getByText("SePay đang gặp lỗi.").waitFor();
    assert.match(await page.getByRole("alert").innerText(), /Mã lỗi upstream_error · Mã yêu cầu req-7901/);
    await page.getByText("Chờ kết nối lại").waitFor();
    await page.unrouteAll();
    await said(page, "Đã trả đủ");
    await page.getByText("Đang theo dõi", { exact: true }).waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
  });

  test("it_is_accessible_and_fits_in_every_look_and_language", async () => {
    const { page, complaints } = await watched(`code=DH8100&amount=100000&account=${await accountId(ACCOUNT)}`);
    const words = [["Chưa trả", "Not paid yet"], ["Trả một phần", "Partly paid"], ["Đã trả đủ", "Paid"]] as const;
    const judged = async ([vi, en]: (typeof words)[number]) => {
      await said(page, vi);
      await inEveryLook(page, async (look) => {
        for (const word of [vi, en]) {
          await said(page, word);
          await titled(page, `${word}: DH8100`);
          assert.deepEqual(await violations(page), [], look);
          assert.equal(await overflow(page), 0, look);
          await page.getByRole("button", { name: /English|Tiếng Việt/ }).click();
        }
      });
    };
    await page.getByRole("img", { name: /VietQR/ }).waitFor();
    await judged(words[0]);
    pay({ amountIn: 60_000, content: `DH8100 ${"X".repeat(150)}` });
    pay({ amountIn: 60_000, content: "DH8100Thanh toan" });
    await judged(words[1]);
    pay({ amountIn: 40_000, code: "DH8100", content: "<b>x</b>" });
    await judged(words[2]);
    assert.deepEqual(complaints, []);
  });

  async function watched(params: string, options: BrowserContextOptions = {}, key = KEY): Promise<WatchedPage> {
    const opened = await openPage(browser, `${site.url}/#/paid?${params}`, options);
    await signIn(opened.page, key);
    await opened.page.getByRole("heading", { level: 1, name: "Đã trả chưa?" }).waitFor();
    return opened;
  }

  async function payload(content: string, amount: string, account = ACCOUNT): Promise<string> {
    const query = new URLSearchParams({ bank: "Vietcombank", account, amount, content });
    return (await site.read<{ payload: string }>(`/api/vietqr?${query}`)).payload;
  }

  function pay(transaction: Partial<NewTransaction> & { content: string }): void {
    site.sandbox.addTransaction({ accountNumber: ACCOUNT, ...transaction });
  }

  async function accountId(number: string): Promise<string> {
    const { data } = await site.read<{ data: { id: string; accountNumber: string }[] }>("/api/accounts");
    return data.find(({ accountNumber }) => accountNumber === number)?.id ?? "";
  }
});

const PROBLEM = JSON.stringify({ status: 502, code: "upstream_error", detail: "SePay answered 500", requestId: "req-7901" });

/** Waits until the page says this of the order, in a live region: the word alone, and the texts somewhere beside it. */
async function said(page: Page, word: string, ...texts: (string | RegExp)[]): Promise<void> {
  const status = page.getByRole("status").filter({ has: page.getByText(word, { exact: true }) });
  await status.waitFor();
  for (const text of texts) await status.getByText(text).waitFor();
}

/** Waits until the title says this. */
async function titled(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => document.title.includes(wanted), text);
}

/** Counts the page's questions from now on. */
function countOf(page: Page, pattern: RegExp): () => number {
  let count = 0;
  page.on("request", (request) => (count += Number(pattern.test(request.url()))));
  return () => count;
}

function hashOf(page: Page): string {
  return new URL(page.url()).hash;
}

/** The name of what has the focus. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    const label = at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? at.labels?.[0]?.firstChild : at;
    return label?.textContent?.trim() ?? "";
  });
}

async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
