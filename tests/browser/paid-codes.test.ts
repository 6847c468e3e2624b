/**
 * The codes of "Is it paid?": the VietQR code that is shown, read by a public decoder, and the camera, which sees a picture that
 * this test draws.
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { KEY, keyEntry, startSite } from "../worker/site.ts";
import type { KeyEntry, Site } from "../worker/site.ts";
import { inEveryLook } from "./axe.ts";
import { closePages, noChromium, openPage, signIn, startChromium } from "./chromium.ts";
import type { WatchedPage } from "./chromium.ts";
import { crc, decoded, fact, filmOf } from "./pictures.ts";

const VIETCOMBANK = "0071000888888";
const VIETINBANK = "102871015203";
const NO_NUMBERS = "edge_test_key_that_sees_no_numbers";
const NO_ACCOUNTS = "edge_test_key_that_sees_no_accounts";

const KEYS: readonly KeyEntry[] = [
  keyEntry(NO_NUMBERS, { id: "numbers", hide: ["accountNumber"] }),
  keyEntry(NO_ACCOUNTS, { id: "accounts", scopes: ["transactions:read"] }),
];

describe("the codes of an order", { skip: noChromium }, () => {
  let browser: Browser;
  let site: Site;

  before(async () => {
    [browser, site] = await Promise.all([startChromium(), startSite({ keys: KEYS })]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(() => closePages(browser));

  test("a_public_decoder_reads_the_code_on_the_screen_in_every_look", async () => {
    const { page, complaints } = await shown(await link("DH9001", VIETCOMBANK, 150_000));
    const wanted = await payloadOf({ account: VIETCOMBANK, amount: "150000", content: "DH9001" });
    assert.equal(wanted.slice(-4), crc(wanted.slice(0, -4)));
    assert.equal(fact(wanted, "54"), "150000");
    await inEveryLook(page, async (look) => assert.equal(await onScreen(page), wanted, look));
    assert.deepEqual(complaints, []);
  });

  test("the_picture_to_save_holds_the_same_code", async () => {
    const { page, complaints } = await shown(await link("DH9002", VIETCOMBANK));
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Tải ảnh PNG" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "vietqr-DH9002.png");
    const read = await decoded(page, await readFile(await download.path()));
    assert.equal(read, await payloadOf({ account: VIETCOMBANK, content: "DH9002" }));
    assert.equal(fact(read, "54"), undefined, "whoever pays writes the amount");
    assert.deepEqual(complaints, []);
  });

  test("a_transfer_to_vietinbank_carries_sevqr_and_the_page_says_so", async () => {
    const { page } = await shown(await link("dh-9003", VIETINBANK, 5_000));
    await page.getByText("nội dung bắt đầu bằng SEVQR").waitFor();
    const read = await onScreen(page);
    assert.equal(fact(fact(read, "62") ?? "", "08"), "SEVQR DH9003");
    assert.equal(read, await payloadOf({ bank: "VietinBank", account: VIETINBANK, amount: "5000", content: "SEVQR DH9003" }));
  });

  test("what_the_code_says_stands_beside_it_to_be_copied", async () => {
    const { page, complaints } = await shown(await link("DH9004", VIETCOMBANK, 150_000));
    assert.deepEqual(await page.locator(".pay-facts dd").allInnerTexts(), [
      "Vietcombank",
      "NGUYEN VAN A",
      VIETCOMBANK,
      "150.000\u00a0₫",
      "DH9004",
    ]);
    const copies = { "số tài khoản": VIETCOMBANK, "số tiền": "150000", "nội dung": "DH9004" };
    for (const [what, text] of Object.entries(copies)) {
      await page.getByRole("button", { name: `Chép ${what}` }).click();
      await page.getByRole("status").getByText("Đã chép").first().waitFor({ state: "attached" });
      await page.getByLabel("Mã đơn hàng").fill("");
      await page.keyboard.press("Control+V");
      assert.equal(await page.getByLabel("Mã đơn hàng").inputValue(), text);
    }
    assert.deepEqual(complaints, []);
  });

  test("the_code_asks_for_what_is_missing_and_is_put_away_when_all_is_paid", async () => {
    const { page } = await shown(await link("DH9005", VIETCOMBANK, 100_000));
    site.sandbox.addTransaction({ accountNumber: VIETCOMBANK, amountIn: 70_000, code: "DH9005", content: "DH9005" });
    await page.getByText("Mã này dành cho số tiền còn thiếu.").waitFor();
    await page.locator(".pay-facts").getByText("30.000\u00a0₫").waitFor();
    await page.locator(".qr-code").waitFor();
    assert.equal(fact(await onScreen(page), "54"), "30000");
    await page.getByRole("button", { name: "Chép nội dung" }).focus();
    site.sandbox.addTransaction({ accountNumber: VIETCOMBANK, amountIn: 30_000, code: "DH9005", content: "DH9005" });
    await page.getByText("để không ai trả hai lần").waitFor();
    assert.equal(await page.locator(".qr-code").count(), 0);
    // Whoever uses the keyboard is not thrown out of the panel.
    assert.equal(await focusedId(page), "pay-title");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".qr-code").waitFor();
    assert.equal(await focusedId(page), "pay-title");
  });

  test("no_code_is_shown_before_the_search_unless_a_person_wants_it", async () => {
    for (const amountIn of [60_000, 40_000]) {
      site.sandbox.addTransaction({ accountNumber: VIETCOMBANK, amountIn, code: "DH9008", content: "DH9008" });
    }
    const { page } = await openPage(browser, site.url, { failuresExpected: true });
    const slow = Promise.withResolvers<void>();
    // The live list knows one of the two payments only.
    await page.route(/transactions\?(limit|account=)/, async (route) => {
      if (/limit=500\b/.test(route.request().url())) {
        await slow.promise;
        return route.fulfill({ status: 502, contentType: "application/problem+json", body: PROBLEM });
      }
      const answer = await route.fetch();
      const { data, ...rest } = (await answer.json()) as { data: { code: string | null; amountIn: number }[] };
      const known = data.filter(({ code, amountIn }) => code !== "DH9008" || amountIn === 40_000);
      return route.fulfill({ response: answer, json: { ...rest, data: known } });
    });
    await page.goto(`${site.url}/${await link("DH9008", VIETCOMBANK, 100_000)}`);
    await signIn(page, KEY);
    await page.locator("#counted").getByText("+40.000\u00a0₫").waitFor();
    await page.getByRole("status").getByText("Đang tìm…").waitFor();
    assert.equal(await page.locator(".pay .qr-code, .pay button").count(), 0);
    slow.resolve();
    await page.getByRole("status").getByText("Chưa biết", { exact: true }).waitFor();
    await page.getByText("Đơn này có thể đã được trả, nên").waitFor();
    assert.match(await page.title(), /^\? Chưa biết: DH9008/);
    assert.equal(await page.locator(".qr-code").count(), 0);
    await page.getByRole("button", { name: "Vẫn hiện mã" }).click();
    await page.locator(".qr-code").waitFor();
    await page.getByText("Đơn này có thể đã được trả, nên").waitFor();
    await page.unrouteAll();
    // What was wanted for one reason is not shown against another.
    await page.getByText("để không ai trả hai lần").waitFor();
    assert.equal(await page.locator(".qr-code").count(), 0);
  });

  test("where_there_is_no_code_the_page_says_why", async () => {
    const reasons: [string, [string, string][]][] = [
      [
        KEY,
        [
          ["#/paid?code=DH9006", "Chọn tài khoản nhận để có mã VietQR."],
          ["#/paid?code=DH9006&account=none", "Khóa này không thấy tài khoản trong liên kết."],
          [await link("D".repeat(26), VIETCOMBANK), "Mã đơn hàng quá dài cho mã VietQR."],
        ],
      ],
      [NO_NUMBERS, [[await link("DH9006", VIETCOMBANK), "Khóa này không được xem ngân hàng hoặc số tài khoản"]]],
      [NO_ACCOUNTS, [[await link("DH9006", VIETCOMBANK), "Khóa này không được xem tài khoản"]]],
    ];
    for (const [key, looks] of reasons) {
      const { page, complaints } = await opened("#/paid", {}, key);
      for (const [hash, reason] of looks) {
        await page.evaluate((next) => void (location.hash = next), hash);
        await page.locator(".pay").getByText(reason).waitFor();
        assert.equal(await page.locator(".qr-code").count(), 0);
      }
      assert.deepEqual(complaints, []);
    }
  });

  test("an_account_is_chosen_from_those_that_may_be_seen", async () => {
    const { page } = await opened("#/paid?code=DH9007");
    const account = page.getByLabel("Tài khoản nhận");
    await account.selectOption({ label: "•••• 5203 · VietinBank" });
    await page.locator(".qr-code").waitFor();
    assert.match(page.url(), /#\/paid\?code=DH9007&account=25$/);
    assert.doesNotMatch(page.url(), new RegExp(VIETINBANK));
  });

  test("a_machine_without_a_camera_is_told_so", async () => {
    const { page, complaints } = await opened("#/paid", { permissions: ["camera"] });
    await page.getByRole("button", { name: "Quét mã" }).click();
    await page.getByRole("dialog").getByText("Không tìm thấy camera trên máy này.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
  });

  test("a_camera_that_is_refused_is_told_so", async () => {
    await withCamera("DH9100", async (page, complaints) => {
      await page.getByRole("button", { name: "Quét mã" }).click();
      await page.getByRole("dialog").getByText("Trình duyệt không cho trang này dùng camera.").waitFor();
      assert.deepEqual(complaints, []);
    }, { isAllowed: false });
  });

  test("the_camera_reads_an_order_code_and_goes_out", async () => {
    await withCamera("DH9101", async (page, complaints) => {
      await page.getByRole("button", { name: "Quét mã" }).click();
      await page.getByRole("heading", { name: "DH9101" }).waitFor();
      assert.equal(new URL(page.url()).hash, "#/paid?code=DH9101");
      assert.equal(await page.getByRole("dialog").count(), 0);
      await cameraIs(page, "ended");
      assert.deepEqual(complaints, []);
    });
  });

  test("the_camera_reads_a_vietqr_code_with_its_amount", async () => {
    const payload = await payloadOf({ account: VIETCOMBANK, amount: "75000", content: "SEVQR DH9102" });
    await withCamera(payload, async (page) => {
      // Whose it is, is known once the accounts are.
      await page.getByLabel("Tài khoản nhận").locator("option").nth(1).waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Quét mã" }).click();
      await page.getByRole("heading", { name: "DH9102" }).waitFor();
      assert.equal(new URL(page.url()).hash, "#/paid?code=DH9102&amount=75000");
    });
  });

  test("the_camera_refuses_other_codes_and_goes_out_when_nobody_sees_the_page", async () => {
    await withCamera("https://example.invalid/?code=DH9103", async (page) => {
      await page.getByRole("button", { name: "Quét mã" }).click();
      await page.getByRole("dialog").getByText("không phải mã đơn hàng").waitFor();
      await cameraIs(page, "live");
      await changeVisibility(page, "visible");
      assert.equal(await page.getByRole("dialog").count(), 1);
      await cameraIs(page, "live");
      await changeVisibility(page, "hidden");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await cameraIs(page, "ended");
      await changeVisibility(page, "visible");
      // A picture that cannot be played is none, and no reason to leave the light on.
      await page.evaluate(() => {
        HTMLVideoElement.prototype.play = async () => {
          throw new DOMException("no picture", "NotSupportedError");
        };
      });
      await page.getByRole("button", { name: "Quét mã" }).click();
      await page.getByRole("dialog").getByText("Không mở được camera.").waitFor();
      await cameraIs(page, "ended");
      assert.equal(new URL(page.url()).hash, "#/paid");
    });
  });

  async function opened(hash: string, options: BrowserContextOptions = {}, key = KEY, from = browser): Promise<WatchedPage> {
    const watched = await openPage(from, `${site.url}/${hash}`, options);
    await watched.page.evaluate(keepStreams);
    await signIn(watched.page, key);
    await watched.page.getByRole("heading", { level: 1, name: "Đã trả chưa?" }).waitFor();
    return watched;
  }

  async function shown(hash: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const watched = await opened(hash, options);
    await watched.page.getByRole("img", { name: "Mã VietQR để chuyển khoản với nội dung" }).waitFor();
    return watched;
  }

  async function link(code: string, accountNumber: string, amount?: number): Promise<string> {
    const { data } = await site.read<{ data: { id: string; accountNumber: string }[] }>("/api/accounts");
    const account = data.find((one) => one.accountNumber === accountNumber)?.id ?? "";
    return `#/paid?${new URLSearchParams({ code, ...(amount === undefined ? {} : { amount: String(amount) }), account })}`;
  }

  async function payloadOf(params: Record<string, string>): Promise<string> {
    const query = new URLSearchParams({ bank: "Vietcombank", ...params });
    return (await site.read<{ payload: string }>(`/api/vietqr?${query}`)).payload;
  }

  /* A browser of its own, whose camera sees a code. */
  async function withCamera(
    text: string,
    look: (page: Page, complaints: string[]) => Promise<void>,
    { isAllowed = true } = {},
  ): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "camera-"));
    const film = join(folder, "film.y4m");
    await writeFile(film, filmOf(text));
    const args = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];
    const camera = await startChromium(isAllowed ? [...args, "--use-fake-ui-for-media-stream"] : args);
    try {
      const { page, complaints } = await opened("#/paid", {}, KEY, camera);
      await look(page, complaints);
    } finally {
      await camera.close();
      await rm(folder, { recursive: true });
    }
  }
});

const PROBLEM = JSON.stringify({ status: 502, code: "upstream_error", detail: "SePay answered 500", requestId: "req-9008" });

/** Keeps every stream that the page opens where `cameraIs` finds it. */
function keepStreams(): void {
  const streams: MediaStream[] = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    streams.push(stream);
    return stream;
  };
  Reflect.set(window, "streams", streams);
}

/** Waits until every camera that the page opened is live, or ended; there has to be one. */
async function cameraIs(page: Page, state: MediaStreamTrackState): Promise<void> {
  await page.waitForFunction((wanted) => {
    const tracks = (Reflect.get(window, "streams") as MediaStream[]).flatMap((stream) => stream.getTracks());
    return tracks.length > 0 && tracks.every(({ readyState }) => readyState === wanted);
  }, state);
}

/** As a browser does when another tab is chosen, or this one again. */
async function changeVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((wanted) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => wanted });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

async function focusedId(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.id);
}

/** Reads the code on the screen, where nothing covers it. */
async function onScreen(page: Page): Promise<string> {
  const code = page.locator(".qr-code");
  await code.evaluate((element) => element.scrollIntoView({ block: "center" }));
  return decoded(page, await code.screenshot());
}
