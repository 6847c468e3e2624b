/**
 * "Is it paid?": watches for the money of one order. The order stands in the address, so that a link begins the watch.
 */
import { useEffect, useMemo } from "preact/hooks";
import { address, goTo } from "../../address.ts";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { Empty, Freshness, Skeleton } from "../../parts/note.tsx";
import { useStore } from "../../state/store.ts";
import { CODE_ID } from "./fields.tsx";
import { OrderForm, focusCode } from "./form.tsx";
import { followScanner } from "./hand-scanner.ts";
import { isWatchable, paramsOf, wantedOf } from "./order.ts";
import type { Wanted } from "./order.ts";
import { OrderWatch } from "./order-watch.tsx";
import { dictionary } from "./words.ts";

/** The view. */
export function PaidView() {
  const store = useStore();
  const w = inWords(dictionary);
  const { params } = address.value;
  const wanted = useMemo(() => wantedOf(params), [params]);
  const accounts = store.accounts.shown.value?.value.rows ?? null;
  // After the frame has put the focus on the view's beginning: a hand scanner types wherever the focus is.
  useEffect(() => {
    const frame = requestAnimationFrame(focusCode);
    return () => cancelAnimationFrame(frame);
  }, []);
  useEffect(() => followScanner(CODE_ID), []);
  const watch = (next: Wanted) => goTo("paid", paramsOf(next));
  const isWatching = isWatchable(wanted);
  return (
    <div class="view paid">
      <div class="view-head">
        <h1>{w.title}</h1>
        {isWatching && <Freshness asOfMs={store.live.asOfMs.value} />}
      </div>
      <OrderForm wanted={wanted} accounts={accounts} onWatch={watch} />
      {isWatching && <OrderOf wanted={wanted} accounts={accounts} />}
      {!isWatching && (
        <Empty title={w.nothing}>
          <p>{w.explain}</p>
        </Empty>
      )}
    </div>
  );
}

/* The number of the account narrows the search; until the accounts are known, and what the key may do, it is not begun. */
function OrderOf({ wanted, accounts }: { wanted: Wanted; accounts: Account[] | null }) {
  const store = useStore();
  const isComing = accounts === null && store.accounts.trouble.value === null && store.may("accounts:read");
  if (!store.isReady.value || (isComing && wanted.account !== "")) return <Skeleton kind="chart" count={1} />;
  const account = accounts?.find(({ id }) => id === wanted.account) ?? null;
  return <OrderWatch key={`${wanted.code} ${wanted.account}`} wanted={wanted} account={account} />;
}
