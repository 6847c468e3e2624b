/**
 * Reads the options of `new SePay(…)` and of a call: names, types and ranges. What is wrong is named, and never
 * repeated: it may be the token.
 */
import { loadCore, nearest } from "./core.ts";
import { invalid } from "./errors.ts";
import { kindOf, readObject } from "./given.ts";
import { environmentToken, isBrowser, runtimeName } from "./runtime.ts";
import type { Fetch, SePayEvent } from "./types.ts";
import { VERSION } from "./version.ts";

/** The options, complete. */
export interface Settings {
  apiToken: string;
  baseURL: string;
  /** Milliseconds for one try. */
  timeoutMs: number;
  /** Milliseconds for one call. */
  deadlineMs: number;
  maxRetries: number;
  requestsPerSecond: number;
  fetch: Fetch;
  userAgent: string;
  onEvent: ((event: SePayEvent) => unknown) | undefined;
}

/** A call's options, read. */
export interface CallSettings {
  signal: AbortSignal | undefined;
  /** Milliseconds for the call; none leaves the client's. */
  deadlineMs: number | undefined;
}

/** The longest time that every runtime's timers can wait, about 24 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

const OPTION_NAMES = [
  "apiToken",
  "baseURL",
  "timeout",
  "deadline",
  "maxRetries",
  "requestsPerSecond",
  "fetch",
  "userAgent",
  "onEvent",
  "dangerouslyAllowBrowser",
];
const CALL_OPTION_NAMES = ["signal", "deadline"];

/** Reads the options of a client, and starts the core if that is still to be done; throws `InvalidParameterError`. */
export function readOptions(given: unknown): Settings {
  const options = readObject("options", given);
  refuseBrowser(options.get("dangerouslyAllowBrowser"));
  // After the refusal, which a browser must hear before it compiles anything; the core knows the nearest right name.
  loadCore();
  refuseUnknown(options, OPTION_NAMES, "option");
  return {
    apiToken: readToken(options.get("apiToken")),
    baseURL: readText("baseURL", options.get("baseURL"), "https://my.sepay.vn"),
    timeoutMs: readMs("timeout", options.get("timeout"), 15_000),
    deadlineMs: readMs("deadline", options.get("deadline"), 300_000),
    maxRetries: readWhole("maxRetries", options.get("maxRetries"), { least: 0, most: 10, default: 2 }),
    requestsPerSecond: readWhole("requestsPerSecond", options.get("requestsPerSecond"), { least: 1, most: 50, default: 2 }),
    fetch: readFetch(options.get("fetch")),
    userAgent: readText("userAgent", options.get("userAgent"), `sepay-edge-client/${VERSION} (${runtimeName()})`),
    onEvent: readHandler(options.get("onEvent")),
  };
}

/** Reads the second argument of a call; throws `InvalidParameterError`. */
export function readCallOptions(given: unknown): CallSettings {
  if (given === undefined) return { signal: undefined, deadlineMs: undefined };
  const options = readObject("options", given);
  refuseUnknown(options, CALL_OPTION_NAMES, "call option");
  const deadline = options.get("deadline");
  return {
    signal: readSignal(options.get("signal")),
    deadlineMs: deadline === undefined ? undefined : readMs("deadline", deadline, 0),
  };
}

function refuseUnknown(given: Map<string, unknown>, known: string[], what: string): void {
  for (const name of given.keys()) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near === undefined ? `expected ${known.join(", ")}` : `did you mean ${near}?`;
    throw invalid(shortened(name), `unknown ${what}; ${hint}`);
  }
}

/** A caller's wrong name, fit to be repeated. */
function shortened(name: string): string {
  return name.replace(/\p{C}/gu, "").slice(0, 64) || "(no name)";
}

function refuseBrowser(allowed: unknown): void {
  if (allowed !== undefined && typeof allowed !== "boolean") {
    throw invalid("dangerouslyAllowBrowser", `expected true or false, found ${kindOf(allowed)}`);
  }
  if (allowed === true || !isBrowser()) return;
  throw invalid(
    "dangerouslyAllowBrowser",
    "this is a browser, where everybody can read the API token, and SePay's token can read every account: " +
      "use @sepay-edge/client/edge with an edge key here, or set dangerouslyAllowBrowser to true",
  );
}

function readToken(given: unknown): string {
  const token = given === undefined ? environmentToken() : given;
  if (typeof token === "string") return token;
  const expected = "expected SePay's API token as text, or SEPAY_API_TOKEN in the environment";
  throw invalid("apiToken", `${expected}; found ${given === undefined ? "neither" : kindOf(given)}`);
}

function readText(name: string, given: unknown, otherwise: string): string {
  if (given === undefined) return otherwise;
  if (typeof given === "string" && given !== "") return given;
  throw invalid(name, `expected text, found ${kindOf(given)}`);
}

/** Fractions are rounded up: what is left of a longer time is seldom whole. */
function readMs(name: string, given: unknown, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (typeof given === "number" && given > 0 && given <= MAX_TIMER_MS) return Math.ceil(given);
  throw invalid(name, `expected milliseconds above 0 and at most ${MAX_TIMER_MS}, found ${shown(given)}`);
}

interface Range {
  least: number;
  most: number;
  default: number;
}

function readWhole(name: string, given: unknown, range: Range): number {
  if (given === undefined) return range.default;
  const { least, most } = range;
  if (Number.isInteger(given) && Number(given) >= least && Number(given) <= most) return Number(given);
  throw invalid(name, `expected a whole number from ${least} to ${most}, found ${shown(given)}`);
}

/** The numbers among the options are no secrets. */
function shown(given: unknown): string {
  return typeof given === "number" ? String(given) : kindOf(given);
}

function readFetch(given: unknown): Fetch {
  if (typeof given === "function") return given as Fetch;
  if (given !== undefined) throw invalid("fetch", `expected a function, found ${kindOf(given)}`);
  if (typeof globalThis.fetch !== "function") {
    throw invalid("fetch", "expected a function, because this runtime has none of its own");
  }
  // Looked up at each call: frameworks and tests replace it when the client has long been made.
  return (url, init) => globalThis.fetch(url, init);
}

function readHandler(given: unknown): Settings["onEvent"] {
  if (given === undefined || typeof given === "function") return given as Settings["onEvent"];
  throw invalid("onEvent", `expected a function, found ${kindOf(given)}`);
}

/** By its shape: a signal may come from a polyfill or from another realm. */
function readSignal(given: unknown): AbortSignal | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null) throw invalid("signal", `expected an AbortSignal, found ${kindOf(given)}`);
  try {
    const { aborted, addEventListener, removeEventListener } = given as Partial<AbortSignal>;
    const listens = typeof addEventListener === "function" && typeof removeEventListener === "function";
    if (typeof aborted === "boolean" && listens) return given as AbortSignal;
  } catch (cause) {
    throw invalid("signal", "expected an AbortSignal that can be read", cause);
  }
  throw invalid("signal", `expected an AbortSignal, found ${kindOf(given)}`);
}
