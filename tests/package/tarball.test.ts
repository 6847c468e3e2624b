/** What the tarball holds, and what the checkers of packages say of it. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "../../scripts/tools.ts";
import { startSandbox } from "../sandbox/server.ts";
import { script } from "./hosts.ts";
import { installed, packed } from "./project.ts";

const tarball = await packed();
const project = await installed();
const folder = join(project.folder, "node_modules/@sepay-edge/client");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());

after(() => {
  project.remove();
  rmSync(dirname(tarball), { recursive: true });
});

function textOf(file: string): string {
  return readFileSync(join(folder, file), "latin1");
}

test("publint has nothing to say", async () => {
  const { code, stdout, stderr } = await project.run(process.execPath, [script("publint/src/cli.js"), tarball, "--strict"]);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /All good!/, stdout);
});

test("its types are right under every way of resolving them", async () => {
  const attw = script("@arethetypeswrong/cli/dist/index.js");
  const { code, stdout, stderr } = await project.run(process.execPath, [attw, tarball, "--no-emoji", "--no-color", "--format", "json"]);
  assert.equal(code, 0, stdout + stderr);
  const { analysis } = JSON.parse(stdout) as { analysis: { entrypoints: Record<string, unknown>; problems: unknown[] } };
  assert.deepEqual(Object.keys(analysis.entrypoints).sort(), [".", "./edge", "./package.json"]);
  assert.deepEqual(analysis.problems, []);
});

test("it holds the allowed files and no other", () => {
  const wanted = [/^(esm|cjs)\/[\w-]+\.(js|d\.ts)$/, /^cjs\/package\.json$/, /^workerd\/index\.js$/, /^browser\/(index|bytes)\.js$/, /^(package\.json|README\.md|sepay\.wasm|LICENSE-(APACHE|MIT))$/];
  assert.deepEqual(files.filter((file) => !wanted.some((pattern) => pattern.test(file))), []);
  for (const file of ["package.json", "README.md", "LICENSE-APACHE", "LICENSE-MIT", "sepay.wasm"]) assert.ok(files.includes(file), file);
});

test("nobody's folder is in any file", () => {
  for (const file of files) {
    const text = textOf(file);
    for (const path of [ROOT, homedir(), "/tmp/"]) assert.ok(!text.includes(path), `${file} has ${path}`);
  }
});

test("it depends on nothing, runs no script, and has the version of the whole", () => {
  const manifest = JSON.parse(textOf("package.json")) as Record<string, unknown>;
  for (const name of ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies", "scripts"]) assert.equal(manifest[name], undefined, name);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  assert.equal(manifest["version"], version);
});

test("what it calls itself to SePay has that version too", async () => {
  const sandbox = await startSandbox();
  project.write({
    "version.mjs": `
      import { SePay, VERSION } from "@sepay-edge/client";
      await new SePay({ baseURL: "${sandbox.url}", apiToken: "${sandbox.token}" }).bankAccounts.count();
      console.log(JSON.stringify(VERSION));`,
  });
  const version = await project.read<string>(process.execPath, ["version.mjs"]);
  await sandbox.close();
  assert.equal(version, (JSON.parse(textOf("package.json")) as { version: string }).version);
  const sent = sandbox.requests()[0]?.headers.find(([name]) => name.toLowerCase() === "user-agent");
  assert.match(sent?.[1] ?? "", new RegExp(`^sepay-edge-client/${version.replaceAll(".", "\\.")} `));
});

test("the edge entry loads no wasm", () => {
  for (const format of ["esm", "cjs"]) assert.doesNotMatch(textOf(`${format}/edge.js`), /WebAssembly|wasm/i);
});
