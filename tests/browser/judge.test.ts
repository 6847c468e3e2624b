/** Which payments are an order's, and how the order stands. Contents are those of the reference (7.1, 7.2) and the sandbox. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Transaction } from "../../www/src/model.ts";
import { isSettled, judge, oldDayOf } from "../../www/src/views/paid/judge.ts";
import type { Order } from "../../www/src/views/paid/judge.ts";

const NOBODY: ReadonlySet<string> = new Set();

test("payments_with_the_code_add_up_to_none_part_paid_and_over", () => {
  const payments = [60_000, 90_000, 1].map((amountIn) => payment({ amountIn, code: "DH001" }));
  const states = [0, 1, 2, 3].map((count) => judge(payments.slice(0, count), order("DH001", 150_000), NOBODY));
  assert.deepEqual(
    states.map(({ state, received, missing, over }) => [state, received, missing, over]),
    [
      ["none", 0, 150_000, 0],
      ["part", 60_000, 90_000, 0],
      ["paid", 150_000, 0, 0],
      ["over", 150_001, 0, 1],
    ],
  );
});

test("without_an_amount_money_came_in_and_nobody_says_that_it_is_paid", () => {
  assert.deepEqual(verdict(payment({ amountIn: 1, code: "DH001" }), order("DH001", null)), ["came", 1]);
  assert.deepEqual(verdict(payment({ code: "DH002" }), order("DH001", null)), ["none", 0]);
});

test("codes_are_compared_without_case_signs_and_marks", () => {
  for (const [asked, found] of [["dh001", "DH001"], ["DH-001", "DH001"], ["DH001", "dh-001"], ["Đơn 1", "DON1"]] as const) {
    assert.deepEqual(match(asked, { code: found, content: "" }), "sure", `${asked} ${found}`);
  }
});

test("a_code_in_the_content_counts_as_a_word_of_its_own", () => {
  for (const content of [
    "DH001",
    "dh001 thanh toan",
    "chuyen tien mua hang SEVQR DH001",
    "115140912829-Thanh toan DH001-CHUYEN TIEN-OQCH0006Hkqg-MOMO115140912829MOMO",
    "MBVCB.3278907687.DH001.CT tu 0451000123456 TRAN THI HOA toi 0071000888888",
    "Thanh toán DH001, cảm ơn",
  ]) {
    assert.equal(match("DH001", { content }), "sure", content);
  }
});

test("a_code_typed_with_signs_is_found_with_and_without_them", () => {
  for (const content of ["p-12-34 thanh toan", "p1234 thanh toan", "P 12 34"]) {
    assert.equal(match("p-12-34", { content }), "sure", content);
  }
  assert.equal(match("p-12-3", { content: "p-12-34 thanh toan" }), null);
});

test("a_code_inside_a_longer_one_is_none", () => {
  for (const [asked, content] of [
    ["DH1", "DH12"],
    ["DH001", "DH0012"],
    ["DH001", "thanh toan DH0012345"],
    ["DH001", "DH00 12"],
    ["1234", "0912345678"],
    ["ABC", "ABCD"],
  ] as const) {
    assert.equal(match(asked, { content }), null, `${asked} in ${content}`);
    assert.equal(match(asked, { content, code: content }), null, `${asked} in ${content}, with a code`);
  }
});

/* Banks drop the signs of p-12-34 or not (reference, 7.2): the shorter order is not paid by the longer one's money. */
test("a_code_that_goes_on_behind_a_sign_is_doubtful", () => {
  for (const [asked, content] of [
    ["P-12", "p-12-34 thanh toan"],
    ["P-12", "P 12 34"],
    ["DH1", "DH1-2"],
    ["DH1", "DH1.2"],
    ["P-1234", "p-1234-56 thanh toan"],
    ["P-1234", "P 1234 56"],
    ["DH001", "DH001-2"],
    ["DH001", "DH001-A"],
    ["DH001", "5-DH001"],
    ["12A34", "P-12A34"],
    ["12A34", "DH-12A34"],
    ["DH001", "DH001, 2"],
    ["DH001", "DH001 va 2"],
  ] as const) {
    assert.equal(match(asked, { content }), "glued", `${asked} in ${content}`);
  }
  for (const content of ["DH001 2 ly ca phe", "DH001 - 50.000d", "DH001, 0909123456", "DH001-CHUYEN TIEN"]) {
    assert.equal(match("DH001", { content }), "sure", content);
  }
});

