//! A failure is never an empty list: every way in which SePay says no, in the order in which it is judged.
//!
//! The order: 429; 5xx; 3xx; HTML at any other status; 401 and 403; 404; then a 200's body. Section 1.5 of what is
//! known about SePay's errors: its pages contradict each other, so both readings of each must be understood.

#![allow(clippy::expect_used, reason = "a helper that fails fails its test")]

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop_oneof, proptest};
use proptest::{prop_assert, sample};
use sepay::{
    AccountCount, AccountDetails, AccountList, Endpoint, Error, RecordId, Response,
    TransactionCount, TransactionDetails, TransactionList, judge,
};

const GOOD: &str = include_str!("fixtures/reference_transactions.json");
const HTML: &str = include_str!("fixtures/challenge.html");
const UNAUTHORIZED: &str = include_str!("fixtures/error_unauthorized.json");
const NOT_FOUND: &str = include_str!("fixtures/error_not_found.json");
const BUSINESS: &str = include_str!("fixtures/error_business.json");
const INVALID_UTF8: &[u8] = include_bytes!("fixtures/invalid_utf8.txt");

#[test]
fn the_first_reason_in_the_order_of_judgement_wins() {
    for (status, body, code) in [
        (429, "", "rate_limited"),
        (429, HTML, "rate_limited"),
        (429, GOOD, "rate_limited"),
        (429, UNAUTHORIZED, "rate_limited"),
        (500, "", "server_error"),
        (503, GOOD, "server_error"),
        (502, HTML, "server_error"),
        (599, UNAUTHORIZED, "server_error"),
        (301, "", "redirect"),
        (302, HTML, "redirect"),
        (304, "", "redirect"),
        (307, GOOD, "redirect"),
        (200, HTML, "challenge"),
        (401, HTML, "challenge"),
        (403, HTML, "challenge"),
        (404, HTML, "challenge"),
        (400, HTML, "challenge"),
        (200, "\u{feff}\r\n <html>", "challenge"),
        (401, "", "unauthorized"),
        (401, UNAUTHORIZED, "unauthorized"),
        (401, GOOD, "unauthorized"),
        (403, UNAUTHORIZED, "forbidden"),
        (403, "no", "forbidden"),
        (404, NOT_FOUND, "not_found"),
        (404, "", "not_found"),
        (404, GOOD, "not_found"),
        (400, BUSINESS, "rejected"),
        (422, "", "rejected"),
        (204, "", "rejected"),
        (201, GOOD, "rejected"),
        (100, "", "rejected"),
        (600, "", "rejected"),
        (0, "", "rejected"),
        (200, "", "unauthorized"),
        (200, " \r\n\t ", "unauthorized"),
        (200, "\u{feff}", "unauthorized"),
        (200, "\u{feff} \n", "unauthorized"),
        (200, "ok", "unreadable"),
        (200, "null", "unreadable"),
        (200, "[]", "unreadable"),
        (200, "{}", "unreadable"),
        (200, "{]", "unreadable"),
        (200, UNAUTHORIZED, "unauthorized"),
        (200, NOT_FOUND, "not_found"),
        (200, BUSINESS, "rejected"),
    ] {
        let error = list(&answer(status, body)).unwrap_err();
        assert_eq!(error.code(), code, "{status} {body}: {error:?}");
    }
}

#[test]
fn html_is_known_by_its_declared_type_or_its_first_character() {
    let html_type = |value: &str| vec![("Content-Type".to_owned(), value.to_owned())];
    for (content_type, body, code) in [
        ("text/html", "Just a moment...", "challenge"),
        ("Text/HTML; charset=utf-8", "Attention Required", "challenge"),
        ("application/json", "<p>", "challenge"),
        ("text/html", "", "unauthorized"),
        ("text/html", UNAUTHORIZED, "unauthorized"),
        ("text/plain", "Just a moment...", "unreadable"),
    ] {
        let response = Response { headers: html_type(content_type), ..answer(200, body) };
        assert_eq!(list(&response).unwrap_err().code(), code, "{content_type} {body}");
    }
    let both = Response { headers: html_type("text/html"), ..answer(403, "Access denied") };
    assert_eq!(judge(&both), Err(Error::Challenge { status: 403 }));
}

