//! The door of the Worker: reads the request, the clock and the secrets once, runs the staircase, writes the reply.
//!
//! The staircase is the life of a request: route, key, question, view, gate, answer.

use sepay::Response as Answer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;
use worker::Env;
use worker::js_sys::{Promise, Uint8Array};
use worker::wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::all::all;
use crate::answer::{answer, strict};
use crate::audit::{self, Trail};
use crate::auth::{Caller, Scope};
use crate::chance::random;
use crate::clock::now_ms;
use crate::gate::client::{Client, Told};
use crate::gate::event::{Lane, Need, Service};
use crate::gate::limit::Admission;
use crate::gate::wire::Ask;
use crate::hot::Place;
use crate::hot_door::{
    Known, authorized, isolate_status, keep, keep_on, mint, refreshed, take_hits, version,
};
use crate::incoming::{self, Incoming, lane, need, path_and_query, wait_ms};
use crate::leaving::{Lifetime, unless_left};
use crate::life::Run;
use crate::params::BadParameter;
use crate::record::{self, Record};
use crate::reply::{self, Problem, Reply};
use crate::route::{self, Asked, Form, Resource};
use crate::ticket::{self, Wish};
use crate::vietqr::PaymentCode;
use crate::view::{Forbidden, Plan};
use crate::{caching, view};

const HEALTHY: &str = r#"{"status":"ok"}"#;

/// How long a refresh behind a caller may take, in milliseconds: the platform stops what runs on for 30 s.
const REFRESH_MS: u64 = 20_000;

/// What comes of a request: a reply, or nothing when what is known already may be served again.
type Outcome = std::result::Result<Option<Reply>, Problem>;

/// Answers one request. `run` is the entry's number for it, `lifetime` the platform's context. Resolves to nothing when
/// the answer that is known already may be served again; with `anew`, that is not taken into account.
#[wasm_bindgen]
pub fn serve(
    run: u32,
    request: web_sys::Request,
    env: Env,
    lifetime: Lifetime,
    anew: bool,
) -> Promise {
    let answered = async move {
        let (incoming, now_ms) = (incoming(&request)?, now_ms());
        let record = Record::begin(&incoming.method, &incoming.path, now_ms);
        let door = Door { env, lifetime, signal: request.signal(), now_ms, anew, record };
        Ok(door.respond(&request, &incoming).await?.map_or(JsValue::UNDEFINED, JsValue::from))
    };
    future_to_promise(Run::new(run, answered))
}

/// Finds a newer answer to a request that was served already, and keeps it. Resolves to nothing.
#[wasm_bindgen]
pub fn refresh(run: u32, request: web_sys::Request, env: Env) -> Promise {
    let refreshing = async move {
        let incoming = incoming(&request)?;
        if let Ok(Known { place, caller, .. }) =
            authorized(incoming.authorization.as_deref(), now_ms())
        {
            // What fails is asked again when the answer is asked for again.
            let _outcome = refresh_behind(&incoming, place, caller, env).await;
            refreshed(place, &incoming.target());
        }
        Ok(JsValue::UNDEFINED)
    };
    future_to_promise(Run::new(run, refreshing))
}

async fn refresh_behind(incoming: &Incoming, place: Place, caller: Caller, env: Env) -> Outcome {
    let Resource::Sepay { kind, form } = route::find("GET", &incoming.path)? else {
        return Err(Problem::Internal);
    };
    let now_ms = now_ms();
    let plan = view::plan(kind.question(form, &incoming.query)?, &caller, now_ms)?;
    let home = Home { place, ends_ms: view::narrows_ms(&caller.rights, now_ms) };
    let hits = take_hits(place, &incoming.target());
    let mut asks = asks(&plan, incoming, &caller, hits);
    for ask in &mut asks {
        // What the caller allowed was for the answer it got; and it is among the hits already.
        (ask.newer, ask.max_age_ms) = (true, None);
        (ask.wait_ms, ask.demand) = (REFRESH_MS, hits.max(1));
    }
    let gate = Client::new(env, caller);
    let told = all(asks.into_iter().map(|ask| gate.ask(ask, || None))).await?;
    put_together(&plan, form, told, incoming, &gate, Some(home))
}

/// What the platform gives with one request.
struct Door {
    env: Env,
    lifetime: Lifetime,
    /// Says when the caller has gone away.
    signal: AbortSignal,
    now_ms: u64,
    anew: bool,
    record: Record,
}

impl Door {
    async fn respond(
        &self,
        request: &web_sys::Request,
        incoming: &Incoming,
    ) -> std::result::Result<Option<web_sys::Response>, JsValue> {
        let request_id = request_id();
        let form = if incoming.path.starts_with("/userapi/") { Form::DropIn } else { Form::Json };
        let (outcome, admission) = self.let_in(request, incoming).await;
        let ended = outcome.as_ref().map(|reply| reply.as_ref().map_or(0, |reply| reply.status));
        let ended = audit::Outcome::of(ended);
        let reply =
            outcome.unwrap_or_else(|problem| Some(reply::problem(&problem, form, &request_id)));
        let Some(mut reply) = reply else { return Ok(None) };
        reply.headers.extend(admission.iter().flat_map(reply::rate_limit));
        self.record.over(&self.env, &self.lifetime, &request_id, reply.status, ended);
        response(&reply, &request_id, incoming.method == "HEAD").map(Some)
    }

