/**
 * The filters of the accounts. They stand in the address, so that what is seen may be shared.
 */
import { useState } from "preact/hooks";
import { address, narrowTo } from "../../address.ts";
import { inWords } from "../../i18n.ts";
import type { Account } from "../../model.ts";
import { Icon } from "../../parts/icon.tsx";
import { dictionary } from "./words.ts";

type Name = "q" | "bank" | "min" | "max" | "from" | "to" | "active";

/** Search and filters. Banks are those of the accounts, and the one chosen. */
export function AccountFilterForm({ accounts }: { accounts: readonly Account[] }) {
  const w = inWords(dictionary);
  const { params } = address.value;
  // At first only: what a person opened does not shut while it is typed in.
  const [wasNarrowed] = useState(() => Object.keys(params).some((name) => name !== "q"));
  const isNarrowed = Object.keys(params).length > 0;
  const banks = new Set(accounts.flatMap(({ bank }) => bank ?? []));
  if (params["bank"]) banks.add(params["bank"]);
  return (
    <form class="account-filters" role="search" aria-label={w.filters} onSubmit={(event) => event.preventDefault()}>
      <div class="account-search">
        <Icon name="search" />
        <Input name="q" type="search" label={w.search} isLabelHidden placeholder={w.searchHint} />
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
          <Input name="min" type="text" label={w.balanceMin} />
          <Input name="max" type="text" label={w.balanceMax} />
          <Input name="from" type="date" label={w.lastFrom} />
          <Input name="to" type="date" label={w.lastTo} />
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
        <button type="button" class="button quiet" onClick={clear}>
          {w.clear}
        </button>
      )}
    </form>
  );
}

interface InputProps {
  name: Name;
  type: "search" | "text" | "date";
  label: string;
  isLabelHidden?: boolean;
  placeholder?: string;
}

/* Preact's types tell the kinds of inputs apart by a literal; these differ in nothing that they know. */
function Input({ name, type, label, isLabelHidden = false, placeholder }: InputProps) {
  return (
    <label class="field">
      <span class={isLabelHidden ? "visually-hidden" : ""}>{label}</span>
      <input
        {...({ type } as { type: "text" })}
        inputMode={type === "text" ? "numeric" : undefined}
        autocomplete="off"
        placeholder={placeholder}
        value={address.value.params[name] ?? ""}
        onInput={(event) => set(name, read(type, event.currentTarget.value))}
      />
    </label>
  );
}

/* Amounts are typed as people write them, "1.500.000". */
function read(type: InputProps["type"], text: string): string {
  return type === "text" ? text.replace(/\D/g, "").slice(0, 16) : text;
}

/* The button goes with the filters; whoever pressed it goes on in the search field. */
function clear({ currentTarget }: { currentTarget: HTMLButtonElement }): void {
  currentTarget.form?.querySelector<HTMLElement>("input[type=search]")?.focus();
  narrowTo("accounts", {});
}

function set(name: Name, value: string): void {
  const { [name]: _, ...others } = address.peek().params;
  narrowTo("accounts", value === "" ? others : { ...others, [name]: value });
}
