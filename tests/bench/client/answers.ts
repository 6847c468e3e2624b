/** Answers and what is to become of them: for the hand-written client and the package alike. */

import { readFileSync } from "node:fs";

/** The code of an error, and where in the answer it is. */
export interface Refusal {
  readonly code: string;
  readonly at: string | null;
}

/** The bytes of a fixture. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)));
}

const encoder = new TextEncoder();

/** Text as bytes. */
export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A plain row on the wire, its fields changed; null leaves a field out. */
export function rowWith(changes: Readonly<Record<string, string | null>>): string {
  const fields = Object.entries({ ...PLAIN, ...changes }).filter(([, wire]) => wire !== null);
  return `{${fields.map(([name, wire]) => `"${name}":${wire}`).join(",")}}`;
}

/** A successful list of rows. */
export function listOf(...rows: readonly string[]): string {
  return `{"status":200,"error":null,"messages":{"success":true},"transactions":[${rows.join(",")}]}`;
}

const PLAIN: Readonly<Record<string, string>> = {
  id: '"700123"',
  bank_brand_name: '"ACB"',
  account_number: '"0900112233"',
  transaction_date: '"2026-04-02 08:15:09"',
  amount_out: '"0.00"',
  amount_in: '"145000.00"',
  accumulated: '"0.00"',
  transaction_content: '"DH1"',
  reference_number: '"FT1"',
  code: "null",
  sub_account: "null",
  bank_account_id: '"41"',
};

/** The plain row in our model. */
export const PLAIN_TRANSACTION = {
  id: "700123",
  accountId: "41",
  accountNumber: "0900112233",
  subAccount: null,
  bank: "ACB",
  occurredAt: "2026-04-02T08:15:09+07:00",
  direction: "in",
  amountIn: 145_000,
  amountOut: 0,
  balance: 0,
  content: "DH1",
  code: null,
  reference: "FT1",
} as const;

type Read = Partial<Record<keyof typeof PLAIN_TRANSACTION, string | number | null>>;

/** Fields that can be read: the wire, and what becomes of the plain row. */
export const READ: readonly (readonly [field: string, wire: string | null, becomes: Read])[] = [
  ["id", "700001", { id: "700001" }],
  ["id", '"0042"', { id: "0042" }],
  ["account_number", '"000123"', { accountNumber: "000123" }],
  ["amount_in", '"2277000"', { amountIn: 2_277_000 }],
  ["amount_in", '"00012.0"', { amountIn: 12 }],
  ["amount_in", '"1.5E+3"', { amountIn: 1_500 }],
  ["amount_in", '"25000e-3"', { amountIn: 25 }],
  ["amount_in", '"0e999"', { amountIn: 0, direction: "unknown" }],
  ["amount_in", '"-0.00"', { amountIn: 0, direction: "unknown" }],
  ["amount_in", "-0", { amountIn: 0, direction: "unknown" }],
  ["amount_in", "1.45e5", {}],
  ["amount_in", "145000.00", {}],
  ["amount_in", "null", { amountIn: 0, direction: "unknown" }],
  ["amount_in", '"9007199254740991.00"', { amountIn: 9_007_199_254_740_991 }],
  ["amount_in", '"0000000000000000000012.00"', { amountIn: 12 }],
  ["amount_out", '"1"', { amountOut: 1, direction: "unknown" }],
  ["accumulated", '"-1500.00"', { balance: -1_500 }],
  ["accumulated", '"-9007199254740991"', { balance: -9_007_199_254_740_991 }],
  ["accumulated", "-250000", { balance: -250_000 }],
  ["accumulated", null, { balance: 0 }],
  ["accumulated", "null", { balance: 0 }],
  ["transaction_date", '"2024-02-29 00:00:00"', { occurredAt: "2024-02-29T00:00:00+07:00" }],
  ["transaction_date", '"2000-02-29 23:59:59"', { occurredAt: "2000-02-29T23:59:59+07:00" }],
  ["transaction_date", '"1900-01-01 00:00:00"', { occurredAt: "1900-01-01T00:00:00+07:00" }],
  ["transaction_date", '"9999-12-31 23:59:59"', { occurredAt: "9999-12-31T23:59:59+07:00" }],
  ["transaction_content", '"\\ud83c\\udf89 \\u0110\\u01a1n \\"DH\\\\001\\"\\t\\u0000\\/"', { content: '🎉 Đơn "DH\\001"\t\0/' }],
  ["transaction_content", '"Nguyễn 🧧"', { content: "Nguyễn 🧧" }],
  ["transaction_content", "null", { content: "" }],
  ["transaction_content", null, { content: "" }],
  ["bank_brand_name", null, { bank: "" }],
  ["reference_number", "4711", { reference: "4711" }],
  ["reference_number", '""', { reference: null }],
  ["code", '"0"', { code: "0" }],
  ["code", '""', { code: null }],
  ["sub_account", '"VA1"', { subAccount: "VA1" }],
  ["sub_account", null, { subAccount: null }],
  ["unknown", '{"amount_in":["x"]}', {}],
];

