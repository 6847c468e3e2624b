/** How tests use the transactions view: open it, wait for it, read it, and read its file. */
import { readFile } from "node:fs/promises";
import { after, afterEach, before } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { List, TransactionJson } from "../worker/expected.ts";
import { KEY, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { closePages, openPage, startChromium } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";

/** A key that hides money and numbers, and one that may not list accounts. */
export const HIDING = "edge_test_key_that_hides_money";
export const NO_ACCOUNTS = "edge_test_key_without_accounts";

/** How the file names directions, and the account that payments go to. */
export const VI = { in: "Tiền vào", out: "Tiền ra", unknown: "Không rõ chiều" };
export const EN = { in: "Money in", out: "Money out", unknown: "Direction unknown" };
export const ACCOUNT = { id: "123", number: "0071000888888" };

/** A site, a browser, and how tests use them. */
export interface House {
  browser: Browser;
  site: Site;
  asked(query?: string): Promise<TransactionJson[]>;
  open(fragment?: string, options?: Parameters<typeof openList>[4]): ReturnType<typeof openList>;
}

/** Starts both for a suite: one of its own for tests that make payments, as the others count rows. */
export function house(): House {
  const made = {
    asked: async (query = "limit=5000") => [...(await made.site.read<List<TransactionJson>>(`/api/transactions?${query}`)).data],
    open: (fragment, options) => openList(made.browser, made.site, KEY, fragment, options),
  } as House;
  const keys = [
    keyEntry(HIDING, { id: "hiding", hide: ["balance", "amountIn", "accountNumber"] }),
    keyEntry(NO_ACCOUNTS, { id: "rows", scopes: ["transactions:read"] }),
  ];
  before(async () => {
    [made.browser, made.site] = await Promise.all([startChromium(), startSite({ keys })]);
  });
  after(async () => {
    await made.browser?.close();
    await made.site?.close();
  });
  afterEach(() => closePages(made.browser));
  return made;
}

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
  const runs = (text: string) => ["\t", "\r", "\n"].includes(text.charAt(0)) || "=+-@＝＋－＠".includes(text.trimStart().charAt(0) || " ");
  const guarded = (text: string) => (runs(text) ? `'${text}` : text);
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
