/**
 * Starts the system's Chromium and watches what a page does.
 */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** How it is started: without a window, and without its own sandbox, which root may not have. */
export const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where Chromium is, or undefined. */
export const chromiumPath = process.env["CHROMIUM"] || PLACES.find((place) => existsSync(place));

/** For a test's `skip`: false, or why it cannot run. */
export const noChromium = chromiumPath
  ? false
  : "no Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM to its path";

/** Starts Chromium without a window; `more` are arguments of a test's own. */
export async function startChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? "", args: [...ARGS, ...more] });
}

/** A page, and what went wrong on it or left its host, one line each. */
export interface WatchedPage {
  page: Page;
  complaints: string[];
}

/**
 * Opens a page in a fresh profile. An HTTP error status is no complaint when `failuresExpected`: the browser
 * logs each one as an error of its own accord.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { failuresExpected?: boolean } = {},
): Promise<WatchedPage> {
  const { failuresExpected = false, ...contextOptions } = options;
  const page = await (await browser.newContext(contextOptions)).newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (failuresExpected && message.text().startsWith("Failed to load resource")) return;
    complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== new URL(url).origin) complaints.push(`request: ${request.url()}`);
  });
  await page.exposeFunction("complain", (line: string) => complaints.push(line));
  await page.addInitScript(() => {
    const complain = Reflect.get(window, "complain") as (line: string) => void;
    document.addEventListener("securitypolicyviolation", (event) => {
      complain(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(url);
  return { page, complaints };
}

/** Closes every page and forgets its profile. */
export async function closePages(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** Signs in with the form. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel("Khóa truy cập").fill(key);
  await page.getByRole("button", { name: "Xem giao dịch" }).click();
}
