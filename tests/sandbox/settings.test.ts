import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "./reader.ts";
import { startSandbox } from "./server.ts";
import { changedSettings, DEFAULT_SETTINGS } from "./settings.ts";

/** The fields a change is refused for; empty when it is accepted. */
function refused(change: unknown): readonly string[] {
  try {
    changedSettings(DEFAULT_SETTINGS, change);
    return [];
  } catch (error) {
    assert.ok(error instanceof InputError);
    return error.fields;
  }
}

test("the_defaults_are_those_of_the_bank_account_page", () => {
  assert.deepEqual(DEFAULT_SETTINGS, {
    requestsPerSecond: 2,
    limitBy: "token",
    authFailure: "401",
    notFound: "404",
    numbers: "string",
    lastTransactionField: "last_transaction",
    order: "newest-first",
    bareDateMax: "start-of-day",
    retryAfterHeader: "x-sepay-userapi-retry-after",
    accountsLimitMax: null,
  });
});

test("every_setting_refuses_what_it_is_not", () => {
  for (const name of Object.keys(DEFAULT_SETTINGS)) {
    for (const value of [{}, [], true, "something", -1]) {
      assert.deepEqual(refused({ [name]: value }), [name], JSON.stringify(value));
    }
    if (name !== "accountsLimitMax") assert.deepEqual(refused({ [name]: null }), [name]);
  }
});

test("numeric_settings_have_ranges", () => {
  for (const name of ["requestsPerSecond", "accountsLimitMax"]) {
    for (const value of [0, 1.5, 1_000_001, "2"]) assert.deepEqual(refused({ [name]: value }), [name]);
    for (const value of [1, 1_000_000]) assert.deepEqual(refused({ [name]: value }), []);
  }
  assert.deepEqual(refused({ accountsLimitMax: null }), []);
});

test("every_choice_can_be_made", () => {
  const choices = {
    limitBy: ["token", "ip"],
    authFailure: ["401", "empty200"],
    notFound: ["404", "status-in-200"],
    numbers: ["string", "number"],
    lastTransactionField: ["last_transaction", "last_transaction_date"],
    order: ["newest-first", "oldest-first"],
    bareDateMax: ["start-of-day", "whole-day"],
    retryAfterHeader: ["x-sepay-userapi-retry-after", "retry-after"],
  };
  for (const [name, values] of Object.entries(choices)) {
    for (const value of values) {
      assert.deepEqual(changedSettings(DEFAULT_SETTINGS, { [name]: value }), {
        ...DEFAULT_SETTINGS,
        [name]: value,
      });
    }
  }
});

test("start_options_are_checked_like_settings", async () => {
  await assert.rejects(startSandbox({ numbers: "text" as "string" }), /numbers must be one of/);
  await assert.rejects(startSandbox({ tokn: "x" } as object), /tokn is unknown/);
  await assert.rejects(startSandbox({ token: "" }), /token/);
});
