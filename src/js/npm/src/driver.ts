/**
 * Runs the core: sends what it says is due, reports what came of it, and wakes it when it asks to be woken. The core
 * decides; this has the promises, the timers and the clock. Nothing is left behind when no call is pending: no timer,
 * and no listener on a caller's signal.
 *
 * Each call does its own sending and waiting, in the asynchronous context in which it was asked: Workers bind every
 * timer and fetch to the request that made it, so that what one call left to another would end with its request.
 */
import { asking } from "./core.ts";
import type { Core } from "./core.ts";
import { abortedBy, errorOf, invalid } from "./errors.ts";
import type { Failure, SePayError } from "./errors.ts";
import type { CallSettings, Settings } from "./options.ts";
import type { Question } from "./params.ts";
import type { Rows } from "./rows.ts";
import { Signals } from "./signals.ts";
import { Exchange } from "./transport.ts";
import type { Answer, NoAnswer } from "./transport.ts";
import type { Kind, SePayEvent } from "./types.ts";

type Outcome = ReturnType<Core["answered"]>;
type Send = ReturnType<Core["advance"]>["send"][number];
type Timer = ReturnType<typeof setTimeout> | undefined;

/** How many waiting calls watch the clock: one is enough, but it may be of a request that is gone. */
const WATCHING = 50;

/** What a step tells a call that waits. */
interface Mail {
  /** It is its turn. */
  send?: Send;
  /** When to look again, by the clock. */
  wakeAtMs?: number;
}

/** A call that is not over, or whose request is still out. */
interface Call {
  /** The core's number. */
  number: number;
  readonly kind: Kind;
  readonly resolve: (rows: Rows) => void;
  readonly reject: (cause: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
  /** What it has been told and has not read yet. */
  mail: Mail;
  /** Has it read its mail. */
  ring: () => void;
  /** When its timer ends; none while it has none. */
  wakeAtMs: number | undefined;
  /** Whether it waits for its turn. */
  isWaiting: boolean;
  /** The try that is out, if one is. */
  flight: Flight | undefined;
  isOver: boolean;
}

/** A request that is out. */
interface Flight {
  readonly attempt: number;
  readonly path: string;
  readonly sentMs: number;
  readonly exchange: Exchange;
  /** Ends the call at its deadline, when that comes before the try's own timeout. */
  readonly cut: Timer;
}

/** Even when the signal's reason cannot be read. */
function abortOf(signal: AbortSignal): SePayError {
  try {
    return abortedBy(signal);
  } catch (cause) {
    return errorOf({ code: "aborted", message: "the call was aborted" }, cause);
  }
}

/** Milliseconds that never go back, whole, as the core counts. */
function clock(): number {
  return Math.floor(performance.now());
}

export class Driver {
  readonly #core: Core;
  readonly #settings: Pick<Settings, "fetch" | "timeoutMs" | "deadlineMs" | "onEvent">;
  readonly #calls = new Map<number, Call>();
  readonly #signals = new Signals();
  /** Asked since the core was last told to go on; for the `wait` event. */
  #fresh: Call[] = [];
  #isStepDue = false;

  constructor(core: Core, { fetch, timeoutMs, deadlineMs, onEvent }: Settings) {
    this.#core = core;
    // Not the settings themselves: they hold the token.
    this.#settings = { fetch, timeoutMs, deadlineMs, onEvent };
  }

  /** Asks, and resolves with the answer's rows; rejects with a `SePayError`. */
  ask(kind: Kind, question: Question, options: CallSettings): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const { signal, deadlineMs = this.#settings.deadlineMs } = options;
      if (signal?.aborted) throw abortOf(signal);
      const nowMs = clock();
      const { names, values } = question;
      const number = asking(() => this.#core.ask(kind, names, values, nowMs, nowMs + deadlineMs));
      const onAbort = (): void => this.#abort(call);
      const state = { mail: {}, ring: () => undefined, wakeAtMs: undefined, isWaiting: true, flight: undefined, isOver: false };
      const call: Call = { number, kind, resolve, reject, signal, onAbort, ...state };
      this.#calls.set(number, call);
      this.#fresh.push(call);
      try {
        if (signal) this.#signals.watch(signal, onAbort);
      } catch (cause) {
        return this.#lose(call, invalid("signal", "expected an AbortSignal that can be listened to", cause));
      }
      this.#attend(call).catch((cause: unknown) => this.#lose(call, cause));
      this.#stepSoon();
    });
  }

