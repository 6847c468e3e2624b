/**
 * One order under watch: how it stands, what was found, and how it is paid.
 */
import { computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { count, dateTime } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { MOST_ROWS } from "../../limits.ts";
import type { Account, Transaction } from "../../model.ts";
import { useFocusHandedOn } from "../../parts/handed-on.ts";
import { ProblemNote } from "../../parts/note.tsx";
import { nowMs } from "../../parts/now.ts";
import { isOnline } from "../../parts/online.ts";
import { asOf } from "../../state/source.ts";
import { useStore } from "../../state/store.ts";
import type { Store } from "../../state/store.ts";
import { titlePrefix } from "../../title.ts";
import { useDecided } from "./decided.ts";
import { judge } from "./judge.ts";
import type { Order } from "./judge.ts";
import type { Wanted } from "./order.ts";
import { Pay } from "./pay.tsx";
import { Counted, Doubtful } from "./payments.tsx";
import { isBlind, isTooOld, reachOf, standingOf } from "./standing.ts";
import type { Standing } from "./standing.ts";
import { SIGNS, VerdictPanel } from "./verdict.tsx";
import { Watch } from "./watch.ts";
import { dictionary } from "./words.ts";

const SEARCHED_ID = "order-searched";

/** Watches an order as long as it is drawn. `account` is null where it is not known, or none is wanted. */
export function OrderWatch({ wanted, account }: { wanted: Wanted; account: Account | null }) {
  const store = useStore();
  const number = account?.accountNumber ?? null;
  const watch = useMemo(() => new Watch(store, number), [store, number]);
  useEffect(() => watch.start(), [watch]);
  const [accepted, accept] = useDecided(store, wanted.code);
  const rows = watch.rows.value;
  const order: Order = { ...wanted, account: wanted.account === "" ? null : { id: wanted.account, number } };
  const verdict = useMemo(() => judge(rows, order, accepted), [rows, order.code, order.amount, wanted.account, number, accepted]);
  const isOutdated = useMemo(() => computed(() => isOutdatedAt(watch, store)), [watch, store]).value;
  const search = { isWhole: watch.isWhole.value, hasFailed: watch.hasFailed.value, isOutdated, isBlind: isBlind(store.rights.value) };
  const standing = standingOf(verdict.state, search);
  useTitle(standing, wanted.code);
  const open = verdict.doubtful.filter(({ row }) => !accepted.has(row.id)).length;
  return (
    <div class="order">
      <VerdictPanel code={wanted.code} amount={wanted.amount} standing={standing} verdict={verdict} open={open} />
      <Pay wanted={wanted} account={account} standing={standing} verdict={verdict} />
      <div class="order-found">
        <Troubles watch={watch} />
        <Counted rows={verdict.counted} />
        <Doubtful doubtful={verdict.doubtful} accepted={accepted} onToggle={accept} />
        <Searched watch={watch} isOneAccount={number !== null} />
      </div>
    </div>
  );
}

function isOutdatedAt({ past }: Watch, { live }: Store): boolean {
  const ageMs = nowMs.value - Math.max(live.asOfMs.value ?? 0, asOf(past) ?? 0);
  return isTooOld(ageMs, isOnline.value && live.isFollowing.value);
}

function useTitle(standing: Standing, code: string): void {
  const word = inWords(dictionary).state[standing];
  useEffect(() => {
    titlePrefix.value = `${SIGNS[standing]} ${word}: ${code}`;
  }, [standing, word, code]);
  useEffect(() => () => void (titlePrefix.value = ""), []);
}

function Troubles({ watch }: { watch: Watch }) {
  const { live } = useStore();
  const past = watch.past.trouble.value;
  if (past !== null) return <ProblemNote trouble={past} onRetry={() => watch.reach()} next={searchedBelow} />;
  const trouble = live.trouble.value;
  return trouble && <ProblemNote trouble={trouble} onRetry={() => live.refresh()} next={searchedBelow} />;
}

/* How far back the search went: an order paid before that would not be found. */
function Searched({ watch, isOneAccount }: { watch: Watch; isOneAccount: boolean }) {
  const w = inWords(dictionary);
  const { live, rights } = useStore();
  const past = watch.past.shown.value?.value ?? null;
  const rows = past?.rows ?? live.rows.value;
  if (rows.length === 0 && past === null) return null;
  const isAll = past?.complete ?? live.isComplete.value;
  const reach = reachOf(isAll, isOneAccount && past !== null, rights.value);
  return (
    <div class="order-searched">
      {rows.length > 0 && rows.every(({ content }) => content === null) && !isBlind(rights.value) && <p class="note">{w.noContent}</p>}
      <p class="soft" id={SEARCHED_ID} tabIndex={-1}>
        {w.searched[reach](count(rows.length), oldest(rows.at(-1)))}
      </p>
      {past !== null && !isAll && past.limit < MOST_ROWS && <FurtherButton watch={watch} />}
    </div>
  );
}

function FurtherButton({ watch }: { watch: Watch }) {
  const w = inWords(dictionary);
  const button = useFocusHandedOn<HTMLButtonElement>(searchedBelow);
  const isLoading = watch.past.loading.value;
  return (
    <button ref={button} type="button" class="button" aria-disabled={isLoading} onClick={() => !isLoading && void watch.reach(MOST_ROWS)}>
      {isLoading ? w.state.searching : w.further}
    </button>
  );
}

function searchedBelow(): HTMLElement | null {
  return document.getElementById(SEARCHED_ID);
}

function oldest(row: Transaction | undefined): string {
  return dateTime(row?.occurredAt ?? "");
}