test("text_glued_to_a_code_is_for_a_person_to_decide", () => {
  for (const content of ["DH001Thanh toan", "THANHTOANDH001", "115140912829DH001", "DH 001", "D H 0 0 1", "DH.001", "DH  001", "thanh toan DH - 001"]) {
    assert.equal(match("DH001", { content }), "glued", content);
  }
  assert.equal(match("DH0012", { content: "DH001 2 ly ca phe" }), "glued");
});

test("a_code_that_may_be_over_read_is_listed_and_never_counted", () => {
  for (const [asked, content] of [
    ["DH001", "DH00120261121"],
    ["DH000777", "DH0007771"],
    ["SEVN63DC8E5C", "SEVN63DC8E5CCHUYEN TIEN"],
  ] as const) {
    assert.equal(match(asked, { content }), "longer", content);
  }
  assert.equal(match("DH001", { content: "x", code: "DH00120261121" }), null);
  assert.equal(match("DH001", { content: "DH00120261121", code: "DH00120261121" }), "longer");
  assert.equal(match("DH000777", { content: "DH0007771", code: "DH0007771" }), null, "SePay knows it to be another");
  assert.equal(match("DH000777", { content: "DH0007771 HD8", code: "HD8" }), "longer");
  assert.equal(match("DH001", { content: "DH00120261121 HD8", code: "HD8" }), "longer");
  assert.equal(match("DH001", { content: null, code: "DH00120261121" }), "longer", "a key that may not see texts");
  assert.equal(match("DH001", { content: null, code: "DH002" }), null);
});

test("the_code_that_sepay_found_counts_whatever_the_content_is", () => {
  assert.equal(match("DH001", { code: "DH001", content: "DH001Thanh toan don hang LE VAN NAM" }), "sure");
  assert.equal(match("DH001", { code: "DH001", content: null }), "sure");
});

test("a_code_in_the_content_is_doubtful_when_sepay_found_another", () => {
  assert.equal(match("DH001", { code: "HD77", content: "HD77 va DH001" }), "otherCode");
  assert.equal(match("DH001", { code: "HD77", content: "HD77" }), null);
});

test("one_payment_for_two_orders_is_doubtful", () => {
  for (const [asked, content] of [
    ["DH001", "DH001 DH002"],
    ["DH001", "DH001, 002"],
    ["DH001", "DH001 va 002"],
    ["DH001", "DH001 va DH-002"],
    ["DH001", "DH001 DH002CUA"],
    ["DH001", "DH001 THANHTOANDH002"],
    ["DH001", "DH001 DH0012"],
    ["DH001A", "DH001A DH002A"],
    ["SEVN63DC8E5C", "SEVN63DC8E5C SEVN11AA22BB"],
    ["P-12-34", "p-12-34 va p-12-35"],
    ["DH2026112101", "DH2026112101 2026112102"],
  ] as const) {
    assert.equal(match(asked, { content }), "severalCodes", content);
    assert.equal(match(asked, { content, code: asked }), "severalCodes", `${content}, with a code`);
  }
  for (const content of ["DH001 DH001Thanh toan", "DH001 DH-001", "DH001 tu 0451000123456"]) {
    assert.equal(match("DH001", { content, code: "DH001" }), "sure", content);
  }
  for (const content of ["DH00120261121", "DH 001", "DH001-2", "DH001THANH TOAN"]) {
    assert.equal(match("DH001", { content, code: "DH001" }), "sure", `SePay knew it: ${content}`);
  }
  assert.equal(match("DH2026112101", { content: "MBVCB.3278907687.DH2026112101.CT tu" }), "sure");
  assert.equal(match("DH001", { content: "DH001 nhac lai DH001" }), "sure");
});

