//! What may ever leave for SePay, read by a small parser of its own.

use sepay::{ApiToken, Method, Request, Target, Upstream};

const BASE_URL: &str = "https://my.sepay.vn";
const LISTS: [&str; 2] = ["/userapi/bankaccounts/list", "/userapi/transactions/list"];
const COUNTS: [&str; 2] = ["/userapi/bankaccounts/count", "/userapi/transactions/count"];
const DETAILS: [&str; 2] = ["/userapi/bankaccounts/details/", "/userapi/transactions/details/"];
const OF_ACCOUNTS: &[&str] = &[
    "short_name",
    "last_transaction_date_min",
    "last_transaction_date_max",
    "since_id",
    "accumulated_min",
    "accumulated_max",
];
const OF_TRANSACTIONS: &[&str] = &[
    "account_number",
    "transaction_date_min",
    "transaction_date_max",
    "since_id",
    "reference_number",
    "amount_in",
    "amount_out",
];

/// Names and values of a query, decoded.
pub type Query = Vec<(String, String)>;

pub fn upstream() -> Upstream {
    let token = ApiToken::new("T0KEN").expect("a token");
    Upstream::new(BASE_URL, token, "tests/1.0").expect("an upstream")
}

/// Checks a request that a question became, and returns its query.
pub fn check_request(request: &Request) -> Query {
    assert_eq!(request.method, Method::Get);
    assert_headers(request);
    let target = request.url.strip_prefix(BASE_URL).expect("the configured host");
    assert!(target.bytes().all(|byte| matches!(byte, 0x21..=0x7e)), "not plain: {target:?}");
    let back = Target::from_text(target);
    assert_eq!(back.as_ref().map(Target::as_str), Ok(target), "it does not travel as text");
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, query.split('&').map(pair).collect()),
        None => (target, Query::new()),
    };
    let is_list = LISTS.contains(&path);
    let names = if path.contains("bankaccounts") { OF_ACCOUNTS } else { OF_TRANSACTIONS };
    if let Some(id) = DETAILS.iter().find_map(|base| path.strip_prefix(base)) {
        assert!(is_id(id) && query.is_empty() && !target.contains('?'), "{target}");
    } else {
        assert!(is_list || COUNTS.contains(&path), "no such path: {path}");
    }
    for (index, (name, value)) in query.iter().enumerate() {
        let is_known = names.contains(&name.as_str()) || (is_list && name == "limit");
        assert!(is_known, "{name} in {target}");
        assert!(!query[..index].iter().any(|(other, _)| other == name), "twice in {target}");
        assert!(is_typed(name, value), "{name}={value:?}");
    }
    query
}

/// Checks what every request has to keep to, whatever was asked.
pub fn assert_headers(request: &Request) {
    let headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let own = [
        ("authorization", "Bearer T0KEN"),
        ("accept", "application/json"),
        ("user-agent", "tests/1.0"),
    ];
    assert_eq!(headers, own);
}

fn pair(written: &str) -> (String, String) {
    let (name, value) = written.split_once('=').expect("an equals sign");
    assert!(!value.contains('='), "two equals signs: {written}");
    (name.to_owned(), decoded(value))
}

/// Decodes `%XX`, and takes nothing else for anything but itself.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        let is_plain = byte.is_ascii_alphanumeric() || b"._-*".contains(&byte);
        assert!(is_plain || byte == b'%', "{value:?} is not encoded");
        if is_plain {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
        assert!(digits.iter().all(|digit| b"0123456789ABCDEF".contains(digit)), "{value}");
        let digits = std::str::from_utf8(&digits).expect("ASCII");
        bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn is_typed(name: &str, value: &str) -> bool {
    match name {
        "account_number" | "reference_number" | "short_name" => {
            (1..=128).contains(&value.chars().count())
                && !value.chars().any(char::is_control)
                && value.trim() == value
        }
        "since_id" => is_id(value),
        "limit" => is_between(value, 1, 5_000),
        "amount_in" | "amount_out" => is_between(value, 0, 9_007_199_254_740_991),
        "accumulated_min" | "accumulated_max" => {
            is_between(value.strip_prefix('-').unwrap_or(value), 0, 9_007_199_254_740_991)
        }
        _ => is_time(value),
    }
}

fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_between(text: &str, least: u64, most: u64) -> bool {
    let number: Option<u64> = text.parse().ok();
    // Written in one way only, so that equal questions have equal targets.
    number.is_some_and(|number| (least..=most).contains(&number) && number.to_string() == text)
}

fn is_time(text: &str) -> bool {
    let form = "dddd-dd-dd dd:dd:dd";
    let fits = |(given, wanted): (u8, u8)| {
        if wanted == b'd' { given.is_ascii_digit() } else { given == wanted }
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}
