/** What the charts read out of a day on which nothing moved one way. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noChromium } from "./chromium.ts";
import { land } from "./landing.ts";
import { incoming } from "./stub-data.ts";
import { stubHouse } from "./stub-house.ts";

describe("readout of the charts", { skip: noChromium }, () => {
  const house = stubHouse();

  test("nothing_has_no_sign", async () => {
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    house.stub.add(incoming(9001, "0071000888888", `${today}T00:00:01+07:00`, 70_000, "DH1", null));
    const { page } = await land(house.browser, house.stub);
    const figures = page.locator(".chart-readout dd");
    assert.deepEqual((await figures.allTextContents()).slice(0, 2), ["+70.000\u00a0₫", "0\u00a0₫"]);
    await page.getByRole("slider").focus();
    await page.keyboard.press("ArrowLeft");
    assert.deepEqual((await figures.allTextContents()).slice(0, 2), ["0\u00a0₫", "0\u00a0₫"]);
  });
});