test("a_code_that_may_be_any_word_or_number_is_doubtful_in_a_content", () => {
  assert.equal(match("1001", { content: "Thanh toan 1001" }), "ordinary");
  assert.equal(match("TIEN", { content: "chuyen tien" }), "ordinary");
  assert.equal(match("T9", { content: "Tien nha T9" }), "ordinary");
  assert.equal(match("A-1", { content: "Tien nha A, 1 thang" }), "ordinary");
  assert.equal(match("B201", { content: "tien phong B201" }), "ordinary");
  assert.equal(match("BAN05", { content: "an trua BAN05" }), "sure");
  assert.equal(match("T9", { content: "Tien nha T9", code: "T9" }), "sure");
  assert.equal(match("1001", { content: "Thanh toan 1001", code: "1001" }), "sure");
});

test("money_out_with_the_code_is_shown_and_the_order_is_not_called_paid", () => {
  const paid = payment({ id: "1", code: "DH001" });
  for (const content of ["hoan tien DH001", "HOANTIENDH001", "hoan DH001 DH002"]) {
    const back = payment({ id: "2", direction: "out", amountIn: 0, amountOut: 150_000, content, accountId: "19" });
    const judged = judge([back, paid], { ...order("DH001", 150_000), account: { id: "18", number: null } }, NOBODY);
    assert.deepEqual([judged.state, judged.received, judged.paidBack], ["back", 150_000, 150_000], content);
    assert.deepEqual([judged.counted, judged.doubtful], [[paid], [{ row: back, why: "paidBack" }]], content);
  }
});

test("a_person_says_that_money_out_is_another_orders", () => {
  const rows = [payment({ id: "2", code: "DH001", direction: "out", amountIn: 0, amountOut: 9 }), payment({ id: "1", code: "DH001" })];
  const stateOf = (amount: number | null, decided = NOBODY) => judge(rows, order("DH001", amount), decided).state;
  assert.deepEqual([stateOf(150_000), stateOf(200_000), stateOf(1), stateOf(null)], ["back", "back", "back", "back"]);
  assert.equal(stateOf(150_000, new Set(["2"])), "paid");
  assert.equal(judge(rows.slice(0, 1), order("DH001", 1), NOBODY).state, "none");
});

test("money_out_that_hardly_names_the_code_waits_for_a_person", () => {
  const out = { id: "2", direction: "out", amountIn: 0, amountOut: 9, content: "luong 1001" } as const;
  const rows = [payment(out), payment({ id: "1", code: "1001" })];
  assert.equal(judge(rows, order("1001", 150_000), NOBODY).state, "paid");
  assert.equal(judge(rows, order("1001", 150_000), NOBODY).doubtful[0]?.why, "ordinary");
  assert.equal(judge(rows, order("1001", 150_000), new Set(["2"])).state, "back");
});

test("money_out_of_a_hidden_amount_or_direction_is_money_out", () => {
  const paid = payment({ id: "1", code: "DH001" });
  const hidden = judge([payment({ id: "2", code: "DH001", direction: "out", amountIn: 0, amountOut: null }), paid], order("DH001", 1), NOBODY);
  assert.deepEqual([hidden.state, hidden.paidBack], ["back", null]);
  assert.equal(match("DH001", { code: "DH001", direction: "unknown", amountIn: 0, amountOut: 5 }), "paidBack");
});

test("what_is_settled_is_not_asked_for_again", () => {
  const states = ["none", "part", "paid", "over", "came", "back", "unseen"] as const;
  assert.deepEqual(states.filter(isSettled), ["paid", "over", "came", "back", "unseen"]);
});

