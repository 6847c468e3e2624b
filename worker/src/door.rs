//! The door of the Worker: reads the request, the clock and the secrets once, runs the staircase, writes the reply.
//!
//! The staircase is the life of a request: route, key, question, view, gate, answer.

use futures_util::future::try_join_all;
use sepay::Response as Answer;
use worker::{Context, Env, Headers, Request, Response, Result, console_error, event};

use crate::answer::answer;
use crate::auth::{Caller, Keys, Scope};
use crate::clock::now_ms;
use crate::gate::client::Client;
use crate::gate::event::{Lane, Need, Service};
use crate::gate::limit::Admission;
use crate::gate::wire::Ask;
use crate::incoming::{Incoming, lane, need, path_and_query, wait_ms};
use crate::params::BadParameter;
use crate::reply::{self, Problem, Reply};
use crate::route::{self, Form, Kind, Resource};
use crate::view::{Forbidden, Plan};
use crate::{caching, config, view};

type Outcome = std::result::Result<Reply, Problem>;

/// Answers one request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let now_ms = now_ms();
    let request_id = request_id();
    let incoming = incoming(&request)?;
    let form = if incoming.path.starts_with("/userapi/") { Form::DropIn } else { Form::Json };
    let (outcome, admission) = serve(&incoming, &env, now_ms).await;
    let mut reply = outcome.unwrap_or_else(|problem| reply::problem(&problem, form, &request_id));
    reply.headers.extend(admission.iter().flat_map(reply::rate_limit));
    if reply.status >= 500 {
        console_error!("request {request_id}: {}", reply.status);
    }
    response(reply, &request_id, incoming.method == "HEAD")
}

/// Lets in whoever has a key, as far as its own limit goes.
async fn serve(incoming: &Incoming, env: &Env, now_ms: u64) -> (Outcome, Option<Admission>) {
    let resource = match route::find(&incoming.method, &incoming.path) {
        Ok(Resource::Health) => return (Ok(reply::json(r#"{"status":"ok"}"#.to_owned())), None),
        Ok(resource) => resource,
        Err(none) => return (Err(none.into()), None),
    };
    let keys = keys(env);
    let caller = match keys.authorize(incoming.authorization.as_deref(), now_ms) {
        Ok(caller) => caller,
        Err(denied) => return (Err(denied.into()), None),
    };
    let gate = Client::new(env, caller);
    match gate.admit().await {
        Err(problem) => (Err(problem), None),
        Ok(Some(admission)) if !admission.admitted => {
            (Err(Problem::RateLimited { retry_after_ms: admission.next_ms }), Some(admission))
        }
        Ok(admission) => (answer_to(incoming, &resource, caller, &gate).await, admission),
    }
}

async fn answer_to(
    incoming: &Incoming,
    resource: &Resource,
    caller: &Caller,
    gate: &Client<'_>,
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
        Resource::Sepay { kind, form } => ask_sepay(incoming, kind, *form, caller, gate).await,
    }
}

async fn ask_sepay(
    incoming: &Incoming,
    kind: &Kind,
    form: Form,
    caller: &Caller,
    gate: &Client<'_>,
) -> Outcome {
    let question = kind.question(form, &incoming.query)?;
    let plan = view::plan(question, caller)?;
    let asked = asks(&plan, incoming, caller).into_iter().map(|ask| gate.ask(ask));
    let (answers, services): (Vec<Answer>, Vec<Service>) =
        try_join_all(asked).await?.into_iter().unzip();
    let body = answer(&plan, form, &answers)?;
    let service = caching::together(&services);
    Ok(reply::answered(body, &service, incoming.if_none_match.as_deref()))
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

/// A random UUID. Where the platform gives none, the request is served all the same.
fn request_id() -> String {
    use wasm_bindgen::JsCast;
    let global: web_sys::WorkerGlobalScope = worker::js_sys::global().unchecked_into();
    global.crypto().map(|crypto| crypto.random_uuid()).unwrap_or_default()
}
