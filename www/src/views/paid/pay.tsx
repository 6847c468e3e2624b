/**
 * How an order is paid: a VietQR code for the account, and what it says, each to be copied.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { VietQrParams } from "../../api.ts";
import { money } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { lazy } from "../../parts/lazy.tsx";
import { ProblemNote, Skeleton } from "../../parts/note.tsx";
import { useStore } from "../../state/store.ts";
import { words } from "../../words.ts";
import { isSettled } from "./judge.ts";
import type { Verdict } from "./judge.ts";
import { memoOf } from "./order.ts";
import type { Wanted } from "./order.ts";
import type { Standing } from "./standing.ts";
import { dictionary } from "./words.ts";

const QrCode = lazy(async () => (await import("./qr.tsx")).QrCode);

interface PayProps {
  wanted: Wanted;
  account: Account | null;
  standing: Standing;
  verdict: Verdict;
}

/** The panel: a code, or why there is none. */
export function Pay(props: PayProps) {
  const w = inWords(dictionary);
  const panel = useKeptFocus();
  return (
    <section class="panel pay" aria-labelledby="pay-title" ref={panel}>
      <h2 id="pay-title" tabIndex={-1}>
        {w.qr}
      </h2>
      <PayBody {...props} />
    </section>
  );
}

/* What has the focus may go away, be it a button that did its work or the code: whoever uses the keyboard stays in the panel. */
function useKeptFocus() {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const kept = panel.current;
    if (kept === null) return;
    let isInside = false;
    const look = (event: FocusEvent) => {
      isInside = event.target instanceof Node && kept.contains(event.target);
    };
    const gone = new MutationObserver(() => {
      if (isInside && document.activeElement === document.body) kept.querySelector("h2")?.focus();
    });
    document.addEventListener("focusin", look);
    // Whoever clicks beside everything has left it.
    const leave = () => (isInside = false);
    document.addEventListener("pointerdown", leave);
    gone.observe(kept, { childList: true, subtree: true });
    return () => {
      gone.disconnect();
      document.removeEventListener("focusin", look);
      document.removeEventListener("pointerdown", leave);
    };
  }, []);
  return panel;
}

function PayBody({ wanted, account, standing, verdict }: PayProps) {
  const store = useStore();
  const w = inWords(dictionary);
  const [shownFor, setShownFor] = useState<Hindrance | null>(null);
  if (!store.may("accounts:read")) return <p class="note">{w.noAccounts}</p>;
  if (wanted.account === "") return <p class="soft">{w.chooseAccount}</p>;
  if (account === null) return <Missing />;
  const { bank, accountNumber } = account;
  if (bank === null || accountNumber === null) return <p class="note">{w.hiddenAccount}</p>;
  const { content, needsMark } = memoOf(wanted.code, account);
  if (content === null) return <p class="note">{w.tooLong}</p>;
  if (standing === "searching") return <Skeleton kind="chart" count={1} />;
  const hindrance = hindranceOf(standing, verdict, account);
  if (hindrance !== null && hindrance !== shownFor) return <PutAway text={w[hindrance]} onShow={() => setShownFor(hindrance)} />;
  const isRest = verdict.state === "part";
  const amount = (isRest ? verdict.missing : wanted.amount) ?? undefined;
  // The six digits, where they may be seen: they need no list of names.
  const asked = { bank: account.bankBin ?? bank, account: accountNumber, amount, content };
  return (
    <>
      <p class="soft">
        {w.qrFor} {isRest && w.qrForRest}
      </p>
      {hindrance !== null && <p class="note">{w[hindrance]}</p>}
      {account.active === false && hindrance !== "stopped" && <p class="note">{w.stopped}</p>}
      <Drawn asked={asked} />
      {needsMark && <p class="note">{w.mark}</p>}
      <Facts asked={asked} bank={bank} holder={account.holder} />
    </>
  );
}

/* Why a code might make somebody pay twice, or where nobody sees it. A person may want it all the same, for this reason and not for another. */
type Hindrance = "done" | "unsearched" | "blind" | "stopped";

function hindranceOf(standing: Standing, { state }: Verdict, { active }: Account): Hindrance | null {
  if (isSettled(state)) return "done";
  if (standing === "unknown") return "unsearched";
  if (standing === "unseen") return "blind";
  return active === false ? "stopped" : null;
}

/* The accounts could not be asked for, or do not hold this one. */
function Missing() {
  const { accounts } = useStore();
  const trouble = accounts.trouble.value;
  if (trouble !== null) return <ProblemNote trouble={trouble} onRetry={() => accounts.load()} />;
  return <p class="note">{inWords(dictionary).strangeAccount}</p>;
}

function PutAway({ text, onShow }: { text: string; onShow: () => void }) {
  const w = inWords(dictionary);
  return (
    <>
      <p class="soft">{text}</p>
      <button type="button" class="button" onClick={onShow}>
        {w.showAnyway}
      </button>
    </>
  );
}

function Drawn({ asked }: { asked: VietQrParams }) {
  const store = useStore();
  const source = useMemo(
    () => store.source((asking) => store.api.vietQr(asked, asking)),
    [store, asked.bank, asked.account, asked.amount, asked.content],
  );
  useEffect(() => {
    void source.load();
    return () => source.clear();
  }, [source]);
  const payload = source.shown.value?.value;
  const trouble = source.trouble.value;
  if (payload !== undefined) return <QrCode payload={payload} content={asked.content ?? ""} />;
  return trouble ? <ProblemNote trouble={trouble} onRetry={() => source.load()} /> : <Skeleton kind="chart" count={1} />;
}

function Facts({ asked, bank, holder }: { asked: VietQrParams; bank: string; holder: string | null }) {
  const w = inWords(dictionary);
  const { field } = words();
  const { account, amount, content = "" } = asked;
  return (
    <dl class="pay-facts">
      <Fact name={field.bank} text={bank} />
      {holder !== null && <Fact name={field.holder} text={holder} />}
      <Fact name={w.numberLabel} what={w.number} text={account} />
      {amount === undefined ? (
        <div>
          <dt class="soft">{field.amount}</dt>
          <dd>{w.byPayer}</dd>
        </div>
      ) : (
        <Fact name={field.amount} shown={money(amount)} text={String(amount)} />
      )}
      <Fact name={field.content} text={content} />
    </dl>
  );
}

interface FactProps {
  name: string;
  /** What is copied, and shown unless `shown` is given. */
  text: string;
  shown?: string;
  what?: string;
}

function Fact({ name, text, shown = text, what = name.toLowerCase() }: FactProps) {
  return (
    <div>
      <dt class="soft">{name}</dt>
      <dd class="number">
        {shown}
        <CopyButton text={text} what={what} />
      </dd>
    </div>
  );
}
