/** The lines that the Worker writes to its console, one for each request. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Reply, Site } from "./site.ts";

/** A line as it is read by a machine. */
export interface Line {
  readonly requestId: string;
  readonly method: string;
  readonly route: string | null;
  readonly status: number;
  readonly caller: string | null;
  readonly ticket: string | null;
  readonly cache: string | null;
  readonly waitMs: number;
  readonly upstreamMs: number;
  readonly durationMs: number;
}

const FIELDS = ["requestId", "method", "route", "status", "caller", "ticket", "cache", "waitMs", "upstreamMs", "durationMs"];

/** How long a line may take from the Worker to here, in milliseconds. */
const PATIENCE_MS = 10_000;

/** All lines so far; what else is on the console is not JSON. */
export function lines(site: Site): Line[] {
  return site.logs.filter((text) => text.startsWith("{")).map((text) => readLine(text));
}

/** Resolves when so many texts on the console have these words. */
export async function untilSaid(site: Site, words: string, times: number): Promise<void> {
  const said = (): number => site.logs.filter((text) => text.includes(words)).length;
  const deadline = Date.now() + PATIENCE_MS;
  while (said() < times && Date.now() < deadline) await delay(5);
  assert.equal(said(), times, `${words}: ${site.logs.join("\n")}`);
}

/** The only line of a reply. */
export async function lineOf(site: Site, { headers }: Pick<Reply, "headers">): Promise<Line> {
  const requestId = headers.get("x-request-id");
  assert.ok(requestId, "a reply has an id");
  const its = (): string[] => site.logs.filter((text) => text.includes(requestId));
  const deadline = Date.now() + PATIENCE_MS;
  while (its().length === 0 && Date.now() < deadline) await delay(5);
  const [text = "", ...others] = its();
  assert.equal(others.length, 0, `one line for a request: ${text} ${others.join(" ")}`);
  return readLine(text);
}

function readLine(text: string): Line {
  const line = JSON.parse(text) as Line;
  assert.deepEqual(Object.keys(line), FIELDS, text);
  assert.match(line.requestId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.match(line.method, /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|OTHER)$/);
  for (const ms of [line.waitMs, line.upstreamMs, line.durationMs]) assert.ok(Number.isSafeInteger(ms) && ms >= 0, text);
  return line;
}
