/**
 * What the built Worker exports: every class would be one that other Workers may make, and every method of the handler one
 * that they may call. The functions that the Rust side exports to its entry must not be among them.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { TEST_ROUTE_TEXT } from "./site.ts";

const source = await readFile(new URL("../../worker/build/index.js", import.meta.url), "utf8");

test("the Worker exports its handler and the gate only", () => {
  const [, list = ""] = /export\s*\{([^}]*)\}\s*;?\s*$/.exec(source) ?? [];
  const names = list.split(",").map((item) => item.trim().split(/\s+as\s+/).at(-1) ?? "").sort();
  assert.deepEqual(names, ["Gate", "default"]);
  assert.equal(source.match(/\bexport\b/g)?.length, 1);
});

test("the handler is a plain object that answers fetch and nothing else", () => {
  const [, handler = ""] = /(\w+) as default/.exec(source) ?? [];
  assert.match(source, new RegExp(`\\b${handler}=\\{async fetch\\(\\w+,\\w+\\)\\{[^{}]*\\}\\}`));
  assert.doesNotMatch(source, /WorkerEntrypoint/);
});

test("the deployed wasm has no route that only tests need", async () => {
  const wasm = await readFile(new URL("../../worker/build/index_bg.wasm", import.meta.url));
  assert.ok(wasm.includes("there is no such route"), "texts are found");
  assert.ok(!wasm.includes(TEST_ROUTE_TEXT));
});
