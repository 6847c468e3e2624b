//! Sends one request to SePay and brings the whole answer back: bounded in time and size, no redirect followed.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use sepay::{Request, Response};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, AbortSignal, Headers, ReadableStreamDefaultReader, RequestInit,
    RequestRedirect, WorkerGlobalScope,
};
use worker::Delay;
use worker::js_sys::{self, Reflect, Uint8Array};
use worker::wasm_bindgen_futures::JsFuture;

use super::Refusal;
use super::wire::KEPT_HEADERS;

/// The largest answer taken, in bytes. 5,000 transactions have about 1.6 MB.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Sends a request as it is and reads the whole answer.
///
/// # Errors
///
/// [`Refusal::Connection`], [`Refusal::Timeout`] or [`Refusal::TooLarge`].
pub(super) async fn send(request: &Request, timeout_ms: u64) -> Result<Response, Refusal> {
    let controller = AbortController::new().map_err(failed)?;
    let signal = controller.signal();
    let exchange = pin!(exchange(request, &signal));
    let timeout = Delay::from(Duration::from_millis(timeout_ms));
    let outcome = match select(exchange, timeout).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(Refusal::Timeout { after_ms: timeout_ms }),
    };
    if outcome.is_err() {
        controller.abort();
    }
    outcome
}

async fn exchange(request: &Request, signal: &AbortSignal) -> Result<Response, Refusal> {
    let ready = platform_request(request, signal).map_err(failed)?;
    let platform: WorkerGlobalScope = js_sys::global().unchecked_into();
    let answer = JsFuture::from(platform.fetch_with_request(&ready)).await.map_err(failed)?;
    let answer: web_sys::Response = answer.unchecked_into();
    let headers = kept(&answer.headers());
    let body = read_body(&answer).await?;
    Ok(Response { status: answer.status(), headers, body })
}

fn platform_request(request: &Request, signal: &AbortSignal) -> Result<web_sys::Request, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(signal));
    web_sys::Request::new_with_str_and_init(&request.url, &init)
}

/// The headers that somebody reads later.
fn kept(headers: &Headers) -> Vec<(String, String)> {
    let kept = KEPT_HEADERS.iter().filter_map(|name| {
        let value = headers.get(name).ok().flatten()?;
        Some(((*name).to_owned(), value))
    });
    kept.collect()
}

/// Reads piece by piece, so that an endless answer is noticed.
async fn read_body(answer: &web_sys::Response) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    let Some(stream) = answer.body() else { return Ok(body) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let read = JsFuture::from(reader.read()).await.map_err(failed)?;
        let chunk = Reflect::get(&read, &"value".into()).map_err(failed)?;
        if chunk.is_undefined() {
            return Ok(body);
        }
        let chunk: Uint8Array = chunk.unchecked_into();
        let size = usize::try_from(chunk.length()).unwrap_or(usize::MAX);
        if body.len().saturating_add(size) > MAX_BODY_BYTES {
            return Err(Refusal::TooLarge { limit_bytes: MAX_BODY_BYTES });
        }
        body.extend_from_slice(&chunk.to_vec());
    }
}

/// What exactly failed is the platform's affair, and might name an address.
fn failed(_: JsValue) -> Refusal {
    Refusal::Connection
}
