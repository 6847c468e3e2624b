/**
 * The filters that hold, in words.
 */
import { plainDay } from "../../days.ts";
import { directionWord, money } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Choice } from "./account-number.ts";
import { amountsOf, daysOf } from "./filters.ts";
import type { FilterName, Filters } from "./filters.ts";
import { dictionary } from "./words.ts";

/** Names an account: "Cửa hàng · Vietcombank · 0071000888888". */
export function accountText({ id, label, bank, number }: Choice): string {
  return [label, bank, number].filter(Boolean).join(" · ") || id;
}

/** Says what one filter wants. */
export function filterText(name: FilterName, filters: Filters, choices: readonly Choice[]): string {
  const w = inWords(dictionary);
  switch (name) {
    case "text":
      return `“${filters.text}”`;
    case "account": {
      const choice = choices.find(({ id }) => id === filters.account);
      return choice ? accountText(choice) : w.accountId(filters.account ?? "");
    }
    case "direction":
      return filters.direction === null ? w.both : directionWord(filters.direction);
    case "dates":
      return daysText(filters);
    case "amounts":
      return amountText(filters);
    case "reference":
      return `${w.reference} ${filters.reference}`;
  }
}

function daysText(filters: Filters): string {
  const w = inWords(dictionary);
  if (filters.range !== null) return w.ranges[filters.range];
  const { from, to } = daysOf(filters, "");
  if (from !== null && from === to) return plainDay(from);
  return betweenText(from && plainDay(from), to && plainDay(to));
}

function amountText(filters: Filters): string {
  const { min, max } = amountsOf(filters);
  if (min !== null && min === max) return money(min);
  return betweenText(min === null ? null : money(min), max === null ? null : money(max));
}

function betweenText(first: string | null, last: string | null): string {
  const w = inWords(dictionary);
  if (first !== null && last !== null) return `${first} – ${last}`;
  return first !== null ? w.fromDay(first) : w.toDay(last ?? "");
}
