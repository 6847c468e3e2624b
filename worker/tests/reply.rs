//! Every outcome's status, code and headers, as a table (design, section 7); and that no body tells a secret.

#![allow(clippy::expect_used, reason = "what is not there fails the test")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]

#[path = "world/sepay.rs"]
mod world;

use sepay::{AccountList, ApiToken, Endpoint, Error, RecordId, TransactionList, Upstream};
use sepay_worker::answer::{Body, NoBody};
use sepay_worker::auth::{Denied, Scope};
use sepay_worker::caching::{etag, headers};
use sepay_worker::gate::Refusal;
use sepay_worker::gate::event::{Service, Source};
use sepay_worker::gate::limit::Admission;
use sepay_worker::params::BadParameter;
use sepay_worker::reply::{
    Problem, Reply, answered, json, problem, rate_limit, status, unless_known,
};
use sepay_worker::route::{self, Form, NoRoute, Resource};
use sepay_worker::view::Forbidden;
use world::response;

/// The codes that section 7 documents, with their status.
const DOCUMENTED: [(&str, u16); 12] = [
    ("unauthorized", 401),
    ("forbidden", 403),
    ("not_found", 404),
    ("method_not_allowed", 405),
    ("invalid_parameter", 400),
    ("rate_limited", 429),
    ("upstream_unauthorized", 502),
    ("upstream_error", 502),
    ("upstream_unreadable", 502),
    ("upstream_challenge", 502),
    ("upstream_busy", 503),
    ("upstream_timeout", 504),
];

const CANARIES: [&str; 4] =
    ["T0KENT0KENT0KENT0KENT0KENT0KEN", "0071000888888", "2525493", "NGUYEN THI BICH"];

