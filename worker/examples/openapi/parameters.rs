//! The parameters: names from the tables that the routes read them with, types from what the readers accept.

use sepay::query::MAX_LIMIT;
use sepay::{Bank, Kind, VietQr, Vnd};
use sepay_worker::audit;
use sepay_worker::route::{Form, To};
use serde_json::{Value, json};

use crate::schemas::reference;

/// Headers of a request for SePay's rows, by their names among the shared parameters.
const OF_SEPAY: &[&str] = &["prefer", "requestCacheControl", "ifNoneMatch", "priority"];

/// Describes the parameters of a route.
pub(crate) fn of(to: To) -> Vec<Value> {
    let (kind, form) = match to {
        To::Sepay(kind, form) => (kind, form),
        To::Audit => return of_audit(),
        To::VietQr => return of_codes(),
        To::Health | To::Status | To::Metrics | To::Tickets | To::OwnTicket => return Vec::new(),
    };
    let own = kind
        .names()
        .iter()
        .map(|name| described(kind, name.ours(), name.spelled(form.spelling()), form));
    own.chain(OF_SEPAY.iter().map(|name| shared_one(name))).collect()
}

fn shared_one(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn of_audit() -> Vec<Value> {
    audit::NAMES.iter().map(|name| of_use(name.ours())).collect()
}

fn of_codes() -> Vec<Value> {
    let own = VietQr::NAMES.iter().map(|name| of_code(name.ours()));
    own.chain([shared_one("ifNoneMatch")]).collect()
}

/// One parameter of a code to pay with.
fn of_code(name: &str) -> Value {
    let (is_required, description, schema, example) = match name {
        "bank" => (
            true,
            "The bank of the account: its short name as SePay writes it, its code, or its BIN, listed or not. Capitals do not matter.",
            reference("BankName"),
            json!("Vietcombank"),
        ),
        "account" => {
            let account = json!({ "type": "string", "pattern": "^[A-Za-z0-9]{1,19}$" });
            let description = "The account number, or the virtual account. Leading zeros count.";
            (true, description, account, json!("0071000888888"))
        }
        "amount" => {
            let amount = json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": 9_999_999_999_999_i64 });
            (
                false,
                "How much, VND. Without it the customer writes the amount.",
                amount,
                json!(150_000),
            )
        }
        "content" => (
            false,
            "The transfer's text, such as a payment code. Vietnamese letters lose their marks. What does not fit is refused, never cut.",
            reference("TransferText"),
            json!("DH000777"),
        ),
        _ => panic!("the parameter {name} is not described"),
    };
    json!({
        "name": name,
        "in": "query",
        "required": is_required,
        "description": description,
        "schema": schema,
        "example": example,
    })
}

/// The query of the examples of a code to pay with.
pub(crate) fn example_code() -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in VietQr::NAMES {
        let example = &of_code(name.ours())["example"];
        query.append_pair(
            name.ours(),
            &example.as_str().map_or_else(|| example.to_string(), str::to_owned),
        );
    }
    query.finish()
}

/// One parameter of the audit trail.
fn of_use(name: &str) -> Value {
    let (description, schema, example) = match name {
        "from" => ("Uses then or later. A date is its first second.", time(), json!("2026-11-19")),
        "to" => ("Uses then or earlier. A date is its last second.", time(), json!("2026-11-19")),
        "caller" => {
            let id = json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" });
            ("The id of a key.", id, json!("shop"))
        }
        "limit" => {
            let limit = json!({ "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 });
            ("How many rows at most.", limit, json!(20))
        }
        _ => panic!("the parameter {name} is not described"),
    };
    json!({
        "name": name,
        "in": "query",
        "required": false,
        "description": description,
        "schema": schema,
        "example": example,
    })
}

/// The values of the examples, as the caller of this form writes them: together they are one request.
pub(crate) fn example_query(kind: Kind, form: Form) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in kind.names().iter().filter(|name| name.ours() != "id") {
        let example = &described(kind, name.ours(), name.spelled(form.spelling()), form)["example"];
        let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        query.append_pair(name.spelled(form.spelling()), &text);
    }
    query.finish()
}

/// The example of an id in a path.
pub(crate) fn example_id(kind: Kind) -> &'static str {
    if is_of_accounts(kind) { "123" } else { "723898" }
}

