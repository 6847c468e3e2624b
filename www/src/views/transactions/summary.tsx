/**
 * What the list comes to, how far it reaches, and the file of it.
 */
import { useState } from "preact/hooks";
import { MINUS, NONE, count, dateTime, directionWord, signed } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { MOST_ROWS } from "../../limits.ts";
import type { Transaction } from "../../model.ts";
import { useFocusHandedOn } from "../../parts/handed-on.ts";
import { Icon } from "../../parts/icon.tsx";
import { csvOf, fileName } from "./csv.ts";
import { countOf } from "./filter-form.tsx";
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

interface ReachProps {
  coverage: Coverage;
  isLoading: boolean;
  onMore: () => void;
}

/** Says how far the list reaches: where it may lack rows, and what to do about it. Aloud only to whoever asked for more. */
export function Reach({ coverage, isLoading, onMore }: ReachProps) {
  const [isAsked, setAsked] = useState(false);
  const { text, isNote, hasButton } = reachOf(coverage, isLoading);
  const more = () => {
    if (isLoading) return;
    setAsked(true);
    onMore();
  };
  return (
    <div class={`reach ${isNote ? "note" : "soft"}`}>
      <p role={isAsked ? "status" : undefined}>{text}</p>
      {hasButton && <MoreButton isLoading={isLoading} onMore={more} />}
    </div>
  );
}

function MoreButton({ isLoading, onMore }: Omit<ReachProps, "coverage">) {
  const w = inWords(dictionary);
  const button = useFocusHandedOn<HTMLButtonElement>(countOf);
  const most = count(MOST_ROWS);
  return (
    <button ref={button} type="button" class="button" aria-disabled={isLoading} onClick={onMore}>
      {isLoading ? w.loadingMore(most) : w.loadMore(most)}
    </button>
  );
}

function reachOf(coverage: Coverage, isLoading: boolean): { text: string; isNote: boolean; hasButton: boolean } {
  const w = inWords(dictionary);
  const { isComplete, isBehind, isBlind, isAnswered, canLoadMore, loaded } = coverage;
  const only = (text: string, isNote: boolean) => ({ text, isNote, hasButton: false });
  if (isBlind) return only(w.accountHidden, true);
  if (isBehind) return only(w.behind, true);
  if (isComplete) return only(w.complete, false);
  if (!isAnswered && (isLoading || loaded === 0)) return only(isLoading ? w.loading : "", false);
  return { text: cutText(coverage), isNote: true, hasButton: canLoadMore };
}

function cutText({ loaded, since, isSearched, isAnswered, canLoadMore }: Coverage): string {
  const w = inWords(dictionary);
  const said = [w.cut(count(loaded), since === null ? "" : dateTime(since))];
  if (isSearched) said.push(w.searchedOnly);
  if (isAnswered && !canLoadMore) said.push(w.most(count(MOST_ROWS)));
  return said.join(" ");
}
