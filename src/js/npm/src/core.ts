/**
 * The wasm core, loaded: the only module that knows how. Starting it is synchronous, so that a client needs no
 * `init()` and no `await`.
 */
import { Core, Walk, checkNames, initSync, nearest, vietQr as encodeVietQr } from "#glue";
import { wasm } from "#wasm";
import { errorOf } from "./errors.ts";
import type { Failure } from "./errors.ts";
import { isBrowser } from "./runtime.ts";

export { Core, Walk, checkNames, encodeVietQr, nearest };

let isLoaded = false;

/** Starts the core, once. */
export function loadCore(): void {
  if (isLoaded) return;
  initSync({ module: wasm() });
  isLoaded = true;
}

/*
 * At import, because workerd compiles wasm at no other time. Not in a browser, whose main thread may refuse so much at
 * once, before the constructor could say why it refuses. What fails here is tried again, and told, by the constructor.
 */
if (!isBrowser()) {
  try {
    loadCore();
  } catch {
    isLoaded = false;
  }
}

/** The error of what the core threw: a failure as a plain object, or a fault of its own, which stays as it is. */
export function thrown(cause: unknown): unknown {
  return isFailure(cause) ? errorOf(cause) : cause;
}

/** Runs a step of the core; what it throws is one of our errors. */
export function asking<T>(step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw thrown(cause);
  }
}

function isFailure(cause: unknown): cause is Failure {
  return typeof cause === "object" && cause !== null && !(cause instanceof Error) && "code" in cause;
}

