//! Sends one request to SePay and brings the whole answer back: bounded in time and size, no redirect followed.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use sepay::{Request, Response};
use worker::{
    AbortController, AbortSignal, Delay, Fetch, Headers, Method, RequestInit, RequestRedirect,
    ResponseBody,
};

use super::Refusal;

/// The largest answer taken, in bytes. 5,000 transactions have about 1.6 MB.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Sends a request as it is and reads the whole answer.
///
/// # Errors
///
/// [`Refusal::Connection`], [`Refusal::Timeout`] or [`Refusal::TooLarge`].
pub(super) async fn send(request: &Request, timeout_ms: u64) -> Result<Response, Refusal> {
    let controller = AbortController::default();
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
    let ready = platform_request(request).map_err(|_| Refusal::Connection)?;
    let answer = Fetch::Request(ready).send_with_signal(signal).await;
    let mut answer = answer.map_err(|_| Refusal::Connection)?;
    let headers = answer.headers().entries().collect();
    let body = read_body(&mut answer).await?;
    Ok(Response { status: answer.status_code(), headers, body })
}

fn platform_request(request: &Request) -> worker::Result<worker::Request> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(request.method.as_str().to_owned()))
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual);
    worker::Request::new_with_init(&request.url, &init)
}

async fn read_body(answer: &mut worker::Response) -> Result<Vec<u8>, Refusal> {
    if matches!(answer.body(), ResponseBody::Empty) {
        return Ok(Vec::new());
    }
    let mut chunks = answer.stream().map_err(|_| Refusal::Connection)?;
    let mut body = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::Connection)?;
        if body.len().saturating_add(chunk.len()) > MAX_BODY_BYTES {
            return Err(Refusal::TooLarge { limit_bytes: MAX_BODY_BYTES });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
