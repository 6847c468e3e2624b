/**
 * The filters of the accounts. They stand in the address, so that what is seen may be shared.
 */
import type { TargetedMouseEvent } from "preact";
import { useState } from "preact/hooks";
import { address, narrowTo } from "../../address.ts";
import { readAmount } from "../../given.ts";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { AmountField, DayField } from "../../parts/filter-fields.tsx";
import { Icon } from "../../parts/icon.tsx";
import { dictionary } from "./words.ts";

const AMOUNTS = ["min", "max"] as const;

type Name = "q" | "bank" | "min" | "max" | "from" | "to" | "active";

/** Search and filters. Banks are those of the accounts, and the one chosen. */
export function AccountFilterForm({ accounts }: { accounts: readonly Account[] }) {
  const w = inWords(dictionary);
  const { params } = address.value;
  // At first only: what a person opened does not shut while it is typed in.
  const [wasNarrowed] = useState(() => Object.keys(params).some((name) => name !== "q"));
  // Texts that filter by nothing go with the filters, and the address does not know them.
  const [cleared, setCleared] = useState(0);
  const clearAll = (event: TargetedMouseEvent<HTMLButtonElement>) => {
    clear(event);
    setCleared(cleared + 1);
  };
  const isNarrowed = Object.keys(params).length > 0;
  const banks = new Set(accounts.flatMap(({ bank }) => bank ?? []));
  if (params["bank"]) banks.add(params["bank"]);
  return (
    <form class="account-filters" role="search" aria-label={w.filters} onSubmit={(event) => event.preventDefault()}>
      <div class="account-search">
        <Icon name="search" />
        <Search />
      </div>
      <details open={wasNarrowed}>
        <summary class="button">{w.filters}</summary>
        <div class="account-filter-fields">
          <label class="field">
            {w.bank}
            <select value={params["bank"] ?? ""} onChange={(event) => set("bank", event.currentTarget.value)}>
              <option value="">{w.everyBank}</option>
              {[...banks].sort().map((bank) => (
                <option key={bank}>{bank}</option>
              ))}
            </select>
          </label>
          {AMOUNTS.map((name) => (
            <AmountField
              key={`${name} ${cleared}`}
              id={`account-${name}`}
              label={name === "min" ? w.balanceMin : w.balanceMax}
              amount={readAmount(params[name])}
              onAmount={(amount) => set(name, String(amount ?? ""))}
            />
          ))}
          <DayField id="account-from" label={w.lastFrom} value={params["from"] ?? ""} onValue={(day) => set("from", day)} />
          <DayField id="account-to" label={w.lastTo} value={params["to"] ?? ""} onValue={(day) => set("to", day)} />
          <label class="check">
            <input
              type="checkbox"
              checked={params["active"] === "1"}
              onChange={(event) => set("active", event.currentTarget.checked ? "1" : "")}
            />
            {w.activeOnly}
          </label>
        </div>
      </details>
      {isNarrowed && (
        <button type="button" class="button quiet" onClick={clearAll}>
          {w.clear}
        </button>
      )}
    </form>
  );
}

/* At every letter, as nobody is asked. */
function Search() {
  const w = inWords(dictionary);
  return (
    <label class="field">
      <span class="visually-hidden">{w.search}</span>
      <input
        type="search"
        autocomplete="off"
        placeholder={w.searchHint}
        value={address.value.params["q"] ?? ""}
        onInput={(event) => set("q", event.currentTarget.value)}
      />
    </label>
  );
}

/* The button goes with the filters; whoever pressed it goes on in the search field. */
function clear({ currentTarget }: TargetedMouseEvent<HTMLButtonElement>): void {
  currentTarget.form?.querySelector<HTMLElement>("input[type=search]")?.focus();
  narrowTo("accounts", {});
}

function set(name: Name, value: string): void {
  const { [name]: _, ...others } = address.peek().params;
  narrowTo("accounts", value === "" ? others : { ...others, [name]: value });
}
