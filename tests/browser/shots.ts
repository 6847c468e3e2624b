/**
 * One screenshot of the page in one state, on a site of its own: the sandbox's rows, its last evening on the clock, no motion.
 */
import type { Browser, Page } from "playwright-core";
import { ALL_SCOPES, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";

/** What the page can be shown doing. */
export const STATES = ["accounts", "transactions", "details", "waiting", "paid", "gate"] as const;

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
const SCALE = { 390: 1.25, 1440: 1 };

const KEY = "edge_test_key_that_is_in_no_picture";

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
    await page.clock.install({ time: NOW });
    await page.addInitScript(({ key, lang }) => {
      sessionStorage.setItem("sepay-edge.key", key);
      localStorage.setItem("sepay-edge.lang", lang);
    }, { key: KEY, lang });
    await SHOWN[state](page, site);
    return await page.screenshot({ animations: "disabled", caret: "hide" });
  } finally {
    await context.close();
    await site.close();
  }
}

/* How each state comes about, until all of it is there. */
const SHOWN: Readonly<Record<State, (page: Page, site: Site) => Promise<void>>> = {
  accounts: async (page, site) => {
    await page.goto(`${site.url}/#/accounts`);
    await page.locator("#account-cards li").first().waitFor();
    await page.locator("#transaction-rows tr").first().waitFor();
  },
  transactions: async (page, site) => {
    await page.goto(`${site.url}/#/transactions`);
  },
  details: async (page, site) => {
    await page.goto(`${site.url}/#/transactions`);
  },
  waiting: showOrder,
  paid: async (page, site) => {
    await showOrder(page, site);
    site.sandbox.addTransaction(PAYMENT);
  },
  gate: async (page, site) => {
    await page.goto(`${site.url}/#/gate`);
  },
};

async function showOrder(page: Page, site: Site): Promise<void> {
  await page.goto(`${site.url}/#/paid?${new URLSearchParams({ ...ORDER, amount: String(ORDER.amount) })}`);
}
