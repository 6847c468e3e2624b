/**
 * What the shown rows come to. Pure.
 */
import type { Transaction } from "../../model.ts";

/** Whole VND; null: this key may not see an amount, so that no sum is known. A bigint: sums may pass 2^53. */
export interface Totals {
  count: number;
  in: bigint | null;
  out: bigint | null;
}

/** Adds rows up. A row without a direction counts on both sides with what it has. */
export function totalsOf(rows: readonly Transaction[]): Totals {
  return {
    count: rows.length,
    in: sumOf(rows, ({ direction, amountIn }) => (direction === "out" ? 0 : amountIn)),
    out: sumOf(rows, ({ direction, amountOut }) => (direction === "in" ? 0 : amountOut)),
  };
}

function sumOf(rows: readonly Transaction[], amountOf: (row: Transaction) => number | null): bigint | null {
  let sum = 0n;
  for (const row of rows) {
    const amount = amountOf(row);
    if (amount === null) return null;
    sum += BigInt(amount);
  }
  return sum;
}
