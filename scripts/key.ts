// `npm run key -- --id shop …`: mints an edge key. The key is shown once and stored nowhere; the entry for EDGE_KEYS holds
// its SHA-256 only.

import { createHash, randomBytes } from "node:crypto";

import { KEY_BYTES, mintKey } from "./edge-key.ts";
import { BadArgument, keyFields } from "./key-entry.ts";
import type { KeyFields } from "./key-entry.ts";
import { stop } from "./say.ts";

function asked(): KeyFields {
  try {
    return keyFields(process.argv.slice(2), Date.now());
  } catch (error) {
    if (error instanceof BadArgument) stop(error.message);
    throw error;
  }
}

const { id, ...rights } = asked();
const key = mintKey(randomBytes(KEY_BYTES));
const entry = { id, sha256: createHash("sha256").update(key).digest("hex"), ...rights };
console.log(`edge key (shown once, give it to the caller):\n${key}\n`);
console.log(`its entry for the array EDGE_KEYS:\n${JSON.stringify(entry)}\n`);
console.log("put the whole array there with `npx wrangler secret put EDGE_KEYS --config worker/wrangler.jsonc`;");
console.log("that replaces the array, and nobody can read it back: keep the entries of your other keys.");
