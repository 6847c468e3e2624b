/**
 * Orders and accounts that ask for care: what a key may not see, accounts that are stopped, decisions of a person, and codes
 * that are none. Against the stub.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noChromium } from "./chromium.ts";
import { land, visit } from "./landing.ts";
import { incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";

const SHOP = "0071000888888";

describe("orders that ask for care", { skip: noChromium }, () => {
  const house = stubHouse();

  test("a_key_that_sees_neither_texts_nor_codes_cannot_call_an_order_unpaid", async () => {
    hides("content", "code");
    house.stub.add({ ...incoming(6001, SHOP, "2025-11-20T15:00:00+07:00", 150_000, "", null), content: null as never });
    const { page, complaints } = await watched("code=DH6101&amount=150000&account=18");
    await said(page, "Không thể kết luận", "Khóa này không được xem nội dung và mã thanh toán");
    await putAway(page, "Đơn này có thể đã được trả mà khóa này không thấy");
    assert.deepEqual(complaints, []);
  });

  test("money_in_an_amount_that_may_not_be_seen_puts_the_code_away", async () => {
    hides("amountIn");
    house.stub.add({ ...incoming(6002, SHOP, "2025-11-20T15:00:00+07:00", 0, "DH6102", "DH6102"), amountIn: null as never });
    const { page } = await watched("code=DH6102&amount=150000&account=18");
    await said(page, "Không thể kết luận", "nhưng khóa này không được xem số tiền");
    await putAway(page, "Đã có tiền vào cho đơn này");
  });

  test("a_stopped_account_is_offered_last_with_a_word_and_its_code_on_demand", async () => {
    const { page } = await land(house.browser, house.stub);
    const stopped = page.locator(".card", { hasText: "MBBank" });
    assert.equal(await page.locator(".card").getByRole("link", { name: "Nhận tiền" }).count(), 2);
    assert.equal(await stopped.getByRole("link", { name: "Nhận tiền" }).count(), 0);
    await page.evaluate(() => (location.hash = "#/paid?code=DH6103&amount=1000&account=20"));
    await page.getByText("Tài khoản này đã ngừng ở SePay").waitFor();
    const options = await page.getByLabel("Tài khoản nhận").locator("option").allTextContents();
    assert.deepEqual(options.slice(1), ["•••• 8888 · Vietcombank · Cửa hàng", "•••• 1222 · Techcombank", "•••• 3456 · MBBank · đã ngừng"]);
    assert.equal(await page.locator(".pay canvas, .pay svg, .pay img").count(), 0);
    await page.getByRole("button", { name: "Vẫn hiện mã" }).click();
    await page.getByRole("img", { name: /^Mã VietQR/ }).waitFor();
  });

  test("what_a_person_decided_stays_with_the_order_whatever_is_looked_at_meanwhile", async () => {
    house.stub.add(incoming(6003, SHOP, "2025-11-20T15:00:00+07:00", 150_000, "DH6104 DH6105", null));
    const { page, complaints } = await watched("code=DH6104&amount=150000");
    await page.getByRole("button", { name: "Tính vào" }).click();
    await said(page, "Đã trả đủ");
    await page.getByLabel("Tài khoản nhận").selectOption("18");
    await page.waitForFunction(() => location.hash.endsWith("account=18"));
    await said(page, "Đã trả đủ");
    await page.getByRole("link", { name: "Giao dịch", exact: true }).click();
    await page.locator("#transaction-rows tr").first().waitFor();
    await page.goBack();
    await said(page, "Đã trả đủ");
    await page.getByLabel("Mã đơn hàng").fill("dh6105");
    await page.getByLabel("Mã đơn hàng").press("Enter");
    await said(page, "Chưa trả", "1 khoản khác cần bạn quyết định");
    assert.deepEqual(complaints, []);
  });

  test("what_is_no_code_is_told_as_what_it_is_and_the_order_before_it_steps_back", async () => {
    const { page } = await watched("code=DH001&amount=150000");
    await said(page, "Đã trả đủ");
    const [code, order] = [page.getByLabel("Mã đơn hàng"), page.locator(".order")];
    const isGrey = () => order.evaluate((element) => getComputedStyle(element).filter !== "none");
    assert.equal(await isGrey(), false);
    for (const text of ["tel:0901234567", "https://shop.vn/o/DH001", "00020101021138"]) {
      await code.fill(text);
      await code.press("Enter");
      await page.getByRole("alert").getByText("Mã này không phải mã đơn hàng hay mã VietQR có nội dung.").waitFor();
      assert.equal(await isGrey(), true, text);
    }
    await code.fill("---");
    await code.press("Enter");
    await page.getByRole("alert").getByText("Mã cần có chữ cái hoặc chữ số").waitFor();
    await code.fill(" DH001 ");
    assert.equal(await isGrey(), false, "the same order");
  });

  function hides(...fields: string[]): void {
    const rights = { scopes: ["accounts:read", "transactions:read"], accounts: null, code: null, amount: null, hide: fields, fromDays: null };
    house.stub.fault("rights", { body: JSON.stringify({ kind: "key", id: "stub", ticketId: null, rights, expiresAt: null }) });
  }

  function watched(query: string) {
    return visit(house.browser, house.stub, { at: `#/paid?${query}` });
  }
});

async function said(page: Page, word: string, text = ""): Promise<void> {
  const verdict = page.getByRole("status").filter({ has: page.getByText(word, { exact: true }) });
  await verdict.filter({ hasText: text }).waitFor();
}

async function putAway(page: Page, why: string): Promise<void> {
  await page.locator(".pay").getByText(why).waitFor();
  assert.equal(await page.getByRole("img", { name: /^Mã VietQR/ }).count(), 0);
}
