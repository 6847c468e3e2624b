/**
 * What a stranger does with the contract: generates a client from the served document, compiles a program against it, and
 * asks the running Worker.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { ROOT } from "../../scripts/tools.ts";
import { keyEntry, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { ensureContractTools } from "./tools.ts";

const PROGRAM = join(import.meta.dirname, "client/list.ts");
const ALL_RIGHTS = "edge_test_key_that_may_make_tickets";
const STRICT = {
  compilerOptions: {
    target: "ES2024",
    lib: ["ES2024", "DOM"],
    module: "NodeNext",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    typeRoots: [join(ROOT, "node_modules/@types")],
    types: ["node"],
  },
  files: ["list.ts"],
};

describe("a client that is generated from the contract", { timeout: 120_000 }, () => {
  let site: Site;
  let folder: string;

  const run = async (command: string, ...args: string[]): Promise<string> => {
    const ended = await promisify(execFile)(command, args, { cwd: folder }).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${command} ${args.join(" ")} failed:\n${error.stdout}${error.stderr}`);
    });
    return ended.stdout;
  };

  before(async () => {
    const maker = keyEntry(ALL_RIGHTS, { id: "maker", scopes: ["transactions:read", "tickets:write"] });
    site = await startSite({ keys: [maker], bindings: { EDGE_TICKET_SECRET: "a secret that only this test knows" } });
    const tools = ensureContractTools();
    folder = mkdtempSync(join(tools, "client-"));
    cpSync(PROGRAM, join(folder, "list.ts"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(STRICT));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    await run(process.execPath, join(tools, "node_modules/openapi-typescript/bin/cli.js"), `${site.url}/openapi.json`, "-o", "contract.d.ts");
  });
  after(async () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    await site?.close();
  });

  test("compiles under the strictest settings", async () => {
    await run(join(ROOT, "node_modules/.bin/tsc"), "-p", "tsconfig.json");
  });

  test("asks the running Worker", async () => {
    const answered = JSON.parse(await run(process.execPath, "list.ts", site.url, ALL_RIGHTS)) as Record<string, unknown>;
    const expected = site.sandbox.data().transactions.filter((row) => row.accountNumber === "0071000888888").slice(-20);
    assert.deepEqual(answered, {
      rows: 20,
      complete: false,
      total: expected.reduce((sum, row) => sum + row.amountIn, 0),
      code: "DH001",
      occurredAt: "2026-11-19T22:00:00+07:00",
      count: 2,
      refused: "invalid_parameter",
      misspelled: "acount: unknown parameter; did you mean account?",
      tokenType: "Bearer",
    });
  });

  test("is told in types and in words that a key is missing", async () => {
    await assert.rejects(run(process.execPath, "list.ts", site.url, "edge_nobody"), /unauthorized: send one header/);
  });
});