test("payments_of_before_today_in_vietnam_are_told", () => {
  const of = (...times: (string | null)[]) => oldDayOf({ counted: times.map((occurredAt) => payment({ occurredAt })) }, "2026-11-21");
  assert.equal(of(), null);
  assert.equal(of("2026-11-20T17:00:00Z"), null, "midnight in Vietnam");
  assert.equal(of("2026-11-20T16:59:59Z"), "2026-11-20");
  assert.equal(of("2026-11-21T09:00:00+07:00", "2026-11-14T09:00:00+07:00", null), "2026-11-14", "one is enough");
  assert.equal(of(null), null);
});

test("no_money_never_counts", () => {
  assert.equal(match("DH001", { code: "DH001", direction: "unknown", amountIn: 0 }), null);
  assert.equal(match("DH001", { code: "DH001", amountIn: 0 }), null);
  assert.equal(match("DH001", { code: "DH001", direction: "unknown", amountIn: 5, amountOut: 5 }), "noDirection");
});

test("a_payment_to_another_account_is_doubtful", () => {
  const account = { id: "18", number: "0071000888888" };
  const wanted = { ...order("DH001", 1), account };
  const at = (row: Partial<Transaction>) => whyOf(judge([payment({ code: "DH001", ...row })], wanted, NOBODY));
  assert.equal(at({ accountId: "18" }), "sure");
  assert.equal(at({ accountId: "19" }), "otherAccount");
  assert.equal(at({ accountId: null, accountNumber: "19036000111222" }), "otherAccount");
  assert.equal(at({ accountId: null, accountNumber: "0071000888888" }), "sure");
  assert.equal(at({ accountId: null, accountNumber: null }), "unseenAccount");
  const unnumbered = { ...wanted, account: { id: "18", number: null } };
  assert.equal(whyOf(judge([payment({ code: "DH001", accountId: null })], unnumbered, NOBODY)), "unseenAccount");
});

test("an_amount_that_may_not_be_seen_cannot_be_judged", () => {
  assert.deepEqual(verdict(payment({ amountIn: null, code: "DH001" }), order("DH001", 5)), ["unseen", 0]);
  assert.deepEqual(verdict(payment({ amountIn: null, code: "DH001" }), order("DH001", null)), ["unseen", 0]);
});

test("a_person_counts_what_is_doubtful", () => {
  const row = payment({ id: "7", amountIn: 150_000, content: "DH001Thanh toan" });
  const judged = judge([row], order("DH001", 150_000), new Set(["7"]));
  assert.equal(judged.state, "paid");
  assert.deepEqual(judged.doubtful, [{ row, why: "glued" }]);
});

test("a_code_without_letters_and_digits_is_nobodys", () => {
  assert.equal(match("-", { content: "- 1 -", code: null }), null);
});

function match(code: string, row: Partial<Transaction>): string | null {
  return whyOf(judge([payment(row)], order(code, 1), NOBODY));
}

function whyOf({ counted, doubtful }: ReturnType<typeof judge>): string | null {
  return counted.length > 0 ? "sure" : (doubtful[0]?.why ?? null);
}

function verdict(row: Transaction, asked: Order): [string, number] {
  const { state, received } = judge([row], asked, NOBODY);
  return [state, received];
}

function order(code: string, amount: number | null): Order {
  return { code, amount, account: null };
}

function payment(rest: Partial<Transaction>): Transaction {
  return {
    id: "1",
    accountId: "18",
    bank: "Vietcombank",
    accountNumber: "0071000888888",
    subAccount: null,
    occurredAt: "2026-11-21T09:00:00+07:00",
    direction: "in",
    amountIn: 150_000,
    amountOut: 0,
    balance: 0,
    content: "",
    code: null,
    reference: null,
    ...rest,
  };
}
