//! A method, a URL and a caller through route and view, and everything that would leave for SePay.

use sepay::{Question, Target};
use sepay_worker::auth::{Caller, Rights};
use sepay_worker::incoming;
use sepay_worker::route::{self, Form, Resource};
use sepay_worker::view::{Forbidden, plan};

use super::bytes::Bytes;
use super::callers::{any_caller, any_now_ms};
use super::emitted::{Query, check_request, upstream};
use super::words::{IDS, NAMES, NUMBERS, PATHS, PIECES_OF_PATHS, TEXTS, TIMES, VALUES};

/// A method and a URL, and who asks.
pub fn asked(bytes: &mut Bytes<'_>) -> &'static str {
    let (method, path) = (method(bytes), path(bytes));
    let query = query(bytes, &path);
    let caller = any_caller(bytes);
    let reached = asks(&method, &path, &query, &caller, any_now_ms(bytes));
    let url = format!("https://edge.example{path}?{query}");
    let (path, query) = incoming::path_and_query(&url);
    assert!(!path.contains(['?', '#']) && path.starts_with('/'), "{path:?}");
    asks("GET", &path, &query, &caller, any_now_ms(bytes));
    // Once more as raw as it comes.
    let raw = String::from_utf8_lossy(bytes.rest()).into_owned();
    let (path, query) = incoming::path_and_query(&raw);
    asks("GET", &path, &query, &caller, 0);
    reached
}

fn path(bytes: &mut Bytes<'_>) -> String {
    if bytes.one_in(5) {
        return bytes.text(8, PIECES_OF_PATHS);
    }
    let template = bytes.pick(PATHS);
    if template.contains("{id}") {
        return template.replace("{id}", &bytes.piece(IDS));
    }
    template.to_owned()
}

fn method(bytes: &mut Bytes<'_>) -> String {
    if bytes.one_in(9) { bytes.piece(&["HEAD", "POST", "get", "GET "]) } else { "GET".to_owned() }
}

fn query(bytes: &mut Bytes<'_>, path: &str) -> String {
    let mut text = String::new();
    let last = path.rsplit('/').next().unwrap_or_default();
    let takes_some = ["accounts", "transactions", "list", "count"].contains(&last);
    let count = if takes_some || bytes.one_in(9) { bytes.below(4) } else { 0 };
    for _ in 0..count {
        if bytes.one_in(9) {
            text += &bytes.piece(NAMES);
            text.push(if bytes.one_in(12) { ';' } else { '=' });
            text += &bytes.text(2, VALUES);
        } else {
            text += &fitting(bytes, path);
        }
        text.push('&');
    }
    if bytes.one_in(60) {
        text += &"x".repeat(5_000);
    }
    text
}

/// A parameter that this path takes, and mostly a value that it takes.
fn fitting(bytes: &mut Bytes<'_>, path: &str) -> String {
    let accounts: &[_] = &[
        ("bank", "short_name", TEXTS),
        ("lastTransactionFrom", "last_transaction_date_min", TIMES),
        ("lastTransactionTo", "last_transaction_date_max", TIMES),
        ("balanceMin", "accumulated_min", NUMBERS),
        ("balanceMax", "accumulated_max", NUMBERS),
    ];
    let transactions: &[_] = &[
        ("account", "account_number", TEXTS),
        ("from", "transaction_date_min", TIMES),
        ("to", "transaction_date_max", TIMES),
        ("reference", "reference_number", TEXTS),
        ("amountIn", "amount_in", NUMBERS),
        ("amountOut", "amount_out", NUMBERS),
        ("sinceId", "since_id", NUMBERS),
        ("limit", "limit", NUMBERS),
    ];
    let names = if path.contains("accounts") { accounts } else { transactions };
    // A count takes no limit, which comes last.
    let names = if path.ends_with("/count") { &names[..5] } else { names };
    let (ours, sepays, values) = bytes.pick(names);
    let name = if path.starts_with("/api/") { ours } else { sepays };
    let value =
        if bytes.one_in(10) { bytes.text(2, VALUES) } else { bytes.pick(values).to_owned() };
    format!("{name}={value}")
}

/// Brings a question through route and view, and looks at everything that would leave.
pub fn asks(method: &str, path: &str, query: &str, caller: &Caller, now_ms: u64) -> &'static str {
    if route::no_parameters(query).is_ok() {
        assert!(query.bytes().all(|byte| byte == b'&'), "a parameter was overlooked: {query:?}");
    }
    let Ok(Resource::Sepay { kind, form }) = route::find(method, path) else {
        return "no question";
    };
    assert!(matches!(method, "GET" | "HEAD"));
    let question = match kind.question(form, query) {
        Ok(question) => question,
        Err(bad) => {
            let told = bad.to_string();
            assert!(!told.contains(['\r', '\n', '\0']), "not plain: {told:?}");
            return "a bad parameter";
        }
    };
    is_canonical(&question);
    if matches!(question, Question::AccountDetails(_) | Question::TransactionDetails(_)) {
        assert!(route::no_parameters(query).is_ok(), "overlooked: {query:?}");
    }
    match plan(question.clone(), caller, now_ms) {
        Ok(plan) => {
            let questions = plan.questions();
            // Each costs one of SePay's few calls a second.
            assert!(questions.len() <= 8, "{} questions", questions.len());
            for asked in questions {
                is_canonical(&asked);
                let sent = check_request(&asked.request(&upstream()));
                is_narrowed(&sent, &asked, &question, &caller.rights);
            }
            "asked"
        }
        Err(Forbidden::Scope(scope)) => {
            assert!(!caller.may(scope) || caller.rights.sees_some_payments_only());
            "the scope is lacking"
        }
        Err(Forbidden::Account | Forbidden::Unnamed) => {
            assert!(caller.rights.accounts.is_some());
            "the account is another's"
        }
        Err(Forbidden::Hidden(field)) => {
            assert!(caller.rights.hide.contains(&field));
            "the filter is hidden"
        }
    }
}

