/**
 * The same job as our Worker's list of transactions, by hand, with Hono: what we compare ourselves with.
 *
 * Identical questions are joined in the gate and not here: a promise that belongs to one request is lost with it when its
 * caller leaves, and would leave the others waiting.
 */

import { Hono } from "hono";
import type { Context } from "hono";

import { Cache } from "./cache.ts";
import type { Answer } from "./cache.ts";
import type { GateEnv, Outcome, Refusal } from "./gate.ts";
import { Keys } from "./keys.ts";
import type { Caller } from "./keys.ts";

export { Gate } from "./gate.ts";

interface Env extends GateEnv {
  readonly EDGE_KEYS: string;
  readonly GATE: { getByName(name: string): { ask(target: string, waitMs: number): Promise<Outcome> } };
}

type Asked = Context<{ Bindings: Env }>;

/** Our parameters and SePay's names for them. */
const PARAMETERS: Readonly<Record<string, string>> = {
  account: "account_number",
  from: "transaction_date_min",
  to: "transaction_date_max",
  sinceId: "since_id",
  limit: "limit",
  reference: "reference_number",
  amountIn: "amount_in",
  amountOut: "amount_out",
};

const cache = new Cache();
let keys: Keys | undefined;

const app = new Hono<{ Bindings: Env }>();

app.get("/healthz", (c) => c.json({ status: "ok" }));

app.get("/api/transactions", async (c) => {
  keys ??= new Keys(c.env.EDGE_KEYS);
  const caller = await keys.caller(c.req.header("authorization"), Date.now());
  if (caller === null) return problem(c, 401, "unauthorized", { "www-authenticate": "Bearer" });
  const query = c.req.query();
  if (!maySee(caller, query["account"])) return problem(c, 403, "forbidden");
  const target = targetOf(query);
  if (target === null) return problem(c, 400, "invalid_parameter");
  const held = cache.get(target, Date.now());
  if (held !== undefined) return answered(c, held, "peer; hit");
  const outcome = await c.env.GATE.getByName("default").ask(target, waitMs(c.req.header("prefer")));
  if (!outcome.ok) return refused(c, outcome);
  cache.put(target, outcome);
  return answered(c, outcome, "peer; fwd=miss; stored");
});

app.notFound((c) => problem(c, 404, "not_found"));

export default app;

function maySee(caller: Caller, account: string | undefined): boolean {
  if (!caller.scopes.includes("transactions:read")) return false;
  return caller.accounts === undefined || (account !== undefined && caller.accounts.includes(account));
}

/** SePay's path and query for ours, in one order whatever the caller's; null when a parameter is wrong. */
function targetOf(query: Readonly<Record<string, string>>): string | null {
  if (Object.entries(query).some(([name, value]) => !(name in PARAMETERS) || value === "")) return null;
  const limit = query["limit"] ?? "100";
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > 5000) return null;
  const parts = Object.entries(PARAMETERS).flatMap(([ours, sepays]) => {
    const value = ours === "limit" ? limit : query[ours];
    return value === undefined ? [] : [`${sepays}=${encodeURIComponent(wholeDay(ours, value))}`];
  });
  return `/userapi/transactions/list?${parts.join("&")}`;
}

/** A bare date means the whole day. */
function wholeDay(name: string, value: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return value;
  return name === "from" ? `${value} 00:00:00` : name === "to" ? `${value} 23:59:59` : value;
}

function waitMs(prefer: string | undefined): number {
  const seconds = /(?:^|[\s,;])wait=(\d{1,3})(?:$|[\s,;])/i.exec(prefer ?? "")?.[1];
  return 1000 * Math.min(25, Number(seconds ?? 10));
}

function headers(contentType: string): Record<string, string> {
  return {
    "content-type": contentType,
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": crypto.randomUUID(),
  };
}

function answered(c: Asked, answer: Answer, cacheStatus: string): Response {
  const age = String(Math.max(0, Math.floor((Date.now() - answer.storedMs) / 1000)));
  const all = { ...headers("application/json; charset=utf-8"), age, etag: answer.etag, "cache-status": cacheStatus };
  const isKnown = c.req.header("if-none-match")?.split(",").some((tag) => tag.trim() === answer.etag);
  return isKnown ? c.body(null, 304, all) : c.body(answer.body, 200, all);
}

function refused(c: Asked, { status, code, retryAfterSeconds }: Refusal): Response {
  return problem(c, status, code, retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) });
}

function problem(c: Asked, status: 400 | 401 | 403 | 404 | 502 | 503 | 504, code: string, more: Record<string, string> = {}): Response {
  const all = { ...headers("application/problem+json"), ...more };
  const text = JSON.stringify({ type: `urn:peer:problem:${code}`, title: code, status, code, requestId: all["x-request-id"] });
  return c.body(text, status, all);
}
