/**
 * The transactions view in Chromium while payments come in, harmless and hostile ones, on the real Worker and sandbox.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import type { Transaction } from "../sandbox/model.ts";
import type { NewTransaction } from "../sandbox/store.ts";
import { noChromium } from "./chromium.ts";
import { HOSTILE } from "./stub-data.ts";
import { ACCOUNT, VI, focusedRow, house, lineOf, rowAt, rowsCounted, savedFile, settled } from "./transactions-page.ts";

describe("transactions that come in", { skip: noChromium, timeout: 300_000 }, () => {
  const here = house();
  const { asked, open } = here;

  /** Makes a payment; each of a test has words of its own. */
  const pay = (rest: Partial<NewTransaction> = {}): Transaction =>
    here.site.sandbox.addTransaction({ accountNumber: ACCOUNT.number, amountIn: 123_456, content: "chuyen tien", ...rest });

  test("nothing_runs_over_at_any_width", async () => {
    pay({ content: "X".repeat(300), code: "Y".repeat(60), referenceNumber: "Z".repeat(90), amountIn: 9_007_199_254_740 });
    const { page } = await open(`?q=${"w".repeat(100)}`);
    await settled(page);
    for (const width of [320, 390, 768, 834, 960, 1024, 1030, 1290, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      for (const [fragment, shown] of [[`?q=${"w".repeat(100)}`, page.locator(".empty")], ["", rowAt(page, 5)]] as const) {
        await page.evaluate((fragment) => (location.hash = `#/transactions${fragment}`), fragment);
        await shown.waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${width} px`);
      }
      const heights = await page.evaluate(() => [...document.querySelectorAll("#transaction-rows tr")].map((row) => row.scrollHeight - row.clientHeight));
      assert.deepEqual([...new Set(heights)], [0], `a row's text runs over at ${width} px`);
      const amounts = page.locator("#transaction-rows .amount, #transaction-rows .money, .summary .money");
      const cut = await amounts.evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent));
      assert.deepEqual(cut, [], `amounts are cut at ${width} px`);
    }
  });

  test("the_file_is_the_api_row_by_row", async () => {
    for (const content of ['=HYPERLINK("http://evil.example","x")', "+84 900 =1", "@SUM(1)", "-1", 'a "b", c', "dòng 1\ndòng 2", HOSTILE]) pay({ content });
    const { page, complaints } = await open();
    await page.getByRole("button", { name: "Tải đến 5.000 giao dịch" }).click();
    await rowsCounted(page, 5000);
    const rows = await asked();
    const { name, bytes, lines } = await savedFile(page);
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(lines[0]?.[0], "Thời gian");
    assert.equal(lines.length, 5001);
    assert.deepEqual(lines.slice(1), rows.map((row) => lineOf(row, VI)));
    assert.match(name, new RegExp(`^giao-dich_${rows.at(-1)?.occurredAt.slice(0, 10)}_\\d{4}-\\d\\d-\\d\\d-khong-day-du\\.csv$`));
    assert.equal(await page.locator("#export-extent").textContent(), "5.000 dòng, chưa đầy đủ");
    assert.deepEqual(complaints, []);
  });

  test("details_show_every_field_and_copy_it", async () => {
    const paid = pay({ content: `${HOSTILE} ${"dài ".repeat(80)}hết`, code: "DH777", subAccount: "VA9", referenceNumber: "REF.9" });
    const { page, complaints } = await open("", { permissions: ["clipboard-write"] });
    await page.evaluate(recordCopies);
    await rowAt(page, 0).getByText("dài dài").waitFor();
    await rowAt(page, 0).click();
    const dialog = page.getByRole("dialog");
    const text = (await dialog.textContent()) ?? "";
    for (const part of [paid.content, "VA9", "REF.9", "DH777", ACCOUNT.number, String(paid.id), "Vietcombank", "123.456\u00a0₫"]) assert.ok(text.includes(part), part);
    for (const button of await dialog.getByRole("button", { name: /^Chép/ }).all()) {
      await button.click();
      await button.locator("xpath=following-sibling::*[@role='status']").getByText("Đã chép").waitFor();
    }
    const copied = await page.evaluate(() => Reflect.get(window, "copies") as string[]);
    assert.deepEqual(copied, ["123456", paid.content, "DH777", "REF.9", ACCOUNT.number, String(paid.id)]);
    assert.equal(await page.locator("main script, main img").count(), 0);
    await dialog.getByRole("button", { name: "Đóng" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
  });

  test("a_payment_comes_in_by_itself_marked_as_new_and_only_where_it_fits", async () => {
    const { page } = await open("?dir=in&q=moi+toanh");
    const other = await open("?dir=out&from=2026-01-01");
    await Promise.all([settled(page), settled(other.page)]);
    const shown = await other.page.locator("#transaction-count").textContent();
    pay({ content: "Mới toanh" });
    await rowAt(page, 0).getByText("Mới toanh").waitFor();
    assert.ok(await rowAt(page, 0).evaluate((tr) => tr.classList.contains("is-new")));
    await other.page.getByRole("status").getByText("+123.456").first().waitFor({ state: "attached" });
    await rowAt(page, 0).and(page.locator(":not(.is-new)")).waitFor();
    assert.equal(await other.page.locator("#transaction-count").textContent(), shown);
  });

  test("rows_that_come_in_above_move_nothing_that_is_being_read", async () => {
    const { page } = await open();
    await settled(page);
    await page.evaluate(() => scrollTo(0, 4000));
    await rowAt(page, 64).waitFor();
    const before = await placesOf(page);
    pay({ content: "Tren dau trang" });
    await page.getByRole("status").getByText("Giao dịch mới").waitFor({ state: "attached" });
    await page.waitForFunction((count) => Number(document.querySelector("[role=grid]")?.getAttribute("aria-rowcount")) > count, before.count);
    const after = await placesOf(page);
    const kept = Object.keys(before.tops).filter((content) => content in after.tops);
    assert.ok(kept.length > 10, `${kept.length} rows are on the screen still`);
    for (const content of kept) assert.equal(after.tops[content], before.tops[content], content);
    await page.evaluate(() => scrollTo(0, 0));
    await rowAt(page, 0).getByText("Tren dau trang").waitFor();
  });

  test("who_sees_the_beginning_sees_new_rows_push_in", async () => {
    const { page } = await open();
    await settled(page);
    await rowAt(page, 0).focus();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const before = await focused();
    pay({ content: "Day xuong" });
    await rowAt(page, 0).getByText("Day xuong").waitFor();
    assert.equal(await focused(), before);
    assert.notEqual(await focusedRow(page), 0);
  });

  test("who_wants_no_movement_sees_new_rows_marked_without_it", async () => {
    const { page } = await open("", { reducedMotion: "reduce" });
    await settled(page);
    const plain = await background(page, 4);
    pay({ content: "Dung yen" });
    await rowAt(page, 0).getByText("Dung yen").waitFor();
    assert.notEqual(await background(page, 0), plain);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  });
});

/** Runs in the page, whose policy lets nobody read the clipboard: keeps what was written there, once the browser took it. */
function recordCopies(): void {
  const copies: string[] = [];
  const write = navigator.clipboard.writeText.bind(navigator.clipboard);
  navigator.clipboard.writeText = async (text) => {
    await write(text);
    copies.push(text);
  };
  Object.assign(window, { copies });
}

/** Where the drawn rows stand on the screen, by their time and text, and how many rows the list has. */
async function placesOf(page: Page): Promise<{ tops: Record<string, number>; count: number }> {
  return page.evaluate(() => {
    const rows = [...document.querySelectorAll("#transaction-rows tr")];
    const tops = rows.map((row) => [row.textContent ?? "", Math.round(row.getBoundingClientRect().top)] as const);
    return { tops: Object.fromEntries(tops), count: Number(document.querySelector("[role=grid]")?.getAttribute("aria-rowcount")) };
  });
}

function background(page: Page, index: number): Promise<string> {
  return rowAt(page, index).evaluate((tr) => getComputedStyle(tr).backgroundColor);
}
