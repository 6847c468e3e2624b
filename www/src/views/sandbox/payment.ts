/**
 * A payment that the sandbox is to take: what is proposed, what is typed, what is sent, and what the sandbox says of it. Pure.
 */
import type { Address } from "../../address.ts";
import { activeFirst } from "../../model.ts";
import type { Account } from "../../model.ts";
import { readTypedAmount } from "../../typed-amount.ts";

/** A payment as the form has it. */
export interface Draft {
  accountNumber: string;
  direction: "in" | "out";
  /** Whole VND as typed. */
  amount: string;
  content: string;
  /** Empty: none. */
  code: string;
}

/** What the sandbox takes. Amounts are whole VND. */
export interface Payment {
  accountNumber: string;
  amountIn?: number;
  amountOut?: number;
  content: string;
  code: string | null;
}

/** The accounts that can be paid into: those whose number this key may see, active ones first. */
export function payable(accounts: readonly Account[]): (Account & { accountNumber: string })[] {
  const seen = accounts.filter((account): account is Account & { accountNumber: string } => account.accountNumber !== null);
  return seen.sort(activeFirst);
}

/** Proposes a payment: the one that the paid view waits for, or an order's. `random` gives numbers from 0 to below 1. */
export function proposal({ view, params }: Address, accounts: readonly Account[], random: () => number): Draft {
  const wanted = view === "paid" ? params : {};
  const choices = payable(accounts);
  const account = choices.find(({ id }) => id === wanted["account"]) ?? choices[0];
  const code = wanted["code"] || `DH${String(Math.floor(random() * 1e6)).padStart(6, "0")}`;
  return {
    accountNumber: account?.accountNumber ?? "",
    direction: "in",
    amount: wanted["amount"] || String(plausibleVnd(random())),
    content: `${code} thanh toan don hang`,
    code,
  };
}

/** Reads what was typed; null when the account or the amount is missing, or the amount is not clear. */
export function paymentOf({ accountNumber, direction, amount, content, code }: Draft): Payment | null {
  const typed = readTypedAmount(amount);
  const vnd = "unclear" in typed ? null : typed.amount;
  if (accountNumber.trim() === "" || vnd === null || vnd === 0) return null;
  const moved = direction === "in" ? { amountIn: vnd } : { amountOut: vnd };
  return { accountNumber: accountNumber.trim(), ...moved, content: content.trim(), code: code.trim() || null };
}

/** The id of the row that the sandbox made; null when it does not say. */
export function idOf(answer: unknown): string | null {
  const id: unknown = fieldOf(answer, "id");
  return typeof id === "string" || typeof id === "number" ? String(id) : null;
}

/** Why the sandbox, or the door before it, took no payment: its own words, or its status. */
export function refusalOf(status: number, answer: unknown): string {
  const words = [fieldOf(answer, "detail"), fieldOf(answer, "error")].find((said) => typeof said === "string");
  return typeof words === "string" ? words : `HTTP ${status}`;
}

/* From 20 000 to 2 000 000, small ones more often, in whole thousands. */
function plausibleVnd(share: number): number {
  return (20 + Math.floor(share ** 3 * 1981)) * 1000;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
