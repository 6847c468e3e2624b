//! Everything that a stranger sends, and everything that is configured, as arbitrary bytes: no panic, nobody let in by
//! chance, nothing sent to SePay but its six questions.

use std::sync::LazyLock;

use sepay::{Question, Spelling, Target};
use sepay_worker::auth::{Caller, Keys, Rights};
use sepay_worker::gate::event::{Service, Source};
use sepay_worker::gate::wire::{Admit, Ask, Leave, Note};
use sepay_worker::hot::{Entry, Hot, HotRequest};
use sepay_worker::route::{self, Form, Resource};
use sepay_worker::ticket::{self, MAX_TICKET_BYTES, Secrets, Wish};
use sepay_worker::view::{Forbidden, plan};
use sepay_worker::{config, incoming, key};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::bytes::Bytes;
use super::callers::{any_caller, any_now_ms};
use super::emitted::{Query, assert_headers, check_request, upstream};

const PATHS: &[&str] = &[
    "/api/accounts",
    "/api/accounts/count",
    "/api/accounts/{id}",
    "/api/transactions",
    "/api/transactions/count",
    "/api/transactions/{id}",
    "/userapi/bankaccounts/list",
    "/userapi/bankaccounts/count",
    "/userapi/bankaccounts/details/{id}",
    "/userapi/transactions/list",
    "/userapi/transactions/count",
    "/userapi/transactions/details/{id}",
];

const PIECES_OF_PATHS: &[&str] = &[
    "/",
    "api",
    "userapi",
    "accounts",
    "bankaccounts",
    "transactions",
    "list",
    "details",
    "count",
    "..",
    ".",
    "%2e%2e",
    "%2f",
    "//",
    "\\",
    "?",
    "#",
    ";",
    ":",
    "@",
    "healthz",
    "metrics",
    "tickets",
    "self",
    "audit",
    "status",
    "1",
    "{id}",
    "\r\n",
    "\u{0}",
    "é",
];

const IDS: &[&str] = &[
    "1",
    "18",
    "0",
    "00000000000000000001",
    "99999999999999999999",
    "123456789012345678901",
    "",
    "..",
    "%2e%2e",
    "1%2f2",
    "1;x",
    "1\r\nhost: x",
    "-1",
    "+1",
    "\u{661}",
    "1 ",
    "1?x=1",
    "1#x",
    "count",
    "list",
    "self",
];

const NAMES: &[&str] = &[
    "bank",
    "lastTransactionFrom",
    "lastTransactionTo",
    "sinceId",
    "balanceMin",
    "balanceMax",
    "limit",
    "account",
    "from",
    "to",
    "reference",
    "amountIn",
    "amountOut",
    "short_name",
    "last_transaction_date_min",
    "last_transaction_date_max",
    "since_id",
    "accumulated_min",
    "accumulated_max",
    "account_number",
    "transaction_date_min",
    "transaction_date_max",
    "reference_number",
    "amount_in",
    "amount_out",
    "id",
    "code",
    "Limit",
    "limit%00",
    "host",
    "",
];

const VALUES: &[&str] = &[
    "1",
    "0",
    "-1",
    "2",
    "100",
    "499",
    "500",
    "5000",
    "5001",
    "65536",
    "007",
    "+5",
    "%2B5",
    "1.00",
    "1.5",
    "1e3",
    "9007199254740991",
    "9007199254740992",
    "-9007199254740991",
    "2026-04-02",
    "2026-04-02%2000:00:00",
    "2026-04-02T08:00:00%2B07:00",
    "2026-04-02T08:00:00Z",
    "2026-02-30",
    "9999-12-31",
    "1900-01-01T00:00:00Z",
    "0001-01-01",
    "0071000888888",
    "FT%201",
    "FT+1",
    "a%26limit%3D1",
    "%0d%0ahost:%20x",
    "%00",
    "%ff",
    "%c3%28",
    "%E2%80%AE",
    "%",
    "%2",
    "%zz",
    "é",
    "\u{0}",
    "\r\n",
    "#",
    "a#b",
    "=",
    "a=b",
    "%20a",
    "*",
    "~",
    "'",
    "\"",
    "\\",
    "%25",
    "DH1",
];

/// Runs one input, whose first bytes say what it is for, and tells how far it came.
pub fn run(input: &[u8]) -> &'static str {
    let mut bytes = Bytes(input);
    match bytes.below(8) {
        0..=2 => asked(&mut bytes),
        3 => headers(&mut bytes),
        4 => configured(&mut bytes),
        5 => tickets(&mut bytes),
        6 => hot(&mut bytes),
        _ => wires(&mut bytes),
    }
}

