/**
 * The transactions view in Chromium, on the real Worker and sandbox: what it shows, saves and shares is compared with what the
 * API gives.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import type { TransactionJson } from "../worker/expected.ts";
import { LOOKS, violations } from "./axe.ts";
import { noChromium } from "./chromium.ts";
import { ACCOUNT, EN, HIDING, NO_ACCOUNTS, VI, focusedRow, house, lineOf, openList, rowAt, rowsCounted, savedFile, settled } from "./transactions-page.ts";

describe("transactions", { skip: noChromium, timeout: 300_000 }, () => {
  const here = house();
  const { asked, open } = here;

  for (const { name, options } of LOOKS.filter(({ options }) => options.colorScheme === "light")) {
    test(`rows_details_and_filters_are_in_order_for_everybody: ${name.replace("light", "light and dark")}`, async () => {
      const { page, complaints } = await open("?q=dh&dir=in", options);
      await rowAt(page, 5).waitFor();
      await settled(page);
      const fold = page.getByRole("button", { name: "Bộ lọc (2)" });
      if (await fold.isVisible()) {
        assert.equal(await page.locator("#text-filter").isVisible(), false);
        assert.equal(await fold.getAttribute("aria-expanded"), "false");
        await fold.click();
      }
      assert.equal(await page.locator("#text-filter").inputValue(), "dh");
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(page), []);
        await rowAt(page, 1).click();
        await page.getByRole("dialog").waitFor();
        assert.deepEqual(await violations(page), []);
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
      assert.deepEqual(complaints, []);
    });
  }

  test("rows_read_as_the_api_gives_them", async () => {
    const { page, complaints } = await open();
    await rowsCounted(page, 500);
    for (const [index, row] of (await asked("limit=8")).entries()) {
      const cells = rowAt(page, index);
      assert.equal(await cells.locator("td.when time").getAttribute("datetime"), row.occurredAt);
      assert.match((await cells.locator("td.when time").textContent()) ?? "", /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/);
      assert.equal(await cells.locator("td.account .number").textContent(), row.accountNumber);
      assert.equal(await cells.locator("td.content").textContent(), row.content);
      const amount = (await cells.locator("td.amount .money").textContent()) ?? "";
      assert.equal(amount.replace(/[.\u00a0₫]/g, ""), row.direction === "in" ? `+${row.amountIn}` : `\u2212${row.amountOut}`);
      assert.equal(await cells.locator("td.amount .word").textContent(), VI[row.direction as "in" | "out"]);
      assert.ok(await cells.evaluate((tr, name) => tr.classList.contains(name), `is-${row.direction}`));
    }
    assert.deepEqual(complaints, []);
  });

  test("five_thousand_rows_are_loaded_and_few_are_drawn", async () => {
    const { page, complaints } = await open();
    await rowsCounted(page, 500);
    await page.getByText(/^Chưa đầy đủ: mới có 500 giao dịch mới nhất, cũ nhất là từ \d\d\/\d\d\/\d{4}/).waitFor();
    await page.getByRole("button", { name: "Tải đến 5.000 giao dịch" }).click();
    await rowsCounted(page, 5000);
    await page.getByText("SePay chỉ trả nhiều nhất 5.000 giao dịch.").waitFor();
    assert.equal(await page.getByRole("grid").getAttribute("aria-rowcount"), "5001");
    const rows = await asked();
    for (const part of [0.3, 0.77, 1]) {
      await page.evaluate((part) => scrollTo(0, part * document.documentElement.scrollHeight), part);
      await untilCovered(page);
      const seen = await drawn(page);
      assert.ok(seen.length > 8 && seen.length < 50, `${seen.length} rows are drawn`);
      for (const { index, content } of seen) assert.equal(content, rows[index]?.content);
    }
    assert.deepEqual(complaints, []);
  });

  test("each_filter_keeps_what_it_says_and_nothing_else", async () => {
    const rows = await asked();
    const sample = rows.find(({ direction, reference }) => direction === "out" && reference !== null);
    assert.ok(sample?.reference);
    const day = (row: TransactionJson) => row.occurredAt.slice(0, 10);
    const cases: [string, (row: TransactionJson) => boolean][] = [
      ["?from=2026-11-18&to=2026-11-18", (row) => day(row) === "2026-11-18"],
      ["?from=2026-11-19&to=2026-11-18", (row) => day(row) >= "2026-11-18"],
      [`?account=${ACCOUNT.id}&from=2026-11-15`, (row) => row.accountNumber === ACCOUNT.number && day(row) >= "2026-11-15"],
      [`?ref=${encodeURIComponent(sample.reference)}`, (row) => row.reference === sample.reference],
      [`?dir=out&min=${sample.amountOut}&max=${sample.amountOut}`, (row) => row.amountOut === sample.amountOut],
      ["?from=2026-11-10&min=1000000&max=5000000", (row) => day(row) >= "2026-11-10" && isBetween(row, 1_000_000, 5_000_000)],
      ["?from=2026-11-10&dir=out", (row) => day(row) >= "2026-11-10" && row.direction === "out"],
      ["?from=2026-11-10&q=CHUYỂN+đh", (row) => day(row) >= "2026-11-10" && /chuyen/i.test(row.content) && /dh/i.test(row.content + row.code)],
    ];
    const { page, complaints } = await open();
    for (const [fragment, fits] of cases) {
      await page.evaluate((hash) => (location.hash = hash), `#/transactions${fragment}`);
      const wanted = rows.filter(fits);
      assert.ok(wanted.length > 0 && wanted.length < 500, `${fragment}: ${wanted.length}`);
      await rowsCounted(page, wanted.length);
      assert.deepEqual((await savedFile(page)).lines.slice(1).map((line) => line.at(-1)), wanted.map(({ id }) => id), fragment);
      await page.getByText("Đã tải đủ mọi giao dịch.").waitFor();
    }
    assert.deepEqual(complaints, []);
  });

  test("days_by_name_are_those_of_vietnam", async () => {
    // Six in the evening in London, and the next day in Vietnam already.
    const { page } = await open("", { timezoneId: "Europe/London" });
    await page.clock.setFixedTime("2026-11-18T18:00:00Z");
    await page.reload();
    await page.getByRole("button", { name: "Hôm nay", exact: true }).click();
    const today = (await asked()).filter(({ occurredAt }) => occurredAt.startsWith("2026-11-19"));
    await rowsCounted(page, today.length);
    assert.match((await savedFile(page)).name, /^giao-dich_2026-11-19_2026-11-19\.csv$/);
  });

  test("what_is_chosen_stands_in_the_address_and_opens_the_same_view_elsewhere", async () => {
    const { page, complaints } = await open();
    await rowsCounted(page, 500);
    await page.locator("#account-filter").selectOption(ACCOUNT.id);
    await page.locator("#from-filter").fill("2026-11-01");
    await page.locator("#min-filter").pressSequentially("1500000");
    assert.equal(await page.locator("#min-filter").inputValue(), "1.500.000");
    await page.getByRole("button", { name: "Tiền vào", exact: true }).click();
    await page.locator("#text-filter").pressSequentially("dh");
    await page.waitForFunction(() => /q=dh/.test(location.hash) && /min=1500000/.test(location.hash) && /from=2026-11-01/.test(location.hash));
    await page.getByText("Đã tải đủ mọi giao dịch.").waitFor();
    await settled(page);
    const { lines } = await savedFile(page);
    const wanted = (await asked("limit=5000&account=0071000888888&from=2026-11-01")).filter(
      (row) => row.amountIn >= 1_500_000 && /dh/i.test([row.content, row.code, row.reference].join()),
    );
    assert.deepEqual(lines.slice(1).map((line) => line.at(-1)), wanted.map(({ id }) => id));
    const address = new URL(page.url());
    assert.equal(address.href.includes(ACCOUNT.number), false, "an account's number is in the address");
    const other = await open(address.hash.replace("#/transactions", ""));
    await rowsCounted(other.page, wanted.length);
    assert.deepEqual((await savedFile(other.page)).lines, lines);
    assert.equal(await other.page.locator("#text-filter").inputValue(), "dh");
    assert.equal(await other.page.locator("#min-filter").inputValue(), "1.500.000");
    assert.deepEqual([...complaints, ...other.complaints], []);
  });

  test("filters_that_hold_are_seen_and_taken_away_one_by_one_or_all", async () => {
    const { page } = await open("?q=dh&dir=in&range=nonsense&min=100000");
    await settled(page);
    const held = page.getByRole("list", { name: "Đang lọc" }).getByRole("button");
    assert.deepEqual(await held.allTextContents(), ["“dh”", "Tiền vào", "từ 100.000\u00a0₫"]);
    await held.nth(1).click();
    await page.waitForFunction(() => !location.hash.includes("dir="));
    assert.equal(await page.evaluate(() => document.activeElement?.id), "transaction-count");
    await page.getByRole("button", { name: "Xóa bộ lọc" }).click();
    await page.waitForFunction(() => location.hash === "#/transactions");
    await rowsCounted(page, 500);
    assert.equal(await page.locator("#min-filter").inputValue(), "");
    // A search that finds nothing says what to do.
    await page.locator("#text-filter").fill("khongcogiaodichnao");
    await page.getByText("Không có giao dịch nào khớp").waitFor();
    await page.getByText("Bộ lọc chỉ tìm trong số này.").waitFor();
    await page.locator(".empty").getByRole("button", { name: "Xóa bộ lọc" }).click();
    await rowsCounted(page, 500);
  });

  test("in_english_everything_is_in_english", async () => {
    const { page } = await open("?from=2026-11-18&to=2026-11-19", { lang: "en" });
    await page.getByText("All transactions are here.").waitFor();
    const rows = await asked("limit=5000&from=2026-11-18&to=2026-11-19");
    assert.equal(await page.locator("#transaction-count").textContent(), `${rows.length} transactions`);
    const { name, lines } = await savedFile(page);
    assert.equal(name, "transactions_2026-11-18_2026-11-19.csv");
    assert.equal(lines[0]?.join(), "Time,Bank,Account number,Virtual account (VA),Direction,Money in (VND),Money out (VND),Balance (VND),Content,Payment code,Reference,SePay's transaction id");
    assert.deepEqual(lines.slice(1), rows.map((row) => lineOf(row, EN)));
    assert.match((await rowAt(page, 0).locator(".amount").textContent()) ?? "", /^[+\u2212]₫[\d,]+ Money (in|out)$/);
    await rowAt(page, 0).click();
    await page.getByRole("dialog", { name: "Transaction details" }).waitFor();
    // What banks and payers wrote is in their language.
    const said = await page.evaluate(() => {
      const main = document.querySelector("main")?.cloneNode(true) as HTMLElement;
      for (const data of main.querySelectorAll("option, td.content, dd")) data.remove();
      return main.textContent ?? "";
    });
    assert.match(said, /Clear filters/);
    assert.doesNotMatch(said, /[à-ỹ]/i);
    const [sumIn, sumOut] = await page.locator(".summary-sums .money").allTextContents();
    assert.equal(sumIn?.replace(/\D/g, ""), String(rows.reduce((sum, row) => sum + row.amountIn, 0)));
    assert.equal(sumOut?.replace(/\D/g, ""), String(rows.reduce((sum, row) => sum + row.amountOut, 0)));
    assert.deepEqual([sumIn?.charAt(0), sumOut?.charAt(0)], ["+", "\u2212"]);
  });

  test("the_keyboard_alone_leads_everywhere", async () => {
    const { page, complaints } = await open();
    await rowsCounted(page, 500);
    await page.locator("#reference-filter").focus();
    for (let steps = 0; (await focusedRow(page)) === null && steps < 6; steps += 1) await page.keyboard.press("Tab");
    await untilFocused(page, 0);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await untilFocused(page, 2);
    await page.keyboard.press("PageDown");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-rowindex") !== "4");
    const below = await focusedRow(page);
    assert.ok(below !== null && below > 6 && below < 20, `${below}`);
    assert.ok(await isFocusSeen(page));
    // Rows that were booked late come in between and may push the row away: they wait until it was looked at.
    const held = Promise.withResolvers<void>();
    await page.route(/limit=5000/, async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.keyboard.press("End");
    await page.waitForFunction((at) => Number(document.activeElement?.getAttribute("aria-rowindex")) > at, 500);
    assert.ok(await isFocusSeen(page));
    held.resolve();
    // The end was reached, so more rows come. Some were booked late and come in between; the same row keeps the focus.
    const rows = await asked();
    const last = highest(rows, 500).at(-1);
    await rowsCounted(page, 5000);
    const at = rows.findIndex(({ id }) => id === last?.id);
    await untilFocused(page, at);
    await page.keyboard.press("ArrowDown");
    await untilFocused(page, at + 1);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Chi tiết giao dịch" });
    await dialog.waitFor();
    assert.match((await dialog.textContent()) ?? "", new RegExp(rows[at + 1]?.id ?? "?"));
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await untilFocused(page, at + 1);
    await page.keyboard.press("Home");
    await untilFocused(page, 0);
    await page.keyboard.press("Tab");
    assert.equal(await focusedRow(page), null, "the table is one step for the tab key");
    assert.deepEqual(complaints, []);
  });

  test("the_row_that_has_the_focus_stays_however_far_one_scrolls", async () => {
    const { page } = await open();
    await rowsCounted(page, 500);
    await rowAt(page, 3).focus();
    await page.evaluate(() => scrollTo(0, 12_000));
    await rowAt(page, 200).waitFor();
    await untilFocused(page, 3);
    await page.keyboard.press("ArrowDown");
    await untilFocused(page, 4);
    assert.ok(await isFocusSeen(page));
    // The end that is scrolled to brings more.
    await page.mouse.move(600, 600);
    await page.mouse.wheel(0, 60_000);
    await rowsCounted(page, 5000);
  });

  test("what_the_key_may_not_see_is_masked_and_empty_in_the_file", async () => {
    const { page } = await openList(here.browser, here.site, HIDING, "?from=2026-11-19");
    await page.getByText("Đã tải đủ mọi giao dịch.").waitFor();
    assert.equal(await page.locator("td.account .number").first().textContent(), "•••");
    assert.equal(await page.locator(".summary-sums .money").first().textContent(), "•••");
    const { lines } = await savedFile(page);
    for (const line of lines.slice(1)) assert.deepEqual([line[2], line[5], line[7]], ["", "", ""]);
    // An account whose number is hidden is found among the rows.
    await page.evaluate((id) => (location.hash = `#/transactions?account=${id}&from=2026-11-18`), ACCOUNT.id);
    const rows = await asked("limit=5000&account=0071000888888&from=2026-11-18");
    await rowsCounted(page, rows.length);
  });

  test("a_key_without_accounts_chooses_among_those_of_its_rows", async () => {
    const { page } = await openList(here.browser, here.site, NO_ACCOUNTS);
    await rowsCounted(page, 500);
    await page.locator("#account-filter").selectOption(ACCOUNT.id);
    await settled(page);
    const numbers = await page.locator("td.account .number").allTextContents();
    assert.deepEqual([...new Set(numbers)], [ACCOUNT.number]);
  });

  test("an_answer_that_fails_leaves_the_live_rows_and_says_so", async () => {
    const { page } = await open("", { failuresExpected: true });
    await rowsCounted(page, 500);
    here.site.sandbox.addFault({ kind: "status", status: 500, path: "2026-11-02" });
    await page.locator("#from-filter").fill("2026-11-02");
    await page.getByRole("alert").getByText("Mã lỗi").waitFor();
    await page.getByText(/^Chưa đầy đủ: mới có 1\d\d giao dịch mới nhất/).waitFor();
    await rowAt(page, 0).waitFor();
    here.site.sandbox.clearFaults();
    await page.getByText("Đã tải đủ mọi giao dịch.").or(page.getByText(/mới có 500/)).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });
});

/** The rows that SePay gives at most so many of: those with the highest ids, in the order of the list. */
function highest(rows: readonly TransactionJson[], limit: number): TransactionJson[] {
  const ids = new Set(rows.map(({ id }) => Number(id)).sort((left, right) => right - left).slice(0, limit));
  return rows.filter(({ id }) => ids.has(Number(id)));
}

