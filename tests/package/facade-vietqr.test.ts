// Codes to pay with: the text of a code, or a typed error that names what is wrong and repeats nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import type { VietQrParams } from "../../src/js/npm/src/types.ts";
import { npm } from "./facade-client.ts";

const { InvalidParameterError, vietQr } = npm;

const ACCOUNT = { bank: "Vietcombank", account: "0071000888888" };

function refusal(params: unknown): string {
  try {
    vietQr(params as VietQrParams);
  } catch (error) {
    assert.ok(error instanceof InvalidParameterError, inspect(error));
    assert.ok(error.message.startsWith(`${error.parameter}: `), error.message);
    return error.message;
  }
  return assert.fail(`was taken: ${inspect(params)}`);
}

test("a code is made at once, without a client and without a promise", () => {
  const bare = "00020101021138570010A00000072701270006970436011300710008888880208QRIBFTTA53037045802VN";
  const same: VietQrParams[] = [ACCOUNT, { ...ACCOUNT, amount: undefined, content: undefined }, { ...ACCOUNT, bank: "vcb" }, { ...ACCOUNT, bank: "970436" }];
  for (const params of same) assert.match(vietQr(params), new RegExp(`^${bare}6304[0-9A-F]{4}$`));
  assert.equal(new Set(same.map((params) => vietQr(params))).size, 1);
});

test("an amount is a number, a bigint or digits", () => {
  const codes = [150_000, 150_000n, "150000", "150000.00"].map((amount) => vietQr({ ...ACCOUNT, amount }));
  assert.equal(new Set(codes).size, 1);
  assert.match(codes[0] ?? "", /^0002010102123857.*540615000058.*$/);
});

test("what is wrong is named, with what was expected and without what was found", () => {
  const wrong: [unknown, string][] = [
    [undefined, "bank: expected a bank's short name, its code or its six-digit BIN"],
    [{}, "bank: expected a bank's short name, its code or its six-digit BIN"],
    [null, "params: expected an object, found null"],
    [{ ...ACCOUNT, bank: "Vietcombnk" }, "bank: expected a bank's short name, its code or its six-digit BIN; did you mean Vietcombank?"],
    [{ ...ACCOUNT, bank: 970_436 }, "bank: expected text, found a number: a number loses its leading zeros"],
    [{ bank: "VCB" }, "account: expected 1 to 19 letters and digits"],
    [{ ...ACCOUNT, account: 71_000_888_888 }, "account: expected text, found a number: a number loses its leading zeros"],
    [{ ...ACCOUNT, amount: 0 }, "amount: expected 1 to 9999999999999 VND"],
    [{ ...ACCOUNT, amount: 1.5 }, "amount: expected a whole number, a bigint or digits, found a fraction"],
    [{ ...ACCOUNT, amount: "1.5" }, "amount: expected whole VND, found a fraction"],
    [{ ...ACCOUNT, content: null }, "content: expected text, found null"],
    [{ ...ACCOUNT, content: "thanh toán đơn hàng số 777" }, "content: expected 1 to 25 characters, found 26"],
    [{ ...ACCOUNT, content: "DH001\n" }, "content: expected letters, digits, spaces and ASCII signs, found another character"],
    [{ ...ACCOUNT, des: "DH001" }, "des: unknown parameter; did you mean content?"],
    [{ ...ACCOUNT, acount: undefined }, "acount: unknown parameter; did you mean account?"],
    [{ ...ACCOUNT, amuont: {} }, "amuont: unknown parameter; did you mean amount?"],
  ];
  for (const [params, message] of wrong) assert.equal(refusal(params), message);
});
