/** The commands that look at the page: what they refuse before they begin, and the pictures that they make. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { ROOT } from "../../scripts/tools.ts";
import { noChromium, startChromium } from "./chromium.ts";
import { encode } from "./picture.ts";

function run(command: string, ...args: string[]): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, `scripts/${command}.ts`), ...args], { encoding: "utf8" });
  return { status, said: stderr };
}

describe("npm run lighthouse", () => {
  test("a view that does not exist is refused with the names of those that do", () => {
    const { status, said } = run("lighthouse", "acounts");
    assert.equal(status, 1);
    assert.match(said, /no view 'acounts'; there are sign-in, accounts, transactions, paid, gate\./);
  });

  test("rounds are counted in whole numbers", () => {
    for (const rounds of ["0", "1.5"]) {
      const { status, said } = run("lighthouse", `--rounds=${rounds}`);
      assert.deepEqual([status, /--rounds should be a whole number/.test(said)], [1, true], rounds);
    }
  });

  test("lighthouse is pinned exactly, with all that it brings", () => {
    const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, "lighthouse", name), "utf8"));
    const wanted = read("package.json").dependencies.lighthouse;
    const packages: Record<string, { version: string; integrity?: string; resolved?: string }> = read("package-lock.json").packages;
    assert.match(wanted, /^\d+\.\d+\.\d+$/);
    assert.equal(packages["node_modules/lighthouse"]?.version, wanted);
    for (const [name, { integrity, resolved }] of Object.entries(packages)) {
      if (name !== "") assert.deepEqual([typeof integrity, resolved], ["string", undefined], name);
    }
  });
});

describe("pictures", { skip: noChromium }, () => {
  test("screenshots stand side by side in a WebP file that is as good as it may be large", async () => {
    const browser = await startChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 300, height: 200 } });
      await page.setContent(`<p style="columns: 4; font-size: 9px">${"Đã trả đủ 1.250.000 ₫ ".repeat(40)}</p>`);
      const shot = await page.screenshot();
      const [good, small] = [await encode(browser, [shot, shot], 1_000_000), await encode(browser, [shot, shot], 1)];
      assert.ok(small.length < good.length);
      const between = await encode(browser, [shot, shot], good.length - 1);
      assert.ok(between.length < good.length && between.length > small.length);
      for (const bytes of [good, small]) {
        assert.equal(bytes.toString("latin1", 0, 4) + bytes.toString("latin1", 8, 12), "RIFFWEBP");
        const size = await page.evaluate(async (text) => {
          const { width, height } = await createImageBitmap(await (await fetch(text)).blob());
          return { width, height };
        }, `data:image/webp;base64,${bytes.toString("base64")}`);
        assert.deepEqual(size, { width: 300 + 32 + 300, height: 200 });
      }
    } finally {
      await browser.close();
    }
  });
});
