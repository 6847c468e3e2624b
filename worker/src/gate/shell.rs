//! The Durable Object around [`Schedule`]: reads the clock, stores, sets timers, sends. It decides nothing.
//!
//! Between two awaits nothing else runs in the object, so a step of the schedule and the storing of its record are one
//! piece, and nothing is sent that was not stored before.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use sepay::{
    ApiToken, DEFAULT_BASE_URL, Pace, PaceRecord, Request as Question, Response as Answer, Target,
    Upstream,
};
use serde::de::DeserializeOwned;
use worker::js_sys::Uint8Array;
use worker::{
    Delay, DurableObject, Env, Request, Response, Result, State, console_error, durable_object,
};

use super::audit_store;
use super::event::{Action, Asked, CallId, CallerId, Event, Party, Service, Verdict};
use super::limit::{Admission, Limits};
use super::schedule::{Schedule, UPSTREAM_TIMEOUT_MS};
use super::status::Status;
use super::wire::{Admit, Ask, Leave, NOTE_HEADER, Note, kept_headers};
use super::{Refusal, metrics, store, transport};
use crate::audit::Upkeep;
use crate::chance::random;
use crate::clock::now_ms;
use crate::config;

/// A token shorter than this is not searched for in answers: it could stand there by chance.
const MIN_SEARCHED_TOKEN_BYTES: usize = 12;

/// What a caller is told when the slots could not be stored, in milliseconds.
const RETRY_AFTER_UNSENT_MS: u64 = 1_000;

/// The gate of one SePay identity.
#[durable_object(fetch)]
pub struct Gate {
    shell: Rc<Shell>,
}

impl DurableObject for Gate {
    fn new(state: State, env: Env) -> Self {
        Self { shell: Rc::new(Shell::new(state, &env)) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/ask" => self.shell.clone().ask(read(&mut request).await?).await.response(),
            "/leave" => {
                self.shell.leave(&read(&mut request).await?);
                Response::empty()
            }
            "/audit" => self.shell.note_uses(request.text().await?),
            "/trail" => self.shell.trail(request.text().await?),
            "/admit" => Response::from_json(&self.shell.admit(&read(&mut request).await?)),
            "/status" => Response::from_json(&self.shell.status()),
            "/metrics" => Response::ok(self.shell.metrics()),
            _ => Response::error("no such question", 404),
        }
    }
}

/// Reads a message as text, not as a JavaScript object, for which more code would be needed.
async fn read<T: DeserializeOwned>(request: &mut Request) -> Result<T> {
    Ok(serde_json::from_str(&request.text().await?)?)
}

struct Shell {
    state: State,
    schedule: RefCell<Schedule<Outcome>>,
    callers: RefCell<HashMap<CallerId, Waiter>>,
    next_version: Cell<u64>,
    /// The names under which callers leave.
    tickets: RefCell<HashMap<u64, CallerId>>,
    limits: RefCell<Limits>,
    audit: RefCell<Upkeep>,
    next_caller: Cell<CallerId>,
    wakes_at_ms: Cell<u64>,
    started_ms: u64,
    upstream: std::result::Result<Upstream, Refusal>,
}

/// The schedule's status, and whose it is.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct GateStatus {
    profile: Option<String>,
    uptime_ms: u64,
    #[serde(flatten)]
    schedule: Status,
}

/// How a request to SePay ended. The bytes lie outside the wasm memory, once for all who get them.
#[derive(Debug, Clone)]
enum Outcome {
    Answered { status: u16, headers: Rc<Vec<(String, String)>>, body: Uint8Array, version: u64 },
    Refused(Refusal),
}

/// A caller who waits, and the version of the answer that it has.
struct Waiter {
    sender: oneshot::Sender<Reported>,
    have: Option<u64>,
}

/// What a waiting caller gets.
struct Reported {
    note: Note,
    body: Option<Uint8Array>,
}

