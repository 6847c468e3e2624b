/**
 * Those who use the keyboard stay where they are: Tab through the bar moves no page.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noChromium } from "./chromium.ts";
import { visit } from "./landing.ts";
import { incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";
import { rowsCounted } from "./transactions-page.ts";

const FAR_PX = 12_000;

describe("the keyboard's place", { skip: noChromium, timeout: 120_000 }, () => {
  const house = stubHouse();

  const open = async (at: string, width = 1440) => {
    // What tests fail on purpose is no complaint, and the order that is waited for is nobody's.
    const { page } = await visit(house.browser, house.stub, { at, viewport: { width, height: 900 } });
    return page;
  };

  /* More than a first question brings. */
  const fill = () => {
    for (let id = 6000; id < 6600; id += 1) house.stub.add(incoming(id, "0071000888888", "2025-11-21T08:00:00+07:00", 1000, `pay ${id}`, null));
  };

  for (const width of [390, 1440]) {
    test(`tab_through_the_bar_moves_no_page: ${width} px`, async () => {
      fill();
      const page = await open("#/transactions", width);
      await rowsCounted(page, 500);
      const stops = await page.locator(".skip, .bar :is(a, button)").count();
      await page.evaluate((top) => scrollTo(0, top), FAR_PX);
      await page.locator(".actions button").last().evaluate((button) => (button as HTMLElement).focus({ preventScroll: true }));
      const seen: string[] = [];
      for (const key of [...Array<string>(stops - 1).fill("Shift+Tab"), ...Array<string>(stops - 1).fill("Tab")]) {
        await page.keyboard.press(key);
        seen.push(await page.evaluate(whereAfterFrames));
      }
      assert.deepEqual(seen.filter((line) => !line.startsWith(`${FAR_PX} `)), []);
      assert.equal(seen[stops - 2], `${FAR_PX} Đến nội dung chính`);
      assert.equal(seen.at(-1), `${FAR_PX} Đăng xuất`);
    });
  }
});

/* Runs in the page: how far it is scrolled, and what has the focus. */
async function whereAfterFrames(): Promise<string> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  return `${scrollY} ${document.activeElement?.textContent ?? ""}`;
}
