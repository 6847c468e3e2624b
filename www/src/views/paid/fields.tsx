/**
 * The fields of an order.
 */
import { count, covered } from "../../format.ts";
import { inWords, lang } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { amountOf, caretAfter } from "./order.ts";
import { dictionary } from "./words.ts";

/** The id of the code's input. */
export const CODE_ID = "order-code";

interface CodeFieldProps {
  code: string;
  isFaulty: boolean;
  onCode(code: string): void;
}

/** The code. */
export function CodeField({ code, isFaulty, onCode }: CodeFieldProps) {
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

interface AmountFieldProps {
  /** Whole VND; null: none. */
  amount: number | null;
  onAmount(amount: number | null): void;
}

/** The amount, grouped by thousands while it is typed. */
export function AmountField({ amount, onAmount }: AmountFieldProps) {
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
  /** Its id; empty: any. */
  account: string;
  accounts: readonly Account[] | null;
  onAccount(account: string): void;
}

/** The account: one of those whose bank and number may be seen. */
export function AccountField({ account, accounts, onAccount }: AccountFieldProps) {
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
