/**
 * What becomes of an amount's text at a stroke. Pure. Digits are grouped as they come. Once a person writes anything else, the
 * text is theirs until the field is left: `2277000.` may become `2277000.00`, and then a group at every stroke would make it
 * a hundred times as much.
 */
import { caretIn, grouped, readTypedAmount } from "./typed-amount.ts";

/** What a browser says of an input; a program that writes into a field says nothing. */
export interface Said {
  inputType?: string;
  data?: string | null;
}

/** The kinds of strokes; "whole": a text that was pasted, dropped, or written by a program, and is finished. */
export type Stroke = "digits" | "deletion" | "other" | "whole";

/** A field right after a stroke. */
export interface Field {
  /** As the browser has it now. */
  text: string;
  /** Behind what was written. */
  caret: number;
  /** What was written; "" for a deletion. */
  data: string;
  /** Whether the text was the person's own already. */
  isLoose: boolean;
}

/** What the field is to hold. */
export interface Written {
  text: string;
  caret: number;
  isLoose: boolean;
}

/** Tells which kind a stroke is. */
export function strokeOf({ inputType = "", data }: Said): Stroke {
  if (inputType.startsWith("delete")) return "deletion";
  if (!/^insert(Composition)?Text$/.test(inputType)) return "whole";
  return /^\d*$/.test(data ?? "") ? "digits" : "other";
}

/** Says what a field is to hold after a stroke. `separator` is the language's own. */
export function writtenBy(stroke: Stroke, field: Field, separator: string): Written {
  if (stroke === "whole") return wholly(field.text, separator);
  if (stroke === "other") return field.isLoose ? field : apart(field, separator);
  return isTheirs(stroke, field, separator) ? field : inGroups(field, separator);
}

function wholly(text: string, separator: string): Written {
  const read = readTypedAmount(text);
  const shown = "unclear" in read ? text : grouped(String(read.amount ?? ""), separator);
  return { text: shown, caret: shown.length, isLoose: "unclear" in read };
}

/* The groups were the page's, not the person's: "1.500" and a "k" are "1500k". */
function apart({ text, caret, data }: Field, separator: string): Written {
  const [before, after] = [text.slice(0, caret - data.length), text.slice(caret)].map((part) => part.replaceAll(separator, ""));
  return { text: `${before}${data}${after}`, caret: `${before}${data}`.length, isLoose: true };
}

function isTheirs(stroke: Stroke, { text, isLoose }: Field, separator: string): boolean {
  const isBack = /^\d*$/.test(text) || (stroke === "deletion" && grouped(text, separator) === text);
  return isLoose && !isBack;
}

function inGroups({ text, caret }: Field, separator: string): Written {
  const shown = grouped(text, separator);
  return { text: shown, caret: caretIn(shown, text.slice(caret).replace(/\D/g, "").length), isLoose: false };
}
