/**
 * An amount while it is typed: its digits in groups of three, and where the caret belongs. Pure.
 */

/** The digits of a text in groups, "1.500.000"; "" without digits. `separator` is the language's own. */
export function grouped(typed: string, separator: string): string {
  const digits = typed.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  return digits.replace(/\B(?=(\d{3})+$)/g, separator);
}

/**
 * Where the caret belongs in `text` so that as many digits stand behind it as before. Before a separator, not behind it: there
 * a backspace would take what comes back at once.
 */
export function caretIn(text: string, digitsBehind: number): number {
  const isDigit = (at: number) => /\d/.test(text[at] ?? "");
  let caret = text.length;
  for (let left = digitsBehind; left > 0 && caret > 0; caret -= 1) {
    if (isDigit(caret - 1)) left -= 1;
  }
  while (caret > 0 && !isDigit(caret - 1)) caret -= 1;
  return caret;
}
