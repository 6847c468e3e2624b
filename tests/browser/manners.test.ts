/**
 * The page in a browser against the stub: two languages, the keyboard alone, calm for those who want it, and axe-core.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { LOOKS, violations } from "./axe.ts";
import { noChromium, openPage, signIn } from "./chromium.ts";
import { dictionaries, textsOf } from "./dictionaries.ts";
import { land, landed, visit } from "./landing.ts";
import { accounts, transactions } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";

describe("page manners", { skip: noChromium }, () => {
  const house = stubHouse();

  test("page_speaks_vietnamese_until_english_is_chosen_and_keeps_the_choice", async () => {
    const { page, complaints } = await land(house.browser, house.stub, { failuresExpected: false, locale: "en-GB" });
    assert.deepEqual(await heads(page), ["vi", "Tài khoản · sepay-edge", "Tài khoản"]);
    await page.getByRole("button", { name: "English" }).click();
    await page.waitForFunction(() => document.documentElement.lang === "en");
    const english = ["en", "Accounts · sepay-edge", "Accounts"];
    assert.deepEqual(await heads(page), english);
    assert.equal(await page.locator(".card .money").first().textContent(), "₫2,525,493");
    await page.reload();
    await landed(page);
    assert.deepEqual(await heads(page), english);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Edge key").waitFor();
    assert.deepEqual(await heads(page), ["en", "sepay-edge · Accounts and transactions", "Sign in"]);
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    await page.getByLabel("Khóa truy cập").waitFor();
    await page.waitForFunction(() => document.documentElement.lang === "vi");
    assert.deepEqual(complaints, []);
  });

  test("tab_of_each_view_has_a_title_of_its_own", async () => {
    const { page } = await land(house.browser, house.stub);
    for (const name of ["Giao dịch", "Đã trả chưa?", "Cổng SePay", "Tài khoản"]) {
      await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
      assert.equal(await page.title(), `${name} · sepay-edge`);
    }
    await page.evaluate(() => (location.hash = "#/paid?code=DH777654"));
    await page.waitForFunction(() => document.title === "○ Chưa trả: DH777654 · Đã trả chưa? · sepay-edge");
    await page.goBack();
    await page.waitForFunction(() => document.title === "Tài khoản · sepay-edge");
  });

  test("no_word_of_the_other_language_is_left_anywhere", async () => {
    const { page } = await openPage(house.browser, house.stub.url);
    await page.getByRole("button", { name: "English" }).click();
    const english = await readable(page);
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    const vietnamese = await readable(page);
    await signIn(page, house.stub.key);
    await landed(page);
    vietnamese.push(...(await readable(page)));
    await page.getByRole("button", { name: "English" }).click();
    english.push(...(await readable(page)));
    assert.deepEqual(await strangers(english, "vi"), []);
    assert.deepEqual(await strangers(vietnamese, "en"), []);
  });

  test("problem_is_explained_in_english_too", async () => {
    house.stub.fault("accounts", { problem: { status: 502, code: "upstream_error", detail: "it said 500" } });
    const { page } = await visit(house.browser, house.stub);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("alert").getByText("SePay has a fault.").waitFor();
    await page.getByRole("alert").getByText("Error code upstream_error · Request id req-upstream_error").waitFor();
  });

  test("key_can_be_typed_as_soon_as_the_form_stands", async () => {
    const { page } = await openPage(house.browser, house.stub.url);
    await page.addInitScript(() => {
      addEventListener("DOMContentLoaded", () => Reflect.set(window, "focusedFirst", document.activeElement?.id));
    });
    await page.reload();
    assert.equal(await page.evaluate(() => Reflect.get(window, "focusedFirst") as unknown), "key");
  });

  test("a_browser_that_keeps_nothing_and_links_no_tabs_shows_the_page_all_the_same", async () => {
    const { page, complaints } = await openPage(house.browser, house.stub.url);
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("refused", "SecurityError");
      };
      for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(window, name, { get: refuse });
      Reflect.set(window, "BroadcastChannel", class { constructor() { refuse(); } });
    });
    await page.reload();
    await signIn(page, house.stub.key);
    await landed(page);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Edge key").waitFor();
    assert.equal(await page.locator(".card, .money, nav").count(), 0);
    assert.deepEqual(complaints, []);
  });

  test("key_is_typed_and_left_again_with_the_keyboard_alone", async () => {
    const { page } = await openPage(house.browser, house.stub.url);
    await page.keyboard.type(house.stub.key);
    await page.keyboard.press("Enter");
    await landed(page);
    assert.equal(await focused(page), "main");
    await tabTo(page, "Đăng xuất", "Shift+Tab");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "key");
  });

  test("tab_reaches_every_control_in_reading_order_and_each_shows_its_focus", async () => {
    const { page } = await land(house.browser, house.stub);
    await page.getByText("Lọc tài khoản").click();
    const wanted = await page.evaluate(controls);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    // A link that is clicked and goes nowhere sets where Tab begins.
    await page.locator(".brand").click();
    await page.keyboard.press("Shift+Tab");
    const reached: string[] = [];
    // A field for a date has more than one stop of its own.
    for (let n = 0; n < 2 * wanted.length && reached.length < wanted.length; n += 1) {
      const { name, isSeen, isNew } = await page.evaluate(focus);
      if (isNew) reached.push(isSeen ? name : `${name}, unseen`);
      await page.keyboard.press("Tab");
    }
    assert.deepEqual(reached, wanted);
    assert.ok(wanted.length > 20);
  });

  test("skip_link_comes_first_and_leads_to_the_content", async () => {
    const { page } = await land(house.browser, house.stub, { at: "#/accounts?q=hoa" });
    await page.reload();
    await landed(page);
    await page.keyboard.press("Tab");
    const link = page.getByRole("link", { name: "Đến nội dung chính" });
    assert.equal(await link.evaluate((element) => element === document.activeElement), true);
    assert.ok(((await link.boundingBox())?.y ?? -1) >= 0, "it is seen while it has the focus");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "main");
    assert.equal(new URL(page.url()).hash, "#/accounts?q=hoa");
  });

  test("view_is_changed_with_the_keyboard_and_read_from_its_beginning", async () => {
    // So low that any view can be scrolled.
    const { page } = await land(house.browser, house.stub, { viewport: { width: 1024, height: 160 } });
    await page.evaluate(() => scrollTo(0, 400));
    await tabTo(page, "Giao dịch", "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Giao dịch", exact: true }).and(page.locator('[aria-current="page"]')).waitFor();
    assert.equal(await focused(page), "main");
    assert.equal(await page.evaluate(() => scrollY), 0);
    assert.equal(new URL(page.url()).hash, "#/transactions");
    await page.goBack();
    await page.locator(".card").first().waitFor();
    assert.equal(await page.locator('nav [aria-current="page"]').textContent(), "Tài khoản");
  });

  test("number_is_shown_with_the_keyboard_and_the_focus_stays", async () => {
    const { page } = await land(house.browser, house.stub);
    await tabTo(page, "Hiện số tài khoản", "Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".card .number").first().textContent(), "0071000888888");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Che số tài khoản");
  });

  test("nothing_moves_for_those_who_want_it_so", async () => {
    house.stub.fault("accounts", { delayMs: 60_000 });
    const moving = (page: Page) => page.evaluate(() => document.getAnimations().length);
    for (const [reducedMotion, moves] of [["no-preference", true], ["reduce", false]] as const) {
      const { page } = await visit(house.browser, house.stub, { reducedMotion });
      await page.locator(".skeleton-card").waitFor();
      assert.equal((await moving(page)) > 0, moves, reducedMotion);
    }
  });

  for (const { name, options } of LOOKS) {
    test(`axe_core_finds_nothing_wrong: ${name}`, async () => {
      const { page, complaints } = await openPage(house.browser, house.stub.url, { failuresExpected: true, ...options });
      assert.deepEqual(await violations(page), []);
      await signIn(page, "not-a-key");
      await page.getByRole("alert").waitFor();
      assert.deepEqual(await violations(page), []);
      await signIn(page, house.stub.key);
      await landed(page);
      assert.deepEqual(await violations(page), []);
      await page.getByText("Lọc tài khoản").click();
      house.stub.fault("accounts", { problem: { status: 503, code: "upstream_busy", detail: "full", retryAfter: "60" } });
      await page.getByRole("button", { name: "Làm mới" }).click();
      await page.getByRole("alert").first().waitFor();
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(complaints, []);
    });
  }
});

async function heads(page: Page): Promise<string[]> {
  return page.evaluate(() => [document.documentElement.lang, document.title, document.querySelector("h1")?.textContent ?? ""]);
}

/* The id of what has the focus. */
async function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.id);
}

