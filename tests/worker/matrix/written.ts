/** How answers must write what may be seen: rows in our model and in SePay's, with `null` for what is hidden. */
import type { Account, Transaction } from "../../sandbox/model.ts";
import { DEFAULT_SETTINGS } from "../../sandbox/settings.ts";
import { wireAccount, wireTransaction } from "../../sandbox/wire.ts";
import { accountJson, transactionJson } from "../expected.ts";
import type { Row } from "./oracle.ts";

/** SePay's names of our fields, from the sandbox's `wire.ts`. */
export const SEPAYS: Readonly<Record<string, readonly string[]>> = {
  accountId: ["bank_account_id"],
  accountNumber: ["account_number"],
  amountIn: ["amount_in"],
  amountOut: ["amount_out"],
  balance: ["accumulated"],
  bank: ["bank_short_name", "bank_brand_name"],
  bankBin: ["bank_bin"],
  bankCode: ["bank_code"],
  bankName: ["bank_full_name"],
  code: ["code"],
  content: ["transaction_content"],
  createdAt: ["created_at"],
  holder: ["account_holder_name"],
  label: ["label"],
  lastTransactionAt: ["last_transaction", "last_transaction_date"],
  reference: ["reference_number"],
  subAccount: ["sub_account"],
};

/** A row as an answer of this form must write it. */
export function written(row: Row, form: "json" | "dropIn", hide: readonly string[]): object {
  const hidden = form === "json" ? hide : hide.flatMap((field) => SEPAYS[field] ?? []);
  const members = Object.entries(form === "json" ? ours(row) : sepays(row));
  return Object.fromEntries(members.map(([name, value]) => [name, hidden.includes(name) ? null : value]));
}

function ours(row: Row): object {
  return isTransaction(row) ? transactionJson(row) : accountJson(row);
}

function sepays(row: Row): object {
  return isTransaction(row) ? wireTransaction(row, DEFAULT_SETTINGS) : wireAccount(row, DEFAULT_SETTINGS);
}

function isTransaction(row: Account | Transaction): row is Transaction {
  return "amountIn" in row;
}
