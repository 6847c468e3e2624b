/** What the browser fetches of the page's own files, compressed as well as gzip can. */

import { gzipSync } from "node:zlib";

import type { Browser, Response } from "playwright-core";

/** In kilobytes: what shows the sign-in, and what the landing needs beyond, charts and all. */
export interface PageKb {
  readonly first: number;
  readonly landing: number;
}

/** Loads the page from cold, without a key and with one. */
export async function pageKb(browser: Browser, url: string, key: string): Promise<PageKb> {
  return { first: await fetchedKb(browser, url, null), landing: await fetchedKb(browser, url, key) };
}

async function fetchedKb(browser: Browser, url: string, key: string | null): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const responses: Response[] = [];
    page.on("response", (response) => responses.push(response));
    if (key !== null) await page.addInitScript((value) => sessionStorage.setItem("sepay-edge.key", value), key);
    // The live question comes less often than the half second that is waited for.
    await page.goto(url, { waitUntil: "networkidle" });
    const files = responses.filter((response) => isFile(response.url()));
    const bodies = await Promise.all(files.map((response) => response.body()));
    return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1000;
  } finally {
    await context.close();
  }
}

function isFile(url: string): boolean {
  const { protocol, pathname } = new URL(url);
  return protocol === "http:" && !pathname.startsWith("/api/");
}
