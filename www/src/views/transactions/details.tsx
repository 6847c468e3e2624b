/**
 * Everything about one transaction, in a dialog.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { dateTime, directionWord, money, orHidden, orNone, signedAmount } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Transaction } from "../../model.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Icon } from "../../parts/icon.tsx";
import { words } from "../../words.ts";
import { dictionary } from "./words.ts";

/** The dialog, open as long as it is shown. Closing it gives the focus back to where it was. */
export function Details({ row, onClose }: { row: Transaction; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const w = inWords(dictionary);
  const amount = copiedAmount(row);
  // Who marks a text may let go beside the dialog, and did not mean to leave it.
  const isDownBeside = useRef(false);
  const onPointerDown = (event: PointerEvent) => (isDownBeside.current = event.target === dialog.current);
  const onClick = (event: MouseEvent) => event.target === dialog.current && isDownBeside.current && dialog.current?.close();
  return (
    <dialog ref={dialog} class="details" aria-labelledby="details-title" {...{ onClose, onPointerDown, onClick }}>
      <div class="dialog-head">
        <h2 id="details-title">{w.details}</h2>
        <button type="button" class="icon-button" aria-label={words().close} title={words().close} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      <div class={`details-amount is-${row.direction}`}>
        <p class="money">{signedAmount(row)}</p>
        <p class="word">{directionWord(row.direction)}</p>
        {amount !== null && <CopyButton text={amount} what={words().field.amount.toLowerCase()} />}
      </div>
      <Fields row={row} />
    </dialog>
  );
}

function Fields({ row }: { row: Transaction }) {
  const { field } = words();
  const w = inWords(dictionary);
  const when = row.occurredAt === null ? orHidden(null) : <time dateTime={row.occurredAt}>{dateTime(row.occurredAt)}</time>;
  return (
    <dl class="fields">
      <Field name={field.when}>{when}</Field>
      <Field name={field.content} copied={row.content}>
        <span class="value">{orHidden(row.content)}</span>
      </Field>
      <Field name={field.code} copied={row.code}>
        {orNone(row.code)}
      </Field>
      <Field name={field.reference} copied={row.reference}>
        {orNone(row.reference)}
      </Field>
      <Field name={field.bank}>{orHidden(row.bank)}</Field>
      <Field name={field.account} copied={row.accountNumber}>
        <span class="number">{orHidden(row.accountNumber)}</span>
      </Field>
      <Field name={field.subAccount}>{orNone(row.subAccount)}</Field>
      <Field name={field.balance}>
        <span class="money">{money(row.balance)}</span>
      </Field>
      <Field name={field.id} copied={row.id}>
        <span class="number">{row.id}</span>
      </Field>
      <Field name={w.accountIdField}>
        <span class="number">{orHidden(row.accountId)}</span>
      </Field>
    </dl>
  );
}

function Field({ name, copied = null, children }: { name: string; copied?: string | null; children: ComponentChildren }) {
  return (
    <div class="pair">
      <dt>{name}</dt>
      <dd>{children}</dd>
      {copied !== null && copied !== "" && (
        <dd class="copy">
          <CopyButton text={copied} what={name.toLowerCase()} />
        </dd>
      )}
    </div>
  );
}

/* Digits only: it goes into a field for numbers. */
function copiedAmount({ direction, amountIn, amountOut }: Transaction): string | null {
  const amount = direction === "out" || (direction === "unknown" && amountIn === 0) ? amountOut : amountIn;
  return amount === null ? null : String(amount);
}
