/** What is typed, linked or scanned, as an order. The VietQR payload is that of the core's own example (src/vietqr.rs). */
import assert from "node:assert/strict";
import { test } from "node:test";
import encodeQR from "qr";
import { pathOf } from "../../www/src/views/paid/matrix.ts";
import { isWatchable, memoOf, paramsOf, readScan, sumOf, wantedOf } from "../../www/src/views/paid/order.ts";

const PAYLOAD =
  "00020101021238570010A00000072701270006970436011300710008888880208QRIBFTTA5303704" +
  "54061500005802VN62210817Don hang DH0007776304ED4E";

test("an_address_is_an_order_and_back", () => {
  const params = { code: "DH001", amount: "150000", account: "18" };
  assert.deepEqual(wantedOf(params), { code: "DH001", amount: 150_000, unclear: "", account: "18" });
  assert.deepEqual(paramsOf(wantedOf(params)), params);
});

test("what_is_no_order_in_an_address_is_left_out", () => {
  const none = { code: "", amount: null, unclear: "", account: "" };
  assert.deepEqual(wantedOf({}), none);
  assert.deepEqual(wantedOf({ code: "---", amount: " " }), none);
  assert.deepEqual(wantedOf({ code: "A".repeat(51), amount: "0" }), none);
});

test("an_amount_of_0_that_is_typed_is_none", () => {
  assert.deepEqual(sumOf({ amount: 0 }), { amount: null, unclear: "" });
  assert.deepEqual(sumOf({ amount: 5 }), { amount: 5, unclear: "" });
  assert.deepEqual(sumOf({ unclear: "-5" }), { amount: null, unclear: "-5" });
});

/* SePay writes 150000.00 (reference, 7.3). */
test("an_amount_in_a_link_is_read_as_programs_write_it_or_not_at_all", () => {
  const of = (amount: string) => wantedOf({ code: "DH001", amount });
  for (const text of ["150000", "150000.00", "150000.0", "0150000"]) {
    assert.deepEqual([of(text).amount, isWatchable(of(text))], [150_000, true], text);
  }
  assert.equal(of("1234567890123").amount, 1_234_567_890_123);
  for (const text of ["0", "0.00", ""]) assert.deepEqual([of(text).amount, isWatchable(of(text))], [null, true], text);
});

test("an_amount_in_a_link_that_cannot_be_read_is_kept_and_nothing_is_watched", () => {
  for (const text of ["150.000", "150,000", "150000đ", "1.5", "-5", "1e6", "150000.50", " 150000", "12345678901234", "x"]) {
    const wanted = wantedOf({ code: "DH001", amount: text });
    assert.deepEqual(wanted, { code: "DH001", amount: null, unclear: text, account: "" });
    assert.equal(isWatchable(wanted), false, text);
    assert.deepEqual(wantedOf(paramsOf(wanted)), wanted);
  }
});

test("a_memo_is_the_code_without_signs", () => {
  assert.deepEqual(memoOf("dh-001", { bank: "Vietcombank", bankBin: "970436" }), { content: "DH001", needsMark: false });
});

/* Reference, 5.1. */
test("a_memo_for_vietinbank_begins_with_sevqr", () => {
  for (const bank of [
    { bank: "VietinBank", bankBin: null },
    { bank: "ICB", bankBin: null },
    { bank: null, bankBin: "970415" },
  ]) {
    assert.deepEqual(memoOf("DH001", bank), { content: "SEVQR DH001", needsMark: true });
  }
});

test("a_memo_longer_than_25_characters_is_none", () => {
  const [fits, long] = ["A".repeat(25), "A".repeat(26)];
  assert.equal(memoOf(fits, { bank: "ACB", bankBin: null }).content, fits);
  assert.equal(memoOf(long, { bank: "ACB", bankBin: null }).content, null);
  assert.equal(memoOf("A".repeat(20), { bank: "VietinBank", bankBin: null }).content, null);
});

test("a_plain_text_that_is_scanned_is_the_code", () => {
  assert.deepEqual(readScan(" DH001\n"), { code: "DH001", amount: null });
});

test("a_vietqr_code_that_is_scanned_gives_code_and_amount", () => {
  assert.deepEqual(readScan(PAYLOAD), { code: "DH000777", amount: 150_000 });
});

test("the_amount_of_a_vietqr_code_is_read_or_the_code_is_refused", () => {
  const of = (amount: string) => readScan(vietQr("DH001", amount));
  for (const amount of ["150000", "150000.", "150000.00"]) assert.deepEqual(of(amount), { code: "DH001", amount: 150_000 }, amount);
  for (const amount of ["", "0", "0.00"]) assert.deepEqual(of(amount), { code: "DH001", amount: null }, amount);
  for (const amount of ["150000.5", "1e6", "-5"]) assert.equal(of(amount), null, amount);
});

test("the_code_in_a_content_is_found_or_the_content_is_refused", () => {
  for (const [content, code] of [
    ["DH001", "DH001"],
    ["SEVQR DH001", "DH001"],
    ["SEVQR 1001", "1001"],
    ["DH 001", "DH 001"],
    ["SEVQR DH 001", "DH 001"],
    ["Thanh toan DH001 nhe", "DH001"],
  ] as const) {
    assert.equal(readScan(vietQr(content))?.code, code, content);
  }
  for (const content of ["Don hang DH 001", "DH001 DH002", "Thanh toan don hang", "SEVQR"]) {
    assert.equal(readScan(vietQr(content)), null, content);
  }
});

test("a_checksum_in_small_letters_is_one", () => {
  assert.deepEqual(readScan(PAYLOAD.slice(0, -4) + "ed4e"), { code: "DH000777", amount: 150_000 });
});

test("a_vietqr_code_that_was_misread_is_refused", () => {
  assert.equal(readScan(PAYLOAD.replace("150000", "950000")), null);
  assert.equal(readScan(PAYLOAD.slice(0, -1)), null);
  assert.equal(readScan("000201"), null);
});

test("what_is_neither_is_refused", () => {
  for (const text of ["", "---", "https://example.invalid/?code=DH001", "DH001\nDH002", "A".repeat(51), "tel:0901234567", "MAILTO:a@b.vn", "WIFI:S:x;;", '{"order":"DH001"}']) {
    assert.equal(readScan(text), null, JSON.stringify(text));
  }
});

test("a_code_may_have_a_colon_of_its_own", () => {
  for (const code of ["HD:001", "MaDH:123"]) assert.deepEqual(readScan(code), { code, amount: null });
});

test("a_path_covers_exactly_the_dark_modules", () => {
  const matrix = encodeQR("DH001", "raw", { border: 4 });
  const drawn = matrix.map((row) => row.map(() => false));
  for (const [, x, y, length] of pathOf(matrix).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let at = Number(x); at < Number(x) + Number(length); at += 1) drawn[Number(y)]![at] = true;
  }
  assert.deepEqual(drawn, matrix);
});

/** A payload with only what is read of it. The checksum is CRC-16/CCITT-FALSE, as in src/vietqr.rs. */
function vietQr(content: string, amount = ""): string {
  const object = (name: string, value: string) => `${name}${String(value.length).padStart(2, "0")}${value}`;
  const payload = `000201${amount === "" ? "" : object("54", amount)}${object("62", object("08", content))}6304`;
  let crc = 0xffff;
  for (const char of payload) {
    crc ^= char.charCodeAt(0) << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return payload + crc.toString(16).toUpperCase().padStart(4, "0");
}
