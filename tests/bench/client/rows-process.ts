/**
 * `node rows-process.ts <ours|peer> <inner|whole> <file> <warm-up> <rounds> <URL of the opened package>`: reads the same
 * bytes again and again, and prints the milliseconds of each round. One process for one reader and one text, so that no
 * other has shaped the compiler's picture of the code.
 *
 * `inner` is bytes to plain objects. `whole` begins when `fetch` has its `Response`, and ends when the caller has the list.
 */

import { readFileSync } from "node:fs";

import type { Inner, Surface } from "./built.ts";
import { readTransactions } from "./peer.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What one reading took. */
interface Reading {
  readonly count: number;
  readonly ms: number;
}

/** From an answer's bytes to plain objects. */
type Reader = () => Reading | Promise<Reading>;

const [system = "", scope = "", file = "", warmUp, rounds, url = ""] = process.argv.slice(2);
const body = new Uint8Array(readFileSync(file));
const CONTENT_TYPE = "application/json";
const realNow = performance.now.bind(performance);

/** Headers as they come from a SePay behind a CDN. */
const HEADERS = ["content-type", CONTENT_TYPE, "date", "Thu, 19 Nov 2026 15:00:00 GMT", "server", "cloudflare", "cf-ray", "8f0-HKG"];

const SETTINGS = { apiToken: "t".repeat(64), userAgent: "bench", maxRetries: 2, requestsPerSecond: 2 };

function peerInner(): Reading {
  const startMs = realNow();
  const rows = readTransactions({ status: 200, contentType: CONTENT_TYPE, body });
  return { ms: realNow() - startMs, count: rows.length };
}

async function peerWhole(): Promise<Reading> {
  const response = new Response(body, { headers: { "content-type": CONTENT_TYPE } });
  const startMs = realNow();
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const rows = readTransactions({ status, contentType: headers.get("content-type"), body: bytes });
  return { ms: realNow() - startMs, count: rows.length };
}

/** The part of a call that stands between the answer's bytes and the caller's objects; asking is not in the time. */
async function oursInner(): Promise<Reader> {
  const { Core, transactionsOf } = (await import(url)) as Inner;
  const core = new Core({ ...SETTINGS, baseUrl: "https://my.sepay.vn", timeoutMs: 15_000 });
  let nowMs = 0;
  return () => {
    // A time that the pace does not mind.
    nowMs += 10_000;
    const call = core.ask("transactions.list", ["limit"], ["5000"], nowMs, nowMs + 300_000);
    const { send } = core.advance(nowMs);
    if (send.length !== 1) throw new Error("nothing is to be sent");
    core.arrived(call, nowMs);
    const startMs = realNow();
    const outcome = core.answered(call, nowMs, 0.5, 200, HEADERS, body);
    if (!("json" in outcome)) throw new Error("the answer was refused");
    const { data } = transactionsOf(outcome);
    return { ms: realNow() - startMs, count: data.length };
  };
}

async function oursWhole(): Promise<Reader> {
  const clock = new VirtualClock().install();
  const { SePay } = (await import(url)) as Surface;
  let startMs = 0;
  const fetch = (): Promise<Response> => {
    const response = new Response(body, { headers: { "content-type": CONTENT_TYPE } });
    startMs = realNow();
    return Promise.resolve(response);
  };
  const sepay = new SePay({ ...SETTINGS, fetch });
  const list = async (): Promise<Reading> => {
    const { data } = await sepay.transactions.list();
    return { ms: realNow() - startMs, count: data.length };
  };
  return () => clock.runUntil(list());
}

async function readerOf(): Promise<Reader> {
  if (system === "peer") return scope === "inner" ? peerInner : peerWhole;
  return scope === "inner" ? oursInner() : oursWhole();
}

const read = await readerOf();
for (let round = 0; round < Number(warmUp); round += 1) await read();
const taken: number[] = [];
let count = 0;
for (let round = 0; round < Number(rounds); round += 1) {
  const seen = await read();
  taken.push(seen.ms);
  count = seen.count;
}
console.log(JSON.stringify({ count, taken }));
