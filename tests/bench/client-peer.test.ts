/** The hand-written client is measured against the package, so it must do the same job: the same objects, the same refusals. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { startSandbox } from "../sandbox/server.ts";
import { transactionJson } from "../worker/expected.ts";
import { bytes, fixture, listOf, PLAIN_TRANSACTION, READ, REFUSALS, rowWith, SUCCESSES, UNREAD } from "./client/answers.ts";
import { PeerError } from "./client/peer-error.ts";
import { readTransactions } from "./client/peer.ts";
import type { PeerTransaction } from "./client/peer.ts";

function read(body: Uint8Array | string): PeerTransaction[] {
  return readTransactions({ status: 200, contentType: "application/json", body: typeof body === "string" ? bytes(body) : body });
}

test("SePay's own examples are read whole", () => {
  assert.deepEqual(read(fixture("quick_start_transactions.json")), [
    {
      id: "92704",
      accountId: "123",
      accountNumber: "0071000888888",
      subAccount: null,
      bank: "Vietcombank",
      occurredAt: "2023-05-02T10:30:00+07:00",
      direction: "in",
      amountIn: 2_277_000,
      amountOut: 0,
      balance: 19_077_000,
      content: "chuyen tien mua hang DH001",
      code: "DH001",
      reference: "MBVCB.3278907687",
    },
  ]);
  const [plain] = read(fixture("reference_transactions.json"));
  assert.deepEqual(plain, { ...PLAIN_TRANSACTION, bank: "MBBank", content: "DH20260402 thanh toan", reference: "FT26092000111" });
  assert.deepEqual(read(fixture("bom_transactions.json")), [plain]);
  assert.deepEqual(read(fixture("transactions_none.json")), []);
});

test("every habit of a row reads as the same model", () => {
  const memo = 'Nguyễn Văn A chuyển tiền 🎉 🧧 Đơn "DH\\001"\tA/B\0';
  const nothing = { content: "", code: null, reference: null };
  const rows = [
    { balance: -250_000, content: "numbers", reference: "4711", code: "DH001", subAccount: "VCB0011ABC002" },
    { amountIn: 0, amountOut: 145_000, direction: "out", balance: Number.MAX_SAFE_INTEGER, content: "text without decimals", reference: "4711" },
    nothing,
    nothing,
    { ...nothing, amountIn: 0, direction: "unknown" },
    { amountIn: 1, accountNumber: "0000000001", content: memo, reference: "FT/1" },
  ];
  const expected = rows.map((row, index) => ({ ...PLAIN_TRANSACTION, id: String(700_001 + index), occurredAt: `2026-04-02T08:15:0${index + 1}+07:00`, ...row }));
  assert.deepEqual(read(fixture("transactions_variants.json")), expected);
});

test("a field of any shape reads as the core reads it", () => {
  for (const [field, wire, becomes] of READ) {
    assert.deepEqual(read(listOf(rowWith({ [field]: wire }))), [{ ...PLAIN_TRANSACTION, ...becomes }], `${field}: ${wire}`);
  }
  assert.ok(Object.is(read(listOf(rowWith({ amount_in: '"-0.00"' })))[0]?.amountIn, 0), "no negative zero");
});

test("a field that cannot be read is named with its row, and never repeated", () => {
  for (const [field, wire] of UNREAD) {
    const body = listOf(rowWith({}), rowWith({}), rowWith({ [field]: wire }));
    assert.throws(() => read(body), (error) => {
      assert.ok(error instanceof PeerError);
      assert.deepEqual([error.code, error.at], ["unreadable", `transactions[2].${field}`], `${field}: ${wire}`);
      return !/CANARY|7391/.test(error.message);
    });
  }
});

test("a failure is never an empty list", () => {
  for (const [status, contentType, body, refusal] of REFUSALS) {
    assert.throws(() => readTransactions({ status, contentType, body: bytes(body) }), (error) => {
      assert.ok(error instanceof PeerError, `${status} ${body}: ${String(error)}`);
      assert.deepEqual({ code: error.code, at: error.at }, refusal, `${status} ${body}`);
      return true;
    });
  }
  assert.throws(() => read(fixture("invalid_utf8.txt")), { code: "unreadable", at: "body" });
  for (const body of SUCCESSES) assert.deepEqual(read(body), [], body);
});

test("the sandbox's rows are read as design section 3 has them, strings or numbers on the wire", async () => {
  const sandbox = await startSandbox({ requestsPerSecond: 1_000 });
  try {
    const expected = sandbox.data().transactions.toReversed().slice(0, 5_000).map(transactionJson);
    for (const numbers of ["string", "number"] as const) {
      sandbox.configure({ numbers });
      const answer = await fetch(`${sandbox.url}/userapi/transactions/list`, { headers: { Authorization: `Bearer ${sandbox.token}` } });
      assert.deepEqual(read(new Uint8Array(await answer.arrayBuffer())), expected, numbers);
    }
  } finally {
    await sandbox.close();
  }
});
