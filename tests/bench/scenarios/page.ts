/** The page in Chromium: how much it is, how smooth, how soon it shows a payment, and what looking at it costs at SePay. */

import type { Browser } from "playwright-core";

import { noChromium, startChromium } from "../../browser/chromium.ts";
import { filterSpeed, loadAllRows, plainFrames, scrollSpeed } from "../../browser/speed.ts";
import type { Frames, ScrollSpeed } from "../../browser/speed.ts";
import { seededRandom } from "../../sandbox/random.ts";
import { KEY, startSite } from "../../worker/site.ts";
import type { Site } from "../../worker/site.ts";
import { BEAT_MS } from "../../../www/src/state/beat.ts";
import { sleep } from "../ask.ts";
import { pageKb } from "../page/bytes.ts";
import { contentOf, openTab, signedInPage } from "../page/tabs.ts";
import type { Tab } from "../page/tabs.ts";
import { compare, median } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import { REQUESTS_PER_SECOND } from "../site.ts";

/** How much of each is done. */
interface Amounts {
  readonly payments: number;
  /** For how long calls are counted, in beats. */
  readonly beats: number;
  readonly filterRounds: number;
  readonly scrollRounds: number;
}

const USUAL: Amounts = { payments: 20, beats: 24, filterRounds: 5, scrollRounds: 3 };
const QUICK: Amounts = { payments: 2, beats: 2, filterRounds: 1, scrollRounds: 1 };

/** What the three tabs show. */
const VIEWS = ["accounts", "transactions", "accounts"] as const;

const ACCOUNT_NUMBER = "0071000888888";
const SEED = 20261119;

export const page: Scenario = (settings) => {
  const amounts = settings.quick ? QUICK : USUAL;
  return compare(settings, {
    title: "page: in Chromium, on the Worker, 2 calls a second allowed",
    rounds: 1,
    systems: ["ours"],
    figures: {
      first: { label: "first load, gzip -9", unit: "kB" },
      landing: { label: "landing with charts, gzip -9", unit: "kB" },
      rows: { label: "rows in the list", unit: "" },
      frame: { label: "longest frame while scrolling", unit: "ms" },
      task: { label: "longest task while scrolling", unit: "ms" },
      taskCpu: { label: "its longest task by processor time", unit: "ms" },
      frames: { label: "frames while scrolling", unit: "" },
      longFrames: { label: "of these over 50 ms", unit: "" },
      plainFrame: { label: "longest frame over plain lines", unit: "ms" },
      plainLong: { label: "of these frames over 50 ms", unit: "" },
      filterP50: { label: "filter change to paint, p50", unit: "ms" },
      filterMax: { label: "filter change to paint, max", unit: "ms" },
      seenP50: { label: "payment to the last of three tabs, p50", unit: "ms" },
      seenP90: { label: "payment to the last of three tabs, p90", unit: "ms" },
      seenMax: { label: "payment to the last of three tabs, max", unit: "ms" },
      callsOne: { label: "calls at SePay, one tab", unit: "/s" },
      callsThree: { label: "calls at SePay, three tabs", unit: "/s" },
      violations: { label: "violations", unit: "" },
    },
    notes: [
      `${amounts.payments} payments, each at a random moment of the page's beat of ${BEAT_MS} ms; three tabs that are all seen.`,
      "Frames and tasks are the browser's own: requestAnimationFrame, and the trace of its main thread. Plain lines, on a page without script or style, show what the machine does at best.",
    ],
    measure: async () => {
      if (noChromium !== false) throw new Error(noChromium);
      const browser = await startChromium();
      try {
        const bytes = await pageSite((site) => pageKb(browser, site.url, KEY));
        const list = await pageSite((site) => listSpeed(browser, site, amounts));
        return { ...bytes, ...list, ...(await pageSite((site) => liveness(browser, site, amounts))) };
      } finally {
        await browser.close();
      }
    },
  });
};

