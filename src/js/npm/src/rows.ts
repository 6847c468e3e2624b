/**
 * Makes plain objects of the core's flat rows. Decides nothing: the core has checked every value. Object literals in
 * one loop, because engines give those one hidden class and no dictionary.
 */
import type { BankAccount, Direction, List, Transaction } from "./types.ts";

type Value = string | number | boolean | null;

/** Reads `[complete, v, v, …]`, 12 values a bank account. */
export function accountsOf(text: string): List<BankAccount> {
  const flat = JSON.parse(text) as Value[];
  const data: BankAccount[] = [];
  for (let at = 1; at < flat.length; at += 12) data.push(accountAt(flat, at));
  return { data, complete: flat[0] as boolean };
}

/** Reads `[v, v, …]`, one bank account. */
export function accountOf(text: string): BankAccount {
  return accountAt(JSON.parse(text) as Value[], 0);
}

/** Reads `[complete, v, v, …]`, 13 values a transaction. */
export function transactionsOf(text: string): List<Transaction> {
  const flat = JSON.parse(text) as Value[];
  const data: Transaction[] = [];
  for (let at = 1; at < flat.length; at += 13) data.push(transactionAt(flat, at));
  return { data, complete: flat[0] as boolean };
}

/** Reads `[v, v, …]`, one transaction. */
export function transactionOf(text: string): Transaction {
  return transactionAt(JSON.parse(text) as Value[], 0);
}

/** Reads `[n]`. */
export function countOf(text: string): number {
  return (JSON.parse(text) as [number])[0];
}

function accountAt(flat: Value[], at: number): BankAccount {
  return {
    id: flat[at] as string,
    bank: flat[at + 1] as string,
    bankName: flat[at + 2] as string | null,
    bankBin: flat[at + 3] as string | null,
    bankCode: flat[at + 4] as string | null,
    accountNumber: flat[at + 5] as string,
    holder: flat[at + 6] as string,
    label: flat[at + 7] as string | null,
    balance: flat[at + 8] as number,
    active: flat[at + 9] as boolean | null,
    lastTransactionAt: flat[at + 10] as string | null,
    createdAt: flat[at + 11] as string | null,
  };
}

function transactionAt(flat: Value[], at: number): Transaction {
  return {
    id: flat[at] as string,
    accountId: flat[at + 1] as string,
    accountNumber: flat[at + 2] as string,
    subAccount: flat[at + 3] as string | null,
    bank: flat[at + 4] as string,
    occurredAt: flat[at + 5] as string,
    direction: flat[at + 6] as Direction,
    amountIn: flat[at + 7] as number,
    amountOut: flat[at + 8] as number,
    balance: flat[at + 9] as number,
    content: flat[at + 10] as string,
    code: flat[at + 11] as string | null,
    reference: flat[at + 12] as string | null,
  };
}
