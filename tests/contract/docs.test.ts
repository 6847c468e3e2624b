/**
 * The pages /docs and /docs/en: what they show can be pasted and gives what stands below it, they are light, they need no
 * script, and nothing in them leads nowhere.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

import { ROOT } from "../../scripts/tools.ts";
import { vietnamese } from "../../www/docs/vi.mjs";
import { docsPages } from "../../www/docs/pages.mjs";
import { ALL_SCOPES, keyEntry } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { committed, routes } from "./document.ts";
import { startTarget } from "./target.ts";

const PAGES = { "/docs": "vi", "/docs/en": "en" } as const;
const BASE = "http://127.0.0.1:8787";
const KEY = "edge_demo_key_for_the_sandbox_only";
const MAX_GZIP_BYTES = 60_000;

/** What is different each time. */
const EVER_NEW = ["getStatus", "getMetrics", "createTicket", "getOwnTicket", "getAudit"];

/** Lines of a page that stand as they are: a program or an answer. */
interface Block {
  /** The operation that it is about. */
  readonly of: string;
  /** Which program it is; nothing for an answer. */
  readonly runs: string | undefined;
  readonly lines: string;
}

function blocks(html: string): Block[] {
  const all = html.matchAll(/<pre [^>]*?(?: data-runs="([^"]*)")? data-of="(\w+)"><code>([^<]*)<\/code><\/pre>/g);
  return [...all].map(([, runs, of = "", lines = ""]) => ({ of, runs, lines: unescaped(lines) }));
}

function unescaped(html: string): string {
  return html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

const run = promisify(execFile);

describe("the pages /docs", { timeout: 120_000 }, () => {
  let site: Site;
  let folder: string;
  const pages: Record<string, string> = {};

  before(async () => {
    site = await startTarget([keyEntry(KEY, { id: "demo", scopes: ALL_SCOPES })]);
    folder = mkdtempSync(join(tmpdir(), "sepay-edge-docs-"));
    for (const path of Object.keys(PAGES)) {
      const reply = await fetch(site.url + path, { redirect: "error" });
      assert.equal(reply.status, 200);
      assert.match(reply.headers.get("content-security-policy") ?? "", /default-src 'none'/);
      pages[path] = await reply.text();
    }
  });
  after(async () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    await site?.close();
  });

  for (const [path, lang] of Object.entries(PAGES)) {
    const page = (): string => pages[path] ?? "";

    test(`${path} is light, in its language, and names the other`, () => {
      assert.ok(gzipSync(page()).length < MAX_GZIP_BYTES);
      assert.match(page(), new RegExp(`<html lang="${lang}">`));
      for (const [other, its] of Object.entries(PAGES)) assert.match(page(), new RegExp(`<link rel="alternate" hreflang="${its}" href="${other}">`));
    });

    test(`${path} has no script, no inline style, and nothing from elsewhere`, () => {
      assert.doesNotMatch(page(), /<script|<style|\sstyle=|\son\w+=|javascript:/i);
      const loaded = [...page().matchAll(/<(?:link rel="(?:stylesheet|icon)"|img|iframe)[^>]*? (?:href|src)="([^"]*)"/g)].map(([, target]) => target);
      assert.deepEqual(loaded.filter((target) => !target?.startsWith("data:")), ["/style.css", "/docs.css"]);
    });

    test(`${path} leads nowhere in vain`, async () => {
      const targets = new Set([...page().matchAll(/ href="([^"]*)"/g)].map(([, target = ""]) => target));
      const ids = [...page().matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      assert.equal(new Set(ids).size, ids.length, "an id twice");
      for (const target of targets) {
        if (target.startsWith("data:")) continue;
        if (target.startsWith("#")) assert.ok(ids.includes(target.slice(1)), target);
        else assert.equal((await fetch(site.url + target, { redirect: "manual" })).status, 200, target);
      }
    });

    test(`${path} shows every route with its answer and with programs that ask for it`, () => {
      for (const { operation, path: template } of routes(committed())) {
        const own = blocks(page()).filter(({ of }) => of === operation.operationId);
        assert.deepEqual(own.slice(0, 2).map(({ runs }) => runs), ["curl", "fetch"], template);
        assert.equal(own.at(-1)?.runs, undefined, template);
        for (const block of own.slice(0, -1)) assert.ok(block.lines.includes(`${BASE}/`) || block.lines.includes(`"${BASE}"`), block.lines);
      }
    });
  }

  test("both pages show the same programs and the same answers", () => {
    assert.deepEqual(blocks(pages["/docs"] ?? ""), blocks(pages["/docs/en"] ?? ""));
  });

  test("every program runs as it stands, and gives what stands below it", async () => {
    const all = blocks(pages["/docs/en"] ?? "");
    let asked = 0;
    for (const { of, runs, lines } of all) {
      if (runs === undefined) continue;
      const said = await output(runs, lines.replaceAll(BASE, site.url));
      const answer = all.find((block) => block.of === of && block.runs === undefined)?.lines ?? "";
      if (runs === "curl") assert.doesNotMatch(said, /"urn:sepay-edge:problem/, lines);
      if (runs === "curl" && !EVER_NEW.includes(of)) assert.deepEqual(JSON.parse(said), JSON.parse(answer), lines);
      if (runs === "curl" && EVER_NEW.includes(of) && of !== "getMetrics") {
        assert.deepEqual(Object.keys(JSON.parse(said) as object), Object.keys(JSON.parse(answer) as object), lines);
      }
      assert.ok(said.trim().length > 0, lines);
      asked += 1;
    }
    assert.ok(asked >= 40, String(asked));
  });

  test("no Vietnamese sentence is left over", () => {
    const html = docsPages(committed());
    const english = unescaped(html["docs/en.html"] ?? "").replaceAll(/<\/?(?:code|strong)>/g, "");
    const plain = (sentence: string): string => sentence.replaceAll(/[`]|\*\*/g, "").replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '');
    const shown = english.replaceAll(/<a href="[^"]*">[^<]*<\/a>/g, "");
    const unused = Object.keys(vietnamese).filter((sentence) => !shown.includes(plain(sentence)) && !english.includes(sentence));
    assert.deepEqual(unused, []);
  });

  async function output(runs: string, lines: string): Promise<string> {
    const env = { ...process.env, KEY };
    if (runs === "curl") return (await run("bash", ["-c", lines], { env })).stdout;
    const file = join(folder, "program.ts");
    const client = pathToFileURL(join(ROOT, "src/js/npm/src/edge.ts")).href;
    writeFileSync(file, lines.replace('"@sepay-edge/client/edge"', JSON.stringify(client)));
    return (await run(process.execPath, [file], { env })).stdout;
  }
});
