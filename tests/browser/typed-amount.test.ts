/** What people write for an amount, and what becomes of it at every stroke. Without a browser. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strokeOf, writtenBy } from "../../www/src/amount-stroke.ts";
import { caretIn, grouped, mayBecomeAmount, readTypedAmount } from "../../www/src/typed-amount.ts";

const READ: readonly (readonly [amount: number, texts: readonly string[]])[] = [
  [0, ["0", "000", "0.00", "0k"]],
  [5, ["5", "5,0", "5 đ"]],
  [150_000, ["150000", "0150000", "150.000", "150,000", "150 000", " 150\u00a0000 ", "150\u202f000", "150'000", "150’000", "150000.00", "150.000,00"]],
  [150_000, ["150k", "150K", "150 k", "150 nghìn", "150 ngàn", "150nghin", "150 ngan", "150.0k", "0,15tr", "150 nghi\u0300n"]],
  [150_000, ["150000₫", "150.000 ₫", "150.000\u00a0₫", "150.000đ", "150.000 Đ", "150.000d", "150,000 VND", "150.000 vnđ", "150 000 đồng", "150k đồng", "150kđ", "₫150,000"]],
  [1_500_000, ["1.500.000", "1,500,000", "1 500 000", "1,5tr", "1.5tr", "1,5 triệu", "1.5 triệu", "1,50 trieu", "1500k", "1tr5", "1TR5", "1,5 triệu đồng"]],
  [1_250_000, ["1,25tr", "1250k", "1250000"]],
  [1_010, ["1,01k", "1.010"]],
  [2_277_000, ["2277000", "2277000.00", "2277000,0", "2.277.000,00", "2,277,000.00", "2 277 000.00"]],
  [2_500_000_000, ["2,5 tỷ", "2.5 tỉ", "2,5ty", "2.500.000.000"]],
  [9_999_999_999_999, ["9999999999999", "9.999.999.999.999", "0009999999999999"]],
];

const UNCLEAR = [
  ...["-5000", "+5000", "−5.000", "1e6", "1,5", "1.5", "1.50.000", "1500.000", "1.5000", "1.500,000", "1,500.000", "1.500 000"],
  ...["1.500k", "1,500 triệu", "1.500.000k", "1 500k", "150000.50", "2.277.000.00", "2.277.000,000", "0.500", "150.", ".5", "5.", "150..000"],
  ...["10000000000000", "12345678901234567890", "10000000 tr", "9".repeat(400), "1tr50", "1tr500", "1.5tr5", "1k5", "150 kk", "150m", "150 usd", "$150"],
  ...["k", "₫", "đồng", "abc", "DH001", "1 2", "１５０", "5²", "0x10", "1/2", "150.000-200.000", "Infinity", "NaN"],
];

describe("an amount that is typed", () => {
  for (const [amount, texts] of READ) {
    test(`is_read: ${amount}`, () => {
      for (const text of texts) assert.deepEqual(readTypedAmount(text), { amount }, JSON.stringify(text));
    });
  }

  test("is_none_where_nothing_stands", () => {
    for (const text of ["", " ", "\u00a0"]) assert.deepEqual(readTypedAmount(text), { amount: null });
  });

  for (const text of UNCLEAR) {
    test(`is_unclear: ${text.slice(0, 24)}`, () => {
      assert.deepEqual(readTypedAmount(text), { unclear: text });
    });
  }

  test("may_go_on_to_a_unit_or_a_currency", () => {
    for (const text of ["150", "150 ", "150k", "1,5 t", "1,5 tri", "150 nghi", "150.000 vn", "150kđ", "1,5 trieu do"]) assert.equal(mayBecomeAmount(text.trim()), true, text);
    for (const text of ["", "k", "150x", "150kh", "150dh", "1tr5x"]) assert.equal(mayBecomeAmount(text), false, text);
  });
});

describe("an amount at a stroke", () => {
  test("digits_are_grouped", () => {
    assert.equal(grouped("1500000", "."), "1.500.000");
    assert.equal(grouped("1.5000", "."), "15.000");
    assert.equal(grouped("007", ","), "7");
    assert.equal(grouped("x", ","), "");
  });

  test("the_caret_stays_behind_the_digit_that_was_typed", () => {
    assert.equal(caretIn("1.500.000", 0), 9);
    assert.equal(caretIn("15.000", 4), 1);
    // Before the separator, so that the next backspace takes a digit.
    assert.equal(caretIn("1.000", 3), 1);
    assert.equal(caretIn("1.000", 9), 0);
  });

  test("strokes_are_told_apart", () => {
    assert.equal(strokeOf({ inputType: "insertText", data: "5" }), "digits");
    assert.equal(strokeOf({ inputType: "insertCompositionText", data: "15" }), "digits");
    assert.equal(strokeOf({ inputType: "insertText", data: "." }), "other");
    assert.equal(strokeOf({ inputType: "insertText", data: "150.000" }), "other");
    assert.equal(strokeOf({ inputType: "deleteContentBackward", data: null }), "deletion");
    for (const inputType of ["insertFromPaste", "insertFromDrop", "insertReplacementText", "historyUndo"]) assert.equal(strokeOf({ inputType, data: null }), "whole");
    assert.equal(strokeOf({}), "whole", "a program writes");
  });

  test("a_text_typed_by_hand_is_the_persons_own_from_its_first_sign_that_is_no_digit", () => {
    for (const text of ["150k", "2277000.00", "150.000", "2.277.000,00", "1tr5", "-5000", "1500k"]) {
      assert.equal(typed(text).text, text);
      assert.equal(typed(text).isLoose, true);
    }
    assert.deepEqual(typed("1500000"), { text: "1.500.000", caret: 9, isLoose: false });
    assert.equal(typed("12345678901234567890").text, "12.345.678.901.234.567.890", "nothing is cut");
  });

  test("a_sign_within_the_groups_keeps_the_caret", () => {
    const field = { text: "1.5k00", caret: 4, data: "k", isLoose: false };
    assert.deepEqual(writtenBy("other", field, "."), { text: "15k00", caret: 3, isLoose: true });
  });

  test("a_deletion_that_leaves_digits_groups_them_again", () => {
    const back = (text: string) => writtenBy("deletion", { text, caret: text.length, data: "", isLoose: true }, ".");
    assert.deepEqual(back("2277000"), { text: "2.277.000", caret: 9, isLoose: false });
    assert.equal(back("1.500").isLoose, false);
    for (const text of ["2277000.0", "1.50", "1,500"]) assert.deepEqual([back(text).text, back(text).isLoose], [text, true]);
  });

  test("what_is_pasted_is_written_anew_or_left_as_it_is", () => {
    const pasted = (text: string, separator = ".") => writtenBy("whole", { text, caret: 0, data: "", isLoose: false }, separator);
    assert.deepEqual(pasted("2277000.00"), { text: "2.277.000", caret: 9, isLoose: false });
    assert.equal(pasted("1,5 triệu", ",").text, "1,500,000");
    assert.deepEqual(pasted("-5000"), { text: "-5000", caret: 5, isLoose: true });
  });

  /* Letter by letter at the end of an empty field. */
  function typed(keys: string) {
    return [...keys].reduce(
      (last, data) => {
        const text = last.text + data;
        return { ...writtenBy(strokeOf({ inputType: "insertText", data }), { text, caret: text.length, data, isLoose: last.isLoose }, ".") };
      },
      { text: "", caret: 0, isLoose: false },
    );
  }
});