function isBetween({ direction, amountIn, amountOut }: TransactionJson, min: number, max: number): boolean {
  const amount = direction === "in" ? amountIn : amountOut;
  return amount >= min && amount <= max;
}

function drawn(page: Page): Promise<{ index: number; content: string | null }[]> {
  return page.locator("#transaction-rows tr").evaluateAll((rows) =>
    rows.map((row) => ({ index: Number(row.getAttribute("aria-rowindex")) - 2, content: row.querySelector("td.content")?.textContent ?? null })),
  );
}

/** Waits until a row is at the screen's middle: the list draws in the frame after the one that it was scrolled in. */
async function untilCovered(page: Page): Promise<void> {
  await page.waitForFunction(() => document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("#transaction-rows tr"));
}

/** Waits until the row at this place has the focus. */
async function untilFocused(page: Page, index: number): Promise<void> {
  await page.waitForFunction((at) => document.activeElement?.getAttribute("aria-rowindex") === at, String(index + 2));
}

/** Whether the row that has the focus lies whole between the bar and the lower edge. */
function isFocusSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const box = document.activeElement?.getBoundingClientRect();
    const bar = document.querySelector("thead")?.getBoundingClientRect().bottom ?? 0;
    return box !== undefined && box.top >= bar - 1 && box.bottom <= innerHeight;
  });
}
