/** The long list's arithmetic, its sums and its file. The file's texts are literals (RFC 4180). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { COLUMNS, csvOf, fileName } from "../../www/src/views/transactions/csv.ts";
import { totalsOf } from "../../www/src/views/transactions/totals.ts";
import { drawnRows, rowAfter, seenRows, withKept } from "../../www/src/views/transactions/window.ts";
import { dictionary } from "../../www/src/views/transactions/words.ts";
import { rowWith } from "./transaction-rows.ts";

const DIRECTIONS = { in: "Tiền vào", out: "Tiền ra", unknown: "Không rõ chiều" };
const HEAD = "\uFEFFThời gian,Ngân hàng,Số tài khoản,Tài khoản ảo (VA),Chiều,Tiền vào (VND),Tiền ra (VND),Số dư (VND),Nội dung,Mã thanh toán,Mã tham chiếu,Mã giao dịch SePay\r\n";

function csv(...rows: Parameters<typeof rowWith>[0][]): string {
  return csvOf(rows.map(rowWith), { columns: dictionary.vi.csv.columns, directions: DIRECTIONS });
}

describe("the file", () => {
  test("it_reads_exactly", () => {
    const line = "2026-11-20T14:05:09+07:00,Vietcombank,0071000888888,,Tiền vào,150000,0,2525493,NGUYEN VAN C ck DH001,DH001,FT253245001,5001\r\n";
    assert.equal(csv({}), HEAD + line);
    assert.equal(csv(), HEAD);
  });

  test("rows_keep_their_order", () => {
    const ids = csv({ id: "3" }, { id: "1" }, { id: "2" }).split("\r\n").slice(1, 4).map((line) => line.split(",").at(-1));
    assert.deepEqual(ids, ["3", "1", "2"]);
  });

  test("commas_quotes_and_line_ends_stay_within_their_cell", () => {
    assert.match(csv({ content: 'a "b", c' }), /,"a ""b"", c",/);
    assert.match(csv({ content: "a\nb" }), /,"a\nb",/);
    assert.match(csv({ content: "a\rb" }), /,"a\rb",/);
  });

  for (const first of ["=", "+", "-", "@", "＝", "＋", "－", "＠"]) {
    test(`no_spreadsheet_runs_a_text_that_begins_with ${first}`, () => {
      assert.match(csv({ content: `${first}1+1` }), new RegExp(`,'\\${first}1\\+1,`));
      for (const name of ["bank", "accountNumber", "subAccount", "code", "reference"] as const) {
        assert.match(csv({ [name]: `${first}A1` }), new RegExp(`,'\\${first}A1,`), name);
      }
    });
  }

  test("a_formula_behind_white_space_is_no_formula_either", () => {
    assert.match(csv({ content: "\t=1" }), /,'\t=1,/);
    assert.match(csv({ content: "\n=1+1" }), /,"'\n=1\+1",/);
    for (const blank of [" ", "\u00a0", "\u3000", "\uFEFF"]) assert.match(csv({ content: `${blank}=1` }), new RegExp(`,'${blank}=1,`));
    assert.match(csv({ content: "\r=1" }), /,"'\r=1",/);
    assert.match(csv({ content: '=HYPERLINK("x")' }), /,"'=HYPERLINK\(""x""\)",/);
  });

  test("numbers_of_accounts_and_ids_stand_as_they_are", () => {
    assert.match(csv({ accountNumber: "0071000888888", reference: "00123", id: "12345678901234567890" }), /,0071000888888,.*,00123,12345678901234567890\r\n$/);
  });

  test("hidden_values_are_empty_and_never_0", () => {
    const hidden = { bank: null, accountNumber: null, amountIn: null, amountOut: null, balance: null, content: null, code: null, reference: null, occurredAt: null };
    assert.equal(csv(hidden), `${HEAD},,,,Tiền vào,,,,,,,5001\r\n`);
  });

  test("money_is_whole_and_without_separators", () => {
    assert.match(csv({ amountIn: 9_007_199_254_740_991 }), /,9007199254740991,0,/);
  });

  test("both_languages_name_every_column", () => {
    for (const { csv } of [dictionary.vi, dictionary.en]) assert.deepEqual(Object.keys(csv.columns), [...COLUMNS]);
  });
});

describe("the file's name", () => {
  const rows = [rowWith(), rowWith({ occurredAt: "2026-11-03T00:30:00+07:00" })];
  const parts = { stem: "giao-dich", incomplete: "khong-day-du", isComplete: true, from: null, to: null, rows };

  test("it_has_the_days_that_were_asked_for", () => {
    assert.equal(fileName({ ...parts, from: "2026-11-01", to: "2026-11-30" }), "giao-dich_2026-11-01_2026-11-30.csv");
  });

  test("without_days_it_has_those_of_its_rows", () => {
    assert.equal(fileName(parts), "giao-dich_2026-11-03_2026-11-20.csv");
  });

  test("a_list_that_is_not_complete_says_so_and_claims_no_day_that_it_does_not_reach", () => {
    const name = fileName({ ...parts, isComplete: false, from: "2026-01-01", to: "2026-11-30" });
    assert.equal(name, "giao-dich_2026-11-03_2026-11-30-khong-day-du.csv");
  });
});

describe("sums", () => {
  test("each_side_is_added_up_exactly", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const rows = [rowWith({ amountIn: most }), rowWith({ amountIn: most }), rowWith({ direction: "out", amountIn: 0, amountOut: 7 })];
    assert.deepEqual(totalsOf(rows), { count: 3, in: 18_014_398_509_481_982n, out: 7n });
  });

  test("a_row_without_a_direction_counts_with_what_it_has", () => {
    assert.deepEqual(totalsOf([rowWith({ direction: "unknown", amountIn: 5, amountOut: 2 })]), { count: 1, in: 5n, out: 2n });
  });

  test("a_hidden_amount_makes_its_sum_unknown", () => {
    assert.deepEqual(totalsOf([rowWith({ amountIn: null })]), { count: 1, in: null, out: 0n });
    assert.deepEqual(totalsOf([]), { count: 0, in: 0n, out: 0n });
    // What went out says nothing of what came in.
    assert.deepEqual(totalsOf([rowWith({ direction: "out", amountIn: null, amountOut: 3 })]), { count: 1, in: 0n, out: 3n });
  });
});

describe("the rows that are drawn", () => {
  const scene = { passedPx: 0, screenPx: 800, rowPx: 50, count: 5000 };

  test("what_is_on_the_screen_is_drawn_at_every_place", () => {
    for (let passedPx = -1200; passedPx < 5000 * 50 + 500; passedPx += 37) {
      const seen = seenRows({ ...scene, passedPx });
      const drawn = drawnRows({ ...scene, passedPx });
      assert.ok(drawn.first <= seen.first && drawn.last >= seen.last, `at ${passedPx}`);
      assert.ok(drawn.first >= 0 && drawn.last <= 5000 && drawn.last - drawn.first <= 40, `at ${passedPx}: ${JSON.stringify(drawn)}`);
    }
  });

  test("a_row_is_seen_by_its_first_and_its_last_pixel", () => {
    assert.deepEqual(seenRows({ ...scene, passedPx: 49 }), { first: 0, last: 17 });
    assert.deepEqual(seenRows({ ...scene, passedPx: 50 }), { first: 1, last: 17 });
    assert.deepEqual(seenRows({ ...scene, passedPx: 51 }), { first: 1, last: 18 });
    assert.deepEqual(seenRows({ ...scene, passedPx: -900 }), { first: 0, last: 0 });
  });

  test("after_a_leap_only_what_is_seen_is_drawn_and_then_what_lies_beyond", () => {
    const before = drawnRows(scene);
    const far = { ...scene, passedPx: 50_000 };
    const leapt = drawnRows(far, before);
    const seen = seenRows(far);
    assert.ok(leapt.first <= seen.first && leapt.last >= seen.last && leapt.last - leapt.first <= seen.last - seen.first + 8);
    const rested = drawnRows(far, leapt);
    assert.deepEqual(rested, drawnRows(far));
    assert.ok(rested.last - rested.first > leapt.last - leapt.first);
    assert.deepEqual(drawnRows({ ...scene, passedPx: 400 }, before), drawnRows({ ...scene, passedPx: 400 }), "a step is no leap");
  });

  test("a_list_below_the_screen_has_rows_that_the_tab_key_leads_to", () => {
    const below = { ...scene, passedPx: -900 };
    for (const now of [drawnRows(scene), { first: 0, last: 0 }, drawnRows({ ...scene, passedPx: 50_000 })]) {
      assert.deepEqual(drawnRows(below, now), { first: 0, last: 8, stop: 0 });
    }
  });

  test("an_empty_list_draws_nothing", () => {
    assert.deepEqual(drawnRows({ ...scene, count: 0 }), { first: 0, last: 0, stop: 0 });
    assert.deepEqual(withKept({ first: 0, last: 0 }, -1), []);
  });

  test("the_row_that_has_the_focus_is_drawn_once_and_in_order", () => {
    assert.deepEqual(withKept({ first: 4, last: 7 }, 1), [1, 4, 5, 6]);
    assert.deepEqual(withKept({ first: 4, last: 7 }, 5), [4, 5, 6]);
    assert.deepEqual(withKept({ first: 4, last: 7 }, 7), [4, 5, 6, 7]);
    assert.deepEqual(withKept({ first: 4, last: 7 }, -1), [4, 5, 6]);
  });

  test("the_tab_key_leads_to_a_row_on_the_screen", () => {
    assert.equal(drawnRows(scene).stop, 0);
    assert.equal(drawnRows({ ...scene, passedPx: -900 }).stop, 0);
    for (let passedPx = 0; passedPx < 5000 * 50 - 800; passedPx += 41) {
      const seen = seenRows({ ...scene, passedPx });
      const { stop } = drawnRows({ ...scene, passedPx });
      assert.ok(stop >= seen.first && stop < seen.last, `at ${passedPx}`);
    }
  });

  test("keys_lead_through_the_rows_and_stop_at_the_ends", () => {
    assert.equal(rowAfter("ArrowDown", 3, 10, 4), 4);
    assert.equal(rowAfter("ArrowDown", 9, 10, 4), 9);
    assert.equal(rowAfter("ArrowUp", 0, 10, 4), 0);
    assert.equal(rowAfter("PageDown", 3, 10, 4), 7);
    assert.equal(rowAfter("PageUp", 3, 10, 4), 0);
    assert.equal(rowAfter("End", 3, 10, 4), 9);
    assert.equal(rowAfter("Home", 3, 10, 4), 0);
    assert.equal(rowAfter("a", 3, 10, 4), null);
    assert.equal(rowAfter("toString", 3, 10, 4), null);
    assert.equal(rowAfter("End", 0, 0, 4), null);
  });
});
