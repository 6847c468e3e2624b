//! The door of the records: when a request is over, its line goes to the console and its use to the audit trail.
//!
//! Nobody waits for either: what is counted is collected in this isolate and sent behind the callers.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use litemap::LiteMap;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::js_sys::Promise;
use worker::wasm_bindgen_futures::future_to_promise;
use worker::{Delay, Env, console_error, console_log};

use crate::audit::{self, Batch, Collector, Outcome, Use};
use crate::auth::{Caller, Denied};
use crate::caching::together;
use crate::clock::now_ms;
use crate::config::EDGE_LOGS;
use crate::gate::client::{Told, note_uses};
use crate::gate::event::Service;
use crate::hot::Number;
use crate::hot_door::{authorized, late_holder};
use crate::incoming::path_and_query;
use crate::leaving::Lifetime;
use crate::life::Run;
use crate::log::{self, Level, Line};
use crate::route;

thread_local! {
    static COLLECTOR: RefCell<Collector> = RefCell::default();
    /// Whose use it is when a kept answer is served.
    static KEPT: RefCell<LiteMap<Number, Use>> = const { RefCell::new(LiteMap::new()) };
    static LAST_TICKET: Cell<Option<String>> = const { Cell::new(None) };
    static LEVEL_IS_BAD: Cell<bool> = const { Cell::new(false) };
}

/// What is found out about a request on its way.
pub(crate) struct Record {
    method: &'static str,
    route: Option<&'static str>,
    began_ms: u64,
    /// The use of a credential, if one was looked at; how it ends is known at the end, unless it was refused.
    what: RefCell<Option<Use>>,
    /// A ticket that was made.
    minted: RefCell<Option<Use>>,
    service: Cell<Option<Service>>,
}

impl Record {
    pub(crate) fn begin(method: &str, path: &str, now_ms: u64) -> Self {
        Self {
            method: log::method(method),
            route: route::line(path).map(|(route, _)| route.template),
            began_ms: now_ms,
            what: RefCell::default(),
            minted: RefCell::default(),
            service: Cell::default(),
        }
    }

    /// Notes who was let in.
    pub(crate) fn let_in(&self, caller: &Caller) {
        self.what.replace(self.route.map(|route| Use::of(caller, route, Outcome::Served)));
    }

    /// Notes that a credential was refused.
    pub(crate) fn denied(&self, why: Denied, authorization: Option<&str>) {
        let has_ended = matches!(why, Denied::Expired | Denied::DeadTicket);
        let holder = if has_ended { late_holder(authorization) } else { None };
        self.what.replace(self.route.map(|route| Use::denied(why, holder.as_ref(), route)));
    }

    /// Notes that a ticket was made.
    pub(crate) fn minted(&self, caller: &Caller, ticket: &str) {
        self.minted.replace(self.route.map(|route| Use::minted(caller, ticket, route)));
    }

    /// Notes where the answers come from.
    pub(crate) fn told(&self, told: &[Told]) {
        let services: Vec<Service> = told.iter().map(|told| told.service).collect();
        self.service.set(Some(together(&services)));
    }

    /// Writes the line and counts the use.
    pub(crate) fn over(
        &self,
        env: &Env,
        lifetime: &Lifetime,
        request_id: &str,
        status: u16,
        outcome: Outcome,
    ) {
        let now_ms = now_ms();
        let what = self.what.take().map(|what| what.ended(outcome));
        let service = self.service.get();
        let line = Line {
            request_id,
            method: self.method,
            route: self.route,
            status,
            caller: what.as_ref().and_then(Use::caller),
            ticket: what.as_ref().and_then(Use::ticket),
            cache: service.map(|service| log::cache_word(service.source)),
            wait_ms: service.map_or(0, |service| service.queue_ms),
            upstream_ms: service.map_or(0, |service| service.upstream_ms),
            duration_ms: now_ms.saturating_sub(self.began_ms),
        };
        if level(env).wants(status) {
            console_log!("{}", line.written());
        }
        for what in self.minted.take().iter().chain(&what) {
            COLLECTOR.with_borrow_mut(|collector| collector.count(what, now_ms));
        }
        send_behind(env, lifetime, now_ms);
    }
}

/// Sees to it that what was collected is sent when it is time.
fn send_behind(env: &Env, lifetime: &Lifetime, now_ms: u64) {
    if let Some(in_ms) = COLLECTOR.with_borrow_mut(|collector| collector.plan(now_ms)) {
        let env = env.clone();
        lifetime.wait_until(&future_to_promise(async move {
            send_in(in_ms, &env).await;
            Ok(JsValue::UNDEFINED)
        }));
    }
}

