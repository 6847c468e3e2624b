/**
 * `node rows-process.ts <ours|peer> <bytes|response> <file> <warm-up> <rounds> <URL of the package>`: reads the same bytes
 * again and again, and prints the milliseconds of each round. One process for one reader and one text, so that no
 * other has shaped the compiler's picture of the code.
 *
 * The time begins when `fetch` has its answer and ends when the caller has the list. Of `bytes`, the answer is an object
 * that has its bytes at once, so that nothing is measured but the way from there to plain objects; ours includes the
 * few steps of the client in between. Of `response`, it is the platform's `Response`, which must be read.
 */

import { readFileSync } from "node:fs";

import type { Surface } from "./built.ts";
import { readTransactions } from "./peer.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What one reading took. */
interface Reading {
  readonly count: number;
  readonly ms: number;
}

/** Reads the answer once. */
type Reader = () => Promise<Reading>;

const [system = "", scope = "", file = "", warmUp, rounds, url = ""] = process.argv.slice(2);
const body = new Uint8Array(readFileSync(file));
const CONTENT_TYPE = "application/json";
const realNow = performance.now.bind(performance);

const SETTINGS = { apiToken: "t".repeat(64), userAgent: "bench", maxRetries: 2, requestsPerSecond: 2 };

/** The answer, as the platform makes it or as an object that has its bytes already. */
function answer(): Pick<Response, "status" | "headers" | "arrayBuffer"> {
  const headers = new Headers({ "content-type": CONTENT_TYPE });
  if (scope === "response") return new Response(body, { headers });
  return { status: 200, headers, arrayBuffer: () => Promise.resolve(body.buffer) };
}

async function peer(): Promise<Reading> {
  const response = answer();
  const startMs = realNow();
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const rows = readTransactions({ status, contentType: headers.get("content-type"), body: bytes });
  return { ms: realNow() - startMs, count: rows.length };
}

/** Through the client as it is built; the pace is left out of the time by a clock that jumps. */
async function ours(): Promise<Reader> {
  const clock = new VirtualClock().install();
  const { SePay } = (await import(url)) as Surface;
  let startMs = 0;
  const fetch = (): Promise<unknown> => {
    const response = answer();
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

const read = system === "peer" ? peer : await ours();
for (let round = 0; round < Number(warmUp); round += 1) await read();
const taken: number[] = [];
let count = 0;
for (let round = 0; round < Number(rounds); round += 1) {
  const seen = await read();
  taken.push(seen.ms);
  count = seen.count;
}
console.log(JSON.stringify({ count, taken }));
