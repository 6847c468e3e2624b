/**
 * The first view: what a shop has, what moved, account by account.
 */
import { useComputed } from "@preact/signals";
import type { ComponentType } from "preact";
import { address, writeAddress } from "../../address.ts";
import { dayAt } from "../../days.ts";
import { MINUS, NONE, count, money, signed } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { FRESH_SECS } from "../../limits.ts";
import { activeFirst } from "../../model.ts";
import type { Account } from "../../model.ts";
import { lazy } from "../../parts/lazy.tsx";
import { Empty, Freshness, ProblemNote, Skeleton } from "../../parts/note.tsx";
import { nowMs } from "../../parts/now.ts";
import { asOf } from "../../state/source.ts";
import { ACCOUNTS_EVERY_MS, useStore } from "../../state/store.ts";
import { words } from "../../words.ts";
import { NewestRows } from "../transactions/newest.tsx";
import { AccountCard } from "./card.tsx";
import { dayTotals, filtersOf, fits, silentBanks, totalOf } from "./filter.ts";
import { AccountFilterForm } from "./filters.tsx";
import { dictionary } from "./words.ts";

const SHOWN_ROWS = 10;

const MoneyCharts: ComponentType = lazy(async () => (await import("../charts/charts.tsx")).MoneyCharts);

/** Accounts, what they add up to, charts, and the newest transactions. */
export function AccountsView() {
  const store = useStore();
  const w = inWords(dictionary);
  const reads = store.may("transactions:read");
  return (
    <div class="view">
      <div class="view-head">
        <h1>{w.title}</h1>
        <Freshness asOfMs={asOf(store.accounts)} oldAfterMs={2 * ACCOUNTS_EVERY_MS} />
        <RefreshButton />
      </div>
      <Accounts />
      {reads && <Newest />}
      {reads && <MoneyCharts />}
    </div>
  );
}

function RefreshButton() {
  const store = useStore();
  const isLoading = store.accounts.loading.value;
  const refresh = () => {
    if (isLoading) return;
    void store.accounts.load({ maxAgeSecs: FRESH_SECS });
    if (store.may("transactions:read")) void store.live.refresh();
  };
  return (
    <button type="button" class="button push" aria-disabled={isLoading} onClick={refresh}>
      {isLoading ? words().loading : words().refresh}
    </button>
  );
}

function Accounts() {
  const { accounts: source } = useStore();
  const w = inWords(dictionary);
  const shown = source.shown.value;
  const trouble = source.trouble.value;
  const retry = () => source.load();
  if (shown === null) {
    return trouble ? <ProblemNote trouble={trouble} onRetry={retry} /> : <AccountsToCome />;
  }
  const { rows, complete } = shown.value;
  const { params } = address.value;
  const filters = filtersOf(params);
  const isNarrowed = Object.keys(params).length > 0;
  const fitting = rows.filter((account) => fits(account, filters)).sort(activeFirst);
  return (
    <section class="section" aria-label={w.title}>
      {trouble && <ProblemNote trouble={trouble} onRetry={retry} />}
      <Figures accounts={fitting} />
      {(rows.length > 1 || isNarrowed) && <AccountFilterForm accounts={rows} />}
      {!complete && <p class="note">{w.cut(count(rows.length))}</p>}
      {fitting.length > 0 && <Cards accounts={fitting} />}
      {fitting.length === 0 && <Empty title={rows.length === 0 ? w.none : w.noneFits}>{rows.length === 0 && <p>{w.noneHint}</p>}</Empty>}
    </section>
  );
}

/* About as high as what comes, so that what stands below it stays where it is. */
function AccountsToCome() {
  return (
    <div class="section">
      <div class="figures" aria-hidden="true">
        <span class="bone figure-bone" />
        <span class="bone figure-bone" />
      </div>
      <span class="bone filter-bone" aria-hidden="true" />
      <Skeleton kind="card" count={6} />
    </div>
  );
}

function Cards({ accounts }: { accounts: readonly Account[] }) {
  return (
    <ul class="cards" id="account-cards">
      {accounts.map((account) => (
        <AccountCard key={account.id} account={account} />
      ))}
    </ul>
  );
}

function Figures({ accounts }: { accounts: readonly Account[] }) {
  const store = useStore();
  const w = inWords(dictionary);
  const silent = silentBanks(accounts);
  return (
    <div class="figures">
      <div class="figure panel">
        <p class="soft">
          {w.total} {w.totalOf(accounts.length)}
        </p>
        <p class="figure-value money" id="total">
          {money(totalOf(accounts))}
        </p>
        {silent.length > 0 && <p class="soft">{w.notReported(silent.join(", "))}</p>}
      </div>
      {store.may("transactions:read") && <Today />}
    </div>
  );
}

function Today() {
  const { live, recent } = useStore();
  const w = inWords(dictionary);
  const today = useComputed(() => dayAt(nowMs.value));
  const totals = useComputed(() => dayTotals(live.rows.value, today.value, live.isComplete.value)).value;
  // Before the first answer nothing is known, not even that nothing has moved.
  const known = recent.shown.value === null ? null : totals;
  const about = `${totals.isWhole ? "" : `${w.atLeast} `}${w.todayRows(totals.count)}`;
  return (
    <div class="figure panel" id="today">
      <p class="soft">
        {w.today} · {known ? about : words().loading}
      </p>
      <p class="figure-pair">
        <Moved name={words().field.amountIn} sign="+" way="in" sum={known?.in} />
        <Moved name={words().field.amountOut} sign={MINUS} way="out" sum={known?.out} />
      </p>
    </div>
  );
}

interface MovedProps {
  name: string;
  sign: "+" | typeof MINUS;
  way: "in" | "out";
  /** null: this key may not see it; undefined: not known yet. */
  sum: bigint | null | undefined;
}

/* Nothing has no colour, as it has no sign. */
function Moved({ name, sign, way, sum }: MovedProps) {
  return (
    <span>
      <span class="soft">{name}</span>
      <span class={`figure-value money ${sum ? `is-${way}` : ""}`}>{sum === undefined ? NONE : signed(sign, sum)}</span>
    </span>
  );
}

function Newest() {
  const { live, recent } = useStore();
  const w = inWords(dictionary);
  const rows = live.rows.value;
  const trouble = live.trouble.value;
  const isWaiting = rows.length === 0 && recent.shown.value === null && trouble === null;
  return (
    <section class="section" aria-labelledby="newest-title">
      <div class="section-head">
        <h2 id="newest-title">{w.newest}</h2>
        <Freshness asOfMs={live.asOfMs.value} />
        <a class="push" href={writeAddress({ view: "transactions", params: {} })}>
          {w.all}
        </a>
      </div>
      {trouble && <ProblemNote trouble={trouble} onRetry={() => live.refresh()} />}
      {isWaiting && <Skeleton kind="row" count={SHOWN_ROWS} />}
      {rows.length > 0 && <NewestRows rows={rows.slice(0, SHOWN_ROWS)} />}
      {rows.length === 0 && !isWaiting && !trouble && (
        <Empty title={w.noRows}>
          <p>{w.noRowsHint}</p>
        </Empty>
      )}
    </section>
  );
}
