/** Single requests, for what needs no load: warming, and callers who come back when they are told to. */

import { Agent, get } from "node:http";

import { AUTHORIZED } from "./site.ts";

/** An answer without its body. */
export interface Short {
  readonly status: number;
  /** In milliseconds; null when there is none. */
  readonly retryAfterMs: number | null;
}

const agent = new Agent({ keepAlive: true });

/** Asks and reads the answer to its end. */
export function ask(url: string, headers: Readonly<Record<string, string>> = AUTHORIZED): Promise<Short> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      const seconds = response.headers["retry-after"];
      const retryAfterMs = seconds === undefined ? null : 1000 * Number(seconds);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, retryAfterMs }));
      response.once("error", reject);
      response.resume();
    });
    request.once("error", reject);
  });
}

/** Asks until there is an answer, coming back when told to. */
export async function askUntilAnswered(url: string): Promise<void> {
  const headers = { ...AUTHORIZED, Prefer: "wait=25" };
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { status, retryAfterMs } = await ask(url, headers);
    if (status === 200) return;
    await sleep(retryAfterMs ?? 1000);
  }
  throw new Error(`no answer after 20 attempts: ${new URL(url).pathname}`);
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
