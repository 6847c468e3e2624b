/**
 * The order: code, amount, account. A hand scanner types the code and presses Enter.
 */
import { useEffect, useState } from "preact/hooks";
import { count, covered } from "../../format.ts";
import { inWords, lang } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { Icon } from "../../parts/icon.tsx";
import { lazy } from "../../parts/lazy.tsx";
import { MAX_CODE_CHARS, amountOf, caretAfter, cleanCode, readScan } from "./order.ts";
import type { Wanted } from "./order.ts";
import { dictionary } from "./words.ts";

const CameraDialog = lazy(async () => (await import("./camera.tsx")).CameraDialog);

const CODE_ID = "order-code";

/** Puts the focus on the code. Not on a phone, whose keyboard would cover the page. */
export function focusCode(): void {
  if (matchMedia("(pointer: fine)").matches) document.getElementById(CODE_ID)?.focus();
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
  const [draft, setDraft] = useState(wanted);
  const [isAmountNew, setAmountNew] = useState(false);
  const [isFaulty, setFaulty] = useState(false);
  const [isScanning, setScanning] = useState(false);
  useEffect(() => show(wanted), [wanted]);
  const show = (next: Wanted) => {
    setDraft(next);
    setAmountNew(false);
    setFaulty(false);
  };
  const take = (next: Wanted) => {
    const scanned = readScan(next.code);
    if (scanned === null) return setFaulty(true);
    const order = { ...next, code: scanned.code, amount: scanned.amount ?? next.amount };
    show(order);
    onWatch(order);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    take(draft);
    leaveCode();
  };
  // An amount belongs to the order that it was typed for.
  const setCode = (code: string) =>
    setDraft({ ...draft, code, amount: isAmountNew || cleanCode(code) === wanted.code ? draft.amount : null });
  const setAmount = (amount: number | null) => {
    setAmountNew(true);
    setDraft({ ...draft, amount });
  };
  const setAccount = (account: string) => {
    setDraft({ ...draft, account });
    // A choice made is no reason to ask for a button: the order is watched already.
    if (wanted.code !== "" && cleanCode(draft.code) === wanted.code) onWatch({ ...draft, account });
  };
  const begin = () => {
    const fresh = { code: "", amount: null, account: draft.account };
    show(fresh);
    onWatch(fresh);
    document.getElementById(CODE_ID)?.focus();
  };
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
      {isScanning && (
        <CameraDialog onClose={() => setScanning(false)} onScan={(scan) => take({ ...draft, code: scan.code, amount: scan.amount })} />
      )}
    </form>
  );
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

function CodeField({ code, isFaulty, onCode }: { code: string; isFaulty: boolean; onCode: (code: string) => void }) {
  const w = inWords(dictionary);
  return (
    <label class="field">
      {w.code}
      <input
        id={CODE_ID}
        type="text"
        value={code}
        placeholder={w.codeHint}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        enterkeyhint="go"
        required
        aria-invalid={isFaulty}
        aria-describedby={isFaulty ? "order-fault" : undefined}
        onInput={(event) => onCode(event.currentTarget.value)}
      />
    </label>
  );
}

function AmountField({ amount, onAmount }: { amount: number | null; onAmount: (amount: number | null) => void }) {
  const w = inWords(dictionary);
  const text = amount === null ? "" : count(amount);
  const typed = (event: InputEvent & { currentTarget: HTMLInputElement }) => {
    const input = event.currentTarget;
    // What is pasted may come with decimals, which dong have not.
    const value = event.inputType === "insertFromPaste" ? input.value.replace(/[.,]\d{1,2}$/, "") : input.value;
    const digits = value.slice(0, input.selectionStart ?? value.length).replace(/\D/g, "").length;
    const next = amountOf(value);
    // Written here and now: the caret is lost when the value is.
    input.value = next === null ? "" : count(next);
    const caret = caretAfter(input.value, digits);
    input.setSelectionRange(caret, caret);
    onAmount(next);
  };
  return (
    <label class="field">
      {w.amount}
      <input
        key={lang.value}
        type="text"
        class="number"
        inputMode="numeric"
        autocomplete="off"
        enterkeyhint="go"
        placeholder={w.amountHint}
        value={text}
        onInput={typed}
      />
    </label>
  );
}

interface AccountFieldProps {
  account: string;
  accounts: readonly Account[] | null;
  onAccount(account: string): void;
}

function AccountField({ account, accounts, onAccount }: AccountFieldProps) {
  const w = inWords(dictionary);
  const payable = (accounts ?? []).filter(({ bank, accountNumber }) => bank !== null && accountNumber !== null);
  const isStrange = account !== "" && !payable.some(({ id }) => id === account);
  return (
    <label class="field">
      {w.account}
      <select value={account} onChange={(event) => onAccount(event.currentTarget.value)}>
        <option value="">{w.anyAccount}</option>
        {isStrange && <option value={account}>{w.unknownAccount}</option>}
        {payable.map(({ id, bank, accountNumber, label }) => (
          <option key={id} value={id}>
            {[bank, covered(accountNumber ?? ""), label].filter(Boolean).join(" · ")}
          </option>
        ))}
      </select>
    </label>
  );
}