#[test]
fn every_problem_has_its_status_its_code_and_its_headers() {
    let authenticate = ("www-authenticate", r#"Bearer realm="sepay-edge""#);
    let allow = ("allow", "GET, HEAD");
    let busy = |retry_after_ms| Problem::Refused(Refusal::Busy { retry_after_ms });
    for (given, status, code, headers) in [
        (Problem::Route(NoRoute::NotFound), 404, "not_found", vec![]),
        (
            Problem::Route(NoRoute::MethodNotAllowed { allowed: "GET, HEAD" }),
            405,
            "method_not_allowed",
            vec![allow],
        ),
        (Problem::Unauthorized(Denied::Missing), 401, "unauthorized", vec![authenticate]),
        (Problem::Parameter(BadParameter::new("limit: x")), 400, "invalid_parameter", vec![]),
        (Problem::Forbidden(Forbidden::Scope(Scope::AccountsRead)), 403, "forbidden", vec![]),
        (Problem::Forbidden(Forbidden::Account), 403, "forbidden", vec![]),
        (Problem::NoBody(NoBody::NotYours), 403, "forbidden", vec![]),
        (busy(0), 503, "upstream_busy", vec![("retry-after", "1")]),
        (busy(1), 503, "upstream_busy", vec![("retry-after", "1")]),
        (busy(1_000), 503, "upstream_busy", vec![("retry-after", "1")]),
        (busy(1_001), 503, "upstream_busy", vec![("retry-after", "2")]),
        (busy(9_909), 503, "upstream_busy", vec![("retry-after", "10")]),
        (Problem::Refused(Refusal::Late), 504, "upstream_timeout", vec![]),
        (Problem::Refused(Refusal::Connection), 502, "upstream_error", vec![]),
        (Problem::Refused(Refusal::Timeout { after_ms: 8_000 }), 504, "upstream_timeout", vec![]),
        (
            Problem::Refused(Refusal::TooLarge { limit_bytes: 1 }),
            502,
            "upstream_unreadable",
            vec![],
        ),
        (
            Problem::Refused(Refusal::Unusable("SEPAY_BASE_URL: no".to_owned())),
            502,
            "upstream_error",
            vec![],
        ),
        (Problem::Refused(Refusal::NoToken), 502, "upstream_unauthorized", vec![]),
        (Problem::Refused(Refusal::Leak), 502, "upstream_unreadable", vec![]),
        (Problem::Internal, 500, "internal_error", vec![]),
    ] {
        check(&given, status, code, &headers);
    }
}

#[test]
fn every_error_of_sepays_has_a_documented_code() {
    let message = || Some("no".to_owned());
    let limited = |retry_after_ms| Error::RateLimited { retry_after_ms };
    let wait = |seconds| vec![("retry-after", seconds)];
    let unreadable = Error::Unreadable { at: "body".to_owned(), reason: "cut".to_owned() };
    let invalid = RecordId::new("id", "x").expect_err("no id");
    for (error, status, code, headers) in [
        (invalid, 502, "upstream_error", vec![]),
        (Error::Connection, 502, "upstream_error", vec![]),
        (Error::Timeout { after_ms: 8_000 }, 504, "upstream_timeout", vec![]),
        (Error::TooLarge { limit_bytes: 1 }, 502, "upstream_unreadable", vec![]),
        (Error::Unauthorized { message: None }, 502, "upstream_unauthorized", vec![]),
        (Error::Unauthorized { message: message() }, 502, "upstream_unauthorized", vec![]),
        (Error::Forbidden { message: message() }, 502, "upstream_unauthorized", vec![]),
        (Error::NotFound { message: message() }, 404, "not_found", vec![]),
        (limited(None), 503, "upstream_busy", wait("1")),
        (limited(Some(0)), 503, "upstream_busy", wait("1")),
        (limited(Some(59_001)), 503, "upstream_busy", wait("60")),
        (Error::Server { status: 500, retry_after_ms: None }, 502, "upstream_error", vec![]),
        (Error::Redirect { status: 302 }, 502, "upstream_error", vec![]),
        (Error::Challenge { status: 403 }, 502, "upstream_challenge", vec![]),
        (Error::Rejected { status: 400, message: message() }, 502, "upstream_error", vec![]),
        (unreadable, 502, "upstream_unreadable", vec![]),
    ] {
        check(&Problem::NoBody(NoBody::Upstream(error)), status, code, &headers);
        assert!(DOCUMENTED.contains(&(code, status)), "{code}");
    }
}

#[test]
fn of_a_refused_credential_only_what_can_be_seen_in_it_is_told() {
    let reply = |denied| problem(&Problem::from(denied), Form::Json, "r");
    for denied in [Denied::Missing, Denied::Malformed, Denied::Unknown, Denied::Expired] {
        assert_eq!(reply(denied), reply(Denied::Missing), "{denied:?}");
    }
    for (denied, word) in [
        (Denied::Mistyped, "mistyped"),
        (Denied::DeadTicket, "ticket"),
        (Denied::SepayToken, "SePay API token"),
    ] {
        assert_eq!(reply(denied).status, 401);
        assert!(member(&reply(denied), "detail").contains(word), "{denied:?}");
    }
}

#[test]
fn a_scope_that_is_missing_and_a_parameter_that_is_wrong_are_named() {
    let scope = Problem::Forbidden(Forbidden::Scope(Scope::TransactionsRead));
    assert!(member(&problem(&scope, Form::Json, ""), "detail").contains("transactions:read"));
    let bad = Problem::Parameter(BadParameter::new("acount: unknown parameter"));
    assert_eq!(member(&problem(&bad, Form::Json, ""), "detail"), "acount: unknown parameter");
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let at = "transactions[3].amount_in".to_owned();
    let error = Error::Unreadable { at, reason: "expected a value".to_owned() };
    let reply = problem(&Problem::NoBody(NoBody::Upstream(error)), Form::Json, "");
    assert_eq!(member(&reply, "detail"), "transactions[3].amount_in: expected a value");
}

#[test]
fn sepays_own_words_reach_the_caller() {
    let message = Some("Token không hợp lệ".to_owned());
    for error in [
        Error::Unauthorized { message: message.clone() },
        Error::Forbidden { message: message.clone() },
        Error::Rejected { status: 400, message },
    ] {
        let reply = problem(&Problem::NoBody(NoBody::Upstream(error)), Form::Json, "");
        assert!(member(&reply, "detail").ends_with("; it said: Token không hợp lệ"));
    }
}

#[test]
fn an_answer_keeps_its_status_and_bytes_and_says_where_it_comes_from() {
    let service = Service { queue_ms: 12, upstream_ms: 345, ..asked() };
    for status in [200, 401, 404, 500] {
        let body = Body { status, bytes: b"\xef\xbb\xbf {} ".to_vec(), retry_after_ms: None };
        let etag = etag(&body.bytes);
        let reply = answered(body, &service);
        assert_eq!((reply.status, reply.body.as_slice()), (status, b"\xef\xbb\xbf {} ".as_slice()));
        let mut expected = headers(&service);
        expected.push(("content-type", "application/json; charset=utf-8".to_owned()));
        if status == 200 {
            expected.push(("etag", etag));
        }
        expected.sort_unstable();
        assert_eq!(
            sorted(&reply),
            expected.iter().map(|(n, v)| (*n, v.as_str())).collect::<Vec<_>>()
        );
        let timing = reply.header("server-timing").expect("a timing");
        assert!(timing.contains("queue;dur=12") && timing.contains("upstream;dur=345"), "{timing}");
    }
}

#[test]
fn sepays_own_429_says_when_to_come_back_in_whole_seconds() {
    for (retry_after_ms, seconds) in
        [(None, "1"), (Some(0), "1"), (Some(1_500), "2"), (Some(2_000), "2")]
    {
        let reply = answered(Body { status: 429, bytes: Vec::new(), retry_after_ms }, &asked());
        for name in ["retry-after", "x-sepay-userapi-retry-after"] {
            assert_eq!(reply.header(name), Some(seconds), "{name} {retry_after_ms:?}");
        }
    }
}

#[test]
fn what_the_caller_has_already_is_not_sent_again() {
    let body = |status| Body { status, bytes: b"[]".to_vec(), retry_after_ms: None };
    let tag = etag(b"[]");
    let other = etag(b"{}");
    for (status, has, sent) in [
        (200, None, 200),
        (200, Some(other.clone()), 200),
        (200, Some(tag.clone()), 304),
        (200, Some(format!("{other}, W/{tag}")), 304),
        (200, Some("*".to_owned()), 304),
        (404, Some("*".to_owned()), 404),
    ] {
        let reply = unless_known(answered(body(status), &asked()), has.as_deref());
        assert_eq!(reply.status, sent, "{has:?}");
        assert_eq!(reply.body.is_empty(), sent == 304);
        assert_eq!(reply.header("content-type").is_none(), sent == 304);
        assert_eq!(reply.header("etag").is_some(), status == 200);
    }
}

#[test]
fn a_key_with_a_limit_is_told_what_is_left_of_it() {
    for (next_ms, until) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (60_000, 60)] {
        let admission = Admission { admitted: true, limit: 90, remaining: 12, next_ms };
        assert_eq!(
            rate_limit(&admission),
            [
                ("ratelimit-policy", "\"key\";q=90;w=60".to_owned()),
                ("ratelimit", format!("\"key\";r=12;t={until}")),
            ]
        );
    }
}