async function pageSite<T>(work: (site: Site) => Promise<T>): Promise<T> {
  const bindings = { SEPAY_REQUESTS_PER_SECOND: String(REQUESTS_PER_SECOND) };
  const site = await startSite({ bindings, sandbox: { requestsPerSecond: REQUESTS_PER_SECOND } });
  return work(site).finally(() => site.close());
}

async function listSpeed(browser: Browser, site: Site, { filterRounds, scrollRounds }: Amounts) {
  const page = await signedInPage(browser, KEY);
  await page.goto(`${site.url}/#/transactions`);
  const rows = await loadAllRows(page);
  const scrolled: ScrollSpeed[] = [];
  const plain: Frames[] = [];
  for (let round = 0; round < scrollRounds; round += 1) {
    scrolled.push(await scrollSpeed(browser, page));
    plain.push(await plainFrames(browser, page));
  }
  const filters: number[] = [];
  for (let round = 0; round < filterRounds; round += 1) filters.push(...Object.values(await filterSpeed(page)));
  await page.context().close();
  const { p50, max } = percentiles(filters);
  return { rows, ...scrollFigures(scrolled, plain), filterP50: p50, filterMax: max };
}

function scrollFigures(scrolled: readonly ScrollSpeed[], plain: readonly Frames[]) {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    frame: Math.max(...scrolled.map(({ longestFrameMs }) => longestFrameMs)),
    task: Math.max(...scrolled.map(({ longestTaskMs }) => longestTaskMs)),
    taskCpu: Math.max(...scrolled.map(({ longestTaskCpuMs }) => longestTaskCpuMs)),
    frames: sum(scrolled.map(({ frames }) => frames)),
    longFrames: sum(scrolled.map(({ longFrames }) => longFrames)),
    plainFrame: Math.max(...plain.map(({ longestFrameMs }) => longestFrameMs)),
    plainLong: sum(plain.map(({ longFrames }) => longFrames)),
  };
}

async function liveness(browser: Browser, site: Site, { payments, beats }: Amounts) {
  const open = (view: string): Promise<Tab> => openTab(browser, `${site.url}/#/${view}`, KEY);
  const [first, ...others] = VIEWS;
  const tabs = [await open(first)];
  const callsOne = await callsPerSecond(site, beats);
  for (const view of others) tabs.push(await open(view));
  const callsThree = await callsPerSecond(site, beats);
  const delays = await paymentDelays(site, tabs, payments);
  await Promise.all(tabs.map(({ page }) => page.context().close()));
  const { p50, p90, max } = percentiles(delays);
  return { seenP50: p50, seenP90: p90, seenMax: max, callsOne, callsThree, violations: site.sandbox.counters().violations };
}

/** From the booking to the screen of the tab that is last, in milliseconds. */
async function paymentDelays(site: Site, tabs: readonly Tab[], payments: number): Promise<number[]> {
  const random = seededRandom(SEED);
  const delays: number[] = [];
  for (let number = 1; number <= payments; number += 1) {
    await sleep(random.integer(0, BEAT_MS));
    const bookedMs = Date.now();
    site.sandbox.addTransaction({ accountNumber: ACCOUNT_NUMBER, amountIn: 1000 * number, content: contentOf(number) });
    const seenMs = await Promise.all(tabs.map((tab) => tab.seen(number)));
    delays.push(Math.max(...seenMs) - bookedMs);
  }
  return delays;
}

/** Calls of an open page to which nothing happens. Those of its start are over after two beats. */
async function callsPerSecond({ sandbox }: Site, beats: number): Promise<number> {
  await sleep(2 * BEAT_MS);
  const before = sandbox.counters().requests;
  await sleep(beats * BEAT_MS);
  return (1000 * (sandbox.counters().requests - before)) / (beats * BEAT_MS);
}

function percentiles(values: readonly number[]): Record<"p50" | "p90" | "max", number | null> {
  const sorted = values.toSorted((left, right) => left - right);
  return { p50: median(sorted), p90: sorted[Math.ceil(0.9 * sorted.length) - 1] ?? null, max: sorted.at(-1) ?? null };
}
