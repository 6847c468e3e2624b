/** What the views are on paper: what is known, without what can be pressed, and no page without end. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noChromium } from "./chromium.ts";
import { landed, visit } from "./landing.ts";
import { incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";
import { rowsCounted, settled } from "./transactions-page.ts";

/* A4 between margins of 12 mm, in CSS pixels. */
const PAPER = { width: 703, height: 1032 };
const MOST = 9_007_199_254_740;

const WHOLE = { vi: "Tệp CSV có cả danh sách.", en: "The CSV file has the whole list." };

describe("print", { skip: noChromium, timeout: 120_000 }, () => {
  const house = stubHouse();

  const open = async (at: string, width = 1440) =>
    (await visit(house.browser, house.stub, { at, viewport: { width, height: 900 } })).page;

  const fill = (count: number) => {
    for (let id = 6000; id < 6000 + count; id += 1) house.stub.add(incoming(id, "0071000888888", "2025-11-21T08:00:00+07:00", MOST, `MBVCB.${id}.DH777002.CT tu 0123456789 LE VAN D toi 0071000888888 tai Vietcombank`, "DH777002"));
  };

  for (const width of [390, 1440]) {
    test(`a_long_list_is_what_is_drawn_and_names_the_file_that_has_it_all: ${width} px`, async () => {
      fill(600);
      const page = await open("#/transactions", width);
      await rowsCounted(page, 500);
      await page.evaluate(() => scrollTo(0, 9000));
      const drawn = await drawnAtRest(page);
      assert.ok(await pagesOf(page) <= 3, `${await pagesOf(page)} pages`);
      assert.deepEqual([await page.evaluate(() => scrollY), await drawnAtRest(page)], [9000, drawn], "printing moves nothing");
      assert.match((await page.locator(".print-only").textContent()) ?? "", new RegExp(`^Bản in chỉ có ${drawn} trong 500 giao dịch`));
      await onPaper(page);
      assert.deepEqual(await sentences(page), [WHOLE.vi]);
      assert.deepEqual(await page.evaluate(wrong), []);
      await onScreen(page, width);
      assert.deepEqual(await sentences(page), []);
      await page.getByRole("button", { name: "English" }).click();
      await onPaper(page);
      assert.deepEqual(await sentences(page), [WHOLE.en]);
    });
  }

  test("a_list_that_is_drawn_whole_names_no_file_and_keeps_its_filters", async () => {
    const page = await open("#/transactions?account=19&dir=in");
    await rowsCounted(page, 2);
    await onPaper(page);
    assert.deepEqual(await sentences(page), []);
    assert.equal(await page.locator(".active-filters .chip").last().isVisible(), true);
    assert.deepEqual(await page.evaluate(wrong), []);
    assert.equal(await pagesOf(page), 1);
  });

  test("accounts_and_charts_fit_on_paper", async () => {
    fill(12);
    const page = await open("#/accounts");
    // As when printed: nobody tells the charts that their room is another.
    await page.addInitScript(() => Reflect.set(ResizeObserver.prototype, "observe", () => {}));
    await page.reload();
    await landed(page);
    const size = await page.locator(".chart-flows canvas").boundingBox();
    assert.ok(size && size.width > PAPER.width);
    assert.ok(await pagesOf(page) <= 3, `${await pagesOf(page)} pages`);
    await onPaper(page);
    assert.deepEqual(await page.evaluate(wrong), []);
    assert.equal(await page.locator(".card .money").first().isVisible(), true);
  });

  test("an_order_is_its_verdict_its_payments_and_its_code", async () => {
    fill(1);
    const page = await open(`#/paid?code=DH777002&amount=${MOST + 1}&account=18`);
    await page.locator(".verdict.is-part").waitFor();
    await page.locator(".qr-code").waitFor();
    await settledOrder(page);
    assert.ok(await pagesOf(page) <= 2, `${await pagesOf(page)} pages`);
    await onPaper(page);
    for (const part of [".verdict-word", ".qr-code", "#counted .money", ".pay-facts"]) assert.ok(await page.locator(part).first().isVisible(), part);
    assert.deepEqual(await page.evaluate(wrong), []);
  });
});

async function settledOrder(page: Page): Promise<void> {
  await page.getByText("Đã tìm trong tất cả giao dịch").waitFor();
}

/* How many rows are drawn once nothing moves. */
async function drawnAtRest(page: Page): Promise<number> {
  await settled(page);
  const count = () => page.locator("#transaction-rows tr").count();
  for (let before = -1; ; ) {
    const now = await count();
    if (now === before) return now;
    before = now;
    await page.evaluate(async () => {
      for (let frame = 0; frame < 12; frame += 1) await new Promise(requestAnimationFrame);
    });
  }
}

async function onPaper(page: Page): Promise<void> {
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(PAPER);
}

async function onScreen(page: Page, width: number): Promise<void> {
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width, height: 900 });
}

/* The pages of a file as Chromium writes it. */
async function pagesOf(page: Page): Promise<number> {
  const file = (await page.pdf({ format: "A4" })).toString("latin1");
  return file.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/* Whether the file is named, and how. */
async function sentences(page: Page): Promise<string[]> {
  const texts = await page.locator(".print-only:visible").allTextContents();
  return texts.map((text) => /[^.]+\.$/.exec(text)?.[0].trim() ?? text);
}

/* Runs in the page: what can be pressed and is seen all the same, what runs over the paper, and amounts that are cut. */
function wrong(): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`wider than the paper by ${root.scrollWidth - root.clientWidth} px`);
  const kept = ".active-filters button, .chart-choices select, .chart-cursor";
  for (const part of document.querySelectorAll(".bar, .nav, a, button, input, select, summary, [role=slider]")) {
    if (part.checkVisibility() && !part.matches(kept)) found.push(`${part.tagName} ${part.className} ${part.textContent}`);
  }
  for (const part of document.querySelectorAll(".money, canvas")) {
    const { left, right, width } = part.getBoundingClientRect();
    const frame = part.closest("td, .panel")?.getBoundingClientRect();
    if (width > 0 && frame && (left < frame.left - 1 || right > frame.right + 1)) found.push(`out of its frame: ${part.textContent}`);
    if (part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0) found.push(`cut: ${part.textContent}`);
  }
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => row.getBoundingClientRect()).filter(({ height }) => height > 0);
  rows.forEach(({ top }, n) => {
    if (top < (rows[n - 1]?.bottom ?? top) - 1) found.push(`row ${n} lies on the one before`);
  });
  return found;
}
