/** What the edge client costs a page: everything it imports, the errors too. Issue 4, item 5. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ENTRY = fileURLToPath(new URL("../../src/js/npm/src/edge.ts", import.meta.url));

test("the_edge_client_is_smaller_than_3000_bytes_and_has_no_wasm", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  assert.ok(bytes > 1_000 && bytes < 3_000, `${bytes} bytes`);
  const inputs = Object.keys(metafile.inputs).map((path) => path.replace(/^.*\//, ""));
  assert.deepEqual(inputs.filter((name) => !/^(edge(-\w+)?|errors)\.ts$/.test(name)), []);
});
