/** The payment that the sandbox's bar proposes and sends. Without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account } from "../../www/src/model.ts";
import { idOf, payable, paymentOf, proposal, refusalOf } from "../../www/src/views/sandbox/payment.ts";

function account(id: string, accountNumber: string | null, active: boolean | null = true): Account {
  const rest = { bank: null, bankName: null, bankBin: null, holder: null, label: null, balance: null, lastTransactionAt: null };
  return { id, accountNumber, active, ...rest };
}

const ACCOUNTS = [account("130", "198765432", false), account("123", "0071000888888"), account("41", "0900112233")];
const HOME = { view: "accounts", params: {} } as const;

test("a_proposal_is_an_order_paid_into_the_first_active_account", () => {
  assert.deepEqual(proposal(HOME, ACCOUNTS, () => 0.5), {
    accountNumber: "0071000888888",
    direction: "in",
    amount: "267000",
    content: "DH500000 thanh toan don hang",
    code: "DH500000",
  });
});

test("amounts_are_whole_thousands_from_20_000_to_2_000_000", () => {
  const amounts = [0, 0.1, 0.77, 0.999999].map((number) => Number(proposal(HOME, ACCOUNTS, () => number).amount));
  assert.deepEqual([amounts[0], amounts[3]], [20_000, 2_000_000]);
  for (const amount of amounts) assert.equal(amount % 1000, 0);
  assert.match(proposal(HOME, ACCOUNTS, () => 0).code, /^DH000000$/);
});

test("the_paid_view_has_its_own_order_paid", () => {
  const params = { code: "DH777", amount: "150000", account: "41" };
  const { code, amount, accountNumber, content } = proposal({ view: "paid", params }, ACCOUNTS, () => 0.5);
  assert.deepEqual([code, amount, accountNumber, content], ["DH777", "150000", "0900112233", "DH777 thanh toan don hang"]);
  // Another view's parameters are no order.
  assert.equal(proposal({ view: "transactions", params }, ACCOUNTS, () => 0.5).code, "DH500000");
});

test("accounts_whose_number_may_not_be_seen_cannot_be_paid_into", () => {
  assert.deepEqual(payable([account("1", null)]), []);
  assert.equal(proposal(HOME, [account("1", null)], () => 0.5).accountNumber, "");
});

test("what_was_typed_becomes_one_amount_and_no_empty_code", () => {
  const typed = { accountNumber: " 0071000888888 ", direction: "in", amount: "1.500.000", content: " DH1 ", code: " " } as const;
  assert.deepEqual(paymentOf(typed), { accountNumber: "0071000888888", amountIn: 1_500_000, content: "DH1", code: null });
  assert.deepEqual(paymentOf({ ...typed, direction: "out", code: "DH1" }), {
    ...{ accountNumber: "0071000888888", amountOut: 1_500_000, content: "DH1", code: "DH1" },
  });
  for (const amount of ["1,5tr", "1500000.00", "1.500.000 ₫"]) assert.equal(paymentOf({ ...typed, amount })?.amountIn, 1_500_000, amount);
});

test("a_payment_without_account_or_amount_is_none", () => {
  const typed = { accountNumber: "1", direction: "in", amount: "1", content: "", code: "" } as const;
  assert.notEqual(paymentOf(typed), null);
  for (const amount of ["", "0", "-5", "12a", "1.5", "1e6", "1e999", "99999999999999999"]) assert.equal(paymentOf({ ...typed, amount }), null, amount);
  assert.equal(paymentOf({ ...typed, accountNumber: " " }), null);
});

test("the_row_is_known_by_the_id_that_the_sandbox_gave", () => {
  assert.deepEqual([idOf({ id: "24001" }), idOf({ id: 24001 }), idOf({}), idOf(null), idOf("x")], ["24001", "24001", null, null, null]);
});

test("a_refusal_is_told_in_the_words_of_whoever_refused", () => {
  assert.equal(refusalOf(400, { error: "amountIn or amountOut must be given" }), "amountIn or amountOut must be given");
  assert.equal(refusalOf(403, { detail: "only the page on this very address may do that", code: "forbidden" }), "only the page on this very address may do that");
  assert.equal(refusalOf(502, null), "HTTP 502");
});
