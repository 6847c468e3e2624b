/**
 * The page in a browser on the real Worker, whose sandbox allows two calls a second as SePay does: a payment is on every
 * screen soon after it was made, and more tabs cost SePay nothing.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { money } from "../../www/src/format.ts";
import { BEAT_MS } from "../../www/src/state/beat.ts";
import { KEY, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { closePages, noChromium, signIn, startChromium } from "./chromium.ts";
import { landed, newest } from "./landing.ts";

const PER_SECOND = 2;
const ACCOUNT = "0071000888888";
const LIST = "/userapi/transactions/list";
const BEATS = 8;
const EARLY_MS = 150;
const PAYMENTS = 5;

describe("live page", { skip: noChromium }, () => {
  let browser: Browser;
  let site: Site;

  before(async () => {
    const bindings = { SEPAY_REQUESTS_PER_SECOND: String(PER_SECOND) };
    const sandbox = { requestsPerSecond: PER_SECOND };
    [browser, site] = await Promise.all([startChromium(), startSite({ bindings, sandbox })]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(() => closePages(browser));

  test("payment_is_on_every_screen_and_announced_and_the_balance_follows", async (t) => {
    const pages = await tabs(3, "one browser");
    const delays: number[] = [];
    for (let n = 0; n < PAYMENTS; n += 1) {
      const content = `Thanh toan don hang thu ${n}`;
      // At another moment of the beat each time.
      await sleep((BEAT_MS / PAYMENTS) * n);
      const sentMs = performance.now();
      site.sandbox.addTransaction({ accountNumber: ACCOUNT, amountIn: 1000 + n, content });
      delays.push(...(await Promise.all(pages.map((page) => shown(page, content, sentMs)))));
      const announced = `Giao dịch mới: +${money(1000 + n)}`;
      await Promise.all(pages.map((page) => page.getByRole("status").getByText(announced).waitFor({ state: "attached" })));
    }
    const balance = site.sandbox.data().accounts.find(({ number }) => number === ACCOUNT)?.balance ?? null;
    const follows = pages.map((page) => page.locator(".card").getByText(money(balance), { exact: true }).waitFor());
    await Promise.all(follows);
    t.diagnostic(`from SePay to three screens, ms: ${delays.map(Math.round).sort((a, b) => a - b).join(", ")}`);
    assert.equal(delays.length, 3 * PAYMENTS);
  });

  for (const kind of ["one browser", "three browsers"] as const) {
    test(`three_tabs_cost_no_more_calls_than_one: ${kind}`, async (t) => {
      const [one] = await tabs(1, kind);
      const alone = await callsOf(one);
      await closePages(browser);
      const [first] = await tabs(3, kind);
      const together = await callsOf(first);
      t.diagnostic(`calls for transactions in ${BEATS} beats: ${alone.length} with one tab, ${together.length} with three`);
      // A beat that comes late in a busy browser lets the next one find its answer still fresh: fewer calls, never more.
      assert.ok(alone.length > BEATS / 2, "a lonely tab asks");
      for (const calls of [alone, together]) assert.deepEqual(calls, [...new Set(calls)], "no beat has two calls");
      assert.equal(site.sandbox.counters().violations, 0);
    });
  }

  async function tabs(count: number, kind: "one browser" | "three browsers"): Promise<Page[]> {
    const contexts: BrowserContext[] = [];
    for (let n = 0; n < (kind === "one browser" ? 1 : count); n += 1) contexts.push(await browser.newContext());
    const opened = Array.from({ length: count }, (_, n) => tab(contexts[n % contexts.length] as BrowserContext));
    return Promise.all(opened);
  }

  async function tab(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(site.url);
    await signIn(page, KEY);
    await landed(page);
    return page;
  }

  /*
   * The beats in which SePay was asked for transactions, each as often as it was, of so many whole ones. They are counted
   * from a little before a beat to a little before the next, since two clocks are compared: so no call stands at an edge.
   */
  async function callsOf(page: Page | undefined): Promise<number[]> {
    assert.ok(page);
    const beatOf = (ms: number) => Math.floor((ms + EARLY_MS) / BEAT_MS);
    await answered(page);
    const first = beatOf(Date.now()) + 1;
    while (beatOf(Date.now()) < first + BEATS) await answered(page);
    const epochMs = Date.now() - performance.now();
    const calls = site.sandbox.requests().filter(({ target }) => target.startsWith(LIST));
    return calls.map(({ atMs }) => beatOf(epochMs + atMs)).filter((beat) => beat >= first && beat < first + BEATS);
  }
});

async function answered(page: Page): Promise<void> {
  const response = await page.waitForResponse((each) => each.url().endsWith("/api/transactions?limit=20"));
  assert.equal(response.status(), 200);
}

async function shown(page: Page, content: string, sentMs: number): Promise<number> {
  await newest(page).getByText(content).first().waitFor();
  return performance.now() - sentMs;
}