/// Equal questions have equal targets, and a target reads as its question.
fn is_canonical(question: &Question) {
    let target = question.target();
    assert_eq!(Target::from_text(target.as_str()).as_ref(), Ok(&target));
    let (path, query) = target.as_str().split_once('?').unwrap_or((target.as_str(), ""));
    let Ok(Resource::Sepay { kind, form: Form::DropIn }) = route::find("GET", path) else {
        panic!("{path} is not one of ours")
    };
    let again = kind.question(Form::DropIn, query).expect("a question that was asked");
    assert!(again == *question, "{target:?} reads as another question");
}

/// SePay is asked for nothing that the caller may not see, as far as its filters go.
fn is_narrowed(sent: &Query, asked: &Question, question: &Question, rights: &Rights) {
    let value = |name: &str| sent.iter().find(|(own, _)| own == name).map(|(_, value)| value);
    let is_list = matches!(asked, Question::TransactionList(_) | Question::TransactionCount(_));
    if !is_list {
        assert!(
            asked.kind() == question.kind() || value("limit").is_some_and(|most| most == "5000")
        );
        return;
    }
    if let Some(accounts) = &rights.accounts {
        assert!(value("account_number").is_some_and(|number| accounts.contains(number)));
    }
    if let Some(amount) = rights.amount {
        assert_eq!(value("amount_in"), Some(&amount.to_string()));
    }
    if rights.from_days.is_some() {
        assert!(value("transaction_date_min").is_some(), "no beginning");
    }
    if let (Question::TransactionList(list), Question::TransactionList(given)) = (asked, question) {
        assert!(list.limit == given.limit || rights.code.is_some(), "another limit");
    }
    if rights.code.is_some() {
        let ours = ["account_number", "transaction_date_min", "amount_in", "limit"];
        assert!(sent.iter().all(|(name, _)| ours.contains(&name.as_str())), "a caller's filter");
        assert_eq!(value("limit"), Some(&"500".to_owned()));
    }
}
