/**
 * One account: whose it is, what is on it, and what can be done with it.
 */
import { useState } from "preact/hooks";
import { writeAddress } from "../../address.ts";
import { HIDDEN, NONE, covered, dateTime, money, orHidden } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useStore } from "../../state/store.ts";
import { dictionary } from "./words.ts";

/** The card of an account. */
export function AccountCard({ account }: { account: Account }) {
  const w = inWords(dictionary);
  const store = useStore();
  const { id, bank, accountNumber, holder, label, balance, lastTransactionAt } = account;
  return (
    <li class="card panel">
      <div class="card-head">
        <h2>{orHidden(bank)}</h2>
        <ActiveBadge active={account.active} />
      </div>
      <Number number={accountNumber} />
      <p class="soft card-holder">{[orHidden(holder), label].filter(Boolean).join(" · ")}</p>
      <p class="card-balance">
        <span class="soft">{w.balance}</span>
        <span class="money">{money(balance)}</span>
      </p>
      <p class="soft">
        {w.last}: {lastTransactionAt === null ? NONE : <time dateTime={lastTransactionAt}>{dateTime(lastTransactionAt)}</time>}
      </p>
      {store.may("transactions:read") && <Links id={id} name={`${bank ?? ""} ${tail(accountNumber)}`} isStopped={account.active === false} />}
    </li>
  );
}

function Links({ id, name, isStopped }: { id: string; name: string; isStopped: boolean }) {
  const w = inWords(dictionary);
  return (
    <p class="card-links">
      <a href={writeAddress({ view: "transactions", params: { account: id } })}>
        {w.itsTransactions}
        <span class="visually-hidden"> {name}</span>
      </a>
      {!isStopped && (
        <a href={writeAddress({ view: "paid", params: { account: id } })}>
          {w.ask}
          <span class="visually-hidden"> {name}</span>
        </a>
      )}
    </p>
  );
}

function tail(number: string | null): string {
  return number === null ? "" : covered(number).replace(/^•+ ?/, "");
}

/* Covered until somebody asks: a shop's screen is seen by its customers. */
function Number({ number }: { number: string | null }) {
  const w = inWords(dictionary);
  const [isShown, setShown] = useState(false);
  if (number === null) return <p class="number">{HIDDEN}</p>;
  const label = isShown ? w.hide : w.show;
  return (
    <p class="card-number">
      <span class="number">{isShown ? number : covered(number)}</span>
      <button type="button" class="icon-button" aria-label={label} title={label} onClick={() => setShown(!isShown)}>
        <Icon name={isShown ? "eyeOff" : "eye"} />
      </button>
      <CopyButton text={number} what={w.number} />
    </p>
  );
}

function ActiveBadge({ active }: { active: boolean | null }) {
  if (active === null) return null;
  const w = inWords(dictionary);
  return <span class={`badge ${active ? "on" : ""}`}>{active ? w.active : w.inactive}</span>;
}
