/** The details of a row, and the mouse. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noChromium } from "./chromium.ts";
import { visit } from "./landing.ts";
import { stubHouse } from "./stub-house.ts";
import { rowAt, settled } from "./transactions-page.ts";

describe("details of a row", { skip: noChromium }, () => {
  const house = stubHouse();

  const open = async () => {
    const { page } = await visit(house.browser, house.stub, { at: "#/transactions" });
    await settled(page);
    await rowAt(page, 0).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    return { page, dialog };
  };

  test("a_text_marked_beyond_the_edge_leaves_them_open", async () => {
    const { page, dialog } = await open();
    const { x, y } = (await dialog.locator("dd .value").boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(x + 150, y + 8);
    await page.mouse.down();
    await page.mouse.move(20, y + 8, { steps: 5 });
    await page.mouse.up();
    assert.notEqual(await page.evaluate(() => getSelection()?.toString()), "");
    assert.equal(await dialog.evaluate((element) => (element as HTMLDialogElement).open), true);
  });

  test("a_click_beside_them_closes_them", async () => {
    const { page, dialog } = await open();
    await dialog.locator("h2").click();
    assert.equal(await dialog.count(), 1);
    await page.mouse.click(20, 300);
    await dialog.waitFor({ state: "detached" });
    assert.ok(await rowAt(page, 0).evaluate((row) => row === document.activeElement));
  });
});
