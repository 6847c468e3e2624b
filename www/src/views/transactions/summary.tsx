/**
 * What the list comes to, how far it reaches, and the file of it.
 */
import { useState } from "preact/hooks";
import { MINUS, NONE, count, dateTime, directionWord, signed } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { MOST_ROWS } from "../../limits.ts";
import type { Transaction } from "../../model.ts";
import { Icon } from "../../parts/icon.tsx";
import { csvOf, fileName } from "./csv.ts";
import { daysOf } from "./filters.ts";
import type { Filters } from "./filters.ts";
import type { Coverage } from "./list.ts";
import { totalsOf } from "./totals.ts";
import { dictionary } from "./words.ts";

/** What is shown. */
export interface Shown {
  rows: Transaction[];
  coverage: Coverage;
  filters: Filters;
  today: string;
  isLoading: boolean;
}

/** The number of rows, what came in and went out, and the button for the file. */
export function Summary(shown: Shown) {
  const w = inWords(dictionary);
  const totals = totalsOf(shown.rows);
  // Before an answer nothing is known, not even that there is nothing.
  const isKnown = shown.coverage.isAnswered || shown.rows.length > 0;
  return (
    <div class="summary">
      <p id="transaction-count" class="summary-count" role="status" tabIndex={-1}>
        {isKnown && w.rows(count(totals.count))}
      </p>
      <dl class="summary-sums">
        <div class="is-in">
          <dt>{w.sumIn}</dt>
          <dd class="money">{isKnown ? signed("+", totals.in) : NONE}</dd>
        </div>
        <div class="is-out">
          <dt>{w.sumOut}</dt>
          <dd class="money">{isKnown ? signed(MINUS, totals.out) : NONE}</dd>
        </div>
      </dl>
      {isKnown && <Export {...shown} />}
    </div>
  );
}

function Export({ rows, coverage: { isComplete }, filters, today }: Shown) {
  const w = inWords(dictionary);
  const [isSaved, setSaved] = useState(false);
  const save = () => {
    if (rows.length === 0) return;
    const directions = { in: directionWord("in"), out: directionWord("out"), unknown: directionWord("unknown") };
    const { stem, incomplete, columns } = w.csv;
    download(csvOf(rows, { columns, directions }), fileName({ stem, incomplete, isComplete, rows, ...daysOf(filters, today) }));
    setSaved(true);
  };
  return (
    <div class="summary-export">
      <span id="export-extent" class={isComplete ? "soft" : "badge is-cut"}>
        {isComplete ? w.exported(count(rows.length)) : `${w.exported(count(rows.length))}, ${w.exportIncomplete}`}
      </span>
      <button type="button" class="button" aria-describedby="export-extent" aria-disabled={rows.length === 0} onClick={save}>
        <Icon name="download" />
        {w.exportCsv}
      </button>
      <p class="summary-hint soft" role="status">
        {isSaved && w.excel}
      </p>
    </div>
  );
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has the file's beginning by then; its address is of no use to anybody else.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Says how far the list reaches: where it may lack rows, and what to do about it. */
export function Reach({ coverage, isLoading, onMore }: { coverage: Coverage; isLoading: boolean; onMore: () => void }) {
  const w = inWords(dictionary);
  const { isComplete, isBehind, isBlind, isAnswered, canLoadMore, loaded, since, isSearched } = coverage;
  const most = count(MOST_ROWS);
  if (isBlind) return <p class="reach note">{w.accountHidden}</p>;
  if (isBehind) return <p class="reach note">{w.behind}</p>;
  if (isComplete) return <p class="reach soft">{w.complete}</p>;
  if (!isAnswered && (isLoading || loaded === 0)) return <p class="reach soft">{isLoading && w.loading}</p>;
  return (
    <div class="reach note">
      <p>
        {w.cut(count(loaded), since === null ? "" : dateTime(since))} {isSearched && w.searchedOnly} {isAnswered && !canLoadMore && w.most(most)}
      </p>
      {canLoadMore && (
        <button type="button" class="button" aria-disabled={isLoading} onClick={onMore}>
          {isLoading ? w.loadingMore(most) : w.loadMore(most)}
        </button>
      )}
    </div>
  );
}
