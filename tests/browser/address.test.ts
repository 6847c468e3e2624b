import assert from "node:assert/strict";
import { test } from "node:test";
import { VIEWS, readAddress, writeAddress } from "../../www/src/address.ts";

test("address_names_a_view_and_how_it_is_narrowed", () => {
  assert.deepEqual(readAddress("#/transactions?account=18&range=7d"), {
    view: "transactions",
    params: { account: "18", range: "7d" },
  });
});

test("address_that_names_no_view_is_the_accounts", () => {
  for (const hash of ["", "#", "#/", "#/nothing", "#/__proto__", "#/constructor", "#transactionsx", "#/accounts/18"]) {
    assert.equal(readAddress(hash).view, "accounts", hash);
  }
});

test("address_is_read_with_and_without_its_slash", () => {
  assert.equal(readAddress("#paid").view, "paid");
  assert.equal(readAddress("/gate").view, "gate");
});

test("every_view_comes_back_as_it_was_written", () => {
  for (const view of VIEWS) {
    const params = { q: "Nguyễn & Trần = 100% #1?", from: "2026-11-19", text: "a+b\nc" };
    assert.deepEqual(readAddress(writeAddress({ view, params })), { view, params });
  }
});

test("empty_parameters_are_left_out", () => {
  assert.equal(writeAddress({ view: "accounts", params: { q: "", bank: "ACB" } }), "#/accounts?bank=ACB");
  assert.equal(writeAddress({ view: "gate", params: { q: "" } }), "#/gate");
});

test("of_a_parameter_given_twice_the_last_counts_and_no_name_reaches_further_than_the_address", () => {
  assert.equal(readAddress("#/accounts?q=1&q=2").params["q"], "2");
  const { params } = readAddress("#/accounts?__proto__=x");
  assert.equal(Object.getPrototypeOf(params), Object.prototype);
  assert.deepEqual(Object.keys(params), ["__proto__"]);
});
