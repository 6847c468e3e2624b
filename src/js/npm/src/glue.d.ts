/**
 * The two specifiers that the build gives a meaning: wasm-bindgen's glue, and the wasm itself in one of two flavours.
 * Written by hand, because the build's own declarations say less.
 */
declare module "#glue" {
  type Kind = import("./types.ts").Kind;
  type Failure = import("./errors.ts").Failure;

  /** What the core is made of; each value has been checked for its type. */
  interface CoreSettings {
    apiToken: string;
    baseUrl: string;
    userAgent: string;
    timeoutMs: number;
    maxRetries: number;
    requestsPerSecond: number;
  }

  /** A request that must leave now. */
  interface Send {
    call: number;
    /** 1 for the first try. */
    attempt: number;
    url: string;
    headers: [string, string][];
    timeoutMs: number;
  }

  /** What is due. */
  interface Step {
    send: Send[];
    /** Calls whose deadline is over while they waited. */
    expired: { call: number; error: Failure }[];
    /** When to ask again, in milliseconds; absent when nothing waits. */
    wakeInMs?: number;
    /** Above 0 after a 429: SePay's pause. */
    pausedMs?: number;
  }

  /** What an answer says, as flat lists; rows.ts knows their order. */
  interface Rows {
    /** A JSON array of texts, in UTF-8. */
    json: Uint8Array;
    numbers: Float64Array;
    /** Whether these are all the rows that there are. */
    complete: boolean;
  }

  /** Why there is no answer. */
  interface Failed {
    error: Failure;
    /** The call will be tried again, at the earliest after so long; absent when it is over. */
    retryInMs?: number;
  }

  /** The client machine: queue, pace, retries, deadlines. It sends nothing and reads no clock. Methods throw `Failure`. */
  export class Core {
    constructor(settings: CoreSettings);
    ask(kind: Kind, names: string[], values: string[], nowMs: number, deadlineMs: number): number;
    advance(nowMs: number): Step;
    arrived(call: number, nowMs: number): void;
    answered(call: number, nowMs: number, random: number, status: number, headers: string[], body: Uint8Array): Rows | Failed;
    failed(call: number, nowMs: number, random: number, why: string): Failed;
    leave(call: number): void;
    free(): void;
  }

  /** iterate's rules. Methods throw `Failure`. */
  export class Walk {
    constructor(names: string[], values: string[]);
    next(): {
      ask?: "transactions.list" | "transactions.count";
      names?: string[];
      values?: string[];
      ids?: string;
      done?: boolean;
    };
    listed(ids: string, times: string): void;
    counted(count: number): void;
    free(): void;
  }

  /** Throws `Failure` for the first name that the question does not take. */
  export function checkNames(kind: Kind, names: string[]): void;
  /** The likest of `known`, if any is alike. */
  export function nearest(given: string, known: string[]): string | undefined;
  /** The payload of a VietQR code; a value that is undefined is not given. Throws `Failure`. */
  export function vietQr(names: string[], values: (string | undefined)[]): string;
  export function initSync(input: { module: WebAssembly.Module | Uint8Array }): unknown;
}

declare module "#wasm" {
  export function wasm(): WebAssembly.Module | Uint8Array;
}
