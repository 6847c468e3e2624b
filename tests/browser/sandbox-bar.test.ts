/**
 * The sandbox's bar, as `npm start` serves it: a payment made there has to be in the sandbox and on the page.
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
const BLIND_KEY = "edge_test_key_that_sees_no_transactions";
const OTHER_KEY = "edge_test_key_of_another_account";

/* Rows that the sandbox begins with. */
const SEEDED = 12_000;

type Options = BrowserContextOptions & { key?: string; lang?: "vi" | "en"; failuresExpected?: boolean };

describe("sandbox bar", { skip: noChromium }, () => {
  let browser: Browser;
  let site: Site;
  const made = () => site.sandbox.data().transactions.slice(SEEDED);

  before(async () => {
    const keys = [
      keyEntry(WHOLE_KEY, { id: "whole", scopes: ALL_SCOPES }),
      keyEntry(BLIND_KEY, { id: "blind", scopes: ["accounts:read"] }),
      keyEntry(OTHER_KEY, { id: "other", accounts: ["0071000888888"] }),
    ];
    [browser, site] = await Promise.all([startChromium(), startSite({ keys, sandboxDoor: true })]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(async () => {
    site.sandbox.reset(["data"]);
    await closePages(browser);
  });

  test("one_click_makes_a_payment_arrive_and_says_how_long_it_took", async () => {
    const { page, complaints } = await opened("#/accounts");
    await page.getByRole("button", { name: "Tạo khoản tiền" }).click();
    await said(page, /^\+[\d.]+\u00a0₫ đã đến sau \d,\d giây\.$/);
    const [row, ...others] = made();
    assert.equal(others.length, 0);
    assert.match(row?.code ?? "", /^DH\d{6}$/);
    assert.equal(row?.content, `${row?.code} thanh toan don hang`);
    assert.ok(row !== undefined && row.amountIn >= 20_000 && row.amountIn <= 2_000_000 && row.amountIn % 1000 === 0);
    // The newest account of those that are active.
    assert.equal(row.accountNumber, "0071000888888");
    const secs = Number(/sau (\d),(\d) giây/.exec(await text(page))?.slice(1).join("."));
    assert.ok(secs < 2.5, `${secs} s`);
    assert.deepEqual(complaints, []);
  });

  test("the_paid_views_own_order_is_paid", async () => {
    const { page, complaints } = await opened("#/paid?code=DH777&amount=150000&account=25");
    await page.getByRole("button", { name: "Tùy chỉnh" }).click();
    assert.equal(await bar(page).getByLabel("Số tiền (₫)").inputValue(), "150000");
    assert.equal(await bar(page).getByLabel("Mã thanh toán").inputValue(), "DH777");
    await bar(page).getByRole("button", { name: "Tạo khoản tiền" }).click();
    await said(page, /^\+150\.000\u00a0₫ đã đến/);
    const [row] = made();
    assert.deepEqual([row?.code, row?.amountIn, row?.accountId], ["DH777", 150_000, 25]);
    // Another order, while the form is open.
    await page.evaluate(() => void (location.hash = "#/paid?code=DH778&amount=99000"));
    await assertValue(page, "Mã thanh toán", "DH778");
    assert.deepEqual(complaints, []);
  });

  test("a_payment_of_ones_own_making_can_be_sent_with_the_keyboard_alone", async () => {
    const { page, complaints } = await opened("#/accounts", { lang: "en" });
    await bar(page).getByRole("button", { name: "Make a payment" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.match((await page.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions[0]?.text)) ?? "", /•••• 8888/);
    await page.keyboard.press("Tab");
    await page.keyboard.type("Money out");
    await page.keyboard.press("Tab");
    await type(page, "12.000");
    await page.keyboard.press("Tab");
    await type(page, "");
    await page.keyboard.press("Tab");
    await type(page, "hoan tien <b>khach</b>");
    await page.keyboard.press("Enter");
    await said(page, /^\u2212₫12,000 arrived after \d\.\d s\.$/);
    const [row] = made();
    assert.deepEqual([row?.amountOut, row?.code, row?.content], [12_000, null, "hoan tien <b>khach</b>"]);
    assert.deepEqual(complaints, []);
  });

  test("the_bar_does_not_scroll_the_page_and_covers_nothing_at_its_end", async () => {
    const { page } = await opened("#/gate", { key: WHOLE_KEY });
    await page.locator("table.asked").waitFor();
    const edge = async (selector: string, side: "top" | "bottom") =>
      page.locator(selector).evaluate((element, which) => element.getBoundingClientRect()[which], side);
    for (const viewport of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
      await page.setViewportSize(viewport);
      await page.evaluate(() => scrollTo(0, 100));
      for (const name of ["Tạo khoản tiền", "Tùy chỉnh"]) await page.evaluate(focusByText, name);
      assert.equal(await page.evaluate(() => scrollY), 100);
      await page.getByRole("button", { name: "Tùy chỉnh" }).click();
      const isPhone = viewport.width < 832;
      // On the way there it lies on the phone's navigation, and nothing shows between.
      const seam = (await edge(".sandbox-bar", "bottom")) - (isPhone ? await edge(".nav", "top") : viewport.height);
      assert.ok(seam >= 0 && seam <= 1, `${seam} px`);
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      assert.ok((await edge("main", "bottom")) <= (await edge(".sandbox-bar", "top")) + 1);
      assert.ok((await edge(".sandbox-bar", "bottom")) <= (await edge(".foot a", "top")) + 1);
      if (isPhone) assert.ok((await edge(".foot a", "bottom")) <= (await edge(".nav", "top")));
      await page.getByRole("button", { name: "Thu gọn" }).click();
    }
  });

  test("the_bar_is_low_breaks_no_word_and_moves_nothing_when_it_speaks", async () => {
    const { page } = await opened("#/accounts");
    await page.locator(".card").first().waitFor();
    const shape = () => page.evaluate(shapeOfBar);
    const silent: Record<number, Awaited<ReturnType<typeof shape>>> = {};
    for (const width of [320, 360, 384, 385, 390, 480, 834, 960]) {
      await page.setViewportSize({ width, height: 844 });
      silent[width] = await shape();
      assert.deepEqual(silent[width].broken, [], `${width} px`);
      assert.ok(silent[width].height <= 60, `${width} px: ${silent[width].height} px high`);
    }
    await page.getByRole("button", { name: "Tạo khoản tiền" }).click();
    await said(page, /đã đến/);
    for (const width of [320, 390, 834]) {
      await page.setViewportSize({ width, height: 844 });
      const { broken, top } = await shape();
      assert.deepEqual([broken, top], [[], silent[width]?.top], `${width} px`);
    }
  });

  test("what_is_not_complete_or_not_taken_is_told_in_words", async () => {
    const { page, complaints } = await opened("#/accounts", { lang: "en", failuresExpected: true });
    await page.getByRole("button", { name: "Options" }).click();
    await bar(page).getByLabel("Amount (₫)").fill("0");
    await bar(page).getByRole("button", { name: "Send this one" }).click();
    await said(page, /^It takes an account, and an amount above 0\.$/);
    await bar(page).getByLabel("Direction").selectOption("out");
    await bar(page).getByLabel("Amount (₫)").fill("9999999999999");
    await bar(page).getByRole("button", { name: "Send this one" }).click();
    await said(page, /^The sandbox did not take it: amountOut is more than the balance/);
    assert.equal(made().length, 0);
    await page.context().setOffline(true);
    await bar(page).getByRole("button", { name: "Make a payment" }).click();
    await said(page, /^The sandbox could not be reached/);
    assert.deepEqual(complaints, []);
  });

  test("a_key_that_sees_no_transactions_waits_for_none", async () => {
    const { page } = await opened("#/accounts", { key: BLIND_KEY, lang: "en" });
    await page.getByRole("button", { name: "Make a payment" }).click();
    await said(page, /is in the sandbox\. This key may not see transactions\.$/);
    assert.equal(made().length, 1);
  });

  test("a_payment_that_the_page_does_not_see_is_not_waited_for_without_a_word", async () => {
    const { page } = await opened("#/accounts", { key: OTHER_KEY, lang: "en" });
    await page.getByRole("button", { name: "Options" }).click();
    await bar(page).getByLabel("Amount (₫)").fill("5000");
    // Of an account that this key may not see.
    await page.route("**/_sandbox/transactions", (route) => {
      const payment = route.request().postDataJSON() as object;
      return route.continue({ postData: JSON.stringify({ ...payment, accountNumber: "21860168" }) });
    });
    await page.clock.install();
    await bar(page).getByRole("button", { name: "Send this one" }).click();
    await said(page, /^Sent \+₫5,000, waiting for it…$/);
    await page.clock.fastForward(15_000);
    await said(page, /^\+₫5,000 is in the sandbox, but not on this page yet\./);
  });

  test("a_page_that_is_not_the_sandboxs_has_no_bar", async () => {
    const plain = await startSite();
    try {
      const { page } = await opened("#/accounts", {}, plain.url);
      await page.getByRole("heading", { level: 1, name: "Tài khoản" }).waitFor();
      assert.equal(await page.locator(".sandbox-bar").count(), 0);
      assert.equal(await page.locator('meta[name="sepay-sandbox"]').count(), 0);
    } finally {
      await plain.close();
    }
  });

  test("nothing_is_wrong_with_the_bar_in_any_look_or_language", async () => {
    const { page, complaints } = await opened("#/accounts");
    await page.getByRole("button", { name: "Tạo khoản tiền" }).click();
    await said(page, /đã đến/);
    await page.getByRole("button", { name: "Tùy chỉnh" }).click();
    await inEveryLook(page, async (look) => {
      for (const arrived of [/đã đến/, /arrived/]) {
        await said(page, arrived);
        assert.deepEqual((await violations(page)).filter((line) => line.includes("sandbox")), [], look);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, look);
        await page.getByRole("button", { name: /English|Tiếng Việt/ }).click();
      }
    });
    assert.deepEqual(complaints, []);
  });

  async function opened(hash: string, { key = KEY, lang = "vi", ...options }: Options = {}, url = site.url): Promise<WatchedPage> {
    const watched = await openPage(browser, `${url}/${hash}`, options);
    await watched.page.evaluate(
      ([name, chosen]) => {
        sessionStorage.setItem("sepay-edge.key", name);
        localStorage.setItem("sepay-edge.lang", chosen);
      },
      [key, lang] as const,
    );
    await watched.page.reload();
    // Before the accounts are there, there is none to pay into.
    await watched.page.waitForResponse(/\/api\/accounts/);
    return watched;
  }
});

function bar(page: Page) {
  return page.locator(".sandbox-bar");
}

async function said(page: Page, words: RegExp): Promise<void> {
  await page.locator(".sandbox-said", { hasText: words }).waitFor();
}

async function text(page: Page): Promise<string> {
  return page.locator(".sandbox-said").innerText();
}

async function assertValue(page: Page, label: string, value: string): Promise<void> {
  const field = await bar(page).getByLabel(label).elementHandle();
  await page.waitForFunction(([input, wanted]) => (input as HTMLInputElement).value === wanted, [field, value] as const);
}

/* Over whatever is in the field that has the focus. */
async function type(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+A");
  if (words === "") await page.keyboard.press("Delete");
  else await page.keyboard.type(words);
}

/* Runs in the page: how high the bar is, whose words take more than a line, and where the first card stands. */
function shapeOfBar(): { height: number; broken: string[]; top: number } {
  const linesOf = (button: Element) => {
    const range = document.createRange();
    range.selectNodeContents(button);
    return new Set([...range.getClientRects()].map(({ top }) => top)).size;
  };
  const boxOf = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
  const broken = [...document.querySelectorAll(".sandbox-row button")].filter((button) => linesOf(button) > 1);
  return { height: boxOf(".sandbox-bar")?.height ?? 0, broken: broken.map((button) => button.textContent ?? ""), top: boxOf(".card")?.top ?? 0 };
}

function focusByText(name: string): void {
  [...document.querySelectorAll("button")].find((button) => button.textContent === name)?.focus();
}
