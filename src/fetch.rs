//! A transport for Rust programs that are wasm in a host with `fetch`: Workers, and servers in Node, Deno or Bun.
//!
//! It sends one request as it is and brings the whole answer back, bounded in time and size. It follows no redirect, does
//! not retry and keeps no pace. A future that is dropped aborts its request.
//!
//! ```no_run
//! use sepay::fetch::{Limits, send};
//! use sepay::{ApiToken, DEFAULT_BASE_URL, Endpoint, Limit, TransactionList, Upstream};
//!
//! # async fn latest(token: &str) -> Result<(), sepay::Error> {
//! let upstream = Upstream::new(DEFAULT_BASE_URL, ApiToken::new(token)?, "shop/1.0")?;
//! let question = TransactionList { limit: Some(Limit::new(20)?), ..TransactionList::default() };
//! let response = send(&question.request(&upstream), Limits::default()).await?;
//! for row in question.parse(&response)?.rows {
//!     // Every amount is exact, every time has its offset.
//!     let (_id, _amount, _time) = (row.id, row.amount_in, row.occurred_at);
//! }
//! # Ok(())
//! # }
//! ```

use gloo_net::http::{Headers, Method as HostMethod, RequestBuilder};
use js_sys::{Array, ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestRedirect};

use crate::error::Error;
use crate::http::{Method, Request, Response};

/// The longest time that a host's timer can measure, in milliseconds; a longer one would end at once.
const MAX_TIMER_MS: u32 = i32::MAX.unsigned_abs();

/// How long and how large an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long it may take until the whole answer is there, in milliseconds; at most 24 days count.
    pub timeout_ms: u32,
    /// How many bytes the body may have.
    pub max_body_bytes: usize,
}

impl Default for Limits {
    /// 30 s and 8 MiB: 5,000 transactions have about 1.6 MB.
    fn default() -> Self {
        Self { timeout_ms: 30_000, max_body_bytes: 8 * 1024 * 1024 }
    }
}

/// Sends a request and returns the whole answer, whatever its status.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Timeout`] or [`Error::TooLarge`].
pub async fn send(request: &Request, limits: Limits) -> Result<Response, Error> {
    let Limits { timeout_ms, max_body_bytes } = limits;
    let watch = Watch::new(timeout_ms).map_err(|Lost| Error::Connection)?;
    match exchange(request, &watch, max_body_bytes).await {
        Ok(Some(response)) => Ok(response),
        Ok(None) => Err(Error::TooLarge { limit_bytes: max_body_bytes }),
        Err(Lost) if watch.is_over() => Err(Error::Timeout { after_ms: timeout_ms.into() }),
        Err(Lost) => Err(Error::Connection),
    }
}

/// The host's own error. What exactly failed is the host's affair, and might name an address.
struct Lost;

impl From<JsValue> for Lost {
    fn from(_: JsValue) -> Self {
        Self
    }
}

impl From<gloo_net::Error> for Lost {
    fn from(_: gloo_net::Error) -> Self {
        Self
    }
}

/// Aborts a request when its time is over or nobody waits for it any more.
struct Watch {
    controller: AbortController,
    /// Fulfilled by the abort, for a `fetch` that does not heed its signal.
    aborted: Promise,
    timer: JsValue,
}

impl Watch {
    fn new(timeout_ms: u32) -> Result<Self, Lost> {
        let controller = AbortController::new()?;
        let signal = controller.signal();
        let aborted = Promise::new(&mut |fulfil, _| {
            let _listened = call(&signal, "addEventListener", &["abort".into(), fulfil.into()]);
        });
        let abort = function(&controller, "abort")?.bind0(&controller);
        let after = timeout_ms.min(MAX_TIMER_MS).into();
        let timer = call(&js_sys::global(), "setTimeout", &[abort.into(), after])?;
        Ok(Self { controller, aborted, timer })
    }

    /// Waits for a promise, or any other value, as long as there is time.
    async fn settled(&self, value: JsValue) -> Result<JsValue, Lost> {
        let first = Promise::race(&Array::of2(&value, &self.aborted));
        let value = JsFuture::from(first).await?;
        if self.is_over() { Err(Lost) } else { Ok(value) }
    }

    fn is_over(&self) -> bool {
        self.controller.signal().aborted()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _cleared = call(&js_sys::global(), "clearTimeout", std::slice::from_ref(&self.timer));
        self.controller.abort();
    }
}

/// None stands for a body that is too large. The answer may be of any class: it is read by its members' names.
async fn exchange(
    request: &Request,
    watch: &Watch,
    max_body_bytes: usize,
) -> Result<Option<Response>, Lost> {
    let request = built(request, &watch.controller.signal())?;
    let answer = watch.settled(call(&js_sys::global(), "fetch", &[request])?).await?;
    let status = get(&answer, "status")?.as_f64().ok_or(Lost)?;
    let headers = headers(&get(&answer, "headers")?)?;
    let body = body(&get(&answer, "body")?, watch, max_body_bytes).await?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a status has three digits; what is no such number stays none"
    )]
    Ok(body.map(|body| Response { status: status as u16, headers, body }))
}

fn built(request: &Request, signal: &AbortSignal) -> Result<JsValue, Lost> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let method = match request.method {
        Method::Get => HostMethod::GET,
    };
    let builder = RequestBuilder::new(&request.url).method(method);
    let builder = builder.headers(Headers::from_raw(headers)).redirect(RequestRedirect::Manual);
    Ok(web_sys::Request::from(builder.abort_signal(Some(signal)).build()?).into())
}

fn headers(headers: &JsValue) -> Result<Vec<(String, String)>, Lost> {
    let read = |pair: Result<JsValue, JsValue>| {
        let pair = pair?;
        let (name, value) = (get(&pair, "0")?.as_string(), get(&pair, "1")?.as_string());
        name.zip(value).ok_or(Lost)
    };
    js_sys::try_iter(headers)?.ok_or(Lost)?.map(read).collect()
}

/// Reads piece by piece, so that an endless body is noticed.
async fn body(stream: &JsValue, watch: &Watch, max_bytes: usize) -> Result<Option<Vec<u8>>, Lost> {
    let mut body = Vec::new();
    if stream.is_null() || stream.is_undefined() {
        return Ok(Some(body));
    }
    let reader = call(stream, "getReader", &[])?;
    loop {
        let read = watch.settled(call(&reader, "read", &[])?).await?;
        let piece = get(&read, "value")?;
        if piece.is_undefined() {
            return Ok(Some(body));
        }
        if !ArrayBuffer::is_view(&piece) {
            return Err(Lost);
        }
        let piece: Uint8Array = piece.unchecked_into();
        let size = usize::try_from(piece.length()).unwrap_or(usize::MAX);
        if body.len().saturating_add(size) > max_bytes {
            return Ok(None);
        }
        body.extend_from_slice(&piece.to_vec());
    }
}

fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &JsValue::from_str(name))
}

fn function(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    get(object, name)?.dyn_into()
}

fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    function(object, name)?.apply(object, &arguments.iter().collect::<Array>())
}
