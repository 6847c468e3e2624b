/**
 * The gate's view on the real Worker, at the pace of SePay's pages: two requests a second. What it says has to follow what is
 * done to the sandbox behind it.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ALL_SCOPES, KEY, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { inEveryLook, violations } from "./axe.ts";
import { closePages, noChromium, openPage, startChromium } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";

const WHOLE_KEY = "edge_test_key_that_sees_the_gate";
const GATE_KEY = "edge_test_key_that_sees_nothing_else";

describe("gate", { skip: noChromium }, () => {
  let browser: Browser;
  let site: Site;

  before(async () => {
    const keys = [keyEntry(WHOLE_KEY, { id: "whole", scopes: ALL_SCOPES }), keyEntry(GATE_KEY, { id: "gate", scopes: ["metrics:read"] })];
    const bindings = { SEPAY_REQUESTS_PER_SECOND: "2" };
    [browser, site] = await Promise.all([startChromium(), startSite({ keys, bindings, sandbox: { requestsPerSecond: 2 } })]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(async () => {
    site.sandbox.clearFaults();
    await closePages(browser);
  });

  test("a_quiet_gate_is_free_and_counts_what_the_page_asks", async () => {
    const { page, complaints } = await atTheGate();
    await says(page, /Đang rảnh: câu hỏi mới được gửi đi ngay\./);
    assert.equal(await page.locator(".lamp").count(), 2);
    const values = page.locator("figure.spark", { hasText: "Yêu cầu đến SePay mỗi giây" });
    await values.getByText(/từ \d,\d đến [01],\d, hiện là/).waitFor({ state: "attached" });
    await values.getByText(/giới hạn 2/).waitFor();
    assert.deepEqual(complaints, []);
  });

  test("a_429_that_somebody_else_caused_is_named_and_passes", async () => {
    const { page, complaints } = await atTheGate({ lang: "en" });
    await says(page, /^Free/);
    // Shorter than the ten seconds that the page's own questions wait, whoever else stands before them.
    site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 6, count: 1 });
    await says(page, /^SePay said 429: somebody else uses the token; going on in [1-9] s\.$/);
    await page.locator(".lamp.is-held", { hasText: "held back" }).first().waitFor();
    await figure(page, "Pause after a 429", /^[1-9]\u00a0s, by somebody else's use of the token$/);
    await page.locator(".gate-verdict [role=status]", { hasText: "somebody else" }).waitFor({ state: "attached" });
    // It runs out by itself, without another look.
    const looks = Promise.withResolvers<void>();
    await page.route("**/api/status", async (route) => {
      await looks.promise;
      await route.continue();
    });
    await says(page, /^(Free|Both)/);
    looks.resolve();
    await figure(page, "429s by somebody else", /^1$/);
    assert.deepEqual(complaints, []);
  });

  test("a_slow_sepay_keeps_the_slots_busy_and_the_queue_full", async () => {
    const { page, complaints } = await atTheGate({ lang: "en" });
    await says(page, /^Free/);
    site.sandbox.addFault({ kind: "latency", ms: 4000 });
    const asked = [3, 4, 5, 6].map((limit) => site.ask(`/api/transactions?limit=${limit}`, { headers: { Prefer: "wait=25" } }));
    await says(page, /^Both slots are busy; ([2-9] questions wait|1 question waits); a new one waits about \d+(\.\d)? s\./);
    await page.locator(".lamp.is-inFlight", { hasText: "asking SePay" }).nth(1).waitFor();
    await says(page, /SePay answers slowly: it takes about [1-4]\.\d s\.$/);
    site.sandbox.clearFaults();
    await Promise.all(asked);
    assert.deepEqual(complaints, []);
  });

  test("a_sepay_that_is_down_is_called_so", async () => {
    const { page } = await atTheGate({ lang: "en" }, { failuresExpected: true });
    await says(page, /^Free/);
    site.sandbox.addFault({ kind: "status", status: 503 });
    // The breaker opens after five failures in a row over five seconds, and shuts when a question is answered. The page alone,
    // which asks less and less, would take long.
    await asking(says(page, /^SePay does not answer: the gate tries one question at a time/));
    await figure(page, "Circuit breaker", /^open: SePay is taken to be down$/);
    site.sandbox.clearFaults();
    await asking(says(page, /^(Free|Both)/));
    await figure(page, "times SePay was down", /^1$/);
  });

  /* Asks SePay until something has happened. */
  async function asking(happening: Promise<void>): Promise<void> {
    const happened = happening.then(() => true);
    while (!(await Promise.race([happened, site.ask("/api/accounts/count").then(() => false)])));
  }

  test("the_pages_own_questions_are_shown_with_where_their_time_went", async () => {
    const { page, complaints } = await atTheGate({ lang: "en" });
    const rows = page.locator("table.asked tbody tr");
    await rows.nth(4).waitFor();
    const texts = await rows.allInnerTexts();
    assert.ok(texts.some((text) => /\/api\/transactions\s+\d\d:\d\d:\d\d · SePay was asked\s+\d+\sms\s+\d+\sms\s+\d+\sms/.test(text)), texts.join("\n"));
    assert.ok(texts.some((text) => /\/api\/tickets\/self\s+\d\d:\d\d:\d\d · not from SePay\s+\d+\sms\s+—\s+—/.test(text)), texts.join("\n"));
    assert.ok(texts.every((text) => !text.includes("?") && !text.includes("/api/status")));
    assert.deepEqual(complaints, []);
  });

  test("the_last_questions_are_twenty_however_many_there_were", async () => {
    const { page } = await atTheGate({ lang: "en" });
    // More than the 250 that a browser keeps by itself.
    await page.evaluate(async () => {
      for (let n = 0; n < 260; n += 1) await (await fetch(`/api/none-of-these/${n}`)).text();
    });
    const rows = page.locator("table.asked tbody tr");
    await rows.filter({ hasText: "/api/none-of-these/259" }).waitFor();
    assert.equal(await rows.count(), 20);
  });

  test("looking_costs_sepay_nothing_and_stops_when_nobody_sees_it", async () => {
    // A key that may do nothing else: whatever SePay is asked, it is for the looking.
    const { page } = await atTheGate({ key: GATE_KEY });
    let looks = 0;
    page.on("request", (request) => void (new URL(request.url()).pathname === "/api/status" && (looks += 1)));
    await says(page, /./);
    const { requests: asked } = site.sandbox.counters();
    while (looks < 2) await page.waitForResponse(/\/api\/status$/);
    assert.equal(site.sandbox.counters().requests, asked, "SePay is not asked");
    await page.clock.install();
    await hide(page, true);
    const before = looks;
    await page.clock.runFor(20_000);
    assert.equal(looks, before, "hidden");
    const seen = page.waitForRequest(/\/api\/status$/);
    await hide(page, false);
    await seen;
    await page.context().setOffline(true);
    await page.getByText("Không có mạng.").waitFor();
    const offline = looks;
    await page.clock.runFor(20_000);
    assert.equal(looks, offline, "offline");
  });

  test("the_gates_history_outlives_a_visit_to_another_view", async () => {
    const { page } = await atTheGate({ lang: "en" });
    await page.getByText("The last values as a table").click();
    const rows = page.locator(".gate-values tbody tr");
    await rows.nth(2).waitFor();
    await page.getByRole("link", { name: "Accounts" }).click();
    await page.getByRole("heading", { name: "Accounts", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Gate" }).click();
    await page.getByText("The last values as a table").click();
    assert.ok((await rows.count()) >= 3);
  });

  test("a_key_without_metrics_read_is_told_so_and_asks_nothing", async () => {
    const { page, complaints } = await atTheGate({ key: KEY });
    let looks = 0;
    page.on("request", (request) => void (new URL(request.url()).pathname === "/api/status" && (looks += 1)));
    await page.getByText("Khóa này không được xem phần này").waitFor();
    await page.getByText("metrics:read").waitFor();
    await page.waitForResponse(/\/api\/transactions/);
    assert.equal(looks, 0);
    assert.equal(await page.getByRole("link", { name: "Cổng SePay" }).count(), 0);
    assert.deepEqual(complaints, []);
  });

  test("the_gate_can_be_read_with_the_keyboard_alone", async () => {
    const { page } = await atTheGate({ lang: "en" });
    await says(page, /./);
    await page.locator("table.asked").waitFor();
    await page.getByRole("main").focus();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SUMMARY");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "The last values as a table");
  });

  test("nothing_is_wrong_with_the_view_in_any_look_or_language", async () => {
    const { page, complaints } = await atTheGate();
    await page.locator("table.asked tbody tr").first().waitFor();
    await page.locator(".gate-values summary").click();
    await page.locator(".gate-values tbody tr").nth(1).waitFor();
    await inEveryLook(page, async (look) => {
      for (const title of ["Cổng SePay", "The gate to SePay"]) {
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
        assert.deepEqual(await violations(page), [], look);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, look);
        await page.getByRole("button", { name: /English|Tiếng Việt/ }).click();
      }
    });
    assert.deepEqual(complaints, []);
  });

  async function atTheGate(
    { key = WHOLE_KEY, lang = "vi" }: { key?: string; lang?: "vi" | "en" } = {},
    options: BrowserContextOptions & { failuresExpected?: boolean } = {},
  ): Promise<WatchedPage> {
    const watched = await openPage(browser, `${site.url}/#/gate`, options);
    await watched.page.evaluate(
      ([name, chosen]) => {
        sessionStorage.setItem("sepay-edge.key", name);
        localStorage.setItem("sepay-edge.lang", chosen);
      },
      [key, lang] as const,
    );
    await watched.page.reload();
    return watched;
  }
});

async function says(page: Page, sentence: RegExp): Promise<void> {
  await page.locator(".gate-verdict > p", { hasText: sentence }).waitFor();
}

async function figure(page: Page, name: string, value: RegExp): Promise<void> {
  await page.locator(".gate-figure", { has: page.getByText(name, { exact: true }) }).locator("dd", { hasText: value }).waitFor();
}

/* As a browser does when another tab is chosen. */
async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (hidden ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}
