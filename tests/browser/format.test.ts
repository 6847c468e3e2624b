/** Texts as literals: \u00a0 is the non-breaking space before the dong sign, \u2212 the minus sign. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  clock,
  count,
  covered,
  dateTime,
  dayText,
  directionWord,
  money,
  orHidden,
  orNone,
  shortMoney,
  signed,
  signedAmount,
} from "../../www/src/format.ts";
import { lang } from "../../www/src/i18n.ts";

afterEach(() => (lang.value = "vi"));

test("money_is_written_with_points_and_a_non_breaking_space_before_the_dong_sign", () => {
  assert.equal(money(2525493), "2.525.493\u00a0₫");
  assert.equal(money(999), "999\u00a0₫");
});

test("money_of_zero_is_written_as_it_is", () => {
  assert.equal(money(0), "0\u00a0₫");
});

test("negative_money_keeps_its_sign", () => {
  assert.equal(money(-1500), "-1.500\u00a0₫");
});

test("the_largest_exact_amount_loses_no_digit", () => {
  assert.equal(money(9007199254740991), "9.007.199.254.740.991\u00a0₫");
});

test("hidden_money_is_masked_and_never_zero", () => {
  assert.equal(money(null), "•••");
});

test("time_is_written_in_vietnam_whatever_the_offset", () => {
  assert.equal(dateTime("2025-11-20T14:05:09+07:00"), "20/11/2025 14:05:09");
  assert.equal(dateTime("2025-11-20T07:05:09Z"), "20/11/2025 14:05:09");
});

test("midnight_is_hour_00_of_the_new_day", () => {
  assert.equal(dateTime("2025-01-01T00:00:00+07:00"), "01/01/2025 00:00:00");
  assert.equal(dateTime("2024-12-31T23:59:59+07:00"), "31/12/2024 23:59:59");
});

test("a_text_that_is_no_time_is_given_back", () => {
  assert.equal(dateTime("yesterday"), "yesterday");
});

test("clock_is_the_time_of_day_in_vietnam", () => {
  assert.equal(clock(Date.parse("2025-11-20T17:00:01Z")), "00:00:01");
});

test("incoming_money_has_a_plus_and_outgoing_a_minus", () => {
  assert.equal(signedAmount({ direction: "in", amountIn: 150000, amountOut: 0 }), "+150.000\u00a0₫");
  assert.equal(signedAmount({ direction: "out", amountIn: 0, amountOut: 42000 }), "\u221242.000\u00a0₫");
});

test("nothing_that_moved_has_no_sign", () => {
  assert.equal(signed("+", 0n), "0\u00a0₫");
  assert.equal(signed("\u2212", 0), "0\u00a0₫");
  assert.equal(signed("\u2212", 1n), "\u22121\u00a0₫");
});

test("a_row_without_direction_shows_every_amount_it_has", () => {
  assert.equal(signedAmount({ direction: "unknown", amountIn: 0, amountOut: 0 }), "0\u00a0₫");
  assert.equal(
    signedAmount({ direction: "unknown", amountIn: 5000, amountOut: 2000 }),
    "+5.000\u00a0₫ / \u22122.000\u00a0₫",
  );
});

test("a_hidden_amount_is_masked_without_a_sign", () => {
  assert.equal(signedAmount({ direction: "in", amountIn: null, amountOut: 0 }), "•••");
});

test("directions_have_words", () => {
  assert.deepEqual(
    [directionWord("in"), directionWord("out"), directionWord("unknown")],
    ["Tiền vào", "Tiền ra", "Không rõ chiều"],
  );
});

test("what_is_hidden_and_what_does_not_exist_read_differently", () => {
  assert.equal(orHidden(null), "•••");
  assert.equal(orNone(null), "—");
  assert.equal(orHidden("0071000888888"), "0071000888888");
  assert.equal(orNone("DH001"), "DH001");
});

test("number_is_covered_but_for_its_last_four_digits_and_a_short_one_whole", () => {
  assert.equal(covered("0071000888888"), "•••• 8888");
  assert.equal(covered("12345"), "•••• 2345");
  assert.equal(covered("1234"), "••••");
  assert.equal(covered(""), "••••");
});

test("axis_and_count_are_short_and_grouped", () => {
  assert.equal(shortMoney(1_200_000), "1,2\u00a0Tr");
  assert.equal(count(5000), "5.000");
});

test("english_writes_money_with_commas_and_the_sign_before_the_currency", () => {
  lang.value = "en";
  assert.equal(money(2525493), "₫2,525,493");
  assert.equal(money(0), "₫0");
  assert.equal(money(-1500), "-₫1,500");
  assert.equal(money(9007199254740991), "₫9,007,199,254,740,991");
  assert.equal(money(null), "•••");
  assert.equal(signedAmount({ direction: "in", amountIn: 150000, amountOut: 0 }), "+₫150,000");
  assert.equal(signedAmount({ direction: "out", amountIn: 0, amountOut: 42000 }), "\u2212₫42,000");
  assert.equal(signedAmount({ direction: "out", amountIn: 0, amountOut: null }), "•••");
  assert.equal(shortMoney(1_200_000), "1.2m");
  assert.equal(count(5000), "5,000");
});

test("english_writes_times_in_vietnam_too", () => {
  lang.value = "en";
  assert.equal(dateTime("2025-11-20T07:05:09Z"), "20/11/2025 14:05:09");
  assert.equal(dateTime("2025-01-01T00:00:00+07:00"), "01/01/2025 00:00:00");
  assert.equal(dayText(Date.parse("2025-11-19T17:00:00Z")), "20/11/2025");
  assert.equal(clock(Date.parse("2025-11-20T17:00:01Z")), "00:00:01");
});

test("english_names_directions", () => {
  lang.value = "en";
  assert.deepEqual(
    [directionWord("in"), directionWord("out"), directionWord("unknown")],
    ["Money in", "Money out", "Direction unknown"],
  );
});
