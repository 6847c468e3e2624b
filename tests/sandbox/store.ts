/**
 * The rows of a running sandbox: the seeded ones and what the control routes add. Rows are never changed in
 * place. Keeps both lists in ascending order of id. Reads no clock.
 */
import type { Data } from "./data.ts";
import { bankNamed, BANKS } from "./model.ts";
import type { Account, Transaction } from "./model.ts";
import { Reader } from "./reader.ts";
import { isDateTime } from "./time.ts";

/** What `POST /_sandbox/transactions` takes. Exactly one of the amounts; amounts in whole VND. */
export interface NewTransaction {
  accountNumber: string;
  amountIn?: number;
  amountOut?: number;
  content: string;
  code?: string | null;
  /** Default "", as on the seeded rows of active accounts. */
  subAccount?: string | null;
  referenceNumber?: string;
  /** Vietnam time, `YYYY-MM-DD HH:mm:ss`; default now. An older time makes a late-booked row. */
  occurredAt?: string;
}

/** What `POST /_sandbox/accounts` takes. */
export interface NewAccount {
  accountNumber: string;
  /** SePay's short name of the bank. */
  bank: string;
  holder: string;
  /** Whole VND; default 0. */
  balance?: number;
  label?: string;
  active?: boolean;
  /** Vietnam time; default null, as for an account that never saw a transaction. */
  lastTransactionAt?: string | null;
  /** Vietnam time; default now. */
  createdAt?: string;
  /** Default true; false: the balance stays 0. */
  reportsBalance?: boolean;
}

const DATE_TIME_RULE = "must be a Vietnam time, YYYY-MM-DD HH:mm:ss";

/** The rows, and the two ways in which they grow. */
export class Store {
  readonly #seeded: Data;
  #accounts: Account[] = [];
  #transactions: Transaction[] = [];

  constructor(seeded: Data) {
    this.#seeded = seeded;
    this.reset();
  }

  /** All accounts, ascending by id. */
  get accounts(): readonly Account[] {
    return this.#accounts;
  }

  /** All transactions, ascending by id. */
  get transactions(): readonly Transaction[] {
    return this.#transactions;
  }

  /** Forgets everything that was added. */
  reset(): void {
    this.#accounts = [...this.#seeded.accounts];
    this.#transactions = [...this.#seeded.transactions];
  }

  /**
   * Books a transaction with the next id and moves its account. `now` is Vietnam time. Throws `InputError`.
   */
  addTransaction(input: unknown, now: string): Transaction {
    const reader = new Reader(input);
    const account = this.#accountOf(reader);
    const { amountIn, amountOut } = readAmounts(reader);
    const balance = account?.reportsBalance ? account.balance + amountIn - amountOut : 0;
    checkBalance(reader, balance, amountOut > 0 ? "amountOut" : "amountIn");
    const id = (this.#transactions.at(-1)?.id ?? 0) + 1;
    const draft = {
      content: reader.text("content"),
      code: reader.textOrNull("code"),
      subAccount: reader.has("subAccount") ? reader.textOrNull("subAccount") : "",
      reference: reader.text("referenceNumber", `SBX${id}`),
      occurredAt: reader.checkedText("occurredAt", isDateTime, DATE_TIME_RULE) ?? now,
    };
    reader.finish();
    if (account === undefined) throw new Error("an unknown account was accepted");
    const identity = {
      accountId: account.id,
      accountNumber: account.number,
      bankShortName: account.bank.shortName,
    };
    const row: Transaction = { id, ...identity, ...draft, amountIn, amountOut, balance };
    this.#transactions.push(row);
    this.#replace(moved(account, row));
    return row;
  }

  /** Links an account with the next id. `now` is Vietnam time. Throws `InputError`. */
  addAccount(input: unknown, now: string): Account {
    const reader = new Reader(input);
    const number = reader.text("accountNumber");
    if (number === "") reader.problem("accountNumber", "must not be empty");
    if (this.#accounts.some((each) => each.number === number))
      reader.problem("accountNumber", "exists already");
    const bank = bankNamed(reader.text("bank"));
    if (bank === undefined)
      reader.problem("bank", `must be one of ${BANKS.map((each) => each.shortName).join(", ")}`);
    const reportsBalance = reader.boolean("reportsBalance", true);
    const balance = reader.integer("balance", 0, Number.MAX_SAFE_INTEGER, 0);
    if (!reportsBalance && balance !== 0) reader.problem("balance", "must be 0 when reportsBalance is false");
    const draft = {
      holder: reader.text("holder"),
      label: reader.text("label", ""),
      active: reader.boolean("active", true),
      lastTransactionAt: reader.checkedText("lastTransactionAt", isDateTime, DATE_TIME_RULE),
      createdAt: reader.checkedText("createdAt", isDateTime, DATE_TIME_RULE) ?? now,
    };
    reader.finish();
    if (bank === undefined) throw new Error("an unknown bank was accepted");
    const id = (this.#accounts.at(-1)?.id ?? 0) + 1;
    const account: Account = { id, number, bank, reportsBalance, balance, ...draft };
    this.#accounts.push(account);
    return account;
  }

  #accountOf(reader: Reader): Account | undefined {
    const number = reader.text("accountNumber");
    const account = this.#accounts.find((each) => each.number === number);
    if (account === undefined) reader.problem("accountNumber", "must be the number of an account");
    return account;
  }

  #replace(account: Account): void {
    this.#accounts = this.#accounts.map((each) => (each.id === account.id ? account : each));
  }
}

/** The account after a row; a late-booked row does not move the time of the last transaction back. */
function moved(account: Account, row: Transaction): Account {
  const last = account.lastTransactionAt ?? "";
  return {
    ...account,
    balance: row.balance,
    lastTransactionAt: row.occurredAt > last ? row.occurredAt : last,
  };
}

function readAmounts(reader: Reader): { amountIn: number; amountOut: number } {
  if (reader.has("amountIn") === reader.has("amountOut")) {
    reader.problem("amountIn", "or amountOut must be given, and not both");
  }
  const amountIn = reader.integer("amountIn", 0, Number.MAX_SAFE_INTEGER, 0);
  const amountOut = reader.integer("amountOut", 0, Number.MAX_SAFE_INTEGER, 0);
  return { amountIn, amountOut };
}

/** SePay documents no negative balance, and money above 2^53 would lose digits here. */
function checkBalance(reader: Reader, balance: number, name: string): void {
  if (balance < 0) reader.problem(name, "is more than the balance of the account");
  if (balance > Number.MAX_SAFE_INTEGER) reader.problem(name, "makes a balance above 2^53 - 1");
}
