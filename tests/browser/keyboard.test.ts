/**
 * Those who use the keyboard stay where they are: Tab through the bar moves no page, and a button that did its work and goes
 * hands the focus on.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { noChromium } from "./chromium.ts";
import { visit } from "./landing.ts";
import { incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";
import { rowsCounted } from "./transactions-page.ts";

const FAR_PX = 12_000;
const REFUSAL = { status: 502, code: "upstream_error", detail: "it said 500" };

describe("the keyboard's place", { skip: noChromium, timeout: 120_000 }, () => {
  const house = stubHouse();

  const open = async (at: string, width = 1440) => {
    const { page } = await visit(house.browser, house.stub, { at, viewport: { width, height: 900 } });
    return page;
  };

  /* More than a first question brings. */
  const fill = () => {
    for (let id = 6000; id < 6600; id += 1) house.stub.add(incoming(id, "0071000888888", "2025-11-21T08:00:00+07:00", 1000, `pay ${id}`, null));
  };

  for (const width of [390, 1440]) {
    test(`tab_through_the_bar_moves_no_page: ${width} px`, async () => {
      fill();
      const page = await open("#/transactions", width);
      await rowsCounted(page, 500);
      const stops = await page.locator(".skip, .bar :is(a, button)").count();
      await page.evaluate((top) => scrollTo(0, top), FAR_PX);
      await page.locator(".actions button").last().evaluate((button) => (button as HTMLElement).focus({ preventScroll: true }));
      const seen: string[] = [];
      for (const key of [...Array<string>(stops - 1).fill("Shift+Tab"), ...Array<string>(stops - 1).fill("Tab")]) {
        await page.keyboard.press(key);
        seen.push(await page.evaluate(whereAfterFrames));
      }
      assert.deepEqual(seen.filter((line) => !line.startsWith(`${FAR_PX} `)), []);
      assert.equal(seen[stops - 2], `${FAR_PX} Đến nội dung chính`);
      assert.equal(seen.at(-1), `${FAR_PX} Đăng xuất`);
    });
  }

  test("searching_further_says_so_and_leads_to_what_was_searched", async () => {
    fill();
    const page = await open("#/paid?code=DH777654&amount=150000");
    const button = page.locator(".order-searched button");
    assert.equal(await button.textContent(), "Tìm xa hơn");
    const answer = await held(page, /limit=5000/);
    await button.press("Enter");
    await working(button, "Đang tìm…");
    answer.refuse();
    await page.getByRole("alert").getByText("r-502").waitFor();
    await page.locator('.order-searched [aria-disabled="false"]', { hasText: "Tìm xa hơn" }).waitFor();
    assert.ok(await hasFocus(button));
    await page.unroute(/limit=5000/);
    await button.press("Enter");
    const said = page.locator("#order-searched");
    await said.getByText("Đã tìm trong tất cả giao dịch.").waitFor();
    assert.equal(await button.count(), 0);
    assert.ok(await hasFocus(said));
  });

  test("loading_all_rows_leads_to_their_number_and_says_how_far_they_reach", async () => {
    fill();
    const page = await open("#/transactions");
    await rowsCounted(page, 500);
    const answer = await held(page, /limit=5000/);
    const button = page.locator(".reach button");
    await button.press("Enter");
    await working(button, "Đang tải đến 5.000 giao dịch…");
    answer.pass();
    await page.locator(".reach").getByRole("status").getByText("Đã tải đủ mọi giao dịch.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "transaction-count");
  });

  const places = [
    { at: "#/accounts", route: "accounts", path: /api\/accounts/, focused: "Tài khoản" },
    { at: "#/transactions", route: "transactions", path: /limit=500(?!0)/, focused: "62 giao dịch" },
    { at: "#/paid?code=DH777654", route: "transactions", path: /limit=500(?!0)/, focused: "Đã tìm trong tất cả giao dịch." },
  ] as const;
  for (const { at, route, path, focused } of places) {
    test(`trying_again_says_so_and_then_leads_to_what_came: ${at}`, async () => {
      const when = route === "accounts" ? {} : { when: "limit=500" };
      house.stub.fault(route, { problem: REFUSAL, ...when });
      const page = await open(at);
      const button = page.getByRole("button", { name: "Thử lại" });
      await button.focus();
      const answer = await held(page, path);
      await page.keyboard.press("Enter");
      const its = page.locator(".problem button");
      await working(its, "Đang thử lại…");
      answer.refuse();
      await button.waitFor();
      assert.ok(await hasFocus(its));
      await page.unroute(path);
      house.stub.fault(route);
      await page.keyboard.press("Enter");
      await page.locator(".problem").waitFor({ state: "detached" });
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), focused);
    });
  }

  test("a_note_that_goes_by_itself_takes_nobody_along", async () => {
    house.stub.fault("accounts", { problem: REFUSAL });
    const page = await open("#/accounts");
    const button = page.getByRole("button", { name: "Thử lại" });
    await button.waitFor();
    await page.getByRole("button", { name: "English" }).focus();
    house.stub.fault("accounts");
    await page.locator(".card").first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "English");
  });
});

/* Keeps the next question from its answer until the test has looked. */
async function held(page: Page, path: RegExp): Promise<{ pass(): void; refuse(): void }> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  await page.route(path, async (route) => ((await promise) ? route.continue() : route.fulfill(problem())));
  return { pass: () => resolve(true), refuse: () => resolve(false) };
}

function problem() {
  const body = JSON.stringify({ type: "about:blank", title: "x", ...REFUSAL, requestId: "r-502" });
  return { status: 502, contentType: "application/problem+json", body };
}

/* It is there, says what it does, and keeps the focus. */
async function working(button: Locator, text: string): Promise<void> {
  await button.getByText(text).waitFor();
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  assert.ok(await hasFocus(button));
}

function hasFocus(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

/* Runs in the page: how far it is scrolled, and what has the focus. */
async function whereAfterFrames(): Promise<string> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  return `${scrollY} ${document.activeElement?.textContent ?? ""}`;
}
