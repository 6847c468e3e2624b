//! The door of the short way: one state per isolate, reached by synchronous calls from the entry.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;
use worker::console_error;
use worker::js_sys::Uint8Array;

use crate::auth::{Caller, Denied};
use crate::clock::now_ms;
use crate::gate::event::Service;
use crate::hot::{Entry, Found, Hot, HotRequest, Place};
use crate::life::with_entry;
use crate::reply::Reply;

thread_local! {
    static HOT: RefCell<Hot> = RefCell::default();
    /// When the first request came: nothing tells the time before.
    static STARTED_MS: u64 = now_ms();
}

/// Takes the text of `EDGE_KEYS`. What cannot be read lets nobody in.
#[wasm_bindgen]
pub fn set_keys(text: &str) {
    // The first request brings the keys: from then on the isolate counts its time.
    STARTED_MS.with(|_begins| ());
    let (dropped, outcome) = HOT.with_borrow_mut(|hot| hot.set_keys(text));
    forget(&dropped);
    if let Err(bad) = outcome {
        console_error!("no key is accepted: {bad}");
    }
}

/// Looks for an answer that may be served now: [`Found::packed`](crate::hot::Found::packed), 0 for none.
#[wasm_bindgen]
pub fn find(packed: &str) -> f64 {
    let found = HotRequest::unpack(packed, now_ms())
        .and_then(|request| HOT.with_borrow_mut(|hot| hot.find(&request)));
    found.map_or(0.0, Found::packed)
}

/// Finds the caller behind an `Authorization` header.
pub(crate) fn authorized(header: Option<&str>, now_ms: u64) -> Result<(Place, Caller), Denied> {
    HOT.with_borrow(|hot| {
        hot.authorize(header, now_ms).map(|(place, caller)| (place, caller.clone()))
    })
}

/// Takes the demand that nobody else has seen.
pub(crate) fn take_hits(place: Place, path_and_query: &str) -> u32 {
    HOT.with_borrow_mut(|hot| hot.take_hits(place, path_and_query))
}

/// Notes that a refresh behind a caller is over.
pub(crate) fn refreshed(place: Place, path_and_query: &str) {
    HOT.with_borrow_mut(|hot| hot.refreshed(place, path_and_query));
}

/// Keeps a good answer for the short way, as far as the gate says that it may be kept.
pub(crate) fn keep(
    place: Place,
    path_and_query: &str,
    reply: &Reply,
    service: &Service,
    version: u64,
) {
    let (Some(etag), Some(content_type)) = (reply.header("etag"), reply.header("content-type"))
    else {
        return;
    };
    if reply.status != 200 || service.fresh_ms == 0 {
        return;
    }
    let entry = Entry::new(etag, reply.body.len(), service, version, now_ms());
    let (sent_ms, fresh_ms) = (as_number(entry.sent_ms), as_number(entry.fresh_ms));
    let stored = HOT.with_borrow_mut(|hot| hot.store(place, path_and_query, entry));
    forget(&stored.dropped);
    if let Some(number) = stored.number {
        let body = Uint8Array::from(reply.body.as_slice());
        with_entry(|entry| entry.keep(number, body, etag, content_type, sent_ms, fresh_ms));
    }
}

/// Returns the version of the answer that is kept.
pub(crate) fn version(place: Place, path_and_query: &str) -> Option<u64> {
    HOT.with_borrow_mut(|hot| hot.version(place, path_and_query))
}

/// Takes the gate's word that the kept answer is still the one to serve.
pub(crate) fn keep_on(place: Place, path_and_query: &str, service: &Service) {
    HOT.with_borrow_mut(|hot| hot.keep_on(place, path_and_query, service, now_ms()));
}

/// Describes this isolate for `/api/status`, as JSON.
pub(crate) fn isolate_status(now_ms: u64) -> String {
    let uptime_ms = now_ms.saturating_sub(STARTED_MS.with(|started_ms| *started_ms));
    let (entries, bytes, served) = HOT.with_borrow(Hot::totals);
    format!(
        r#"{{"uptimeMs":{uptime_ms},"served":{served},"cache":{{"entries":{entries},"bytes":{bytes}}}}}"#
    )
}

/// Milliseconds as JavaScript counts them: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "as its readers do")]
fn as_number(ms: u64) -> f64 {
    ms as f64
}

fn forget(numbers: &[u32]) {
    for number in numbers {
        with_entry(|entry| entry.forget(*number));
    }
}
