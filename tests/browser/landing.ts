/**
 * How tests find their way about the page's first view.
 */
import type { Browser, Locator, Page } from "playwright-core";
import { openPage, signIn } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";
import type { Site } from "./site.ts";

/** How to come: the options of `openPage`, another key than the site's, and where to, `#/accounts?q=hoa`. */
type Visit = Parameters<typeof openPage>[2] & { key?: string; at?: string };

/** Opens the page in a fresh profile and signs in. Failures are no complaints. */
export async function visit(browser: Browser, site: Site, { key = site.key, at = "", ...options }: Visit = {}): Promise<WatchedPage> {
  const opened = await openPage(browser, `${site.url}/${at}`, { failuresExpected: true, ...options });
  await signIn(opened.page, key);
  return opened;
}

/** Likewise, and waits for accounts, rows, and whatever is fetched when it is first shown. */
export async function land(browser: Browser, site: Site, options: Visit = {}): Promise<WatchedPage> {
  const opened = await visit(browser, site, options);
  await landed(opened.page);
  return opened;
}

/** Waits for accounts, rows, and whatever is fetched when it is first shown. */
export async function landed(page: Page): Promise<void> {
  await page.locator(".card").first().waitFor();
  await newest(page).getByText(/₫/).first().waitFor();
  await page.waitForFunction(() => document.querySelector(".waiting, .skeleton") === null);
}

/** The part of the landing with the newest transactions. */
export function newest(page: Page): Locator {
  return page.getByRole("region", { name: /^(Giao dịch mới nhất|Newest transactions)$/ });
}

/** The part of the landing with the accounts. */
export function accountsPart(page: Page): Locator {
  return page.getByRole("region", { name: /^(Tài khoản|Accounts)$/ });
}

/** What the page asks the Worker meanwhile, path and query. What was on its way before does not count. */
export async function askedDuring(page: Page, act: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const note = (request: { url(): string }) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(pathname + search);
  };
  page.on("request", note);
  await act();
  // Requests are told in their order: with the last one, all before it are known, even if it finds no network.
  await page.evaluate(() => fetch("/style.css", { cache: "no-store" }).catch(() => null));
  page.off("request", note);
  return asked;
}

/** Begins anew with a clock that the test turns; the key is still there. */
export async function withOwnClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.reload();
  await landed(page);
}

/** Lets the page believe that its tab is seen, or not. */
export async function setSeen(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isSeen ? "visible" : "hidden");
}
