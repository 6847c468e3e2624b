/**
 * A hand scanner types a code and presses Enter, wherever the focus is. What it types belongs into the code's field.
 */

/** What is pressed, and where. */
interface Press {
  key: string;
  /** With Control, Alt or the system's key: a command. */
  isCommand: boolean;
  /** What has the focus. */
  at: "elsewhere" | "text" | "amount" | "dialog";
}

/** Whether a key begins a scan: a letter, a digit or a sign outside the fields, or a letter in an amount. Pure. */
export function beginsScan({ key, isCommand, at }: Press): boolean {
  if (isCommand || [...key].length !== 1 || key === " ") return false;
  return at === "elsewhere" || (at === "amount" && /\p{L}/u.test(key));
}

/** Leads what a scanner types into a field, over what stands there. The function given back ends it. */
export function followScanner(codeId: string): () => void {
  const stop = new AbortController();
  const lead = (event: KeyboardEvent) => {
    const isCommand = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    if (event.defaultPrevented || !beginsScan({ key: event.key, isCommand, at: placeOf(event.target) })) return;
    // The letter itself goes where the focus is by then.
    takeOver(codeId);
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

function placeOf(target: EventTarget | null): Press["at"] {
  if (!(target instanceof HTMLElement)) return "elsewhere";
  if (target.closest("dialog") !== null) return "dialog";
  if (target instanceof HTMLInputElement && target.closest(".order-form") !== null && target.inputMode === "numeric") return "amount";
  return target.matches("input, select, textarea") || target.isContentEditable ? "text" : "elsewhere";
}
