//! The gate as the Worker sees it: questions over a Durable Object stub.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use sepay::Response as Answer;
use serde::Serialize;
use wasm_bindgen::JsValue;
use worker::{Delay, Env, Request, Response, Result, console_error};

use super::event::Service;
use super::limit::Admission;
use super::wire::{Admit, Ask, Leave, NOTE_HEADER, Note};
use crate::audit::{self, Batch, Trail};
use crate::auth::Caller;
use crate::clock::now_ms;
use crate::config;
use crate::reply::Problem;

/// The longest that a gate in good health takes: the longest wait, and some.
const GATE_TIMEOUT_MS: u64 = 30_000;

/// What the gate answers.
pub(crate) struct Told {
    /// SePay's answer; none when it is the one that the caller has.
    pub(crate) answer: Option<Answer>,
    /// Where it comes from and how old it is.
    pub(crate) service: Service,
    /// Names the bytes, for the next question.
    pub(crate) version: u64,
}

/// The gate of a caller's profile.
#[derive(Clone)]
pub(crate) struct Client {
    env: Env,
    caller: Caller,
}

impl Client {
    pub(crate) fn new(env: Env, caller: Caller) -> Self {
        Self { env, caller }
    }

    /// Returns who asks.
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Says whether the profile's drop-in routes turn SePay's empty 200 into a 401.
    pub(crate) fn is_strict(&self) -> bool {
        let text = self.env.var(&config::strict_binding(&self.caller.profile)).ok();
        config::is_on(text.map(|text| text.to_string()).as_deref())
    }

    /// Asks. `held` says which version the caller has when the answer is there: of many who wait for one answer only the
    /// first has to read it.
    pub(crate) async fn ask(
        &self,
        ask: Ask,
        held: impl Fn() -> Option<u64>,
    ) -> std::result::Result<Told, Problem> {
        let asked_ms = now_ms();
        let mut response = self.post("ask", &ask).await?;
        let took_ms = now_ms().saturating_sub(asked_ms);
        let note = response.headers().get(NOTE_HEADER).ok().flatten();
        let note = note.and_then(|text| serde_json::from_str(&text).ok());
        match note.ok_or(Problem::Internal)? {
            Note::Refused(refusal) => Err(Problem::Refused(refusal)),
            Note::Unchanged { service } => {
                Ok(Told { answer: None, service: aged(service, took_ms), version: 0 })
            }
            Note::Answered { service, version, .. } if held() == Some(version) => {
                Ok(Told { answer: None, service: aged(service, took_ms), version })
            }
            Note::Answered { status, headers, service, version } => {
                let service = aged(service, took_ms);
                let body = response.bytes().await.map_err(unreachable_gate)?;
                Ok(Told { answer: Some(Answer { status, headers, body }), service, version })
            }
        }
    }

    /// Takes back what was asked with these tickets, if it has not been answered. Nobody waits for a failure.
    pub(crate) async fn leave(&self, tickets: Vec<u64>) {
        let _nobody_waits = self.post("leave", &Leave { tickets }).await;
    }

    /// Counts a request of a key that has a limit of its own.
    pub(crate) async fn admit(&self) -> std::result::Result<Option<Admission>, Problem> {
        let Some(requests_per_minute) = self.caller.requests_per_minute else { return Ok(None) };
        let admit = Admit { party: self.caller.id.clone(), requests_per_minute };
        let mut response = self.post("admit", &admit).await?;
        response.json().await.map(Some).map_err(unreachable_gate)
    }

    /// Reads the audit trail: the answer of `/api/audit`.
    pub(crate) async fn trail(&self, trail: &Trail) -> std::result::Result<String, Problem> {
        let mut response = self.post("trail", trail).await?;
        if response.status_code() != 200 {
            return Err(Problem::Internal);
        }
        response.text().await.map_err(unreachable_gate)
    }

    /// Reads what the gate tells of itself: `status` as JSON or `metrics` as text.
    pub(crate) async fn read(&self, what: &str) -> std::result::Result<String, Problem> {
        let mut response = self.send(what, None).await.map_err(unreachable_gate)?;
        if response.status_code() != 200 {
            return Err(Problem::Internal);
        }
        response.text().await.map_err(unreachable_gate)
    }

    async fn post<T: Serialize>(
        &self,
        what: &str,
        message: &T,
    ) -> std::result::Result<Response, Problem> {
        let message = serde_json::to_string(message).map_err(|_| Problem::Internal)?;
        self.send(what, Some(message)).await.map_err(unreachable_gate)
    }

    async fn send(&self, what: &str, message: Option<String>) -> Result<Response> {
        send(&self.env, &self.caller.profile, what, message, GATE_TIMEOUT_MS).await
    }
}

/// Adds rows to the audit trail of a profile.
pub(crate) async fn note_uses(env: &Env, batch: &Batch) -> Result<()> {
    let message = Some(batch.message());
    let response = send(env, &batch.profile, "audit", message, audit::SEND_TIMEOUT_MS).await?;
    match response.status_code() {
        200..=299 => Ok(()),
        status => Err(format!("the gate answered {status}").into()),
    }
}

/// Sends to a gate, which always answers in time; should it die, nobody is left waiting.
async fn send(
    env: &Env,
    profile: &str,
    what: &str,
    message: Option<String>,
    timeout_ms: u64,
) -> Result<Response> {
    let init = web_sys::RequestInit::new();
    if let Some(message) = message {
        init.set_method("POST");
        init.set_body(&JsValue::from(message));
    }
    let url = format!("https://gate/{what}");
    let request = Request::from(web_sys::Request::new_with_str_and_init(&url, &init)?);
    let stub = env
        .durable_object(config::GATE)?
        .get_by_name_with_location_hint(profile, config::NEAR_SEPAY)?;
    let answer = pin!(stub.fetch_with_request(request));
    match select(answer, Delay::from(Duration::from_millis(timeout_ms))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err("no answer in time".into()),
    }
}

/// Adds the way between gate and Worker to the age, as if all of it were the way back (RFC 9111, section 4.2.3).
fn aged(service: Service, took_ms: u64) -> Service {
    let at_the_gate_ms = service.queue_ms.saturating_add(service.upstream_ms);
    let age_ms = service.age_ms.saturating_add(took_ms.saturating_sub(at_the_gate_ms));
    Service { age_ms, ..service }
}

/// A gate that is being moved or restarted is there again in a moment.
fn unreachable_gate(error: worker::Error) -> Problem {
    console_error!("the gate cannot be reached: {error}");
    Problem::NoGate
}
