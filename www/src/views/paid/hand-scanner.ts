/**
 * A hand scanner types a code and presses Enter, wherever the focus is. What it types belongs into the code's field.
 */
import { mayBecomeAmount } from "../../typed-amount.ts";

/** What is pressed, and where. */
interface Press {
  key: string;
  /** With Control, Alt or the system's key: a command. */
  isCommand: boolean;
  /** What has the focus. */
  at: "elsewhere" | "text" | "amount" | "dialog";
  /** What the amount would be with it. */
  amount?: string;
}

/** Whether a key begins a scan: a letter, a digit or a sign outside the fields, or a letter in an amount that is none of a unit. Pure. */
export function beginsScan({ key, isCommand, at, amount = "" }: Press): boolean {
  if (isCommand || [...key].length !== 1 || key === " ") return false;
  return at === "elsewhere" || (at === "amount" && /\p{L}/u.test(key) && !mayBecomeAmount(amount));
}

/** Leads what a scanner types into a field, over what stands there. The function given back ends it. */
export function followScanner(codeId: string): () => void {
  const stop = new AbortController();
  const lead = (event: KeyboardEvent) => {
    const isCommand = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    const { key, target } = event;
    const at = placeOf(target);
    if (event.defaultPrevented || !beginsScan({ key, isCommand, at, amount: textWith(key, target) })) return;
    const begun = at === "amount" && target instanceof HTMLInputElement ? takeLetters(target) : "";
    // The letter itself goes where the focus is by then.
    takeOver(codeId);
    if (begun !== "") beginWith(begun, codeId);
  };
  document.addEventListener("keydown", lead, { signal: stop.signal });
  return () => stop.abort();
}

/** Makes a field ready: what is typed next overwrites it. */
export function takeOver(codeId: string): void {
  const input = document.getElementById(codeId);
  if (!(input instanceof HTMLInputElement)) return;
  input.focus();
  input.select();
}

function textWith(key: string, target: EventTarget | null): string {
  if (!(target instanceof HTMLInputElement)) return "";
  const { value, selectionStart, selectionEnd } = target;
  return value.slice(0, selectionStart ?? value.length) + key + value.slice(selectionEnd ?? value.length);
}

/* Of "KH001" the amount has taken the "K" for thousands: the letters before the caret are the code's. */
function takeLetters(amount: HTMLInputElement): string {
  const at = amount.selectionStart ?? amount.value.length;
  const letters = /\p{L}*$/u.exec(amount.value.slice(0, at))?.[0] ?? "";
  if (letters === "") return "";
  write(amount, amount.value.slice(0, at - letters.length) + amount.value.slice(at));
  return letters;
}

function beginWith(letters: string, codeId: string): void {
  const input = document.getElementById(codeId);
  if (!(input instanceof HTMLInputElement)) return;
  write(input, letters);
  input.setSelectionRange(letters.length, letters.length);
}

/* As a program writes into a field. */
function write(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function placeOf(target: EventTarget | null): Press["at"] {
  if (!(target instanceof HTMLElement)) return "elsewhere";
  if (target.closest("dialog") !== null) return "dialog";
  if (target instanceof HTMLInputElement && target.closest(".order-form") !== null && target.inputMode === "numeric") return "amount";
  return target.matches("input, select, textarea") || target.isContentEditable ? "text" : "elsewhere";
}
