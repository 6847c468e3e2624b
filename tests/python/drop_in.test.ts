/**
 * SePay's Python client `sepay` 0.1.0, written for SePay alone, gets all six calls right through the drop-in routes
 * when only its base URL and its token are changed.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { wireAccount, wireTransaction } from "../sandbox/wire.ts";
import { KEY, startSite } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { noPython, python } from "./venv.ts";

const ACCOUNT = "0071000888888";
const SCRIPT = fileURLToPath(new URL("drop_in.py", import.meta.url));

interface Answers {
  readonly accounts: readonly Readonly<Record<string, unknown>>[];
  readonly vietcombank: readonly string[];
  readonly account: Readonly<Record<string, unknown>>;
  readonly account_count: number;
  readonly transactions: readonly Readonly<Record<string, unknown>>[];
  readonly newest: readonly string[];
  readonly transaction: Readonly<Record<string, unknown>>;
  readonly transaction_count: number;
  readonly unknown_status: number;
}

describe("SePay's Python client", { skip: noPython, timeout: 180_000 }, () => {
  let site: Site;
  let answers: Answers;

  before(async () => {
    site = await startSite();
    const python3 = python();
    const args = [SCRIPT, site.url, KEY, "723898", "123"];
    const { stdout } = await promisify(execFile)(python3, args, { maxBuffer: 64 << 20 });
    answers = JSON.parse(stdout) as Answers;
  });
  after(() => site.close());

  const rows = () => site.sandbox.data().transactions.toReversed();

  test("lists accounts with every field", () => {
    const accounts = site.sandbox.data().accounts.toReversed();
    assert.deepEqual(answers.accounts, accounts.map(pythonAccount));
    const vietcombank = accounts.filter((account) => account.bank.shortName === "Vietcombank");
    assert.deepEqual(answers.vietcombank, vietcombank.map((account) => String(account.id)));
  });

  test("gets one account and counts them", () => {
    const accounts = site.sandbox.data().accounts;
    const one = accounts.find((account) => String(account.id) === "123");
    assert.ok(one);
    assert.deepEqual(answers.account, pythonAccount(one));
    assert.equal(answers.account_count, accounts.filter((account) => account.balance >= 1).length);
  });

  test("lists transactions of an account and a period, whole days included", () => {
    const wanted = rows().filter((row) => row.accountNumber === ACCOUNT && row.occurredAt >= "2026-11-01" && row.occurredAt <= "2026-11-19 23:59:59");
    assert.ok(wanted.length > 100);
    assert.deepEqual(answers.transactions, wanted.map(pythonTransaction));
  });

  test("lists SePay's default of the newest 5,000", () => {
    assert.deepEqual(answers.newest, rows().slice(0, 5_000).map((row) => String(row.id)));
  });

  test("gets one transaction, counts them, and is told of an unknown one", () => {
    const newest = rows()[0];
    assert.ok(newest);
    assert.deepEqual(answers.transaction, pythonTransaction(newest));
    const paid = rows().filter((row) => row.accountNumber === ACCOUNT && row.amountIn === 2_277_000);
    assert.equal(answers.transaction_count, paid.length);
    assert.equal(answers.unknown_status, 404);
  });
});

const STYLE = { numbers: "string", lastTransactionField: "last_transaction" } as const;

type Account = Parameters<typeof wireAccount>[0];
type Transaction = Parameters<typeof wireTransaction>[0];

/** The client's model: SePay's fields, times as ISO 8601, `active` as a boolean. */
function pythonAccount(account: Account): Record<string, unknown> {
  const wire = wireAccount(account, STYLE);
  const iso = (text: unknown) => String(text).replace(" ", "T");
  return { ...wire, last_transaction: iso(wire["last_transaction"]), created_at: iso(wire["created_at"]), active: wire["active"] === "1" };
}

function pythonTransaction(row: Transaction): Record<string, unknown> {
  return wireTransaction(row, STYLE);
}
