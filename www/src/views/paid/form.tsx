/**
 * The order: code, amount, account. A hand scanner types the code and presses Enter.
 */
import { useEffect, useState } from "preact/hooks";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { Icon } from "../../parts/icon.tsx";
import { lazy } from "../../parts/lazy.tsx";
import { AccountField, AmountField, CODE_ID, CodeField } from "./fields.tsx";
import { MAX_CODE_CHARS, cleanCode, readScan } from "./order.ts";
import type { Scan, Wanted } from "./order.ts";
import { dictionary } from "./words.ts";

const CameraDialog = lazy(async () => (await import("./camera.tsx")).CameraDialog);

/** Puts the focus on the code, unless a person is in the form already. Not on a phone, whose keyboard would cover the page. */
export function focusCode(): void {
  const isInForm = document.activeElement?.closest("form") != null;
  if (!isInForm && matchMedia("(pointer: fine)").matches) document.getElementById(CODE_ID)?.focus();
}

interface FormProps {
  wanted: Wanted;
  /** null: not known. */
  accounts: readonly Account[] | null;
  onWatch(wanted: Wanted): void;
}

/** The form. It shows what is watched, and says what a person wants to have watched. */
export function OrderForm({ wanted, accounts, onWatch }: FormProps) {
  const w = inWords(dictionary);
  const { draft, isFaulty, setCode, setAmount, setAccount, scanned, submit, begin } = useDraft(wanted, onWatch);
  const [isScanning, setScanning] = useState(false);
  return (
    <form class="panel order-form" aria-label={w.form} autocomplete="off" noValidate onSubmit={submit}>
      <div class="order-code">
        <CodeField code={draft.code} isFaulty={isFaulty} onCode={setCode} />
        {canScan() && (
          <button type="button" class="button" onClick={() => setScanning(true)}>
            <Icon name="camera" />
            {w.scan}
          </button>
        )}
      </div>
      <AmountField amount={draft.amount} onAmount={setAmount} />
      <AccountField account={draft.account} accounts={accounts} onAccount={setAccount} />
      <div class="order-actions">
        <button type="submit" class="button strong">
          {w.start}
        </button>
        <button type="button" class="button" onClick={begin}>
          <Icon name="plus" />
          {w.fresh}
        </button>
      </div>
      {isFaulty && (
        <p id="order-fault" class="problem" role="alert">
          {w.badCode(MAX_CODE_CHARS)}
        </p>
      )}
      {isScanning && <CameraDialog onClose={() => setScanning(false)} onScan={scanned} />}
    </form>
  );
}

/* What is typed and not watched yet. */
function useDraft(wanted: Wanted, onWatch: FormProps["onWatch"]) {
  const [draft, setDraft] = useState(wanted);
  const [isAmountNew, setAmountNew] = useState(false);
  const [isFaulty, setFaulty] = useState(false);
  const show = (next: Wanted) => {
    setDraft(next);
    setAmountNew(false);
    setFaulty(false);
  };
  const watch = (next: Wanted) => {
    show(next);
    onWatch(next);
  };
  const take = (next: Wanted) => {
    const scan = readScan(next.code);
    if (scan === null) return setFaulty(true);
    watch({ ...next, code: scan.code, amount: scan.amount ?? next.amount });
  };
  useEffect(() => show(wanted), [wanted]);
  const isWatched = wanted.code !== "" && cleanCode(draft.code) === wanted.code;
  return {
    draft,
    isFaulty,
    scanned: ({ code, amount }: Scan) => watch({ ...draft, code, amount: amount ?? (isAmountNew ? draft.amount : null) }),
    // An amount belongs to the order that it was typed for.
    setCode: (code: string) =>
      setDraft({ ...draft, code, amount: isAmountNew || cleanCode(code) === wanted.code ? draft.amount : null }),
    setAmount(amount: number | null) {
      setAmountNew(true);
      setDraft({ ...draft, amount });
    },
    // Of an order that is watched already, a choice needs no button.
    setAccount: (account: string) => (isWatched ? onWatch({ ...draft, account }) : setDraft({ ...draft, account })),
    submit(event: Event) {
      event.preventDefault();
      take(draft);
      leaveCode();
    },
    begin() {
      watch({ code: "", amount: null, account: draft.account });
      document.getElementById(CODE_ID)?.focus();
    },
  };
}

/* The next scan overwrites what is selected; on a phone the keyboard goes away, so that the answer is seen. */
function leaveCode(): void {
  const input = document.activeElement;
  if (!(input instanceof HTMLInputElement)) return;
  if (matchMedia("(pointer: coarse)").matches) input.blur();
  else if (input.id === CODE_ID) input.select();
}

function canScan(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}
