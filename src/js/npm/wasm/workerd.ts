/** `#wasm` on Workers, which compile a module before the program starts, and none from bytes while it runs. */
import module from "../sepay.wasm";

export { module };
