//! Which fields a key does not see, and how their values are taken out of an answer.

use memchr::{memchr, memchr2};
use serde::de::IgnoredAny;

use crate::route::Form;

/// A field that can be hidden: our name, and SePay's names for it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Field {
    ours: &'static str,
    sepays: &'static [&'static str],
}

/// A field of [`FIELDS`].
pub type Hidden = &'static Field;

/// Every field that can be hidden. An id, a time, a direction and a state are what is left of a row.
pub const FIELDS: &[Field] = &[
    field("accountId", &["bank_account_id"]),
    field("accountNumber", &["account_number"]),
    field("amountIn", &["amount_in"]),
    field("amountOut", &["amount_out"]),
    field("balance", &["accumulated"]),
    field("bank", &["bank_short_name", "bank_brand_name"]),
    field("bankBin", &["bank_bin"]),
    field("bankCode", &["bank_code"]),
    field("bankName", &["bank_full_name"]),
    field("code", &["code"]),
    field("content", &["transaction_content"]),
    field("createdAt", &["created_at"]),
    field("holder", &["account_holder_name"]),
    field("label", &["label"]),
    field("lastTransactionAt", &["last_transaction", "last_transaction_date"]),
    field("reference", &["reference_number"]),
    field("subAccount", &["sub_account"]),
];

const fn field(ours: &'static str, sepays: &'static [&'static str]) -> Field {
    Field { ours, sepays }
}

impl Field {
    /// Finds a field by our name.
    #[must_use]
    pub fn named(ours: &str) -> Option<Hidden> {
        FIELDS.iter().find(|field| field.ours == ours)
    }

    /// Returns our name.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.ours
    }

    /// Returns the names that it has in an answer of this form.
    #[must_use]
    pub fn names(&self, form: Form) -> &[&'static str] {
        match form {
            Form::Json => std::slice::from_ref(&self.ours),
            Form::DropIn => self.sepays,
        }
    }
}

/// Replaces by `null` the value of every member, at any depth, whose name is one of `names`.
///
/// Names are compared as they read, whatever escapes they are written with, and each member of that name is replaced,
/// however many there are. Every other byte stays as it is: white space, the spelling of numbers, a byte order mark. It
/// takes time in proportion to the text, follows any depth, and needs no stack for it.
///
/// None when the text is not one JSON text (RFC 8259) in UTF-8, or has half a surrogate pair in a name: readers differ
/// in what they make of such a thing, so nothing of it may be passed on.
///
/// ```
/// # use sepay_worker::mask::masked;
/// let json = br#"{"id": 1, "b\u0061lance": {"vnd": 2.50} }"#;
/// assert_eq!(masked(json, &["balance"]).unwrap(), br#"{"id": 1, "b\u0061lance": null }"#);
/// ```
#[must_use]
pub fn masked(json: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(json).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_slice::<IgnoredAny>(text.as_bytes()).ok()?;
    // From here on it is known to be JSON: a string before a colon is a member's name, and brackets are in pairs.
    let mut out = Vec::with_capacity(json.len());
    let (mut at, mut copied) = (0, 0);
    while let Some(quote) = find_quote(json, at) {
        let end = end_of_string(json, quote)?;
        at = skip_space(json, end);
        if json.get(at) == Some(&b':') && is_among(json.get(quote..end)?, names)? {
            let value = skip_space(json, at.saturating_add(1));
            out.extend_from_slice(json.get(copied..value)?);
            out.extend_from_slice(b"null");
            at = end_of_value(json, value)?;
            copied = at;
        }
    }
    out.extend_from_slice(json.get(copied..)?);
    Some(out)
}

fn find_quote(json: &[u8], from: usize) -> Option<usize> {
    memchr(b'"', json.get(from..)?).map(|skipped| from.saturating_add(skipped))
}

fn skip_space(json: &[u8], from: usize) -> usize {
    let rest = json.get(from..).unwrap_or_default();
    let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    from.saturating_add(space.count())
}

/// Returns the place behind the string that begins at this quote.
fn end_of_string(json: &[u8], quote: usize) -> Option<usize> {
    let mut at = quote.saturating_add(1);
    loop {
        at = at.saturating_add(memchr2(b'"', b'\\', json.get(at..)?)?);
        if json.get(at) == Some(&b'"') {
            return Some(at.saturating_add(1));
        }
        // The backslash and what it escapes, of which only a quote or a backslash could be taken for something else.
        at = at.saturating_add(2);
    }
}

/// Returns the place behind the member's value that begins here.
fn end_of_value(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth: usize = 0;
    loop {
        match json.get(at)? {
            b'"' => at = end_of_string(json, at)?,
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                at = at.saturating_add(1);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at = at.saturating_add(1);
            }
            _ if depth == 0 => return Some(end_of_word(json, at)),
            _ => at = at.saturating_add(1),
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// Returns the place behind a number, `true`, `false` or `null`.
fn end_of_word(json: &[u8], start: usize) -> usize {
    let rest = json.get(start..).unwrap_or_default();
    let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b));
    start.saturating_add(word.count())
}

/// Says whether a name, in its quotes, is one of these; none when it cannot be read.
fn is_among(quoted: &[u8], names: &[&str]) -> Option<bool> {
    if memchr(b'\\', quoted).is_none() {
        let written = quoted.get(1..quoted.len().checked_sub(1)?)?;
        return Some(names.iter().any(|name| name.as_bytes() == written));
    }
    let read: String = serde_json::from_slice(quoted).ok()?;
    Some(names.contains(&read.as_str()))
}
