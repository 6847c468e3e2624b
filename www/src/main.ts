/**
 * Puts the page together: who is signed in, what is asked when, and where the answers go.
 */
import type { SePayError } from "../../src/js/npm/src/edge.ts";
import { listAccounts, listTransactions, retryAfterSecs } from "./api.ts";
import type { Answer } from "./api.ts";
import { Latest } from "./latest.ts";
import type { Outcome } from "./latest.ts";
import type { Account, Transaction } from "./model.ts";
import { byId } from "./page.ts";
import { Panel } from "./panel.ts";
import { RefreshButton } from "./refresh.ts";
import { cleanKey, forgetKey, keepKey, readKey } from "./session.ts";
import { accountCard, accountOptions, problemNote, transactionRow } from "./view.ts";

const keyInput = byId("key", HTMLInputElement);
const filter = byId("account-filter", HTMLSelectElement);
const signInProblem = byId("sign-in-problem", HTMLElement);
const refresh = new RefreshButton(byId("refresh", HTMLButtonElement), loadAll, loadWhatWasPutOff);

const accounts = new Panel<Account>({
  name: "accounts",
  frame: byId("account-cards", HTMLElement),
  rows: byId("account-cards", HTMLElement),
  build: accountCard,
  cutNote: (shown) => `Đang hiển thị ${shown} tài khoản; có thể còn tài khoản khác. (The list may be cut.)`,
});
const transactions = new Panel<Transaction>({
  name: "transactions",
  frame: byId("transaction-table", HTMLElement),
  rows: byId("transaction-rows", HTMLElement),
  build: transactionRow,
  cutNote: (shown) =>
    `Đang hiển thị ${shown} giao dịch mới nhất; có thể còn giao dịch cũ hơn. (Shown: the newest ${shown}.)`,
});

const latestAccounts = new Latest();
const latestTransactions = new Latest();
let loading = 0;
let putOff = false;

byId("key-form", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(keyInput.value);
});
byId("sign-out", HTMLButtonElement).addEventListener("click", () => signOut());
filter.addEventListener("change", showOtherAccount);
if (readKey() === null) showSignIn();
else showBoard();

function signIn(typed: string): void {
  const key = cleanKey(typed);
  if (key === null) {
    const empty = typed.trim() === "";
    rejectKey(empty ? "Hãy nhập khóa." : "Khóa không có dấu tiếng Việt và không có khoảng trắng.");
    return;
  }
  keepKey(key);
  showBoard();
  byId("accounts-title", HTMLElement).focus();
}

function signOut(why?: SePayError): void {
  forgetKey();
  latestAccounts.stop();
  latestTransactions.stop();
  putOff = false;
  refresh.reset();
  accounts.clear();
  transactions.clear();
  filter.replaceChildren();
  announce("");
  showSignIn(why);
}

function showSignIn(why?: SePayError): void {
  swap("sign-in");
  keyInput.setAttribute("aria-invalid", String(why !== undefined));
  signInProblem.replaceChildren(...(why ? [problemNote(why, Date.now())] : []));
  keyInput.focus();
}

function rejectKey(words: string): void {
  keyInput.setAttribute("aria-invalid", "true");
  const note = document.createElement("p");
  note.className = "problem";
  note.textContent = words;
  signInProblem.replaceChildren(note);
  keyInput.focus();
}

function showBoard(): void {
  swap("board");
  keyInput.value = "";
  signInProblem.replaceChildren();
  filter.replaceChildren(...accountOptions([], ""));
  loadAll();
}

function swap(shown: "sign-in" | "board"): void {
  byId("sign-in", HTMLElement).hidden = shown !== "sign-in";
  byId("board", HTMLElement).hidden = shown !== "board";
  byId("actions", HTMLElement).hidden = shown !== "board";
}

function loadAll(): void {
  void load(loadAccounts, loadTransactions);
}

/* Rows of the account before would be taken for rows of the one chosen now, so they go first. */
function showOtherAccount(): void {
  transactions.clear();
  latestTransactions.stop();
  putOff = refresh.closed;
  if (putOff) transactions.wait();
  else void load(loadTransactions);
}

function loadWhatWasPutOff(): void {
  if (!putOff) return;
  putOff = false;
  void load(loadTransactions);
}

async function load(...parts: (() => Promise<string>)[]): Promise<void> {
  loading += 1;
  refresh.busy = true;
  announce("Đang tải…");
  const said = await Promise.all(parts.map((part) => part()));
  loading -= 1;
  refresh.busy = loading > 0;
  const words = said.filter(Boolean).join(" ");
  if (words !== "" && readKey() !== null) announce(words);
}

async function loadAccounts(): Promise<string> {
  accounts.wait();
  const key = readKey() ?? "";
  const outcome = await latestAccounts.ask((signal) => listAccounts({ key, signal }));
  const answer = settle(outcome, accounts);
  if (answer) filter.replaceChildren(...accountOptions(answer.rows, filter.value));
  return outcome ? spoken(answer, "tài khoản") : "";
}

async function loadTransactions(): Promise<string> {
  transactions.wait();
  const account = filter.value === "" ? null : filter.value;
  const key = readKey() ?? "";
  const outcome = await latestTransactions.ask((signal) => listTransactions(account, { key, signal }));
  return outcome ? spoken(settle(outcome, transactions), "giao dịch") : "";
}

/* Shows what became of a question; nothing at all when it was overtaken. */
function settle<T>(outcome: Outcome<Answer<T>> | null, panel: Panel<T>): Answer<T> | null {
  if (outcome === null) return null;
  if ("answer" in outcome) {
    panel.show(outcome.answer, Date.now());
    return outcome.answer;
  }
  const { problem } = outcome;
  if (problem.status === 401) {
    signOut(problem);
    return null;
  }
  panel.fail(problem, Date.now());
  const waitSecs = retryAfterSecs(problem);
  if (waitSecs !== null) refresh.close(waitSecs);
  return null;
}

function spoken(answer: { rows: unknown[] } | null, noun: string): string {
  return answer ? `Đã tải ${answer.rows.length} ${noun}.` : `Không tải được ${noun}.`;
}

function announce(words: string): void {
  byId("status", HTMLElement).textContent = words;
}
