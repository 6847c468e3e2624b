/**
 * What the built Worker exports: every exported function would be a method that other Workers may call, and every class
 * one that they may make. The platform's crate brings three plain option classes; ours are the handler and the gate.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const source = await readFile(new URL("../../worker/build/index.js", import.meta.url), "utf8");

test("the Worker exports its handler, the gate and the platform crate's option classes only", () => {
  const [, list = ""] = /export\s*\{([^}]*)\}\s*;?\s*$/.exec(source) ?? [];
  const names = list.split(",").map((item) => item.trim().split(/\s+as\s+/).at(-1) ?? "").sort();
  assert.deepEqual(names, ["ContainerStartupOptions", "Gate", "MinifyConfig", "R2Range", "default"]);
});

test("the handler answers fetch and has no other method", () => {
  const [, entrypoint = ""] = /WorkerEntrypoint as (\w+)/.exec(source) ?? [];
  const [, handler = ""] = new RegExp(`(\\w+)=class extends ${entrypoint}\\{\\}`).exec(source) ?? [];
  const methods = [...source.matchAll(new RegExp(`\\b${handler}\\.prototype\\.(\\w+)=`, "g"))].map((match) => match[1]);
  assert.deepEqual(methods, ["fetch"]);
});
