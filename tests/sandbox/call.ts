/** How the sandbox's own tests ask it: plain fetch, no retries, nothing interpreted. */
import type { Sandbox } from "./server.ts";
import type { WireRow } from "./wire.ts";

/** An answer as it came. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A success of the API, read. */
export interface Envelope {
  readonly bankaccounts: WireRow[];
  readonly bankaccount: WireRow;
  readonly transactions: WireRow[];
  readonly transaction: WireRow;
  readonly count_bankaccounts: number;
  readonly count_transactions: number;
}

/** Asks with the sandbox's token, or with the headers given instead. */
export async function get(sandbox: Sandbox, target: string, init: RequestInit = {}): Promise<Reply> {
  const headers = { Authorization: `Bearer ${sandbox.token}` };
  const response = await fetch(sandbox.url + target, { headers, redirect: "manual", ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Asks and reads the JSON of a 200; throws on anything else. */
export async function read(sandbox: Sandbox, target: string): Promise<Envelope> {
  const { status, text } = await get(sandbox, target);
  if (status !== 200) throw new Error(`${target}: ${status} ${text}`);
  return JSON.parse(text) as Envelope;
}

/** The ids of rows, as they came. */
export function ids(rows: readonly WireRow[]): string[] {
  return rows.map((row) => String(row["id"]));
}