    /// Lets in whoever has a key, as far as its own limit goes.
    async fn let_in(
        &self,
        request: &web_sys::Request,
        incoming: &Incoming,
    ) -> (Outcome, Option<Admission>) {
        #[cfg(feature = "test-routes")]
        test_routes(&incoming.path);
        let resource = match route::find(&incoming.method, &incoming.path) {
            Ok(Resource::Health) => return (Ok(Some(reply::json(HEALTHY.to_owned()))), None),
            Ok(resource) => resource,
            Err(none) => return (Err(none.into()), None),
        };
        let known = match authorized(incoming.authorization.as_deref(), self.now_ms) {
            Ok(known) => known,
            Err(denied) => {
                self.record.denied(denied, incoming.authorization.as_deref());
                return (Err(denied.into()), None);
            }
        };
        self.record.let_in(&known.caller);
        let gate = Client::new(self.env.clone(), known.caller.clone());
        match gate.admit().await {
            Err(problem) => (Err(problem), None),
            Ok(Some(admission)) if !admission.admitted => {
                (Err(Problem::RateLimited { retry_after_ms: admission.next_ms }), Some(admission))
            }
            Ok(admission) => {
                (self.answer_to(request, incoming, &resource, &known, &gate).await, admission)
            }
        }
    }

    async fn answer_to(
        &self,
        request: &web_sys::Request,
        incoming: &Incoming,
        resource: &Resource,
        known: &Known,
        gate: &Client,
    ) -> Outcome {
        if let Resource::Tickets = resource {
            route::no_parameters(&incoming.query)?;
            return self.mint(request, known).await;
        }
        if incoming.has_body {
            return Err(BadParameter::new("body: expected none on a GET").into());
        }
        if let Resource::Sepay { kind, form } = resource {
            return self.ask_sepay(incoming, kind, *form, known, gate).await;
        }
        if let Resource::Audit = resource {
            return self.audit(&incoming.query, gate).await;
        }
        if let Resource::VietQr = resource {
            return payment_code(incoming);
        }
        route::no_parameters(&incoming.query)?;
        match resource {
            Resource::OwnTicket => {
                let own = ticket::own_json(&known.caller).ok_or(Problem::Internal)?;
                Ok(Some(reply::json(own)))
            }
            Resource::Metrics => {
                require(&known.caller, Scope::MetricsRead)?;
                Ok(Some(reply::metrics(gate.read("metrics").await?)))
            }
            Resource::Status => {
                if known.caller.ticket.is_some() {
                    // How busy the shop is, is not its customers' business.
                    require(&known.caller, Scope::MetricsRead)?;
                }
                let status = gate.read("status").await?;
                Ok(Some(reply::status(&status, &isolate_status(self.now_ms))))
            }
            _ => Ok(Some(reply::json(HEALTHY.to_owned()))),
        }
    }

    async fn audit(&self, query: &str, gate: &Client) -> Outcome {
        let trail = Trail::read(query)?;
        require(gate.caller(), Scope::AuditRead)?;
        // So that callers see what they have just done.
        record::send_of(&gate.caller().profile, &self.env).await;
        Ok(Some(reply::json(gate.trail(&trail).await?)))
    }

    async fn mint(&self, request: &web_sys::Request, known: &Known) -> Outcome {
        require(&known.caller, Scope::TicketsWrite)?;
        let wish = Wish::read(&small_json(request).await?)?;
        let jti = request_id();
        if jti.is_empty() {
            return Err(Problem::Internal);
        }
        let ticket = mint(known, &wish, &jti, self.now_ms)?;
        self.record.minted(&known.caller, &jti);
        Ok(Some(reply::created(ticket)))
    }

    async fn ask_sepay(
        &self,
        incoming: &Incoming,
        kind: &Asked,
        form: Form,
        known: &Known,
        gate: &Client,
    ) -> Outcome {
        let caller = gate.caller();
        let home =
            Home { place: known.place, ends_ms: view::narrows_ms(&caller.rights, self.now_ms) };
        // What a key with a limit of its own gets has to be counted, so it is never kept in front of the gate.
        let home = Some(home).filter(|_| caller.requests_per_minute.is_none());
        let place = home.map(|home| home.place);
        let question = kind.question(form, &incoming.query)?;
        let plan = view::plan(question, caller, self.now_ms)?;
        let hits = place.map_or(0, |place| take_hits(place, &incoming.target()));
        let mut asks = asks(&plan, incoming, caller, hits);
        // Who limits the age has to read what it gets: what is known here may be too old in a moment.
        let may_hold = !self.anew && matches!(asks.as_slice(), [ask] if ask.max_age_ms.is_none());
        let held =
            || place.filter(|_| may_hold).and_then(|place| version(place, &incoming.target()));
        for ask in &mut asks {
            ask.have = held();
        }
        let tickets = asks.iter().map(|ask| ask.ticket).collect();
        let own_gate = gate.clone();
        let farewell = async move { own_gate.leave(tickets).await };
        let asked = all(asks.into_iter().map(|ask| gate.ask(ask, held)));
        let told = unless_left(&self.signal, &self.lifetime, farewell, asked).await?;
        self.record.told(&told);
        put_together(&plan, form, told, incoming, gate, home)
    }
}

