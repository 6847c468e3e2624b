//! The door of the Worker: reads the request, the clock and the secrets once, runs the staircase, writes the reply.
//!
//! The staircase is the life of a request: route, key, question, view, gate, answer.

use futures_util::future::try_join_all;
use sepay::Response as Answer;
use web_sys::AbortSignal;
use worker::{Context, Env, Headers, Request, Response, Result, console_error, event};

use crate::answer::answer;
use crate::auth::{Caller, Keys, Scope};
use crate::clock::now_ms;
use crate::gate::client::Client;
use crate::gate::event::{Lane, Need, Service};
use crate::gate::limit::Admission;
use crate::gate::wire::Ask;
use crate::incoming::{Incoming, lane, need, path_and_query, wait_ms};
use crate::leaving::unless_left;
use crate::params::BadParameter;
use crate::reply::{self, Problem, Reply};
use crate::route::{self, Form, Kind, Resource};
use crate::view::{Forbidden, Plan};
use crate::{caching, config, view};

const HEALTHY: &str = r#"{"status":"ok"}"#;

type Outcome = std::result::Result<Reply, Problem>;

/// Answers one request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response> {
    let now_ms = now_ms();
    let request_id = request_id();
    let incoming = incoming(&request)?;
    let form = if incoming.path.starts_with("/userapi/") { Form::DropIn } else { Form::Json };
    let door = Door { env, context, signal: request.inner().signal(), now_ms };
    let (outcome, admission) = door.serve(&incoming).await;
    let mut reply = outcome.unwrap_or_else(|problem| reply::problem(&problem, form, &request_id));
    reply.headers.extend(admission.iter().flat_map(reply::rate_limit));
    if reply.status >= 500 {
        console_error!("request {request_id}: {}", reply.status);
    }
    response(reply, &request_id, incoming.method == "HEAD")
}

/// What the platform gives with one request.
struct Door {
    env: Env,
    context: Context,
    /// Says when the caller has gone away.
    signal: AbortSignal,
    now_ms: u64,
}

impl Door {
    /// Lets in whoever has a key, as far as its own limit goes.
    async fn serve(&self, incoming: &Incoming) -> (Outcome, Option<Admission>) {
        let resource = match route::find(&incoming.method, &incoming.path) {
            Ok(Resource::Health) => return (Ok(reply::json(HEALTHY.to_owned())), None),
            Ok(resource) => resource,
            Err(none) => return (Err(none.into()), None),
        };
        let keys = keys(&self.env);
        let caller = match keys.authorize(incoming.authorization.as_deref(), self.now_ms) {
            Ok(caller) => caller,
            Err(denied) => return (Err(denied.into()), None),
        };
        let gate = Client::new(self.env.clone(), caller.clone());
        match gate.admit().await {
            Err(problem) => (Err(problem), None),
            Ok(Some(admission)) if !admission.admitted => {
                (Err(Problem::RateLimited { retry_after_ms: admission.next_ms }), Some(admission))
            }
            Ok(admission) => (self.answer_to(incoming, &resource, caller, &gate).await, admission),
        }
    }

    async fn answer_to(
        &self,
        incoming: &Incoming,
        resource: &Resource,
        caller: &Caller,
        gate: &Client,
    ) -> Outcome {
        if incoming.has_body {
            return Err(BadParameter::new("body: expected none on a GET").into());
        }
        match resource {
            Resource::Health | Resource::Status => {
                route::no_parameters(&incoming.query)?;
                Ok(reply::json(gate.read("status").await?))
            }
            Resource::Metrics => {
                route::no_parameters(&incoming.query)?;
                if !caller.may(Scope::MetricsRead) {
                    return Err(Forbidden::Scope(Scope::MetricsRead).into());
                }
                Ok(reply::metrics(gate.read("metrics").await?))
            }
            Resource::Sepay { kind, form } => {
                self.ask_sepay(incoming, kind, *form, caller, gate).await
            }
        }
    }

    async fn ask_sepay(
        &self,
        incoming: &Incoming,
        kind: &Kind,
        form: Form,
        caller: &Caller,
        gate: &Client,
    ) -> Outcome {
        let question = kind.question(form, &incoming.query)?;
        let plan = view::plan(question, caller)?;
        let asks = asks(&plan, incoming, caller);
        let tickets = asks.iter().map(|ask| ask.ticket).collect();
        let own_gate = gate.clone();
        let farewell = async move { own_gate.leave(tickets).await };
        let asked = try_join_all(asks.into_iter().map(|ask| gate.ask(ask)));
        let answers = unless_left(self.signal.clone(), &self.context, farewell, asked).await?;
        let (answers, services): (Vec<Answer>, Vec<Service>) = answers.into_iter().unzip();
        let body = answer(&plan, form, &answers)?;
        let service = caching::together(&services);
        Ok(reply::answered(body, &service, incoming.if_none_match.as_deref()))
    }
}

/// What the gate is asked for a plan, as the caller wishes it.
fn asks(plan: &Plan, incoming: &Incoming, caller: &Caller) -> Vec<Ask> {
    let wait_ms = wait_ms(incoming.prefer.as_deref());
    let background = lane(incoming.priority.as_deref()) == Lane::Background;
    let max_age_ms = match need(incoming.cache_control.as_deref()) {
        Need::MaxAge(ms) => Some(ms),
        Need::Usual | Need::Newer => None,
    };
    let questions = plan.questions().into_iter();
    let ask = |target: sepay::Target| Ask {
        target: target.as_str().to_owned(),
        wait_ms,
        party: caller.id.clone(),
        background,
        max_age_ms,
        newer: false,
        demand: 1,
        ticket: ticket(),
    };
    questions.map(|question| ask(question.target())).collect()
}

/// Reads the configured keys. What cannot be read lets nobody in.
fn keys(env: &Env) -> Keys {
    let text = env.secret(config::EDGE_KEYS).map(|secret| secret.to_string()).unwrap_or_default();
    Keys::parse(&text).unwrap_or_else(|bad| {
        console_error!("no key is accepted: {bad}");
        Keys::default()
    })
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
        cache_control: headers.get("cache-control")?,
        priority: headers.get("priority")?,
        if_none_match: headers.get("if-none-match")?,
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
    let empty = head_only || matches!(reply.status, 204 | 304);
    let response = if empty { Response::empty()? } else { Response::from_bytes(reply.body)? };
    Ok(response.with_status(reply.status).with_headers(headers))
}

/// A random number, below 2^53.
fn ticket() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 2^53, and whole enough"
    )]
    let ticket = (worker::js_sys::Math::random() * 9_007_199_254_740_992.0) as u64;
    ticket
}

/// A random UUID. Where the platform gives none, the request is served all the same.
fn request_id() -> String {
    use wasm_bindgen::JsCast;
    let global: web_sys::WorkerGlobalScope = worker::js_sys::global().unchecked_into();
    global.crypto().map(|crypto| crypto.random_uuid()).unwrap_or_default()
}
