/**
 * What moved and what was left, day by day, as charts and as a table. Fetched when it is first shown: uPlot comes with it.
 */
import { useEffect, useMemo } from "preact/hooks";
import { count, covered } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { MOST_ROWS } from "../../limits.ts";
import type { Account } from "../../model.ts";
import { Empty, Freshness, ProblemNote, Skeleton } from "../../parts/note.tsx";
import { useStore } from "../../state/store.ts";
import { Book } from "./book.ts";
import type { Page } from "./book.ts";
import { DayCharts } from "./day-charts.tsx";
import { DayTable } from "./day-table.tsx";
import { Notes } from "./notes.tsx";
import { RANGES } from "./span.ts";
import { dictionary } from "./words.ts";

/** The section: which account and how many days, charts, notes, and the table. */
export function MoneyCharts() {
  const store = useStore();
  const w = inWords(dictionary);
  const book = useMemo(() => new Book(store), [store]);
  useEffect(() => {
    book.open();
    return () => book.close();
  }, [book]);
  return (
    <section class="section" aria-labelledby="charts-title" id="charts">
      <div class="section-head">
        <h2 id="charts-title">{w.title}</h2>
        <Choices book={book} />
      </div>
      <Figure book={book} />
    </section>
  );
}

function Choices({ book }: { book: Book }) {
  const w = inWords(dictionary);
  const accounts = book.accounts.value;
  return (
    <div class="chart-choices push">
      {accounts.length > 1 && (
        <select
          aria-label={w.account}
          value={book.accountId.value ?? ""}
          onChange={(event) => (book.accountId.value = event.currentTarget.value || null)}
        >
          <option value="">{w.everyAccount}</option>
          {accounts.map((account) => (
            <option key={account.id} value={account.id}>
              {nameOf(account)}
            </option>
          ))}
        </select>
      )}
      <div class="chips" role="group" aria-label={w.range}>
        {RANGES.map((range) => (
          <button
            key={range}
            type="button"
            class="chip"
            aria-pressed={book.range.value === range}
            onClick={() => (book.range.value = range)}
          >
            {w.days(range)}
          </button>
        ))}
      </div>
    </div>
  );
}

function nameOf({ id, bank, accountNumber, label }: Account): string {
  const number = accountNumber === null ? null : covered(accountNumber);
  return [bank, number].filter(Boolean).join(" ") + (label === null ? "" : ` · ${label}`) || id;
}

function Figure({ book }: { book: Book }) {
  const w = inWords(dictionary);
  const page = book.page.value;
  const trouble = book.source.trouble.value;
  if (page === null) {
    return trouble ? <ProblemNote trouble={trouble} onRetry={() => book.source.load()} /> : <Skeleton kind="chart" count={1} />;
  }
  if (page.isEmpty) {
    return (
      <Empty title={w.none}>
        <p>{w.noneHint}</p>
      </Empty>
    );
  }
  return page.daily.days.length === 0 ? <p class="note">{w.noWholeDay(count(MOST_ROWS))}</p> : <Drawn page={page} />;
}

function Drawn({ page }: { page: Page }) {
  return (
    <div class="panel chart-panel">
      <DayCharts daily={page.daily} />
      <Freshness asOfMs={page.staleAsOfMs} />
      <Notes page={page} />
      <DayTable daily={page.daily} />
    </div>
  );
}
