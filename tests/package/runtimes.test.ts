/** The packed package in Node 20, 22 and 24, as an ES module and as CommonJS, in Bun and in Deno. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startSandbox } from "../sandbox/server.ts";
import { check, placeOf, program } from "./ask.ts";
import type { Asked } from "./ask.ts";
import { BUN, DENO, NODES } from "./hosts.ts";
import { installed } from "./project.ts";

const sandbox = await startSandbox({ requestsPerSecond: 50 });
const project = await installed();
const place = placeOf(sandbox);
project.write({ "ask.mjs": program("esm", place), "ask.cjs": program("cjs", place) });

after(async () => {
  project.remove();
  await sandbox.close();
});

for (const { name, command, missing } of NODES) {
  for (const file of ["ask.mjs", "ask.cjs"]) {
    test(`${name} runs ${file}`, { skip: missing }, async () => {
      sandbox.reset(["counters"]);
      check(await project.read<Asked>(command, [file]), sandbox);
    });
  }
}

test(`${BUN.name} runs it as either`, { skip: BUN.missing }, async () => {
  for (const file of ["ask.mjs", "ask.cjs"]) {
    sandbox.reset(["counters"]);
    check(await project.read<Asked>(BUN.command, ["run", file]), sandbox);
  }
});

test(`${DENO.name} runs it with no permission but the network`, { skip: DENO.missing }, async () => {
  sandbox.reset(["counters"]);
  const args = ["run", "--no-prompt", "--no-lock", "--cached-only", "--node-modules-dir=manual", `--allow-net=127.0.0.1:${sandbox.port}`, "ask.mjs"];
  check(await project.read<Asked>(DENO.command, args), sandbox);
});

test("SEPAY_API_TOKEN is the token where none is given, and both entries throw the same classes", async () => {
  project.write({
    "both.mjs": `
      import { NotFoundError, SePay } from "@sepay-edge/client";
      import { NotFoundError as OfEdge } from "@sepay-edge/client/edge";
      const sepay = new SePay({ baseURL: process.env.SEPAY_BASE_URL });
      const count = await sepay.bankAccounts.count();
      console.log(JSON.stringify({ count, same: NotFoundError === OfEdge }));`,
    "both.cjs": `
      const { NotFoundError, SePay } = require("@sepay-edge/client");
      const { NotFoundError: OfEdge } = require("@sepay-edge/client/edge");
      const sepay = new SePay({ baseURL: process.env.SEPAY_BASE_URL });
      sepay.bankAccounts.count().then((count) => console.log(JSON.stringify({ count, same: NotFoundError === OfEdge })));`,
  });
  const env = { SEPAY_BASE_URL: sandbox.url, SEPAY_API_TOKEN: sandbox.token };
  for (const file of ["both.mjs", "both.cjs"]) {
    sandbox.reset(["counters"]);
    const said = await project.read(process.execPath, [file], env);
    assert.deepEqual(said, { count: sandbox.data().accounts.length, same: true });
  }
});
