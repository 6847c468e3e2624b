/**
 * The fields of amounts in a browser, on the real Worker and the sandbox: typed, pasted, left, sent and linked.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { KEY, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { inEveryLook, violations } from "./axe.ts";
import { closePages, noChromium, openPage, signIn, startChromium } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";
import { keysOf } from "./keys.ts";

const FAULT = "Không rõ số tiền. Viết như 1.500.000, 150k hoặc 1,5tr.";

describe("fields of amounts", { skip: noChromium }, () => {
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

  test("what_is_typed_by_hand_is_read_when_the_field_is_left", async () => {
    const { page, complaints } = await opened("#/paid");
    const amount = amountOf(page);
    for (const [text, shown] of [
      ["150000", "150.000"],
      ["150.000", "150.000"],
      ["150k", "150.000"],
      ["2277000.00", "2.277.000"],
      ["2.277.000,00", "2.277.000"],
      ["1500k", "1.500.000"],
      ["1tr5", "1.500.000"],
      ["1,5 triệu đồng", "1.500.000"],
      ["0", ""],
    ] as const) {
      await amount.fill("");
      await amount.pressSequentially(text);
      assert.equal(await amount.inputValue(), /\D/.test(text) ? text : shown || text);
      await amount.press("Tab");
      assert.equal(await amount.inputValue(), shown, text);
      await isClear(amount);
    }
    assert.deepEqual(complaints, []);
  });

  test("what_is_typed_is_read_at_once_when_enter_sends_it", async () => {
    const { page, complaints } = await opened("#/paid");
    await codeOf(page).fill("DH6001");
    await amountOf(page).pressSequentially("1,5tr");
    await amountOf(page).press("Enter");
    await page.waitForFunction(() => location.hash === "#/paid?code=DH6001&amount=1500000");
    assert.equal(await amountOf(page).inputValue(), "1.500.000");
    // The amount belongs to that order only.
    await (await keysOf(page)).scan("DH6002");
    await page.waitForFunction(() => location.hash === "#/paid?code=DH6002");
    assert.deepEqual(complaints, []);
  });

  test("what_is_pasted_is_read_at_once", async () => {
    const { page, complaints } = await opened("#/paid");
    const amount = amountOf(page);
    for (const [text, shown] of [["2277000.00", "2.277.000"], ["1,5 triệu", "1.500.000"], ["₫2,525,493", "2.525.493"]] as const) {
      await paste(page, text, amount);
      assert.equal(await amount.inputValue(), shown);
      await isClear(amount);
    }
    for (const text of ["-5000", "1e6", "12345678901234567890"]) {
      await paste(page, text, amount);
      assert.equal(await amount.inputValue(), text, "as it was pasted");
      await isUnclear(amount, FAULT);
    }
    assert.deepEqual(complaints, []);
  });

  test("an_unclear_amount_is_told_when_the_field_is_left_and_no_order_is_watched", async () => {
    const { page, complaints } = await opened("#/paid");
    const amount = amountOf(page);
    await codeOf(page).fill("DH6003");
    await amount.pressSequentially("1.500.0");
    assert.equal(await page.getByRole("alert").count(), 0, "half an amount is no fault");
    for (const send of [() => page.keyboard.press("Enter"), () => page.getByRole("button", { name: "Theo dõi" }).click()]) {
      await send();
      await isUnclear(amount, FAULT);
      await page.waitForFunction(() => document.activeElement?.id === "order-amount");
      assert.deepEqual([hashOf(page), await amount.inputValue(), await codeOf(page).inputValue()], ["#/paid", "1.500.0", "DH6003"]);
    }
    await codeOf(page).press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "order-amount");
    assert.equal(hashOf(page), "#/paid");
    await inEveryLook(page, async (look) => assert.deepEqual(await violations(page), [], look));
    await page.getByRole("button", { name: "English" }).click();
    await isUnclear(page.getByLabel("Amount"), "The amount is not clear. Write it like 1,500,000, 150k or 1.5tr.");
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    await amount.press("End");
    await amount.pressSequentially("00");
    await amount.press("Enter");
    await page.waitForFunction(() => location.hash === "#/paid?code=DH6003&amount=1500000");
    await isClear(amount);
    assert.deepEqual(complaints, []);
  });

  test("digits_that_are_too_many_are_all_there_and_told", async () => {
    const { page } = await opened("#/paid");
    const amount = amountOf(page);
    await amount.pressSequentially("12345678901234");
    await amount.press("Tab");
    assert.equal(await amount.inputValue(), "12.345.678.901.234");
    await isUnclear(amount, FAULT);
  });

  test("a_link_whose_amount_cannot_be_read_is_for_a_person_to_decide", async () => {
    for (const text of ["150.000", "150,000", "150000đ", "12345678901234"]) {
      const { page, complaints } = await opened(`#/paid?${new URLSearchParams({ code: "DH6004", amount: text })}`);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      const amount = amountOf(page);
      await isUnclear(amount, "Số tiền trong liên kết không rõ. Hãy nhập lại, như 1.500.000, 150k hoặc 1,5tr.");
      assert.deepEqual([await codeOf(page).inputValue(), await amount.inputValue()], ["DH6004", text]);
      await page.getByText("Chưa theo dõi đơn nào").waitFor();
      await codeOf(page).press("Enter");
      await page.waitForFunction(() => document.activeElement?.id === "order-amount");
      assert.equal(await page.locator(".order").count(), 0);
      assert.deepEqual(asked.filter((url) => url.includes("limit=500")), [], "nothing is watched");
      await amount.fill("150000");
      await amount.press("Enter");
      await page.waitForFunction(() => location.hash === "#/paid?code=DH6004&amount=150000");
      await page.getByRole("status").getByText("Chưa trả", { exact: true }).waitFor();
      assert.deepEqual(complaints, []);
      await closePages(browser);
    }
  });

  test("an_unclear_amount_of_a_link_goes_with_its_order", async () => {
    const { page } = await opened("#/paid?code=DH6005&amount=150.000");
    await page.getByRole("button", { name: "Đơn mới" }).click();
    await page.waitForFunction(() => location.hash === "#/paid");
    assert.equal(await amountOf(page).inputValue(), "");
    await isClear(amountOf(page));
    await page.goBack();
    await isUnclear(amountOf(page), "Số tiền trong liên kết không rõ.");
    await codeOf(page).fill("DH6006");
    await codeOf(page).press("Enter");
    await page.waitForFunction(() => location.hash === "#/paid?code=DH6006");
  });

  test("a_scan_into_an_amount_loses_no_letter_to_it", async () => {
    const { page, complaints } = await opened("#/paid");
    const keys = await keysOf(page);
    for (const [text, code] of [["150000", "KH6007"], ["150k", "dh6008"], ["0,15tr", "D6009"], ["150 nghìn", "K6010"], ["150000đ", "TR61"], ["150.000", "12AB6"]] as const) {
      await amountOf(page).fill("");
      await keys.byHand(text);
      await keys.scan(code);
      await page.waitForFunction((wanted) => location.hash === wanted, `#/paid?code=${code}&amount=150000`);
    }
    assert.deepEqual(complaints, []);
  });

  test("an_unclear_filter_filters_by_nothing_and_says_so", async () => {
    const { page, complaints } = await opened("#/transactions?min=1000000");
    const min = page.locator("#min-filter");
    await min.waitFor();
    assert.equal(await min.inputValue(), "1.000.000");
    await min.fill("");
    await min.pressSequentially("150k");
    await page.waitForFunction(() => location.hash === "#/transactions?min=150000");
    assert.equal(await min.inputValue(), "150k", "while it is written");
    await min.press("Tab");
    assert.equal(await min.inputValue(), "150.000");
    await paste(page, "-5000", min, page.locator("#text-filter"));
    await page.waitForFunction(() => location.hash === "#/transactions");
    await isUnclear(min, FAULT);
    assert.equal(await min.inputValue(), "-5000");
    await inEveryLook(page, async (look) => {
      await min.waitFor({ state: "attached" });
      assert.deepEqual(await violations(page), [], look);
    });
    await page.locator("#max-filter").pressSequentially("0");
    await page.waitForFunction(() => location.hash === "#/transactions?max=0");
    await page.getByRole("button", { name: "Xóa bộ lọc" }).click();
    assert.equal(await min.inputValue(), "");
    await isClear(min);
    await min.fill("150.000");
    await page.waitForFunction(() => location.hash === "#/transactions?min=150000");
    assert.deepEqual(complaints, []);
  });

  async function opened(hash: string): Promise<WatchedPage> {
    const watched = await openPage(browser, `${site.url}/${hash}`);
    await signIn(watched.page, KEY);
    await watched.page.getByRole("heading", { level: 1, name: /Đã trả chưa|Giao dịch/ }).waitFor();
    return watched;
  }
});

function amountOf(page: Page): Locator {
  return page.getByLabel("Số tiền");
}

function codeOf(page: Page): Locator {
  return page.getByLabel("Mã đơn hàng");
}

function hashOf(page: Page): string {
  return new URL(page.url()).hash;
}

/** As a person does, over what stands there; `from` is a field that lends itself. */
async function paste(page: Page, text: string, into: Locator, from = codeOf(page)): Promise<void> {
  await from.fill(text);
  await from.press("Control+A");
  await from.press("Control+X");
  await into.press("Control+A");
  await into.press("Control+V");
}

async function isClear(field: Locator): Promise<void> {
  assert.equal(await field.getAttribute("aria-invalid"), "false");
  assert.equal(await field.getAttribute("aria-describedby"), null);
}

/** Waits until the field is marked, and what describes it says this. */
async function isUnclear(field: Locator, text: string): Promise<void> {
  await field.and(field.page().locator('[aria-invalid="true"]')).waitFor();
  const id = (await field.getAttribute("aria-describedby")) ?? "";
  await field.page().locator(`#${id}`).getByText(text).waitFor();
}