impl Shell {
    fn new(state: State, env: &Env) -> Self {
        let rate = env.var(config::SEPAY_REQUESTS_PER_SECOND).ok().map(|text| text.to_string());
        let rate = config::requests_per_second(rate.as_deref()).unwrap_or_else(|slowest| {
            console_error!("SEPAY_REQUESTS_PER_SECOND: expected 1 to 50; going on with {slowest}");
            slowest
        });
        let sql = state.storage().sql();
        if let Err(error) = store::migrate(&sql) {
            console_error!("the gate's storage cannot be brought up to date: {error}");
        }
        if let Err(error) = audit_store::forget(&sql, now_ms()) {
            console_error!("the audit trail cannot be cleaned: {error}");
        }
        let stored = store::load(&sql).unwrap_or_else(|error| {
            console_error!(
                "the gate's slots cannot be read, so all are taken as just used: {error}"
            );
            let paused_until_ms =
                now_ms().saturating_add(UPSTREAM_TIMEOUT_MS).saturating_add(Pace::HOLD_MS);
            PaceRecord { paused_until_ms, ..PaceRecord::default() }
        });
        let upstream = upstream(state.id().name(), env);
        Self {
            state,
            schedule: RefCell::new(Schedule::new(rate, &stored)),
            callers: RefCell::default(),
            // Another life of the gate names other bytes.
            next_version: Cell::new(random()),
            tickets: RefCell::default(),
            limits: RefCell::default(),
            audit: RefCell::default(),
            next_caller: Cell::new(0),
            wakes_at_ms: Cell::new(0),
            started_ms: now_ms(),
            upstream,
        }
    }

    async fn ask(self: Rc<Self>, ask: Ask) -> Reported {
        if let Err(refusal) = &self.upstream {
            return Reported::refused(refusal.clone());
        }
        let Ok(target) = Target::from_text(&ask.target) else {
            return Reported::refused(Refusal::Unusable(
                "no endpoint makes this target".to_owned(),
            ));
        };
        let caller = self.next_caller.get();
        self.next_caller.set(caller.wrapping_add(1));
        let (sender, receiver) = oneshot::channel();
        self.callers.borrow_mut().insert(caller, Waiter { sender, have: ask.have });
        let (party, lane, need) = (Party::from(ask.party.as_str()), ask.lane(), ask.need());
        let Ask { wait_ms, demand, .. } = ask;
        self.act(Event::Asked(Asked { caller, party, lane, target, wait_ms, need, demand }));
        self.tickets.borrow_mut().insert(ask.ticket, caller);
        // The sender is dropped unused when the caller has left, or with the whole object.
        let reported = receiver.await.unwrap_or_else(|_| Reported::refused(Refusal::Late));
        self.tickets.borrow_mut().remove(&ask.ticket);
        reported
    }

    /// Lets go of callers who have gone away.
    fn leave(self: &Rc<Self>, leave: &Leave) {
        for ticket in &leave.tickets {
            let caller = self.tickets.borrow_mut().remove(ticket);
            if let Some(caller) = caller {
                self.callers.borrow_mut().remove(&caller);
                self.act(Event::Left { caller });
            }
        }
    }

    fn admit(&self, admit: &Admit) -> Admission {
        let party = Party::from(admit.party.as_str());
        self.limits.borrow_mut().admit(&party, admit.requests_per_minute, now_ms())
    }

    /// Adds what an isolate has counted to the audit trail.
    fn note_uses(&self, rows: String) -> Result<Response> {
        let sql = self.state.storage().sql();
        match audit_store::merge(&sql, &mut self.audit.borrow_mut(), rows, now_ms()) {
            Ok(()) => Response::empty(),
            Err(error) => unstored("the audit trail cannot be written", &error),
        }
    }

    fn trail(&self, trail: String) -> Result<Response> {
        match audit_store::read(&self.state.storage().sql(), trail, now_ms()) {
            Ok(rows) => Response::ok(rows),
            Err(error) => unstored("the audit trail cannot be read", &error),
        }
    }

