//! The only place where a status is chosen: an outcome to status, headers and body.
//!
//! Errors are RFC 9457 problems. What a caller reads never holds a token, a key or a bank detail.

use sepay::Error;
use serde::Serialize;

use crate::answer::{Body, NoBody};
use crate::auth::Denied;
use crate::caching;
use crate::gate::Refusal;
use crate::gate::event::Service;
use crate::gate::limit::{Admission, WINDOW_MS};
use crate::incoming::names;
use crate::params::BadParameter;
use crate::route::{Form, NoRoute};
use crate::ticket::NotGranted;
use crate::view::Forbidden;

const JSON: &str = "application/json; charset=utf-8";

/// What to send back.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers, besides those that every reply has.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// Returns a header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| *own == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Everything that can stand between a request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No such route, or not with this method.
    Route(NoRoute),
    /// No valid key or ticket.
    Unauthorized(Denied),
    /// A parameter, the query or the body is wrong.
    Parameter(BadParameter),
    /// The key does not go so far.
    Forbidden(Forbidden),
    /// The gate did not get an answer.
    Refused(Refusal),
    /// SePay's answer is an error, cannot be read, or is not the caller's.
    NoBody(NoBody),
    /// The key has used up its own limit; one more request is within it after so many milliseconds.
    RateLimited {
        /// When, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// The ticket would do more than its key, or more than a ticket may.
    NotGranted(NotGranted),
    /// There is no secret with which tickets are signed.
    NoTickets,
    /// The gate cannot be reached for a moment.
    NoGate,
    /// A fault of our own.
    Internal,
}

impl From<NoRoute> for Problem {
    fn from(none: NoRoute) -> Self {
        Self::Route(none)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::Unauthorized(denied)
    }
}

impl From<BadParameter> for Problem {
    fn from(bad: BadParameter) -> Self {
        Self::Parameter(bad)
    }
}

impl From<Forbidden> for Problem {
    fn from(forbidden: Forbidden) -> Self {
        Self::Forbidden(forbidden)
    }
}

impl From<NotGranted> for Problem {
    fn from(not: NotGranted) -> Self {
        Self::NotGranted(not)
    }
}

impl From<NoBody> for Problem {
    fn from(none: NoBody) -> Self {
        Self::NoBody(none)
    }
}

/// Replies with an answer.
#[must_use]
pub fn answered(body: Body, service: &Service) -> Reply {
    let mut headers = caching::headers(service);
    if body.status == 429 {
        let seconds = whole_seconds(body.retry_after_ms.unwrap_or(0)).to_string();
        headers.push(("x-sepay-userapi-retry-after", seconds.clone()));
        headers.push(("retry-after", seconds));
    }
    if body.status == 200 {
        headers.push(("etag", caching::etag(&body.bytes)));
    }
    headers.push(("content-type", JSON.to_owned()));
    Reply { status: body.status, headers, body: body.bytes }
}

/// Leaves the body out where the caller has it already.
#[must_use]
pub fn unless_known(mut reply: Reply, if_none_match: Option<&str>) -> Reply {
    if reply.status == 200 && reply.header("etag").is_some_and(|etag| names(if_none_match, etag)) {
        reply.headers.retain(|(name, _)| *name != "content-type");
        return Reply { status: 304, body: Vec::new(), ..reply };
    }
    reply
}

