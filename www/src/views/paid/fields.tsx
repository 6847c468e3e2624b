/**
 * The fields of an order.
 */
import { covered } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { activeFirst } from "../../model.ts";
import type { Account } from "../../model.ts";
import { AmountInput } from "../../parts/amount-input.tsx";
import type { TypedAmount } from "../../typed-amount.ts";
import type { Sum } from "./order.ts";
import { dictionary } from "./words.ts";

/** The id of the code's input. */
export const CODE_ID = "order-code";
/** The id of the amount's input. */
export const AMOUNT_ID = "order-amount";

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

interface AmountFieldProps extends Sum {
  /** Whether it is a link that is not clear, not a person. */
  isOfLink: boolean;
  onAmount(typed: TypedAmount): void;
}

/** The amount. */
export function AmountField({ amount, unclear, isOfLink, onAmount }: AmountFieldProps) {
  const w = inWords(dictionary);
  const value = unclear === "" ? { amount } : { unclear };
  const fault = isOfLink ? { fault: w.unclearLink } : {};
  return <AmountInput id={AMOUNT_ID} label={w.amount} hint={w.amountHint} value={value} {...fault} pauseMs={0} onValue={onAmount} />;
}

interface AccountFieldProps {
  /** Its id; empty: any. */
  account: string;
  accounts: readonly Account[] | null;
  onAccount(account: string): void;
}

/* Those whose bank and number may be seen, stopped ones last. */
function payableOf(accounts: readonly Account[]): Account[] {
  return accounts.filter(({ bank, accountNumber }) => bank !== null && accountNumber !== null).sort(activeFirst);
}

/** The account to be paid. What tells two accounts apart comes first, as a phone cuts the rest. */
export function AccountField({ account, accounts, onAccount }: AccountFieldProps) {
  const w = inWords(dictionary);
  const payable = payableOf(accounts ?? []);
  const isStrange = account !== "" && !payable.some(({ id }) => id === account);
  return (
    <label class="field">
      {w.account}
      <select value={account} onChange={(event) => onAccount(event.currentTarget.value)}>
        <option value="">{w.anyAccount}</option>
        {isStrange && <option value={account}>{w.unknownAccount}</option>}
        {payable.map(({ id, bank, accountNumber, label, active }) => (
          <option key={id} value={id}>
            {[covered(accountNumber ?? ""), bank, active === false && w.stoppedAccount, label].filter(Boolean).join(" · ")}
          </option>
        ))}
      </select>
    </label>
  );
}