/// A method and a URL, and who asks.
fn asked(bytes: &mut Bytes<'_>) -> &'static str {
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
    const TEXT: &[&str] = &[
        "0071000888888",
        "1",
        "FT%201",
        "a%26limit%3D1",
        "a=b",
        "\"",
        "\\",
        "%E2%80%AE",
        "é",
        "%25",
        "a#b",
    ];
    const TIME: &[&str] = &[
        "2026-04-02",
        "2026-04-02%2000:00:00",
        "2026-04-02T08:00:00%2B07:00",
        "1900-01-01",
        "9999-12-31",
    ];
    const NUMBER: &[&str] = &["0", "1", "2", "100", "499", "500", "5000", "1.00", "007"];
    let accounts: &[_] = &[
        ("bank", "short_name", TEXT),
        ("lastTransactionFrom", "last_transaction_date_min", TIME),
        ("lastTransactionTo", "last_transaction_date_max", TIME),
        ("balanceMin", "accumulated_min", NUMBER),
        ("balanceMax", "accumulated_max", NUMBER),
    ];
    let transactions: &[_] = &[
        ("account", "account_number", TEXT),
        ("from", "transaction_date_min", TIME),
        ("to", "transaction_date_max", TIME),
        ("reference", "reference_number", TEXT),
        ("amountIn", "amount_in", NUMBER),
        ("amountOut", "amount_out", NUMBER),
        ("sinceId", "since_id", NUMBER),
        ("limit", "limit", NUMBER),
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
    assert_eq!(Form::DropIn.spelling(), Spelling::Sepays);
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
        assert!(list.limit >= given.limit, "a lower limit");
    }
}

fn headers(bytes: &mut Bytes<'_>) -> &'static str {
    const PIECES: &[&str] = &[
        "wait=",
        "respond-async",
        ",",
        ";",
        " ",
        "\"",
        "=",
        "0",
        "3",
        "25",
        "26",
        "18446744073709551616",
        "-1",
        "no-cache",
        "no-store",
        "max-age=",
        "u=",
        "5",
        "i",
        "W/",
        "\"abc\"",
        "*",
        "application/json",
        "text/plain",
        "; charset=utf-8",
        "4096",
        "4097",
        "\t",
        "MAX-AGE=",
        "Wait=",
    ];
    let text = bytes.text(8, PIECES);
    let raw = String::from_utf8_lossy(bytes.raw(40)).into_owned();
    for header in [text.as_str(), &raw] {
        assert!(incoming::wait_ms(Some(header)) <= 25_000);
        let lower = header.to_ascii_lowercase();
        if !["no-cache", "no-store", "max-age"].iter().any(|name| lower.contains(name)) {
            assert!(incoming::need(Some(header)) == incoming::need(None), "{header:?}");
        }
        if !["u=5", "u=6", "u=7"].iter().any(|urgency| header.contains(urgency)) {
            assert!(incoming::lane(Some(header)) == incoming::lane(None), "{header:?}");
        }
        let is_known = incoming::names(Some(header), "\"abc\"");
        assert!(!is_known || header.contains("\"abc\"") || header.contains('*'), "{header:?}");
        assert!(
            incoming::small_json(header, &raw).is_err() || lower.contains("json") || is_zero(&raw)
        );
        assert!(incoming::small_json("application/json", header).is_err() || is_small(header));
        assert!(matches!(config::requests_per_second(Some(header)), Ok(1..=50) | Err(1)));
        assert!(!config::is_profile(header) || config::token_binding(header).is_ascii());
        assert!(!config::is_on(Some(header)) || header.contains("true"));
        assert!(!key::is_mistyped(header) || header.starts_with("edge_"));
    }
    "headers"
}

fn is_zero(text: &str) -> bool {
    text.trim().trim_start_matches('+').bytes().all(|digit| digit == b'0')
}

fn is_small(text: &str) -> bool {
    text.trim().parse::<usize>().is_ok_and(|bytes| bytes <= 4096)
}

/// `EDGE_KEYS` and who is let in by it.
fn configured(bytes: &mut Bytes<'_>) -> &'static str {
    const FIELDS: &[&str] = &[
        r#""id":"CANARY""#,
        r#""id":"CANARY\n""#,
        r#""sha256":"{k}""#,
        r#""sha256":"{K}""#,
        r#""sha256":"CANARY""#,
        r#""scopes":[]"#,
        r#""scopes":["accounts:read","CANARY"]"#,
        r#""accounts":["1"]"#,
        r#""accounts":[]"#,
        r#""accounts":null"#,
        r#""accounts":"CANARY""#,
        r#""hide":["balance"]"#,
        r#""hide":["Balance","CANARY"]"#,
        r#""hide":null"#,
        r#""profile":"default""#,
        r#""profile":"CANARY""#,
        r#""expires":"2027-01-01T00:00:00Z""#,
        r#""expires":"2027-01-01CANARY""#,
        r#""expires":"1969-01-01T00:00:00Z""#,
        r#""rpm":60"#,
        r#""rpm":0"#,
        r#""rpm":-1"#,
        r#""from":"30d""#,
        r#""from":"CANARY""#,
        r#""from":"0d""#,
        r#""from":"3651d""#,
        r#""account":["CANARY"]"#,
        r#""CANARY":1"#,
    ];
    const HEADERS: &[&str] = &[
        "Bearer k",
        "bearer  k ",
        "Bearer",
        "Bearer k, Bearer k",
        "Basic k",
        "Bearer K",
        "k",
        " ",
        "Bearer kk",
        "Bearer\tk",
        "Bearer eyJ.a.b",
        "Bearer edge_",
        "\u{0}",
        "é",
        ",",
    ];
    let entries = (0..bytes.below(3)).map(|_| {
        let mut fields = Vec::new();
        if !bytes.one_in(3) {
            fields =
                vec![FIELDS[0].replace("CANARY", "a"), FIELDS[2].to_owned(), FIELDS[5].to_owned()];
        }
        for _ in 0..bytes.below(3) {
            fields.push(bytes.piece(FIELDS));
        }
        format!("{{{}}}", fields.join(","))
    });
    let hash = hex_of("k");
    let text = format!("[{}]", entries.collect::<Vec<_>>().join(","));
    let text = text.replace("{k}", &hash).replace("{K}", &hash.to_uppercase());
    let text = if bytes.one_in(4) { bytes.damaged(&text) } else { text };
    let raw = String::from_utf8_lossy(bytes.raw(200)).into_owned();
    let header = if bytes.one_in(2) { bytes.text(2, HEADERS) } else { "Bearer k".to_owned() };
    let now_ms = any_now_ms(bytes);
    let mut reached = "no keys";
    for text in [&raw, &text] {
        match Keys::parse(text) {
            Ok(keys) => reached = lets_in(&keys, text, &header, now_ms),
            Err(bad) => {
                let told = format!("{bad} {bad:?}");
                assert!(!told.contains("CANARY") && !told.contains(&hash), "{told}");
            }
        }
    }
    reached
}

fn lets_in(keys: &Keys, text: &str, header: &str, now_ms: u64) -> &'static str {
    let Ok(authorized) = keys.authorize(Some(header), now_ms) else { return "not let in" };
    let credential = header.trim().split_once(' ').expect("a scheme").1.trim();
    let is_configured = text.to_lowercase().contains(&hex_of(credential));
    assert!(is_configured, "let in: {header:?} by {text}");
    let caller = &authorized.caller;
    assert!(caller.expires_ms.is_none_or(|end_ms| now_ms < end_ms), "it has ended");
    assert!(!caller.rights.scopes.is_empty() || !text.contains("\"scopes\":[\"accounts:read"));
    assert!(keys.authorize(None, now_ms).is_err());
    "let in"
}

fn hex_of(credential: &str) -> String {
    Sha256::digest(credential.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A key that may make tickets for two accounts, and hides one field.
static MAKERS: LazyLock<Keys> = LazyLock::new(|| {
    let text = format!(
        r#"[{{"id":"shop","sha256":"{}","scopes":["accounts:read","transactions:read","tickets:write"],
            "accounts":["1","0071000888888"],"hide":["balance"],"from":"30d"}}]"#,
        hex_of("k")
    );
    Keys::parse(&text).expect("keys").with_tickets(Secrets::read(Some(SECRET), None).0)
});

/// What a ticket is asked for, the ticket, and what is left of it when it is damaged.
fn tickets(bytes: &mut Bytes<'_>) -> &'static str {
    let now_ms = 1_775_149_200_000;
    let body = wish(bytes);
    let raw = bytes.raw(60).to_vec();
    let maker = MAKERS.authorize(Some("Bearer k"), now_ms).ok().expect("the maker");
    let fingerprint = MAKERS.fingerprint(maker.place).expect("its name");
    drop(Wish::read(&raw));
    let wish = match Wish::read(body.as_bytes()) {
        Ok(wish) => wish,
        Err(bad) => {
            assert!(!bad.to_string().contains("CANARY"), "{bad}");
            return "a bad wish";
        }
    };
    let claims = ticket::grant(&wish, &maker.caller, fingerprint, "t-1", now_ms);
    let Ok(claims) = claims else { return "no ticket" };
    let text = MAKERS.secrets().sign(&claims).expect("a ticket that is short enough");
    assert!(text.len() <= MAX_TICKET_BYTES && ticket::is_ticket(&text));
    assert!(MAKERS.secrets().verify(&text) == Some(claims.clone()));
    let header = format!("Bearer {text}");
    let holder = MAKERS.authorize(Some(&header), now_ms).ok().expect("the holder").caller;
    assert!(holder.ticket.as_deref() == Some("t-1"));
    is_no_more(&holder.rights, &maker.caller.rights);
    let end_ms = holder.expires_ms.expect("an end");
    assert!(end_ms - now_ms <= 3_600_000 && end_ms > now_ms);
    assert!(MAKERS.authorize(Some(&header), end_ms).is_err(), "it has ended");
    assert!(ticket::grant(&Wish::default(), &holder, fingerprint, "t-2", now_ms).is_err());
    let own = ticket::own_json(&holder).expect("JSON");
    serde_json::from_str::<serde_json::Value>(&own).expect("JSON");
    let damaged = bytes.damaged(&text);
    let is_same = damaged == text;
    assert!(is_same || MAKERS.secrets().verify(&damaged).is_none(), "damaged: {damaged}");
    let header = format!("Bearer {damaged}");
    assert!(is_same || MAKERS.authorize(Some(&header), now_ms).is_err() || damaged.trim() == text);
    "a ticket"
}

fn wish(bytes: &mut Bytes<'_>) -> String {
    const FIELDS: &[&str] = &[
        r#""ttlSeconds":60"#,
        r#""ttlSeconds":3600"#,
        r#""ttlSeconds":3601"#,
        r#""ttlSeconds":-1"#,
        r#""ttlSeconds":1e3"#,
        r#""ttlSeconds":"CANARY""#,
        r#""scopes":["transactions:read"]"#,
        r#""scopes":["accounts:read"]"#,
        r#""scopes":["tickets:write"]"#,
        r#""scopes":["CANARY"]"#,
        r#""accounts":["1"]"#,
        r#""accounts":["2"]"#,
        r#""accounts":[]"#,
        r#""accounts":null"#,
        r#""accounts":["CANARY\n"]"#,
        r#""code":"DH1""#,
        r#""code":" CANARY""#,
        r#""code":null"#,
        r#""amount":1"#,
        r#""amount":0"#,
        r#""amount":1.5"#,
        r#""amount":9007199254740992"#,
        r#""hide":["content"]"#,
        r#""hide":["code"]"#,
        r#""hide":["CANARY"]"#,
        r#""code":"\ud83d""#,
    ];
    let count = bytes.below(5);
    let fields: Vec<String> = (0..count).map(|_| bytes.piece(FIELDS)).collect();
    let body = format!("{{{}}}", fields.join(","));
    if bytes.one_in(5) { bytes.damaged(&body).replace("CANAR", "canar") } else { body }
}

/// No right that the other has not.
fn is_no_more(less: &Rights, more: &Rights) {
    assert!(less.scopes.iter().all(|scope| more.scopes.contains(scope)));
    let own = less.accounts.as_ref().expect("the maker's are limited");
    assert!(own.iter().all(|number| more.may_see(number)));
    assert!(more.hide.iter().all(|field| less.hide.contains(field)));
    assert_eq!(less.from_days, more.from_days);
    assert!(more.code.is_none() || less.code == more.code);
    assert!(more.amount.is_none() || less.amount == more.amount);
}

/// A packed request, and one kept answer that it may find.
fn hot(bytes: &mut Bytes<'_>) -> &'static str {
    const KEPT: &str = "/api/transactions?limit=2";
    const LINES: &[&str] = &[
        "GET",
        "HEAD",
        "POST",
        "https://edge.example/api/transactions?limit=2",
        "https://h/api?x",
        "https://h//api/transactions?limit=2",
        "https://h/api/transactions?limit=2#x",
        "Bearer k",
        "Bearer kk",
        "Bearer k, Bearer k",
        "no-cache",
        "max-age=1",
        "\"abc\"",
        "*",
        "\n",
        "",
    ];
    let now_ms = any_now_ms(bytes);
    let mut hot = Hot::default();
    hot.set_keys(
        Keys::parse(&format!(
            r#"[{{"id":"a","sha256":"{}","scopes":["transactions:read"]}}]"#,
            hex_of("k")
        ))
        .expect("keys"),
    );
    let caller = hot.authorize(Some("Bearer k"), 0).ok().expect("a caller").caller.into_owned();
    let (place, _) = hot.seat(0, &caller);
    let service = Service {
        source: Source::Known,
        age_ms: 0,
        fresh_ms: 1_000,
        keep_ms: 0,
        queue_ms: 0,
        upstream_ms: 0,
    };
    let entry = Entry::new("\"abc\"", 10, &service, 1, None, bytes.pick(&[0, now_ms, u64::MAX]));
    hot.store(place, KEPT, entry);
    let mut lines: Vec<String> = ["GET", LINES[3], "Bearer k", "", ""].map(str::to_owned).into();
    for line in &mut lines {
        if bytes.one_in(3) {
            *line = bytes.text(2, LINES);
        }
    }
    let packed = lines.join("\n");
    let packed = if bytes.one_in(5) { bytes.damaged(&packed) } else { packed };
    let Some(request) = HotRequest::unpack(&packed, now_ms) else { return "not packed" };
    assert_eq!(packed.split('\n').count(), 5);
    if hot.find(&request).is_none() {
        return "not kept";
    }
    assert!(matches!(request.method, "GET" | "HEAD"), "{packed:?}");
    let credential = request.authorization.unwrap_or_default().trim();
    assert!(credential.len() >= 8 && credential[7..].trim() == "k", "{packed:?}");
    let (path, query) = incoming::path_and_query(request.url);
    assert_eq!(format!("{path}?{query}"), KEPT);
    assert!(
        request.cache_control.is_none_or(|given| !given.trim().eq_ignore_ascii_case("no-cache"))
    );
    "kept"
}

/// What Worker and gate say to each other.
fn wires(bytes: &mut Bytes<'_>) -> &'static str {
    let mut reached = "a wire";
    const FIELDS: &[&str] = &[
        r#""target":"/userapi/transactions/list?limit=1""#,
        r#""target":"/userapi/../x""#,
        r#""target":"//h/userapi/""#,
        r#""target":"/userapi/a\r\nb""#,
        r#""target":"/userapi/a?b#c""#,
        r#""wait_ms":10000"#,
        r#""wait_ms":-1"#,
        r#""wait_ms":18446744073709551615"#,
        r#""party":"shop""#,
        r#""party":"\u0000""#,
        r#""background":true"#,
        r#""max_age_ms":0"#,
        r#""newer":true"#,
        r#""demand":4294967296"#,
        r#""have":1"#,
        r#""ticket":1"#,
        r#""tickets":[1]"#,
        r#""requests_per_minute":1"#,
        r#""x":1"#,
    ];
    let mut fields =
        vec![FIELDS[bytes.below(5)].to_owned(), FIELDS[5].to_owned(), FIELDS[8].to_owned()];
    let count = bytes.below(4);
    fields.extend((0..count).map(|_| bytes.piece(FIELDS)));
    let text = format!("{{{}}}", fields.join(","));
    let text = if bytes.one_in(4) { bytes.damaged(&text) } else { text };
    let note = bytes.text(
        6,
        &[
            r#"{"Answered":{"status":200,"headers":[["#,
            r#"{"Refused":{"Busy":{"retry_after_ms":7}}}"#,
            "\"",
            "}",
            "]",
            ",",
            ":",
        ],
    );
    for text in [text.as_bytes(), note.as_bytes(), bytes.rest()] {
        survives::<Note>(text);
        survives::<Leave>(text);
        survives::<Admit>(text);
        let Some(ask) = survives::<Ask>(text) else { continue };
        reached = "an ask";
        assert_eq!(ask.need(), ask.clone().need());
        let Ok(target) = Target::from_text(&ask.target) else { continue };
        let request = upstream().get(&target);
        assert_headers(&request);
        let rest = request.url.strip_prefix("https://my.sepay.vn/userapi/").expect("SePay's API");
        let (path, _) = rest.split_once('?').unwrap_or((rest, ""));
        assert!(!path.contains(['.', '%', '\\']) && !rest.contains('#'), "{rest}");
        assert!(rest.bytes().all(|byte| matches!(byte, 0x21..=0x7e)), "{rest:?}");
    }
    reached
}

/// What can be read can be written, and reads the same again.
fn survives<T: Serialize + DeserializeOwned + PartialEq>(text: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(text).ok()?;
    let written = serde_json::to_vec(&read).expect("JSON");
    let again: T = serde_json::from_slice(&written).expect("its own JSON");
    assert!(again == read, "{}", String::from_utf8_lossy(text));
    Some(read)
}
