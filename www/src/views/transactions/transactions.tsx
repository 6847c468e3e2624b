/**
 * The view of all transactions: filters, sums, a table as long as SePay's answer, details, and a file of what is shown.
 */
import { computed } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { address, narrowTo } from "../../address.ts";
import { inWords } from "../../i18n.ts";
import type { Transaction } from "../../model.ts";
import { Icon } from "../../parts/icon.tsx";
import { Empty, Freshness, ProblemNote, Skeleton } from "../../parts/note.tsx";
import { useStore } from "../../state/store.ts";
import { choicesOf } from "./account-number.ts";
import type { Choice } from "./account-number.ts";
import { Details } from "./details.tsx";
import { FilterForm, clear, countOf, focusCount } from "./filter-form.tsx";
import type { Change } from "./filter-form.tsx";
import { filterText } from "./filter-words.ts";
import { activeIn, readFilters, without, writeFilters } from "./filters.ts";
import type { FilterName, Filters } from "./filters.ts";
import { Grid } from "./grid.tsx";
import { TransactionList } from "./list.ts";
import { Reach, Summary } from "./summary.tsx";
import { dictionary } from "./words.ts";

/** The view. */
export function TransactionsView() {
  const store = useStore();
  const { filters, list } = useMemo(() => {
    const filters = followedFilters();
    return { filters, list: new TransactionList(store, filters) };
  }, [store]);
  useEffect(() => list.start(), [list]);
  const w = inWords(dictionary);
  const choices = choicesOf(store, store.live.rows.value);
  const change: Change = (patch) => narrowTo("transactions", writeFilters({ ...filters.peek(), ...patch }));
  return (
    <div class="view transactions">
      <div class="view-head">
        <h1>{w.title}</h1>
        <div class="push">
          <Freshness asOfMs={olderOf(store.live.asOfMs.value, list.agedMs.value)} />
        </div>
      </div>
      <FilterForm filters={filters.value} choices={choices} onChange={change} />
      <Active filters={filters.value} choices={choices} />
      <List list={list} filters={filters.value} />
    </div>
  );
}

/* What is shown is as old as the older of its parts; null: one that is not old, or is not there. */
function olderOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

/* The filters of the address. While the view is being left it is another view's. */
function followedFilters(): ReadonlySignal<Filters> {
  let last = readFilters({});
  return computed(() => {
    const { view, params } = address.value;
    if (view === "transactions") last = readFilters(params);
    return last;
  });
}

function Active({ filters, choices }: { filters: Filters; choices: Choice[] }) {
  const active = activeIn(filters);
  const w = inWords(dictionary);
  if (active.length === 0) return null;
  const remove = (name: FilterName) => {
    narrowTo("transactions", writeFilters(without(filters, name)));
    focusCount();
  };
  return (
    <ul class="chips active-filters" aria-label={w.active} role="list">
      {active.map((name) => (
        <li key={name}>
          <button type="button" class="chip" aria-label={w.remove(filterText(name, filters, choices))} onClick={() => remove(name)}>
            <span class="chip-text">{filterText(name, filters, choices)}</span>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function List({ list, filters }: { list: TransactionList; filters: Filters }) {
  const { live } = useStore();
  const [open, setOpen] = useState<Transaction | null>(null);
  const onEnd = useMemo(() => () => list.reachEnd(), [list]);
  const rows = list.rows.value;
  const coverage = list.coverage.value;
  const isLoading = list.isLoading.value;
  const trouble = list.trouble.value;
  // Without it, what is newest is not known, whatever the list has. Both have one cause.
  const named = trouble ?? live.trouble.value;
  return (
    <section class="section" aria-label={inWords(dictionary).title} aria-busy={isLoading}>
      {named && <ProblemNote trouble={named} onRetry={() => (trouble ? list.retry() : live.refresh())} next={countOf} />}
      <Summary {...{ rows, coverage, filters, isLoading }} today={list.today.value} />
      <Reach key={JSON.stringify(filters)} {...{ coverage, isLoading }} onMore={() => list.loadMore()} />
      <p id="grid-keys" class="visually-hidden">
        {inWords(dictionary).keys}
      </p>
      {rows.length > 0 && <Grid rows={rows} fresh={list.fresh.value} open={open} onOpen={setOpen} onEnd={onEnd} />}
      {rows.length === 0 && isLoading && <Skeleton kind="row" count={8} />}
      {rows.length === 0 && !isLoading && !trouble && !coverage.isBlind && <NoRows isFiltered={activeIn(filters).length > 0} />}
      {open && <Details row={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function NoRows({ isFiltered }: { isFiltered: boolean }) {
  const w = inWords(dictionary);
  if (!isFiltered) {
    return (
      <Empty title={w.none}>
        <p>{w.noneHint}</p>
      </Empty>
    );
  }
  return (
    <Empty title={w.noneFits}>
      <p>{w.noneFitsHint}</p>
      <button type="button" class="button" onClick={clear}>
        {w.clear}
      </button>
    </Empty>
  );
}
