/**
 * An amount as a person writes it: what it means, and how it looks while it is written. Pure. What can be read in two ways, or
 * in none, is unclear and stays as it is: nobody's money is guessed. Programs' amounts are read elsewhere, and more strictly.
 */
import { fold } from "./fold.ts";

/** What a text says: whole VND up to thirteen digits, null for nothing; or the text itself, where that is not clear. */
export type TypedAmount = { amount: number | null } | { unclear: string };

/* What a VietQR code can ask for: thirteen digits. */
const MOST_VND = 9_999_999_999_999;
/* Without marks, as they are compared. */
const UNITS: Readonly<Record<string, number>> = { k: 1e3, nghin: 1e3, ngan: 1e3, tr: 1e6, trieu: 1e6, ty: 1e9, ti: 1e9 };
const CURRENCIES = ["₫", "d", "vnd", "dong"];

/* Two decimals of 0 are SePay's. Three digits behind a separator are a group, and more than one group has one separator. */
const PLAIN = /^(\d+)(?:[.,]0{1,2})?$/;
const GROUPED = /^([1-9]\d{0,2}(?:([.,' ’])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,]0{1,2})?$/;
const WITH_UNIT = new RegExp(`^(\\d+)(?:[.,](\\d{1,2}))? ?(${Object.keys(UNITS).join("|")})$`);
/* "1tr5" is one million and a half; nobody counts thousands of millions like that. */
const SPOKEN = /^(\d{1,3})(tr)(\d)$/;

/** Reads an amount: digits, alone or in groups, or with a unit, `150k`, `1,5 triệu`, `1tr5`; a sign of the currency may stand by. */
export function readTypedAmount(text: string): TypedAmount {
  if (text.trim() === "") return { amount: null };
  const amount = amountIn(withoutCurrency(fold(text).replace(/\s+/g, " ").trim()));
  return amount === null || amount > MOST_VND ? { unclear: text } : { amount };
}

/* The page itself writes "₫150,000" in English. */
function withoutCurrency(text: string): string {
  return text.replace(/^₫ ?/, "").replace(new RegExp(` ?(?:${CURRENCIES.join("|")})$`), "");
}

function amountIn(text: string): number | null {
  const figure = (PLAIN.exec(text) ?? GROUPED.exec(text))?.[1];
  if (figure !== undefined) return Number(figure.replace(/\D/g, ""));
  const [, whole, decimals = "", unit = ""] = WITH_UNIT.exec(text) ?? spoken(text) ?? [];
  if (whole === undefined) return null;
  return (Number(whole + decimals) * (UNITS[unit] ?? 0)) / 10 ** decimals.length;
}

/* As WITH_UNIT finds it. */
function spoken(text: string): string[] | null {
  const [all = "", whole = "", unit = "", tenths = ""] = SPOKEN.exec(text) ?? [];
  return all === "" ? null : [all, whole, tenths, unit];
}

/** Whether a text that ends in letters may become an amount: `150n` on its way to `150 nghìn`. */
export function mayBecomeAmount(text: string): boolean {
  const [, figure = "", word = ""] = /^([\d.,' ’]*\d)([^\d.,'’]*)$/u.exec(fold(text)) ?? [];
  const words = ["", ...Object.keys(UNITS)].flatMap((unit) => ["", ...CURRENCIES].map((currency) => unit + currency));
  return figure !== "" && words.some((one) => one.startsWith(word.replace(/\s/g, "")));
}

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
