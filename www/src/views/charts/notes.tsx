/**
 * What the charts do not show, and why.
 */
import { count } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { longDay } from "./axis.ts";
import type { Page } from "./book.ts";
import { MOST_ROWS } from "./span.ts";
import { dictionary } from "./words.ts";

/** The notes of a page, if there are any. */
export function Notes({ page }: { page: Page }) {
  const notes = notesOf(page);
  if (notes.length === 0) return null;
  return (
    <ul class="note chart-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function notesOf({ daily, span, cut, isElsewhere }: Page): string[] {
  const w = inWords(dictionary);
  const { flows, balances, silentBanks, isMovedOnly } = daily;
  const hasBalances = typeof balances !== "string";
  return [
    isElsewhere && w.elsewhere(longDay(span.last)),
    cut !== null && w.cut[cut](count(MOST_ROWS), longDay(span.first)),
    typeof flows === "string" && w.noFlows[flows],
    typeof balances === "string" && w.noBalances[balances],
    hasBalances && silentBanks.length > 0 && w.silent(silentBanks.join(", ")),
    hasBalances && isMovedOnly && w.movedOnly,
  ].filter((note) => note !== false);
}
