/**
 * Makes plain objects of the core's flat lists. Decides nothing: the core has checked every value. Object literals in
 * one loop, because engines give those one hidden class and no dictionary.
 */
import type { Core } from "./core.ts";
import type { BankAccount, Direction, List, Transaction } from "./types.ts";

/** What an answer says, as flat lists. */
export type Rows = Extract<ReturnType<Core["answered"]>, { json: Uint8Array }>;

const DIRECTIONS: readonly Direction[] = ["in", "out", "unknown"];

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textsOf<Text>(rows: Rows): Text[] {
  return JSON.parse(utf8.decode(rows.json)) as Text[];
}

/** Reads eleven texts and one number for each bank account. */
export function accountsOf(rows: Rows): List<BankAccount> {
  const texts = textsOf<string | boolean | null>(rows);
  const data = Array.from(rows.numbers, (balance, index) => account(texts, index * 11, balance));
  return { data, complete: rows.complete };
}

function account(texts: (string | boolean | null)[], at: number, balance: number): BankAccount {
  return {
    id: texts[at] as string,
    bank: texts[at + 1] as string,
    bankName: texts[at + 2] as string | null,
    bankBin: texts[at + 3] as string | null,
    bankCode: texts[at + 4] as string | null,
    accountNumber: texts[at + 5] as string,
    holder: texts[at + 6] as string,
    label: texts[at + 7] as string | null,
    balance,
    active: texts[at + 8] as boolean | null,
    lastTransactionAt: texts[at + 9] as string | null,
    createdAt: texts[at + 10] as string | null,
  };
}

/**
 * Reads six texts and five numbers for each transaction. The first number says which account it is of; the accounts'
 * three texts stand behind those of all rows.
 */
export function transactionsOf(rows: Rows): List<Transaction> {
  const texts = textsOf<string | null>(rows);
  const { numbers, complete } = rows;
  const count = numbers.length / 5;
  const data = new Array<Transaction>(count);
  for (let index = 0, at = 0, number = 0; index < count; index += 1, at += 6, number += 5) {
    const account = count * 6 + (numbers[number] as number) * 3;
    data[index] = {
      id: texts[at] as string,
      accountId: texts[account] as string,
      accountNumber: texts[account + 1] as string,
      subAccount: texts[at + 1] as string | null,
      bank: texts[account + 2] as string,
      occurredAt: texts[at + 2] as string,
      direction: DIRECTIONS[numbers[number + 1] as number] as Direction,
      amountIn: numbers[number + 2] as number,
      amountOut: numbers[number + 3] as number,
      balance: numbers[number + 4] as number,
      content: texts[at + 3] as string,
      code: texts[at + 4] as string | null,
      reference: texts[at + 5] as string | null,
    };
  }
  return { data, complete };
}

/** Reads the one row of an answer about one record. */
export function oneOf<Row>({ data: [row] }: List<Row>): Row {
  return row as Row;
}

/** Reads a count. */
export function countOf({ numbers }: Rows): number {
  return numbers[0] as number;
}
