/** Where an answer came from and how old it is, as its headers say; and what the sandbox was really asked. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { RequestRecord } from "../sandbox/journal.ts";
import { until } from "../until.ts";
import type { Asking, Reply, Site } from "./site.ts";

/** An answer with what its headers say of it. */
export interface Served {
  readonly reply: Reply;
  /** Between the question and the answer, in milliseconds. */
  readonly tookMs: number;
  /** `Cache-Status` without our name, such as "hit; ttl=0". */
  readonly words: string;
  /** From `Server-Timing`, in milliseconds. */
  readonly ageMs: number;
}

/** What an answer that was known says of itself. */
export const FRESH = /^hit; ttl=0$/;
export const REFRESHING = /^hit; ttl=-\d+; detail=refreshing$/;
export const STALE_BUSY = /^hit; ttl=-\d+; detail=stale-busy$/;
export const STALE_DOWN = /^hit; ttl=-\d+; detail=stale-down$/;
/** SePay was asked, for this caller or for another one at the same time. */
export const ASKED = /^fwd=\w+(; collapsed)?; stored$/;

/** Asks, content with a known answer unless told otherwise, and reads the headers. */
export async function serve(site: Site, path: string, how: Asking = {}): Promise<Served> {
  const startMs = performance.now();
  const reply = await site.ask(path, { cached: true, ...how });
  const tookMs = performance.now() - startMs;
  const words = (reply.headers.get("cache-status") ?? "").replace(/^sepay-edge; /, "");
  const timing = reply.headers.get("server-timing") ?? "";
  const ageMs = Number(/(?:^|, )age;dur=(\d+)(?:,|$)/.exec(timing)?.[1] ?? Number.NaN);
  return { reply, tookMs, words, ageMs };
}

/** Requires a 200 that says these words of itself and whose `Age` is its age. */
export function assertServed({ reply, words, ageMs }: Served, expected: RegExp): void {
  assert.equal(reply.status, 200, reply.text.slice(0, 400));
  assert.match(words, expected);
  assert.equal(reply.headers.get("age"), String(Math.floor(ageMs / 1000)));
}

/** Requires the same bytes. They may be too many to be printed. */
export function assertSame(one: Served, other: Served): void {
  assert.ok(one.reply.text === other.reply.text, `other bytes than the other answer with ${other.words}`);
}

/** Requires known answers, each with the words for its age; returns how many calls are behind them. */
export function assertKnown(known: readonly Served[]): 1 | 2 {
  for (const each of known) assertKnownAtItsAge(each);
  // On a slow machine a second may be over before all have asked.
  return known.some((each) => REFRESHING.test(each.words)) ? 2 : 1;
}

/** Requires the words of a known answer for its age. One that was fresh when the gate gave it may be older when it arrives. */
export function assertKnownAtItsAge({ words, ageMs }: Served): void {
  assert.match(words, ageMs <= 1000 ? FRESH : /^hit; ttl=(?:-1|-\d+; detail=refreshing)$/);
}

/** What the sandbox was asked whose target contains this text. */
export function callsFor(site: Site, text: string): RequestRecord[] {
  return site.sandbox.requests().filter((request) => request.target.includes(text));
}

/** Resolves when the sandbox has answered so many requests whose target contains this text. */
export async function untilAnswered(site: Site, text: string, count: number): Promise<void> {
  const answered = () => callsFor(site, text).filter((request) => request.httpStatus !== null).length;
  await until(() => answered() >= count, `${count} answers to ${text}`);
}

/** Requires so many calls; one that was sent behind an answer may be on its way. */
export async function assertCalls(site: Site, text: string, count: number): Promise<void> {
  await untilAnswered(site, text, count);
  assert.equal(callsFor(site, text).length, count);
}

/** Waits until an answer is older than this. */
export async function untilOlder({ ageMs }: Served, thanMs: number): Promise<void> {
  await delay(thanMs - ageMs + 5);
}
