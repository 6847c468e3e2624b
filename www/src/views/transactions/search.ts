/**
 * Finds words in rows as a person means them. Pure.
 */
import { fold } from "../../fold.ts";
import type { Transaction } from "../../model.ts";

/* Rows never change, and folding five thousand of them at each letter typed would be felt. */
const folded = new WeakMap<Transaction, string>();

/** Finds the rows that hold every word of a text, anywhere in content, code, reference, sub account or number. */
export function finderOf(text: string): (row: Transaction) => boolean {
  const words = fold(text).split(/\s+/).filter(Boolean);
  return (row) => {
    const rowText = foldedRow(row);
    return words.every((word) => rowText.includes(word));
  };
}

/* The line ends keep a word from being found across two fields. */
function foldedRow(row: Transaction): string {
  const known = folded.get(row);
  if (known !== undefined) return known;
  const { content, code, reference, subAccount, accountNumber } = row;
  const made = fold([content, code, reference, subAccount, accountNumber].map((text) => text ?? "").join("\n"));
  folded.set(row, made);
  return made;
}
