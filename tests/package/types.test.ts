/** The packed declarations: exact under every module system, and without `any`. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "../../scripts/tools.ts";
import { installed } from "./project.ts";

const project = await installed();
const usage = readFileSync(join(import.meta.dirname, "types/usage.ts"), "utf8");
const folder = join(project.folder, "node_modules/@sepay-edge/client");

after(() => project.remove());

/** Nothing of a checkout but Node's own types; every check on, the package's declarations included. */
const COMMON = { strict: true, noEmit: true, noUnusedLocals: true, exactOptionalPropertyTypes: true, target: "ES2022", skipLibCheck: false };
const NODE_TYPES = { lib: ["ES2023"], types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] };
/** A page's project, which knows no Node. */
const PAGE_TYPES = { lib: ["ES2023", "DOM", "DOM.Iterable"], types: [] };

const WAYS = {
  "as an ES module of Node": { file: "usage.mts", options: { ...NODE_TYPES, module: "NodeNext" } },
  "as CommonJS of Node": { file: "usage.cts", options: { ...NODE_TYPES, module: "NodeNext" } },
  "for a bundler, in a page": { file: "usage.ts", options: { ...PAGE_TYPES, module: "ESNext", moduleResolution: "bundler" } },
};

for (const [way, { file, options }] of Object.entries(WAYS)) {
  test(`the types hold ${way}`, async () => {
    const config = `tsconfig.${file}.json`;
    const text = file === "usage.ts" ? usage.replace('process.env["SEPAY_API_TOKEN"]', '""') : usage;
    project.write({ [file]: text, [config]: JSON.stringify({ compilerOptions: { ...COMMON, ...options }, files: [file] }) });
    const { code, stdout, stderr } = await project.run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", config]);
    assert.equal(code, 0, stdout + stderr);
  });
}

test("no declaration says any, and every public one is documented", () => {
  for (const format of ["esm", "cjs"]) {
    for (const file of readdirSync(join(folder, format)).filter((name) => name.endsWith(".d.ts"))) {
      const text = readFileSync(join(folder, format, file), "utf8");
      const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/"[^"]*"/g, '""');
      assert.doesNotMatch(code, /\bany\b/, `${format}/${file}`);
      const bare = [...text.matchAll(/(?<!\*\/)\n(export declare (?:class|function)|export interface) (\w+)/g)].map(([, , name]) => name);
      assert.deepEqual(bare, [], `${format}/${file} has undocumented names`);
    }
  }
});
