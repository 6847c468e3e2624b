/**
 * The sandbox's bar: makes a payment arrive, and says how long it took to be on the page. Only `npm start` with its sandbox
 * shows it.
 */
import { useEffect, useMemo, useState } from "preact/hooks";
import { address } from "../../address.ts";
import { signedAmount } from "../../format.ts";
import { inWords, lang } from "../../i18n.ts";
import { useStore } from "../../state/store.ts";
import { Courier } from "./courier.ts";
import type { Delivery } from "./courier.ts";
import { PaymentForm } from "./form.tsx";
import { payable, paymentOf, proposal } from "./payment.ts";
import type { Draft, Payment } from "./payment.ts";
import { dictionary } from "./words.ts";

/** The bar. `path` is where the sandbox takes payments. */
export function SandboxBar({ path }: { path: string }) {
  const store = useStore();
  const w = inWords(dictionary);
  const courier = useMemo(() => new Courier(path, store), [path, store]);
  useEffect(() => () => courier.end(), [courier]);
  const accounts = store.accounts.shown.value?.value.rows ?? [];
  const [isOpen, setOpen] = useState(false);
  const proposed = () => proposal(address.peek(), accounts, Math.random);
  const state = courier.state.value;
  return (
    <aside class="sandbox-bar" aria-label={w.about}>
      <div class="sandbox-inner">
        <div class="sandbox-row">
          <span class="badge sandbox-badge">{w.badge}</span>
          <button
            type="button"
            class="button strong"
            aria-disabled={state.kind === "sending"}
            onClick={() => void courier.take(paymentOf(proposed()))}
          >
            {w.make}
          </button>
          <p class="sandbox-said" role="status" lang={lang.value}>
            {said(state, payable(accounts).length === 0)}
          </p>
          <button
            type="button"
            class="button quiet sandbox-more"
            aria-expanded={isOpen}
            aria-controls="sandbox-form"
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? w.less : w.more}
          </button>
        </div>
        <div id="sandbox-form" hidden={!isOpen}>
          {isOpen && <PaymentForm accounts={accounts} propose={proposed} onSend={(draft: Draft) => void courier.take(paymentOf(draft))} />}
        </div>
      </div>
    </aside>
  );
}

function said(state: Delivery, isWithoutAccounts: boolean): string {
  const w = inWords(dictionary);
  switch (state.kind) {
    case "none":
      return "";
    case "incomplete":
      return isWithoutAccounts ? w.noAccounts : w.incomplete;
    case "sending":
      return w.sending;
    case "arrived":
      return w.arrived(amountOf(state.payment), seconds(state.afterMs));
    case "failed":
      return state.why === null ? w.unreachable : w.refused(state.why);
    default:
      return w[state.kind](amountOf(state.payment));
  }
}

function amountOf({ amountIn = 0, amountOut = 0 }: Payment): string {
  return signedAmount({ direction: amountIn > 0 ? "in" : "out", amountIn, amountOut });
}

function seconds(ms: number): string {
  const locale = lang.value === "vi" ? "vi-VN" : "en-GB";
  return (ms / 1000).toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
