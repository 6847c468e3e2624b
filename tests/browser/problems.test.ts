/**
 * The page in a browser against the stub: every way in which an answer fails, what is said of it, and when it asks again.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noChromium } from "./chromium.ts";
import { accountsPart, askedDuring, land, newest, visit, withOwnClock } from "./landing.ts";
import { incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";
import type { Fault } from "./stub.ts";

const BUSY: Fault = { problem: { status: 503, code: "upstream_busy", detail: "the queue is full", retryAfter: "40" } };
const REFUSED: Fault = { problem: { status: 401, code: "unauthorized", detail: "expired" } };
const FORBIDDEN: Fault = { problem: { status: 403, code: "forbidden", detail: "scope is missing" } };
const FAILED: Fault = { problem: { status: 502, code: "upstream_error", detail: "it said 500" } };
const ROW = incoming(6000, "0071000888888", "2025-11-20T15:00:00+07:00", 333000, "Tien moi den", null);

describe("page problems", { skip: noChromium }, () => {
  const house = stubHouse();

  test("busy_gate_names_the_time_and_is_not_asked_before_it", async () => {
    const { page, complaints } = await land(house.browser, house.stub);
    await withOwnClock(page);
    house.stub.fault("transactions", BUSY);
    await page.clock.runFor(1500);
    const note = newest(page).getByRole("alert");
    await note.getByText("SePay đang bận.").waitFor();
    await note.getByText(/^Có thể thử lại sau 40 giây, từ lúc \d\d:\d\d:\d\d\.$/).waitFor();
    await note.getByText("Mã lỗi upstream_busy · Mã yêu cầu req-upstream_busy").waitFor();
    assert.equal(await newest(page).getByText("NGUYEN VAN C ck DH001").first().isVisible(), true);
    house.stub.fault("transactions");
    house.stub.add(ROW);
    const asked = await askedDuring(page, async () => {
      await page.clock.runFor(30_000);
      const button = newest(page).getByRole("button", { name: /^Thử lại sau \d giây$/ });
      assert.equal(await button.getAttribute("aria-disabled"), "true");
      await button.dispatchEvent("click");
      await page.getByRole("button", { name: "Làm mới" }).click();
      await page.clock.runFor(5_000);
    });
    assert.deepEqual(asked.filter(isAboutTransactions), []);
    await page.clock.runFor(5_000);
    await newest(page).getByText("Tien moi den").first().waitFor();
    assert.equal(await note.count(), 0);
    assert.deepEqual(complaints, []);
  });

  test("a_problem_stays_as_long_as_only_old_answers_come", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    const headers = { Age: "30", "Cache-Status": "sepay-edge; hit; detail=stale-down" };
    for (const route of ["transactions", "accounts"] as const) house.stub.fault(route, { ...FAILED, headers, isForFresh: true });
    await page.clock.runFor(1500);
    const note = newest(page).getByRole("alert");
    await note.waitFor();
    const drawn = await note.elementHandle();
    for (let n = 0; n < 5; n += 1) {
      const answered = page.waitForEvent("requestfinished", (request) => isAboutTransactions(new URL(request.url()).pathname));
      await page.clock.runFor(3_000);
      await answered;
    }
    assert.equal(await drawn?.evaluate((element) => element.isConnected), true, "it is not said again and again");
    house.stub.fault("transactions");
    await page.clock.runFor(20_000);
    await note.waitFor({ state: "detached" });
  });

  test("busy_gate_at_the_first_question_is_waited_for_too", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    house.stub.fault("transactions", BUSY);
    await page.reload();
    await newest(page).getByText("SePay đang bận.").waitFor();
    // The charts, whose code comes later, have a question of their own.
    await page.locator("#charts").getByText("SePay đang bận.").first().waitFor();
    house.stub.fault("transactions");
    assert.deepEqual((await askedDuring(page, () => page.clock.runFor(35_000))).filter(isAboutTransactions), []);
    await page.clock.runFor(6_000);
    await newest(page).getByText("NGUYEN VAN C ck DH001").first().waitFor();
    assert.equal(await newest(page).getByRole("alert").count(), 0);
  });

  test("note_of_the_first_question_goes_when_the_whole_list_is_short", async () => {
    house.stub.fault("transactions", FAILED);
    const { page } = await visit(house.browser, house.stub);
    await newest(page).getByText("SePay đang gặp lỗi.").waitFor();
    house.stub.fault("transactions", { body: `{"data":[],"complete":true}` });
    await newest(page).getByText("Chưa có giao dịch nào.").waitFor();
  });

  test("key_that_asks_too_fast_asks_nothing_at_all_until_it_may", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    const problem = { status: 429, code: "rate_limited", detail: "too many questions", retryAfter: "50" };
    house.stub.fault("transactions", { problem });
    await page.clock.runFor(1500);
    await newest(page).getByText("Khóa này đang hỏi quá nhanh.").waitFor();
    house.stub.fault("transactions");
    // Longer than the thirty seconds after which accounts are looked at.
    assert.deepEqual(await askedDuring(page, () => page.clock.runFor(45_000)), []);
    await page.clock.runFor(10_000);
    await page.waitForFunction(() => document.querySelector(".problem") === null);
  });

  test("accounts_are_asked_again_by_themselves_and_not_before_the_time", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    house.stub.fault("accounts", BUSY);
    await page.getByRole("button", { name: "Làm mới" }).click();
    const note = accountsPart(page).getByRole("alert");
    await note.getByText(/Có thể thử lại sau 40 giây/).waitFor();
    assert.equal(await page.locator(".card").count(), 3);
    house.stub.fault("accounts");
    const asked = await askedDuring(page, () => page.clock.runFor(38_000));
    assert.deepEqual(asked.filter((path) => path.startsWith("/api/accounts")), []);
    await page.clock.runFor(4_000);
    await page.waitForFunction(() => document.querySelector(".problem") === null);
  });

  test("accounts_stay_when_transactions_fail", async () => {
    house.stub.fault("transactions", FAILED);
    const { page } = await visit(house.browser, house.stub);
    const note = newest(page).getByRole("alert");
    await note.getByText("SePay đang gặp lỗi.").waitFor();
    await note.getByText("Mã lỗi upstream_error · Mã yêu cầu req-upstream_error").waitFor();
    await page.locator(".card").nth(2).waitFor();
    assert.equal(await accountsPart(page).getByRole("alert").count(), 0);
  });

  test("transactions_stay_when_accounts_are_forbidden", async () => {
    house.stub.fault("accounts", FORBIDDEN);
    const { page } = await visit(house.browser, house.stub);
    await page.getByText("Khóa này không được phép xem phần này.").first().waitFor();
    await newest(page).getByText("NGUYEN VAN C ck DH001").first().waitFor();
    assert.equal(await page.locator(".card").count(), 0);
  });

  test("what_a_key_may_no_longer_see_is_taken_away", async () => {
    const { page } = await land(house.browser, house.stub);
    house.stub.fault("accounts", FORBIDDEN);
    await page.getByRole("button", { name: "Làm mới" }).click();
    await page.getByText("Khóa này không được phép xem phần này.").first().waitFor();
    assert.equal(await page.locator(".card").count(), 0);
  });

  for (const route of ["transactions", "accounts"] as const) {
    test(`key_that_stops_working_is_asked_for_again: ${route}`, async () => {
      const { page } = await land(house.browser, house.stub);
      house.stub.fault(route, REFUSED);
      // The page asks by itself, so the button may be gone before it is clicked.
      if (route === "accounts") await page.locator(".view-head button").evaluateAll((buttons) => buttons.forEach((button) => (button as HTMLElement).click()));
      const alert = page.getByRole("alert");
      await alert.getByText("Khóa không đúng, đã hết hạn hoặc đã bị thu hồi. Hãy nhập lại khóa.").waitFor();
      await alert.getByText("Mã lỗi unauthorized · Mã yêu cầu req-unauthorized").waitFor();
      assert.equal(await page.locator(".card, .money, nav").count(), 0);
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
      assert.equal(await page.evaluate(() => document.activeElement?.id), "key");
    });
  }

  test("lost_connection_is_told_and_repaired_by_its_button", async () => {
    house.stub.fault("accounts", { hangUp: true });
    const { page } = await visit(house.browser, house.stub);
    const note = page.getByRole("alert").filter({ hasText: "Không kết nối được với máy chủ." });
    await note.getByText("Mã lỗi connection · Mã yêu cầu không có").waitFor();
    house.stub.fault("accounts");
    await page.getByRole("button", { name: "Thử lại" }).click();
    await page.locator(".card").nth(2).waitFor();
    assert.equal(await note.count(), 0);
  });

  test("lost_connection_is_repaired_by_itself", async () => {
    const { page } = await land(house.browser, house.stub);
    house.stub.fault("transactions", { hangUp: true });
    await newest(page).getByText("Không kết nối được với máy chủ.").waitFor();
    house.stub.fault("transactions");
    house.stub.add(ROW);
    await newest(page).getByText("Tien moi den").first().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  for (const cause of ["SePay", "the network"] as const) {
    test(`not_paid_is_said_no_longer_where_nothing_new_can_be_known: ${cause}`, async () => {
      const { page } = await visit(house.browser, house.stub, { at: "#/paid?code=DH6660&amount=150000&account=18" });
      const verdict = page.locator(".verdict-body");
      await verdict.getByText("Chưa trả", { exact: true }).waitFor();
      await page.clock.install();
      await page.reload();
      await verdict.getByText("Chưa trả", { exact: true }).waitFor();
      const wordNow = () => verdict.locator(".verdict-word").innerText();
      // Step by step, so that answers have the time to come.
      const until = async (word: string) => {
        for (let step = 0; step < 200 && (await wordNow()) !== word; step += 1) await page.clock.runFor(1000);
        assert.equal(await wordNow(), word);
      };
      if (cause === "SePay") house.stub.fault("transactions", FAILED);
      else await page.context().setOffline(true);
      await page.clock.runFor(10_000);
      assert.equal(await wordNow(), "Chưa trả", "for a moment it stays");
      await until("Chưa biết");
      await page.waitForFunction(() => document.title.startsWith("? Chưa biết: DH6660"));
      await page.getByText("Đơn này có thể đã được trả, nên mã VietQR chờ tìm xong.").waitFor();
      house.stub.add({ ...ROW, content: "DH6660", code: "DH6660", amountIn: 150_000 });
      house.stub.fault("transactions");
      await page.context().setOffline(false);
      await until("Đã trả đủ");
    });
  }

  for (const body of ["<html>", `{"data":[{"id":"1","amountIn":1.5}],"complete":true}`, `{"rows":[]}`]) {
    test(`unreadable_answer_is_an_error_and_not_an_empty_list: ${body}`, async () => {
      house.stub.fault("transactions", { body });
      const { page } = await visit(house.browser, house.stub);
      await newest(page).getByText("Mã lỗi unreadable").waitFor();
      assert.equal(await page.getByText("Chưa có giao dịch nào.").count(), 0);
    });
  }

  test("without_a_network_the_page_says_so_asks_nothing_and_goes_on_by_itself", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    await page.context().setOffline(true);
    const strip = page.getByRole("status").getByText("Không có mạng. Trang tự cập nhật lại khi có mạng.");
    await strip.waitFor();
    await newest(page).getByText("NGUYEN VAN C ck DH001").first().waitFor();
    assert.deepEqual(await askedDuring(page, () => page.clock.runFor(120_000)), []);
    assert.equal(await page.getByRole("alert").count(), 0);
    house.stub.add(ROW);
    await page.context().setOffline(false);
    await page.clock.runFor(1250);
    await newest(page).getByText("Tien moi den").first().waitFor();
    assert.equal(await strip.count(), 0);
  });

  test("a_view_whose_code_did_not_come_loads_itself_when_the_network_is_back", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.context().setOffline(true);
    await page.getByRole("link", { name: "Đã trả chưa?" }).click();
    await page.getByRole("alert").getByText("Không tải được phần này của trang.").waitFor();
    await page.context().setOffline(false);
    await page.getByRole("heading", { name: "Đã trả chưa?" }).waitFor();
  });

  test("a_view_whose_code_did_not_come_is_loaded_by_its_button", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.route(/\/paid-.*\.js$/, (route) => route.abort());
    await page.getByRole("link", { name: "Đã trả chưa?" }).click();
    const button = page.getByRole("button", { name: "Tải lại trang" });
    await button.waitFor();
    await page.unrouteAll();
    await button.click();
    await page.getByRole("heading", { name: "Đã trả chưa?" }).waitFor();
  });

  test("page_that_failed_before_it_lost_the_network_asks_at_once_when_it_is_back", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    house.stub.fault("transactions", FAILED);
    // Each failure takes the next question further away, up to forty seconds.
    for (let failures = 0; failures < 6; failures += 1) {
      const failed = page.waitForResponse((response) => response.status() === 502);
      await page.clock.runFor(41_000);
      await failed;
    }
    await newest(page).getByText("SePay đang gặp lỗi.").waitFor();
    house.stub.fault("transactions");
    house.stub.add(ROW);
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    await page.clock.runFor(1250);
    await newest(page).getByText("Tien moi den").first().waitFor();
  });

  test("old_answer_says_its_age_and_a_new_one_does_not", async () => {
    house.stub.fault("transactions", { headers: { Age: "75", "Cache-Status": "sepay-edge; hit; detail=stale-down" } });
    const { page } = await visit(house.browser, house.stub);
    await newest(page).getByText(/^Dữ liệu cũ 7[5-9] giây, lúc \d\d:\d\d:\d\d$/).waitFor();
    house.stub.fault("transactions");
    await newest(page).getByText(/^Cập nhật lúc \d\d:\d\d:\d\d$/).waitFor();
  });

  test("answer_grows_old_while_none_comes", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    house.stub.fault("transactions", BUSY);
    await page.clock.runFor(31_500);
    await newest(page).getByText(/^Dữ liệu cũ 3\d giây, lúc/).waitFor();
  });

  test("rights_that_could_not_be_read_are_asked_for_again", async () => {
    house.stub.fault("rights", { hangUp: true });
    const { page } = await visit(house.browser, house.stub, { key: house.stub.limitedKey });
    const gate = page.getByRole("link", { name: "Cổng SePay" });
    await gate.waitFor();
    house.stub.fault("rights");
    await gate.waitFor({ state: "detached" });
  });
});

function isAboutTransactions(path: string): boolean {
  return path.startsWith("/api/transactions");
}