/// Notes whose use it is when a kept answer is served. Returns the parts of its line, by [`log::kept_parts`].
pub(crate) fn keep(number: Number, caller: &Caller, path_and_query: &str) -> String {
    let path = path_and_query.split('?').next().unwrap_or_default();
    let route = route::line(path).map(|(route, _)| route.template);
    if let Some(route) = route {
        let what = Use::of(caller, route, Outcome::Served);
        KEPT.with_borrow_mut(|kept| kept.insert(number, what));
    }
    log::kept_parts(route, &caller.id, caller.ticket.is_some())
}

/// Forgets a kept answer.
pub(crate) fn forget(number: Number) {
    KEPT.with_borrow_mut(|kept| kept.remove(&number));
}

/// Counts that a kept answer was served, to the holder of this ticket if it was one. Says whether somebody has to call
/// [`report`].
pub(crate) fn served(number: Number, ticket: Option<String>, now_ms: u64) -> bool {
    let due = KEPT.with_borrow(|kept| {
        COLLECTOR.with_borrow_mut(|collector| {
            match (kept.get(&number), &ticket) {
                (Some(what), None) => collector.count(what, now_ms),
                (Some(what), Some(ticket)) => collector.count(&what.clone().by(ticket), now_ms),
                (None, _) => {}
            }
            collector.is_due(now_ms)
        })
    });
    LAST_TICKET.set(ticket);
    due
}

/// Returns the id of the ticket to whose holder a kept answer was served last, as JSON.
#[wasm_bindgen]
pub fn last_ticket() -> String {
    log::json(LAST_TICKET.take().as_deref())
}

/// Sends what was collected when it is time. Resolves to nothing when that is done, or somebody else does it.
#[wasm_bindgen]
pub fn report(run: u32, env: Env) -> Promise {
    let reporting = async move {
        if let Some(in_ms) = COLLECTOR.with_borrow_mut(|collector| collector.plan(now_ms())) {
            send_in(in_ms, &env).await;
        }
        Ok(JsValue::UNDEFINED)
    };
    future_to_promise(Run::new(run, reporting))
}

/// Records a request that the entry has answered itself: a preflight, or one that ended an instance.
///
/// # Errors
///
/// What the platform throws when a header cannot be read.
#[wasm_bindgen]
pub fn record(
    request: &web_sys::Request,
    env: Env,
    lifetime: &Lifetime,
    request_id: &str,
    status: u16,
    began_ms: f64,
) -> Result<(), JsValue> {
    let authorization = request.headers().get("authorization")?;
    let (path, _) = path_and_query(&request.url());
    let now_ms = now_ms();
    let record = Record::begin(&request.method(), &path, whole(began_ms));
    // A preflight is answered whoever asks: its credential is not looked at.
    let is_preflight = record.method == "OPTIONS";
    if !is_preflight && let Ok(known) = authorized(authorization.as_deref(), now_ms) {
        record.let_in(&known.caller);
    }
    record.over(&env, lifetime, request_id, status, Outcome::Failed);
    Ok(())
}

async fn send_in(in_ms: u64, env: &Env) {
    if in_ms > 0 {
        Delay::from(Duration::from_millis(in_ms)).await;
        COLLECTOR.with_borrow_mut(Collector::planned_time_is_over);
    }
    let now_ms = now_ms();
    send(COLLECTOR.with_borrow_mut(|collector| collector.take(now_ms)), env).await;
}

/// Sends everything of one profile.
pub(crate) async fn send_of(profile: &str, env: &Env) {
    send(COLLECTOR.with_borrow_mut(|collector| collector.take_of(profile)), env).await;
}

/// Sends what was collected. What cannot be sent is collected on.
async fn send(batches: Vec<Batch>, env: &Env) {
    let send = async |batch: &Batch| note_uses(env, batch).await;
    let put_back = |batch: Batch, error: worker::Error| {
        console_error!("the audit trail of {} was not written: {error}", batch.profile);
        COLLECTOR.with_borrow_mut(|collector| collector.put_back(batch));
    };
    audit::deliver(batches, send, put_back).await;
}

fn level(env: &Env) -> Level {
    let text = env.var(EDGE_LOGS).map(|text| text.to_string()).unwrap_or_default();
    Level::read(&text).unwrap_or_else(|level| {
        if !LEVEL_IS_BAD.replace(true) {
            console_error!("{EDGE_LOGS}: expected all, errors or off; going on with all");
        }
        level
    })
}

/// Milliseconds as JavaScript counts them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates; milliseconds lie below 2^53"
)]
fn whole(ms: f64) -> u64 {
    ms as u64
}
