//! The door of the Worker: reads the request, the clock and the secrets once, runs the staircase, writes the reply.
//!
//! The staircase is the life of a request: route, key, question, view, gate, answer.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select, try_join_all};
use sepay::Response as Answer;
use worker::{
    Context, Delay, Env, Headers, Method, Request, RequestInit, Response, Result, console_error,
    event,
};

use crate::answer::answer;
use crate::auth::Keys;
use crate::clock::now_ms;
use crate::gate::wire::{Ask, NOTE_HEADER, Note};
use crate::incoming::{Incoming, path_and_query, wait_ms};
use crate::params::BadParameter;
use crate::reply::{self, Problem, Reply, Timing};
use crate::route::{self, Form, Question, Resource};
use crate::{config, view};

/// The longest that a gate in good health takes: the longest wait, and some.
const GATE_TIMEOUT_MS: u64 = 30_000;

/// Answers one request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let now_ms = now_ms();
    let request_id = request_id();
    let incoming = incoming(&request)?;
    let form = if incoming.path.starts_with("/userapi/") { Form::DropIn } else { Form::Json };
    let reply = match serve(&incoming, &env, now_ms).await {
        Ok(reply) => reply,
        Err(problem) => reply::problem(&problem, form, &request_id),
    };
    if reply.status >= 500 {
        console_error!("request {request_id}: {}", reply.status);
    }
    response(reply, &request_id, incoming.method == "HEAD")
}

async fn serve(incoming: &Incoming, env: &Env, now_ms: u64) -> std::result::Result<Reply, Problem> {
    let resource = route::find(&incoming.method, &incoming.path)?;
    if resource == Resource::Health {
        return Ok(reply::json(r#"{"status":"ok"}"#.to_owned()));
    }
    let keys = keys(env);
    let caller = keys.authorize(incoming.authorization.as_deref(), now_ms)?;
    if incoming.has_body {
        return Err(BadParameter::new("body: expected none on a GET").into());
    }
    let gate = Gate { env, profile: &caller.profile };
    match resource {
        Resource::Health | Resource::Status => {
            route::no_parameters(&incoming.query)?;
            Ok(reply::json(gate.status().await?))
        }
        Resource::Sepay { kind, form } => {
            let question = kind.question(form, &incoming.query)?;
            let plan = view::plan(question, caller)?;
            let wait_ms = wait_ms(incoming.prefer.as_deref());
            let asked = plan.questions();
            let answers =
                try_join_all(asked.iter().map(|question| gate.ask(question, wait_ms))).await?;
            let (answers, timings): (Vec<Answer>, Vec<Timing>) = answers.into_iter().unzip();
            Ok(reply::answered(answer(&plan, form, &answers)?, Timing::longest(&timings)))
        }
    }
}

/// Reads the configured keys. What cannot be read lets nobody in.
fn keys(env: &Env) -> Keys {
    let text = env.secret(config::EDGE_KEYS).map(|secret| secret.to_string()).unwrap_or_default();
    Keys::parse(&text).unwrap_or_else(|bad| {
        console_error!("no key is accepted: {bad}");
        Keys::default()
    })
}

/// The gate of one profile, seen from the Worker.
struct Gate<'a> {
    env: &'a Env,
    profile: &'a str,
}

impl Gate<'_> {
    async fn ask(
        &self,
        question: &Question,
        wait_ms: u64,
    ) -> std::result::Result<(Answer, Timing), Problem> {
        let ask = Ask { target: question.target().as_str().to_owned(), wait_ms };
        let body = serde_json::to_string(&ask).map_err(|_| Problem::Internal)?;
        let mut response =
            self.send("https://gate/ask", Some(body)).await.map_err(unreachable_gate)?;
        let note = response.headers().get(NOTE_HEADER).ok().flatten();
        let note = note.and_then(|text| serde_json::from_str(&text).ok());
        match note.ok_or(Problem::Internal)? {
            Note::Refused(refusal) => Err(Problem::Refused(refusal)),
            Note::Answered { status, headers, queue_ms, upstream_ms } => {
                let body = response.bytes().await.map_err(unreachable_gate)?;
                Ok((Answer { status, headers, body }, Timing { queue_ms, upstream_ms }))
            }
        }
    }

    async fn status(&self) -> std::result::Result<String, Problem> {
        let mut response =
            self.send("https://gate/status", None).await.map_err(unreachable_gate)?;
        response.text().await.map_err(unreachable_gate)
    }

    /// Sends to the gate, which always answers in time; should it die, nobody is left waiting.
    async fn send(&self, url: &str, body: Option<String>) -> Result<Response> {
        let mut init = RequestInit::new();
        if let Some(body) = body {
            init.with_method(Method::Post).with_body(Some(body.into()));
        }
        let stub = self.env.durable_object(config::GATE)?.get_by_name(self.profile)?;
        let answer = pin!(stub.fetch_with_request(Request::new_with_init(url, &init)?));
        match select(answer, Delay::from(Duration::from_millis(GATE_TIMEOUT_MS))).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err("no answer in time".into()),
        }
    }
}

/// A gate that is being moved or restarted is there again in a moment.
fn unreachable_gate(error: worker::Error) -> Problem {
    console_error!("the gate cannot be reached: {error}");
    Problem::NoGate
}

fn incoming(request: &Request) -> Result<Incoming> {
    let headers = request.headers();
    let (path, query) = path_and_query(&request.inner().url());
    let length = headers.get("content-length")?.unwrap_or_default();
    let has_length = !matches!(length.trim(), "" | "0");
    Ok(Incoming {
        method: request.inner().method(),
        path,
        query,
        authorization: headers.get("authorization")?,
        prefer: headers.get("prefer")?,
        has_body: has_length || headers.has("transfer-encoding")?,
    })
}

fn response(reply: Reply, request_id: &str, head_only: bool) -> Result<Response> {
    let headers = Headers::new();
    headers.set("cache-control", "private, no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("x-request-id", request_id)?;
    for (name, value) in &reply.headers {
        headers.set(name, value)?;
    }
    let body = if head_only { Vec::new() } else { reply.body };
    Ok(Response::from_bytes(body)?.with_status(reply.status).with_headers(headers))
}

/// A random UUID. Where the platform gives none, the request is served all the same.
fn request_id() -> String {
    use wasm_bindgen::JsCast;
    let global: web_sys::WorkerGlobalScope = worker::js_sys::global().unchecked_into();
    global.crypto().map(|crypto| crypto.random_uuid()).unwrap_or_default()
}
