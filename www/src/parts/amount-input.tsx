/**
 * The field of an amount: digits in groups while they are typed, and what is not clear kept and told.
 */
import type { TargetedInputEvent } from "preact";
import { useRef } from "preact/hooks";
import { strokeOf, writtenBy } from "../amount-stroke.ts";
import { count } from "../format.ts";
import { grouped, readTypedAmount } from "../typed-amount.ts";
import type { TypedAmount } from "../typed-amount.ts";
import { words } from "../words.ts";
import { useDraft } from "./draft.ts";
import type { Draft } from "./draft.ts";

interface AmountInputProps {
  id: string;
  label: string;
  hint?: string;
  /** What stands in it while nobody writes. */
  value: TypedAmount;
  /** What is said of an unclear text, where it is not the usual. */
  fault?: string;
  /** How long the writing has to pause before it counts; 0: every letter does, and faults are told when the field is left. */
  pauseMs: number;
  onValue(value: TypedAmount): void;
}

/** The field. */
export function AmountInput({ id, label, hint, value, fault, pauseMs, onValue }: AmountInputProps) {
  const separator = count(1000).charAt(1);
  const draft = useDraft(textOf(value, separator), (text) => onValue(readTypedAmount(text)), pauseMs);
  const onInput = useStrokes(draft, separator);
  // Half a word is no fault yet.
  const isFaulty = "unclear" in value && (pauseMs > 0 || !draft.isWriting);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="number"
        inputMode="numeric"
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="go"
        placeholder={hint}
        value={draft.value}
        aria-invalid={isFaulty}
        aria-describedby={isFaulty ? `${id}-fault` : undefined}
        onInput={onInput}
        onKeyDown={({ key, isComposing }) => key === "Enter" && !isComposing && draft.end()}
        onChange={draft.end}
        onBlur={draft.end}
      />
      {isFaulty && (
        <p id={`${id}-fault`} class="field-fault" role="alert">
          {fault ?? words().unclearAmount}
        </p>
      )}
    </div>
  );
}

function textOf(value: TypedAmount, separator: string): string {
  return "unclear" in value ? value.unclear : grouped(String(value.amount ?? ""), separator);
}

function useStrokes(draft: Draft, separator: string) {
  const isLoose = useRef(false);
  if (!draft.isWriting) isLoose.current = false;
  return (event: TargetedInputEvent<HTMLInputElement>) => {
    const { currentTarget: input, data } = event;
    const stroke = strokeOf(event);
    const caret = input.selectionEnd ?? input.value.length;
    const wasLoose = isLoose.current || grouped(draft.value, separator) !== draft.value;
    const written = writtenBy(stroke, { text: input.value, caret, data: data ?? "", isLoose: wasLoose }, separator);
    isLoose.current = written.isLoose;
    // Written here and now, as the caret is lost when the value is; and only where it differs, as a composition is too.
    if (input.value !== written.text) {
      input.value = written.text;
      input.setSelectionRange(written.caret, written.caret);
    }
    if (stroke === "whole") draft.finish(written.text);
    else draft.write(written.text);
  };
}
