/** Tabs of the page that are signed in, and when each of them had a payment on its screen. */

import type { Browser, Page } from "playwright-core";

/** Marks the content of a payment that is measured; a number follows. */
const MARK = "BENCH";

/** The longest that is waited for, in milliseconds. */
const LONGEST_MS = 15_000;

/** A tab. */
export interface Tab {
  readonly page: Page;
  /** When the payment with this number was on the screen, in milliseconds since the Unix epoch. */
  seen(number: number): Promise<number>;
}

/** What stands in the content of a payment. */
export function contentOf(number: number): string {
  return `${MARK}${number}X`;
}

/** Opens an empty page in a profile of its own, in which whoever loads the site is signed in. */
export async function signedInPage(browser: Browser, key: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.addInitScript((value) => sessionStorage.setItem("sepay-edge.key", value), key);
  return page;
}

/** Opens a tab, signed in, and watches what is on its screen. */
export async function openTab(browser: Browser, url: string, key: string): Promise<Tab> {
  const page = await signedInPage(browser, key);
  const times = new Map<number, number>();
  const waiting = new Map<number, (atMs: number) => void>();
  await page.exposeFunction("tellPayment", (number: number, atMs: number) => {
    times.set(number, atMs);
    waiting.get(number)?.(atMs);
  });
  await page.addInitScript(watchPayments, MARK);
  await page.goto(url);
  const seen = (number: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`payment ${number} is not on the screen after ${LONGEST_MS} ms`)), LONGEST_MS);
      const told = (atMs: number): void => (clearTimeout(timer), resolve(atMs));
      const known = times.get(number);
      if (known === undefined) waiting.set(number, told);
      else told(known);
    });
  return { page, seen };
}

/* Runs in the page before its own script. A message that is posted in a frame comes when the frame is drawn. */
function watchPayments(mark: string): void {
  const tell = Reflect.get(window, "tellPayment") as (number: number, atMs: number) => void;
  const told = new Set<number>();
  const pattern = new RegExp(`${mark}(\\d+)X`, "g");
  const look = (): void => {
    for (const [, digits] of (document.getElementById("main")?.textContent ?? "").matchAll(pattern)) {
      const number = Number(digits);
      if (told.has(number)) continue;
      told.add(number);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => tell(number, Date.now());
        port2.postMessage(null);
      });
    }
  };
  const watched = { subtree: true, childList: true, characterData: true };
  document.addEventListener("DOMContentLoaded", () => new MutationObserver(look).observe(document.body, watched));
}
