/** Both languages say the same things. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SePayError } from "../../src/js/npm/src/edge.ts";
import type { ErrorCode } from "../../src/js/npm/src/edge.ts";
import { lang } from "../../www/src/i18n.ts";
import { dictionary as accountWords } from "../../www/src/views/accounts/words.ts";
import { dictionary as chartWords } from "../../www/src/views/charts/words.ts";
import { explain } from "../../www/src/words.ts";
import { dictionaries, emptyIn, entriesOf, textsOf } from "./dictionaries.ts";

/* Letters that no English word has. */
const VIETNAMESE = /[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]/i;

for (const { file, vi, en } of await dictionaries()) {
  test(`languages_have_the_same_entries: ${file}`, () => {
    assert.deepEqual(entriesOf(en), entriesOf(vi));
    assert.ok(entriesOf(vi).length > 1);
  });

  test(`no_entry_is_empty_and_english_has_no_vietnamese_letter: ${file}`, () => {
    assert.deepEqual([...emptyIn(vi), ...emptyIn(en)], []);
    const foreign = textsOf(en).filter((text) => VIETNAMESE.test(text));
    assert.deepEqual(foreign, file === "words.ts" ? ["Tiếng Việt"] : []);
  });
}

test("english_tells_one_from_many", () => {
  assert.deepEqual([1, 2].map(accountWords.en.todayRows), ["1 transaction", "2 transactions"]);
  for (const banks of ["ACB", "ACB, BIDV"]) {
    for (const said of [accountWords.en.notReported(banks), chartWords.en.silent(banks)]) assert.doesNotMatch(said, new RegExp(`${banks} (reports?|does|do|has|have)\\b`));
  }
});

test("every_problem_of_the_worker_is_explained_in_both_languages", () => {
  const codes = ["unauthorized", "forbidden", "invalid_parameter", "rate_limited", "upstream_unauthorized", "upstream_busy"];
  const more = ["upstream_timeout", "upstream_error", "upstream_unreadable", "upstream_challenge", "connection", "timeout", "unreadable"];
  const said = (["vi", "en"] as const).map((chosen) => {
    lang.value = chosen;
    return [...codes, ...more, "never_heard_of"].map((code) => explain(new SePayError({ code: code as ErrorCode, message: "" })));
  });
  lang.value = "vi";
  const [vi = [], en = []] = said;
  assert.equal(new Set([...vi, ...en]).size, 2 * 14, "each has words of its own");
  assert.deepEqual([vi.at(-1), en.at(-1)], ["Có lỗi xảy ra.", "Something went wrong."]);
});
