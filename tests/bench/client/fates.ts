/** What becomes of a call, by its number: most are answered, and every way to fail, to be given up and to be retried is there. */

import type { VirtualClock } from "./virtual-clock.ts";

/** A request at the injected `fetch`. */
interface Request {
  readonly clock: VirtualClock;
  readonly signal: AbortSignal;
  readonly target: string;
}

/** The fate of a call. */
export interface Fate {
  readonly name: string;
  /** The call is given up at once, or so many milliseconds after its request was sent. */
  readonly abort?: "at once" | number;
  /** Milliseconds for the call. */
  readonly deadline?: number;
  answer(request: Request): Promise<unknown>;
}

const ROW = `{"id":"1","bank_brand_name":"ACB","account_number":"0900112233","transaction_date":"2026-04-02 08:15:09","amount_out":"0.00","amount_in":"145000.00","accumulated":"0.00","transaction_content":"DH1 Nguyễn","reference_number":"FT1","code":"DH1","sub_account":null,"bank_account_id":"41"}`;
const GOOD = `{"status":200,"error":null,"messages":{"success":true},"transactions":[${Array.from({ length: 20 }, () => ROW).join(",")}]}`;
const TYPE = { "content-type": "application/json" };
const SLOWLY_MS = 20;

const good = (): Response => new Response(GOOD, { headers: TYPE });
/** Never answers; ends when it is told to, as the platform's does. */
const never = ({ signal }: Request): Promise<never> => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

/** Fails at the first try of each call, and then goes well. */
function once(failure: () => Response | Promise<never>): (request: Request) => Promise<Response> {
  const tried = new Set<string>();
  return async ({ clock, target }) => {
    await clock.wait(SLOWLY_MS);
    if (!tried.delete(target)) {
      tried.add(target);
      return failure();
    }
    return good();
  };
}

const later = (make: () => unknown) => async ({ clock }: Request): Promise<unknown> => (await clock.wait(SLOWLY_MS), make());

/** An answer whose stream breaks in the middle. */
function broken(): Response {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(GOOD.slice(0, 500))),
    pull: (controller) => controller.error(new TypeError("terminated")),
  });
  return new Response(stream, { headers: TYPE });
}

/** An answer that has begun and does not go on. */
function stuck(): Response {
  return new Response(new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array([123])) }), { headers: TYPE });
}

/** An answer of no platform's class. */
const handMade = (): object => ({ status: 200, headers: new Map(Object.entries(TYPE)), text: () => Promise.resolve(GOOD) });

/** One hundred calls have these fates, in this order. */
export const MEMORY_FATES: readonly (Fate & { readonly share: number })[] = [
  { name: "answered", share: 40, answer: later(good) },
  { name: "answered by hand", share: 10, answer: later(handMade) },
  { name: "empty list", share: 6, answer: later(() => new Response('{"transactions":[]}')) },
  { name: "aborted in the queue", share: 6, abort: "at once", answer: later(good) },
  { name: "aborted on its way", share: 6, abort: 5, answer: never },
  { name: "aborted while its body comes", share: 3, abort: 2 * SLOWLY_MS, answer: later(stuck) },
  { name: "deadline in the queue", share: 2, deadline: 500, answer: never },
  { name: "deadline on its way", share: 2, deadline: 6_000, answer: never },
  { name: "unreadable", share: 4, answer: later(() => new Response('{"transactions":[{}]}', { headers: TYPE })) },
  { name: "not found", share: 4, answer: later(() => new Response('{"status":404,"messages":{"error":"no"}}', { status: 404 })) },
  { name: "unauthorized", share: 2, answer: later(() => new Response("")) },
  { name: "challenge", share: 2, answer: later(() => new Response("<html>", { status: 403 })) },
  { name: "fetch throws text", share: 2, answer: () => Promise.reject("no network") },
  { name: "server error once", share: 3, answer: once(() => new Response("", { status: 500 })) },
  { name: "no connection once", share: 3, answer: once(() => Promise.reject(new TypeError("fetch failed"))) },
  { name: "cut once", share: 3, answer: once(broken) },
  { name: "rate limited once", share: 1, answer: once(() => new Response("", { status: 429, headers: { "retry-after": "1" } })) },
  { name: "timed out", share: 1, answer: never },
];

const BY_NUMBER: readonly Fate[] = MEMORY_FATES.flatMap((fate) => Array.from({ length: fate.share }, () => fate));

/** The fate of the call with this number. */
export function fateOf(index: number): Fate {
  // 37 and 100 share no factor: neighbours have different fates.
  const fate = BY_NUMBER[(index * 37) % BY_NUMBER.length];
  if (fate === undefined) throw new Error(`no fate for call ${index}`);
  return fate;
}
