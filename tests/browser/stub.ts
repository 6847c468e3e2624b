/**
 * A stand-in for the Worker: serves the built page with its headers, answers the two routes with invented
 * data, and fails on demand, which a healthy Worker would not.
 */
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildPage } from "../../www/build.mjs";
import { accounts, transactions } from "./stub-data.ts";
import type { Site } from "./site.ts";

/** What a route does instead of answering well. */
export interface Fault {
  /** Wait before doing anything else, milliseconds. */
  delayMs?: number;
  /** Answer with this problem. */
  problem?: { status: number; code: string; detail: string; retryAfter?: string };
  /** Answer with this body and status 200. */
  body?: string;
  /** Close the connection without an answer. */
  hangUp?: boolean;
  /** Limits the fault to questions whose address contains this text. */
  when?: string;
}

type Route = "accounts" | "transactions";

/** The stub, with its switches. */
export interface Stub extends Site {
  limitedKey: string;
  /** Sets a route's fault, or takes it away. */
  fault(route: Route, fault?: Fault): void;
  /** The API addresses asked since the start, each with its Cache-Control request header. */
  readonly asked: { path: string; cacheControl: string | undefined }[];
}

const KEY = "stub-key-full";
const LIMITED_KEY = "stub-key-limited";
const TYPES: Record<string, string> = {
  "/": "text/html; charset=utf-8",
  "/app.js": "text/javascript; charset=utf-8",
  "/style.css": "text/css; charset=utf-8",
};

/** Builds the page in a folder of its own and serves it on a free port. */
export async function startStub(): Promise<Stub> {
  const dist = await buildPage(await mkdtemp(join(tmpdir(), "page-")));
  const headers = readHeaders(await readFile(join(dist, "_headers"), "utf8"));
  const faults = new Map<Route, Fault>();
  const asked: Stub["asked"] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path.startsWith("/api/")) {
      asked.push({ path, cacheControl: request.headers["cache-control"] });
      void answer(request, response, faults);
    } else void serve(dist, headers, path, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: KEY,
    limitedKey: LIMITED_KEY,
    asked,
    fault: (route, fault) => void (fault ? faults.set(route, fault) : faults.delete(route)),
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(dist, { recursive: true });
    },
  };
}

/** Reads the headers that a `_headers` file sets for every path. */
export function readHeaders(file: string): [string, string][] {
  const lines = file.split("\n").filter((line) => line.startsWith("  "));
  return lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
}

async function serve(dist: string, headers: [string, string][], path: string, response: ServerResponse) {
  const type = TYPES[path];
  for (const [name, value] of headers) response.setHeader(name, value);
  if (type === undefined) return response.writeHead(404).end();
  response.setHeader("Content-Type", type);
  return response.end(await readFile(join(dist, path === "/" ? "index.html" : path)));
}

async function answer(request: IncomingMessage, response: ServerResponse, faults: Map<Route, Fault>) {
  const url = new URL(request.url ?? "", "http://stub");
  const route: Route = url.pathname === "/api/accounts" ? "accounts" : "transactions";
  const limited = seenBy(request);
  if (limited === null) {
    const detail = "the key is missing, unknown or expired";
    return refuse(response, { status: 401, code: "unauthorized", detail });
  }
  const set = faults.get(route);
  const fault = set && (set.when === undefined || url.search.includes(set.when)) ? set : {};
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.hangUp) return response.destroy();
  if (fault.problem) return refuse(response, fault.problem);
  const good = route === "accounts" ? listAccounts(limited) : listTransactions(limited, url.searchParams);
  response.setHeader("Content-Type", "application/json").setHeader("Cache-Control", "private, no-store");
  return response.end(fault.body ?? JSON.stringify(good));
}

/* The numbers a key may see: null for an unknown key, an empty list for all. */
function seenBy(request: IncomingMessage): string[] | null {
  const given = request.headers.authorization;
  if (given === `Bearer ${KEY}`) return [];
  return given === `Bearer ${LIMITED_KEY}` ? ["19036000111222"] : null;
}

function listAccounts(limited: string[]) {
  return { data: accounts.filter((account) => sees(limited, account.accountNumber)), complete: true };
}

function listTransactions(limited: string[], query: URLSearchParams) {
  const account = query.get("account");
  const limit = Number(query.get("limit") ?? 100);
  const seen = transactions.filter((row) => sees(limited, row.accountNumber));
  const wanted = seen.filter((row) => account === null || row.accountNumber === account);
  return { data: wanted.slice(0, limit), complete: wanted.length < limit };
}

function sees(limited: string[], accountNumber: string): boolean {
  return limited.length === 0 || limited.includes(accountNumber);
}

function refuse(response: ServerResponse, problem: NonNullable<Fault["problem"]>) {
  const { status, code, detail, retryAfter } = problem;
  if (retryAfter !== undefined) response.setHeader("Retry-After", retryAfter);
  response.writeHead(status, { "Content-Type": "application/problem+json" });
  return response.end(
    JSON.stringify({ type: "about:blank", title: code, status, detail, code, requestId: `req-${code}` }),
  );
}
