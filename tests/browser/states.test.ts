/**
 * The page in a browser against the stub: exact texts of known data, and every way in which an answer fails.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { closePages, noChromium, openPage, signIn, startChromium } from "./chromium.ts";
import { HOSTILE } from "./stub-data.ts";
import { startStub } from "./stub.ts";
import type { Stub } from "./stub.ts";

const BUSY = { status: 503, code: "upstream_busy", detail: "the queue is full" };

describe("page states", { skip: noChromium }, () => {
  let browser: Browser;
  let stub: Stub;

  before(async () => {
    [browser, stub] = await Promise.all([startChromium(), startStub()]);
  });
  after(async () => {
    await browser?.close();
    await stub?.close();
  });
  afterEach(async () => {
    await closePages(browser);
    stub.fault("accounts");
    stub.fault("transactions");
    stub.asked.length = 0;
  });

  test("account_card_reads_exactly", async () => {
    const { page, complaints } = await signedIn();
    await rowsShown(page, 50);
    const cards = page.locator(".card");
    assert.deepEqual(await lines(cards.nth(0)), [
      "Vietcombank",
      "Đang hoạt động",
      "0071000888888",
      "NGUYEN VAN A · Cửa hàng",
      "Số dư",
      "2.525.493\u00a0₫",
      "Giao dịch cuối: 20/11/2025 14:05:09",
    ]);
    assert.equal(await cards.nth(1).locator(".money").textContent(), "0\u00a0₫");
    assert.equal(await cards.nth(2).locator(".badge").textContent(), "Ngừng hoạt động");
    assert.match((await cards.nth(2).textContent()) ?? "", /Giao dịch cuối: —/);
    assert.deepEqual(complaints, []);
  });

  test("transaction_rows_read_exactly", async () => {
    const { page } = await signedIn();
    await rowsShown(page, 50);
    assert.deepEqual(await cells(page, 0), [
      "20/11/2025 14:05:09",
      "0071000888888Vietcombank",
      "NGUYEN VAN C ck DH001",
      "DH001",
      "FT253245001",
      "+150.000\u00a0₫Tiền vào",
    ]);
    assert.deepEqual((await cells(page, 2)).slice(3), ["—", "FT253244999", "\u221212.345.678\u00a0₫Tiền ra"]);
  });

  test("script_in_content_stays_text", async () => {
    const { page, complaints } = await signedIn();
    await rowsShown(page, 50);
    assert.equal((await cells(page, 1))[2], HOSTILE);
    assert.equal(await page.locator("#board script, #board img").count(), 0);
    assert.notEqual(await page.title(), "owned");
    assert.deepEqual(complaints, []);
  });

  test("cut_list_says_so_and_whole_list_does_not", async () => {
    const { page } = await signedIn();
    await page.getByText("Đang hiển thị 50 giao dịch mới nhất").waitFor();
    assert.equal(await page.locator("#accounts-note").isVisible(), false);
    await page.locator("#account-filter").selectOption("19036000111222");
    await rowsShown(page, 4);
    assert.equal(await page.locator("#transactions-note").isVisible(), false);
    assert.equal((await cells(page, 0))[5], "0\u00a0₫Không rõ chiều");
    assert.match((await cells(page, 3))[1] ?? "", /VA VA000123$/);
  });

  test("cut_account_list_says_so", async () => {
    stub.fault("accounts", { body: `{"data":[{"bank":"ACB","balance":5}],"complete":false}` });
    const { page } = await signedIn();
    await page.getByText("Đang hiển thị 1 tài khoản; có thể còn tài khoản khác.").waitFor();
  });

  test("fields_hidden_from_the_key_are_masked", async () => {
    stub.fault("accounts", { body: `{"data":[{"bank":"ACB","accountNumber":"1"}],"complete":true}` });
    const { page } = await signedIn();
    await page.locator(".card").waitFor();
    assert.equal(await page.locator(".card .money").textContent(), "•••");
  });

  test("empty_lists_are_said_to_be_empty", async () => {
    stub.fault("accounts", { body: `{"data":[],"complete":true}` });
    stub.fault("transactions", { body: `{"data":[],"complete":true}` });
    const { page } = await signedIn();
    await page.getByText("Chưa có tài khoản nào.").waitFor();
    await page.getByText("Chưa có giao dịch nào.").waitFor();
    assert.equal(await page.getByRole("table").count(), 0);
  });

  test("loading_is_said_and_marked_busy", async () => {
    stub.fault("transactions", { delayMs: 400 });
    const { page } = await signedIn();
    await page.getByText("Đang tải giao dịch…").waitFor();
    assert.equal(await page.locator("#transactions").getAttribute("aria-busy"), "true");
    await rowsShown(page, 50);
    assert.equal(await page.locator("#transactions").getAttribute("aria-busy"), null);
    await page.getByRole("status").getByText("Đã tải 3 tài khoản. Đã tải 50 giao dịch.").waitFor();
  });

  test("busy_gate_names_the_time_and_the_button_waits_for_it", async () => {
    const { page, complaints } = await signedIn();
    await rowsShown(page, 50);
    stub.fault("transactions", { problem: { ...BUSY, retryAfter: "2" } });
    await page.locator("#refresh").click();
    const note = page.locator("#transactions-problem");
    await note.getByText(/^Có thể thử lại sau 2 giây, từ lúc \d\d:\d\d:\d\d\.$/).waitFor();
    await note.getByText("Mã lỗi upstream_busy · Mã yêu cầu req-upstream_busy").waitFor();
    await page.locator("#transactions-updated", { hasText: "Dữ liệu cũ, lúc" }).waitFor();
    assert.equal(await page.locator("#transaction-rows tr").count(), 50);
    stub.fault("transactions");
    const before = stub.asked.length;
    assert.match((await page.locator("#refresh").textContent()) ?? "", /^Thử lại sau [12] giây$/);
    await page.locator("#refresh").dispatchEvent("click");
    assert.equal(stub.asked.length, before);
    await page.locator("#refresh", { hasText: "Làm mới" }).click();
    await page.locator("#transactions-problem:empty").waitFor({ state: "attached" });
    assert.equal(stub.asked.length, before + 2);
    assert.deepEqual(complaints, []);
  });

  test("account_chosen_during_the_wait_is_loaded_after_it", async () => {
    stub.fault("transactions", { problem: { ...BUSY, retryAfter: "1" } });
    const { page } = await signedIn();
    await page.locator("#transactions-problem").getByText("SePay đang bận.").waitFor();
    await page.locator("#account-filter option").nth(3).waitFor({ state: "attached" });
    stub.fault("transactions");
    const before = stub.asked.length;
    await page.locator("#account-filter").selectOption("19036000111222");
    assert.equal(stub.asked.length, before);
    await rowsShown(page, 4);
  });

  test("accounts_stay_when_transactions_fail", async () => {
    stub.fault("transactions", { problem: { status: 502, code: "upstream_error", detail: "it said 500" } });
    const { page } = await signedIn();
    await page.locator("#transactions-problem").getByText("SePay đang gặp lỗi.").waitFor();
    assert.equal(await page.locator(".card").count(), 3);
    await page.getByRole("status").getByText("Đã tải 3 tài khoản. Không tải được giao dịch.").waitFor();
  });

  test("transactions_stay_when_accounts_are_forbidden", async () => {
    stub.fault("accounts", { problem: { status: 403, code: "forbidden", detail: "scope is missing" } });
    const { page } = await signedIn();
    await page.locator("#accounts-problem").getByText("Khóa này không được phép xem phần này.").waitFor();
    await rowsShown(page, 50);
  });

  test("key_that_stops_working_is_asked_for_again", async () => {
    const { page } = await signedIn();
    await rowsShown(page, 50);
    stub.fault("transactions", { problem: { status: 401, code: "unauthorized", detail: "expired" } });
    await page.locator("#refresh").click();
    await page.getByRole("alert").getByText("Khóa không đúng").waitFor();
    assert.equal(await page.locator(".card, #transaction-rows tr").count(), 0);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  });

  test("lost_connection_is_told_and_repaired_by_refresh", async () => {
    stub.fault("accounts", { hangUp: true });
    const { page } = await signedIn();
    const note = page.locator("#accounts-problem");
    await note.getByText("Không kết nối được với máy chủ.").waitFor();
    await note.getByText("Mã lỗi connection · Mã yêu cầu không có").waitFor();
    stub.fault("accounts");
    await page.locator("#refresh").click();
    await page.locator(".card").nth(2).waitFor();
    assert.equal(await note.textContent(), "");
  });

  for (const body of ["<html>", `{"data":[{"amountIn":1.5}],"complete":true}`, `{"rows":[]}`]) {
    test(`unreadable_answer_is_an_error_and_not_an_empty_list: ${body}`, async () => {
      stub.fault("transactions", { body });
      const { page } = await signedIn();
      await page.locator("#transactions-problem").getByText("Mã lỗi unreadable").waitFor();
      assert.equal(await page.locator("#transactions-empty").isVisible(), false);
    });
  }

  test("slow_answer_for_the_account_before_is_dropped", async () => {
    const { page, complaints } = await signedIn();
    await rowsShown(page, 50);
    stub.fault("transactions", { delayMs: 600, when: "account=0071000888888" });
    await page.locator("#account-filter").selectOption("0071000888888");
    await page.locator("#account-filter").selectOption("19036000111222");
    await rowsShown(page, 4);
    await page.waitForTimeout(900);
    await rowsShown(page, 4);
    assert.deepEqual(complaints, []);
  });

  test("key_that_fits_no_header_is_refused_before_anything_is_asked", async () => {
    const { page, complaints } = await openPage(browser, stub.url);
    await signIn(page, "khóa của tôi");
    await page.getByRole("alert").getByText("Khóa không có dấu tiếng Việt").waitFor();
    await signIn(page, "   ");
    await page.getByRole("alert").getByText("Hãy nhập khóa.").waitFor();
    assert.equal(stub.asked.length, 0);
    assert.deepEqual(complaints, []);
  });

  test("questions_do_not_go_past_the_cache_of_the_worker", async () => {
    const { page } = await signedIn();
    await rowsShown(page, 50);
    assert.deepEqual(stub.asked.toSorted((a, b) => a.path.localeCompare(b.path)), [
      { path: "/api/accounts", cacheControl: undefined },
      { path: "/api/transactions?limit=50", cacheControl: undefined },
    ]);
  });

  test("everything_works_from_the_keyboard", async () => {
    const { page } = await openPage(browser, stub.url);
    await page.keyboard.type(stub.key);
    await page.keyboard.press("Enter");
    await rowsShown(page, 50);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "accounts-title");
    await page.locator("#sign-out").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "key");
  });

  test("phone_layout_keeps_the_table_for_screen_readers", async () => {
    const { page } = await signedIn({ viewport: { width: 390, height: 844 } });
    await rowsShown(page, 50);
    assert.equal(await page.getByRole("table", { name: /Mới nhất trước/ }).count(), 1);
    assert.equal(await page.getByRole("columnheader").count(), 6);
    assert.equal(await page.getByRole("row").count(), 51);
    const content = await page.locator("td.content .value").first().boundingBox();
    assert.ok((content?.width ?? 0) > 180, "the content has room to be read");
  });

  async function signedIn(options: BrowserContextOptions = {}) {
    const opened = await openPage(browser, stub.url, { failuresExpected: true, ...options });
    await signIn(opened.page, stub.key);
    return opened;
  }
});

async function rowsShown(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelectorAll("#transaction-rows tr").length === wanted,
    count,
    { timeout: 5000 },
  );
}

async function cells(page: Page, row: number): Promise<string[]> {
  return page.locator("#transaction-rows tr").nth(row).locator("td .value").allTextContents();
}

async function lines(place: ReturnType<Page["locator"]>): Promise<string[]> {
  return (await place.innerText()).split("\n").filter((line) => line.trim() !== "");
}
