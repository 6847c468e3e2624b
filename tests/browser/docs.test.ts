/** The pages /docs and /docs/en in a browser: readable on a phone and on a desk, in the light and in the dark, without a script. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";

import { closePages, noChromium, openPage, startChromium } from "./chromium.ts";
import { startSite } from "./site.ts";
import type { Site } from "./site.ts";

/** The least contrast of text with what is behind it (WCAG 2.2, 1.4.3). */
const CONTRAST = 4.5;

describe("the pages /docs in a browser", { skip: noChromium, timeout: 120_000 }, () => {
  let site: Site;
  let browser: Browser;
  before(async () => {
    [site, browser] = await Promise.all([startSite(), startChromium()]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const path of ["/docs", "/docs/en"]) {
    for (const [width, colorScheme] of [[320, "light"], [390, "dark"], [768, "light"], [1280, "dark"]] as const) {
      test(`${path} fits ${width} px, in ${colorScheme}`, async () => {
        const { page, complaints } = await openPage(browser, site.url + path, { viewport: { width, height: 800 }, colorScheme });
        const wide = await page.evaluate(() => {
          const width = document.documentElement.clientWidth;
          // What is pasted scrolls by itself.
          const outside = [...document.querySelectorAll("main *:not(pre *)")].filter((element) => element.getBoundingClientRect().right > width + 1);
          return [document.documentElement.scrollWidth > width ? "the page" : "", ...outside.map((element) => element.outerHTML.slice(0, 120))].filter(Boolean);
        });
        assert.deepEqual(wide, []);
        assert.ok((await page.evaluate(leastContrast)) >= CONTRAST);
        assert.deepEqual(complaints, []);
        await closePages(browser);
      });
    }
  }

  test("every program can be reached with the keyboard alone, and opened", async () => {
    const { page } = await openPage(browser, `${site.url}/docs`);
    await page.locator("#listTransactions summary").nth(1).focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.locator("#listTransactions details").nth(1).locator("pre").isVisible());
    await closePages(browser);
  });
});

/** Runs in the page. The least contrast of any text with the nearest background that is not see-through. */
function leastContrast(): number {
  const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([red = 0, green = 0, blue = 0]: number[]): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): number[] => {
    const colour = element === null ? [255, 255, 255] : channels(getComputedStyle(element).backgroundColor);
    return element !== null && colour[3] === 0 ? behind(element.parentElement) : colour;
  };
  const texts = [...document.querySelectorAll("body *")].filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()));
  const contrasts = texts.map((element) => {
    const [lower = 0, higher = 0] = [light(channels(getComputedStyle(element).color)), light(behind(element))].sort((one, other) => one - other);
    return (higher + 0.05) / (lower + 0.05);
  });
  return Math.min(...contrasts);
}
