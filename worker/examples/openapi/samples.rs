//! Example answers: SePay's texts for the rows that the sandbox has too, taken through the Worker's own code.

use sepay::{Kind, Response};
use sepay_worker::answer::answer;
use sepay_worker::auth::{Caller, Rights, Scope};
use sepay_worker::gate::Schedule;
use sepay_worker::gate::event::{Service, Source};
use sepay_worker::gate::metrics::prometheus;
use sepay_worker::gate::status::Status;
use sepay_worker::reply;
use sepay_worker::route::{self, Form, Resource, Route};
use sepay_worker::vietqr::PaymentCode;
use sepay_worker::view;
use serde_json::Value;

use crate::parameters::{example_code, example_id, example_query};

const ACCOUNT: &str = r#"{"id":"123","account_holder_name":"NGUYEN VAN A","account_number":"0071000888888","accumulated":"4040844888.00","last_transaction":"2026-11-19 22:00:00","label":"Cửa hàng chính","active":"1","created_at":"2025-03-17 08:22:51","bank_short_name":"Vietcombank","bank_full_name":"Ngân hàng TMCP Ngoại Thương Việt Nam","bank_bin":"970436","bank_code":"VCB"}"#;

const TRANSACTION: &str = r#"{"id":"723898","bank_brand_name":"Vietcombank","account_number":"0071000888888","transaction_date":"2026-11-19 22:00:00","amount_out":"0.00","amount_in":"2277000.00","accumulated":"4040844888.00","transaction_content":"chuyen tien mua hang DH001","reference_number":"MBVCB.3278907687","code":"DH001","sub_account":"","bank_account_id":"123"}"#;

/// When the examples happen, in milliseconds since the Unix epoch: 2026-11-19T22:00:05+07:00.
pub(crate) const NOW_MS: u64 = 1_795_100_405_000;

const UPTIME_MS: u64 = 3_600_000;

/// What the route answers to the request that its parameters' examples are.
pub(crate) fn of(route: &Route, kind: Kind, form: Form) -> Value {
    let path = route.template.replace("{id}", example_id(kind));
    let Ok(Resource::Sepay { kind: asked, .. }) = route::find("GET", &path) else {
        panic!("{path} asks SePay nothing");
    };
    let is_one = matches!(kind, Kind::AccountDetails | Kind::TransactionDetails);
    let query = if is_one { String::new() } else { example_query(kind, form) };
    let question =
        asked.question(form, &query).unwrap_or_else(|bad| panic!("{path}?{query}: {bad}"));
    let Ok(plan) = view::plan(question, &caller(), NOW_MS) else { panic!("{path} is forbidden") };
    let Ok(body) = answer(&plan, form, &[sepays(kind)]) else { panic!("{path} has no answer") };
    let reply = reply::answered(body, &service());
    serde_json::from_slice(&reply.body).expect("an answer is JSON")
}

/// What `GET /api/vietqr` answers to its parameters' examples.
pub(crate) fn payment_code() -> Value {
    let code = PaymentCode::read(&example_code()).expect("the examples are right");
    serde_json::to_value(&code).expect("a code is JSON")
}

/// `GET /api/status`, an hour after the start.
pub(crate) fn status() -> Value {
    let gate = serde_json::to_string(&gate_status()).expect("a status is JSON");
    let own = format!(r#"{{"profile":"default","uptimeMs":{UPTIME_MS},"#);
    let isolate = r#"{"uptimeMs":3601200,"served":1904,"cache":{"entries":12,"bytes":48210}}"#;
    let reply = reply::status(&gate.replacen('{', &own, 1), isolate);
    serde_json::from_slice(&reply.body).expect("a status is JSON")
}

/// The first lines of `GET /metrics`.
pub(crate) fn metrics() -> String {
    prometheus(&gate_status(), "default", UPTIME_MS)
        .lines()
        .take(6)
        .map(|line| format!("{line}\n"))
        .collect()
}

fn gate_status() -> Status {
    let mut status = Schedule::<u32>::new(2, &sepay::PaceRecord::default()).status(0);
    (status.round_trip_ms, status.cache.entries, status.cache.bytes) = (84, 31, 120_455);
    status.cache.hit_ratio = 0.9713;
    let calls = &mut status.calls;
    (calls.asked, calls.demand, calls.joined, calls.sent) = (211, 2_115, 9, 143);
    (calls.served.asked, calls.served.joined, calls.served.known, calls.served.refreshing) =
        (52, 9, 61, 89);
    calls.results.good = 143;
    status
}

/// SePay's answer that the example is made of.
fn sepays(kind: Kind) -> Response {
    let (root, value) = match kind {
        Kind::AccountList => ("bankaccounts", format!("[{ACCOUNT}]")),
        Kind::AccountDetails => ("bankaccount", ACCOUNT.to_owned()),
        Kind::AccountCount => ("count_bankaccounts", "1".to_owned()),
        Kind::TransactionList => ("transactions", format!("[{TRANSACTION}]")),
        Kind::TransactionDetails => ("transaction", TRANSACTION.to_owned()),
        Kind::TransactionCount => ("count_transactions", "1".to_owned()),
    };
    let body =
        format!(r#"{{"status":200,"error":null,"messages":{{"success":true}},"{root}":{value}}}"#);
    Response { status: 200, headers: Vec::new(), body: body.into_bytes() }
}

/// Somebody who may see everything.
pub(crate) fn caller() -> Caller {
    Caller {
        id: "example".to_owned(),
        ticket: None,
        profile: "default".to_owned(),
        requests_per_minute: None,
        expires_ms: None,
        rights: Rights { scopes: Scope::ALL.to_vec(), ..Rights::default() },
    }
}

fn service() -> Service {
    Service {
        source: Source::Asked,
        age_ms: 85,
        fresh_ms: 1_000,
        keep_ms: 0,
        queue_ms: 0,
        upstream_ms: 84,
    }
}
