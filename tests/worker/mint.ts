/** Asks a site for tickets: `POST /api/tickets`. */
import assert from "node:assert/strict";
import { read } from "./matrix/jwt.ts";
import type { Rights } from "./matrix/oracle.ts";
import type { Reply } from "./site.ts";

/** What a new ticket comes with. */
export interface Minted {
  readonly ticket: string;
  readonly tokenType: string;
  readonly expiresAt: string;
  readonly expiresInSeconds: number;
  readonly rights: Rights;
}

/** What `GET /api/tickets/self` tells. */
export interface Own {
  readonly kind: string;
  readonly id: string;
  readonly ticketId: string | null;
  readonly rights: Rights;
  readonly expiresAt: string | null;
}

/** Sends a wish: a value as JSON, or a text as it is. */
export async function mint(url: string, key: string, wish: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const answer = await fetch(`${url}/api/tickets`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...headers },
    body: typeof wish === "string" ? wish : JSON.stringify(wish),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Makes a ticket that must be granted. */
export async function minted(url: string, key: string, wish: unknown = {}): Promise<Minted> {
  const { status, text } = await mint(url, key, wish);
  assert.equal(status, 201, text);
  return JSON.parse(text) as Minted;
}

/** The id that a ticket has in logs and in the audit trail. */
export function idOf(ticket: string): string {
  return String(read(ticket).claims["jti"]);
}
