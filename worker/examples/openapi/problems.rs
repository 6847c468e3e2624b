//! The errors: every problem that the Worker can tell, with the status, the code and the words that it tells it with.

use std::collections::BTreeMap;

use sepay::{Error, Kind};
use sepay_worker::answer::NoBody;
use sepay_worker::auth::{Denied, Scope};
use sepay_worker::gate::Refusal;
use sepay_worker::mask::Field;
use sepay_worker::params::BadParameter;
use sepay_worker::reply::{self, Problem};
use sepay_worker::route::{Form, NoRoute, ROUTES, To};
use sepay_worker::ticket::NotGranted;
use sepay_worker::view::Forbidden;
use serde_json::{Map, Value, json};

use crate::headers::{self, Answer};
use crate::operations::scope;
use crate::schemas::reference;

/// The `requestId` of every example.
const REQUEST_ID: &str = "3f1f6f0e-6a0b-4b57-9d3a-0d1c7f7d1c11";

/// One of each kind, with values such as a caller meets.
fn every() -> Vec<Problem> {
    let upstream = |error| Problem::NoBody(NoBody::Upstream(error));
    let balance = Field::named("balance").expect("a balance can be hidden");
    let acount = "acount: unknown parameter; did you mean account?";
    vec![
        Problem::Parameter(BadParameter::new(acount)),
        Problem::Forbidden(Forbidden::Unnamed),
        Problem::NoBody(NoBody::TooMany),
        Problem::Unauthorized(Denied::Unknown),
        Problem::Unauthorized(Denied::Mistyped),
        Problem::Unauthorized(Denied::DeadTicket),
        Problem::Unauthorized(Denied::SepayToken),
        Problem::Forbidden(Forbidden::Scope(Scope::TransactionsRead)),
        Problem::Forbidden(Forbidden::Account),
        Problem::Forbidden(Forbidden::Hidden(balance)),
        Problem::NoBody(NoBody::NotYours),
        Problem::NotGranted(NotGranted {
            field: "accounts",
            reason: "the key does not see one of them",
        }),
        Problem::NoTickets,
        upstream(Error::NotFound { message: None }),
        Problem::Route(NoRoute::NotFound),
        Problem::Route(NoRoute::MethodNotAllowed { allowed: "GET, HEAD" }),
        Problem::RateLimited { retry_after_ms: 900 },
        Problem::Internal,
        upstream(Error::Unauthorized { message: None }),
        upstream(Error::Server { status: 500, retry_after_ms: None }),
        upstream(Error::Unreadable {
            at: "transactions[3].amount_in".to_owned(),
            reason: "expected whole VND, found a fraction".to_owned(),
        }),
        upstream(Error::Challenge { status: 403 }),
        Problem::Refused(Refusal::Busy { retry_after_ms: 1_400 }),
        Problem::NoGate,
        Problem::Refused(Refusal::Late),
    ]
}

/// Says whether a route can end so.
fn concerns(problem: &Problem, to: To) -> bool {
    let needs_key = to != To::Health;
    let kind = if let To::Sepay(kind, _) = to { Some(kind) } else { None };
    let by_account = matches!(kind, Some(Kind::TransactionList | Kind::TransactionCount));
    let has_filters = by_account || matches!(kind, Some(Kind::AccountList | Kind::AccountCount));
    let is_one = matches!(kind, Some(Kind::AccountDetails | Kind::TransactionDetails));
    match problem {
        // A path that is a route is not found to be none.
        Problem::Route(NoRoute::NotFound) => false,
        // Told to those who do not use the method that is described.
        Problem::Route(NoRoute::MethodNotAllowed { .. }) => false,
        Problem::Internal => true,
        Problem::Unauthorized(_)
        | Problem::Parameter(_)
        | Problem::RateLimited { .. }
        | Problem::NoGate => needs_key,
        // A key needs no scope for the state of the gate, and no ticket has the one that it would need.
        Problem::Forbidden(Forbidden::Scope(_)) => scope(to).is_some() || to == To::Status,
        Problem::NotGranted(_) | Problem::NoTickets => to == To::Tickets,
        Problem::NoBody(NoBody::TooMany) => kind == Some(Kind::TransactionCount),
        Problem::Forbidden(Forbidden::Hidden(_)) => has_filters,
        Problem::Forbidden(Forbidden::Account | Forbidden::Unnamed) => by_account,
        Problem::NoBody(NoBody::NotYours | NoBody::Upstream(Error::NotFound { .. })) => is_one,
        Problem::NoBody(NoBody::Upstream(_)) | Problem::Refused(_) => kind.is_some(),
    }
}

/// Refers to the errors of a route, by status.
pub(crate) fn of(to: To) -> Map<String, Value> {
    let concerning = every().into_iter().filter(|problem| concerns(problem, to));
    let statuses: BTreeMap<u16, ()> =
        concerning.map(|problem| (told(&problem).status, ())).collect();
    let refer = |status| {
        let name = component(status, is_drop_in(to));
        (status.to_string(), json!({ "$ref": format!("#/components/responses/{name}") }))
    };
    statuses.into_keys().map(refer).collect()
}

