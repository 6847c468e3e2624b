/**
 * Whom a VietQR code pays. Pure.
 */
import type { Account, Transaction } from "../../model.ts";
import { fieldsOf } from "./order.ts";

/**
 * Whether a scanned text is a VietQR code that pays none of these accounts, nor a virtual one of theirs that payments came in
 * by. False where that cannot be told: the text is no such code, or account numbers are not known.
 */
export function paysOthers(text: string, accounts: readonly Account[] | null, rows: readonly Transaction[]): boolean {
  const payee = payeeOf(text.trim());
  if (payee === null || accounts === null || accounts.length === 0) return false;
  if (accounts.some(({ accountNumber }) => accountNumber === null)) return false;
  const isKnown = accounts.some((account) => isSame(account, payee)) || rows.some(({ subAccount }) => subAccount === payee.account);
  return !isKnown;
}

interface Payee {
  bin: string | undefined;
  account: string;
}

/* NAPAS: in the merchant's information of 38, 01 holds whom to pay: the bank's six digits and the account. */
function payeeOf(payload: string): Payee | null {
  if (!payload.startsWith("000201")) return null;
  const merchant = fieldsOf(fieldsOf(payload)?.get("38") ?? "");
  const payee = fieldsOf(merchant?.get("01") ?? "");
  const account = payee?.get("01");
  return account === undefined ? null : { bin: payee?.get("00"), account };
}

/* Two banks may use one number. */
function isSame({ accountNumber, bankBin }: Account, { bin, account }: Payee): boolean {
  return accountNumber === account && (bankBin === null || bin === undefined || bankBin === bin);
}