fn is_of_accounts(kind: Kind) -> bool {
    matches!(kind, Kind::AccountList | Kind::AccountDetails | Kind::AccountCount)
}

/// One parameter, found by our name.
fn described(kind: Kind, ours: &str, spelled: &str, form: Form) -> Value {
    let (description, schema, example) = typed(kind, ours, form);
    let is_id = ours == "id";
    let mut parameter = json!({
        "name": spelled,
        "in": if is_id { "path" } else { "query" },
        "required": is_id,
        "description": description,
        "schema": schema,
        "example": example,
    });
    if form == Form::DropIn && !is_id {
        // SePay's own callers send empty filters and mean none.
        parameter["allowEmptyValue"] = json!(true);
    }
    parameter
}

fn typed(kind: Kind, ours: &str, form: Form) -> (String, Value, Value) {
    let amount = |minimum: i64| json!({ "type": "integer", "format": "int64", "minimum": minimum, "maximum": Vnd::MAX.get() });
    let told = |description: &str, schema, example| (description.to_owned(), schema, example);
    match ours {
        "id" => told("SePay's id.", record_id(), json!(example_id(kind))),
        "sinceId" => told(
            "This id and later ones: the row with this id is included.",
            record_id(),
            json!(example_id(kind)),
        ),
        "limit" => limit(kind, form),
        "account" => told(
            "The account number, exactly. Leading zeros count.",
            text(),
            json!("0071000888888"),
        ),
        "bank" => told("The bank's short name, as SePay writes it.", text(), json!("Vietcombank")),
        "reference" => told(
            "The bank's reference, exactly. It is not unique.",
            text(),
            json!("MBVCB.3278907687"),
        ),
        "from" => told(
            "Booked then or later. A date is its first second, 00:00:00.",
            time(),
            json!("2026-11-19"),
        ),
        "to" => told(
            "Booked then or earlier. A date is its last second, 23:59:59.",
            time(),
            json!("2026-11-19T23:00:00+07:00"),
        ),
        "lastTransactionFrom" => told(
            "The account's last transaction was then or later. A date is its first second.",
            time(),
            json!("2026-11-19"),
        ),
        "lastTransactionTo" => told(
            "The account's last transaction was then or earlier. A date is its last second.",
            time(),
            json!("2026-11-19"),
        ),
        "amountIn" => told("Money in, exactly, VND.", amount(0), json!(2_277_000)),
        "amountOut" => told("Money out, exactly, VND.", amount(0), json!(0)),
        "balanceMin" => {
            told("The balance is so much or more, VND.", amount(Vnd::MIN.get()), json!(1))
        }
        "balanceMax" => told(
            "The balance is so much or less, VND.",
            amount(Vnd::MIN.get()),
            json!(Vnd::MAX.get()),
        ),
        _ => panic!("the parameter {ours} is not described"),
    }
}

fn limit(kind: Kind, form: Form) -> (String, Value, Value) {
    let mut schema = json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT });
    let default = match (form, kind) {
        (Form::Json, _) => {
            schema["default"] = json!(100);
            ""
        }
        (Form::DropIn, Kind::AccountList) => " SePay's own default is 100.",
        (Form::DropIn, _) => " SePay's own default is 5000.",
    };
    (format!("How many rows at most.{default}"), schema, json!(20))
}

fn record_id() -> Value {
    reference("RecordId")
}

fn text() -> Value {
    reference("FilterText")
}

fn time() -> Value {
    reference("TimeFilter")
}