/// Replies with what the gate tells of itself, and this isolate beside it.
#[must_use]
pub fn status(gate: &str, isolate: &str) -> Reply {
    let rest = gate.strip_prefix('{').unwrap_or("}");
    let comma = if rest.starts_with('}') { "" } else { "," };
    json(format!(r#"{{"isolate":{isolate}{comma}{rest}"#))
}

/// Tells a key with a limit of its own how much of it is left (draft-ietf-httpapi-ratelimit-headers-10).
#[must_use]
pub fn rate_limit(admission: &Admission) -> [(&'static str, String); 2] {
    let Admission { limit, remaining, next_ms, .. } = admission;
    let window = WINDOW_MS / 1_000;
    let until = whole_seconds(*next_ms);
    [
        ("ratelimit-policy", format!("\"key\";q={limit};w={window}")),
        ("ratelimit", format!("\"key\";r={remaining};t={until}")),
    ]
}

/// Replies with a text of our own for Prometheus.
#[must_use]
pub fn metrics(text: String) -> Reply {
    let headers = vec![("content-type", "text/plain; version=0.0.4; charset=utf-8".to_owned())];
    Reply { status: 200, headers, body: text.into_bytes() }
}

/// Replies with a JSON text of our own.
#[must_use]
pub fn json(text: String) -> Reply {
    let headers = vec![("content-type", JSON.to_owned())];
    Reply { status: 200, headers, body: text.into_bytes() }
}

/// Replies with a JSON text of our own that stays the same for the same question.
#[must_use]
pub fn lasting(text: String) -> Reply {
    let etag = caching::etag(text.as_bytes());
    let mut reply = json(text);
    reply.headers.push(("etag", etag));
    reply
}

/// Replies with a JSON text about something that was made.
#[must_use]
pub fn created(text: String) -> Reply {
    Reply { status: 201, ..json(text) }
}

/// Replies with a problem.
#[must_use]
pub fn problem(problem: &Problem, form: Form, request_id: &str) -> Reply {
    let told = told(problem);
    let mut headers = vec![("content-type", "application/problem+json".to_owned())];
    if matches!(problem, Problem::Unauthorized(_)) {
        headers.push(("www-authenticate", r#"Bearer realm="sepay-edge""#.to_owned()));
    }
    if let Problem::Route(NoRoute::MethodNotAllowed { allowed }) = problem {
        headers.push(("allow", (*allowed).to_owned()));
    }
    if let Some(wait_ms) = retry_after_ms(problem) {
        let seconds = whole_seconds(wait_ms).to_string();
        if form == Form::DropIn {
            headers.push(("x-sepay-userapi-retry-after", seconds.clone()));
        }
        headers.push(("retry-after", seconds));
    }
    let written = Written {
        kind: format!("urn:sepay-edge:problem:{}", told.code),
        title: told.title,
        status: told.status,
        detail: &told.detail,
        code: told.code,
        request_id,
    };
    Reply { status: told.status, headers, body: serde_json::to_vec(&written).unwrap_or_default() }
}

/// A problem as RFC 9457 writes it, with our `code` and `requestId`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    request_id: &'a str,
}

struct Told {
    status: u16,
    code: &'static str,
    title: &'static str,
    detail: String,
}

fn tell(status: u16, code: &'static str, title: &'static str, detail: impl Into<String>) -> Told {
    Told { status, code, title, detail: detail.into() }
}

fn told(problem: &Problem) -> Told {
    match problem {
        Problem::Route(NoRoute::NotFound) => not_found("there is no such route"),
        Problem::Route(NoRoute::MethodNotAllowed { allowed }) => tell(
            405,
            "method_not_allowed",
            "Method not allowed",
            format!("this route takes {}", allowed.replace(", ", " or ")),
        ),
        Problem::Unauthorized(denied) => {
            tell(401, "unauthorized", "A valid edge key is needed", told_of_credential(*denied))
        }
        Problem::Parameter(bad) => {
            tell(400, "invalid_parameter", "A parameter is not valid", bad.to_string())
        }
        Problem::Forbidden(Forbidden::Scope(scope)) => {
            forbidden(format!("this key does not have the scope {}", scope.as_str()))
        }
        Problem::Forbidden(Forbidden::Unnamed) => {
            let detail =
                "account: this key sees too many accounts to ask for all at once; name one of them";
            tell(400, "invalid_parameter", "A parameter is not valid", detail)
        }
        Problem::Forbidden(Forbidden::Account) => {
            forbidden("this key is limited to other accounts")
        }
        Problem::Forbidden(Forbidden::Hidden(field)) => forbidden(format!(
            "this key does not see {}, and cannot filter by it either",
            field.as_str()
        )),
        Problem::Refused(refusal) => told_of_gate(refusal),
        Problem::NoBody(NoBody::NotYours) => {
            forbidden("this key sees some records only, and no such record is among them")
        }
        Problem::NoBody(NoBody::TooMany) => {
            let detail = "code: SePay cannot count by it, and there are more transactions than are looked through for one; list them instead";
            tell(400, "invalid_parameter", "A parameter is not valid", detail)
        }
        Problem::NoBody(NoBody::Upstream(error)) => told_of_sepay(error),
        Problem::RateLimited { .. } => tell(
            429,
            "rate_limited",
            "This key's own limit is used up",
            "this key may send only so many requests a minute",
        ),
        Problem::NotGranted(not) => forbidden(not.to_string()),
        Problem::NoTickets => {
            forbidden("tickets are not set up here: the gateway has no EDGE_TICKET_SECRET")
        }
        Problem::NoGate => busy("the gate is being restarted or moved; ask again in a moment"),
        Problem::Internal => {
            tell(500, "internal_error", "The gateway failed", "the fault is the gateway's own")
        }
    }
}

/// Says of a refused credential what can be seen in it: nothing that is configured here.
fn told_of_credential(denied: Denied) -> &'static str {
    match denied {
        Denied::Missing | Denied::Malformed | Denied::Unknown | Denied::Expired => {
            "send one header `Authorization: Bearer <edge key>` with a key that is known and has not expired"
        }
        Denied::Mistyped => "this edge key was cut or mistyped: its checksum does not fit",
        Denied::DeadTicket => "this ticket is over or was never valid here; get a new one",
        Denied::SepayToken => {
            "this is a SePay API token, which can see everything and must not be here: send an edge key, and make a new token at SePay"
        }
    }
}

fn not_found(detail: &str) -> Told {
    tell(404, "not_found", "Not found", detail)
}

fn forbidden(detail: impl Into<String>) -> Told {
    tell(403, "forbidden", "This key may not see that", detail)
}

fn told_of_gate(refusal: &Refusal) -> Told {
    match refusal {
        Refusal::Busy { .. } => {
            let detail =
                "SePay answers only a few questions a second, and this one cannot be asked in time";
            busy(detail)
        }
        Refusal::Late => {
            tell(504, "upstream_timeout", "SePay did not answer in time", "no answer came in time")
        }
        Refusal::Connection => told_of_sepay(&Error::Connection),
        Refusal::Timeout { after_ms } => told_of_sepay(&Error::Timeout { after_ms: *after_ms }),
        Refusal::TooLarge { limit_bytes } => {
            told_of_sepay(&Error::TooLarge { limit_bytes: *limit_bytes })
        }
        Refusal::Leak => tell(
            502,
            "upstream_unreadable",
            "SePay's answer cannot be passed on",
            "the answer held the gateway's own token",
        ),
        Refusal::Unusable(what) => {
            tell(502, "upstream_error", "The gateway is not set up", what.clone())
        }
        Refusal::NoToken => tell(
            502,
            "upstream_unauthorized",
            "SePay did not accept the gateway",
            "the gateway has no SePay API token for this key's profile",
        ),
    }
}

fn busy(detail: &str) -> Told {
    tell(503, "upstream_busy", "The question cannot be asked now", detail)
}

fn told_of_sepay(error: &Error) -> Told {
    let detail = match error.message() {
        Some(words) => format!("{error}; it said: {words}"),
        None => error.to_string(),
    };
    match error {
        Error::NotFound { .. } => not_found("SePay has no such record"),
        Error::Unauthorized { .. } | Error::Forbidden { .. } => {
            tell(502, "upstream_unauthorized", "SePay did not accept the gateway", detail)
        }
        Error::RateLimited { .. } => {
            busy("SePay's rate limit is used up, and not by this gateway alone")
        }
        Error::Timeout { .. } => {
            tell(504, "upstream_timeout", "SePay did not answer in time", detail)
        }
        Error::Challenge { .. } => {
            tell(502, "upstream_challenge", "A page came instead of an answer", detail)
        }
        Error::Unreadable { .. } | Error::TooLarge { .. } => {
            tell(502, "upstream_unreadable", "SePay's answer cannot be read", detail)
        }
        _ => tell(502, "upstream_error", "SePay failed", detail),
    }
}

fn retry_after_ms(problem: &Problem) -> Option<u64> {
    match problem {
        Problem::Refused(Refusal::Busy { retry_after_ms })
        | Problem::RateLimited { retry_after_ms } => Some(*retry_after_ms),
        Problem::NoGate => Some(0),
        Problem::NoBody(NoBody::Upstream(Error::RateLimited { retry_after_ms })) => {
            Some(retry_after_ms.unwrap_or(0))
        }
        _ => None,
    }
}

/// `Retry-After` is in whole seconds: rounded up, and never "at once".
fn whole_seconds(wait_ms: u64) -> u64 {
    wait_ms.div_ceil(1000).max(1)
}