    fn status(&self) -> GateStatus {
        let now_ms = now_ms();
        GateStatus {
            profile: self.state.id().name(),
            uptime_ms: now_ms.saturating_sub(self.started_ms),
            schedule: self.schedule.borrow_mut().status(now_ms),
        }
    }

    fn metrics(&self) -> String {
        let GateStatus { profile, uptime_ms, schedule } = self.status();
        metrics::prometheus(&schedule, &profile.unwrap_or_default(), uptime_ms)
    }

    /// Takes one step and carries out what it says.
    fn act(self: &Rc<Self>, event: Event<Outcome>) {
        let actions = self.schedule.borrow_mut().step(event, now_ms());
        let mut stored = true;
        for action in actions {
            match action {
                Action::Store => stored = self.store(),
                Action::Send { call, target, timeout_ms } => {
                    self.spawn_call(call, target, timeout_ms, stored);
                }
                Action::Rest { call, for_ms } => {
                    self.after(for_ms, move |shell| shell.act(Event::Rested { call }));
                }
                Action::Answer { callers, outcome, service } => {
                    for caller in callers {
                        self.tell(caller, |have| outcome.report(service, have));
                    }
                }
                Action::RefuseBusy { caller, retry_after_ms } => {
                    self.tell(caller, |_| Reported::refused(Refusal::Busy { retry_after_ms }));
                }
                Action::RefuseLate { caller } => {
                    self.tell(caller, |_| Reported::refused(Refusal::Late));
                }
                Action::WakeIn(in_ms) => self.wake_in(in_ms),
            }
        }
    }

    fn tell(&self, caller: CallerId, report: impl FnOnce(Option<u64>) -> Reported) {
        let waiter = self.callers.borrow_mut().remove(&caller);
        if let Some(Waiter { sender, have }) = waiter {
            // A caller who left has dropped its end; then nobody reads it.
            let _unread = sender.send(report(have));
        }
    }

    fn store(&self) -> bool {
        let record = self.schedule.borrow().record();
        let saved = store::save(&self.state.storage().sql(), &record);
        if let Err(error) = &saved {
            console_error!("the gate's slots cannot be stored, so nothing is sent: {error}");
        }
        saved.is_ok()
    }

    fn spawn_call(self: &Rc<Self>, call: CallId, target: Target, timeout_ms: u64, stored: bool) {
        let shell = Rc::clone(self);
        self.state.wait_until(async move {
            let (verdict, outcome) =
                if stored { shell.call(&target, timeout_ms).await } else { unsent() };
            let bytes = outcome.bytes();
            shell.act(Event::Over { call, verdict, outcome, bytes });
        });
    }

    async fn call(&self, target: &Target, timeout_ms: u64) -> (Verdict, Outcome) {
        let upstream = match &self.upstream {
            Ok(upstream) => upstream,
            Err(refusal) => return (Verdict::Failed, Outcome::Refused(refusal.clone())),
        };
        let request = upstream.get(target);
        match transport::send(&request, timeout_ms).await {
            Ok(answer) if leaks(&answer, &request) => {
                (Verdict::Failed, Outcome::Refused(Refusal::Leak))
            }
            Ok(answer) => {
                let version = self.next_version.get();
                self.next_version.set(version.wrapping_add(1));
                (Verdict::of(target, &answer), Outcome::answered(&answer, version))
            }
            Err(refusal) => (Verdict::of_refusal(&refusal), Outcome::Refused(refusal)),
        }
    }

    /// Sets a timer, unless one fires early enough.
    fn wake_in(self: &Rc<Self>, in_ms: u64) {
        let now_ms = now_ms();
        let at_ms = now_ms.saturating_add(in_ms);
        let set_ms = self.wakes_at_ms.get();
        if set_ms > now_ms && set_ms <= at_ms {
            return;
        }
        self.wakes_at_ms.set(at_ms);
        self.after(in_ms, move |shell| {
            if shell.wakes_at_ms.get() == at_ms {
                shell.wakes_at_ms.set(0);
            }
            shell.act(Event::Tick);
        });
    }

