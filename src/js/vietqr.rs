//! The door to codes to pay with: names and texts in, the payload out.

#![allow(
    unreachable_pub,
    reason = "what JavaScript reaches must be public, and Rust does not see it"
)]

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::border::string;
use super::failure::thrown;
use crate::error::Error;
use crate::vietqr::VietQr;

/// Makes the text of a VietQR code. The n-th value is of the n-th name; one that is `undefined` is not given.
///
/// # Errors
///
/// Throws a failure that names the wrong parameter.
#[wasm_bindgen(js_name = vietQr)]
pub fn viet_qr(names: Vec<JsValue>, values: Vec<JsValue>) -> Result<String, JsValue> {
    payload(&names, &values).map_err(|error| thrown(&error))
}

fn payload(names: &[JsValue], values: &[JsValue]) -> Result<String, Error> {
    let mut pairs = Vec::new();
    for (name, value) in names.iter().zip(values) {
        let name = string(name);
        VietQr::check_name(&name)?;
        if !value.is_undefined() {
            pairs.push((name, string(value)));
        }
    }
    Ok(VietQr::read(pairs)?.payload())
}
