/** `#wasm` on Workers, which compile a module before the program starts, and none from bytes while it runs. */
import module from "../sepay.wasm";

/** The wasm, compiled. */
export function wasm(): WebAssembly.Module {
  return module;
}
