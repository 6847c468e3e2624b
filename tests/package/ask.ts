/**
 * What every host does with the packed package: list, get, count, an error by its class, and a walk through some rows.
 * `ask` is sent to the host as text, so that it is the same everywhere: it uses nothing but its arguments.
 */
import assert from "node:assert/strict";
import type * as Client from "../../src/js/npm/src/index.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { accountJson, highestIds, newestFirst, transactionJson } from "../worker/expected.ts";

/** Where SePay is, and how many rows the walk leaves out. */
export interface Place {
  readonly baseURL: string;
  readonly apiToken: string;
  /** The last id already seen. */
  readonly sinceId: string;
  /** What a code says. */
  readonly pay: Client.VietQrParams;
}

/** What a host answers. */
export interface Asked {
  readonly listed: Client.List<Client.Transaction>;
  readonly got: Client.Transaction;
  readonly count: number;
  readonly accounts: Client.List<Client.BankAccount>;
  readonly error: { readonly isNotFound: boolean; readonly isSePays: boolean; readonly code: string; readonly name: string };
  readonly walked: readonly string[];
  /** The text of a VietQR code. */
  readonly code: string;
}

/** A code with the text that VietQR.io publishes for it, but for its marks ("API tạo mã QR"). */
const CODE = { bank: "VietinBank", account: "113366668888", amount: 79_000, content: "Ủng Hộ Quỹ Vắc Xin" };
const PAYLOAD = "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN62220818Ung Ho Quy Vac Xin63043ACF";

/** How many rows the walk finds. */
const WALKED = 25;

/** Asks through the client. */
export async function ask(client: typeof Client, { baseURL, apiToken, sinceId, pay }: Place): Promise<Asked> {
  const { NotFoundError, SePay, SePayError } = client;
  const code = client.vietQr(pay);
  const sepay = new SePay({ baseURL, apiToken, requestsPerSecond: 50 });
  const listed = await sepay.transactions.list({ limit: 7 });
  const [got, count, accounts, caught] = await Promise.all([
    sepay.transactions.get(listed.data[0]?.id ?? ""),
    sepay.transactions.count({ sinceId }),
    sepay.bankAccounts.list(),
    sepay.transactions.get("999999999").catch((error: unknown) => error),
  ]);
  const isSePays = caught instanceof SePayError;
  const error = { isNotFound: caught instanceof NotFoundError, isSePays, code: isSePays ? caught.code : "", name: isSePays ? caught.name : "" };
  const walked: string[] = [];
  for await (const row of sepay.transactions.iterate({ sinceId })) walked.push(row.id);
  return { listed, got, count, accounts, error, walked, code };
}

/** The place of a sandbox. */
export function placeOf(sandbox: Sandbox): Place {
  const sinceId = sandbox.data().transactions.at(-1 - WALKED)?.id;
  return { baseURL: sandbox.url, apiToken: sandbox.token, sinceId: String(sinceId), pay: CODE };
}

/** A program that asks and prints what it got, as an ES module or as CommonJS. */
export function program(format: "esm" | "cjs", place: Place): string {
  const load = format === "esm" ? 'import * as client from "@sepay-edge/client";' : 'const client = require("@sepay-edge/client");';
  return `${load}\n${ask}\nask(client, ${JSON.stringify(place)}).then((asked) => console.log(JSON.stringify(asked)));\n`;
}

/** Fails unless a host got what the sandbox has. */
export function check(asked: Asked, sandbox: Sandbox): void {
  const { accounts, transactions } = sandbox.data();
  const newest = newestFirst(highestIds(transactions, 7)).map(transactionJson);
  assert.deepEqual(byId(asked.listed.data), byId(newest));
  assert.equal(asked.listed.complete, false);
  assert.deepEqual(asked.got, transactionJson(transactions.find((row) => String(row.id) === asked.listed.data[0]?.id) ?? assert.fail()));
  assert.deepEqual(byId(asked.accounts.data), byId(accounts.map(accountJson)));
  assert.equal(asked.accounts.complete, true);
  assert.equal(asked.count, WALKED + 1, "SePay's since_id is inclusive");
  assert.deepEqual(asked.error, { isNotFound: true, isSePays: true, code: "not_found", name: "NotFoundError" });
  assert.equal(asked.code, PAYLOAD);
  assert.deepEqual(asked.walked, transactions.slice(-WALKED).map((row) => String(row.id)));
}

/** The order of a list is SePay's affair. */
function byId<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((left, right) => Number(left.id) - Number(right.id));
}
