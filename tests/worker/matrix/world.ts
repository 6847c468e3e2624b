/**
 * Two shops at SePay, each with rows of its own, and the front that leads a call to the one whose token it carries.
 * Every value of the rows that are added occurs in one shop only, so that it says where it came from.
 */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Account, Transaction } from "../../sandbox/model.ts";
import type { Sandbox } from "../../sandbox/server.ts";
import { vietnamTime } from "../../sandbox/time.ts";

/** The accounts that tests name. */
export const A = "0071000888888";
export const B = "0900112233";
export const C = "0314100012345";

/** The code of payments to `A` and `B`, and an amount that came on both. */
export const CODE = "MXCODE0001";
export const AMOUNT = 777_123_457;

/** How far a key that looks back looks back, in days. */
export const LOOK_BACK_DAYS = 30;

/** A front for several SePays. */
export interface Front {
  readonly url: string;
  /** Leads calls with a token to a SePay. */
  lead(token: string, sepayUrl: string): void;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Starts a front that knows no token yet. */
export async function startFront(): Promise<Front> {
  const sepays = new Map<string, string>();
  const server = createServer((incoming, outgoing) => {
    const sepay = sepays.get((incoming.headers.authorization ?? "").replace("Bearer ", ""));
    if (sepay === undefined) return void outgoing.writeHead(401).end();
    const call = request(`${sepay}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    call.on("error", () => outgoing.destroy());
    incoming.pipe(call);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead: (token, url) => void sepays.set(token, url),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Books what the credentials of the matrix differ in. `shop`, one digit, is part of each value. Returns the first id. */
export function fill(sandbox: Sandbox, shop: number, nowMs: number): number {
  const firstDay = vietnamTime(nowMs - LOOK_BACK_DAYS * DAY_MS).slice(0, 10);
  const dayBefore = vietnamTime(nowMs - (LOOK_BACK_DAYS + 1) * DAY_MS).slice(0, 10);
  const ago = (days: number): string => vietnamTime(nowMs - days * DAY_MS);
  let count = 0;
  const book = (accountNumber: string, occurredAt: string, rest: { code?: string; amountIn?: number; amountOut?: number } = {}): Transaction => {
    count += 1;
    const amountIn = rest.amountOut === undefined ? { amountIn: 410_000_000 + shop * 1_000_000 + count * 1013 } : {};
    const texts = { content: `noi dung so mxmemo${shop}${count}x`, referenceNumber: `MXREF${shop}000${count}`, subAccount: `MXSUB${shop}000${count}` };
    return sandbox.addTransaction({ accountNumber, occurredAt, ...amountIn, ...texts, ...rest });
  };
  const first = book(A, ago(1), { code: CODE });
  book(A, ago(2), { code: CODE, amountIn: AMOUNT });
  book(A, ago(45), { code: CODE });
  book(A, ago(3), { amountIn: AMOUNT });
  book(A, ago(1), { amountOut: 3_100_017 + shop });
  book(A, `${firstDay} 00:00:00`, { code: `${CODE}1` });
  book(A, `${dayBefore} 23:59:59`);
  book(B, ago(1), { code: CODE });
  book(B, ago(40), { amountIn: AMOUNT });
  book(C, ago(1), { code: CODE.toLowerCase() });
  book(C, ago(2), { amountOut: 5_200_033 + shop });
  return first.id;
}

/** Every long word that rows hold, as a caller may find it in an answer: numbers, codes, references, memos, names. */
export function wordsOf(rows: readonly (Account | Transaction)[]): Set<string> {
  const values = (row: object): unknown[] => Object.values(row).flatMap((value) => (typeof value === "object" && value !== null ? values(value) : [value]));
  return new Set(rows.flatMap((row) => words(values(row).join(" "))));
}

/** Splits a text into words of so many letters and digits that none of them comes about by chance. */
export function words(text: string): string[] {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length >= 8);
}
