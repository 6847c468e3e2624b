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

const PATHS: &[&str] = &[
    "/api/accounts",
    "/api/accounts/1",
    "/api/accounts/count",
    "/api/transactions",
    "/api/transactions/1",
    "/api/transactions/count",
    "/userapi/bankaccounts/list",
    "/userapi/bankaccounts/details/1",
    "/userapi/bankaccounts/count",
    "/userapi/transactions/list",
    "/userapi/transactions/details/1",
    "/userapi/transactions/count",
];

const KEYS: &[&str] = &[
    "id",
    "bank_brand_name",
    "account_number",
    "transaction_date",
    "amount_out",
    "amount_in",
    "accumulated",
    "transaction_content",
    "reference_number",
    "code",
    "sub_account",
    "bank_account_id",
    "account_holder_name",
    "last_transaction",
    "last_transaction_date",
    "label",
    "active",
    "created_at",
    "bank_short_name",
    "bank_full_name",
    "bank_bin",
    "bank_code",
    "new",
    "c\\u006fde",
    "am\\u006funt_in",
    "CODE",
    "",
    "status",
    "transactions",
    "bankaccounts",
];

const VALUES: &[&str] = &[
    "1",
    "0",
    "-1",
    "1.00",
    "1e2",
    "null",
    "true",
    "\"\"",
    "\"1\"",
    "\"0.00\"",
    "\"1.00\"",
    "\"0071000888888\"",
    "\"DH1\"",
    "\"dh1\"",
    "\"\\u0044H1\"",
    "\"2026-04-02 00:00:00\"",
    "\"2026-04-03 12:00:00\"",
    "\"1999-01-01 00:00:00\"",
    "[]",
    "{}",
    "[{\"code\":\"x\"}]",
    "{\"account_number\":\"2\"}",
    "\"\\ud83d\"",
    "\"\\\"\"",
    "9007199254740992",
    "\"a\\\\\"",
];

/// Runs one input, and tells how far it came.
pub fn run(input: &[u8]) -> &'static str {
    let mut bytes = Bytes(input);
    if bytes.one_in(8) {
        return masks(&mut bytes);
    }
    let path = bytes.pick(PATHS);
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

/// The key under which SePay's answer to this path holds its rows.
fn root(path: &str) -> &'static str {
    match (path.contains("transactions"), path.ends_with("/1")) {
        (true, true) => "transaction",
        (true, false) => "transactions",
        (false, true) => "bankaccount",
        (false, false) => "bankaccounts",
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

fn response(bytes: &mut Bytes<'_>, path: &str) -> Response {
    let status = if bytes.one_in(12) {
        bytes.pick(&[0, 100, 201, 204, 206, 301, 400, 401, 403, 404, 429, 500, 599, 600, 999])
    } else {
        200
    };
    let headers = if bytes.one_in(9) {
        vec![("content-type".to_owned(), bytes.text(2, &["text/html", "application/json", ";"]))]
    } else {
        Vec::new()
    };
    Response { status, headers, body: body(bytes, path) }
}

fn body(bytes: &mut Bytes<'_>, path: &str) -> Vec<u8> {
    if bytes.one_in(20) {
        return bytes.raw(300).to_vec();
    }
    let root = root(path);
    let value = if path.ends_with("count") {
        (format!("count_{root}"), bytes.piece(VALUES))
    } else if path.ends_with("/1") {
        (root.to_owned(), row(bytes))
    } else {
        let rows: Vec<String> = (0..bytes.below(4)).map(|_| row(bytes)).collect();
        (root.to_owned(), format!("[{}]", rows.join(",")))
    };
    let more = if bytes.one_in(6) {
        format!(",\"{}\":{}", bytes.piece(KEYS), object(bytes, 2))
    } else {
        String::new()
    };
    let envelope = bytes.pick(&[
        "\"status\":200,",
        "\"status\":\"200\",\"error\":null,",
        "\"messages\":{\"success\":true},",
        "",
        "",
        "",
        "\"status\":200,",
        "\"status\":404,",
        "\"messages\":{\"success\":false},",
    ]);
    let mark = if bytes.one_in(9) { "\u{feff}" } else { "" };
    let text = format!("{mark}{{{envelope}\"{}\":{}{more}}}", value.0, value.1);
    if bytes.one_in(12) { bytes.damaged(&text).into_bytes() } else { text.into_bytes() }
}

/// A row that can be read, or nearly.
fn row(bytes: &mut Bytes<'_>) -> String {
    let mut members = Vec::new();
    for (name, value) in [
        ("id", "1"),
        ("account_number", "\"1\""),
        ("account_number", "\"0071000888888\""),
        ("transaction_date", "\"2026-04-03 12:00:00\""),
        ("amount_in", "\"1.00\""),
        ("amount_out", "0"),
        ("accumulated", "\"7.00\""),
        ("transaction_content", "\"DH1\""),
        ("reference_number", "\"FT\""),
        ("code", "\"DH1\""),
        ("bank_account_id", "41"),
        ("bank_brand_name", "\"ACB\""),
        ("bank_short_name", "\"ACB\""),
        ("account_holder_name", "\"A\""),
        ("last_transaction", "\"2026-04-03 12:00:00\""),
    ] {
        if name == "account_number" && members.iter().any(|own: &String| own.contains(name)) {
            continue;
        }
        match bytes.below(60) {
            1 => {}
            2 | 3 => members.push(format!("\"{name}\" : {}", bytes.piece(VALUES))),
            4..30 if name == "account_number" => {}
            _ => members.push(format!("\"{name}\":{value}")),
        }
    }
    if bytes.one_in(6) {
        members.push(format!("\"{}\":{}", bytes.piece(KEYS), bytes.piece(VALUES)));
    }
    format!("{{{}}}", members.join(","))
}

fn object(bytes: &mut Bytes<'_>, depth: usize) -> String {
    let members = (0..bytes.below(4)).map(|_| {
        let value = if depth > 0 && bytes.one_in(3) {
            object(bytes, depth - 1)
        } else {
            bytes.piece(VALUES)
        };
        format!(
            "\"{}\"{}:{}{value}",
            bytes.piece(KEYS),
            bytes.pick(&["", " ", "\n"]),
            bytes.pick(&["", "\t"])
        )
    });
    let members = members.collect::<Vec<_>>().join(",");
    if bytes.one_in(4) { format!("[{{{members}}},1]") } else { format!("{{{members}}}") }
}
