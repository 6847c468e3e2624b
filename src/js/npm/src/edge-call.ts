/**
 * Asks the Worker one question: tries, waits and their limits. The Worker decides what an answer says and when to come
 * back; this carries. It keeps nothing between calls.
 */
import { answerOf } from "./edge-answer.ts";
import type { Answer, Root } from "./edge-answer.ts";
import { abortedBy, errorOf } from "./errors.ts";
import type { SePayError } from "./errors.ts";
import type { Fetch } from "./types.ts";

/** What is asked, of whom, and within what limits. */
export interface Question {
  readonly url: string;
  readonly key: string;
  /** What a good answer holds. */
  readonly root: Root;
  readonly fetch: Fetch;
  /** Milliseconds for one try. */
  readonly timeout: number;
  /** Milliseconds for tries and waits. */
  readonly deadline: number;
  readonly maxRetries: number;
  /** Seconds. */
  readonly maxAge?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The Worker waits so long for SePay unless it is told otherwise, in seconds. */
const USUAL_WAIT_SECS = 10;

/** The way to the Worker and back, in milliseconds: a try that has less is not worth sending. */
const WAY_MS = 250;

/** Asks until there is an answer, an error that asking again cannot mend, or no time left. */
export async function ask(question: Question): Promise<Answer> {
  const { timeout, deadline, maxRetries, signal } = question;
  const endMs = performance.now() + deadline;
  for (let retry = 0; ; retry += 1) {
    const leftMs = endMs - performance.now();
    const tryMs = Math.min(timeout, leftMs);
    const late = errorOf({ code: "timeout", message: `no answer within ${tryMs < leftMs ? tryMs : deadline} ms` });
    try {
      return await race(signal, tryMs, late, (stop) => send(question, tryMs, stop));
    } catch (error) {
      const waitMs = waitBefore(error as SePayError, retry);
      // The gate keeps a caller's place until it comes back at the time it was told: never earlier.
      if (retry >= maxRetries || performance.now() + waitMs > endMs - WAY_MS) throw error;
      await race(signal, waitMs);
    }
  }
}

/** Milliseconds before a question may be asked again; Infinity when that cannot help. */
function waitBefore({ code, status, retryAfterMs }: SePayError, retry: number): number {
  const canHelp = code === "connection" || code === "timeout" || [429, 503, 504].includes(status ?? 0);
  return canHelp ? (retryAfterMs ?? Math.random() * Math.min(8_000, 500 * 2 ** retry)) : Infinity;
}

/** Ends with `work`, with an abort, or when `ms` are over: then with `late`, if it is given. What is under way is stopped. */
function race<T>(
  signal: AbortSignal | undefined,
  ms: number,
  late?: SePayError,
  work?: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<T>((resolve, reject) => {
    const leave = () => reject(abortedBy(signal as AbortSignal));
    if (signal?.aborted) return leave();
    signal?.addEventListener("abort", leave, { signal: stop.signal });
    timer = setTimeout(() => (late ? reject(late) : resolve(undefined as T)), ms);
    work?.(stop.signal).then(resolve, reject);
  }).finally(() => {
    clearTimeout(timer);
    stop.abort();
  });
}

/** One try. */
async function send(question: Question, tryMs: number, signal: AbortSignal): Promise<Answer> {
  const { url, fetch, key, root } = question;
  let answer: Answer | SePayError;
  try {
    const response = await fetch(url, { method: "GET", headers: headersOf(question, tryMs), redirect: "manual", signal });
    answer = await answerOf(response as Response, root, key);
  } catch (cause) {
    throw errorOf({ code: "connection", message: "no connection to the Worker" }, shows(cause, key) ? undefined : cause);
  }
  if ("code" in answer) throw answer;
  return answer;
}

function headersOf({ key, maxAge }: Question, tryMs: number): Record<string, string> {
  const headers: Record<string, string> = { Authorization: `Bearer ${key}` };
  if (maxAge !== undefined) headers["Cache-Control"] = maxAge ? `max-age=${maxAge}` : "no-cache";
  // Who has less time than the Worker takes gets what is known, rather than nothing.
  const waitSecs = Math.max(0, Math.floor((tryMs - WAY_MS) / 1_000));
  if (waitSecs < USUAL_WAIT_SECS) headers["Prefer"] = `wait=${waitSecs}`;
  return headers;
}

/** Whether a secret can be read in what a `fetch` threw, which may hold the whole request. */
function shows(thrown: unknown, secret: string, depth = 4): boolean {
  if (Object(thrown) !== thrown) return String(thrown).includes(secret);
  try {
    // A Request, Headers or a Map shows what it does not own.
    const isPlain = /(Error|Object|ion)]/.test({}.toString.call(thrown));
    return !depth || !isPlain || Reflect.ownKeys(thrown as object).some((name) => shows(Reflect.get(thrown as object, name), secret, depth - 1));
  } catch {
    return true;
  }
}
