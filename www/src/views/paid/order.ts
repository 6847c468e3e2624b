/**
 * What a person types, a link says or a scanner reads, as an order. Pure.
 */
import type { TypedAmount } from "../../typed-amount.ts";
import { keyOf } from "./match.ts";

/** The longest code that is taken. A VietQR code holds 25 characters of it. */
export const MAX_CODE_CHARS = 50;

const VIETIN_BANK = { bin: "970415", names: ["VIETINBANK", "ICB"] };
const MAX_CONTENT_CHARS = 25;
/* What else people scan. An order's code may have a colon of its own, "HD:001". */
const OTHER_THINGS = /^(tel|sms|smsto|mmsto|mailto|matmsg|mecard|wifi|geo|market|urn|data|javascript|bitcoin|otpauth):/i;

/** What stands in the form and in the address. */
export interface Wanted {
  /** Empty: none. */
  code: string;
  /** Whole VND; null: none. */
  amount: number | null;
  /** What stands where the amount should and cannot be read; empty: nothing. Then no amount is known, and nothing is watched. */
  unclear: string;
  /** The account's id; empty: any. */
  account: string;
}

/** What a scanner reads. */
export type Scan = Pick<Wanted, "code" | "amount">;

/** The part of it that is money. */
export type Sum = Pick<Wanted, "amount" | "unclear">;

/** No amount. */
export const NO_SUM: Sum = { amount: null, unclear: "" };

/** Reads the address's parameters. What is no code is left out; what is no amount is unclear, for a person to decide. */
export function wantedOf(params: Readonly<Record<string, string>>): Wanted {
  return { code: cleanCode(params["code"] ?? ""), ...exactSumOf(params["amount"] ?? ""), account: params["account"] ?? "" };
}

/** Whether there is something to be watched. */
export function isWatchable({ code, unclear }: Wanted): boolean {
  return code !== "" && unclear === "";
}

/** Writes them. */
export function paramsOf({ code, amount, unclear, account }: Wanted): Record<string, string> {
  return { code, amount: amount === null ? unclear : String(amount), account };
}

/** A code without blanks around it and runs of them inside; empty when it holds no letter or digit, or is too long. */
export function cleanCode(text: string): string {
  const code = text.trim().replace(/\s+/g, " ");
  return keyOf(code) === "" || code.length > MAX_CODE_CHARS ? "" : code;
}

/**
 * Reads an amount as programs write it: up to thirteen digits, and decimals that are 0, as SePay's `150000.00`. null for all
 * else, 0 too. Three decimals may be a person's thousands: `150.000`.
 */
export function exactAmountOf(text: string): number | null {
  const digits = /^(\d{1,13})(?:\.0{0,2})?$/.exec(text)?.[1];
  return Number(digits ?? 0) === 0 ? null : Number(digits);
}

/* Nothing, and 0 in any writing, is no amount; all else that cannot be read is unclear, and no reason to ask for any amount. */
function exactSumOf(text: string): Sum {
  const amount = exactAmountOf(text);
  return { amount, unclear: amount === null && /[^0.\s]/.test(text) ? text : "" };
}

/** Reads what a person types. 0 is no amount. */
export function sumOf(typed: TypedAmount): Sum {
  return "unclear" in typed ? { amount: null, unclear: typed.unclear } : { amount: typed.amount || null, unclear: "" };
}

/** The words of the transfer that a payer is asked for. */
export interface Memo {
  /** null: the code is too long for a QR code. */
  content: string | null;
  /** VietinBank: SePay sees only transfers that say SEVQR. */
  needsMark: boolean;
}

/** Makes them from a code: without its signs, which banks drop. */
export function memoOf(code: string, bank: { bank: string | null; bankBin: string | null }): Memo {
  const isNamed = VIETIN_BANK.names.includes((bank.bank ?? "").toUpperCase());
  const needsMark = bank.bankBin === VIETIN_BANK.bin || isNamed;
  const content = (needsMark ? "SEVQR " : "") + keyOf(code);
  return { content: content.length > MAX_CONTENT_CHARS ? null : content, needsMark };
}

/** Reads what a scanner saw: an order's code as plain text, or a VietQR code. null: neither, as `tel:…`, `WIFI:…` and JSON. */
export function readScan(text: string): Scan | null {
  if (/^000201/.test(text.trim())) return readVietQr(text.trim());
  if (/[\u0000-\u001f{}]|:\/\//.test(text.trim()) || OTHER_THINGS.test(text.trim())) return null;
  const code = cleanCode(text);
  return code === "" ? null : { code, amount: null };
}

function readVietQr(payload: string): Scan | null {
  const fields = fieldsOf(payload);
  const content = fieldsOf(fields?.get("62") ?? "")?.get("08");
  if (fields?.get("63")?.toUpperCase() !== crcOf(payload.slice(0, -4)) || content === undefined) return null;
  const code = cleanCode(codeIn(content) ?? "");
  const { amount, unclear } = exactSumOf(fields.get("54") ?? "");
  return code === "" || unclear !== "" ? null : { code, amount };
}

/*
 * A content may say more than the code: "SEVQR DH001", "Don hang DH001". null where it is not clear which words are the code:
 * nobody would pay for "Don hang DH 001" as a whole.
 */
function codeIn(content: string): string | null {
  const words = content.trim().split(/\s+/).filter((word) => word.toUpperCase() !== "SEVQR");
  const telling = words.filter((word) => /[a-z]/i.test(word) && /\d/.test(word));
  const isApart = words.length === 2 && /^[a-z]+$/i.test(words[0] ?? "") && /^\d+$/.test(words[1] ?? "");
  if (words.length === 1 || isApart) return words.join(" ");
  return telling.length === 1 ? (telling[0] ?? null) : null;
}

/** Reads EMVCo's objects: two digits of name, two of length, the value. null when they do not fit. */
export function fieldsOf(text: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const head = /^(\d\d)(\d\d)$/.exec(text.slice(at, at + 4));
    const [, name, length] = head ?? [];
    if (name === undefined || length === undefined) return null;
    const value = text.slice(at + 4, at + 4 + Number(length));
    if (value.length !== Number(length)) return null;
    fields.set(name, value);
    at += 4 + value.length;
  }
  return fields;
}

/* CRC-16/CCITT-FALSE, four hexadecimal digits. */
function crcOf(text: string): string {
  let crc = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}