    /// Does something later. The platform's timers do not follow the wall clock.
    fn after(self: &Rc<Self>, in_ms: u64, then: impl FnOnce(&Rc<Self>) + 'static) {
        let shell = Rc::clone(self);
        self.state.wait_until(async move {
            Delay::from(Duration::from_millis(in_ms)).await;
            then(&shell);
        });
    }
}

impl Outcome {
    fn answered(answer: &Answer, version: u64) -> Self {
        let headers = Rc::new(kept_headers(answer));
        let body = Uint8Array::from(answer.body.as_slice());
        Self::Answered { status: answer.status, headers, body, version }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Answered { body, .. } => usize::try_from(body.length()).unwrap_or(usize::MAX),
            Self::Refused(_) => 0,
        }
    }

    fn report(&self, service: Service, have: Option<u64>) -> Reported {
        match self {
            Self::Answered { version, .. } if have == Some(*version) => {
                Reported { note: Note::Unchanged { service }, body: None }
            }
            Self::Answered { status, headers, body, version } => {
                let (status, version) = (*status, *version);
                let headers = headers.as_ref().clone();
                let note = Note::Answered { status, headers, service, version };
                Reported { note, body: Some(body.clone()) }
            }
            Self::Refused(refusal) => Reported::refused(refusal.clone()),
        }
    }
}

impl Reported {
    fn refused(refusal: Refusal) -> Self {
        Self { note: Note::Refused(refusal), body: None }
    }

    fn response(self) -> Result<Response> {
        let note = serde_json::to_string(&self.note)?;
        let headers = web_sys::Headers::new()?;
        headers.set(NOTE_HEADER, &note)?;
        let init = web_sys::ResponseInit::new();
        init.set_headers(&headers);
        let body = self.body.as_ref();
        let response = web_sys::Response::new_with_opt_js_u8_array_and_init(body, &init)?;
        Ok(response.into())
    }
}

/// Tells the operator, and the Worker that it failed.
fn unstored(what: &str, error: &worker::Error) -> Result<Response> {
    console_error!("{what}: {error}");
    Response::error(what, 500)
}

fn unsent() -> (Verdict, Outcome) {
    let refusal = Refusal::Busy { retry_after_ms: RETRY_AFTER_UNSENT_MS };
    (Verdict::Unsent, Outcome::Refused(refusal))
}

/// Finds out who SePay is for this gate. Without a name, a token or a usable address, every question is refused.
fn upstream(profile: Option<String>, env: &Env) -> std::result::Result<Upstream, Refusal> {
    let unnamed = || Refusal::Unusable("the gate does not know its profile".to_owned());
    let profile = profile.ok_or_else(unnamed)?;
    let secret = env.secret(&config::token_binding(&profile)).map_err(|_| Refusal::NoToken)?;
    let token = ApiToken::new(&secret.to_string()).map_err(|_| Refusal::NoToken)?;
    let base_url = env.var(config::SEPAY_BASE_URL).map(|text| text.to_string());
    let base_url = base_url.ok().filter(|text| !text.is_empty());
    let base_url = base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
    Upstream::new(base_url, token, config::USER_AGENT).map_err(|error| {
        Refusal::Unusable(error.to_string().replace("base_url", config::SEPAY_BASE_URL))
    })
}

/// Says whether an answer repeats the token that was sent, plain or as PHP writes it in JSON.
fn leaks(answer: &Answer, request: &Question) -> bool {
    let sent = request.headers.iter().find(|(name, _)| *name == "authorization");
    let token = sent.and_then(|(_, value)| value.strip_prefix("Bearer ")).unwrap_or_default();
    let spellings = [token.to_owned(), token.replace('/', "\\/")];
    let holds = |text: &String| memchr::memmem::find(&answer.body, text.as_bytes()).is_some();
    token.len() >= MIN_SEARCHED_TOKEN_BYTES && spellings.iter().any(holds)
}
