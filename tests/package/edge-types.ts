/**
 * What the compiler must accept and refuse of the edge client. Never run: `tsc` fails where a use is judged wrongly, as each
 * `@ts-expect-error` needs its error.
 */
import { SePayEdge, SePayError } from "../../src/js/npm/src/edge.ts";
import type { BankAccount, EdgeList, EdgeStatus, ErrorCode, Transaction } from "../../src/js/npm/src/edge.ts";

/** Exactly the same type, both ways. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles for `true` only. */
function holds<T extends true>(_proof?: T): void {}

export async function rightUse(signal: AbortSignal): Promise<void> {
  const edge = new SePayEdge({ baseURL: "", key: "k", timeout: 5_000, deadline: undefined, fetch });
  new SePayEdge({ baseURL: "/", key: "k", fetch: async (url, init) => fetch(url, { ...init, credentials: "omit" }) });
  const accounts = await edge.bankAccounts.list({ bank: "ACB", balanceMin: 5n, lastTransactionFrom: new Date() });
  const list = await edge.transactions.list({ account: "007", from: "2026-11-19", amountIn: 5, limit: 5 }, { signal, maxAge: 0 });
  const row = await edge.transactions.get("1", { deadline: 2_000 });
  const count = await edge.transactions.count({ sinceId: 5n, reference: undefined });
  const status = await edge.status({ signal });
  holds<Same<typeof accounts, EdgeList<BankAccount>>>();
  holds<Same<typeof list, EdgeList<Transaction>>>();
  holds<Same<typeof list.stale, false | "busy" | "down">>();
  holds<Same<typeof list.age, number | null>>();
  holds<Same<typeof row.direction, "in" | "out" | "unknown">>();
  holds<Same<typeof row.code, string | null>>();
  holds<Same<typeof count, number>>();
  holds<Same<typeof status, EdgeStatus>>();
  // Taken off its object it still works.
  const { get } = edge.bankAccounts;
  holds<Same<Awaited<ReturnType<typeof get>>, BankAccount>>();
}

export function errorUse(error: unknown): string | undefined {
  if (!(error instanceof SePayError)) return undefined;
  holds<Same<typeof error.code, ErrorCode>>();
  holds<Same<typeof error.retryAfterMs, number | undefined>>();
  // @ts-expect-error there is no such code
  if (error.code === "paid") return undefined;
  return error.code === "upstream_busy" ? error.requestId : error.parameter;
}

export async function wrongUse(edge: SePayEdge, controller: AbortController): Promise<void> {
  // @ts-expect-error a key is needed
  new SePayEdge({ baseURL: "" });
  // @ts-expect-error so is the place of the Worker
  new SePayEdge({ key: "k" });
  // @ts-expect-error spelled otherwise
  new SePayEdge({ baseUrl: "", key: "k" });
  // @ts-expect-error SePay's token has no place here
  new SePayEdge({ baseURL: "", key: "k", apiToken: "t" });
  // @ts-expect-error milliseconds are a number
  new SePayEdge({ baseURL: "", key: "k", timeout: "5s" });
  // @ts-expect-error no such filter
  await edge.transactions.list({ acount: "007" });
  // @ts-expect-error a number would lose the leading zeros
  await edge.transactions.list({ account: 71000888888 });
  // @ts-expect-error null means nothing here
  await edge.transactions.list({ sinceId: null });
  // @ts-expect-error a count has no limit
  await edge.transactions.count({ limit: 5 });
  // @ts-expect-error an account's filter
  await edge.transactions.list({ bank: "ACB" });
  // @ts-expect-error the signal is an option's value, not the options
  await edge.transactions.list({}, controller.signal);
  // @ts-expect-error the timeout is the client's
  await edge.transactions.list({}, { timeout: 5 });
  // @ts-expect-error an id is needed
  await edge.transactions.get();
  // @ts-expect-error the Worker has no such route
  edge.transactions.iterate();
  // @ts-expect-error a list's rows are in data
  (await edge.transactions.list()).rows;
  // @ts-expect-error the client cannot be changed
  edge.transactions = edge.bankAccounts;
}
