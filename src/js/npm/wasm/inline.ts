/**
 * `#wasm` wherever a module may be compiled from bytes: they travel inside the JavaScript, because bundlers regularly
 * lose a file that is read by its path. As deflated base64 they are a quarter smaller than as base64 alone.
 */
import text from "#deflated";
import { inflate } from "./inflate.ts";

/** What Node, Bun and Deno lend without an import, which a bundler for browsers would stumble over. */
interface Lender {
  process?: { getBuiltinModule?: (name: string) => { inflateRawSync(bytes: Uint8Array): Uint8Array } | undefined };
  Buffer?: { from(text: string, encoding: "base64"): Uint8Array };
}

/** The wasm, not compiled yet: a browser's main thread may refuse that, and the client refuses browsers better. */
export const module: Uint8Array = unpacked();

/** By the host's zlib in 1 ms, by our own in 10 (150 kB, cold). */
function unpacked(): Uint8Array {
  const { process, Buffer } = globalThis as Lender;
  const zlib = process?.getBuiltinModule?.("node:zlib");
  return zlib && Buffer ? zlib.inflateRawSync(Buffer.from(text, "base64")) : inflate(bytesOf(text));
}

function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
