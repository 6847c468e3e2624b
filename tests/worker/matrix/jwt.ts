/**
 * JSON Web Tokens (RFC 7519) by hand: reads a ticket, changes what it says, and signs it with any secret, or not at all.
 * Knows of the Worker's tickets only what a real one shows.
 */
import { createHmac } from "node:crypto";

/** The secret with which the sites under test sign. */
export const SECRET = "a ticket secret of the tests, 32+ characters";

/** What a ticket says. */
export type Claims = Readonly<Record<string, unknown>>;

/** A ticket taken apart. */
export interface Parts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Claims;
}

/** Takes a ticket apart, whoever signed it. */
export function read(ticket: string): Parts {
  const [header = "", claims = ""] = ticket.split(".");
  const json = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Claims;
  return { header: json(header), claims: json(claims) };
}

/** Writes a ticket and signs it (HS256). */
export function sign({ header, claims }: Parts, secret: string = SECRET): string {
  const signed = unsigned({ header, claims });
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** Writes the first two parts of a ticket. */
export function unsigned({ header, claims }: Parts): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
}

/** Signs a ticket anew with other claims; undefined leaves one out. */
export function changed(ticket: string, claims: Claims, secret?: string): string {
  const { header, claims: old } = read(ticket);
  return sign({ header, claims: { ...old, ...claims } }, secret);
}
