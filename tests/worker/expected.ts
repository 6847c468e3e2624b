/** The rows of the sandbox as the design's section 3 writes them: what the Worker's JSON must be. */
import type { Account, Transaction } from "../sandbox/model.ts";

/** A list as the JSON routes answer it. */
export interface List<T> {
  readonly data: readonly T[];
  readonly complete: boolean;
}

/** An account of the JSON routes. */
export type AccountJson = ReturnType<typeof accountJson>;

/** A transaction of the JSON routes. */
export type TransactionJson = ReturnType<typeof transactionJson>;

/** Writes an account; `label` "" becomes null as every absent optional field does. */
export function accountJson(row: Account) {
  return {
    id: String(row.id),
    bank: row.bank.shortName,
    bankName: row.bank.fullName,
    bankBin: row.bank.bin,
    bankCode: row.bank.code,
    accountNumber: row.number,
    holder: row.holder,
    label: row.label || null,
    balance: row.balance,
    active: row.active,
    lastTransactionAt: row.lastTransactionAt === null ? null : rfc3339(row.lastTransactionAt),
    createdAt: rfc3339(row.createdAt),
  };
}

/** Writes a transaction. */
export function transactionJson(row: Transaction) {
  return {
    id: String(row.id),
    accountId: String(row.accountId),
    accountNumber: row.accountNumber,
    subAccount: row.subAccount || null,
    bank: row.bankShortName,
    occurredAt: rfc3339(row.occurredAt),
    direction: row.amountIn > 0 ? "in" : row.amountOut > 0 ? "out" : "unknown",
    amountIn: row.amountIn,
    amountOut: row.amountOut,
    balance: row.balance,
    content: row.content,
    code: row.code || null,
    reference: row.reference || null,
  };
}

/** Keeps what SePay's limit keeps: the highest ids. */
export function highestIds<T extends { readonly id: number }>(rows: readonly T[], limit: number): T[] {
  return rows.toSorted((left, right) => right.id - left.id).slice(0, limit);
}

/** Sorts by time, newest first, and by id where the time is the same. */
export function newestFirst(rows: readonly Transaction[]): Transaction[] {
  return rows.toSorted((left, right) => {
    if (left.occurredAt !== right.occurredAt) return left.occurredAt < right.occurredAt ? 1 : -1;
    return right.id - left.id;
  });
}

function rfc3339(wallTime: string): string {
  return `${wallTime.replace(" ", "T")}+07:00`;
}
