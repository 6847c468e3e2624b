//! The door of the Worker: reads the request, the clock and the secrets once, runs the staircase, writes the reply.
//!
//! The staircase is the life of a request: route, key, question, view, gate, answer.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::{Either, MaybeDone, maybe_done, select};
use sepay::Response as Answer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::js_sys::{Promise, Uint8Array};
use worker::wasm_bindgen_futures::future_to_promise;
use worker::{Delay, Env, Request, Response, Result, console_error};

use crate::answer::answer;
use crate::clock::now_ms;
use crate::gate::wire::{Ask, NOTE_HEADER, Note};
use crate::hot_door::{keep, with_hot};
use crate::incoming::{Incoming, path_and_query, wait_ms};
use crate::life::Run;
use crate::params::BadParameter;
use crate::reply::{self, Problem, Reply, Timing};
use crate::route::{self, Form, Question, Resource};
use crate::{config, view};

/// The longest that a gate in good health takes: the longest wait, and some.
const GATE_TIMEOUT_MS: u64 = 30_000;

/// Answers one request. `run` is the entry's number for it.
#[wasm_bindgen]
pub fn serve(run: u32, request: web_sys::Request, env: Env) -> Promise {
    let answered = async move { respond(&request, &env).await.map(JsValue::from) };
    future_to_promise(Run::new(run, answered))
}

async fn respond(
    request: &web_sys::Request,
    env: &Env,
) -> std::result::Result<web_sys::Response, JsValue> {
    let now_ms = now_ms();
    let request_id = request_id();
    let incoming = incoming(request)?;
    let form = if incoming.path.starts_with("/userapi/") { Form::DropIn } else { Form::Json };
    let reply = match answered(&incoming, env, now_ms).await {
        Ok(reply) => reply,
        Err(problem) => reply::problem(&problem, form, &request_id),
    };
    if reply.status >= 500 {
        console_error!("request {request_id}: {}", reply.status);
    }
    response(&reply, &request_id, incoming.method == "HEAD")
}

async fn answered(
    incoming: &Incoming,
    env: &Env,
    now_ms: u64,
) -> std::result::Result<Reply, Problem> {
    #[cfg(feature = "test-routes")]
    test_routes(&incoming.path);
    let resource = route::find(&incoming.method, &incoming.path)?;
    if resource == Resource::Health {
        return Ok(reply::json(r#"{"status":"ok"}"#.to_owned()));
    }
    let (place, caller) = with_hot(|hot| {
        let known = hot.authorize(incoming.authorization.as_deref(), now_ms)?;
        Ok::<_, Problem>((known.place, known.caller.clone()))
    })?;
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
            let plan = view::plan(question, &caller)?;
            let wait_ms = wait_ms(incoming.prefer.as_deref());
            let asked = plan.questions();
            let answers = all(asked.iter().map(|question| gate.ask(question, wait_ms))).await?;
            let (answers, timings): (Vec<Answer>, Vec<Timing>) = answers.into_iter().unzip();
            let body = answer(&plan, form, &answers)?;
            let mut reply = reply::answered(body, Timing::longest(&timings));
            keep(place, &incoming.target(), &mut reply);
            Ok(reply)
        }
    }
}

/// Runs questions at once and waits for all answers or the first problem. (futures' own `try_join_all` is built for
/// thousands, and large.)
async fn all<T>(
    asked: impl Iterator<Item = impl Future<Output = std::result::Result<T, Problem>>>,
) -> std::result::Result<Vec<T>, Problem> {
    let mut waiting: Vec<_> = asked.map(|asking| Box::pin(maybe_done(asking))).collect();
    poll_fn(|context| {
        let (mut pending, mut failed) = (false, false);
        for asking in &mut waiting {
            pending |= asking.as_mut().poll(context).is_pending();
            failed |= matches!(&**asking, MaybeDone::Done(Err(_)));
        }
        if failed || !pending { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.iter_mut().filter_map(|asking| asking.as_mut().take_output()).collect()
}

/// A panic on demand: tests/worker/panic.test.ts.
#[cfg(feature = "test-routes")]
#[expect(clippy::panic, reason = "what the route is for")]
fn test_routes(path: &str) {
    if path == "/_test/panic" {
        panic!("a panic that was asked for");
    }
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
        let init = web_sys::RequestInit::new();
        if let Some(body) = body {
            init.set_method("POST");
            init.set_body(&JsValue::from(body));
        }
        let request = Request::from(web_sys::Request::new_with_str_and_init(url, &init)?);
        let stub = self.env.durable_object(config::GATE)?.get_by_name(self.profile)?;
        let answer = pin!(stub.fetch_with_request(request));
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

fn incoming(request: &web_sys::Request) -> std::result::Result<Incoming, JsValue> {
    let headers = request.headers();
    let (path, query) = path_and_query(&request.url());
    let length = headers.get("content-length")?.unwrap_or_default();
    let has_length = !matches!(length.trim(), "" | "0");
    Ok(Incoming {
        method: request.method(),
        path,
        query,
        authorization: headers.get("authorization")?,
        prefer: headers.get("prefer")?,
        has_body: has_length || headers.has("transfer-encoding")?,
    })
}

fn response(
    reply: &Reply,
    request_id: &str,
    head_only: bool,
) -> std::result::Result<web_sys::Response, JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("cache-control", "private, no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("x-request-id", request_id)?;
    for (name, value) in &reply.headers {
        headers.set(name, value)?;
    }
    let init = web_sys::ResponseInit::new();
    init.set_status(reply.status);
    init.set_headers(&headers);
    let body =
        if head_only { Uint8Array::default() } else { Uint8Array::from(reply.body.as_slice()) };
    web_sys::Response::new_with_opt_js_u8_array_and_init(Some(&body), &init)
}

/// A random UUID. Where the platform gives none, the request is served all the same.
fn request_id() -> String {
    use wasm_bindgen::JsCast;
    let global: web_sys::WorkerGlobalScope = worker::js_sys::global().unchecked_into();
    global.crypto().map(|crypto| crypto.random_uuid()).unwrap_or_default()
}