#[test]
fn the_status_inside_a_200_means_what_it_means() {
    for (status, code, number) in [
        ("401", "unauthorized", None),
        ("\"401\"", "unauthorized", None),
        ("403", "forbidden", None),
        ("404", "not_found", None),
        ("400", "rejected", Some(400)),
        ("500", "rejected", Some(500)),
        ("\"500\"", "rejected", Some(500)),
        ("429", "rejected", Some(429)),
        ("0", "rejected", Some(200)),
        ("99999", "rejected", Some(200)),
        ("false", "rejected", Some(200)),
        ("\"error\"", "rejected", Some(200)),
    ] {
        let body = GOOD.replacen("\"status\":200", &format!("\"status\":{status}"), 1);
        let error = list(&answer(200, &body)).unwrap_err();
        assert_eq!(error.code(), code, "{status}");
        if let Error::Rejected { status: found, .. } = error {
            assert_eq!(Some(found), number, "{status}");
        }
    }
    for status in ["200", "\"200\"", "null"] {
        let body = GOOD.replacen("\"status\":200", &format!("\"status\":{status}"), 1);
        assert_eq!(list(&answer(200, &body)), Ok(1), "{status}");
    }
}

#[test]
fn success_false_or_an_error_beside_a_list_is_a_failure() {
    for (envelope, code) in [
        (r#""messages":{"success":false}"#, "rejected"),
        (r#""messages":{"success":"false"}"#, "rejected"),
        (r#""messages":{"success":0}"#, "rejected"),
        (r#""messages":{"success":"0"}"#, "rejected"),
        (r#""error":"Invalid since_id""#, "rejected"),
        (r#""error":401"#, "unauthorized"),
        (r#""error":"403""#, "forbidden"),
        (r#""error":404"#, "not_found"),
        (r#""error":400"#, "rejected"),
        (r#""error":true"#, "rejected"),
        (r#""status":200,"messages":{"success":false,"error":"no"}"#, "rejected"),
    ] {
        for rows in ["[]", r#"[{"id":"1"}]"#] {
            let body = format!(r#"{{{envelope},"transactions":{rows}}}"#);
            let error = list(&answer(200, &body)).unwrap_err();
            assert_eq!(error.code(), code, "{body}");
        }
    }
    for envelope in [
        r#""error":null"#,
        r#""error":"""#,
        r#""error":0"#,
        r#""error":false"#,
        r#""error":[]"#,
        r#""messages":[]"#,
        r#""messages":null"#,
        r#""messages":{}"#,
        r#""messages":{"success":true}"#,
        r#""messages":{"success":"true"}"#,
        r#""messages":{"success":1}"#,
        r#""x":1"#,
    ] {
        let body = format!(r#"{{{envelope},"transactions":[]}}"#);
        assert_eq!(list(&answer(200, &body)), Ok(0), "{body}");
    }
}

#[test]
fn a_missing_or_wrong_root_is_named() {
    let id = || RecordId::new("id", "1").unwrap();
    let (account, transaction) = (AccountDetails { id: id() }, TransactionDetails { id: id() });
    for wrong in ["", "null", "1", "\"\"", "true", "{}", "[]", "[1]", "-1", "1.5", "\"x\""] {
        let lists = [AccountList::default().parse(&root("bankaccounts", wrong)).err()];
        let lists = lists.into_iter().chain([list(&root("transactions", wrong)).err()]);
        for (error, at) in lists.zip(["bankaccounts", "transactions"]) {
            let at = if wrong == "[1]" { format!("{at}[0]") } else { at.to_owned() };
            assert_eq!(place(error.as_ref()), (wrong != "[]").then_some(at.as_str()), "{wrong}");
        }
        let error = account.parse(&root("bankaccount", wrong)).unwrap_err();
        let first = if wrong == "{}" { "bankaccount.id" } else { "bankaccount" };
        assert_eq!(place(Some(&error)), Some(first), "{wrong}");
        let error = transaction.parse(&root("transaction", wrong)).unwrap_err();
        let first = if wrong == "{}" { "transaction.amount_in" } else { "transaction" };
        assert_eq!(place(Some(&error)), Some(first), "{wrong}");
        let counts = [
            AccountCount::default().parse(&root("count_bankaccounts", wrong)),
            TransactionCount::default().parse(&root("count_transactions", wrong)),
        ];
        for (count, at) in counts.into_iter().zip(["count_bankaccounts", "count_transactions"]) {
            let expected = (wrong != "1").then_some(at);
            assert_eq!(place(count.err().as_ref()), expected, "{wrong}");
        }
    }
}

/// Which of two lists is meant, nobody can know; to take one would lose the rows of the other.
#[test]
fn a_root_that_is_there_twice_is_refused() {
    for body in [
        r#"{"transactions":[],"transactions":[]}"#,
        r#"{"transactions":[{"amount_in":"1.5"}],"transactions":[]}"#,
        r#"{"transactions":[],"\u0074ransactions":[]}"#,
    ] {
        let error = list(&answer(200, body)).unwrap_err();
        assert_eq!(error.to_string(), "transactions: expected this key once", "{body}");
    }
}

#[test]
fn a_list_under_another_endpoints_root_is_not_taken() {
    let error = AccountList::default().parse(&answer(200, GOOD)).unwrap_err();
    assert_eq!(place(Some(&error)), Some("bankaccounts"));
    let detail = TransactionDetails { id: RecordId::new("id", "1").unwrap() };
    assert_eq!(place(detail.parse(&answer(200, GOOD)).err().as_ref()), Some("transaction"));
}

#[test]
fn a_row_that_is_no_object_is_named_by_its_index() {
    for row in ["null", "[]", "\"x\"", "1", "true"] {
        let body = GOOD.replacen("\"transactions\":[", &format!("\"transactions\":[{row},"), 1);
        let error = list(&answer(200, &body)).unwrap_err();
        assert_eq!(place(Some(&error)), Some("transactions[0]"), "{row}");
    }
}

#[test]
fn a_field_that_cannot_be_read_is_named_and_never_repeated() {
    for (field, wire) in [
        ("amount_in", "\"CANARY\""),
        ("amount_in", "\"7391.50\""),
        ("amount_in", "7391.000001"),
        ("amount_in", "7391e-2"),
        ("amount_in", "\"9007199254740992\""),
        ("amount_in", "73910000000000000000000000"),
        ("amount_in", "-7391"),
        ("amount_in", "\"\""),
        ("amount_in", "\"7,391\""),
        ("amount_in", "\"7391 VND\""),
        ("amount_in", "[7391]"),
        ("amount_in", "true"),
        ("amount_out", "\"-7391.00\""),
        ("amount_out", "{\"CANARY\":7391}"),
        ("accumulated", "\"7391.01\""),
        ("accumulated", "\"CANARY\""),
        ("id", "null"),
        ("id", "\"\""),
        ("id", "[\"CANARY\"]"),
        ("bank_account_id", "null"),
        ("account_number", "null"),
        ("account_number", "{\"CANARY\":1}"),
        ("transaction_date", "null"),
        ("transaction_date", "\"2026-02-30 07:39:01\""),
        ("transaction_date", "\"CANARY\""),
        ("transaction_date", "1775092509"),
        ("transaction_date", "\"0000-00-00 00:00:00\""),
        ("transaction_content", "[\"CANARY\"]"),
        ("transaction_content", "\"CANARY \\ud83c\""),
        ("reference_number", "{\"CANARY\":1}"),
        ("code", "true"),
        ("sub_account", "[\"CANARY\"]"),
        ("bank_brand_name", "[\"CANARY\"]"),
    ] {
        let body = changed(field, wire);
        assert!(body.contains(wire), "{field}");
        let error = list(&answer(200, &body)).unwrap_err();
        assert_eq!(
            place(Some(&error)),
            Some(format!("transactions[0].{field}").as_str()),
            "{wire}"
        );
        assert_silent(&error);
    }
}

#[test]
fn an_account_field_that_cannot_be_read_is_named_and_never_repeated() {
    for (field, wire) in [
        ("accumulated", "\"7391.50\""),
        ("account_holder_name", "[\"CANARY\"]"),
        ("account_number", "[\"7391\"]"),
        ("active", "\"CANARY\""),
        ("active", "2"),
        ("label", "{\"CANARY\":1}"),
        ("last_transaction", "\"CANARY\""),
        ("last_transaction_date", "\"2026-04-02\""),
        ("created_at", "\"7391\""),
        ("bank_bin", "true"),
        ("bank_short_name", "[7391]"),
    ] {
        let rest = ["id", "account_number"].into_iter().filter(|name| *name != field);
        let rest = rest.map(|name| format!("\"{name}\":\"1\",")).collect::<String>();
        let rows = format!("[{{{rest}\"{field}\":{wire}}}]");
        let error = AccountList::default().parse(&root("bankaccounts", &rows)).unwrap_err();
        assert_eq!(place(Some(&error)), Some(format!("bankaccounts[0].{field}").as_str()));
        assert_silent(&error);
    }
}

#[test]
fn a_required_field_that_is_absent_is_named() {
    let optional =
        ["accumulated", "transaction_content", "reference_number", "code", "sub_account"];
    for field in FIELDS {
        let body = many(1).replacen(&format!("\"{field}\":"), "\"other\":", 1);
        let result = list(&answer(200, &body));
        if optional.contains(field) || *field == "bank_brand_name" {
            assert_eq!(result, Ok(1), "{field}");
        } else {
            let at = format!("transactions[0].{field}");
            assert_eq!(place(result.err().as_ref()), Some(at.as_str()));
        }
    }
}

#[test]
fn one_bad_row_among_five_thousand_is_an_error_that_names_it() {
    let good = many(5_000);
    assert_eq!(list(&answer(200, &good)), Ok(5_000));
    for index in [0, 3, 4_999] {
        let place_of_row = good.match_indices("\"amount_in\":\"1\"").nth(index).unwrap().0;
        let (before, after) = good.split_at(place_of_row);
        let body = format!("{before}{}", after.replacen("\"1\"", "\"7391.50\"", 1));
        let error = list(&answer(200, &body)).unwrap_err();
        assert_eq!(error.to_string(), {
            format!("transactions[{index}].amount_in: expected whole VND, found a fraction")
        });
    }
}

#[test]
fn an_answer_cut_at_any_byte_is_an_error() {
    let id = || RecordId::new("id", "1").unwrap();
    for body in [
        include_bytes!("fixtures/quick_start_transactions.json").as_slice(),
        include_bytes!("fixtures/transactions_variants.json"),
        include_bytes!("fixtures/transactions_none.json"),
        include_bytes!("fixtures/bom_transactions.json"),
    ] {
        assert_no_cut_is_good(&TransactionList::default(), body);
    }
    for body in [
        include_bytes!("fixtures/page_account_list.json").as_slice(),
        include_bytes!("fixtures/accounts_variants.json"),
    ] {
        assert_no_cut_is_good(&AccountList::default(), body);
    }
    let details = include_bytes!("fixtures/page_account_details.json");
    assert_no_cut_is_good(&AccountDetails { id: id() }, details);
    let details = include_bytes!("fixtures/reference_transaction_details.json");
    assert_no_cut_is_good(&TransactionDetails { id: id() }, details);
    let count = include_bytes!("fixtures/page_account_count.json");
    assert_no_cut_is_good(&AccountCount::default(), count);
}

#[test]
fn a_cut_answer_says_so() {
    let error = list(&answer(200, GOOD.get(..200).unwrap())).unwrap_err();
    assert_eq!(error.to_string(), "body: expected a whole JSON object, found it cut");
}

#[test]
fn bytes_that_are_no_utf8_are_unreadable() {
    let response = Response { body: INVALID_UTF8.to_vec(), ..answer(200, "") };
    let error = list(&response).unwrap_err();
    assert_eq!(error.to_string(), "body: expected UTF-8, found other bytes");
}

#[test]
fn text_after_the_answer_is_unreadable() {
    let error = list(&answer(200, &format!("{GOOD}<br>Warning"))).unwrap_err();
    assert_eq!((error.code(), place(Some(&error))), ("unreadable", Some("body")));
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let (open, close) = ("[".repeat(200_000), "]".repeat(200_000));
    for body in [
        format!(r#"{{"x":{open}{close},"transactions":[]}}"#),
        format!(r#"{{"messages":{open}{close},"transactions":[]}}"#),
        format!(r#"{{"transactions":{open}{close}}}"#),
        format!(r#"{{"transactions":{open}"#),
        open,
    ] {
        let _result = list(&answer(200, &body));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_at_any_status_are_an_error(
        status in prop_oneof![sample::select(vec![200, 401, 403, 404, 429, 500]), any::<u16>()],
        body in vec(any::<u8>(), 0..200),
    ) {
        let response = Response { status, headers: Vec::new(), body };
        prop_assert!(list(&response).is_err());
    }

    #[test]
    fn an_answer_with_one_byte_changed_never_panics(at in 0..GOOD.len(), byte in any::<u8>()) {
        let mut response = answer(200, GOOD);
        response.body[at] = byte;
        let _result = list(&response);
    }
}

const FIELDS: &[&str] = &[
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
];

#[test]
fn an_error_of_any_kind_beside_an_empty_list_is_a_failure() {
    let judged = |error: &str| {
        let body = format!(r#"{{"status":200,"error":{error},"transactions":[]}}"#);
        TransactionList::default().parse(&answer(200, &body)).map(|list| list.rows.len())
    };
    for nothing in ["null", "\"\"", "[]", "{ }", "0", "false", "200"] {
        assert_eq!(judged(nothing), Ok(0), "{nothing}");
    }
    for something in ["[\"limit\"]", "{\"limit\":\"too large\"}", "true", "1", "\"no\""] {
        assert!(matches!(judged(something), Err(Error::Rejected { .. })), "{something}");
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

/// A good envelope with this under the root key; nothing leaves the key out.
fn root(key: &str, value: &str) -> Response {
    let root = if value.is_empty() { String::new() } else { format!(r#","{key}":{value}"#) };
    answer(200, &format!(r#"{{"status":200,"error":null,"messages":{{"success":true}}{root}}}"#))
}

fn list(response: &Response) -> Result<usize, Error> {
    TransactionList::default().parse(response).map(|list| list.rows.len())
}

fn many(rows: usize) -> String {
    let field = |name: &&str| match *name {
        "transaction_date" => format!("\"{name}\":\"2026-04-02 08:15:09\""),
        _ => format!("\"{name}\":\"1\""),
    };
    let row = format!("{{{}}}", FIELDS.iter().map(field).collect::<Vec<_>>().join(","));
    format!(r#"{{"status":200,"transactions":[{}]}}"#, vec![row; rows].join(","))
}

/// One row, good but for one field.
fn changed(field: &str, wire: &str) -> String {
    let good = if field == "transaction_date" { "2026-04-02 08:15:09" } else { "1" };
    many(1).replacen(&format!("\"{field}\":\"{good}\""), &format!("\"{field}\":{wire}"), 1)
}

/// Where an unreadable answer is unreadable.
fn place(error: Option<&Error>) -> Option<&str> {
    match error? {
        Error::Unreadable { at, .. } => Some(at),
        _ => Some("another error"),
    }
}

fn assert_silent(error: &Error) {
    let shown = format!("{error} {error:?}");
    for secret in ["CANARY", "7391", "7,391", "9007199254740992", "07:39:01", "1775092509"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn assert_no_cut_is_good<E: Endpoint>(question: &E, body: &[u8]) {
    let whole = Response { status: 200, headers: Vec::new(), body: body.to_vec() };
    assert!(question.parse(&whole).is_ok(), "the whole answer is good");
    for length in 0..body.len() {
        let cut = Response { body: body.split_at(length).0.to_vec(), ..whole.clone() };
        assert!(question.parse(&cut).is_err(), "cut to {length} bytes");
    }
}
