/**
 * `node --expose-gc memory-process.ts <URL of the package> <calls> <every>`: so many calls through one client, of every
 * fate, under a clock of its own; prints what is in use after a garbage collection, each time that so many are over.
 */

import { getEventListeners } from "node:events";
import { setImmediate as immediate } from "node:timers/promises";

import type { Surface } from "./built.ts";
import { fateOf } from "./fates.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Calls that are not over at any time. */
const AT_ONCE = 200;

/** Memory in use, in bytes. */
export interface Mark {
  readonly calls: number;
  readonly heap: number;
  /** Memory of the heap's objects outside of it, wasm's not among it. */
  readonly external: number;
  readonly wasm: number;
  readonly listeners: number;
  readonly timers: number;
}

const clock = new VirtualClock().install();
const memories = watchWasm();
const [url = "", calls, every] = process.argv.slice(2);
const { SePay, SePayError } = (await import(url)) as Surface;
const shared = new AbortController();
/** Of the calls that are not over and will be given up. */
const ownControllers = new Map<number, AbortController>();
const codes: Record<string, number> = {};
const marks: Mark[] = [];
const sepay = new SePay({
  apiToken: "t".repeat(64),
  baseURL: "https://sepay.test",
  requestsPerSecond: 50,
  timeout: 1_000,
  fetch: (target, { signal }) => answer(target, signal),
});

for (let done = 0; done < Number(calls); done += Number(every)) {
  await clock.runUntil(runCalls(done, done + Number(every)));
  marks.push(await mark(done + Number(every)));
}
console.log(JSON.stringify({ marks, codes, virtualSeconds: Math.round(clock.nowMs / 1000) }));

/** Answers a request as its call's fate is: the call's number travels as an amount. */
function answer(target: string, signal: AbortSignal): Promise<unknown> {
  const index = Number(/amount_in=(\d+)/.exec(target)?.[1]);
  const fate = fateOf(index);
  if (typeof fate.abort === "number") clock.set(() => ownControllers.get(index)?.abort(), fate.abort);
  return fate.answer({ clock, signal, target });
}

async function runCalls(from: number, to: number): Promise<void> {
  let next = from;
  const work = async (): Promise<void> => {
    while (next < to) await oneCall(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function oneCall(index: number): Promise<void> {
  const { abort, deadline } = fateOf(index);
  // A call that is to be aborted needs a signal of its own; all others share one.
  const own = abort === undefined ? undefined : new AbortController();
  if (own !== undefined) ownControllers.set(index, own);
  if (abort === "at once") clock.set(() => own?.abort(), 0);
  const options = { signal: own?.signal ?? shared.signal, ...(deadline !== undefined && { deadline }) };
  try {
    await sepay.transactions.list({ amountIn: index }, options);
    count("ok");
  } catch (error) {
    count(error instanceof SePayError ? error.code : "foreign");
  } finally {
    ownControllers.delete(index);
  }
}

function count(code: string): void {
  codes[code] = (codes[code] ?? 0) + 1;
}

async function mark(at: number): Promise<Mark> {
  // What is out for a call that was given up keeps its timer until the try's time is over.
  await clock.runUntil(clock.wait(60_000));
  // Some things are let go by a finaliser, after a collection; the next one then finds them gone.
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await immediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  const wasm = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  return { calls: at, heap: heapUsed, external, wasm, listeners: getEventListeners(shared.signal, "abort").length, timers: clock.pending };
}

/** The memories of all wasm that is started from now on. */
function watchWasm(): WebAssembly.Memory[] {
  const seen: WebAssembly.Memory[] = [];
  const Original = WebAssembly.Instance;
  WebAssembly.Instance = class extends Original {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      for (const each of Object.values(this.exports)) if (each instanceof WebAssembly.Memory) seen.push(each);
    }
  };
  return seen;
}