#[test]
fn a_key_that_has_used_up_its_limit_is_told_when_to_come_back() {
    let wait = [("retry-after", "3")];
    check(&Problem::RateLimited { retry_after_ms: 2_001 }, 429, "rate_limited", &wait);
    check(&Problem::NoGate, 503, "upstream_busy", &[("retry-after", "1")]);
}

#[test]
fn the_isolate_stands_beside_what_the_gate_tells() {
    for (gate, told) in [
        (r#"{"slots":[]}"#, r#"{"isolate":{"a":1},"slots":[]}"#),
        ("{}", r#"{"isolate":{"a":1}}"#),
        ("", r#"{"isolate":{"a":1}}"#),
    ] {
        let reply = status(gate, r#"{"a":1}"#);
        assert_eq!(String::from_utf8_lossy(&reply.body), told);
        assert_eq!((reply.status, reply.headers.len()), (200, 1));
    }
}

#[test]
fn text_of_our_own_is_json_with_200() {
    let reply = json(r#"{"status":"ok"}"#.to_owned());
    assert_eq!((reply.status, reply.body.as_slice()), (200, br#"{"status":"ok"}"#.as_slice()));
    assert_eq!(sorted(&reply), [("content-type", "application/json; charset=utf-8")]);
}

/// SePay's values stand in its rows; whatever is wrong with a row, no value of it reaches a body.
#[test]
fn no_bank_detail_reaches_the_body_of_an_error() {
    let [token, account, amount, holder] = CANARIES;
    let good = format!(
        r#"{{"id":"1","account_number":"{account}","account_holder_name":"{holder}","accumulated":"{amount}.00","bank_short_name":"{token}",
            "transaction_date":"2026-04-02 08:15:09","amount_in":"{amount}.00","amount_out":"0","bank_account_id":"1","transaction_content":"{holder}"}}"#
    );
    let mut told = 0;
    for (from, to) in [
        (format!("{amount}.00"), format!("{amount}.50")),
        (format!("{amount}.00"), format!("{amount},00")),
        (format!("{amount}.00"), format!("{amount}{amount}{amount}")),
        (format!("\"{amount}.00\""), format!("[\"{amount}\"]")),
        (format!("\"{amount}.00\""), format!("-{amount}")),
        ("2026-04-02 08:15:09".to_owned(), account.to_owned()),
        (format!("\"{account}\""), format!("{{\"{account}\":1}}")),
        (format!("\"{account}\""), format!("\"{account}\\x\"")),
        ("\"id\":\"1\",".to_owned(), String::new()),
        ("\"id\"".to_owned(), format!("\"account_number\":\"{account}\",\"id\"")),
        ("}".to_owned(), format!("}} {token}")),
        ("{".to_owned(), format!("\"{token}\" {{")),
    ] {
        let row = good.replace(&from, &to);
        for root in ["bankaccounts", "transactions", token] {
            let body = format!(r#"{{"status":200,"{root}":[{row}]}}"#);
            let body = response(200, body.as_bytes());
            let errors = [
                AccountList::default().parse(&body).map(|_| ()),
                TransactionList::default().parse(&body).map(|_| ()),
            ];
            for error in errors.into_iter().filter_map(Result::err) {
                told += 1;
                silent(&Problem::NoBody(NoBody::Upstream(error)));
            }
        }
    }
    assert!(told > 40, "the rows are bad enough: {told}");
}

#[test]
fn no_token_and_no_value_of_a_filter_reaches_the_body_of_an_error() {
    let bad_token = ApiToken::new(&format!("{} {}", CANARIES[0], CANARIES[0])).expect_err("bad");
    silent(&Problem::NoBody(NoBody::Upstream(bad_token)));
    let token = ApiToken::new(CANARIES[0]).expect("a token");
    for base_url in
        [format!("http://{}.example", CANARIES[0]), format!("https://u:{}@h", CANARIES[0])]
    {
        let error = Upstream::new(&base_url, token.clone(), "tests/1.0").expect_err("bad");
        silent(&Problem::Refused(Refusal::Unusable(error.to_string())));
    }
    for (path, names) in [
        ("/api/transactions", ["from", "to", "sinceId", "limit", "amountIn", "amountOut"]),
        (
            "/api/accounts",
            [
                "lastTransactionFrom",
                "lastTransactionTo",
                "sinceId",
                "limit",
                "balanceMin",
                "balanceMax",
            ],
        ),
    ] {
        let Ok(Resource::Sepay { kind, form }) = route::find("GET", path) else { continue };
        for canary in CANARIES {
            for name in names {
                let query = format!("{name}=x{}", canary.replace(' ', "+"));
                let bad = kind.question(form, &query).expect_err("no such value");
                silent(&Problem::Parameter(bad));
            }
        }
    }
}

/// An answer that SePay was asked for.
fn asked() -> Service {
    Service {
        source: Source::Asked,
        age_ms: 0,
        fresh_ms: 1_000,
        keep_ms: 0,
        queue_ms: 0,
        upstream_ms: 0,
    }
}

/// Checks a problem in both forms against its row of the table.
fn check(given: &Problem, status: u16, code: &str, headers: &[(&str, &str)]) {
    for form in [Form::Json, Form::DropIn] {
        let reply = problem(given, form, "0197-abc");
        let mut expected = vec![("content-type", "application/problem+json")];
        expected.extend(headers);
        if let (Form::DropIn, Some((_, seconds))) =
            (form, headers.iter().find(|(name, _)| *name == "retry-after"))
        {
            expected.push(("x-sepay-userapi-retry-after", seconds));
        }
        expected.sort_unstable();
        assert_eq!(reply.status, status, "{given:?}");
        assert_eq!(sorted(&reply), expected, "{given:?}");
        let body = written(&reply);
        let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["code", "detail", "requestId", "status", "title", "type"], "{given:?}");
        assert_eq!((&body["status"], &body["code"]), (&status.into(), &code.into()), "{given:?}");
        assert_eq!(body["requestId"], "0197-abc");
        assert_eq!(member(&reply, "type"), format!("urn:sepay-edge:problem:{code}"));
        assert!(!member(&reply, "title").is_empty() && !member(&reply, "detail").is_empty());
        let order =
            ["\"type\"", "\"title\"", "\"status\"", "\"detail\"", "\"code\"", "\"requestId\""];
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(order.map(|name| text.find(name)).is_sorted(), "{text}");
    }
}

/// Checks that no canary is in what is sent.
fn silent(given: &Problem) {
    let reply = problem(given, Form::DropIn, "r");
    let sent = format!("{} {:?}", String::from_utf8_lossy(&reply.body), reply.headers);
    for canary in CANARIES {
        assert!(!sent.contains(canary), "{sent}");
    }
}

fn written(reply: &Reply) -> serde_json::Value {
    serde_json::from_slice(&reply.body).expect("JSON")
}

fn member(reply: &Reply, name: &str) -> String {
    written(reply)[name].as_str().expect("a text").to_owned()
}

fn sorted(reply: &Reply) -> Vec<(&str, &str)> {
    let mut headers: Vec<_> =
        reply.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    headers.sort_unstable();
    headers
}
