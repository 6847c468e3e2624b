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
        Out::Text(Some(text)) => quoted(out, text.as_escaped()),
        Out::Word(word) => quoted(out, word),
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

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// `write!` takes five times as long, three times a row.
fn push_number(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    let mut digits = [b'0'; 20];
    let mut rest = number.unsigned_abs();
    let mut first = digits.len();
    for (position, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
        first = position;
        if rest == 0 {
            break;
        }
    }
    out.extend(digits.iter().skip(first).map(|digit| char::from(*digit)));
}
