/**
 * What the charts do not show, and why.
 */
import { count } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { MOST_ROWS } from "../../limits.ts";
import { longDay } from "./axis.ts";
import type { Page } from "./book.ts";
import { cutAt } from "./giants.ts";
import { dictionary } from "./words.ts";

/** The notes of a page: what is missing stands out, what is merely left out does not. */
export function Notes({ page }: { page: Page }) {
  return (
    <>
      {missing(page).map((text) => (
        <p key={text} class="note chart-note">
          {text}
        </p>
      ))}
      {leftOut(page).map((text) => (
        <p key={text} class="soft chart-note">
          {text}
        </p>
      ))}
    </>
  );
}

function missing({ daily: { flows, balances }, span, cut, isElsewhere }: Page): string[] {
  const w = inWords(dictionary);
  return [
    isElsewhere && w.elsewhere(longDay(span.last)),
    cut !== null && w.cut[cut](count(MOST_ROWS), longDay(span.first)),
    typeof flows === "string" && w.noFlows[flows],
    typeof balances === "string" && w.noBalances[balances],
  ].filter((text) => text !== false);
}

function leftOut({ daily: { flows, balances, silentBanks, isMovedOnly } }: Page): string[] {
  const w = inWords(dictionary);
  const hasBalances = typeof balances !== "string";
  return [
    typeof flows !== "string" && cutAt(flows) !== null && w.giants,
    hasBalances && silentBanks.length > 0 && w.silent(silentBanks.join(", ")),
    hasBalances && isMovedOnly && w.movedOnly,
  ].filter((text) => text !== false);
}
