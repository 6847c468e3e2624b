/**
 * What the built Worker exports: every class would be one that other Workers may make, and every method of the handler one
 * that they may call. The functions that the Rust side exports to its entry must not be among them.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { TEST_ROUTE_TEXT } from "./site.ts";

const source = await readFile(new URL("../../worker/build/index.js", import.meta.url), "utf8");

/** The text up to the brace that closes the first one. No text of the handler holds a brace. */
function balanced(text: string): string {
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "{") depth += 1;
    if (character === "}" && --depth === 0) return text.slice(0, index + 1);
  }
  return "";
}

test("the Worker exports its handler and the gate only", () => {
  const [, list = ""] = /export\s*\{([^}]*)\}\s*;?\s*$/.exec(source) ?? [];
  const names = list.split(",").map((item) => item.trim().split(/\s+as\s+/).at(-1) ?? "").sort();
  assert.deepEqual(names, ["Gate", "default"]);
  assert.equal(source.match(/\bexport\b/g)?.length, 1);
});

test("the handler is a plain object that answers fetch and nothing else", () => {
  const [, handler = ""] = /(\w+) as default/.exec(source) ?? [];
  const object = balanced(source.slice(source.search(new RegExp(`\\b${handler}=\\{`)) + handler.length + 1));
  assert.match(object, /^\{async fetch\([\w,]+\)\{/);
  const body = balanced(object.slice(object.indexOf("{", 1)));
  assert.equal(object.length, object.indexOf(body, 1) + body.length + 1, "something comes after fetch");
  assert.doesNotMatch(source, /WorkerEntrypoint/);
});

test("the deployed wasm has no route that only tests need", async () => {
  const wasm = await readFile(new URL("../../worker/build/index_bg.wasm", import.meta.url));
  assert.ok(wasm.includes("there is no such route"), "texts are found");
  assert.ok(!wasm.includes(TEST_ROUTE_TEXT));
});