  /** Does what the call is told, until it is over. */
  async #attend(call: Call): Promise<void> {
    let timer: Timer;
    const wake = (): void => {
      call.wakeAtMs = undefined;
      this.#step();
    };
    while (!call.isOver || call.mail.send) {
      if (!call.mail.send && call.mail.wakeAtMs === undefined) await new Promise<void>((resolve) => (call.ring = resolve));
      const { send, wakeAtMs } = call.mail;
      call.mail = {};
      clearTimeout(timer);
      call.wakeAtMs = send || call.isOver ? undefined : wakeAtMs;
      if (send) await this.#try(call, send);
      else if (call.wakeAtMs !== undefined) timer = setTimeout(wake, call.wakeAtMs - clock());
    }
  }

  /** The host has no timers, say, or no fetch where the call was made. */
  #lose(call: Call, cause: unknown): void {
    this.#core.leave(call.number);
    this.#end(call)?.reject(cause);
  }

  #tell(call: Call, mail: Mail): void {
    Object.assign(call.mail, mail);
    call.ring();
  }

  /** Once for all that is asked or reported at the same time: a hundred calls at once are one step. */
  #stepSoon(): void {
    if (this.#isStepDue) return;
    this.#isStepDue = true;
    queueMicrotask(() => this.#step());
  }

  #step(): void {
    this.#isStepDue = false;
    try {
      const nowMs = clock();
      const { send, expired, wakeInMs, pausedMs = 0 } = this.#core.advance(nowMs);
      for (const { call, error } of expired) this.#reject(this.#calls.get(call), error);
      for (const due of send) this.#giveTurn(due);
      if (wakeInMs !== undefined) this.#watchClock(nowMs + wakeInMs);
      this.#reportWaiting(wakeInMs ?? 0, pausedMs);
    } catch (cause) {
      // A fault of the core itself: nobody is left to wait for ever.
      for (const call of this.#calls.values()) this.#end(call)?.reject(cause);
    }
  }

  #giveTurn(send: Send): void {
    const call = this.#calls.get(send.call);
    if (call === undefined) return;
    call.isWaiting = false;
    this.#tell(call, { send });
  }

  #watchClock(wakeAtMs: number): void {
    let watching = 0;
    for (const call of this.#calls.values()) {
      if (!call.isWaiting) continue;
      if (call.wakeAtMs !== wakeAtMs) this.#tell(call, { wakeAtMs });
      watching += 1;
      if (watching === WATCHING) return;
    }
  }

  /** Sends, and takes what comes of it. */
  async #try(call: Call, { attempt, url, headers, timeoutMs }: Send): Promise<void> {
    const { number, kind } = call;
    // Aborted in its turn: nothing is sent, and the slot is free.
    if (call.isOver) return this.#landed(call, { why: "connection" });
    const { fetch, timeoutMs: fullMs } = this.#settings;
    const path = new URL(url).pathname;
    const sentMs = clock();
    const cut = timeoutMs < fullMs ? setTimeout(() => this.#cut(call), timeoutMs) : undefined;
    const exchange = new Exchange({ fetch, url, headers, timeoutMs: fullMs, onHead: () => this.#arrived(number) });
    call.flight = { attempt, path, sentMs, exchange, cut };
    if (call.isOver) {
      // The injected fetch has aborted its own call.
      clearTimeout(cut);
      exchange.abandon();
    } else this.#report({ type: "request", call: number, kind, attempt, path });
    this.#landed(call, await exchange.end);
  }

  #arrived(number: number): void {
    this.#core.arrived(number, clock());
    this.#stepSoon();
  }

  /** The exchange is over. */
  #landed(call: Call, end: Answer | NoAnswer): void {
    this.#stepSoon();
    try {
      if (!call.isOver) this.#judge(call, end, this.#outcome(call.number, end));
      else if ("why" in end && end.why !== "unwanted") this.#outcome(call.number, end);
    } catch (cause) {
      this.#end(call)?.reject(cause);
    }
  }

  #outcome(number: number, end: Answer | NoAnswer): Outcome {
    const nowMs = clock();
    if ("why" in end) return this.#core.failed(number, nowMs, Math.random(), end.why);
    return this.#core.answered(number, nowMs, Math.random(), end.status, end.headers, end.body);
  }

  #judge(call: Call, end: Answer | NoAnswer, outcome: Outcome): void {
    const { flight, number, kind } = call;
    if (flight === undefined) return;
    this.#reportEnd(call, end, "error" in outcome ? outcome.error.code : undefined);
    // The handler may have aborted it.
    if (call.isOver) return;
    if (!("error" in outcome)) return this.#end(call)?.resolve(outcome);
    const { error, retryInMs } = outcome;
    if (retryInMs === undefined) {
      const words = error.words && flight.exchange.redacted(error.words);
      return this.#reject(call, { ...error, words }, end);
    }
    call.isWaiting = true;
    const attempt = flight.attempt + 1;
    this.#report({ type: "retry", call: number, kind, attempt, code: error.code, afterMs: retryInMs });
  }

  /** The deadline is over while the request is out; the core knows that it cut this try short. */
  #cut(call: Call): void {
    const exchange = call.flight?.exchange;
    this.#landed(call, { why: "timeout" });
    exchange?.abandon();
  }

  #abort(call: Call): void {
    const { signal, flight } = call;
    if (signal === undefined || call.isOver) return;
    this.#reportEnd(call, { why: "unwanted" }, "aborted");
    const cause = abortOf(signal);
    this.#core.leave(call.number);
    this.#end(call)?.reject(cause);
    flight?.exchange.abandon();
    this.#stepSoon();
  }

  #reject(call: Call | undefined, error: Failure, end?: Answer | NoAnswer): void {
    const requestId = end && "requestId" in end ? end.requestId : undefined;
    const cause = end && "cause" in end ? end.cause : undefined;
    if (call !== undefined) this.#end(call)?.reject(errorOf({ ...error, requestId }, cause));
  }

  /** Lets go of a call; returns it, unless it was over already. */
  #end(call: Call): Call | undefined {
    if (call.isOver) return undefined;
    call.isOver = true;
    this.#calls.delete(call.number);
    call.ring();
    clearTimeout(call.flight?.cut);
    if (call.signal) this.#signals.unwatch(call.signal, call.onAbort);
    return call;
  }

  #reportEnd(call: Call, end: Answer | NoAnswer, code: Failure["code"] | undefined): void {
    const { flight, number, kind } = call;
    if (flight === undefined) return;
    call.flight = undefined;
    clearTimeout(flight.cut);
    const { attempt, path, sentMs } = flight;
    this.#report({
      type: "response",
      call: number,
      kind,
      attempt,
      path,
      ms: clock() - sentMs,
      bytes: "body" in end ? end.body.length : 0,
      ...("status" in end && { status: end.status }),
      ...(code !== undefined && { code }),
    });
  }

  #reportWaiting(wakeInMs: number, pausedMs: number): void {
    const waiting = this.#fresh.filter((call) => call.isWaiting && !call.isOver);
    this.#fresh = [];
    const afterMs = Math.max(wakeInMs, pausedMs);
    const reason = pausedMs > 0 ? "pause" : "pace";
    for (const { number, kind } of waiting) this.#report({ type: "wait", call: number, kind, attempt: 1, afterMs, reason });
  }

  /** A handler that fails, now or later, changes nothing: it only watches. */
  #report(event: SePayEvent): void {
    const { onEvent } = this.#settings;
    if (onEvent === undefined) return;
    try {
      Promise.resolve(onEvent(event)).catch(() => undefined);
    } catch {
      // Nobody could be told in time: to throw it elsewhere would end a Node process.
    }
  }
}
