//! Names of parameters and options: which are known, and which was meant.

#![allow(
    unreachable_pub,
    reason = "what JavaScript reaches must be public, and Rust does not see it"
)]

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::border::string;
use super::failure::thrown;
use crate::hints;
use crate::params::Spelling;
use crate::question::Kind;

/// Refuses the first name that the question does not take.
///
/// # Errors
///
/// Throws a failure that names it and the nearest right one.
#[wasm_bindgen(js_name = checkNames)]
pub fn check_names(kind: &str, names: Vec<JsValue>) -> Result<(), JsValue> {
    let kind = Kind::named(kind).map_err(|error| thrown(&error))?;
    let mut checked = names.iter().map(|name| kind.check_name(Spelling::Ours, &string(name)));
    checked.try_for_each(|name| name.map_err(|error| thrown(&error)))
}

/// Returns the known name that is most like the given one, if any is.
#[must_use]
#[wasm_bindgen]
pub fn nearest(given: &str, known: Vec<JsValue>) -> Option<String> {
    let known: Vec<String> = known.iter().map(string).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    hints::nearest(given, &known).map(ToOwned::to_owned)
}
