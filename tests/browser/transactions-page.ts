/** How tests use the transactions view: open it, wait for it, read it, and read its file. */
import { readFile } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { TransactionJson } from "../worker/expected.ts";
import { openPage } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";

/** What a file says: its name, its head and its lines, without the mark at its beginning. */
export interface SavedFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly lines: readonly string[][];
}

/** Opens an address of the view, signed in, in a language. */
export async function openList(
  browser: Browser,
  site: { url: string },
  key: string,
  fragment = "",
  options: BrowserContextOptions & { lang?: "vi" | "en"; failuresExpected?: boolean } = {},
): Promise<WatchedPage> {
  const { lang = "vi", ...rest } = options;
  const opened = await openPage(browser, `${site.url}/docs`, rest);
  await opened.page.evaluate(
    ([key, lang]) => {
      sessionStorage.setItem("sepay-edge.key", key);
      localStorage.setItem("sepay-edge.lang", lang);
    },
    [key, lang] as const,
  );
  await opened.page.goto(`${site.url}/#/transactions${fragment}`);
  return opened;
}

/** Waits until SePay has answered what the page asks now. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main section[aria-busy="false"]').waitFor();
}

/** Waits until the list has this many rows, and SePay has answered. */
export async function rowsCounted(page: Page, count: number): Promise<void> {
  const text = new Intl.NumberFormat("vi-VN").format(count);
  await page.locator("#transaction-count", { hasText: new RegExp(`^${text} giao dịch$`) }).waitFor();
  await settled(page);
}

/** The row at this place of the list, counted from 0, if it is drawn. */
export function rowAt(page: Page, index: number) {
  return page.locator(`#transaction-rows tr[aria-rowindex="${index + 2}"]`);
}

/** The place of the row that has the focus; null when none has it. */
export function focusedRow(page: Page): Promise<number | null> {
  return page.evaluate(() => {
    const at = document.activeElement?.getAttribute("aria-rowindex") ?? null;
    return at === null ? null : Number(at) - 2;
  });
}

/** Saves the file, and reads it. */
export async function savedFile(page: Page): Promise<SavedFile> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".summary-export button").click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, lines: linesOf(bytes.toString("utf8").slice(1)) };
}

/** What the file has to say of a transaction as the API gives it. */
export function lineOf(row: TransactionJson, directions: Record<string, string>): string[] {
  const { occurredAt, bank, accountNumber, subAccount, direction, amountIn, amountOut, balance, content, code, reference, id } = row;
  const texts = [occurredAt, bank, accountNumber, subAccount ?? "", directions[direction] ?? "?"];
  const guarded = (text: string) => ("=+-@\t\r".includes(text.charAt(0)) && text !== "" ? `'${text}` : text);
  return [...texts.map(guarded), String(amountIn), String(amountOut), String(balance), ...[content, code ?? "", reference ?? "", id].map(guarded)];
}

/* RFC 4180, and strict: what it does not allow throws. */
function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let at = 0; at < text.length; at = cell.lastIndex) {
    const [, written = "", end] = cell.exec(text) ?? [];
    if (end === undefined) throw new Error(`no cell at ${at}: ${text.slice(at, at + 40)}`);
    line.push(written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written);
    if (end === "\r\n") lines.push(line.splice(0));
  }
  return lines;
}
