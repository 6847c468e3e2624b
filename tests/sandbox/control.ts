/**
 * The routes under `/_sandbox/`: how a person or a test looks into the sandbox and changes it. They need no
 * token; they answer only on the loopback, and only to requests which no foreign web page can have sent.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultRule } from "./faults.ts";
import { InputError, Reader } from "./reader.ts";
import { splitTarget } from "./api.ts";
import type { Sandbox } from "./server.ts";
import { wireAccount, wireTransaction } from "./wire.ts";

/** The parts which `reset` can bring back to their start. */
export const RESETTABLE = ["counters", "faults", "data", "settings"] as const;

/** One of the parts which `reset` can bring back to their start. */
export type Resettable = (typeof RESETTABLE)[number];

interface Reply {
  readonly status: number;
  readonly value: unknown;
}

type Handler = (sandbox: Sandbox, body: unknown, query: URLSearchParams) => Reply;

const PREFIX = "/_sandbox";
const BODY_MAX_BYTES = 1_000_000;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

const ROUTES: Readonly<Record<string, Handler>> = {
  "GET /counters": (sandbox) => ok(sandbox.counters()),
  "GET /requests": (sandbox) => ok(sandbox.requests()),
  "GET /arrivals": (sandbox, _body, query) => ok(arrivals(sandbox, query)),
  "GET /settings": (sandbox) => ok(sandbox.settings()),
  "POST /settings": (sandbox, body) => ok(sandbox.configure(body as object)),
  "GET /faults": (sandbox) => ok(sandbox.faults().map(flat)),
  "POST /faults": (sandbox, body) => created(flat(sandbox.addFault(body as never))),
  "DELETE /faults": (sandbox) => (sandbox.clearFaults(), ok([])),
  "POST /reset": (sandbox, body) => ok({ reset: reset(sandbox, body) }),
  "POST /transactions": (sandbox, body) =>
    created(wireTransaction(sandbox.addTransaction(body as never), sandbox.settings())),
  "POST /accounts": (sandbox, body) =>
    created(wireAccount(sandbox.addAccount(body as never), sandbox.settings())),
};

/** Tells whether a path belongs to the control routes. */
export function isControl(path: string): boolean {
  return path === PREFIX || path.startsWith(`${PREFIX}/`);
}

/** Answers a control request. Never throws. */
export async function answerControl(
  sandbox: Sandbox,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, value } = await control(sandbox, request).catch(refusal);
  const body = `${JSON.stringify(value)}\n`;
  const length = Buffer.byteLength(body);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": length,
    "Cache-Control": "no-store",
  });
  response.end(body);
}

async function control(sandbox: Sandbox, request: IncomingMessage): Promise<Reply> {
  if (!isLocal(request)) return problem(403, "control routes answer only to localhost, 127.0.0.1 and [::1]");
  const { path, query } = splitTarget(request.url ?? "");
  const name = path.slice(PREFIX.length);
  if (name === "" || name === "/")
    return ok({ routes: Object.keys(ROUTES).map((route) => route.replace(" ", ` ${PREFIX}`)) });
  const handler = lookUp(`${request.method} ${name}`);
  if (handler !== undefined) return handler(sandbox, await readBody(request), new URLSearchParams(query));
  const methods = Object.keys(ROUTES)
    .filter((route) => route.endsWith(` ${name}`))
    .map((route) => route.split(" ")[0]);
  if (methods.length > 0) return problem(405, `${PREFIX}${name} knows ${methods.join(" and ")}`);
  return problem(404, `no control route of this name; GET ${PREFIX} lists them`);
}

function lookUp(route: string): Handler | undefined {
  return Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
}

/**
 * A page of another site can reach the loopback, by its own name (DNS rebinding: a foreign Host) or by ours
 * (a foreign Origin). Programs send a local Host and no Origin.
 */
function isLocal(request: IncomingMessage): boolean {
  const { host, origin } = request.headers;
  if (host === undefined || !LOCAL_HOST.test(host)) return false;
  return origin === undefined || LOCAL_HOST.test(origin.replace(/^https?:\/\//i, ""));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= BODY_MAX_BYTES) chunks.push(chunk as Buffer);
  }
  if (bytes > BODY_MAX_BYTES) throw new InputError(`a body may have ${BODY_MAX_BYTES} bytes`, []);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError("the body is not JSON", []);
  }
}

function reset(sandbox: Sandbox, body: unknown): readonly Resettable[] {
  const reader = new Reader(body);
  const what = reader.textList("what", RESETTABLE);
  reader.finish();
  sandbox.reset(what);
  return what;
}

function arrivals(
  sandbox: Sandbox,
  query: URLSearchParams,
): { windowMs: number; max: number; arrivals: number } {
  const windowMs = Number(query.get("windowMs") ?? 1000);
  if (!(windowMs > 0)) throw new InputError("windowMs must be a number above 0", ["windowMs"]);
  return { windowMs, max: sandbox.maxInWindow(windowMs), arrivals: sandbox.arrivals().length };
}

function flat({ fault, ...scope }: FaultRule): object {
  return { ...scope, ...fault };
}

function ok(value: unknown): Reply {
  return { status: 200, value };
}

function created(value: unknown): Reply {
  return { status: 201, value };
}

function problem(status: number, error: string): Reply {
  return { status, value: { error } };
}

function refusal(error: unknown): Reply {
  if (error instanceof InputError)
    return { status: 400, value: { error: error.message, fields: error.fields } };
  return problem(500, error instanceof Error ? error.message : String(error));
}
