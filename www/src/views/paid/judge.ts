/**
 * Whether an order is paid, from transactions. Pure. Money in counts when SePay found the order's code in it, or found none
 * and the code stands in the transfer's text as a word of its own. Where that is not certain it is for a person to decide.
 * Banks drop signs and spaces from what payers write, so only A-Z and 0-9 are compared.
 */
import type { Transaction } from "../../model.ts";

/** What is waited for. */
export interface Order {
  /** As a person wrote it: `dh-001`. */
  code: string;
  /** Whole VND; null: any amount will do. */
  amount: number | null;
  /** The account to be paid; null: any. Its number is null where the key may not see it. */
  account: { id: string; number: string | null } | null;
}

/** Why a payment may be the order's, and may not. */
export type Doubt = "otherCode" | "severalCodes" | "glued" | "ordinary" | "otherAccount" | "noDirection";

/** Nothing yet, less than asked for, enough, more; or it came in an amount that the key may not see. */
export type State = "none" | "part" | "paid" | "over" | "unseen";

/** What is known of an order. Money is whole VND. */
export interface Verdict {
  state: State;
  received: number;
  missing: number;
  over: number;
  /** Newest first. */
  counted: Transaction[];
  doubtful: { row: Transaction; why: Doubt }[];
}

/** Judges an order. `accepted` holds the ids of doubtful payments that a person counted. */
export function judge(rows: readonly Transaction[], order: Order, accepted: ReadonlySet<string>): Verdict {
  const fit = matcherOf(order);
  const found = rows.flatMap((row) => {
    const match = fit(row);
    return match === null ? [] : [{ row, match }];
  });
  const doubtful = found.flatMap(({ row, match }) => (match === "sure" ? [] : [{ row, why: match }]));
  const counted = found.flatMap(({ row, match }) => (match === "sure" || accepted.has(row.id) ? [row] : []));
  return { ...balance(counted, order.amount), counted, doubtful };
}

/** The letters and digits by which a code is compared: `dh-001` is DH001. Empty for a text that has none. */
export function keyOf(code: string): string {
  return plain(code).replace(/[^A-Z0-9]/g, "");
}

function balance(counted: readonly Transaction[], amount: number | null): Omit<Verdict, "counted" | "doubtful"> {
  const received = counted.reduce((sum, { amountIn }) => sum + (amountIn ?? 0), 0);
  const wanted = amount ?? received;
  const missing = Math.max(0, wanted - received);
  const over = Math.max(0, received - wanted);
  return { state: stateOf(counted, missing, over), received, missing, over };
}

function stateOf(counted: readonly Transaction[], missing: number, over: number): State {
  if (counted.length === 0) return "none";
  if (counted.some(({ amountIn }) => amountIn === null)) return "unseen";
  if (missing > 0) return "part";
  return over > 0 ? "over" : "paid";
}

type Match = "sure" | Doubt | null;

function matcherOf({ code, account }: Order): (row: Transaction) => Match {
  const inCodes = codeMatcherOf(code);
  return (row) => {
    if (row.direction === "out" || row.amountIn === 0) return null;
    const match = inCodes(row);
    if (match === null) return null;
    if (row.direction !== "in") return "noDirection";
    return match === "sure" && account !== null && isElsewhere(row, account) ? "otherAccount" : match;
  };
}

function isElsewhere(row: Transaction, { id, number }: { id: string; number: string | null }): boolean {
  if (row.accountId !== null) return row.accountId !== id;
  return row.accountNumber !== null && number !== null && row.accountNumber !== number;
}

function codeMatcherOf(code: string): (row: Transaction) => Match {
  const key = keyOf(code);
  if (key === "") return () => null;
  // With the signs that a person wrote the code with, or without them.
  const whole = new RegExp(partsOf(code).join("[^A-Z0-9]{0,2}"), "g");
  const split = new RegExp([...key].join("[^A-Z0-9]?"), "g");
  return ({ code: found, content }) => {
    const foundKey = keyOf(found ?? "");
    if (foundKey === key) return "sure";
    const text = plain(content ?? "");
    const isWord = placesOf(text, whole).some(({ before, after }) => before === "" && after === "");
    if (!isWord) return placesOf(text, split).some((place) => mayBeCode(key, place)) ? "glued" : null;
    if (foundKey !== "") return "otherCode";
    if (!isTelling(key)) return "ordinary";
    return namesAnother(text, key) ? "severalCodes" : "sure";
  };
}

/** A text in capitals without marks: "Đơn" is DON. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase().replaceAll("Đ", "D");
}

function partsOf(text: string): string[] {
  return plain(text).split(/[^A-Z0-9]+/).filter((part) => part !== "");
}

/** The letters or digits right before and after a code in a text; empty where there are none. */
interface Place {
  before: string;
  after: string;
}

function placesOf(text: string, pattern: RegExp): Place[] {
  const places: Place[] = [];
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const end = found.index + found[0].length;
    places.push({ before: wordChar(text, found.index - 1), after: wordChar(text, end) });
    pattern.lastIndex = found.index + 1;
  }
  return places;
}

function wordChar(text: string, index: number): string {
  const char = text.charAt(index);
  return /[A-Z0-9]/.test(char) ? char : "";
}

/*
 * Text is glued to codes where banks drop spaces: THANHTOANDH001CUA. Digits that go on, as in DH0012, are another code, and so
 * are letters that go on behind letters.
 */
function mayBeCode(key: string, { before, after }: Place): boolean {
  const begins = !(isDigit(before) && isDigit(key.charAt(0)));
  const ends = after === "" || isDigit(after) !== isDigit(key.charAt(key.length - 1));
  return begins && ends;
}

function isDigit(char: string): boolean {
  return /^[0-9]$/.test(char);
}

/* A code of letters only or digits only may be any word or number of a text. */
function isTelling(key: string): boolean {
  return /[A-Z]/.test(key) && /[0-9]/.test(key);
}

/* One payment for two orders: nobody can say what part of it is whose. */
function namesAnother(text: string, key: string): boolean {
  const prefix = /^([A-Z]+)[0-9]+$/.exec(key)?.[1];
  if (prefix === undefined) return false;
  const alike = new RegExp(`^${prefix}[0-9]+$`);
  return partsOf(text).some((part) => part !== key && alike.test(part));
}
