/** How tests use the charts: choose, read what they say, and reckon it anew from the API's rows. */
import type { Page } from "playwright-core";

/** What tests of the charts read of a row. */
export interface Row {
  id: string;
  accountId: string;
  occurredAt: string;
  amountIn: number;
  amountOut: number;
  balance: number;
}

/** And of an account. */
export interface Account {
  id: string;
  bank: string;
  balance: number;
}

/** A line of the table: a day, and digits. */
export type Line = [day: string, ...amounts: bigint[]];

/** The lines of the table, the newest day first. */
export async function linesOf(page: Page): Promise<Line[]> {
  const lines = await page.locator("#charts tbody tr").evaluateAll((rows) =>
    rows.map((row) => [row.querySelector("time")?.dateTime ?? "", ...[...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")]),
  );
  return lines.map(([day = "", ...amounts]) => [day, ...amounts.map(digits)]);
}

export async function footOf(page: Page): Promise<bigint[]> {
  const texts = await page.locator("#charts tfoot td").allTextContents();
  return texts.filter((text) => text !== "").map(digits);
}

export async function chooseRange(page: Page, days: number): Promise<void> {
  await page.getByRole("button", { name: `${days} ngày` }).click();
  await page.locator(`#charts tbody tr:nth-child(${days}):last-child`).waitFor({ state: "attached" });
}

export async function chooseAccount(page: Page, id: string): Promise<void> {
  await page.getByRole("combobox", { name: "Tài khoản" }).selectOption(id);
  await page.locator("#charts .panel").waitFor();
}

/** Waits until the newest day of the table has so much money in. */
export async function untilNewestDayHas(page: Page, amountIn: bigint): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector("#charts tbody td")?.textContent?.replace(/\D/g, "") === wanted,
    String(amountIn),
  );
}

/** What is on the canvas of bars. */
export async function pixelsOf(page: Page): Promise<string> {
  return page.locator(".chart-flows canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

/* Runs in the page: whether a token's colour is on the canvas of bars. It looks at a copy, so that the chart's stays as it is. */
export function hasToken(name: string): boolean {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const chart = document.querySelector<HTMLCanvasElement>(".chart-flows canvas");
  const copy = new OffscreenCanvas(chart?.width ?? 1, chart?.height ?? 1).getContext("2d", { willReadFrequently: true });
  if (chart === null || copy === null) return false;
  copy.drawImage(chart, 0, 0);
  const pixels = new Uint32Array(copy.getImageData(0, 0, chart.width, chart.height).data.buffer);
  // Opaque, blue, green, red: the bytes of a pixel as a little-endian number.
  return pixels.includes(parseInt(`ff${hex.slice(5, 7)}${hex.slice(3, 5)}${hex.slice(1, 3)}`, 16));
}

/** The balance of an account at the end of a day: its newest row until then, or what the next one began with. */
export function balanceAt(account: Account, rows: readonly Row[], day: string): bigint {
  const own = rows.filter(({ accountId }) => accountId === account.id).sort((one, other) => (isLater(one, other) ? 1 : -1));
  const last = own.findLast(({ occurredAt }) => occurredAt.slice(0, 10) <= day);
  if (last) return BigInt(last.balance);
  const [next] = own;
  return next ? BigInt(next.balance) - BigInt(next.amountIn) + BigInt(next.amountOut) : BigInt(account.balance);
}

export function isLater(one: Row, other: Row): boolean {
  return one.occurredAt === other.occurredAt ? BigInt(one.id) > BigInt(other.id) : one.occurredAt > other.occurredAt;
}

export function sum(rows: readonly Row[], field: "amountIn" | "amountOut"): bigint {
  return total(rows.map((row) => BigInt(row[field])));
}

export function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n);
}

export function digits(text: string): bigint {
  return BigInt(text.replace(/\D/g, ""));
}

/** `2026-11-19` as the page writes it: 19/11/2026. */
export function written(day: string): string {
  return day.split("-").toReversed().join("/");
}

export function vietnamDay(ahead: number): string {
  return new Date(Date.now() + 7 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10);
}

/** The sandbox's data end on a day; later charts end there. */
export function expectedLastDay(range: number): string {
  const newest = "2026-11-19";
  return newest >= vietnamDay(1 - range) && newest <= vietnamDay(0) ? vietnamDay(0) : newest;
}