fn payment_code(incoming: &Incoming) -> Outcome {
    let code = PaymentCode::read(&incoming.query)?;
    let text = serde_json::to_string(&code).map_err(|_| Problem::Internal)?;
    let reply = reply::lasting(text);
    Ok(Some(reply::unless_known(reply, incoming.if_none_match.as_deref())))
}

/// Where an answer is kept, and until when what the caller may see stays the same, in milliseconds since the Unix epoch.
#[derive(Clone, Copy)]
struct Home {
    place: Place,
    ends_ms: Option<u64>,
}

fn require(caller: &Caller, scope: Scope) -> std::result::Result<(), Forbidden> {
    if caller.may(scope) { Ok(()) } else { Err(Forbidden::Scope(scope)) }
}

/// Reads a small JSON body. Of a copy, because the request is run again should the instance end meanwhile.
async fn small_json(request: &web_sys::Request) -> std::result::Result<Vec<u8>, Problem> {
    if request.body().is_none() {
        return Ok(Vec::new());
    }
    let headers = request.headers();
    let get = |name: &str| headers.get(name).ok().flatten().unwrap_or_default();
    incoming::small_json(&get("content-type"), &get("content-length"))?;
    let body =
        request.clone().and_then(|copy| copy.array_buffer()).map_err(|_| Problem::Internal)?;
    let body = JsFuture::from(body).await.map_err(|_| Problem::Internal)?;
    Ok(Uint8Array::new(&body).to_vec())
}

/// Makes one reply of the gate's answers, and keeps it for the next to ask.
fn put_together(
    plan: &Plan,
    form: Form,
    told: Vec<Told>,
    incoming: &Incoming,
    gate: &Client,
    home: Option<Home>,
) -> Outcome {
    if let ([Told { answer: None, service, .. }], Some(home)) = (told.as_slice(), home) {
        keep_on(home.place, &incoming.target(), service);
        return Ok(None);
    }
    let services: Vec<Service> = told.iter().map(|told| told.service).collect();
    let version = told.first().map_or(0, |told| told.version);
    let answers: Vec<Answer> = told.into_iter().filter_map(|told| told.answer).collect();
    let body = answer(plan, form, &answers)?;
    let body = if form == Form::DropIn && gate.is_strict() { strict(body) } else { body };
    let service = caching::together(&services);
    let reply = reply::answered(body, &service);
    if let Some(Home { place, ends_ms }) = home {
        keep(place, gate.caller(), &incoming.target(), &reply, &service, version, ends_ms);
    }
    Ok(Some(reply::unless_known(reply, incoming.if_none_match.as_deref())))
}

/// What the gate is asked for a plan, as the caller wishes it, for itself and for so many who were served meanwhile.
fn asks(plan: &Plan, incoming: &Incoming, caller: &Caller, hits: u32) -> Vec<Ask> {
    let wait_ms = wait_ms(incoming.prefer.as_deref());
    let background = lane(incoming.priority.as_deref()) == Lane::Background;
    let max_age_ms = match need(incoming.cache_control.as_deref()) {
        Need::MaxAge(ms) => Some(ms),
        Need::Usual | Need::Newer => None,
    };
    let ask = |target: sepay::Target| Ask {
        target: target.as_str().to_owned(),
        wait_ms,
        party: caller.party(),
        background,
        max_age_ms,
        newer: false,
        demand: hits.saturating_add(1),
        have: None,
        ticket: random(),
    };
    plan.questions().into_iter().map(|question| ask(question.target())).collect()
}

/// A panic on demand: tests/worker/panic.test.ts.
#[cfg(feature = "test-routes")]
#[expect(clippy::panic, reason = "what the route is for")]
fn test_routes(path: &str) {
    if path == "/_test/panic" {
        panic!("a panic that was asked for");
    }
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
        cache_control: headers.get("cache-control")?,
        priority: headers.get("priority")?,
        if_none_match: headers.get("if-none-match")?,
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
    let empty = head_only || reply.status == 304;
    let body = (!empty).then(|| Uint8Array::from(reply.body.as_slice()));
    web_sys::Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init)
}

/// A random UUID. Where the platform gives none, the request is served all the same.
fn request_id() -> String {
    use wasm_bindgen::JsCast;
    let global: web_sys::WorkerGlobalScope = worker::js_sys::global().unchecked_into();
    global.crypto().map(|crypto| crypto.random_uuid()).unwrap_or_default()
}
