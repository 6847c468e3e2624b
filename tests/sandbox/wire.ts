/**
 * Rows to SePay's JSON. Field names and their order are those of the samples on SePay's pages: "Bank Account
 * API" for accounts and the envelope, "Transaction API" and "Quick Start" for transactions. Decides no
 * status.
 */
import type { Account, Transaction } from "./model.ts";
import type { Settings } from "./settings.ts";

/** A JSON value of a row. */
export type WireValue = string | number | null;

/** A row as SePay sends it. */
export type WireRow = Record<string, WireValue>;

type Style = Pick<Settings, "numbers" | "lastTransactionField">;

/** An account in the shape of the bank account page; numbers as strings, amounts with two decimals. */
export function wireAccount(account: Account, style: Style): WireRow {
  return {
    id: integer(account.id, style),
    account_holder_name: account.holder,
    account_number: account.number,
    accumulated: amount(account.balance, style),
    [style.lastTransactionField]: account.lastTransactionAt,
    label: account.label,
    active: integer(account.active ? 1 : 0, style),
    created_at: account.createdAt,
    bank_short_name: account.bank.shortName,
    bank_full_name: account.bank.fullName,
    bank_bin: account.bank.bin,
    bank_code: account.bank.code,
  };
}

/** A transaction in the shape of the transaction page. */
export function wireTransaction(row: Transaction, style: Style): WireRow {
  return {
    id: integer(row.id, style),
    bank_brand_name: row.bankShortName,
    account_number: row.accountNumber,
    transaction_date: row.occurredAt,
    amount_out: amount(row.amountOut, style),
    amount_in: amount(row.amountIn, style),
    accumulated: amount(row.balance, style),
    transaction_content: row.content,
    reference_number: row.reference,
    code: row.code,
    sub_account: row.subAccount,
    bank_account_id: integer(row.accountId, style),
  };
}

/** The envelope of a success, `messages.success` true, with its root key last. */
export function successBody(root: string, value: WireRow | readonly WireRow[] | number): string {
  return JSON.stringify({ status: 200, error: null, messages: { success: true }, [root]: value });
}

/** The body of a failure. No page shows one; this is the shape of CodeIgniter 4's API response trait. */
export function failureBody(status: number, message: string): string {
  return JSON.stringify({ status, error: status, messages: { error: message } });
}

function integer(value: number, style: Style): WireValue {
  return style.numbers === "number" ? value : String(value);
}

function amount(vnd: number, style: Style): WireValue {
  return style.numbers === "number" ? vnd : `${vnd}.00`;
}
