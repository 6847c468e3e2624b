/**
 * The accounts that the list can be narrowed to. The page's address names them by SePay's id; SePay's filter takes the number.
 */
import type { Account, Transaction } from "../../model.ts";
import type { Store } from "../../state/store.ts";

/** An account to choose. */
export interface Choice {
  id: string;
  /** null: this key does not see it. */
  number: string | null;
  bank: string | null;
  label: string | null;
}

/** The number of an account; null: this key does not see it, undefined: it may become known. */
export function numberOf(id: string, store: Store): string | null | undefined {
  if (isWaiting(store)) return undefined;
  return choicesOf(store, store.live.rows.value).find((choice) => choice.id === id)?.number ?? null;
}

/** The accounts as far as they are known; a key that may not list them learns of them from its rows. */
export function choicesOf({ accounts }: Store, rows: readonly Transaction[]): Choice[] {
  const shown = accounts.shown.value;
  return shown ? shown.value.rows.map(choiceOf) : choicesIn(rows);
}

/** The accounts that rows belong to, each once. Pure. */
export function choicesIn(rows: readonly Transaction[]): Choice[] {
  const found = new Map<string, Choice>();
  for (const { accountId, accountNumber, bank } of rows) {
    if (accountId !== null) found.set(accountId, { id: accountId, number: accountNumber, bank, label: null });
  }
  return [...found.values()];
}

function choiceOf({ id, accountNumber, bank, label }: Account): Choice {
  return { id, number: accountNumber, bank, label };
}

function isWaiting(store: Store): boolean {
  const { shown, trouble } = store.accounts;
  return shown.value === null && trouble.value === null && store.may("accounts:read");
}
