/**
 * A payment of one's own making.
 */
import { useEffect, useState } from "preact/hooks";
import { address } from "../../address.ts";
import { covered } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { payable } from "./payment.ts";
import type { Draft } from "./payment.ts";
import { dictionary } from "./words.ts";

interface FormProps {
  accounts: readonly Account[];
  /** What to begin with. */
  propose: () => Draft;
  onSend: (draft: Draft) => void;
}

/** The form. It begins with what is proposed, and again when the paid view waits for another order. */
export function PaymentForm({ accounts, propose, onSend }: FormProps) {
  const w = inWords(dictionary);
  const [draft, setDraft] = useState(propose);
  const { view, params } = address.value;
  const order = view === "paid" ? `${params["code"]} ${params["amount"]} ${params["account"]}` : "";
  useEffect(() => {
    if (order !== "") setDraft(propose());
  }, [order]);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const submit = (event: Event) => {
    event.preventDefault();
    // The form may have been opened before the accounts were there.
    onSend({ ...draft, accountNumber: draft.accountNumber || (payable(accounts)[0]?.accountNumber ?? "") });
  };
  return (
    <form class="sandbox-fields" autocomplete="off" noValidate onSubmit={submit}>
      <AccountField accounts={accounts} value={draft.accountNumber} onChange={(accountNumber) => set({ accountNumber })} />
      <label class="field">
        {w.direction}
        <select value={draft.direction} onChange={(event) => set({ direction: event.currentTarget.value === "out" ? "out" : "in" })}>
          <option value="in">{w.in}</option>
          <option value="out">{w.out}</option>
        </select>
      </label>
      <label class="field">
        {w.amount}
        <input type="text" inputMode="numeric" value={draft.amount} onInput={(event) => set({ amount: event.currentTarget.value })} />
      </label>
      <label class="field">
        {w.code}
        <input type="text" spellcheck={false} value={draft.code} onInput={(event) => set({ code: event.currentTarget.value })} />
      </label>
      <label class="field is-wide">
        {w.content}
        <input type="text" spellcheck={false} value={draft.content} onInput={(event) => set({ content: event.currentTarget.value })} />
      </label>
      <button type="submit" class="button">
        {w.send}
      </button>
    </form>
  );
}

/* A key that may not list accounts can still name one. */
function AccountField(props: { accounts: readonly Account[]; value: string; onChange: (number: string) => void }) {
  const { value, onChange } = props;
  const choices = payable(props.accounts);
  const w = inWords(dictionary);
  return (
    <label class="field">
      {w.account}
      {choices.length === 0 ? (
        <input type="text" inputMode="numeric" value={value} onInput={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {choices.map(({ id, accountNumber, bank, label }) => (
            <option key={id} value={accountNumber}>
              {[bank, covered(accountNumber), label].filter(Boolean).join(" · ")}
            </option>
          ))}
        </select>
      )}
    </label>
  );
}
