// The main module: what Cloudflare calls. It exports a handler and the Durable Object, and nothing that another Worker
// could call; the functions of the Rust side stay inside this module.

import { Gate as RustGate, begin, record, refresh, report, serve, set_keys } from "sepay-worker-glue";

import { forget, forgetAll, isPlain, keep, knownAnswer } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { ALWAYS, preflight, readOrigins, readableBy } from "./cors.ts";
import type { HeaderLines } from "./cors.ts";
import { bareLine, isChatty } from "./log.ts";
import { internalError, problem } from "./problem.ts";
import { beginWith, ended, liveInstance, outlive } from "./runs.ts";

interface Env {
  readonly EDGE_KEYS?: string;
  readonly EDGE_LOGS?: string;
  readonly EDGE_ORIGINS?: string;
  readonly EDGE_TICKET_SECRET?: string;
  readonly EDGE_TICKET_SECRET_PREVIOUS?: string;
  readonly [binding: string]: unknown;
}

/** Whose keys the Rust side has read last. */
let settings: Env | undefined;

/** `EDGE_ORIGINS`, as it was read last. */
let origins = { text: "", ...readOrigins("") };

beginWith(() => {
  forgetAll();
  settings = undefined;
  begin({ ended, keep, forget });
});

/** What the platform ties the work for one request to. */
interface Context {
  waitUntil(work: Promise<unknown>): void;
}

export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    takeOrigins(env);
    const origin = request.headers.get("origin");
    const preflighted = origin !== null && request.method === "OPTIONS" ? preflightAnswer(request, origin) : undefined;
    if (preflighted !== undefined) return recorded(preflighted, request, env, context, Date.now());
    const known = fastest(request, env);
    const response = (known && served(known, request, env, context, 0)) ?? withHeaders(await longWay(request, env, context), ALWAYS);
    return origin === null ? response : withHeaders(response, readableBy(origin, origins));
  },
};

/** The Durable Object. Its Rust half is made anew when the instance that it lived in has ended. */
export class Gate {
  readonly #state: unknown;
  readonly #env: unknown;
  #rust: RustGate | undefined;
  #instance = 0;

  constructor(state: unknown, env: unknown) {
    this.#state = state;
    this.#env = env;
  }

  async fetch(request: Request): Promise<Response> {
    const { url, method } = request;
    // Read now, because a request that has been run once has no body any more.
    const body = method === "GET" ? null : await request.arrayBuffer();
    return outlive(() => this.#alive().fetch(new Request(url, { method, body })), internalError);
  }

  #alive(): RustGate {
    if (this.#rust === undefined || this.#instance !== liveInstance()) {
      this.#rust = new RustGate(this.#state, this.#env);
      this.#instance = liveInstance();
    }
    return this.#rust;
  }
}

/** Needs no key, because a browser sends none along, and no gate. */
function preflightAnswer({ url, headers }: Request, origin: string): Response | undefined {
  const wantedMethod = headers.get("access-control-request-method");
  const told = preflight({ url, origin, wantedMethod }, origins);
  return told && withHeaders(told.isAllowed ? granted() : foreignOrigin(), told.headers);
}

function granted(): Response {
  return new Response(null, { status: 204, headers: { "x-request-id": crypto.randomUUID() } });
}

function foreignOrigin(): Response {
  const detail = "pages of this origin may not read answers: it is not among EDGE_ORIGINS";
  return problem({ status: 403, code: "forbidden", title: "This page may not see that", detail });
}

function withHeaders(response: Response, headers: HeaderLines): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function fastest(request: Request, env: Env): Answer | undefined {
  try {
    takeKeys(env);
    return knownAnswer(request);
  } catch {
    // The Rust side failed; the long way finds out whether it can go on.
    return undefined;
  }
}

/** Does what is to be done behind a known answer. */
function served(known: Answer, request: Request, env: Env, context: Context, durationMs: number): Response {
  if (known.refresh) context.waitUntil(behind((run) => refresh(run, request, env)));
  if (known.isReportDue) context.waitUntil(behind((run) => report(run, env)));
  if (isChatty(env.EDGE_LOGS)) console.log(known.line(durationMs));
  return known.response;
}

/** The platform would answer what is thrown with a page of its own. */
function longWay(request: Request, env: Env, context: Context): Promise<Response> {
  const beganMs = Date.now();
  const failed = (): Response => recorded(internalError(), request, env, context, beganMs);
  const answer = async (run: number): Promise<Response> => (await answered(run, request, env, context, beganMs)) ?? failed();
  return outlive(answer, failed).catch((error: unknown) => {
    console.error(`a request failed: ${error instanceof Error ? error.name : typeof error}`);
    return failed();
  });
}

async function answered(run: number, request: Request, env: Env, context: Context, beganMs: number): Promise<Response | undefined> {
  takeKeys(env);
  const answer = await serve(run, request, env, context, !isPlain(request));
  if (answer !== undefined) return answer;
  // The gate says that what is known here may be served again: it was asked just now, so nobody asks it once more. What is
  // known may have made room for others meanwhile.
  const known = fastest(request, env);
  return known === undefined
    ? serve(run, request, env, context, true)
    : served({ ...known, refresh: false }, request, env, context, Date.now() - beganMs);
}

/** Records an answer that was made here. */
function recorded(response: Response, request: Request, env: Env, context: Context, beganMs: number): Response {
  const requestId = response.headers.get("x-request-id") ?? "";
  try {
    takeKeys(env);
    record(request, env, context, requestId, response.status, beganMs);
  } catch {
    if (env.EDGE_LOGS !== "off") console.log(bareLine(requestId, response.status, Date.now() - beganMs));
  }
  return response;
}

/** Nobody waits for it, so that what fails is left to the next request. */
function behind(work: (run: number) => Promise<undefined>): Promise<unknown> {
  return outlive((run) => work(run).then(() => new Response(null)), internalError).catch(() => undefined);
}

/** Hands over what tells callers apart, when it has changed. */
function takeKeys(env: Env): void {
  if (env === settings) return;
  const { EDGE_KEYS = "", EDGE_TICKET_SECRET = "", EDGE_TICKET_SECRET_PREVIOUS = "" } = env;
  const tokens = Object.entries(env).filter(([name, value]) => /^SEPAY_API_TOKEN(_|$)/.test(name) && typeof value === "string");
  set_keys(EDGE_KEYS, tokens.map(([, token]) => token).join("\n"), EDGE_TICKET_SECRET, EDGE_TICKET_SECRET_PREVIOUS);
  settings = env;
}

/** Reads the origins when they have changed. */
function takeOrigins({ EDGE_ORIGINS = "" }: Env): void {
  if (EDGE_ORIGINS === origins.text) return;
  // A list in wrangler.jsonc is as good: written as text it has commas.
  origins = { text: EDGE_ORIGINS, ...readOrigins(String(EDGE_ORIGINS)) };
  const { refused } = origins;
  // Not the entries themselves, which may hold anything.
  if (refused.length > 0) console.error(`EDGE_ORIGINS: refused as no origin such as https://shop.example: entry ${refused.join(", ")}`);
}
