//! Single values on their way from JavaScript. None of them can fail: what is of another type becomes 0 or empty, and is
//! then refused by name.

use wasm_bindgen::JsValue;

/// Reads a whole number of 0 or more: a time or a call's number.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the fraction is dropped; what is none or below 0 becomes 0, what is too large the largest"
)]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}

/// Reads a string.
///
/// Lists of strings come as lists of values, because the glue's own check throws without giving back what is borrowed.
pub(super) fn string(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}
