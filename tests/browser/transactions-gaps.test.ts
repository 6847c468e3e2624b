/**
 * The transactions view where rows could be lost without a word: while nobody looks, behind a failing server, behind an answer
 * from the gate's memory, behind what a key may not see. The Worker is a stand-in, so that each can be had at will.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page, Route } from "playwright-core";
import { noChromium } from "./chromium.ts";
import { askedDuring, setSeen, visit } from "./landing.ts";
import { incoming, transactions } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";
import { rowAt, rowsCounted, savedFile, settled } from "./transactions-page.ts";

const FIRST = { id: "18", number: "0071000888888" };
const SECOND = { id: "19", number: "19036000111222" };
const LIST = /\/api\/transactions\?.*limit=500(?!0)/;
const MORE = /\/api\/transactions\?.*limit=5000/;
const STALE = { "Cache-Status": "SePay-Edge; hit; detail=stale-busy", Age: "120" };
const FAULT = { problem: { status: 502, code: "upstream_error", detail: "it said 500" } };

describe("rows that could be lost", { skip: noChromium, timeout: 120_000 }, () => {
  const house = stubHouse();

  const open = async (fragment = "") => (await visit(house.browser, house.stub, { at: `#/transactions${fragment}` })).page;

  const pay = (id: number, account: string) => house.stub.add(incoming(id, account, "2025-11-21T08:00:00+07:00", 1000, `pay ${id}`, null));

  /** More rows than one question has, so that the list may be scrolled and has an end. */
  const fill = (count: number) => {
    for (let id = 6000; id < 6000 + count; id += 1) pay(id, FIRST.number);
  };

  test("what_came_while_nobody_looked_is_asked_for_although_nothing_of_it_is_live", async () => {
    const page = await open(`?account=${SECOND.id}`);
    await rowsCounted(page, 4);
    await setSeen(page, false);
    pay(5002, SECOND.number);
    for (let id = 5003; id < 5123; id += 1) pay(id, FIRST.number);
    await setSeen(page, true);
    await rowsCounted(page, 5);
    await rowAt(page, 0).getByText("pay 5002").waitFor();
    assert.equal((await savedFile(page)).lines.length, 6);
    await page.getByText("Đã tải đủ mọi giao dịch.").waitFor();
  });

  test("the_end_of_the_list_asks_a_failing_server_once_and_the_button_again", async () => {
    fill(600);
    const page = await open();
    await rowsCounted(page, 500);
    let asked = 0;
    await page.route(MORE, (route) => {
      asked += 1;
      return route.fulfill(problem());
    });
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.getByRole("alert").getByText("r-500").waitFor();
    const before = asked;
    await wiggle(page);
    assert.deepEqual([before, asked], [1, 1]);
    await page.unroute(MORE);
    await page.getByRole("button", { name: "Thử lại" }).click();
    await rowsCounted(page, 662);
  });

  test("a_list_that_was_never_answered_is_not_a_list_of_nothing", async () => {
    house.stub.fault("transactions", { problem: { status: 502, code: "upstream_error", detail: "it said 500" } });
    const page = await open();
    await page.getByRole("alert").first().waitFor();
    assert.equal(await page.locator("#transaction-count").textContent(), "");
    assert.deepEqual(await page.locator(".summary-sums .money").allTextContents(), ["—", "—"]);
    assert.equal(await page.getByRole("button", { name: "Tải CSV" }).count(), 0);
    house.stub.fault("transactions");
    await page.locator("#transaction-count").getByText(/^\d+ giao dịch$/).waitFor();
  });

  test("a_fault_behind_the_live_rows_is_named_once", async () => {
    const page = await open();
    await rowsCounted(page, 62);
    house.stub.fault("transactions", FAULT);
    await page.getByText("Mã lỗi upstream_error · Mã yêu cầu req-upstream_error").waitFor();
    await page.locator("#text-filter").fill("khongco");
    await page.getByText("Không có giao dịch nào khớp").waitFor();
    // The list's own question fails too.
    const refused = page.waitForResponse(/limit=500&?/);
    await page.getByRole("button", { name: "7 ngày" }).click();
    await (await refused).finished();
    await settled(page);
    assert.equal(await page.locator(".problem").count(), 1);
  });

  test("live_rows_that_fail_are_asked_for_again_by_the_button", async () => {
    const page = await open();
    await rowsCounted(page, 62);
    house.stub.fault("transactions", { ...FAULT, when: "limit=20" });
    const retry = page.getByRole("button", { name: "Thử lại" });
    await retry.waitFor();
    const asked = await askedDuring(page, () => retry.click());
    assert.ok(asked.includes("/api/transactions?limit=100"), asked.join(" "));
    house.stub.fault("transactions");
    await retry.waitFor({ state: "detached" });
  });

  test("an_answer_from_memory_says_its_age_and_is_asked_for_again", async () => {
    house.stub.fault("transactions", { headers: STALE, when: "limit=500" });
    const page = await open();
    await settled(page);
    await page.getByText("Có thể thiếu vài giao dịch mới nhất.").waitFor();
    await page.locator(".updated.is-old").getByText("2 phút").waitFor();
    assert.match((await savedFile(page)).name, /khong-day-du/);
    house.stub.fault("transactions");
    await page.getByText("Đã tải đủ mọi giao dịch.").waitFor();
    assert.equal(await page.locator(".updated.is-old").count(), 0);
    const asked = house.stub.asked.filter(({ path }) => LIST.test(path));
    assert.equal(asked.at(-1)?.cacheControl, "max-age=1");
  });

  test("an_account_that_the_key_cannot_tell_apart_is_no_filter_that_lets_all_through", async () => {
    const page = await hiding();
    await page.getByText("Khóa này không được xem giao dịch thuộc tài khoản nào").waitFor();
    await rowsCounted(page, 0);
    assert.deepEqual(await page.locator(".summary-sums .money").allTextContents(), ["0\u00a0₫", "0\u00a0₫"]);
    assert.equal(await page.getByText("Không có giao dịch nào khớp").count(), 0);
  });

  test("a_field_that_the_back_button_takes_away_says_nothing_of_the_view_before", async () => {
    for (const before of ["#/paid?code=DH000777&amount=150000", "#/accounts?q=vietcombank"]) {
      const { page } = await visit(house.browser, house.stub, { at: before });
      await page.getByRole("link", { name: "Giao dịch", exact: true }).click();
      await settled(page);
      await page.getByRole("searchbox").fill("nguyen");
      await page.waitForURL(/q=nguyen/);
      await page.getByRole("searchbox").fill("nguyen van");
      await page.goBack();
      await page.locator(".transactions").waitFor({ state: "detached" });
      await page.evaluate(() => new Promise(requestAnimationFrame));
      assert.equal(new URL(page.url()).hash, before);
    }
  });

  test("a_row_is_marked_as_new_for_its_own_five_seconds", async () => {
    const page = await open();
    await settled(page);
    const isNew = (row: number) => rowAt(page, row).evaluate((element) => element.classList.contains("is-new"));
    await page.clock.install();
    const add = async (id: number) => {
      house.stub.add(incoming(id, "0071000888888", `2025-11-20T16:00:${id - 8000}+07:00`, 1000, `Tien thu ${id}`, null));
      await rowAt(page, 0).getByText(`Tien thu ${id}`).waitFor();
    };
    await add(8010);
    assert.equal(await isNew(0), true);
    await page.clock.runFor(3_000);
    await add(8011);
    await page.clock.runFor(2_500);
    assert.deepEqual([await isNew(0), await isNew(1)], [true, false]);
  });

  test("clearing_filters_leaves_the_keyboard_where_the_list_begins", async () => {
    const page = await open("?q=dh&dir=in");
    await settled(page);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await page.locator(".filters-clear").press("Enter");
    await page.locator(".filters-clear").waitFor({ state: "detached" });
    assert.equal(await focused(), "transaction-count");
    await page.evaluate(() => (location.hash = "#/transactions?q=khongco"));
    await page.locator(".empty button").press("Enter");
    await page.locator(".empty").waitFor({ state: "detached" });
    assert.equal(await focused(), "transaction-count");
    // The accounts have filters of their own.
    await page.evaluate(() => (location.hash = "#/accounts?q=viet"));
    await page.locator(".account-filters > button").press("Enter");
    await page.locator(".account-filters > button").waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.type), "search");
  });

  test("what_excel_does_to_long_numbers_is_said_when_the_file_is_there", async () => {
    const page = await open();
    await settled(page);
    assert.equal(await page.getByText("Trong Excel").count(), 0);
    await savedFile(page);
    await page.getByRole("status").getByText("Trong Excel").waitFor();
  });

  /** The view, narrowed to an account, of a key that sees neither numbers nor ids of accounts. */
  async function hiding(): Promise<Page> {
    const rows = transactions.map(({ accountId: _, accountNumber: __, ...row }) => row);
    house.stub.fault("transactions", { body: JSON.stringify({ data: rows, complete: true }) });
    house.stub.fault("accounts", { body: JSON.stringify({ data: [{ id: FIRST.id, bank: "Vietcombank" }], complete: true }) });
    return open(`?account=${FIRST.id}`);
  }
});

function problem(): Parameters<Route["fulfill"]>[0] {
  const body = JSON.stringify({ type: "about:blank", title: "x", status: 500, code: "upstream_error", detail: "no", requestId: "r-500" });
  return { status: 500, contentType: "application/problem+json", body };
}

/** Moves up and down at the list's end for many frames, and lets what that asks be sent. */
async function wiggle(page: Page): Promise<void> {
  await askedDuring(page, () =>
    page.evaluate(async () => {
      for (let frame = 0; frame < 20; frame += 1) {
        scrollBy(0, frame % 2 === 0 ? -40 : 40);
        await new Promise(requestAnimationFrame);
      }
    }),
  );
}
