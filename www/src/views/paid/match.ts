/**
 * Whether a payment names an order's code. Pure. Banks drop signs and spaces from what payers write and add text of their own,
 * so only A-Z and 0-9 are compared, and what may as well be another code is for a person to decide.
 */
import type { Transaction } from "../../model.ts";

/** Why a payment that names a code may be another order's. */
export type CodeDoubt = "otherCode" | "severalCodes" | "glued" | "longer" | "ordinary";

/** null: the code is not there. */
export type CodeMatch = "sure" | CodeDoubt | null;

/* Shorter codes are words and numbers of everyday texts: T9, A1. */
const MIN_TELLING_CHARS = 5;
/* Codes from this length on are so rare in texts that any place of theirs is worth a look. */
const LONG_KEY_CHARS = 6;
/* Of shorter codes, DH0012 is another order; but so many digits behind one are a date or a bank's number. */
const FOREIGN_DIGITS = /^[0-9]{6}/;
/* Numbers of this length are banks' and phones', unless they begin as the code's number does. */
const LONG_NUMBER_CHARS = 8;
const SAME_BEGINNING_CHARS = 4;

/* Stands for the code itself where other codes are looked for. */
const OWN = " \u0000 ";

/** The letters and digits by which a code is compared: `dh-001` is DH001. Empty for a text that has none. */
export function keyOf(code: string): string {
  return plain(code).replace(/[^A-Z0-9]/g, "");
}

/** Makes the question for one code. */
export function codeMatcherOf(code: string): (row: Pick<Transaction, "code" | "content">) => CodeMatch {
  const key = keyOf(code);
  if (key === "") return () => null;
  // With the signs that a person wrote the code with, or without them.
  const whole = new RegExp(partsOf(code).join("[^A-Z0-9]{0,2}"), "g");
  return ({ code: found, content }) => {
    const foundKey = keyOf(found ?? "");
    const text = plain(content ?? found ?? "");
    if (foundKey === key) return namesAnother(text, key) ? "severalCodes" : "sure";
    const places = placesOf(text, whole);
    if (!places.some(isWord)) return nearMatch(text, key, foundKey);
    if (foundKey !== "") return "otherCode";
    if (isTelling(key) && namesAnother(text, key)) return "severalCodes";
    if (!places.some(standsAlone)) return "glued";
    return isTelling(key) ? "sure" : "ordinary";
  };
}

/* The code, but not as a word of its own. */
function nearMatch(text: string, key: string, foundKey: string): CodeMatch {
  const places = placesOf(text, splitOf(key));
  if (places.some((place) => mayBeCode(key, place))) return "glued";
  return places.some((place) => mayBeOverread(key, foundKey, place)) ? "longer" : null;
}

/** A text in capitals without marks: "Đơn" is DON. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase().replaceAll("Đ", "D");
}

function partsOf(text: string): string[] {
  return plain(text).split(/[^A-Z0-9]+/).filter((part) => part !== "");
}

/* The code however it was taken apart, as far as " - " does. */
function splitOf(key: string): RegExp {
  return new RegExp([...key].join("[^A-Z0-9]{0,3}"), "g");
}

/** Where a code stands in a text: what was found, and all that stands before and after it. */
interface Place {
  start: number;
  found: string;
  before: string;
  after: string;
}

function placesOf(text: string, pattern: RegExp): Place[] {
  const places: Place[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [found] = match;
    const start = match.index;
    places.push({ start, found, before: text.slice(0, start), after: text.slice(start + found.length) });
    pattern.lastIndex = start + 1;
  }
  return places;
}

function isWord({ before, after }: Place): boolean {
  return !/[A-Z0-9]$/.test(before) && !/^[A-Z0-9]/.test(after);
}

/*
 * No part of a longer code that has signs: DH1-2, P-12-34 or "P 12 34" for P-12, 5-DH001. A sign before a word, as in
 * DH001-CHUYEN TIEN, and one behind a bank's long number, as in 3278907687.DH001, end a code.
 */
function standsAlone(place: Place): boolean {
  const { found, before, after } = place;
  if (!isWord(place)) return false;
  if (/^[^A-Z0-9\s](?:[0-9]|[A-Z](?![A-Z]))/.test(after) || /(?:^|[^A-Z0-9])(?:[0-9]{1,5}|[A-Z])[^A-Z0-9\s]$/.test(before)) return false;
  // "DH001, 2" and "DH001 va 2", but not an amount: "DH001 - 50.000".
  if (/^\s*(?:[^A-Z0-9\s]|\s(?:VA|AND)\s)\s*[0-9]{1,4}(?![A-Z0-9]|[.,][0-9])/.test(after)) return false;
  if (/^[0-9]/.test(found) && /[A-Z0-9][^A-Z0-9\s]$/.test(before)) return false;
  return !(/\s/.test(found) && /^\s+[0-9]/.test(after));
}

/*
 * Text is glued to codes where banks drop spaces: THANHTOANDH001CUA. Digits that go on, as in DH0012, are another code, and so
 * are letters that go on behind letters.
 */
function mayBeCode(key: string, { before, after }: Place): boolean {
  const begins = !(/[0-9]$/.test(before) && /^[0-9]/.test(key));
  const goesOn = /[0-9]$/.test(key) ? /^[0-9]/ : /^[A-Z]/;
  return begins && !goesOn.test(after);
}

/* Or the rest is a text of the same kind: DH00120261121 with a date behind it. A short rest that SePay knows is a longer code. */
function mayBeOverread(key: string, foundKey: string, { after }: Place): boolean {
  if (!isTelling(key)) return false;
  return FOREIGN_DIGITS.test(after) || (key.length >= LONG_KEY_CHARS && !foundKey.startsWith(key));
}

/* A code of letters only or digits only may be any word or number of a text, and so may a short one. */
function isTelling(key: string): boolean {
  return key.length >= MIN_TELLING_CHARS && /[A-Z]/.test(key) && /[0-9]/.test(key);
}

/* One payment for two orders: nobody can say what part of it is whose. */
function namesAnother(text: string, key: string): boolean {
  const rest = withoutOwn(text, key);
  return namesAlike(rest, key) || partsOf(rest).some((part) => isAlikeNumber(part, key));
}

/* Another code with the letters of this one and a digit: DH002, DH-002, SEVN11AA22BB. Of one letter, as a word of its own. */
function namesAlike(rest: string, key: string): boolean {
  const prefix = /^[A-Z]+(?=[0-9])/.exec(key)?.[0];
  if (prefix === undefined) return false;
  const border = prefix.length === 1 ? "(?<![A-Z0-9])" : "";
  return new RegExp(`${border}${prefix}[^A-Z0-9]{0,2}[0-9]`).test(rest);
}

/* The number alone, as in "DH001, 002". */
function isAlikeNumber(part: string, key: string): boolean {
  const number = /^[A-Z]+([0-9]+)$/.exec(key)?.[1];
  if (number === undefined || part.length !== number.length || /[A-Z]/.test(part)) return false;
  return number.length < LONG_NUMBER_CHARS || part.slice(0, SAME_BEGINNING_CHARS) === number.slice(0, SAME_BEGINNING_CHARS);
}

/* Where the code is nowhere by itself, SePay knew it in a longer text, and then its first place is it. */
function withoutOwn(text: string, key: string): string {
  const places = placesOf(text, splitOf(key));
  const own = places.filter((place) => mayBeCode(key, place));
  const starts = new Set((own.length > 0 ? own : places.slice(0, 1)).map(({ start }) => start));
  return text.replace(splitOf(key), (found: string, start: number) => (starts.has(start) ? OWN : found));
}
