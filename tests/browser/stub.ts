/**
 * A stand-in for the Worker: serves the built page with its headers, answers the page's questions with invented data, and
 * fails on demand, which a healthy Worker would not.
 */
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildPage } from "../../www/build.mjs";
import { ROUTES } from "./stub-answers.ts";
import type { Route, Visitor } from "./stub-answers.ts";
import { transactions } from "./stub-data.ts";
import type { StubRow } from "./stub-data.ts";
import type { Site } from "./site.ts";

/** What a route does instead of answering well. */
export interface Fault {
  /** Wait before doing anything else, milliseconds. */
  delayMs?: number;
  /** Whether only those get the problem who want an answer of this second. */
  isForFresh?: boolean;
  /** Answer with this problem. */
  problem?: { status: number; code: string; detail: string; retryAfter?: string };
  /** Answer with this body and status 200. */
  body?: string;
  /** Answer with these headers besides the usual ones. */
  headers?: Record<string, string>;
  /** Close the connection without an answer. */
  hangUp?: boolean;
  /** Limits the fault to questions whose query contains this text. */
  when?: string;
}

/** A question that came: its path with its query, and when, milliseconds since the Unix epoch. */
export interface Asked {
  path: string;
  cacheControl: string | undefined;
  atMs: number;
}

/** The stub, with its switches. */
export interface Stub extends Site {
  limitedKey: string;
  /** Sets a route's fault, or takes it away. */
  fault(route: Route, fault?: Fault): void;
  /** Adds a row, as the newest one. */
  add(row: StubRow): void;
  /** The API addresses asked since the start. */
  readonly asked: Asked[];
  /** Takes all faults and added rows away, and forgets what was asked. */
  reset(): void;
}

const KEY = "stub-key-full";
const LIMITED_KEY = "stub-key-limited";
/** Keys that may see one thing. */
export const ACCOUNTS_KEY = "stub-key-accounts";
export const TRANSACTIONS_KEY = "stub-key-transactions";
const VISITORS: Record<string, Visitor> = {
  [`Bearer ${KEY}`]: { scopes: ["accounts:read", "transactions:read", "metrics:read"], accounts: null },
  [`Bearer ${LIMITED_KEY}`]: { scopes: ["accounts:read", "transactions:read"], accounts: ["19036000111222"] },
  [`Bearer ${ACCOUNTS_KEY}`]: { scopes: ["accounts:read"], accounts: null },
  [`Bearer ${TRANSACTIONS_KEY}`]: { scopes: ["transactions:read"], accounts: null },
};
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
};
const UNKNOWN = { status: 401, code: "unauthorized", detail: "the key is missing, unknown or expired" };

/** Builds the page in a folder of its own and serves it on a free port. */
export async function startStub(): Promise<Stub> {
  const dist = await buildPage(await mkdtemp(join(tmpdir(), "page-")));
  const rules = readHeaders(await readFile(join(dist, "_headers"), "utf8"));
  const faults = new Map<Route, Fault>();
  const rows = [...transactions];
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (!path.startsWith("/api/")) return void serve(dist, rules, path, response);
    asked.push({ path, cacheControl: request.headers["cache-control"], atMs: Date.now() });
    return void answer(request, response, faults, rows);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: KEY,
    limitedKey: LIMITED_KEY,
    asked,
    fault: (route, fault) => void (fault ? faults.set(route, fault) : faults.delete(route)),
    add: (row) => void rows.unshift(row),
    reset() {
      faults.clear();
      rows.splice(0, rows.length, ...transactions);
      asked.length = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(dist, { recursive: true });
    },
  };
}

interface HeaderRule {
  /** The path up to its star. */
  prefix: string;
  headers: [string, string][];
}

/** Reads a `_headers` file: lines with a path, and under each the headers for it. */
export function readHeaders(file: string): HeaderRule[] {
  const rules: HeaderRule[] = [];
  for (const line of file.split("\n")) {
    if (line.startsWith("/")) rules.push({ prefix: line.trim().replace("*", ""), headers: [] });
    const [, name, value] = /^ +([^:]+): *(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) rules.at(-1)?.headers.push([name, value]);
  }
  return rules;
}

async function serve(dist: string, rules: HeaderRule[], path: string, response: ServerResponse) {
  const { pathname } = new URL(path, "http://stub");
  for (const { prefix, headers } of rules) {
    if (pathname.startsWith(prefix)) for (const [name, value] of headers) response.setHeader(name, value);
  }
  const file = pathname === "/" ? "index.html" : normalize(pathname);
  const content = await readFile(join(dist, file)).catch(() => null);
  if (content === null) return response.writeHead(404).end();
  return response.setHeader("Content-Type", TYPES[extname(file)] ?? "text/plain").end(content);
}

async function answer(request: IncomingMessage, response: ServerResponse, faults: Map<Route, Fault>, rows: StubRow[]) {
  const url = new URL(request.url ?? "", "http://stub");
  const visitor = VISITORS[request.headers.authorization ?? ""];
  if (visitor === undefined) return refuse(response, UNKNOWN);
  const route = ROUTES[url.pathname];
  if (route === undefined) return refuse(response, { status: 404, code: "not_found", detail: "no such route" });
  const set = faults.get(route.name);
  const fault = set && (set.when === undefined || url.search.includes(set.when)) ? set : {};
  if (fault.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (fault.hangUp) return response.destroy();
  const isSpared = fault.isForFresh && request.headers["cache-control"] === undefined;
  if (fault.problem && !isSpared) return refuse(response, fault.problem);
  const headers = { "Content-Type": "application/json", "Cache-Control": "private, no-store", ...fault.headers };
  response.writeHead(200, headers);
  return response.end(fault.body ?? JSON.stringify(route.answer({ visitor, query: url.searchParams, rows })));
}

function refuse(response: ServerResponse, problem: NonNullable<Fault["problem"]>) {
  const { status, code, detail, retryAfter } = problem;
  if (retryAfter !== undefined) response.setHeader("Retry-After", retryAfter);
  response.writeHead(status, { "Content-Type": "application/problem+json" });
  return response.end(
    JSON.stringify({ type: "about:blank", title: code, status, detail, code, requestId: `req-${code}` }),
  );
}
