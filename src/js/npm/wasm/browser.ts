/** `#wasm` in browsers, for those who insist: nothing is read before the client has decided not to refuse. */
import text from "./bytes.js";

/** The wasm's bytes. */
export function wasm(): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
