/**
 * The filters: what a person chooses goes into the page's address. On a phone they fold behind a button.
 */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { narrowTo } from "../../address.ts";
import { QUICK_RANGES } from "../../days.ts";
import { directionWord } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { AmountField, DayField, ExactField, SearchField } from "../../parts/filter-fields.tsx";
import type { Choice } from "./account-number.ts";
import { NO_FILTERS, activeIn, readText, writeFilters } from "./filters.ts";
import type { Filters } from "./filters.ts";
import { accountText } from "./filter-words.ts";
import { dictionary } from "./words.ts";

/* How often all was taken away. Texts that filter by nothing go too, and the address does not know them. */
const cleared = signal(0);

/** Applies a change to the filters as they are at that moment. */
export type Change = (patch: Partial<Filters>) => void;

interface FormProps {
  filters: Filters;
  choices: Choice[];
  onChange: Change;
}

/** The filters. */
export function FilterForm(props: FormProps) {
  const [isOpen, setOpen] = useState(false);
  const w = inWords(dictionary);
  const active = activeIn(props.filters).length;
  return (
    <section class={`panel filters${isOpen ? "" : " is-folded"}`} aria-label={w.filters}>
      <button type="button" class="button filters-fold" aria-expanded={isOpen} aria-controls="filter-fields" onClick={() => setOpen(!isOpen)}>
        {active === 0 ? w.filters : w.filtersWith(active)}
      </button>
      <form id="filter-fields" onSubmit={submit}>
        <Fields {...props} />
        {active > 0 && (
          <button type="button" class="button quiet filters-clear" onClick={clear}>
            {w.clear}
          </button>
        )}
      </form>
    </section>
  );
}

/** Takes all filters away. */
export function clear(): void {
  narrowTo("transactions", writeFilters(NO_FILTERS));
  cleared.value += 1;
  focusCount();
}

/** Leads the keyboard to what the list comes to: the button of a filter goes with it. */
export function focusCount(): void {
  countOf()?.focus({ preventScroll: true });
}

/** Where it stands. */
export function countOf(): HTMLElement | null {
  return document.getElementById("transaction-count");
}

function Fields({ filters, choices, onChange }: FormProps) {
  const w = inWords(dictionary);
  return (
    <>
      <SearchField id="text-filter" label={w.search} hint={w.searchHint} value={filters.text ?? ""} onValue={(text) => onChange({ text: readText(text) })} />
      <AccountField {...{ filters, choices, onChange }} />
      <Directions {...{ filters, onChange }} />
      <Ranges {...{ filters, onChange }} />
      <DayField id="from-filter" label={w.from} value={filters.from ?? ""} onValue={(day) => onChange({ from: day || null, ...named(filters, day) })} />
      <DayField id="to-filter" label={w.to} value={filters.to ?? ""} onValue={(day) => onChange({ to: day || null, ...named(filters, day) })} />
      <AmountField key={`min ${cleared.value}`} id="min-filter" label={w.min} amount={filters.min} onAmount={(min) => onChange({ min })} />
      <AmountField key={`max ${cleared.value}`} id="max-filter" label={w.max} amount={filters.max} onAmount={(max) => onChange({ max })} />
      <ExactField id="reference-filter" label={w.reference} hint={w.referenceHint} value={filters.reference ?? ""} onValue={(text) => onChange({ reference: readText(text) })} />
    </>
  );
}

/* A day chosen takes the place of days by name; a field left empty does not. */
function named({ range }: Filters, day: string): Pick<Filters, "range"> {
  return { range: day === "" ? range : null };
}

function AccountField({ filters: { account }, choices, onChange }: FormProps) {
  const w = inWords(dictionary);
  const isKnown = account === null || choices.some(({ id }) => id === account);
  return (
    <div class="field">
      <label for="account-filter">{w.account}</label>
      <select id="account-filter" value={account ?? ""} onChange={({ currentTarget }) => onChange({ account: currentTarget.value || null })}>
        <option value="">{w.allAccounts}</option>
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {accountText(choice)}
          </option>
        ))}
        {!isKnown && <option value={account}>{w.accountId(account)}</option>}
      </select>
    </div>
  );
}

function Directions({ filters: { direction }, onChange }: Omit<FormProps, "choices">) {
  const w = inWords(dictionary);
  return (
    <fieldset class="field">
      <legend>{w.direction}</legend>
      <div class="chips">
        {([null, "in", "out"] as const).map((name) => (
          <button key={name} type="button" class="chip" aria-pressed={direction === name} onClick={() => onChange({ direction: name })}>
            {name === null ? w.both : directionWord(name)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function Ranges({ filters: { range }, onChange }: Omit<FormProps, "choices">) {
  const w = inWords(dictionary);
  const toggle = (name: (typeof QUICK_RANGES)[number]) => onChange({ range: name === range ? null : name, from: null, to: null });
  return (
    <fieldset class="field filters-ranges">
      <legend>{w.dates}</legend>
      <div class="chips">
        {QUICK_RANGES.map((name) => (
          <button key={name} type="button" class="chip" aria-pressed={range === name} onClick={() => toggle(name)}>
            {w.ranges[name]}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/* Enter ends the writing in a field, and sends nothing anywhere. */
function submit(event: Event): void {
  event.preventDefault();
}
