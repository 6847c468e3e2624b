//! Rows as flat lists of JSON values, in the order of the model's fields: the shortest way from SePay's text to
//! JavaScript's objects. Texts are copied as they stand, because a JSON string is a JSON string.

use crate::json::Text;
use crate::money::Vnd;
use crate::time::VietnamTime;

/// One field's value.
#[derive(Clone, Copy)]
pub(crate) enum Out<'a> {
    Text(Option<Text<'a>>),
    Word(&'static str),
    Dong(Vnd),
    Time(Option<VietnamTime>),
    Flag(Option<bool>),
}

/// Appends the values of one row, separated and followed by nothing.
pub(crate) fn push_row(out: &mut String, values: &[Out<'_>]) {
    for (position, value) in values.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        push(out, *value);
    }
}

fn push(out: &mut String, value: Out<'_>) {
    match value {
        Out::Text(Some(text)) => text.push_to(out),
        Out::Word(word) => {
            out.push('"');
            out.push_str(word);
            out.push('"');
        }
        Out::Dong(amount) => push_number(out, amount.get()),
        Out::Time(Some(time)) => {
            out.push('"');
            // A `String` takes everything.
            let _ = time.write_rfc3339(out);
            out.push('"');
        }
        Out::Flag(Some(flag)) => out.push_str(if flag { "true" } else { "false" }),
        Out::Text(None) | Out::Time(None) | Out::Flag(None) => out.push_str("null"),
    }
}

/// Writes by nine digits at a time: 64-bit division is slow in wasm, and `write!` is slower still.
fn push_number(out: &mut String, number: i64) {
    const PART: u64 = 1_000_000_000;
    if number < 0 {
        out.push('-');
    }
    let rest = number.unsigned_abs();
    let parts = [rest / PART / PART, rest / PART % PART, rest % PART];
    let mut has_begun = false;
    for (position, part) in parts.into_iter().enumerate() {
        let part = u32::try_from(part).unwrap_or_default();
        let is_last = position == 2;
        if has_begun || part > 0 || is_last {
            push_part(out, part, has_begun);
            has_begun = true;
        }
    }
}

/// Writes a number below 10^9, with or without leading zeros.
fn push_part(out: &mut String, part: u32, with_zeros: bool) {
    let mut digits = [b'0'; 9];
    let mut rest = part;
    let mut first = 9;
    for (position, digit) in digits.iter_mut().enumerate().rev() {
        if rest > 0 || with_zeros || position == 8 {
            first = position;
        }
        *digit = b'0'.wrapping_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
    }
    let written = digits.get(first..).and_then(|digits| std::str::from_utf8(digits).ok());
    out.push_str(written.unwrap_or_default());
}
