//! The door of the short way: one state per isolate, reached by synchronous calls from the entry.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;
use worker::console_error;
use worker::js_sys::Uint8Array;

use crate::auth::{Authorized, Caller, Denied, Keys};
use crate::clock::now_ms;
use crate::gate::event::Service;
use crate::hot::{Entry, Hot, HotRequest, Place};
use crate::life::with_entry;
use crate::record;
use crate::reply::{Problem, Reply};
use crate::ticket::{self, Secrets, Wish};

thread_local! {
    static HOT: RefCell<Hot> = RefCell::default();
    /// When the first request came: nothing tells the time before.
    static STARTED_MS: u64 = now_ms();
}

/// Takes what tells callers apart: `EDGE_KEYS`, SePay's tokens each on a line, and the secrets of tickets, the current and
/// the previous one, empty for none. What cannot be read lets nobody in.
#[wasm_bindgen]
pub fn set_keys(keys: &str, tokens: &str, ticket_secret: &str, previous_secret: &str) {
    // The first request brings the keys: from then on the isolate counts its time.
    STARTED_MS.with(|_begins| ());
    let keys = Keys::parse(keys).unwrap_or_else(|bad| {
        console_error!("no key is accepted: {bad}");
        Keys::default()
    });
    let (secrets, bad) = Secrets::read(Some(ticket_secret), Some(previous_secret));
    if let Some(bad) = bad {
        console_error!("a secret of tickets is not used: {bad}");
    }
    let keys = keys.without_tokens(tokens.lines()).with_tickets(secrets);
    forget(&HOT.with_borrow_mut(|hot| hot.set_keys(keys)));
}

/// Looks for an answer that may be served now: [`Found::packed`](crate::hot::Found::packed), 0 for none. Negative when
/// the uses that were counted have to be reported, too.
#[wasm_bindgen]
pub fn find(packed: &str) -> f64 {
    let now_ms = now_ms();
    let found = HotRequest::unpack(packed, now_ms)
        .and_then(|request| HOT.with_borrow_mut(|hot| hot.find_for(&request)));
    let Some((found, ticket)) = found else { return 0.0 };
    if record::served(found.number, ticket, now_ms) { -found.packed() } else { found.packed() }
}

/// A caller, and the place of its key and of its answers.
pub(crate) struct Known {
    pub(crate) caller: Caller,
    pub(crate) place: Place,
    key: usize,
}

/// Finds the caller behind an `Authorization` header.
pub(crate) fn authorized(header: Option<&str>, now_ms: u64) -> Result<Known, Denied> {
    let (key, caller) = HOT.with_borrow(|hot| {
        let Authorized { place, caller } = hot.authorize(header, now_ms)?;
        Ok((place, caller.into_owned()))
    })?;
    let (place, dropped) = HOT.with_borrow_mut(|hot| hot.seat(key, &caller));
    forget(&dropped);
    Ok(Known { caller, place, key })
}

/// Finds whose a credential was that has ended, without any right.
pub(crate) fn late_holder(header: Option<&str>) -> Option<Caller> {
    HOT.with_borrow(|hot| hot.keys().late_holder(header))
}

/// Signs a ticket for a caller.
pub(crate) fn mint(known: &Known, wish: &Wish, jti: &str, now_ms: u64) -> Result<String, Problem> {
    HOT.with_borrow(|hot| {
        let keys = hot.keys();
        if !keys.secrets().is_configured() {
            return Err(Problem::NoTickets);
        }
        let fingerprint = keys.fingerprint(known.key).ok_or(Problem::Internal)?;
        let claims = ticket::grant(wish, &known.caller, fingerprint, jti, now_ms)?;
        let signed = keys.secrets().sign(&claims).ok_or(Problem::Internal)?;
        let holder = ticket::narrowed(&claims, &known.caller, now_ms).ok_or(Problem::Internal)?;
        ticket::minted_json(&signed, &holder, now_ms).ok_or(Problem::Internal)
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
    caller: &Caller,
    path_and_query: &str,
    reply: &Reply,
    service: &Service,
    version: u64,
    ends_ms: Option<u64>,
) {
    let (Some(etag), Some(content_type)) = (reply.header("etag"), reply.header("content-type"))
    else {
        return;
    };
    if reply.status != 200 || service.fresh_ms == 0 {
        return;
    }
    let entry = Entry::new(etag, reply.body.len(), service, version, ends_ms, now_ms());
    let (sent_ms, fresh_ms) = (as_number(entry.sent_ms), as_number(entry.fresh_ms));
    let stored = HOT.with_borrow_mut(|hot| hot.store(place, path_and_query, entry));
    forget(&stored.dropped);
    if let Some(number) = stored.number {
        let body = Uint8Array::from(reply.body.as_slice());
        let line_parts = record::keep(number, caller, path_and_query);
        with_entry(|entry| {
            entry.keep(number, body, etag, content_type, sent_ms, fresh_ms, &line_parts);
        });
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
        record::forget(*number);
        with_entry(|entry| entry.forget(*number));
    }
}
