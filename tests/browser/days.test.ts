import assert from "node:assert/strict";
import { test } from "node:test";
import { dayAfter, dayAt, dayOf, daysBetween, isDay, plainDay, quickRange } from "../../www/src/days.ts";

test("day_changes_at_midnight_in_vietnam", () => {
  assert.equal(dayAt(Date.parse("2026-11-19T16:59:59.999Z")), "2026-11-19");
  assert.equal(dayAt(Date.parse("2026-11-19T17:00:00.000Z")), "2026-11-20");
});

test("day_of_a_time_is_that_in_vietnam_whatever_its_offset", () => {
  assert.equal(dayOf("2026-11-20T00:00:00+07:00"), "2026-11-20");
  assert.equal(dayOf("2026-11-19T23:00:00Z"), "2026-11-20");
  assert.equal(dayOf("2026-11-20T01:00:00+09:00"), "2026-11-19");
});

test("text_that_is_no_time_has_no_day", () => {
  for (const text of [null, "", "soon", "2026-13-01T00:00:00Z"]) assert.equal(dayOf(text), null);
});

test("days_are_counted_over_months_years_and_leap_days", () => {
  assert.equal(dayAfter("2026-12-31", 1), "2027-01-01");
  assert.equal(dayAfter("2028-02-28", 1), "2028-02-29");
  assert.equal(dayAfter("2026-03-01", -1), "2026-02-28");
  assert.equal(dayAfter("2026-11-20", 0), "2026-11-20");
});

test("span_holds_both_its_ends", () => {
  assert.deepEqual(daysBetween("2026-02-27", "2026-03-02"), ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
  assert.deepEqual(daysBetween("2026-11-20", "2026-11-20"), ["2026-11-20"]);
  assert.deepEqual(daysBetween("2026-11-21", "2026-11-20"), []);
});

test("times_beyond_all_days_have_none_and_no_span_goes_on_for_ever", () => {
  for (const text of ["9999-12-31T10:00:00+07:00", "9999-12-31T23:00:00Z", "1999-12-31T16:59:59Z", "+275760-09-13T00:00:00Z"]) assert.equal(dayOf(text), null, text);
  assert.deepEqual([dayOf("1999-12-31T17:00:00Z"), dayOf("2099-12-31T16:59:59Z")], ["2000-01-01", "2099-12-31"]);
  assert.deepEqual(daysBetween("9999-12-30", "9999-12-31"), []);
  assert.deepEqual(daysBetween("2026-11-20", "+010000-01-01"), []);
  assert.equal(daysBetween("2000-01-01", "2099-12-31").length, 36_525);
});

test("day_is_written_as_people_do", () => {
  assert.equal(plainDay("2026-11-09"), "09/11/2026");
});

test("only_days_of_the_calendar_are_days", () => {
  for (const text of ["2026-11-20", "2028-02-29", "2000-01-01", "2099-12-31"]) assert.equal(isDay(text), true, text);
  const none = ["2026-02-29", "2026-02-30", "2026-11-31", "2026-00-10", "2026-13-01", "2026-1-2", "1999-12-31", "2100-01-01"];
  for (const text of [...none, "", "20261120", "2026-11-20T00:00:00Z", " 2026-11-20", "２０２６-11-20"]) {
    assert.equal(isDay(text), false, text);
  }
});

test("quick_ranges_are_days_in_vietnam_with_both_ends", () => {
  const on = (day: string) => (name: Parameters<typeof quickRange>[0]) => Object.values(quickRange(name, day)).join(" ");
  const today = on("2026-03-05");
  assert.equal(today("today"), "2026-03-05 2026-03-05");
  assert.equal(today("yesterday"), "2026-03-04 2026-03-04");
  assert.equal(today("7d"), "2026-02-27 2026-03-05");
  assert.equal(today("30d"), "2026-02-04 2026-03-05");
  assert.equal(today("month"), "2026-03-01 2026-03-05");
  assert.equal(today("lastMonth"), "2026-02-01 2026-02-28");
});

test("last_month_of_january_is_december_of_the_year_before", () => {
  assert.deepEqual(quickRange("lastMonth", "2026-01-31"), { from: "2025-12-01", to: "2025-12-31" });
  assert.deepEqual(quickRange("yesterday", "2026-01-01"), { from: "2025-12-31", to: "2025-12-31" });
  assert.deepEqual(daysBetween(quickRange("7d", "2026-01-01").from ?? "", "2026-01-01").length, 7);
});
