//! The door of the short way: one state per isolate, reached by synchronous calls from the entry.

use std::cell::RefCell;

use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::wasm_bindgen;
use worker::console_error;
use worker::js_sys::Uint8Array;

use crate::clock::now_ms;
use crate::hot::{Entry, Hot, HotRequest};
use crate::life::with_entry;
use crate::reply::Reply;

/// How long an answer is served without asking again, in milliseconds, until the gate says how old its answers are.
const PROVISIONAL_FRESH_MS: u64 = 1_000;

thread_local! {
    static HOT: RefCell<Hot> = RefCell::default();
}

/// Takes the text of `EDGE_KEYS`. What cannot be read lets nobody in.
#[wasm_bindgen]
pub fn set_keys(text: &str) {
    let (dropped, outcome) = HOT.with_borrow_mut(|hot| hot.set_keys(text));
    forget(&dropped);
    if let Err(bad) = outcome {
        console_error!("no key is accepted: {bad}");
    }
}

/// Looks for a fresh answer: its number, negative where the caller has it already, 0 for none.
#[wasm_bindgen]
pub fn find(packed: &str) -> f64 {
    let found = HotRequest::unpack(packed, now_ms())
        .and_then(|request| HOT.with_borrow_mut(|hot| hot.find(&request)));
    match found {
        None => 0.0,
        Some(found) if found.not_modified => -f64::from(found.number),
        Some(found) => f64::from(found.number),
    }
}

/// Reads the state that holds the keys and the kept answers.
pub(crate) fn with_hot<T>(read: impl FnOnce(&Hot) -> T) -> T {
    HOT.with_borrow(read)
}

/// Keeps a good answer for the short way and gives it its tag.
pub(crate) fn keep(place: usize, path_and_query: &str, reply: &mut Reply) {
    if reply.status != 200 {
        return;
    }
    let etag = strong_etag(&reply.body);
    let entry = Entry {
        etag: etag.clone(),
        body_bytes: reply.body.len(),
        serve_until_ms: serve_until_ms(now_ms()),
    };
    let stored = HOT.with_borrow_mut(|hot| hot.store(place, path_and_query, entry));
    forget(&stored.dropped);
    if let Some(number) = stored.number {
        let content_type = reply.headers.iter().find(|(name, _)| *name == "content-type");
        let content_type = content_type.map_or("", |(_, value)| value);
        let body = Uint8Array::from(reply.body.as_slice());
        with_entry(|entry| entry.keep(number, body, &etag, content_type));
    }
    reply.headers.push(("etag", etag));
}

/// Until when an answer of this moment may be served without asking again: the place for the cache's own rule.
fn serve_until_ms(now_ms: u64) -> u64 {
    now_ms.saturating_add(PROVISIONAL_FRESH_MS)
}

fn forget(numbers: &[u32]) {
    for number in numbers {
        with_entry(|entry| entry.forget(*number));
    }
}

/// Half a SHA-256 of the body: two bodies that differ never share it.
fn strong_etag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}
