//! The door to a client: questions and reports in, requests and outcomes out.
//!
//! It sends nothing, waits for nothing and calls nothing of JavaScript's. [`Calls`] decides; this door adds what each
//! call asks, and makes requests and reads answers with it.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::border::{string, whole};
use super::failure::{Failure, object, thrown};
use super::rows;
use super::settings;
use crate::calls::{Calls, Fate, Numbered, Sending};
use crate::error::Error;
use crate::http::{Response, Upstream};
use crate::params::Spelling;
use crate::question::{Kind, Question};

/// The largest answer that the package's transport accepts, in bytes, for the words of the error.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// The calls of one client and what they ask.
#[wasm_bindgen]
pub struct Core {
    upstream: Upstream,
    calls: Calls,
    questions: Numbered<Box<Question>>,
}

/// What is to be done now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Steps {
    send: Vec<Send>,
    expired: Vec<Expired>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake_in_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_ms: Option<u64>,
}

/// A request to send.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Send {
    call: u64,
    attempt: u32,
    url: String,
    headers: Vec<(&'static str, String)>,
    timeout_ms: u64,
}

#[derive(Serialize)]
struct Expired {
    call: u64,
    error: Failure,
}

/// What becomes of a call that has no answer: the error is final unless a time is there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    error: Failure,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_in_ms: Option<u64>,
}

#[wasm_bindgen]
impl Core {
    /// Makes a client.
    ///
    /// # Errors
    ///
    /// Throws a failure that names the wrong setting.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &JsValue) -> Result<Core, JsValue> {
        let (upstream, rules) = settings::read(settings).map_err(|error| thrown(&error))?;
        Ok(Self { upstream, calls: Calls::new(rules), questions: Numbered::default() })
    }

    /// Adds a question and returns its call's number; nothing is sent before `advance`.
    ///
    /// # Errors
    ///
    /// Throws a failure that names the wrong parameter.
    pub fn ask(
        &mut self,
        kind: &str,
        names: Vec<JsValue>,
        values: Vec<JsValue>,
        now_ms: f64,
        deadline_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let question = question(kind, &names, &values).map_err(|error| thrown(&error))?;
        let call = self.calls.ask(whole(now_ms), whole(deadline_ms));
        self.questions.add(call, Box::new(question));
        object(&call)
    }

    /// Returns what is to be done now.
    ///
    /// # Errors
    ///
    /// None that can happen.
    pub fn advance(&mut self, now_ms: f64) -> Result<JsValue, JsValue> {
        let steps = self.calls.advance(whole(now_ms));
        for (call, _) in &steps.expired {
            self.questions.remove(*call);
        }
        let expired = steps.expired.iter();
        object(&Steps {
            send: steps.send.into_iter().filter_map(|sending| self.sending(sending)).collect(),
            expired: expired
                .map(|(call, why)| Expired { call: *call, error: why.into() })
                .collect(),
            wake_in_ms: steps.wake_in_ms,
            paused_ms: Some(steps.paused_ms).filter(|paused_ms| *paused_ms > 0),
        })
    }

    /// Says that the call's answer begins to arrive.
    pub fn arrived(&mut self, call: f64, now_ms: f64) {
        self.calls.arrived(whole(call), whole(now_ms));
    }

    /// Takes the whole answer and returns what becomes of the call.
    ///
    /// # Errors
    ///
    /// None that can happen.
    pub fn answered(
        &mut self,
        call: f64,
        now_ms: f64,
        random: f64,
        status: u16,
        headers: Vec<JsValue>,
        body: Vec<u8>,
    ) -> Result<JsValue, JsValue> {
        let (call, now_ms) = (whole(call), whole(now_ms));
        self.calls.arrived(call, now_ms);
        let Some(question) = self.questions.get(call) else {
            return object(&Outcome::unknown());
        };
        let response = Response { status, headers: pairs(&headers), body };
        match rows::read(question, &response) {
            Ok(answer) if self.calls.answered(call, now_ms) => {
                self.questions.remove(call);
                answer.into_js()
            }
            Ok(_) => object(&Outcome::unknown()),
            Err(error) => {
                let Outcome { error, retry_in_ms } = self.outcome(call, now_ms, random, error);
                object(&Outcome { error: error.with_status(status), retry_in_ms })
            }
        }
    }

    /// Takes the reason why there is no answer, `connection`, `timeout` or `too_large`, and returns what becomes of
    /// the call.
    ///
    /// # Errors
    ///
    /// None that can happen.
    pub fn failed(
        &mut self,
        call: f64,
        now_ms: f64,
        random: f64,
        why: &str,
    ) -> Result<JsValue, JsValue> {
        let error = match why {
            "timeout" => Error::Timeout { after_ms: 0 },
            "too_large" => Error::TooLarge { limit_bytes: MAX_BODY_BYTES },
            _ => Error::Connection,
        };
        object(&self.outcome(whole(call), whole(now_ms), random, error))
    }

    /// Says that nobody waits for the call any more.
    pub fn leave(&mut self, call: f64) {
        let call = whole(call);
        self.calls.leave(call);
        self.questions.remove(call);
    }
}

impl Core {
    fn sending(&self, sending: Sending) -> Option<Send> {
        let Sending { call, attempt, timeout_ms } = sending;
        let request = self.questions.get(call)?.request(&self.upstream);
        Some(Send { call, attempt, url: request.url, headers: request.headers, timeout_ms })
    }

    fn outcome(&mut self, call: u64, now_ms: u64, random: f64, error: Error) -> Outcome {
        match self.calls.failed(call, now_ms, random, error) {
            Fate::Again { error, in_ms } => {
                Outcome { error: (&error).into(), retry_in_ms: Some(in_ms) }
            }
            Fate::Over { error } => {
                self.questions.remove(call);
                Outcome { error: (&error).into(), retry_in_ms: None }
            }
            Fate::Unknown => Outcome::unknown(),
        }
    }
}

impl Outcome {
    fn unknown() -> Self {
        Self { error: Failure::unknown_call(), retry_in_ms: None }
    }
}

fn question(kind: &str, names: &[JsValue], values: &[JsValue]) -> Result<Question, Error> {
    let kind = Kind::named(kind)?;
    let pairs = names.iter().zip(values).map(|(name, value)| (string(name), string(value)));
    Question::read(kind, Spelling::Ours, pairs)
}

/// Reads a flat list of names and values.
fn pairs(list: &[JsValue]) -> Vec<(String, String)> {
    let pair = |pair: &[JsValue]| Some((string(pair.first()?), string(pair.get(1)?)));
    list.chunks(2).filter_map(pair).collect()
}
