/** Transactions for tests of the page's pure parts. */
import type { Transaction } from "../../www/src/model.ts";

/** A row that came in on account 18; every field may be another. */
export function rowWith(rest: Partial<Transaction> = {}): Transaction {
  return {
    id: "5001",
    accountId: "18",
    accountNumber: "0071000888888",
    subAccount: null,
    bank: "Vietcombank",
    occurredAt: "2026-11-20T14:05:09+07:00",
    direction: "in",
    amountIn: 150_000,
    amountOut: 0,
    balance: 2_525_493,
    content: "NGUYEN VAN C ck DH001",
    code: "DH001",
    reference: "FT253245001",
    ...rest,
  };
}
