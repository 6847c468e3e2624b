/**
 * Faults on demand: which of the rules somebody set hits which request. Pure but for its own random numbers,
 * which are seeded; how a fault is carried out on a socket is in `deliver.ts`.
 */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { seededRandom } from "./random.ts";
import { Reader } from "./reader.ts";

/** What can go wrong, with all its particulars. */
export type Fault =
  /** The answer waits `ms` plus an even share of 0..`jitterMs`, in milliseconds. */
  | { readonly kind: "latency"; readonly ms: number; readonly jitterMs: number }
  /** Another status (200..599); a body of null means one in SePay's error shape. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body: string | null;
      readonly contentType: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** Never an answer; the socket stays open until the client leaves or faults are cleared. */
  | { readonly kind: "hang" }
  /** The connection is reset without an answer. */
  | { readonly kind: "reset" }
  /** Announces the whole length, sends half, and drops the connection. */
  | { readonly kind: "cut" }
  /** A complete HTTP answer which holds the first half of the JSON text. */
  | { readonly kind: "cut-json" }
  /** HTTP 200 without a body. */
  | { readonly kind: "empty" }
  /** A page that challenges bots, as firewalls in front of an API send it. */
  | { readonly kind: "html"; readonly status: number }
  /** HTTP 429 though the limit was kept: somebody else spends the budget. */
  | { readonly kind: "foreign-429"; readonly retryAfterSeconds: number }
  /** The answer padded with white space to so many bytes, streamed without a length. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** Any bytes at all. */
  | { readonly kind: "body"; readonly status: number; readonly body: string; readonly contentType: string };

/** The kinds of faults. */
export type FaultKind = Fault["kind"];

/** The common part of a rule: what it hits, how often, and for how long. */
export interface FaultScope {
  /** How many matching requests it hits before it is gone, >= 1; default: until cleared. */
  count?: number;
  /** Share of the matching requests it hits, 0..1; default 1. */
  probability?: number;
  /** Text which the request target (path and query, undecoded) must contain. */
  path?: string;
}

/** What `POST /_sandbox/faults` takes. */
export type FaultInput = FaultScope &
  (
    | { kind: "latency"; ms: number; jitterMs?: number }
    | {
        kind: "status";
        status: number;
        body?: string;
        contentType?: string;
        headers?: Record<string, string>;
      }
    | { kind: "hang" | "reset" | "cut" | "cut-json" | "empty" }
    | { kind: "html"; status?: number }
    | { kind: "foreign-429"; retryAfterSeconds: number }
    | { kind: "huge"; bytes: number }
    | { kind: "body"; status?: number; body: string; contentType?: string }
  );

/** A rule in force. */
export interface FaultRule {
  readonly id: number;
  readonly fault: Fault;
  /** Hits left; null: until cleared. */
  readonly count: number | null;
  readonly probability: number;
  readonly path: string | null;
}

/** What one request is to suffer. */
export interface Misfortune {
  /** Milliseconds to wait before anything else. */
  readonly delayMs: number;
  readonly fault: Exclude<Fault, { kind: "latency" }> | null;
}

const KINDS: readonly FaultKind[] = [
  "latency",
  "status",
  "hang",
  "reset",
  "cut",
  "cut-json",
  "empty",
  "html",
  "foreign-429",
  "huge",
  "body",
];
const DAY_MS = 86_400_000;

/** The rules in force, in the order in which they were added. */
export class FaultPlan {
  readonly #seed: number;
  #random;
  #rules: FaultRule[] = [];
  #nextId = 1;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seededRandom(seed);
  }

  /** The rules in force. */
  get rules(): readonly FaultRule[] {
    return this.#rules;
  }

  /** Adds a rule. Throws `InputError` when it cannot be read. */
  add(input: unknown): FaultRule {
    const rule = readRule(input, this.#nextId);
    this.#nextId += 1;
    this.#rules.push(rule);
    return rule;
  }

  /** Removes all rules and starts the random numbers over. */
  clear(): void {
    this.#rules = [];
    this.#random = seededRandom(this.#seed);
  }

  /**
   * Decides what a request suffers, and uses up counts: all latencies that hit add up, and of the other kinds
   * the first rule that hits wins. `latencyOnly` leaves the others alone.
   */
  take(target: string, latencyOnly = false): Misfortune {
    let delayMs = 0;
    let fault: Misfortune["fault"] = null;
    for (const rule of [...this.#rules]) {
      const isLatency = rule.fault.kind === "latency";
      if (!isLatency && (latencyOnly || fault !== null)) continue;
      if (!this.#hits(rule, target)) continue;
      if (rule.fault.kind === "latency") delayMs += rule.fault.ms + this.#random.next() * rule.fault.jitterMs;
      else fault = rule.fault;
    }
    return { delayMs, fault };
  }

  #hits(rule: FaultRule, target: string): boolean {
    if (rule.path !== null && !target.includes(rule.path)) return false;
    if (rule.probability < 1 && !this.#random.chance(rule.probability)) return false;
    if (rule.count === null) return true;
    const left = { ...rule, count: rule.count - 1 };
    this.#rules = this.#rules.flatMap((each) =>
      each.id !== rule.id ? [each] : left.count > 0 ? [left] : [],
    );
    return true;
  }
}

function readRule(input: unknown, id: number): FaultRule {
  const reader = new Reader(input);
  if (!reader.has("kind")) reader.problem("kind", `must be one of ${KINDS.join(", ")}`);
  const kind = reader.choice("kind", KINDS, "hang");
  reader.check();
  const fault = readFault(reader, kind);
  const rule: FaultRule = {
    id,
    fault,
    count: reader.isNull("count") ? null : reader.integer("count", 1, Number.MAX_SAFE_INTEGER, null),
    probability: reader.number("probability", 0, 1, 1),
    path: reader.textOrNull("path"),
  };
  reader.finish();
  return rule;
}

function readFault(reader: Reader, kind: FaultKind): Fault {
  switch (kind) {
    case "latency":
      return {
        kind,
        ms: reader.integer("ms", 0, DAY_MS),
        jitterMs: reader.integer("jitterMs", 0, DAY_MS, 0),
      };
    case "status":
      return {
        kind,
        status: reader.integer("status", 200, 599),
        body: reader.textOrNull("body"),
        contentType: contentType(reader, "application/json"),
        headers: headers(reader),
      };
    case "html":
      return { kind, status: reader.integer("status", 200, 599, 200) };
    case "foreign-429":
      return { kind, retryAfterSeconds: reader.integer("retryAfterSeconds", 0, 1_000_000) };
    case "huge":
      return { kind, bytes: reader.integer("bytes", 1, 1_000_000_000_000) };
    case "body":
      return {
        kind,
        status: reader.integer("status", 200, 599, 200),
        body: reader.text("body"),
        contentType: contentType(reader, "application/json"),
      };
    default:
      return { kind };
  }
}

function contentType(reader: Reader, fallback: string): string {
  const value = reader.text("contentType", fallback);
  if (!isHeader("content-type", value)) reader.problem("contentType", "must be a header value");
  return value;
}

/** Framing belongs to the server (see `cut`), and the content type has a field of its own. */
const RESERVED_HEADERS = ["content-length", "transfer-encoding", "connection", "content-type"];

function headers(reader: Reader): Record<string, string> {
  const values = reader.textMap("headers");
  for (const [name, value] of Object.entries(values)) {
    if (RESERVED_HEADERS.includes(name.toLowerCase()) || !isHeader(name, value))
      reader.problem("headers", `cannot carry ${JSON.stringify(name)}`);
  }
  return values;
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
