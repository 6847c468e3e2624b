/**
 * The order: code, amount, account. A hand scanner types the code and presses Enter.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { money } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { Icon } from "../../parts/icon.tsx";
import { lazy } from "../../parts/lazy.tsx";
import { useStore } from "../../state/store.ts";
import type { TypedAmount } from "../../typed-amount.ts";
import { AMOUNT_ID, AccountField, AmountField, CODE_ID, CodeField } from "./fields.tsx";
import { takeOver } from "./hand-scanner.ts";
import { MAX_CODE_CHARS, NO_SUM, cleanCode, isWatchable, readScan, sumOf } from "./order.ts";
import type { Scan, Wanted } from "./order.ts";
import { paysOthers } from "./payee.ts";
import { dictionary } from "./words.ts";

const CameraDialog = lazy(async () => (await import("./camera.tsx")).CameraDialog);

/** Puts the focus on the code, unless a person is in the form already. Not on a phone, whose keyboard would cover the page. */
export function focusCode(): void {
  const isInForm = document.activeElement?.closest("form") != null;
  if (!isInForm && matchMedia("(pointer: fine)").matches) document.getElementById(CODE_ID)?.focus();
}

/* What a text is that is not watched: no code, something else that people scan, or a code that pays others. */
type Fault = "badCode" | "notCode" | "otherPayee";

interface FormProps {
  wanted: Wanted;
  /** null: not known. */
  accounts: readonly Account[] | null;
  onWatch(wanted: Wanted): void;
}

/** The form. It shows what is watched, and says what a person wants to have watched. */
export function OrderForm({ wanted, accounts, onWatch }: FormProps) {
  const w = inWords(dictionary);
  const { live } = useStore();
  const isForOthers = (text: string) => paysOthers(text, accounts, live.rows.peek());
  const { draft, fault, isOther, isOfLink, otherAmount, setCode, setAmount, setAccount, scanned, submit, begin } = useDraft(wanted, onWatch, isForOthers);
  const [isScanning, setScanning] = useState(false);
  return (
    <form class={`panel order-form ${isOther ? "is-other" : ""}`} aria-label={w.form} autocomplete="off" noValidate onSubmit={submit}>
      <div class="order-code">
        <CodeField code={draft.code} isFaulty={fault !== null} onCode={setCode} />
        {canScan() && (
          <button type="button" class="button" onClick={() => setScanning(true)}>
            <Icon name="camera" />
            {w.scan}
          </button>
        )}
      </div>
      <AmountField amount={draft.amount} unclear={draft.unclear} isOfLink={isOfLink} onAmount={setAmount} />
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
      {fault !== null && (
        <p id="order-fault" class="problem" role="alert">
          {fault === "badCode" ? w.badCode(MAX_CODE_CHARS) : w[fault]}
        </p>
      )}
      {otherAmount !== null && (
        <p class="note" role="status">
          {w.otherAmount(money(otherAmount))}
        </p>
      )}
      {isScanning && <CameraDialog isForOthers={isForOthers} onClose={() => setScanning(false)} onScan={scanned} />}
    </form>
  );
}

/* What is typed and not watched yet. */
function useDraft(wanted: Wanted, onWatch: FormProps["onWatch"], isForOthers: (text: string) => boolean) {
  const [draft, setDraft] = useState(wanted);
  const [isAmountNew, setAmountNew] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [clash, setClash] = useState<Scan>({ code: "", amount: null });
  const ready = useReadiness();
  const show = (next: Wanted) => {
    setDraft(next);
    setAmountNew(false);
    setFault(null);
  };
  const sent = useRef<Wanted | null>(null);
  const watch = (next: Wanted) => {
    show(next);
    sent.current = next;
    onWatch(next);
  };
  /* What a picture asked for, while the amount beside it is not clear. */
  const refused = useRef<Scan | null>(null);
  // An amount that a person gave for this order, by hand or in a link, is not overwritten by what a picture says.
  const scanned = ({ code, amount }: Scan): boolean => {
    const given = isAmountNew ? draft : code === wanted.code ? wanted : NO_SUM;
    const asked = amount ?? (refused.current?.code === code ? refused.current.amount : null);
    refused.current = given.unclear === "" ? null : { code, amount: asked };
    if (given.unclear !== "") return refuse({ ...draft, code, amount: null, unclear: given.unclear });
    setClash({ code, amount: asked });
    watch({ ...draft, code, amount: given.amount ?? asked, unclear: "" });
    return true;
  };
  // The amount's field says why.
  const refuse = (next: Wanted): boolean => {
    setDraft(next);
    setFault(null);
    document.getElementById(AMOUNT_ID)?.focus();
    return false;
  };
  const refuseCode = (why: Fault): boolean => {
    setFault(why);
    return true;
  };
  /* Whether it is the code's turn again. */
  const take = ({ code }: Wanted): boolean => {
    const scan = readScan(code);
    if (scan === null) return refuseCode(cleanCode(code) === "" ? "badCode" : "notCode");
    if (isForOthers(code)) return refuseCode("otherPayee");
    return scanned(scan);
  };
  useEffect(() => {
    // The address says back what was sent to it, and by then the next scan may have begun.
    if (sent.current === null || !isSame(sent.current, wanted)) show(wanted);
    sent.current = null;
  }, [wanted]);
  const isOther = cleanCode(draft.code) !== wanted.code;
  const isWatched = isWatchable(wanted) && draft.unclear === "" && !isOther;
  const isClash = isWatched && clash.code === wanted.code && clash.amount !== wanted.amount;
  return {
    draft,
    fault,
    /** Whether the code is another than the one that is watched. */
    isOther,
    /** Whether the amount that is not clear is the link's. */
    isOfLink: !isAmountNew && draft.unclear !== "" && draft.unclear === wanted.unclear,
    /** What a scanned code asked for, where that was not taken. */
    otherAmount: isClash ? clash.amount : null,
    scanned,
    // An amount belongs to the order that it was typed for.
    setCode(code: string) {
      const isKept = isAmountNew || cleanCode(code) === wanted.code;
      setDraft((last) => ({ ...last, ...(isKept ? {} : NO_SUM), code }));
    },
    setAmount(typed: TypedAmount) {
      setAmountNew(true);
      setDraft((last) => ({ ...last, ...sumOf(typed) }));
    },
    // Of an order that is watched already, a choice needs no button.
    setAccount(account: string) {
      if (isWatched) onWatch({ ...draft, account });
      else setDraft({ ...draft, account });
      // A choice by mouse is over; one by keyboard may go on.
      if (document.activeElement?.matches("select:not(:focus-visible)")) ready();
    },
    submit(event: Event) {
      event.preventDefault();
      if (take(draft)) ready();
    },
    begin() {
      watch({ code: "", ...NO_SUM, account: draft.account });
      document.getElementById(CODE_ID)?.focus();
    },
  };
}

function isSame(one: Wanted, other: Wanted): boolean {
  return one.code === other.code && one.amount === other.amount && one.unclear === other.unclear && one.account === other.account;
}

/*
 * Makes the form ready for the next scan once it is drawn: the code is selected, so that it is overwritten. On a phone the
 * keyboard goes away, so that the answer is seen.
 */
function useReadiness(): () => void {
  const [times, setTimes] = useState(0);
  useLayoutEffect(() => {
    if (times === 0) return;
    if (!matchMedia("(pointer: coarse)").matches) return takeOver(CODE_ID);
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  }, [times]);
  return () => setTimes(times + 1);
}

function canScan(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}
