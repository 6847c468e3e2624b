/**
 * The fields of the filters: text, amount, day.
 */
import type { TargetedInputEvent } from "preact";
import { useState } from "preact/hooks";
import type { TypedAmount } from "../typed-amount.ts";
import { AmountInput } from "./amount-input.tsx";
import { useDraft } from "./draft.ts";

/* Long enough to type the next digit, short enough to be no wait. */
const PAUSE_MS = 400;

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  onValue(text: string): void;
}

/** Words to search for, at every letter. */
export function SearchField(props: FieldProps) {
  return <TextField {...props} isSearch pauseMs={0} />;
}

/** A text that SePay is asked for: when the writing pauses. */
export function ExactField(props: FieldProps) {
  return <TextField {...props} isSearch={false} pauseMs={PAUSE_MS} />;
}

interface AmountFieldProps {
  id: string;
  label: string;
  /** Whole VND; null: any. */
  amount: number | null;
  onAmount(amount: number | null): void;
}

/** Whole VND. What is not clear stays in the field, and filters by nothing. */
export function AmountField({ id, label, amount, onAmount }: AmountFieldProps) {
  const [unclear, setUnclear] = useState("");
  // An amount from elsewhere, as by the back button, is instead of what was written.
  if (amount !== null && unclear !== "") setUnclear("");
  const value = unclear !== "" && amount === null ? { unclear } : { amount };
  const take = (read: TypedAmount) => {
    setUnclear("unclear" in read ? read.unclear : "");
    onAmount("unclear" in read ? null : read.amount);
  };
  return <AmountInput id={id} label={label} value={value} pauseMs={PAUSE_MS} onValue={take} />;
}

/** A day of the calendar; "" for none. */
export function DayField({ id, label, value, onValue }: FieldProps) {
  const draft = useDraft(value, onValue, PAUSE_MS);
  const onInput = ({ currentTarget: input }: TargetedInputEvent<HTMLInputElement>) => {
    // A day half typed reads as none, but nobody wants to clear it.
    if (!input.validity.badInput) draft.write(input.value);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type="date" min="2000-01-01" max="2099-12-31" value={draft.value} onInput={onInput} onBlur={draft.end} />
    </div>
  );
}

function TextField({ id, label, hint, value, onValue, isSearch, pauseMs }: FieldProps & { isSearch: boolean; pauseMs: number }) {
  const draft = useDraft(value, onValue, pauseMs);
  const shared = {
    id,
    placeholder: hint,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: false,
    maxLength: 128,
    value: draft.value,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement>) => draft.write(currentTarget.value),
    onChange: draft.end,
    onBlur: draft.end,
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {isSearch ? <input {...shared} type="search" /> : <input {...shared} />}
    </div>
  );
}
