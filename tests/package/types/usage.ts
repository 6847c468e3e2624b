// Compiled against the installed package by tests/package/types.test.ts, as an ES module, as CommonJS and for a bundler.
// What stands below a line with @ts-expect-error must not compile.

import { NotFoundError, RateLimitError, SePay, SePayError, TruncatedError, vietQr } from "@sepay-edge/client";
import type { BankAccount, ErrorCode, List, SePayEvent, Transaction, TransactionIterateParams, VietQrParams } from "@sepay-edge/client";
import { NotFoundError as EdgeNotFoundError, SePayEdge } from "@sepay-edge/client/edge";
import type { EdgeList } from "@sepay-edge/client/edge";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when both are the same type, and neither is `any` in disguise. */
function same<A, B>(_: Same<A, B>): void {}

export async function rows(sepay: SePay): Promise<void> {
  const listed = await sepay.transactions.list({ account: "0071000888888", from: "2026-11-01", to: new Date(0), limit: 5 });
  same<typeof listed, List<Transaction>>(true);
  same<typeof listed.data, Transaction[]>(true);
  same<typeof listed.complete, boolean>(true);
  same<keyof Transaction, "id" | "accountId" | "accountNumber" | "subAccount" | "bank" | "occurredAt" | "direction" | "amountIn" | "amountOut" | "balance" | "content" | "code" | "reference">(true);
  same<Transaction["id"], string>(true);
  same<Transaction["amountIn"], number>(true);
  same<Transaction["direction"], "in" | "out" | "unknown">(true);
  same<Transaction["code"], string | null>(true);
  same<keyof BankAccount, "id" | "bank" | "bankName" | "bankBin" | "bankCode" | "accountNumber" | "holder" | "label" | "balance" | "active" | "lastTransactionAt" | "createdAt">(true);
  same<BankAccount["active"], boolean | null>(true);
  same<Awaited<ReturnType<typeof sepay.transactions.get>>, Transaction>(true);
  same<Awaited<ReturnType<typeof sepay.transactions.count>>, number>(true);
  same<Awaited<ReturnType<typeof sepay.bankAccounts.list>>, List<BankAccount>>(true);
  for await (const row of sepay.transactions.iterate({ sinceId: 7n, amountIn: "2277000" })) same<typeof row, Transaction>(true);
}

export function codes(params: VietQrParams): string {
  // @ts-expect-error: a code has an account
  void vietQr({ bank: "VCB" });
  // @ts-expect-error: a number loses its leading zeros
  void vietQr({ bank: "VCB", account: 71000888888 });
  // @ts-expect-error: the name is `content`
  void vietQr({ bank: "VCB", account: "0071000888888", des: "DH001" });
  const code = vietQr({ ...params, amount: 150_000n, content: undefined });
  same<typeof code, string>(true);
  return code;
}

export function options(signal: AbortSignal): SePay {
  const events: SePayEvent[] = [];
  const sepay = new SePay({
    apiToken: process.env["SEPAY_API_TOKEN"],
    baseURL: "https://my.sepay.vn",
    timeout: 15_000,
    deadline: 300_000,
    maxRetries: 2,
    requestsPerSecond: 2,
    fetch: globalThis.fetch,
    userAgent: "shop/1.0",
    onEvent: (event) => void (event.type === "retry" ? events.push({ ...event, afterMs: event.afterMs + 1 }) : 0),
    dangerouslyAllowBrowser: false,
  });
  void sepay.transactions.count({}, { signal, deadline: 5_000 });
  return new SePay();
}

export function errors(error: unknown): ErrorCode | undefined {
  if (error instanceof RateLimitError) same<typeof error.retryAfterMs, number | undefined>(true);
  if (error instanceof NotFoundError || error instanceof TruncatedError) return error.code;
  if (error instanceof EdgeNotFoundError) return error.code;
  return error instanceof SePayError ? error.code : undefined;
}

export async function edge(): Promise<void> {
  const client = new SePayEdge({ baseURL: "https://pay.example.vn", key: "edge_key" });
  const listed = await client.transactions.list({ amountIn: 2_277_000 }, { maxAge: 1 });
  same<typeof listed, EdgeList<Transaction>>(true);
  same<typeof listed.age, number | null>(true);
}

export function wrong(sepay: SePay, params: TransactionIterateParams): void {
  // @ts-expect-error: a name of SePay's own, not of this package
  void sepay.transactions.list({ account_number: "0071000888888" });
  // @ts-expect-error: a number would lose leading zeros
  void sepay.transactions.list({ account: 71000888888 });
  // @ts-expect-error: pages are SePay's affair
  void sepay.transactions.iterate({ ...params, page: 2 });
  // @ts-expect-error: an id is needed
  void sepay.transactions.get();
  // @ts-expect-error: an unknown option
  new SePay({ token: "x" });
  // @ts-expect-error: milliseconds, not text
  new SePay({ apiToken: "x", timeout: "15s" });
  // @ts-expect-error: rows are plain, and money is a number
  void sepay.transactions.get("1").then((row) => row.amountIn.toFixed(2).amount);
  // @ts-expect-error: nothing is found on a list that is not of it
  void sepay.transactions.list().then((list) => list.rows);
  // @ts-expect-error: no key, no client
  new SePayEdge({ baseURL: "https://pay.example.vn" });
  // @ts-expect-error: errors are made by the package
  new SePay({ apiToken: "x" }).transactions.list({}, { retries: 3 });
}
