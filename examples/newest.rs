//! A Rust program that is wasm in a host with `fetch`, here for JavaScript to call: what came in last?

use sepay::fetch::{Limits, send};
use sepay::{ApiToken, Endpoint, Error, Limit, TransactionList, Upstream};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Returns the newest transaction as `id amount_in`, or nothing when there is none.
///
/// # Errors
///
/// A JavaScript error with the code and the words of [`Error`].
#[wasm_bindgen]
pub async fn newest(
    base_url: &str,
    token: &str,
    timeout_ms: u32,
) -> Result<Option<String>, JsError> {
    let found = ask(base_url, token, timeout_ms).await;
    found.map_err(|error| JsError::new(&format!("{}: {error}", error.code())))
}

async fn ask(base_url: &str, token: &str, timeout_ms: u32) -> Result<Option<String>, Error> {
    let upstream = Upstream::new(base_url, ApiToken::new(token)?, "newest/1.0")?;
    let question = TransactionList { limit: Some(Limit::new(1)?), ..TransactionList::default() };
    let limits = Limits { timeout_ms, max_body_bytes: 100_000 };
    let response = send(&question.request(&upstream), limits).await?;
    let rows = question.parse(&response)?.rows;
    Ok(rows.first().map(|row| format!("{} {}", row.id, row.amount_in)))
}