/** Fields that cannot be read: the wire; null is an absent field. */
export const UNREAD: readonly (readonly [field: string, wire: string | null])[] = [
  ...['"CANARY"', '"7391.50"', "7391.000001", "7391e-2", '"15e-1"', '"9007199254740992"', '"1e999"', "1e999"].map((wire) => ["amount_in", wire] as const),
  ...["73910000000000000000000000", "-7391", '"-1"', '""', '" "', '"7,391"', '"7391 VND"', '" 1"', '"+1"', '"1."', '".5"'].map((wire) => ["amount_in", wire] as const),
  ...['"0x10"', '"NaN"', '"1e"', '"1e+-2"', '"1e1000"', '"1_000"', '"١٢"', '"12.0O"', "[7391]", "true", null].map((wire) => ["amount_in", wire] as const),
  ...['"-7391.00"', '{"CANARY":7391}', null].map((wire) => ["amount_out", wire] as const),
  ...['"7391.01"', '"CANARY"', '""', "false", "[]"].map((wire) => ["accumulated", wire] as const),
  ...["null", '""', '["CANARY"]', "true", null].map((wire) => ["id", wire] as const),
  ...["null", null].map((wire) => ["bank_account_id", wire] as const),
  ...["null", '{"CANARY":1}', null].map((wire) => ["account_number", wire] as const),
  ...["2026-02-30 07:39:01", "2023-02-29 00:00:00", "1900-02-29 00:00:00", "2026-04-31 00:00:00", "2026-13-01 00:00:00"].map((text) => ["transaction_date", `"${text}"`] as const),
  ...["2026-00-01 00:00:00", "2026-01-00 00:00:00", "2026-01-01 24:00:00", "2026-01-01 00:60:00", "2026-01-01 00:00:60"].map((text) => ["transaction_date", `"${text}"`] as const),
  ...["2026-01-01T00:00:00", "2026-01-01", "2026-01-01 00:00:00Z", " 2026-01-01 00:00:00", "1899-12-31 23:59:59"].map((text) => ["transaction_date", `"${text}"`] as const),
  ...["0000-00-00 00:00:00", "2O26-01-01 00:00:00", "2026/01/01 00:00:00", "", "CANARY"].map((text) => ["transaction_date", `"${text}"`] as const),
  ...["null", "1775092509", null].map((wire) => ["transaction_date", wire] as const),
  ...['["CANARY"]', '"CANARY \\ud83c"', '"\\ude00"', '"\\ud83d\\u0041"'].map((wire) => ["transaction_content", wire] as const),
  ["reference_number", '{"CANARY":1}'],
  ["code", "true"],
  ["code", '"\\uD83C"'],
  ["sub_account", '["CANARY"]'],
  ["bank_brand_name", '["CANARY"]'],
];

const GOOD = listOf(rowWith({}));
const HTML = "<!DOCTYPE html><title>Just a moment...</title>";
const REFUSED = (status: string): string => `{"status":${status},"error":${status},"messages":{"error":"no"}}`;
const BODY = { code: "unreadable", at: "body" };
const ROOT = { code: "unreadable", at: "transactions" };
const only = (code: string): Refusal => ({ code, at: null });

/** Whole answers that are refused. */
export const REFUSALS: readonly (readonly [status: number, contentType: string | null, body: string, refusal: Refusal])[] = [
  ...[429].flatMap((status) => ["", HTML, GOOD].map((body) => [status, null, body, only("rate_limited")] as const)),
  ...[500, 503, 599].flatMap((status) => ["", HTML, GOOD].map((body) => [status, null, body, only("server_error")] as const)),
  ...[301, 304, 307].flatMap((status) => ["", HTML, GOOD].map((body) => [status, null, body, only("redirect")] as const)),
  ...[200, 400, 401, 403, 404].map((status) => [status, null, HTML, only("challenge")] as const),
  [200, null, "\ufeff\r\n <html>", only("challenge")],
  [200, "Text/HTML; charset=utf-8", "Attention Required", only("challenge")],
  [200, "text/plain", "Just a moment...", BODY],
  [401, null, GOOD, only("unauthorized")],
  [403, null, "no", only("forbidden")],
  [404, null, "", only("not_found")],
  [422, null, "", only("rejected")],
  [201, null, GOOD, only("rejected")],
  ...["", " \r\n\t ", "\ufeff", "\ufeff \n"].map((body) => [200, null, body, only("unauthorized")] as const),
  [200, "text/html", "", only("unauthorized")],
  ...["ok", "null", "[]", "{]", GOOD.slice(0, 200), `${GOOD}<br>Warning`].map((body) => [200, null, body, BODY] as const),
  [200, null, "{}", ROOT],
  ...["null", "1", '""', "true", "{}"].map((value) => [200, null, `{"transactions":${value}}`, ROOT] as const),
  ...["null", "[]", '"x"', "1", "true"].map((row) => [200, null, listOf(rowWith({}), row), { code: "unreadable", at: "transactions[1]" }] as const),
  [200, null, REFUSED("401"), only("unauthorized")],
  [200, null, REFUSED('"403"'), only("forbidden")],
  [200, null, REFUSED("404"), only("not_found")],
  [200, null, REFUSED("400"), only("rejected")],
  ...[
    '"messages":{"success":false}', '"messages":{"success":"false"}', '"messages":{"success":0}', '"messages":{"success":"0"}',
    '"error":"Invalid since_id"', '"error":400', '"error":true', '"error":["limit"]', '"error":{"limit":"too large"}', '"status":false', '"status":"error"',
  ].map((member) => [200, null, `{${member},"transactions":[]}`, only("rejected")] as const),
];

/** Envelopes of a success without a row. */
export const SUCCESSES: readonly string[] = [
  ...["null", '""', "0", "false", "[]", "{ }", "200"].map((error) => `"error":${error}`),
  ...['"status":"200"', '"status":null', '"messages":[]', '"messages":null', '"messages":{}', '"messages":{"success":"true"}', '"messages":{"success":1}', '"x":[1]'],
].map((member) => `{${member},"transactions":[]}`);
