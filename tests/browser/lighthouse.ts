/**
 * Lighthouse over one page: a cold load in a Chromium of its own, on a phone's slow line or on a desktop, and what it says.
 * Lighthouse is kept, with all that it depends on, in the per-user cache.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ensureIsolated } from "../../scripts/isolated.ts";
import { ARGS, chromiumPath } from "./chromium.ts";

/** What a page is judged as. */
export const DEVICES = ["phone", "desktop"] as const;

/** One of them. */
export type Device = (typeof DEVICES)[number];

/** The categories that count. The page is for nobody's search engine. */
export const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;

/** What to judge. */
export interface Judged {
  /** The address, with its fragment. */
  readonly url: string;
  /** Who is signed in; null: nobody. */
  readonly key: string | null;
  readonly device: Device;
}

/** What Lighthouse said. */
export interface Verdict {
  /** 0..100; null: it could not say. */
  readonly scores: Readonly<Record<(typeof CATEGORIES)[number], number | null>>;
  readonly times: Times;
  /** How fast Lighthouse found this machine; a usual desktop has 1,500 or more, and what is busy has less. */
  readonly machine: number;
  /** What cost points, one line each. */
  readonly faults: readonly string[];
  /** The whole report, as a page. */
  readonly report: string;
}

/** Milliseconds, but for the shift of the layout, which has no unit. */
export interface Times {
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  readonly speedIndexMs: number;
  readonly blockedMs: number;
  readonly layoutShift: number;
}

/** Judges a page. Rejects when it does not load. A busy machine now and then loses the trace: it is then asked once more. */
export async function judge(judged: Judged): Promise<Verdict> {
  return judgeOnce(judged).catch(() => judgeOnce(judged));
}

async function judgeOnce({ url, key, device }: Judged): Promise<Verdict> {
  const { lighthouse, puppeteer } = await tools();
  const browser = await puppeteer.launch({ executablePath: chromiumPath ?? "", args: ARGS });
  try {
    const page = await browser.newPage();
    if (key !== null) await keepKey(page, url, key);
    const flags = { onlyCategories: CATEGORIES, output: "html", logLevel: "error" };
    const result = await lighthouse.default(url, flags, device === "desktop" ? lighthouse.desktopConfig : undefined, page);
    if (result === undefined || result.lhr.runtimeError) throw new Error(`Lighthouse: ${result?.lhr.runtimeError?.message ?? "no result"}`);
    return verdictOf(result);
  } finally {
    await browser.close();
  }
}

/* As the page itself would after a sign-in: for this tab. A file without a script is its origin's too. */
async function keepKey(page: PuppeteerPage, url: string, key: string): Promise<void> {
  await page.goto(new URL("/openapi.json", url).href);
  await page.evaluate((value: string) => sessionStorage.setItem("sepay-edge.key", value), key);
}

function verdictOf({ lhr, report }: LighthouseResult): Verdict {
  const scoreOf = (category: string): number | null => {
    const score = lhr.categories[category]?.score ?? null;
    return score === null ? null : Math.round(100 * score);
  };
  const value = (audit: string): number => lhr.audits[audit]?.numericValue ?? Number.NaN;
  return {
    scores: {
      performance: scoreOf("performance"),
      accessibility: scoreOf("accessibility"),
      "best-practices": scoreOf("best-practices"),
    },
    times: {
      firstPaintMs: value("first-contentful-paint"),
      largestPaintMs: value("largest-contentful-paint"),
      speedIndexMs: value("speed-index"),
      blockedMs: value("total-blocking-time"),
      layoutShift: value("cumulative-layout-shift"),
    },
    machine: Math.round(lhr.environment.benchmarkIndex),
    faults: faultsOf(lhr),
    report: String(report),
  };
}

function faultsOf({ audits, categories }: LighthouseReport): string[] {
  const refs = CATEGORIES.flatMap((category) => categories[category]?.auditRefs ?? []);
  const names = new Set(refs.filter(({ weight }) => weight > 0).map(({ id }) => id));
  return [...names].flatMap((name) => {
    const { score = null, title = name, displayValue = "" } = audits[name] ?? {};
    return score === null || score >= 0.9 ? [] : [`${name}: ${title}${displayValue === "" ? "" : `, ${displayValue}`}`];
  });
}

/* What is used of the two packages; the compiler does not see the folder that they are in. */
interface Lighthouse {
  default(url: string, flags: object, config: object | undefined, page: PuppeteerPage): Promise<LighthouseResult | undefined>;
  readonly desktopConfig: object;
}

interface LighthouseResult {
  readonly lhr: LighthouseReport;
  readonly report: string | string[];
}

interface LighthouseReport {
  readonly audits: Readonly<Record<string, Audit>>;
  readonly categories: Readonly<Record<string, { readonly score: number | null; readonly auditRefs: readonly AuditRef[] }>>;
  readonly environment: { readonly benchmarkIndex: number };
  readonly runtimeError?: { readonly message: string };
}

interface Audit {
  readonly score: number | null;
  readonly title: string;
  readonly displayValue?: string;
  readonly numericValue?: number;
}

interface AuditRef {
  readonly id: string;
  readonly weight: number;
}

interface Puppeteer {
  launch(options: { executablePath: string; args: readonly string[] }): Promise<{
    newPage(): Promise<PuppeteerPage>;
    close(): Promise<void>;
  }>;
}

interface PuppeteerPage {
  goto(url: string): Promise<unknown>;
  evaluate<T>(work: (value: T) => void, value: T): Promise<void>;
}

/** Loads both from the cache; installs them when nobody has. */
async function tools(): Promise<{ lighthouse: Lighthouse; puppeteer: Puppeteer }> {
  const folder = ensureIsolated({
    source: join(import.meta.dirname, "lighthouse"),
    name: "lighthouse",
    what: "Lighthouse, once for this user (some seconds, 180 MB)",
  });
  const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, "node_modules", file)).href);
  const lighthouse = (await load("lighthouse/core/index.js")) as Lighthouse;
  const { default: puppeteer } = (await load("puppeteer-core/lib/puppeteer/puppeteer-core.js")) as { default: Puppeteer };
  return { lighthouse, puppeteer };
}
