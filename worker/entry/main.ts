// The main module: what Cloudflare calls. It exports a handler and the Durable Object, and nothing that another Worker
// could call; the functions of the Rust side stay inside this module.

import { Gate as RustGate, begin, refresh, serve, set_keys } from "sepay-worker-glue";

import { forget, forgetAll, isPlain, keep, knownAnswer } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { beginWith, ended, liveInstance, outlive } from "./runs.ts";

interface Env {
  readonly EDGE_KEYS?: string;
  readonly EDGE_TICKET_SECRET?: string;
  readonly EDGE_TICKET_SECRET_PREVIOUS?: string;
  readonly [binding: string]: unknown;
}

/** Whose keys the Rust side has read last. */
let settings: Env | undefined;

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
    const known = fastest(request, env);
    if (known === undefined) return longWay(request, env, context);
    if (known.refresh) context.waitUntil(refreshed(request, env));
    return known.response;
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

function fastest(request: Request, env: Env): Answer | undefined {
  try {
    takeKeys(env);
    return knownAnswer(request);
  } catch {
    // The Rust side failed; the long way finds out whether it can go on.
    return undefined;
  }
}

/** The platform would answer what is thrown with a page of its own. */
function longWay(request: Request, env: Env, context: Context): Promise<Response> {
  return outlive((run) => answered(run, request, env, context), internalError).catch((error: unknown) => {
    console.error(`a request failed: ${error instanceof Error ? error.name : typeof error}`);
    return internalError();
  });
}

async function answered(run: number, request: Request, env: Env, context: Context): Promise<Response> {
  takeKeys(env);
  const answer = await serve(run, request, env, context, !isPlain(request));
  // Nothing: the gate says that what is known here may be served again. It may have made room for others meanwhile.
  const response = answer ?? fastest(request, env)?.response ?? (await serve(run, request, env, context, true));
  return response ?? internalError();
}

/** Nobody waits for it, so that what fails is left to the next request. */
function refreshed(request: Request, env: Env): Promise<unknown> {
  const done = (run: number): Promise<Response> => refresh(run, request, env).then(() => new Response(null));
  return outlive(done, internalError).catch(() => undefined);
}

/** Hands over what tells callers apart, when it has changed. */
function takeKeys(env: Env): void {
  if (env === settings) return;
  const { EDGE_KEYS = "", EDGE_TICKET_SECRET = "", EDGE_TICKET_SECRET_PREVIOUS = "" } = env;
  const tokens = Object.entries(env).filter(([name, value]) => /^SEPAY_API_TOKEN(_|$)/.test(name) && typeof value === "string");
  set_keys(EDGE_KEYS, tokens.map(([, token]) => token).join("\n"), EDGE_TICKET_SECRET, EDGE_TICKET_SECRET_PREVIOUS);
  settings = env;
}

/** The problem `internal_error` of worker/src/reply.rs, for when no Rust is left to write it. */
function internalError(): Response {
  const requestId = crypto.randomUUID();
  const code = "internal_error";
  const problem = {
    type: `urn:sepay-edge:problem:${code}`,
    title: "The gateway failed",
    status: 500,
    detail: "the fault is the gateway's own",
    code,
    requestId,
  };
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  };
  return new Response(JSON.stringify(problem), { status: 500, headers });
}
