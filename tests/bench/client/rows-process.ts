/**
 * `node rows-process.ts <ours|peer> <file> <warm-up> <rounds> [URL of the opened package]`: reads the same bytes again and again, and
 * prints the milliseconds of each round. One process for one reader and one text, so that no other has shaped the
 * compiler's picture of the code.
 */

import { readFileSync } from "node:fs";

import type { Inner } from "./built.ts";
import { readTransactions } from "./peer.ts";

/** From an answer's bytes to plain objects; returns how many. */
type Reader = (body: Uint8Array) => { readonly count: number; readonly ms: number };

/** Headers as they come from a SePay behind a CDN. */
const HEADERS = ["content-type", "application/json", "date", "Thu, 19 Nov 2026 15:00:00 GMT", "server", "cloudflare", "cf-ray", "8f0-HKG"];

const CORE_SETTINGS = {
  apiToken: "t".repeat(64),
  baseUrl: "https://my.sepay.vn",
  userAgent: "bench",
  timeoutMs: 15_000,
  maxRetries: 2,
  requestsPerSecond: 2,
};

function peer(): Reader {
  return (body) => {
    const startMs = performance.now();
    const rows = readTransactions({ status: 200, contentType: "application/json", body });
    return { ms: performance.now() - startMs, count: rows.length };
  };
}

/** The part of a call that stands between the answer's bytes and the caller's objects; asking is not in the time. */
async function ours(url: string): Promise<Reader> {
  const { Core, transactionsOf } = (await import(url)) as Inner;
  const core = new Core(CORE_SETTINGS);
  let nowMs = 0;
  return (body) => {
    // A time that the pace does not mind.
    nowMs += 10_000;
    const call = core.ask("transactions.list", ["limit"], ["5000"], nowMs, nowMs + 300_000);
    const { send } = core.advance(nowMs);
    if (send.length !== 1) throw new Error("nothing is to be sent");
    core.arrived(call, nowMs);
    const startMs = performance.now();
    const { text } = core.answered(call, nowMs, 0.5, 200, HEADERS, body);
    if (text === undefined) throw new Error("the answer was refused");
    const { data } = transactionsOf(text);
    return { ms: performance.now() - startMs, count: data.length };
  };
}

const [system, file = "", warmUp, rounds, url = ""] = process.argv.slice(2);
const body = new Uint8Array(readFileSync(file));
const reader = system === "peer" ? peer() : await ours(url);
for (let round = 0; round < Number(warmUp); round += 1) reader(body);
const taken: number[] = [];
let count = 0;
for (let round = 0; round < Number(rounds); round += 1) {
  const seen = reader(body);
  taken.push(seen.ms);
  count = seen.count;
}
console.log(JSON.stringify({ count, taken }));
