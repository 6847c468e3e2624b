/**
 * One screenshot of the page in one state, on a site of its own: the sandbox's rows, its last evening on the clock, no motion.
 */
import { setTimeout as sleep } from "node:timers/promises";

import type { Browser, Page } from "playwright-core";

import { seededRandom } from "../sandbox/random.ts";
import { ALL_SCOPES, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";

/** What the page can be shown doing. */
export const STATES = ["accounts", "charts", "transactions", "details", "waiting", "paid", "gate"] as const;

/** One of them. */
export type State = (typeof STATES)[number];

/** How it is shown. */
export interface Shot {
  readonly state: State;
  /** CSS pixels. */
  readonly width: 390 | 1440;
  readonly scheme: "light" | "dark";
  readonly lang: "vi" | "en";
}

const HEIGHT = { 390: 844, 1440: 900 };

/* The README shows them at half of their width or less, so that they are sharp on any screen. */
const SCALE = { 390: 1.1, 1440: 1 };

const KEY = "edge_test_key_that_is_in_no_picture";

/** For how long customers come before the gate is shown, in milliseconds. */
const CUSTOMERS_MS = 90_000;

const ROWS = "[role=grid] [role=row][aria-rowindex]:not([aria-rowindex='1'])";

/** Half an hour after the sandbox's last row. */
const NOW = "2026-11-19T22:30:00+07:00";

/** An order that nobody has paid. */
const ORDER = { code: "DH2011", amount: 1_250_000, account: "123" };
const PAYMENT = { accountNumber: "0071000888888", amountIn: ORDER.amount, content: `${ORDER.code} thanh toan don hang`, code: ORDER.code };

/** Takes it, as PNG. */
export async function shoot(browser: Browser, { state, width, scheme, lang }: Shot): Promise<Buffer> {
  const site = await startSite({
    bindings: { SEPAY_REQUESTS_PER_SECOND: "2" },
    sandbox: { requestsPerSecond: 2, wallClock: () => Date.parse(NOW) },
    keys: [keyEntry(KEY, { id: "pictures", scopes: ALL_SCOPES })],
  });
  const context = await browser.newContext({
    viewport: { width, height: HEIGHT[width] },
    deviceScaleFactor: SCALE[width],
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  try {
    const page = await context.newPage();
    // Only the gate's charts need time to pass.
    if (state === "gate") await page.clock.install({ time: NOW });
    else await page.clock.setFixedTime(NOW);
    await page.addInitScript(({ key, lang }) => {
      sessionStorage.setItem("sepay-edge.key", key);
      localStorage.setItem("sepay-edge.lang", lang);
    }, { key: KEY, lang });
    await SHOWN[state](page, site);
    await page.locator(".view-head").getByText(/22:3\d/).waitFor();
    return await page.screenshot({ animations: "disabled", caret: "hide" });
  } finally {
    await context.close();
    await site.close();
  }
}

/* How each state comes about, until all of it is there. */
const SHOWN: Readonly<Record<State, (page: Page, site: Site) => Promise<void>>> = {
  accounts: showAccounts,
  charts: async (page, site) => {
    await showAccounts(page, site);
    // The account of a shop: beside a company's hundreds of billions nobody would see its days.
    await page.locator("#charts select").selectOption(ORDER.account);
    await page.locator("#charts canvas").first().waitFor();
    await page.locator("#charts").evaluate((charts) => charts.scrollIntoView({ block: "end" }));
  },
  transactions: showTransactions,
  details: async (page, site) => {
    await showTransactions(page, site);
    await page.locator(`${ROWS} >> nth=2`).click();
    await page.locator("dialog[open]").waitFor();
  },
  waiting: showOrder,
  paid: async (page, site) => {
    await showOrder(page, site);
    site.sandbox.addTransaction(PAYMENT);
    await page.locator(".verdict.is-paid").waitFor();
    await page.locator(".payments, .payment").first().waitFor();
  },
  gate: async (page, site) => {
    const customers = visit(site);
    await page.goto(`${site.url}/#/gate`);
    await page.locator(".spark-line").first().waitFor();
    await customers;
  },
};

async function showAccounts(page: Page, site: Site): Promise<void> {
  await page.goto(`${site.url}/#/accounts`);
  await page.locator("#account-cards li").first().waitFor();
  await page.locator("#transaction-rows tr").first().waitFor();
  await page.locator("#charts canvas").first().waitFor();
}

async function showTransactions(page: Page, site: Site): Promise<void> {
  await page.goto(`${site.url}/#/transactions?range=7d`);
  await page.locator(ROWS).first().waitFor();
  await page.locator("section[aria-busy=false] [role=grid]").waitFor();
}

async function showOrder(page: Page, site: Site): Promise<void> {
  await page.goto(`${site.url}/#/paid?${new URLSearchParams({ ...ORDER, amount: String(ORDER.amount) })}`);
  await page.locator(".verdict.is-none").waitFor();
  await page.locator(".qr-code").waitFor();
}

/* Lets a shop's customers ask, most of them the same, so that the gate has something to show. */
async function visit(site: Site): Promise<void> {
  const random = seededRandom(1);
  const asked: Promise<unknown>[] = [];
  for (const endMs = Date.now() + CUSTOMERS_MS; Date.now() < endMs; await sleep(random.integer(100, 900))) {
    const limits = random.chance(0.12) ? [1, 2, 3, 4, 5].map((of) => 10 * of + random.integer(0, 9)) : [100];
    asked.push(...limits.map((limit) => site.ask(`/api/transactions?limit=${limit}`, { cached: true })));
  }
  await Promise.all(asked);
}
