/**
 * The charts in a browser, on the real Worker and the sandbox. What they say is reckoned here anew from the API's rows, in
 * another way: days are texts, sums are big integers.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Route } from "playwright-core";
import { KEY, keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { violations } from "./axe.ts";
import { balanceAt, chooseAccount, chooseRange, digits, expectedLastDay, footOf, hasToken, linesOf, pixelsOf, sum, total, untilNewestDayHas, vietnamDay, written } from "./charts-page.ts";
import type { Account, Row } from "./charts-page.ts";
import { closePages, noChromium, openPage, signIn, startChromium } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";

const SILENT = { id: "41", number: "0900112233", bank: "MBBank" };
const QUIET = { id: "130", lastDay: "2026-06-30" };
const NO_BALANCE = "edge_test_key_without_balances";
const NO_AMOUNTS = "edge_test_key_without_amounts";
const ONE_WEEK = "edge_test_key_for_one_week";
const ASKED = /\/api\/transactions\?.*limit=5000/;

describe("charts", { skip: noChromium }, () => {
  let browser: Browser;
  let site: Site;

  before(async () => {
    const keys = [
      keyEntry(NO_BALANCE, { id: "no-balance", hide: ["balance"] }),
      keyEntry(NO_AMOUNTS, { id: "no-amounts", hide: ["amountIn", "amountOut"] }),
      keyEntry(ONE_WEEK, { id: "one-week", from: "5d" }),
    ];
    [browser, site] = await Promise.all([startChromium(), startSite({ keys })]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(() => closePages(browser));

  /** The landing with its charts, drawn. */
  async function opened(options: BrowserContextOptions & { failuresExpected?: boolean } = {}, key = KEY): Promise<WatchedPage> {
    const watched = await openPage(browser, site.url, options);
    await signIn(watched.page, key);
    await watched.page.locator("#charts .panel").waitFor();
    return watched;
  }

  const rowsFrom = async (day: string) =>
    (await site.read<{ data: Row[] }>(`/api/transactions?limit=5000&from=${day}`)).data;

  const silentRowsOf = async (day: string) => (await rowsFrom(day)).filter(({ accountId }) => accountId === SILENT.id);

  test("table_holds_the_sums_of_each_day_and_the_balances_at_its_end", async () => {
    const { page, complaints } = await opened();
    const lines = await linesOf(page);
    assert.equal(lines.length, 30);
    const days = lines.map(([day]) => day);
    assert.equal(days[0], expectedLastDay(30));
    const rows = await rowsFrom(days.at(-1) ?? "");
    const accounts = (await site.read<{ data: Account[] }>("/api/accounts")).data.filter(({ bank }) => bank !== SILENT.bank);
    for (const [day, amountIn, amountOut, balance] of lines) {
      const moved = rows.filter(({ occurredAt }) => occurredAt.startsWith(day));
      const left = accounts.map((account) => balanceAt(account, rows, day));
      assert.deepEqual([amountIn, amountOut, balance], [sum(moved, "amountIn"), sum(moved, "amountOut"), total(left)], day);
    }
    assert.deepEqual(await footOf(page), [sum(rows, "amountIn"), sum(rows, "amountOut")]);
    assert.ok(rows.length > 500, "the sandbox has enough rows to be wrong about");
    await page.getByText(`${SILENT.bank} không báo số dư`).waitFor();
    await chooseAccount(page, QUIET.id);
    await page.locator("#charts").getByText("ngày có giao dịch mới nhất: Thứ Ba, 30/06/2026").waitFor();
    const quiet = await linesOf(page);
    assert.deepEqual([quiet[0]?.[0], quiet.length], [QUIET.lastDay, 30]);
    assert.ok(quiet.some(([, amountIn]) => amountIn !== 0n));
    assert.deepEqual(complaints, []);
  });

  test("ranges_and_accounts_may_be_chosen_and_what_is_known_is_not_asked_again", async () => {
    const asked: string[] = [];
    const { page, complaints } = await openPage(browser, site.url);
    page.on("request", (request) => ASKED.test(request.url()) && asked.push(request.url()));
    await signIn(page, KEY);
    await page.locator("#charts .panel").waitFor();
    await chooseRange(page, 7);
    assert.equal((await linesOf(page)).length, 7);
    await chooseAccount(page, SILENT.id);
    assert.equal(asked.length, 1, "the answer for thirty days holds these");
    await chooseRange(page, 90);
    assert.equal((await linesOf(page)).length, 90);
    assert.equal(asked.length, 2);
    const rows = (await rowsFrom((await linesOf(page)).at(-1)?.[0] ?? "")).filter(({ accountId }) => accountId === SILENT.id);
    assert.deepEqual(await footOf(page), [sum(rows, "amountIn"), sum(rows, "amountOut")]);
    assert.equal(await page.locator("#charts thead th").count(), 3, "its bank reports no balance: no column for it");
    assert.deepEqual(complaints, []);
  });

  test("arrow_keys_and_pointer_move_the_day_and_its_figures_are_read_out", async () => {
    const { page, complaints } = await opened();
    const lines = await linesOf(page);
    const readout = page.locator(".chart-readout");
    const whole = (await readout.textContent()) ?? "";
    assert.equal(await readout.getAttribute("aria-live"), "off");
    await page.getByRole("button", { name: "90 ngày" }).focus();
    await page.keyboard.press("Tab");
    const slider = page.getByRole("slider", { name: "Ngày đang xem" });
    assert.ok(await slider.evaluate((element) => element === document.activeElement));
    assert.equal(await readout.getAttribute("aria-live"), "polite");
    for (const [key, place] of [["ArrowLeft", 1], ["PageDown", 8], ["ArrowRight", 7], ["Home", 29], ["End", 0]] as const) {
      await page.keyboard.press(key);
      const [day, ...amounts] = lines[place] ?? ["", 0n];
      await readout.getByText(written(day)).waitFor();
      assert.deepEqual((await readout.locator("dd").allTextContents()).map(digits), amounts, key);
      assert.match((await slider.getAttribute("aria-valuetext")) ?? "", new RegExp(written(day)));
      assert.equal(await slider.getAttribute("aria-valuenow"), String(30 - place));
    }
    await page.keyboard.press("Escape");
    assert.equal(await readout.textContent(), whole);
    // Pointing at a day shows its figures until the pointer leaves.
    await slider.blur();
    for (const chart of [".chart-flows", ".chart-balances"]) {
      const over = page.locator(`${chart} .u-over`);
      const { width, height } = (await over.boundingBox()) ?? { width: 0, height: 0 };
      // The third day from the left, at the right of its column.
      await over.hover({ position: { x: ((2 + 0.9) / 30) * width, y: height / 2 } });
      const [day, ...amounts] = lines[27] ?? [""];
      assert.match((await readout.textContent()) ?? "", new RegExp(written(day)));
      assert.deepEqual((await readout.locator("dd").allTextContents()).map(digits), amounts);
      await page.mouse.move(0, 0);
      assert.equal(await readout.textContent(), whole);
    }
    assert.deepEqual(complaints, []);
  });

  test("a_touch_shows_a_day_and_leaves_it_there", async () => {
    const { page, complaints } = await opened({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const { width = 0 } = (await page.locator(".chart-flows .u-over").boundingBox()) ?? {};
    await page.locator(".chart-flows .u-over").tap({ position: { x: width * (10.5 / 30), y: 40 } });
    const day = (await linesOf(page))[29 - 10]?.[0] ?? "";
    await page.locator(".chart-readout").getByText(written(day)).waitFor();
    assert.deepEqual(complaints, []);
  });

  test("charts_are_pictures_with_a_summary", async () => {
    const { page } = await opened();
    const [amountIn, amountOut] = await footOf(page);
    const [flows, balances] = await page.locator("#charts [role=img]").evaluateAll((all) => all.map((one) => one.ariaLabel ?? ""));
    assert.match(flows ?? "", /^Biểu đồ cột: /);
    assert.deepEqual((flows ?? "").match(/[\d.]+(?=\u00a0₫)/g)?.map(digits), [amountIn, amountOut]);
    assert.match(balances ?? "", /^Biểu đồ đường: /);
    assert.deepEqual((balances ?? "").match(/[\d.]+(?=\u00a0₫)/g)?.map(digits), [(await linesOf(page))[0]?.[3]]);
    const pixels = await pixelsOf(page);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("img", { name: /^Bar chart: money in and money out/ }).waitFor();
    await page.getByRole("heading", { name: "Cash flow" }).waitFor();
    assert.notEqual(await pixelsOf(page), pixels, "the words on the canvas have changed too");
  });

  test("colours_follow_the_scheme_while_the_page_is_open", async () => {
    const { page, complaints } = await opened({ colorScheme: "light" });
    await page.locator(".chart-flows canvas").waitFor();
    const colours: string[] = [];
    for (const colorScheme of ["light", "dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(hasToken, "--in");
      assert.ok(await page.evaluate(hasToken, "--out"), `${colorScheme}: money out has its colour`);
      colours.push(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--in")));
    }
    assert.notEqual(colours[0], colours[1]);
    assert.deepEqual(complaints, []);
  });

  test("charts_fill_their_box_at_every_width_with_the_screens_own_pixels", async () => {
    const { page, complaints } = await opened({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2 });
    for (const width of [1440, 390, 320, 1024]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForFunction(() =>
        [...document.querySelectorAll<HTMLElement>(".chart-box")].every((box) => {
          const canvas = box.querySelector("canvas");
          return canvas?.clientWidth === box.clientWidth && canvas.width === 2 * box.clientWidth;
        }),
      );
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    }
    assert.deepEqual(complaints, []);
  });

  test("the_rest_of_the_page_does_not_wait_for_the_charts", async () => {
    const { page, complaints } = await openPage(browser, site.url);
    const held: Route[] = [];
    await page.route(ASKED, (route) => void held.push(route));
    const asked = page.waitForRequest(ASKED);
    await signIn(page, KEY);
    assert.equal((await asked).headers()["priority"], "u=5");
    await page.locator("#account-cards > *").first().waitFor();
    await page.locator("#charts .skeleton").waitFor();
    assert.equal(await page.locator("#charts canvas").count(), 0);
    await held[0]?.continue();
    await page.locator("#charts canvas").first().waitFor();
    assert.deepEqual(complaints, []);
  });

  test("a_problem_is_named_and_may_be_tried_again", async () => {
    const { page, complaints } = await openPage(browser, site.url, { failuresExpected: true });
    const problem = { status: 403, code: "forbidden", title: "x", detail: "no", requestId: "r-1", type: "about:blank" };
    await page.route(ASKED, (route) =>
      route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
    await signIn(page, KEY);
    await page.locator("#charts [role=alert]").getByText("r-1").waitFor();
    await page.unroute(ASKED);
    await page.locator("#charts").getByRole("button", { name: "Thử lại" }).click();
    await page.locator("#charts canvas").first().waitFor();
    assert.deepEqual(complaints, []);
  });

  test("days_before_a_cut_are_left_out_with_a_word", async () => {
    const { page, complaints } = await openPage(browser, site.url);
    await page.route(ASKED, async (route) => {
      const answer = await route.fetch();
      const { data } = (await answer.json()) as { data: Row[] };
      await route.fulfill({ response: answer, json: { data: data.slice(0, 200), complete: false } });
    });
    await signIn(page, KEY);
    await page.locator("#charts .note").getByText("SePay trả tối đa 5.000 giao dịch").waitFor();
    const lines = await linesOf(page);
    const first = lines.at(-1)?.[0] ?? "";
    const rows = await rowsFrom(first);
    assert.ok(lines.length < 30 && rows.length < 200, "its days are whole");
    assert.deepEqual(await footOf(page), [sum(rows, "amountIn"), sum(rows, "amountOut")]);
    assert.deepEqual(complaints, []);
  });

  test("what_a_key_may_not_see_is_said_and_not_drawn", async () => {
    const { page: noBalance } = await opened({}, NO_BALANCE);
    await noBalance.getByText("Khóa này không được xem số dư").waitFor();
    assert.deepEqual([await noBalance.locator(".chart-flows").count(), await noBalance.locator(".chart-balances").count()], [1, 0]);
    const { page: noAmounts } = await opened({}, NO_AMOUNTS);
    await noAmounts.getByText("Khóa này không được xem số tiền").waitFor();
    assert.equal(await noAmounts.locator(".chart-flows").count(), 0);
    assert.doesNotMatch((await noAmounts.locator("#charts").textContent()) ?? "", /NaN|undefined|null/);
  });

  test("a_key_that_looks_back_a_few_days_has_charts_of_those", async () => {
    const { page, complaints } = await opened({}, ONE_WEEK);
    const days = (await linesOf(page)).map(([day]) => day);
    if (expectedLastDay(5) === vietnamDay(0)) {
      assert.deepEqual([days[0], days.at(-1), days.length], [vietnamDay(0), vietnamDay(-5), 6]);
      await page.getByText("Khóa này chỉ xem được giao dịch từ").waitFor();
    }
    assert.deepEqual(complaints, []);
  });

  for (const width of [390, 1440]) {
    test(`axe_finds_nothing_at_${width}_px_in_light_and_dark`, async () => {
      const { page, complaints } = await opened({ viewport: { width, height: 900 } });
      await page.locator("#charts summary").click();
      await page.getByRole("slider").focus();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(page), []);
      }
      assert.deepEqual(complaints, []);
    });
  }

  // These add rows, which stay: they come last.
  test("a_payment_moves_the_bar_of_its_day", async () => {
    const { page, complaints } = await opened();
    await chooseAccount(page, SILENT.id);
    await chooseRange(page, 7);
    const day = (await linesOf(page))[0]?.[0] ?? "";
    const before = sum(await silentRowsOf(day), "amountIn");
    await untilNewestDayHas(page, before);
    const pixels = await pixelsOf(page);
    site.sandbox.addTransaction(payment(day, 4_321_000));
    await untilNewestDayHas(page, before + 4_321_000n);
    assert.notEqual(await pixelsOf(page), pixels);
    assert.deepEqual(complaints, []);
  });

  test("more_payments_at_once_than_the_live_list_holds_are_all_counted", async () => {
    const { page, complaints } = await opened();
    await chooseAccount(page, SILENT.id);
    const day = (await linesOf(page))[0]?.[0] ?? "";
    const before = sum(await silentRowsOf(day), "amountIn");
    await untilNewestDayHas(page, before);
    // The newest hundred are asked for at the most: those before them are in no live answer.
    for (let nth = 0; nth < 250; nth += 1) site.sandbox.addTransaction(payment(day, 1000));
    await untilNewestDayHas(page, before + 250_000n);
    assert.deepEqual(complaints, []);
  });
});

/** Late in the evening, so that it is the newest. */
function payment(day: string, amountIn: number) {
  return { accountNumber: SILENT.number, amountIn, content: "DH777", occurredAt: `${day} 23:59:58` };
}
