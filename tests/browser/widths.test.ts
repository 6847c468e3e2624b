/**
 * Every view from a small phone to a desk, with as much money as a row may hold: nothing scrolls sideways, no amount is cut, and
 * what is chosen is told from what is not, with the system's colours too.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { VIEWS } from "../../www/src/address.ts";
import { noChromium } from "./chromium.ts";
import { land } from "./landing.ts";
import { accounts, incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";

/* 13 digits, the most that is written of any account. */
const MOST = 9_007_199_254_740;

/* In steps, and just above the widths at which the layout becomes another: there the most has to find room. */
const STEPS = Array.from({ length: 36 }, (_, step) => 32 * step);
const WIDTHS = {
  vi: [...STEPS.map((px) => 320 + px), 833, 1025, 1281],
  en: [320, ...STEPS.map((px) => 336 + px), 833, 1025, 1281],
};

/* What each view shows when it is all there. */
const SHOWN = {
  accounts: ".card, #charts canvas",
  transactions: "#transaction-rows tr",
  paid: ".verdict",
  gate: "table.asked",
} satisfies Record<(typeof VIEWS)[number], string>;

const AT = { accounts: "", transactions: "", paid: `?code=DH777001&amount=${MOST}&account=18`, gate: "" };

/* An order of which most was paid: two long amounts beside each other, and a third that is missing. */
const PART_PAID = `?code=DH777002&amount=${MOST}`;

describe("page at every width", { skip: noChromium, timeout: 300_000 }, () => {
  const house = stubHouse();

  for (const language of ["vi", "en"] as const) {
    test(`nothing_scrolls_sideways_and_no_amount_is_cut_at_any_width: ${language}`, async () => {
      const { page, complaints } = await rich();
      if (language === "en") await page.getByRole("button", { name: "English" }).click();
      for (const view of VIEWS) {
        await show(page, view);
        if (view === "accounts") await page.locator(".account-filters summary").click();
        assert.deepEqual(await wrongAtAny(page, WIDTHS[language]), [], view);
      }
      await show(page, "paid", PART_PAID);
      await page.locator(".verdict.is-part").waitFor();
      assert.deepEqual(await wrongAtAny(page, WIDTHS[language]), [], "partly paid");
      await show(page, "transactions");
      await page.locator("#transaction-rows tr").first().click();
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await wrongAtAny(page, WIDTHS[language]), [], "details");
      assert.deepEqual(complaints, []);
    });
  }

  test("opening_the_filters_moves_neither_their_button_nor_the_search", async () => {
    const { page } = await land(house.browser, house.stub);
    const places = () => page.locator(".account-filters summary, .account-search").evaluateAll((parts) => parts.map((part) => JSON.stringify(part.getBoundingClientRect())));
    for (const width of [320, 390, 500, 640, 740, 834, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const before = await places();
      await page.locator(".account-filters summary").click();
      assert.deepEqual(await places(), before, `${width} px`);
      await page.locator(".account-filters summary").click();
    }
  });

  test("what_is_chosen_is_told_apart_in_the_systems_colours", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.emulateMedia({ forcedColors: "active" });
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await show(page, "accounts");
      const charts = await page.locator("#charts .chip").evaluateAll(looksOf, "aria-pressed");
      await show(page, "transactions");
      const chips = await page.locator(".filters .chip").evaluateAll(looksOf, "aria-pressed");
      const views = await page.locator(".nav a").evaluateAll(looksOf, "aria-current");
      for (const { chosen, others } of [charts, chips, views]) {
        assert.ok(chosen.length > 0 && others.length > 0);
        for (const look of chosen) assert.ok(!others.includes(look), `${width} px: ${look}`);
      }
    }
  });

  /* Lands with the most that there is: in a row and a sum of today, in a balance and in the total. */
  async function rich() {
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const row = incoming(9001, "0071000888888", `${today}T00:00:01+07:00`, MOST, "X".repeat(300), "Y".repeat(60));
    house.stub.add({ ...row, reference: "Z".repeat(90) });
    house.stub.add({ ...row, id: "9003", amountIn: MOST - 1_000_000_000_000, content: "DH777002", code: "DH777002" });
    house.stub.add({ ...row, id: "9002", direction: "out", amountIn: 0, amountOut: MOST });
    const [first, ...others] = accounts;
    house.stub.fault("accounts", { body: JSON.stringify({ data: [{ ...first, balance: MOST - 990_000_000 }, ...others], complete: true }) });
    return land(house.browser, house.stub, { failuresExpected: false });
  }
});

async function show(page: Page, view: (typeof VIEWS)[number], at = AT[view]): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/${view}${at}`);
  for (const part of SHOWN[view].split(", ")) await page.locator(part).first().waitFor();
}

async function wrongAtAny(page: Page, widths: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    found.push(...(await page.evaluate(wrong)).map((line) => `at ${width} px: ${line}`));
  }
  return found;
}

/* Runs in the page, once charts have taken their new size: what runs over, one line each. */
async function wrong(): Promise<string[]> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const root = document.documentElement;
  const found: string[] = [];
  if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls by ${root.scrollWidth - root.clientWidth} px`);
  const boxOf = (element: Element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  };
  for (const box of document.querySelectorAll("dialog, .panel")) {
    if (box.scrollWidth > box.clientWidth) found.push(`${box.className} scrolls by ${box.scrollWidth - box.clientWidth} px`);
  }
  for (const cell of document.querySelectorAll(".money, td.amount")) {
    if (cell.scrollWidth > cell.clientWidth && cell.clientWidth > 0) found.push(`${cell.className} lacks ${cell.scrollWidth - cell.clientWidth} px: ${cell.textContent}`);
    const text = boxOf(cell);
    const frame = cell.closest("tr, .panel, dl, dialog")?.getBoundingClientRect();
    if (frame && text.width > 0 && (text.left < frame.left || text.right > frame.right)) found.push(`out of its frame: ${cell.textContent}`);
  }
  for (const row of document.querySelectorAll("#transaction-rows tr")) {
    const cells = [...row.children].filter((cell) => cell.checkVisibility()).map((cell) => cell.getBoundingClientRect());
    const isOver = cells.some((one, n) => cells.some((other, m) => n < m && one.right > other.left + 0.5 && other.right > one.left + 0.5 && one.bottom > other.top + 0.5 && other.bottom > one.top + 0.5));
    if (isOver) found.push(`cells lie on each other: ${row.textContent?.slice(0, 20)}`);
  }
  const labels = [...document.querySelectorAll(".nav a span")].map(boxOf);
  labels.forEach(({ left, height }, n) => {
    const before = labels[n - 1];
    if (before && left - before.right < 8) found.push(`label ${n} is ${left - before.right} px from the one before`);
    if (height > 30) found.push(`label ${n} is broken`);
  });
  return found;
}

/* Runs in the page: how those look that have the attribute, and how those that have not, one text each. */
function looksOf(elements: Element[], attribute: string): { chosen: string[]; others: string[] } {
  const looks = { chosen: [] as string[], others: [] as string[] };
  for (const element of elements) {
    const { color, backgroundColor, borderTopWidth } = getComputedStyle(element);
    const isChosen = ["true", "page"].includes(element.getAttribute(attribute) ?? "");
    looks[isChosen ? "chosen" : "others"].push(`${color} on ${backgroundColor}, ${borderTopWidth}`);
  }
  return looks;
}
