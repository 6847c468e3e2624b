/** The package's README: each of its programs runs as it stands there, and its figures are those of the budget. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "../../scripts/tools.ts";
import { KEY, startSite } from "../worker/site.ts";
import { installed } from "./project.ts";

const readme = readFileSync(join(ROOT, "src/js/npm/README.md"), "utf8");
const programs = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""]) => text);

const site = await startSite();
const project = await installed();
const { sandbox } = site;
const last = sandbox.data().transactions.slice(-4);

after(async () => {
  project.remove();
  await site.close();
});

/** What a program of the README finds: our SePay and our Worker under their names, and the names that it leaves open. */
const WORLD = `
  const places = { "https://my.sepay.vn": ${JSON.stringify(sandbox.url)}, "https://pay.example.vn": ${JSON.stringify(site.url)} };
  const { fetch } = globalThis;
  globalThis.fetch = (url, init) => fetch(places[new URL(url).origin] + String(url).slice(new URL(url).origin.length), init);
  globalThis.key = ${JSON.stringify(KEY)};
  globalThis.cursor = ${JSON.stringify(String(last[0]?.id))};
  globalThis.save = async (row) => console.log("saved", row.id);
`;

/** What each program must print or ask, by a word that only it has. */
const CLAIMS: Readonly<Record<string, (stdout: string, asked: readonly string[]) => void>> = {
  "process.env.SEPAY_API_TOKEN": (_, asked) => assert.match(asked.join(), /transactions\/list\?account_number=0071000888888&transaction_date_min=2026-11-01/),
  iterate: (stdout) => assert.equal(stdout, last.slice(1).map((row) => `saved ${row.id}\n`).join("")),
  RateLimitError: (stdout) => assert.equal(stdout, "SePay has no such transaction\n"),
  onEvent: (stdout) => assert.match(stdout, /^\/userapi\/bankaccounts\/count 200 \d+ ms\n$/),
  vietQr: (stdout) => assert.equal(stdout, "00020101021238570010A00000072701270006970436011300710008888880208QRIBFTTA530370454061500005802VN62120808DH00077763046168\n"),
  SePayEdge: (_, asked) => assert.match(asked.join(), /amount_in=2277000/),
};

test("each program of the README runs", async () => {
  assert.equal(programs.length, Object.keys(CLAIMS).length);
  project.write({ "world.mjs": WORLD });
  for (const [word, claim] of Object.entries(CLAIMS)) {
    const found = programs.filter((text) => text.includes(word));
    assert.equal(found.length, 1, word);
    sandbox.reset(["counters"]);
    project.write({ "program.mts": found[0] ?? "" });
    const { code, stdout, stderr } = await project.run(process.execPath, ["--import", "./world.mjs", "program.mts"], { SEPAY_API_TOKEN: sandbox.token });
    assert.equal(code, 0, `${word}: ${stderr}`);
    claim(stdout, sandbox.requests().map((request) => decodeURIComponent(request.target)));
  }
});

test("its sizes are the budget's", () => {
  const budget = JSON.parse(readFileSync(join(ROOT, "src/js/npm/size-budget.json"), "utf8")) as Record<string, number>;
  const [, server, page] = /A server loads (\d+) kB gzipped, [^;]*; a page (\d+) kB/s.exec(readme) ?? [];
  assert.equal(Number(server), Math.ceil((budget["@sepay-edge/client"] ?? 0) / 1000));
  assert.equal(Number(page), Math.ceil((budget["@sepay-edge/client/edge"] ?? 0) / 1000));
});
