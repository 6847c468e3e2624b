//! Arbitrary bytes as SePay's answers, to callers with arbitrary rights: no panic, no hidden value, no foreign row.

use sepay::Response;
use sepay_worker::answer::{Body, NoBody, answer, strict};
use sepay_worker::auth::Caller;
use sepay_worker::mask::masked;
use sepay_worker::route::{self, Form, Resource};
use sepay_worker::view::plan;
use serde_json::Value;

use super::by_hand::{masked_by_hand, sepays_names};
use super::bytes::Bytes;
use super::callers::{any_caller, any_now_ms};
use super::made::{object, response, root};
use super::words::QUESTIONS;

/// Runs one input, and tells how far it came.
pub fn run(input: &[u8]) -> &'static str {
    let mut bytes = Bytes(input);
    if bytes.one_in(8) {
        return masks(&mut bytes);
    }
    let path = bytes.pick(QUESTIONS);
    let caller = any_caller(&mut bytes);
    let now_ms = any_now_ms(&mut bytes);
    let Ok(Resource::Sepay { kind, form }) = route::find("GET", path) else { panic!("{path}") };
    let query = bytes.pick(&["", "", "limit=2", "limit=1"]);
    let query = if path.contains("list") || matches!(path, "/api/accounts" | "/api/transactions") {
        query
    } else {
        ""
    };
    let question = kind.question(form, query).expect("a question");
    let bare = Caller {
        rights: sepay_worker::auth::Rights { hide: Vec::new(), ..caller.rights.clone() },
        ..caller.clone()
    };
    let (Ok(hiding), Ok(plain)) =
        (plan(question.clone(), &caller, now_ms), plan(question, &bare, now_ms))
    else {
        return "refused";
    };
    assert_eq!(hiding.questions().len(), plain.questions().len());
    let responses: Vec<Response> =
        plain.questions().iter().map(|_| response(&mut bytes, path)).collect();
    let got = answer(&hiding, form, &responses);
    let whole = answer(&plain, form, &responses);
    if let Ok(body) = &whole {
        is_within(body, &caller, path);
    }
    hides(got, whole, &caller, form)
}

/// What is hidden is `null`, and nothing else is changed; what cannot be hidden is not answered.
fn hides(
    got: Result<Body, NoBody>,
    whole: Result<Body, NoBody>,
    caller: &Caller,
    form: Form,
) -> &'static str {
    let names: Vec<&str> = match form {
        Form::Json => caller.rights.hide.iter().map(|field| field.as_str()).collect(),
        Form::DropIn => caller
            .rights
            .hide
            .iter()
            .flat_map(|field| sepays_names(field.as_str()))
            .copied()
            .collect(),
    };
    match (got, whole) {
        (Ok(got), Ok(whole)) => {
            assert_eq!((got.status, got.retry_after_ms), (whole.status, whole.retry_after_ms));
            if names.is_empty() || whole.bytes.trim_ascii().is_empty() {
                assert_eq!(got.bytes, whole.bytes);
            } else {
                let text = std::str::from_utf8(&whole.bytes).expect("only UTF-8 is masked");
                let expected = masked_by_hand(text, &names);
                assert_eq!(String::from_utf8_lossy(&got.bytes), expected);
            }
            let is_hidden = got.bytes != whole.bytes;
            drop(strict(got));
            if is_hidden { "hidden" } else { "answered" }
        }
        (Err(got), Err(whole)) => {
            assert_eq!(got, whole);
            "no answer"
        }
        (Err(NoBody::Upstream(_)), Ok(whole)) => {
            assert!(!names.is_empty());
            let is_json = serde_json::from_slice::<Value>(&whole.bytes).is_ok();
            assert!(!is_json || form == Form::DropIn, "{}", String::from_utf8_lossy(&whole.bytes));
            "cannot be hidden"
        }
        (got, whole) => panic!("{got:?} for {whole:?}"),
    }
}

/// Every row of a good answer may be seen.
fn is_within(body: &Body, caller: &Caller, path: &str) {
    let rights = &caller.rights;
    let text = String::from_utf8_lossy(&body.bytes);
    let Ok(read) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else {
        return;
    };
    if body.status != 200 {
        return;
    }
    for row in rows(&read, path) {
        let field = |ours: &str, sepays: &str| {
            row.get(ours).or_else(|| row.get(sepays)).cloned().unwrap_or_default()
        };
        if let Some(accounts) = &rights.accounts {
            let number = plain(&field("accountNumber", "account_number"));
            assert!(accounts.contains(&number), "{number}: {text}");
        }
        if path.contains("bank") || path.contains("/accounts") {
            continue;
        }
        if let Some(code) = &rights.code {
            assert_eq!(plain(&field("code", "code")), *code, "{text}");
        }
        if let Some(amount) = rights.amount {
            let given = plain(&field("amountIn", "amount_in"));
            let whole = given.split_once('.').map_or(given.as_str(), |(whole, _)| whole);
            assert_eq!(
                whole.trim_start_matches('0'),
                amount.to_string().trim_start_matches('0'),
                "{text}"
            );
        }
        if rights.from_days.is_some() {
            let time = plain(&field("occurredAt", "transaction_date"));
            assert!(time.as_str() >= "2016", "{time}: {text}");
        }
    }
}

/// The rows under the key that this path's answer is read from.
fn rows(body: &Value, path: &str) -> Vec<Value> {
    let root = if path.starts_with("/api/") { "data" } else { root(path) };
    match body.get(root).cloned().unwrap_or_default() {
        Value::Array(rows) => rows,
        Value::Object(row) => vec![Value::Object(row)],
        _ => Vec::new(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Arbitrary bytes, masked.
fn masks(bytes: &mut Bytes<'_>) -> &'static str {
    let names: Vec<&str> =
        ["code", "amount_in", "new", "", "id"].into_iter().filter(|_| bytes.one_in(2)).collect();
    let text =
        if bytes.one_in(2) { object(bytes, 3).into_bytes() } else { bytes.raw(2_000).to_vec() };
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(
        text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text),
    )
    .is_ok();
    match masked(&text, &names) {
        Some(out) => {
            assert!(is_json);
            let text = std::str::from_utf8(&text).expect("only UTF-8 is masked");
            assert_eq!(String::from_utf8_lossy(&out), masked_by_hand(text, &names));
            "masked"
        }
        None => {
            let broken = std::str::from_utf8(&text).is_err()
                || String::from_utf8_lossy(&text).contains("\\u");
            assert!(!is_json || broken, "{}", String::from_utf8_lossy(&text));
            "not masked"
        }
    }
}
