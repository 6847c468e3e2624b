/**
 * A hand scanner types a code and presses Enter, wherever the focus is. What it types belongs into the code's field.
 */
import { mayBecomeAmount, readTypedAmount } from "../../typed-amount.ts";

/* Scanners press a key every few milliseconds, people hardly more than ten in a second. */
const BURST_GAP_MS = 60;

/* Keys that write nothing by themselves: a scanner presses them between its letters. */
const SILENT_KEYS = new Set(["Shift", "CapsLock", "AltGraph", "Dead"]);

/** What is pressed, and where. */
interface Press {
  key: string;
  /** With Control, Alt or the system's key: a command. */
  isCommand: boolean;
  /** What has the focus. */
  at: "elsewhere" | "text" | "amount" | "dialog";
  /** What the amount would be with it. */
  amount?: string;
  /** The keys that came in one burst up to this one. */
  keys?: string;
}

/**
 * Whether a key begins a scan, or shows that one has begun: a letter, a digit or a sign outside the fields; in an amount, a
 * burst with a letter that makes no amount of it. Pure.
 */
export function beginsScan({ key, isCommand, at, amount = key, keys = key }: Press): boolean {
  if (isCommand || !isSign(key) || key === " ") return false;
  return at === "elsewhere" || (at === "amount" && /\p{L}/u.test(keys) && !isAmount(amount));
}

function isAmount(text: string): boolean {
  return mayBecomeAmount(text) || !("unclear" in readTypedAmount(text));
}

function isSign(key: string): boolean {
  return [...key].length === 1;
}

/** Keys that came so quickly that no person pressed them one by one. */
interface Burst {
  /** What stood in the field before them. */
  before: string;
  keys: string;
  lastMs: number;
}

/** The burst that a key goes on with, or begins; null behind one that writes no sign, as Tab, Enter and Backspace. Pure. */
export function burstWith(burst: Burst | null, { key, before, atMs }: { key: string; before: string; atMs: number }): Burst | null {
  if (SILENT_KEYS.has(key)) return burst;
  if (!isSign(key)) return null;
  if (burst === null || atMs - burst.lastMs > BURST_GAP_MS) return { before, keys: key, lastMs: atMs };
  return { before: burst.before, keys: burst.keys + key, lastMs: atMs };
}

/** Leads what a scanner types into a field, over what stands there. The function given back ends it. */
export function followScanner(codeId: string): () => void {
  const stop = new AbortController();
  let burst: Burst | null = null;
  const lead = (event: KeyboardEvent) => {
    const { key, target, timeStamp } = event;
    const isCommand = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    const at = placeOf(target);
    const amount = at === "amount" && target instanceof HTMLInputElement ? target : null;
    if (amount === null) burst = null;
    else if (!isCommand) burst = burstWith(burst, { key, before: amount.value, atMs: timeStamp });
    const press: Press = { key, isCommand, at, amount: amount ? textWith(key, amount) : key, keys: burst?.keys ?? key };
    if (event.defaultPrevented || !beginsScan(press)) return;
    // The amount is again what it was, and the code begins with what the amount had taken.
    const begun = burst?.keys.slice(0, -1) ?? "";
    if (amount && burst && begun !== "") write(amount, burst.before);
    // The key itself goes where the focus is by then.
    takeOver(codeId);
    if (begun !== "") beginWith(begun, codeId);
    burst = null;
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

function textWith(key: string, { value, selectionStart, selectionEnd }: HTMLInputElement): string {
  return value.slice(0, selectionStart ?? value.length) + key + value.slice(selectionEnd ?? value.length);
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
