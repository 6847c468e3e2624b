/** What a first visit loads is small; the rest is fetched when it is first shown. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { buildPage } from "../../www/build.mjs";

const FIRST_LOAD_BYTES = 60_000;

describe("first load", () => {
  let dist: string;

  before(async () => {
    dist = await buildPage(await mkdtemp(join(tmpdir(), "page-")));
  });
  after(() => rm(dist, { recursive: true }));

  test("fits_into_its_budget", async (t) => {
    const files = ["index.html", "style.css", ...(await scriptsAtOnce())];
    const sizes = await Promise.all(files.map(async (file) => gzipSync(await read(file), { level: 9 }).length));
    const sum = sizes.reduce((total, size) => total + size, 0);
    t.diagnostic(`first load: ${sum} of ${FIRST_LOAD_BYTES} bytes gzipped: ${files.map((file, n) => `${file} ${sizes[n]}`).join(", ")}`);
    assert.ok(sum <= FIRST_LOAD_BYTES, `${sum} bytes`);
  });

  test("document_names_every_script_that_is_needed_at_once_and_no_other", async () => {
    const html = (await read("index.html")).toString();
    const named = [...html.matchAll(/<(?:script|link)[^>]+?="\/([^"]+\.js)"/g)].map(([, file]) => file);
    assert.deepEqual(named.sort(), (await scriptsAtOnce()).sort());
  });

  test("views_beyond_the_first_charts_and_codes_come_later", async () => {
    const first = await scriptsAtOnce();
    const later = (await readdir(join(dist, "parts"))).map((name) => `parts/${name}`).filter((file) => !first.includes(file));
    for (const name of ["charts", "transactions", "paid", "gate", "bar"]) {
      assert.ok(later.some((file) => file.startsWith(`parts/${name}-`)), name);
    }
  });

  /* The script of the document, and what it imports without being asked to, and what that imports. */
  async function scriptsAtOnce(): Promise<string[]> {
    const found = ["app.js"];
    // The list grows while it is walked.
    for (const file of found) {
      for (const [, path = ""] of (await read(file)).toString().matchAll(/\b(?:from|import)\s*"(\.[^"]+)"/g)) {
        const imported = posix.join(posix.dirname(file), path);
        if (!found.includes(imported)) found.push(imported);
      }
    }
    return found;
  }

  function read(file: string): Promise<Buffer> {
    return readFile(join(dist, file));
  }
});
