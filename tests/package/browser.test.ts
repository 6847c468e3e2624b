/** The packed package in a real page: `./edge` asks the Worker that serves it, and the main entry refuses. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { build, stop } from "esbuild";
import type { Browser, Page } from "playwright-core";
import type * as Edge from "../../src/js/npm/src/edge.ts";
import { closePages, noChromium, openPage, startChromium } from "../browser/chromium.ts";
import { accountJson, highestIds, newestFirst, transactionJson } from "../worker/expected.ts";
import { KEY, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { installed } from "./project.ts";

const skip = noChromium;
const project = skip ? undefined : await installed();
const browser = skip ? undefined : await startChromium();

after(async () => {
  await browser?.close();
  // Otherwise its process would live as long as ours.
  await stop();
  project?.remove();
});

/** What a page's bundler makes of a program, for a script without imports. */
async function bundled(source: string): Promise<string> {
  project?.write({ "page.js": source });
  const made = await build({
    entryPoints: [join(project?.folder ?? "", "page.js")],
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    globalName: "shop",
    write: false,
    logLevel: "warning",
  });
  assert.deepEqual(made.warnings, []);
  return made.outputFiles[0]?.text ?? "";
}

/** The page of the Worker, with a script of ours on it. */
async function pageOf(site: Site, source: string): Promise<Page> {
  const { page } = await openPage(browser as Browser, site.url, { bypassCSP: true, failuresExpected: true });
  await page.addScriptTag({ content: await bundled(source) });
  return page;
}

test("./edge asks the Worker from its own page", { skip }, async () => {
  const site = await startSite();
  const page = await pageOf(site, 'export * from "@sepay-edge/client/edge";');
  const asked = await page.evaluate(async (key) => {
    const { NotFoundError, SePayEdge, SePayError } = Reflect.get(window, "shop") as typeof Edge;
    const edge = new SePayEdge({ baseURL: "", key });
    const listed = await edge.transactions.list({ limit: 7 });
    const got = await edge.transactions.get(listed.data[0]?.id ?? "");
    const count = await edge.transactions.count();
    const accounts = await edge.bankAccounts.list();
    const caught = await edge.transactions.get("999999999").catch((error: unknown) => error);
    const error = { isNotFound: caught instanceof NotFoundError, code: caught instanceof SePayError ? caught.code : "" };
    return { listed, got, count, accounts, error };
  }, KEY);
  const { accounts, transactions } = site.sandbox.data();
  const newest = newestFirst(highestIds(transactions, 7)).map(transactionJson);
  assert.deepEqual(asked.listed.data, newest);
  assert.deepEqual(asked.got, newest[0]);
  assert.equal(asked.count, transactions.length);
  assert.deepEqual(new Set(asked.accounts.data.map((row) => row.id)), new Set(accounts.map((row) => accountJson(row).id)));
  assert.deepEqual(asked.error, { isNotFound: true, code: "not_found" });
  await closePages(browser as Browser);
  await site.close();
});

test("the main entry refuses a page, says why, and gives way when told to", { skip }, async () => {
  const script = await bundled('export { SePay } from "@sepay-edge/client";');
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>shop</title>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { page, complaints } = await openPage(browser as Browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, { failuresExpected: true });
  await page.addScriptTag({ content: script });
  const said = await page.evaluate(() => {
    const { SePay } = Reflect.get(window, "shop") as { SePay: new (options: object) => object };
    const make = (options: object): string => {
      try {
        return JSON.stringify(new SePay({ apiToken: "S3CRET", ...options }));
      } catch (error) {
        return `${(error as Error).name} ${(error as { code?: string }).code} ${(error as Error).message}`;
      }
    };
    return { refused: make({}), allowed: make({ dangerouslyAllowBrowser: true }) };
  });
  assert.match(said.refused, /^InvalidParameterError invalid_parameter .*browser.*@sepay-edge\/client\/edge/);
  assert.doesNotMatch(said.refused + said.allowed, /S3CRET/);
  assert.deepEqual(JSON.parse(said.allowed), { baseURL: "https://my.sepay.vn", apiToken: "[redacted]" });
  assert.deepEqual(complaints, []);
  await closePages(browser as Browser);
  server.close();
});

test("a page's bundle of ./edge has no wasm in it", { skip }, async () => {
  const script = await bundled('export { SePayEdge } from "@sepay-edge/client/edge";');
  assert.doesNotMatch(script, /WebAssembly/);
  assert.ok(script.length < readFileSync(join(project?.folder ?? "", "node_modules/@sepay-edge/client/esm/index.js")).length);
});