async function tabTo(page: Page, name: string, key: "Tab" | "Shift+Tab"): Promise<void> {
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press(key);
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent;
    });
    if (at === name) return;
  }
  throw new Error(`${key} never came to ${name}`);
}

/* Runs in the page: what Tab should come to, in the order of the document. */
function controls(): string[] {
  const found = document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex="0"]');
  return [...found]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility())
    .map((element) => `${element.tagName} ${element.getAttribute("aria-label") ?? element.closest("label")?.textContent ?? element.textContent}`);
}

/* Runs in the page: what has the focus, whether that is seen, and whether it is another thing than the last time. */
function focus(): { name: string; isSeen: boolean; isNew: boolean } {
  const element = document.activeElement as HTMLElement;
  const isNew = Reflect.get(window, "lastFocus") !== element;
  Reflect.set(window, "lastFocus", element);
  const name = element.getAttribute("aria-label") ?? element.closest("label")?.textContent ?? element.textContent;
  return { name: `${element.tagName} ${name}`, isSeen: getComputedStyle(element).outlineStyle !== "none", isNew };
}

/* Every text that somebody can read or hear, trimmed, without what comes from the data. */
async function readable(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [document.title];
    for (const element of document.querySelectorAll("body *")) {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) found.push(element.getAttribute(name) ?? "");
      for (const node of element.childNodes) if (node instanceof Text) found.push(node.data);
    }
    return found.map((text) => text.trim());
  });
  const data = [...accounts, ...transactions].flatMap((row) => Object.values(row)).filter((value) => typeof value === "string");
  return [...new Set(texts)].filter((text) => text !== "" && !data.some((value) => value.includes(text) || text.includes(value)));
}

/* The texts that are, or hold, what only the dictionaries of this language say. */
async function strangers(texts: string[], language: "vi" | "en"): Promise<string[]> {
  const all = await dictionaries();
  const own = new Set(all.flatMap((each) => textsOf(language === "vi" ? each.en : each.vi)));
  const foreign = all.flatMap((each) => textsOf(each[language])).filter((text) => text.trim() !== "" && !own.has(text));
  // A piece of a sentence counts when it is more than a word: " s" is found in any language.
  const holds = (text: string) => foreign.some((word) => text === word.trim() || (/\S\s+\S/.test(word.trim()) && text.includes(word.trim())));
  // The switch names the other language in its own words.
  return texts.filter((text) => text !== "English" && text !== "Tiếng Việt" && holds(text));
}
