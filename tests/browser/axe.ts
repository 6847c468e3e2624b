/**
 * Looks at a page with axe-core's eyes.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, Result, RunOptions } from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";

const FILE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/* Everything axe-core judges by itself, the advice besides WCAG too. */
const RUN: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
};

/** Where people look at the page: a telephone and a desk, by day and by night. Each is named, for a test's name. */
export const LOOKS: readonly { name: string; options: BrowserContextOptions }[] = (["light", "dark"] as const).flatMap(
  (colorScheme) => [
    { name: `phone, ${colorScheme}`, options: { viewport: { width: 390, height: 844 }, colorScheme } },
    { name: `desktop, ${colorScheme}`, options: { viewport: { width: 1440, height: 900 }, colorScheme } },
  ],
);

/** Looks at one page in every look, one after the other; `look` is told its name. */
export async function inEveryLook(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  for (const { name, options } of LOOKS) {
    const { viewport, colorScheme } = options;
    if (viewport) await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: colorScheme ?? null });
    await look(name);
  }
}

/**
 * What axe-core finds wrong with the page as it is, one line for each element: the rule, the element, and why. Call it when
 * what is to be judged is on the screen. It needs no permission of the page's policy, since it comes by the debugger's door.
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(FILE, "utf8"));
  // A colour on its way to another has the contrast of neither.
  await page.evaluate(settled);
  const results = await page.evaluate<AxeResults, RunOptions>((options) => Reflect.get(window, "axe").run(document, options), RUN);
  return results.violations.flatMap(linesOf);
}

/* Those without an end, like a skeleton's, are not waited for. */
async function settled(): Promise<void> {
  const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

function linesOf({ id, nodes }: Result): string[] {
  return nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary?.replace(/\s+/g, " ")}`);
}
