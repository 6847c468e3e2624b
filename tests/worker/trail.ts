/** The audit trail as `/api/audit` tells it, and what a test asks of it. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Site } from "./site.ts";

/** A row: uses that are alike, within an hour. */
export interface UseRow {
  readonly hour: string;
  readonly caller: string | null;
  readonly ticket: string | null;
  readonly route: string;
  readonly outcome: "served" | "forbidden" | "limited" | "failed" | "minted" | "denied";
  readonly reason: string | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** The answer. */
export interface Trail {
  readonly data: readonly UseRow[];
  readonly complete: boolean;
}

const FIELDS = ["hour", "caller", "ticket", "route", "outcome", "reason", "count", "firstAt", "lastAt"];

/** How long what was sent behind a caller may be under way, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Asks with a key that may. */
export async function readTrail(site: Pick<Site, "read">, key: string, query = ""): Promise<Trail> {
  const trail = await site.read<Trail>(`/api/audit${query}`, { key });
  assert.deepEqual(Object.keys(trail), ["data", "complete"]);
  for (const row of trail.data) {
    assert.deepEqual(Object.keys(row), FIELDS);
    assert.match(row.hour, /^\d{4}-\d\d-\d\dT\d\d:00:00\+07:00$/);
    assert.ok(row.hour <= row.firstAt && row.firstAt <= row.lastAt, JSON.stringify(row));
    assert.ok(Number.isSafeInteger(row.count) && row.count >= 1);
  }
  return trail;
}

/** Adds up the counts of rows that are alike but for the hour, by a short name. */
export function sums(rows: readonly UseRow[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { caller, ticket, route, outcome, reason, count } of rows) {
    const name = [caller ?? "-", ...(ticket === null ? [] : [ticket]), route, outcome, ...(reason === null ? [] : [reason])].join(" ");
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

/** Requires these sums among all, as soon as everything that is under way has arrived. The asking itself is left out. */
export async function expectSums(site: Pick<Site, "read">, key: string, expected: Readonly<Record<string, number>>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const rows = (await readTrail(site, key, "?limit=1000")).data.filter(({ route }) => route !== "/api/audit");
    try {
      assert.deepEqual(sums(rows), expected);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(20);
  }
}