/// Describes the errors of each status, those of the drop-in routes apart.
pub(crate) fn responses() -> Value {
    let mut all = Map::from_iter([("NotModified".to_owned(), not_modified())]);
    for is_drop_in in [false, true] {
        let mut by_status: BTreeMap<u16, Vec<Problem>> = BTreeMap::new();
        for problem in every() {
            let told_somewhere = ROUTES.iter().any(|route| {
                self::is_drop_in(route.to) == is_drop_in && concerns(&problem, route.to)
            });
            if told_somewhere || (!is_drop_in && matches!(problem, Problem::Route(_))) {
                by_status.entry(told(&problem).status).or_default().push(problem);
            }
        }
        for (status, problems) in by_status {
            all.insert(component(status, is_drop_in), response(status, &problems, is_drop_in));
        }
    }
    all.into()
}

fn not_modified() -> Value {
    json!({
        "description": "Nothing has changed since the answer that `If-None-Match` names.",
        "headers": headers::of(Answer::Sepays),
    })
}

/// Returns every code with its status.
pub(crate) fn codes() -> Vec<(String, u16)> {
    let mut codes: Vec<(String, u16)> = Vec::new();
    for problem in every() {
        let told = told(&problem);
        if !codes.iter().any(|(code, _)| *code == told.code) {
            codes.push((told.code, told.status));
        }
    }
    codes
}

fn is_drop_in(to: To) -> bool {
    matches!(to, To::Sepay(_, Form::DropIn))
}

fn component(status: u16, is_drop_in: bool) -> String {
    let name = match status {
        400 => "InvalidParameter",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        429 => "RateLimited",
        500 => "InternalError",
        502 => "UpstreamFailed",
        503 => "UpstreamBusy",
        504 => "UpstreamTimeout",
        _ => panic!("the status {status} has no name"),
    };
    if is_drop_in { format!("DropIn{name}") } else { name.to_owned() }
}

struct Told {
    status: u16,
    code: String,
    body: Value,
}

fn told(problem: &Problem) -> Told {
    let reply = reply::problem(problem, Form::Json, REQUEST_ID);
    let body: Value = serde_json::from_slice(&reply.body).expect("a problem is JSON");
    let code = body["code"].as_str().expect("a problem has a code").to_owned();
    Told { status: reply.status, code, body }
}

fn response(status: u16, problems: &[Problem], is_drop_in: bool) -> Value {
    let mut codes: Vec<Value> = Vec::new();
    let mut examples = Map::new();
    for problem in problems {
        let Told { code, body, .. } = told(problem);
        let number = codes.iter().filter(|own| **own == json!(code)).count();
        if number == 0 {
            codes.push(json!(code));
        }
        let detail = body["detail"].clone();
        let more = examples.keys().filter(|key: &&String| key.starts_with(&code)).count();
        let name = if more == 0 { code } else { format!("{code}_{}", more + 1) };
        examples.insert(name, json!({ "summary": detail, "value": body }));
    }
    let schema = json!({
        "allOf": [
            reference("Problem"),
            { "type": "object", "properties": { "status": { "const": status }, "code": { "enum": codes } } },
        ],
    });
    let mut content =
        json!({ "application/problem+json": { "schema": schema, "examples": examples } });
    if is_drop_in {
        // What SePay answers with this status is passed on as it is.
        content["application/json"] = json!({
            "schema": reference("SepayFailure"),
            "example": { "status": status, "error": status, "messages": { "error": "as SePay says it" } },
        });
    }
    json!({
        "description": meaning(status),
        "headers": headers::of(Answer::Problem { status, is_drop_in }),
        "content": content,
    })
}

fn meaning(status: u16) -> &'static str {
    match status {
        400 => {
            "`invalid_parameter`: `detail` names the parameter and, for an unknown one, the nearest right one. Nothing was sent to SePay."
        }
        401 => {
            "`unauthorized`: no valid key and no valid ticket; `detail` says what can be seen of it from outside."
        }
        403 => "`forbidden`: the key or ticket may not see that.",
        404 => "`not_found`: no such route, or SePay has no such record.",
        405 => "`method_not_allowed`: `Allow` names the methods that are there.",
        429 => "`rate_limited`: the key's own limit is used up.",
        500 => "`internal_error`: a fault of the gateway's own.",
        502 => {
            "SePay refused the gateway's token (`upstream_unauthorized`), failed (`upstream_error`), sent what cannot be read (`upstream_unreadable`) or an HTML page (`upstream_challenge`)."
        }
        503 => "`upstream_busy`: SePay cannot be asked in time; `Retry-After` says when it can.",
        504 => "`upstream_timeout`: SePay did not answer in time.",
        _ => panic!("the status {status} is not described"),
    }
}
