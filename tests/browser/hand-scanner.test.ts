/** Which keys begin a scan, and which payment codes are a stranger's. The payload is that of the core's own example (src/vietqr.rs). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account, Transaction } from "../../www/src/model.ts";
import { beginsScan, burstWith } from "../../www/src/views/paid/hand-scanner.ts";
import { paysOthers } from "../../www/src/views/paid/payee.ts";

const PAYLOAD =
  "00020101021238570010A00000072701270006970436011300710008888880208QRIBFTTA5303704" +
  "54061500005802VN62210817Don hang DH0007776304ED4E";

test("letters_digits_and_signs_outside_the_fields_begin_a_scan", () => {
  const begins = (key: string, at: Parameters<typeof beginsScan>[0]["at"], isCommand = false) => beginsScan({ key, at, isCommand });
  for (const key of ["D", "0", "-", "đ"]) assert.equal(begins(key, "elsewhere"), true, key);
  for (const key of [" ", "Enter", "Tab", "ArrowDown", "F5"]) assert.equal(begins(key, "elsewhere"), false, key);
  assert.equal(begins("c", "elsewhere", true), false, "a command");
  for (const at of ["text", "dialog"] as const) assert.equal(begins("D", at), false, at);
  assert.deepEqual([begins("D", "amount"), begins("5", "amount"), begins(".", "amount")], [true, false, false]);
});

test("a_letter_of_a_unit_in_an_amount_begins_no_scan", () => {
  const begins = (amount: string) => beginsScan({ key: amount.slice(-1), at: "amount", isCommand: false, amount });
  for (const amount of ["150k", "150 n", "1,5tr", "1.5 triệ", "150.000 đ", "150kđ", "2t", "2 tỷ", "5v"]) assert.equal(begins(amount), false, amount);
  for (const amount of ["K", "150x", "150dh", "150kh", "150 m", "1e"]) assert.equal(begins(amount), true, amount);
});

test("a_digit_in_an_amount_shows_a_scan_that_began_with_letters_of_a_unit", () => {
  const begins = (before: string, keys: string) => beginsScan({ key: keys.slice(-1), at: "amount", isCommand: false, amount: before + keys, keys });
  for (const keys of ["D0", "K0", "TR5", "VND1", "12A"]) assert.equal(begins("150000", keys), true, keys);
  for (const keys of ["5", "00", "K", "TR", "VND"]) assert.equal(begins("150000", keys), false, keys);
  assert.equal(begins("1", "tr5"), false, "a person may be quick");
  assert.equal(begins("150k", "5"), false, "a digit alone is a slip");
});

test("a_burst_goes_on_while_keys_come_quickly", () => {
  const one = burstWith(null, { key: "D", before: "150k", atMs: 1000 });
  const two = burstWith(one, { key: "H", before: "150kD", atMs: 1060 });
  assert.deepEqual(two, { before: "150k", keys: "DH", lastMs: 1060 });
  assert.deepEqual(burstWith(two, { key: "1", before: "150kDH", atMs: 1121 }), { before: "150kDH", keys: "1", lastMs: 1121 });
});

test("a_burst_ends_with_a_key_that_leaves_the_field_or_empties_it", () => {
  const one = burstWith(null, { key: "t", before: "150", atMs: 1000 });
  assert.equal(burstWith(one, { key: "Shift", before: "150t", atMs: 1010 }), one);
  for (const key of ["Tab", "Enter", "Backspace", "Delete", "ArrowLeft"]) {
    assert.equal(burstWith(one, { key, before: "150t", atMs: 1010 }), null, key);
  }
});

test("a_code_that_pays_none_of_the_accounts_is_a_strangers", () => {
  const mine = { accountNumber: "0071000888888", bankBin: "970436" } as Account;
  const other = { accountNumber: "102871015203", bankBin: "970415" } as Account;
  assert.equal(paysOthers(PAYLOAD, [other, mine], []), false);
  assert.equal(paysOthers(` ${PAYLOAD}\n`, [other], []), true);
  assert.equal(paysOthers(PAYLOAD, [{ ...mine, bankBin: "970415" }], []), true, "another bank's account of the same number");
  assert.equal(paysOthers(PAYLOAD, [{ ...mine, bankBin: null }], []), false);
});

test("a_virtual_account_that_was_paid_by_is_none_of_a_strangers", () => {
  const other = { accountNumber: "102871015203", bankBin: "970415" } as Account;
  assert.equal(paysOthers(PAYLOAD, [other], [{ subAccount: "0071000888888" } as Transaction]), false);
});

test("what_cannot_be_told_is_no_strangers", () => {
  const hidden = { accountNumber: null, bankBin: null } as Account;
  const other = { accountNumber: "102871015203", bankBin: "970415" } as Account;
  assert.equal(paysOthers("DH001", [other], []), false);
  for (const accounts of [null, [], [hidden, other]]) assert.equal(paysOthers(PAYLOAD, accounts, []), false);
});
