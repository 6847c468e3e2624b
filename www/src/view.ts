/**
 * Builds the pieces of the page. Every text goes in as text, never as markup: what a payer writes is not to
 * be trusted.
 */
import type { SePayError } from "../../src/js/npm/src/edge.ts";
import { retryAfterSecs } from "./api.ts";
import { clock, dateTime, directionWord, money, orHidden, orNone, signedAmount } from "./format.ts";
import { HIDDEN, NONE } from "./format.ts";
import type { Account, Transaction } from "./model.ts";
import { explain } from "./words.ts";

type Child = Node | string;

/** Builds the card of one account. */
export function accountCard(account: Account): HTMLLIElement {
  const head = el("div", "card-head", el("h3", "", orHidden(account.bank)), ...activeBadge(account.active));
  const number = el("p", "number", orHidden(account.accountNumber));
  const holder = el("p", "soft", joined(orHidden(account.holder), account.label));
  const amount = el("span", "money", money(account.balance));
  const balance = el("p", "balance", el("span", "field", "Số dư"), amount);
  const lastTime = account.lastTransactionAt === null ? NONE : timeOf(account.lastTransactionAt);
  const last = el("p", "soft last", "Giao dịch cuối: ", lastTime);
  return el("li", "card", head, number, holder, balance, last);
}

/** Builds the row of one transaction. */
export function transactionRow(row: Transaction): HTMLTableRowElement {
  const built = el(
    "tr",
    `is-${row.direction}`,
    cell("Thời gian", "when", row.occurredAt === null ? HIDDEN : timeOf(row.occurredAt)),
    cell("Tài khoản", "account", el("span", "number", orHidden(row.accountNumber)), ...accountMore(row)),
    cell("Nội dung", "content", orHidden(row.content)),
    cell("Mã thanh toán", "code", orNone(row.code)),
    cell("Mã tham chiếu", "reference", orNone(row.reference)),
    cell("Số tiền", "amount", el("span", "money", signedAmount(row)), directionOf(row)),
  );
  built.setAttribute("role", "row");
  return built;
}

/** Builds the choice of accounts. The chosen one stays a choice even when the list does not hold it. */
export function accountOptions(accounts: Account[], chosen: string): HTMLOptionElement[] {
  const options = [new Option("Tất cả tài khoản", "")];
  for (const { bank, accountNumber } of accounts) {
    if (accountNumber !== null) options.push(new Option(joined(bank, accountNumber), accountNumber));
  }
  if (!options.some((option) => option.value === chosen)) options.push(new Option(chosen, chosen));
  for (const option of options) option.selected = option.value === chosen;
  return options;
}

/** Builds the note of a problem: what happened, when to try again, and what to name when asking for help. */
export function problemNote(problem: SePayError, nowMs: number): HTMLDivElement {
  const note = el("div", "problem", el("p", "problem-title", explain(problem)));
  const waitSecs = retryAfterSecs(problem);
  if (waitSecs !== null) {
    const when = clock(nowMs + waitSecs * 1000);
    note.append(el("p", "", `Có thể thử lại sau ${waitSecs} giây, từ lúc ${when}.`));
  }
  const detail = el("p", "soft", problem.message);
  detail.lang = "en";
  const code = el("code", "", problem.code);
  const requestId = el("code", "", problem.requestId ?? "không có");
  note.append(detail, el("p", "soft", "Mã lỗi ", code, " · Mã yêu cầu ", requestId));
  return note;
}

function activeBadge(active: boolean | null): HTMLElement[] {
  if (active === null) return [];
  return [active ? el("span", "badge on", "Đang hoạt động") : el("span", "badge off", "Ngừng hoạt động")];
}

function accountMore(row: Transaction): HTMLElement[] {
  const more = [];
  if (row.bank !== null) more.push(el("span", "soft", row.bank));
  if (row.subAccount !== null) more.push(el("span", "soft", `VA ${row.subAccount}`));
  return more;
}

function directionOf(row: Transaction): HTMLElement {
  return el("span", "direction", directionWord(row.direction));
}

function joined(...texts: (string | null)[]): string {
  return texts.filter(Boolean).join(" · ");
}

function timeOf(rfc3339: string): HTMLTimeElement {
  const time = el("time", "", dateTime(rfc3339));
  time.dateTime = rfc3339;
  return time;
}

/* The label is what the phone layout shows in place of the column's head. */
function cell(label: string, name: string, ...children: Child[]): HTMLTableCellElement {
  const built = el("td", name, el("div", "value", ...children));
  built.dataset["label"] = label;
  built.setAttribute("role", "cell");
  return built;
}

function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name: string,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const built = document.createElement(tag);
  if (name !== "") built.className = name;
  built.append(...children);
  return built;
}
