/**
 * The page in a browser against the stub: exact texts of known data, and what it says when there is little to show.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { noChromium, openPage, signIn } from "./chromium.ts";
import { accountsPart, askedDuring, land, landed, newest, setSeen, visit, withOwnClock } from "./landing.ts";
import { HOSTILE, accounts, incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";
import { ACCOUNTS_KEY, TRANSACTIONS_KEY } from "./stub.ts";

const NOTHING = `{"data":[],"complete":true}`;

describe("page states", { skip: noChromium }, () => {
  const house = stubHouse();

  test("account_card_reads_exactly", async () => {
    const { page, complaints } = await land(house.browser, house.stub);
    const cards = page.locator(".card");
    assert.deepEqual(await lines(cards.nth(0)), [
      "Vietcombank",
      "Hoạt động",
      "•••• 8888",
      "NGUYEN VAN A · Cửa hàng",
      "Số dư",
      "2.525.493\u00a0₫",
      "Giao dịch cuối: 20/11/2025 14:05:09",
      "Xem giao dịch",
      // Not seen, but heard: which account the link is about.
      "Vietcombank 8888",
      "Nhận tiền",
      "Vietcombank 8888",
    ]);
    assert.equal(await cards.nth(1).locator(".money").textContent(), "0\u00a0₫");
    assert.equal(await cards.nth(2).locator(".badge").textContent(), "Đã ngừng");
    assert.match((await cards.nth(2).textContent()) ?? "", /Giao dịch cuối: —/);
    assert.deepEqual(complaints, []);
  });

  test("total_says_of_how_many_accounts_it_is_and_which_bank_may_be_missing", async () => {
    const { page } = await land(house.browser, house.stub);
    const part = accountsPart(page);
    assert.equal(await page.locator("#total").textContent(), "990.179.814\u00a0₫");
    await part.getByText("Tổng số dư của 3 tài khoản").waitFor();
    await part.getByText("Số dư báo cho SePay là 0 ₫, nên có thể không được tính: Techcombank.").waitFor();
  });

  test("newest_rows_are_said_with_sign_amount_and_content", async () => {
    const { page } = await land(house.browser, house.stub);
    const part = newest(page);
    await part.getByText("NGUYEN VAN C ck DH001").first().waitFor();
    await part.getByText("+150.000\u00a0₫").first().waitFor();
    await part.getByText("\u221212.345.678\u00a0₫").first().waitFor();
    assert.equal(await part.getByText("Thanh toan hoa don").count(), 0, "an old row is not among the newest");
  });

  test("script_in_content_stays_text", async () => {
    const { page, complaints } = await land(house.browser, house.stub);
    await newest(page).getByText(HOSTILE).first().waitFor();
    assert.equal(await page.locator("main script, main img").count(), 0);
    assert.notEqual(await page.title(), "owned");
    assert.deepEqual(complaints, []);
  });

  test("script_in_a_holder_a_label_and_a_bank_stays_text", async () => {
    const [account] = accounts;
    const hostile = { ...account, holder: HOSTILE, label: HOSTILE, bank: HOSTILE };
    house.stub.fault("accounts", { body: JSON.stringify({ data: [hostile, { ...hostile, id: "2" }], complete: true }) });
    const { page, complaints } = await land(house.browser, house.stub);
    assert.equal(await page.locator(".card h2, .card-holder").filter({ hasText: HOSTILE }).count(), 4);
    assert.equal(await page.locator("main script, main img").count(), 0);
    assert.deepEqual(complaints, []);
  });

  test("cut_account_list_says_so_and_whole_list_does_not", async () => {
    const note = "có thể còn tài khoản khác";
    const { page } = await land(house.browser, house.stub);
    assert.equal(await page.getByText(note).count(), 0);
    house.stub.fault("accounts", { body: `{"data":[{"id":"1","bank":"ACB","balance":5}],"complete":false}` });
    await page.getByRole("button", { name: "Làm mới" }).click();
    await page.getByText(`Đang hiển thị 1 tài khoản; ${note}.`).waitFor();
  });

  test("a_day_on_which_nothing_moved_has_neither_signs_nor_colours", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.locator("#today").getByText("0 giao dịch").waitFor();
    assert.deepEqual(await page.locator("#today .money").allTextContents(), ["0\u00a0₫", "0\u00a0₫"]);
    assert.equal(await page.locator("#today").locator(".is-in, .is-out").count(), 0);
    house.stub.add({ ...incoming(9001, "0071000888888", new Date().toISOString(), 0, "Rut tien", null), direction: "out", amountOut: 5000 });
    await page.getByRole("button", { name: "Làm mới" }).click();
    await page.locator("#today .is-out").getByText("\u22125.000\u00a0₫").waitFor();
    assert.equal(await page.locator("#today .is-in").count(), 0);
  });

  test("fields_hidden_from_the_key_are_masked_and_never_zero", async () => {
    house.stub.fault("accounts", { body: `{"data":[{"id":"1"}],"complete":true}` });
    const row = { id: "9", occurredAt: new Date().toISOString() };
    house.stub.fault("transactions", { body: JSON.stringify({ data: [row], complete: true }) });
    const { page } = await visit(house.browser, house.stub);
    await newest(page).getByText("•••").first().waitFor();
    assert.deepEqual(await page.locator("#today .money").allTextContents(), ["•••", "•••"]);
    assert.deepEqual(await lines(page.locator(".card")), [
      "•••",
      "•••",
      "•••",
      "Số dư",
      "•••",
      "Giao dịch cuối: —",
      "Xem giao dịch",
      "Nhận tiền",
    ]);
    assert.equal(await page.locator("#total").textContent(), "•••");
    assert.equal(await page.getByRole("button", { name: /số tài khoản/ }).count(), 0);
    assert.equal(await page.getByText(/^[+\u2212]?0\s₫$/).count(), 0);
  });

  test("a_key_that_lands_elsewhere_can_narrow_what_it_sees", async () => {
    const { page } = await visit(house.browser, house.stub, { key: TRANSACTIONS_KEY });
    await page.waitForURL(/#\/transactions$/);
    await page.getByRole("button", { name: "Tiền ra" }).click();
    await page.waitForURL(/#\/transactions\?dir=out$/);
    await page.getByRole("button", { name: "Tiền ra", pressed: true }).waitFor();
    assert.equal(await page.locator("#transaction-rows .is-in").count(), 0);
    assert.notEqual(await page.locator("#transaction-rows .is-out").count(), 0);
  });

  test("a_card_leads_nowhere_that_its_key_may_not_go", async () => {
    const { page } = await visit(house.browser, house.stub, { key: ACCOUNTS_KEY });
    await page.locator(".card").first().waitFor();
    assert.equal(await page.locator("main").getByRole("link").count(), 0);
  });

  test("empty_lists_are_said_to_be_empty_and_what_to_do", async () => {
    house.stub.fault("accounts", { body: NOTHING });
    house.stub.fault("transactions", { body: NOTHING });
    const { page } = await visit(house.browser, house.stub);
    await accountsPart(page).getByText("Chưa có tài khoản nào.").waitFor();
    await accountsPart(page).getByText(/Hãy thêm tài khoản ngân hàng ở SePay/).waitFor();
    await newest(page).getByText("Chưa có giao dịch nào.").waitFor();
    await newest(page).getByText(/giao dịch mới hiện ra sau vài giây/).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("filters_that_fit_nothing_say_so_and_can_be_cleared", async () => {
    const { page } = await visit(house.browser, house.stub, { at: "#/accounts?q=khong+ai&active=1" });
    await accountsPart(page).getByText("Không có tài khoản nào khớp với bộ lọc.").waitFor();
    await page.getByRole("button", { name: "Bỏ lọc" }).click();
    await page.locator(".card").nth(2).waitFor();
  });

  for (const [query, banks] of [
    ["bank=MBBank", ["MBBank"]],
    ["q=hoa+sen", ["Techcombank"]],
    ["q=8888", ["Vietcombank"]],
    ["min=1&max=2525493", ["Vietcombank"]],
    ["from=2025-11-20", ["Vietcombank"]],
    ["to=2025-11-19", ["Techcombank"]],
    ["active=1", ["Vietcombank", "Techcombank"]],
    ["min=many&from=2025-02-30&active=yes", ["Vietcombank", "Techcombank", "MBBank"]],
  ] as const) {
    test(`accounts_are_narrowed_by_the_address: ${query}`, async () => {
      const { page } = await land(house.browser, house.stub, { at: `#/accounts?${query}` });
      assert.deepEqual(await page.locator(".card h2").allTextContents(), banks);
    });
  }

  test("accounts_are_narrowed_by_hand_and_the_address_follows", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.getByRole("searchbox").fill("nguyen");
    await page.getByText("Lọc tài khoản").click();
    await page.getByLabel("Số dư từ (₫)").fill("1.000.000");
    await page.getByLabel("Chỉ tài khoản đang hoạt động").check();
    assert.deepEqual(await page.locator(".card h2").allTextContents(), ["Vietcombank"]);
    assert.equal(new URL(page.url()).hash, "#/accounts?q=nguyen&min=1000000&active=1");
    await page.getByText("Tổng số dư của 1 tài khoản").waitFor();
  });

  test("balances_are_asked_for_as_people_write_them_and_unclear_ones_are_told", async () => {
    const { page, complaints } = await land(house.browser, house.stub);
    await page.getByText("Lọc tài khoản").click();
    const [min, max] = [page.getByLabel("Số dư từ (₫)"), page.getByLabel("Số dư đến (₫)")];
    for (const [text, amount] of [["150k", "150000"], ["1,5 triệu", "1500000"], ["2277000.00", "2277000"], ["1tr5", "1500000"]] as const) {
      await min.fill("");
      await min.pressSequentially(text);
      await page.waitForFunction((wanted) => location.hash === wanted, `#/accounts?min=${amount}`);
    }
    await max.fill("-50");
    await page.getByRole("alert").getByText("Không rõ số tiền.").waitFor();
    assert.equal(new URL(page.url()).hash, "#/accounts?min=1500000");
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Bỏ lọc" }).click();
    assert.deepEqual([await min.inputValue(), await max.inputValue()], ["", ""]);
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.deepEqual(complaints, []);
  });

  test("skeletons_stand_where_answers_will_be_and_are_said", async () => {
    house.stub.fault("accounts", { delayMs: 400 });
    house.stub.fault("transactions", { delayMs: 400 });
    const { page } = await visit(house.browser, house.stub);
    const skeletons = page.getByRole("status").filter({ hasText: "Đang tải…" });
    await skeletons.nth(1).waitFor();
    await landed(page);
    assert.equal(await skeletons.count(), 0);
  });

  test("new_row_appears_by_itself_and_is_announced", async () => {
    const { page, complaints } = await land(house.browser, house.stub);
    house.stub.add(incoming(6000, "0071000888888", "2025-11-20T15:00:00+07:00", 333000, "Tien moi den", "DH777"));
    await newest(page).getByText("Tien moi den").first().waitFor();
    await page.getByRole("status").getByText("Giao dịch mới: +333.000\u00a0₫").waitFor({ state: "attached" });
    assert.deepEqual(complaints, []);
  });

  test("first_row_of_an_empty_list_is_announced_and_the_balance_asked_for", async () => {
    house.stub.fault("transactions", { body: NOTHING });
    const { page } = await visit(house.browser, house.stub);
    await newest(page).getByText("Chưa có giao dịch nào.").waitFor();
    const balance = page.waitForRequest((request) => request.url().includes("/api/accounts"), { timeout: 5_000 });
    house.stub.fault("transactions");
    await page.getByRole("status").getByText(/giao dịch mới/i).waitFor({ state: "attached" });
    await balance;
  });

  test("payments_faster_than_accounts_are_told_do_not_keep_the_balance_from_being_told", async () => {
    const { page } = await land(house.browser, house.stub);
    const dropped: string[] = [];
    page.on("requestfailed", (request) => dropped.push(new URL(request.url()).pathname));
    const isAccounts = (each: { url(): string }) => each.url().includes("/api/accounts");
    const told = page.waitForEvent("requestfinished", isAccounts);
    house.stub.fault("accounts", { delayMs: 3_000 });
    for (let n = 0; n < 3; n += 1) {
      house.stub.add(incoming(6000 + n, "0071000888888", `2025-11-20T15:00:0${n}+07:00`, 1000, `Tien thu ${n}`, null));
      await newest(page).getByText(`Tien thu ${n}`).first().waitFor();
    }
    house.stub.fault("accounts");
    const once = page.waitForRequest(isAccounts);
    await told;
    await once;
    assert.deepEqual(dropped, []);
  });

  test("rows_that_are_there_at_first_are_not_announced", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.waitForResponse((response) => response.url().includes("limit=20"));
    assert.equal(await page.locator("main > [role=status]").textContent(), "");
  });

  test("more_new_rows_than_one_question_brings_leave_no_gap", async () => {
    const { page } = await land(house.browser, house.stub);
    for (let n = 0; n < 25; n += 1) {
      house.stub.add(incoming(7000 + n, "0071000888888", `2025-11-20T16:00:${10 + n}+07:00`, 1000 + n, `Loat ${n}`, null));
    }
    await page.getByRole("status").getByText(/^25 giao dịch mới\. Mới nhất: \+1\.024\s₫$/).waitFor({ state: "attached" });
  });

  test("questions_do_not_go_past_the_cache_of_the_worker", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.waitForResponse((response) => response.url().includes("limit=20"));
    const kinds = new Set(house.stub.asked.map(({ path, cacheControl }) => `${path} ${cacheControl ?? "-"}`));
    assert.deepEqual([...kinds].filter((kind) => !kind.includes("from=")).sort(), [
      "/api/accounts?limit=5000 -",
      "/api/tickets/self -",
      "/api/transactions?limit=100 -",
      "/api/transactions?limit=20 max-age=1",
    ]);
  });

  test("tab_that_nobody_sees_asks_nothing_until_it_is_seen", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    await setSeen(page, false);
    assert.deepEqual(await askedDuring(page, () => page.clock.runFor(600_000)), []);
    const asked = page.waitForRequest((request) => request.url().includes("/api/transactions"));
    await setSeen(page, true);
    await page.clock.runFor(1250);
    await asked;
  });

  test("nothing_is_asked_after_sign_out", async () => {
    const { page } = await land(house.browser, house.stub);
    await withOwnClock(page);
    await page.getByRole("button", { name: "Đăng xuất" }).click();
    assert.deepEqual(await askedDuring(page, () => page.clock.runFor(600_000)), []);
    assert.equal(await page.locator(".card, .money, nav").count(), 0);
    const known = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.deepEqual(known.filter((name) => name.includes("/api/")), []);
  });

  test("sign_out_while_the_first_answer_is_on_its_way_ends_everything", async () => {
    house.stub.fault("rights", { delayMs: 3000 });
    const { page, complaints } = await openPage(house.browser, house.stub.url);
    await page.clock.install();
    await page.reload();
    await signIn(page, house.stub.key);
    const asked = await askedDuring(page, async () => {
      await page.getByRole("button", { name: "Đăng xuất" }).click();
      await page.clock.runFor(60_000);
    });
    assert.deepEqual(asked, []);
    assert.deepEqual(complaints, []);
  });

  test("key_that_fits_no_header_is_refused_before_anything_is_asked", async () => {
    const { page, complaints } = await openPage(house.browser, house.stub.url);
    await signIn(page, "khóa của tôi");
    await page.getByRole("alert").getByText("Khóa không có dấu tiếng Việt").waitFor();
    await signIn(page, "   ");
    await page.getByRole("alert").getByText("Hãy nhập khóa.").waitFor();
    assert.equal(house.stub.asked.length, 0);
    assert.deepEqual(complaints, []);
  });
});

async function lines(place: ReturnType<Page["locator"]>): Promise<string[]> {
  return (await place.innerText()).split("\n").filter((line) => line.trim() !== "");
}