/// The schemas that parameters refer to.
pub(crate) fn schemas() -> [(String, Value); 5] {
    [
        ("RecordId", a_record_id()),
        ("FilterText", a_text()),
        ("TimeFilter", a_time()),
        ("BankName", a_bank()),
        ("TransferText", a_transfer_text()),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
}

/// What [`sepay::Bank::new`] accepts, in capitals or not.
fn a_bank() -> Value {
    let names = |of: fn(&Bank) -> Option<&str>| -> Vec<String> {
        Bank::all().filter_map(|bank| of(&bank).map(str::to_owned)).collect()
    };
    let (names, mut codes) = (names(Bank::name), names(Bank::code));
    codes.retain(|code| !names.contains(code));
    json!({
        "type": "string",
        "description": "A bank: its short name, its code or its BIN.",
        "anyOf": [
            { "title": "A short name", "enum": names },
            { "title": "A code", "enum": codes },
            { "title": "A BIN", "pattern": "^[0-9]{6}$" },
        ],
    })
}

/// What [`sepay::VietQr::with_content`] accepts, but for marks that stand behind their letters.
fn a_transfer_text() -> Value {
    let letters = "À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ";
    json!({
        "type": "string",
        "description": "Letters, digits, spaces and ASCII signs, without a space at either end.",
        "minLength": 1,
        "maxLength": 25,
        "pattern": format!("^[!-~{letters}]([ -~{letters}]*[!-~{letters}])?$"),
    })
}

/// What [`sepay::query::RecordId`] accepts.
fn a_record_id() -> Value {
    json!({ "type": "string", "description": "An id of SePay's: 1 to 20 digits.", "pattern": "^[0-9]{1,20}$" })
}

/// What [`sepay::query::FilterText`] accepts.
fn a_text() -> Value {
    let plain = r"[^\s\x00-\x1f\x7f-\x9f\ufffd]";
    let inner = r"[^\x00-\x1f\x7f-\x9f\ufffd]";
    json!({
        "type": "string",
        "description": "A text without control characters and without white space at either end.",
        "minLength": 1,
        "maxLength": 128,
        "pattern": format!("^{plain}({inner}*{plain})?$"),
    })
}

/// What [`sepay::VietnamTime`] reads.
fn a_time() -> Value {
    let year = "(19|[2-9][0-9])[0-9]{2}";
    json!({
        "type": "string",
        "description": "A date, a time with its zone, or a time without one, which is Vietnam's. Years 1900 to 9999.",
        "anyOf": [
            { "title": "A date in Vietnam", "format": "date", "pattern": format!("^{year}-[0-9]{{2}}-[0-9]{{2}}$") },
            {
                "title": "A time with its zone",
                "format": "date-time",
                "pattern": format!("^{year}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-5][0-9](\\.[0-9]{{1,9}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"),
            },
            {
                "title": "A time in Vietnam",
                "pattern": format!("^{year}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"),
            },
        ],
    })
}

/// The request headers that are read, each optional and never an error: what cannot be read is not there.
pub(crate) fn shared() -> Value {
    let header = |name: &str, description: &str, example: &str| {
        json!({
            "name": name,
            "in": "header",
            "required": false,
            "description": description,
            "schema": { "type": "string" },
            "example": example,
        })
    };
    json!({
        "prefer": header(
            "Prefer",
            "`wait=N` (RFC 7240): how many seconds you are ready to wait, 0 to 25; 10 unless given. With 0 you get what is \
             known, or a refusal.",
            "wait=5",
        ),
        "requestCacheControl": header(
            "Cache-Control",
            "`max-age=N`: no answer older than N seconds. `no-cache`: SePay is asked anew. When it cannot be, you get \
             the error in place of an older answer.",
            "max-age=60",
        ),
        "ifNoneMatch": header(
            "If-None-Match",
            "The `ETag` of the last answer: 304 without a body while nothing has changed.",
            "\"00000000000000000000000000000000\"",
        ),
        "priority": header(
            "Priority",
            "`u=5` to `u=7` (RFC 9218): it may wait until nobody else does.",
            "u=5",
        ),
    })
}
