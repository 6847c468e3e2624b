//! How SePay's failures reach a caller: as problems in our form, as SePay's own status and bytes on a drop-in route.
//!
//! A failure is never an empty list and never half a sum; a page, a redirect and a cut answer never pass (design,
//! sections 3 and 7).

#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]

#[path = "world/sepay.rs"]
mod world;

use proptest::prelude::{ProptestConfig, any, proptest};
use sepay::{Error, Response};
use sepay_worker::answer::{Body, NoBody, answer};
use sepay_worker::auth::Caller;
use sepay_worker::view::plan;
use world::{Account, NOW_MS, QUESTIONS, Sepay, Transaction, caller, question, response};

const UNAUTHORIZED: &[u8] = include_bytes!("../../tests/fixtures/error_unauthorized.json");
const NOT_FOUND: &[u8] = include_bytes!("../../tests/fixtures/error_not_found.json");
const BUSINESS: &[u8] = include_bytes!("../../tests/fixtures/error_business.json");
const HTML: &[u8] = include_bytes!("../../tests/fixtures/challenge.html");
const INVALID_UTF8: &[u8] = include_bytes!("../../tests/fixtures/invalid_utf8.txt");

const BOTH_SCOPES: &str = r#""scopes":["accounts:read","transactions:read"]"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_that_was_cut_anywhere_is_never_passed_on(cut in any::<proptest::sample::Index>()) {
        for ([ours, theirs], who) in every_question_by_every_caller() {
            let whole = sepay().get(&theirs_asked(theirs, &who)).body;
            let cut = whole.get(..cut.index(whole.len()).max(1)).expect("a part");
            for path in [ours, theirs] {
                let got = outcome(path, &who, &response(200, cut));
                assert!(matches!(got, Err(NoBody::Upstream(Error::Unreadable { .. }))), "{path} {got:?}");
            }
        }
    }

    #[test]
    fn no_status_and_no_bytes_whatever_make_an_empty_list(status in 100_u16..700, body in any::<Vec<u8>>()) {
        for ([ours, theirs], who) in every_question_by_every_caller() {
            let got = outcome(ours, &who, &response(status, &body));
            assert!(got.is_err(), "{ours}: {got:?}");
            if let Ok(body) = outcome(theirs, &who, &response(status, &body)) {
                assert_eq!(body.status, status, "{theirs}: SePay's own");
            }
        }
    }
}

#[test]
fn a_failure_in_our_form_is_an_error_with_its_reason() {
    let limited = || Error::RateLimited { retry_after_ms: Some(2_000) };
    let words = |text: &str| Some(text.to_owned());
    for (status, body, expected) in [
        (401, UNAUTHORIZED, Error::Unauthorized { message: words("Token không hợp lệ") }),
        (401, b"".as_slice(), Error::Unauthorized { message: None }),
        (200, b"", Error::Unauthorized { message: None }),
        (200, b" \r\n", Error::Unauthorized { message: None }),
        (200, UNAUTHORIZED, Error::Unauthorized { message: words("Token không hợp lệ") }),
        (403, b"", Error::Forbidden { message: None }),
        (429, UNAUTHORIZED, limited()),
        (429, HTML, limited()),
        (500, b"", Error::Server { status: 500, retry_after_ms: None }),
        (503, HTML, Error::Server { status: 503, retry_after_ms: None }),
        (302, b"", Error::Redirect { status: 302 }),
        (307, BUSINESS, Error::Redirect { status: 307 }),
        (200, HTML, Error::Challenge { status: 200 }),
        (403, HTML, Error::Challenge { status: 403 }),
        (200, BUSINESS, Error::Rejected { status: 400, message: words("Invalid since_id") }),
        (400, BUSINESS, Error::Rejected { status: 400, message: words("Invalid since_id") }),
    ] {
        for ([path, _], who) in every_question_by_every_caller() {
            let got = outcome(path, &who, &failing(status, body));
            assert_eq!(got, Err(NoBody::Upstream(expected.clone())), "{path} {status}");
        }
    }
    for body in [b"[]".as_slice(), b"null", b"{}", b"{\"status\":200}", b"oops", INVALID_UTF8] {
        for ([path, _], who) in every_question_by_every_caller() {
            let got = outcome(path, &who, &failing(200, body));
            assert!(
                matches!(got, Err(NoBody::Upstream(Error::Unreadable { .. }))),
                "{path} {got:?}"
            );
        }
    }
}

#[test]
fn a_failure_on_a_drop_in_route_is_sepays_own_status_and_bytes_for_everybody() {
    for (status, body) in [
        (401, UNAUTHORIZED),
        (401, b"".as_slice()),
        (200, b""),
        (200, b" \r\n"),
        (403, UNAUTHORIZED),
        (429, UNAUTHORIZED),
        (429, b""),
        (500, BUSINESS),
        (503, b""),
        (400, BUSINESS),
    ] {
        for ([_, path], who) in every_question_by_every_caller() {
            let retry_after_ms = (status == 429).then_some(2_000);
            let expected = Body { status, bytes: body.to_vec(), retry_after_ms };
            assert_eq!(
                outcome(path, &who, &failing(status, body)),
                Ok(expected),
                "{path} {status}"
            );
        }
    }
}

#[test]
fn a_page_a_redirect_and_a_broken_answer_pass_on_no_route() {
    for (status, body, code) in [
        (200, HTML, "challenge"),
        (401, HTML, "challenge"),
        (404, HTML, "challenge"),
        (500, HTML, "server_error"),
        (429, HTML, "rate_limited"),
        (301, b"".as_slice(), "redirect"),
        (302, BUSINESS, "redirect"),
        (304, b"", "redirect"),
        (200, b"{\"status\":200", "unreadable"),
        (200, b"Service is being maintained", "unreadable"),
        (401, b"no", "unauthorized"),
        (500, b"{\"status\":", "server_error"),
    ] {
        for (paths, who) in every_question_by_every_caller() {
            for path in paths {
                let got = outcome(path, &who, &failing(status, body));
                let Err(NoBody::Upstream(error)) = got else { panic!("{path} {status}: {got:?}") };
                assert_eq!(error.code(), code, "{path} {status}");
            }
        }
    }
}

#[test]
fn what_says_that_it_is_a_page_passes_on_no_route_even_if_it_is_json() {
    let headers = vec![("Content-Type".to_owned(), "text/html; charset=utf-8".to_owned())];
    let page = Response { status: 200, headers, body: b"\"Checking your browser\"".to_vec() };
    for (paths, who) in every_question_by_every_caller() {
        for path in paths {
            let got = outcome(path, &who, &page);
            assert_eq!(got, Err(NoBody::Upstream(Error::Challenge { status: 200 })), "{path}");
        }
    }
}

#[test]
fn what_does_not_exist_is_sepays_404_to_who_may_see_all_and_not_yours_to_others() {
    let all = caller(BOTH_SCOPES);
    let limited = caller(&format!(r#"{BOTH_SCOPES},"accounts":["1"]"#));
    for [ours, theirs] in [QUESTIONS[1], QUESTIONS[4]] {
        let message = Some("Bank account not found".to_owned());
        let not_found = Err(NoBody::Upstream(Error::NotFound { message }));
        for status in [404, 200] {
            assert_eq!(outcome(ours, &all, &response(status, NOT_FOUND)), not_found);
            let own = Body { status, bytes: NOT_FOUND.to_vec(), retry_after_ms: None };
            assert_eq!(outcome(theirs, &all, &response(status, NOT_FOUND)), Ok(own));
            for path in [ours, theirs] {
                let got = outcome(path, &limited, &response(status, NOT_FOUND));
                assert_eq!(got, Err(NoBody::NotYours), "{path}");
            }
        }
    }
}

/// A row that cannot be read must not be passed on as bytes either: whose it is cannot be told.
#[test]
fn a_limited_caller_gets_nothing_of_an_answer_whose_rows_cannot_be_read() {
    let limited = caller(&format!(r#"{BOTH_SCOPES},"accounts":["1","2"]"#));
    for [_, theirs] in [QUESTIONS[0], QUESTIONS[1], QUESTIONS[3], QUESTIONS[4]] {
        let good = String::from_utf8(sepay().get(theirs).body).expect("UTF-8");
        for (from, to) in [
            ("\"account_number\":\"1\"", "\"account_number\":null"),
            ("\"account_number\":\"1\"", "\"account_number\":\"1\",\"account_number\":\"1\""),
            ("\"accumulated\":\"0.00\"", "\"accumulated\":\"0.50\""),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good);
            let got = outcome(theirs, &limited, &response(200, bad.as_bytes()));
            assert!(
                matches!(got, Err(NoBody::Upstream(Error::Unreadable { .. }))),
                "{theirs} {got:?}"
            );
        }
    }
}

/// SePay answers with 200; a proxy may turn that into 203, with every account's rows in it.
#[test]
fn a_limited_caller_gets_no_bytes_of_another_success() {
    let limited = caller(&format!(r#"{BOTH_SCOPES},"accounts":["2","3"]"#));
    for status in [201, 203, 206] {
        for paths in QUESTIONS {
            for path in paths {
                let whole = sepay().get(paths[1]).body;
                let got = outcome(path, &limited, &response(status, &whole));
                let Err(NoBody::Upstream(error)) = got else { panic!("{path} {status}: {got:?}") };
                assert_eq!(error.code(), "rejected");
            }
        }
    }
}

/// SePay's pages say that its filter is exact; a limited key must not depend on it.
#[test]
fn a_row_of_an_account_that_was_not_asked_for_reaches_no_limited_caller() {
    let foreign = Transaction::new(7, "0071000888888", "2026-04-02 08:15:09");
    let sepay = Sepay { transactions: vec![foreign], ..sepay() };
    let whole = sepay.get("/userapi/transactions/list");
    for accounts in [r#"["1"]"#, r#"["1","2"]"#] {
        let limited = caller(&format!(r#"{BOTH_SCOPES},"accounts":{accounts}"#));
        for path in QUESTIONS[3] {
            let named = if path.starts_with("/api") { "account=1" } else { "account_number=1" };
            for query in ["", named] {
                let (question, form) = question(path, query);
                let plan = plan(question, &limited, NOW_MS).expect("allowed");
                let answers = vec![whole.clone(); plan.questions().len()];
                if let Ok(body) = answer(&plan, form, &answers) {
                    let text = String::from_utf8(body.bytes).expect("UTF-8");
                    assert!(!text.contains("0071000888888"), "{path}?{query}: {text}");
                }
            }
        }
    }
}

/// What nobody has looked at: records beside an error, and records beside those that were asked for.
#[test]
fn records_in_a_place_where_none_are_expected_reach_no_limited_caller() {
    let foreign = r#"[{"id":"7","account_number":"0071000888888","accumulated":"1.00"}]"#;
    for limits in [r#""accounts":["1"]"#, r#""accounts":["1","2"]"#, r#""from":"3650d""#] {
        let limited = caller(&format!("{BOTH_SCOPES},{limits}"));
        for [_, path] in QUESTIONS {
            let (question, form) = question(path, "");
            let plan = plan(question, &limited, NOW_MS).expect("allowed");
            for root in ["transactions", "transaction", "bankaccounts", "bankaccount"] {
                for status in [200, 400, 500] {
                    let more = format!(r#","{root}":{foreign},"messages":"#);
                    let answers = plan.questions().into_iter().map(|question| {
                        let good = sepay().get(question.target().as_str());
                        let text = String::from_utf8(good.body).expect("UTF-8");
                        let text = text.replacen(r#","messages":"#, &more, 1);
                        assert!(text.contains("0071000888888"), "{text}");
                        Response { status, body: text.into_bytes(), ..good }
                    });
                    // Who is limited in time sees every account.
                    let is_open = limits.contains("from") && path.contains("bankaccounts");
                    if let Ok(body) = answer(&plan, form, &answers.collect::<Vec<_>>()) {
                        let text = String::from_utf8(body.bytes).expect("UTF-8");
                        let is_told = text.contains("0071000888888");
                        assert!(is_open || !is_told, "{limits} {path} {root} {status}: {text}");
                    }
                }
            }
        }
    }
}

#[test]
fn one_failure_among_several_answers_fails_the_whole() {
    let two = caller(&format!(r#"{BOTH_SCOPES},"accounts":["1","2"]"#));
    for [ours, theirs] in [QUESTIONS[3], QUESTIONS[5]] {
        for order in [[0, 1], [1, 0]] {
            let plan = |path| plan(question(path, "").0, &two, NOW_MS).expect("allowed");
            let good = sepay().get(plan(ours).questions()[0].target().as_str());
            let both = [good, failing(401, UNAUTHORIZED)];
            let answers = order.map(|index: usize| both[index].clone());
            let got = answer(&plan(ours), question(ours, "").1, &answers);
            assert!(matches!(got, Err(NoBody::Upstream(Error::Unauthorized { .. }))), "{ours}");
            let got = answer(&plan(theirs), question(theirs, "").1, &answers);
            assert_eq!(got.map(|body| (body.status, body.bytes)), Ok((401, UNAUTHORIZED.to_vec())));
        }
    }
}

fn every_question_by_every_caller() -> Vec<([&'static str; 2], Caller)> {
    let limits = ["", r#","accounts":["1"]"#, r#","accounts":["1","2"]"#];
    let callers = limits.map(|limit| caller(&format!("{BOTH_SCOPES}{limit}")));
    QUESTIONS.iter().flat_map(|paths| callers.clone().map(|who| (*paths, who))).collect()
}

/// What comes of a question when SePay gives this to everything it is asked.
fn outcome(path: &str, who: &Caller, response: &Response) -> Result<Body, NoBody> {
    let (question, form) = question(path, "");
    let plan = plan(question, who, NOW_MS).expect("allowed");
    let responses: Vec<Response> = plan.questions().iter().map(|_| response.clone()).collect();
    answer(&plan, form, &responses)
}

/// The first target that SePay is asked with.
fn theirs_asked(path: &str, who: &Caller) -> String {
    world::targets(path, "", who).remove(0)
}

fn failing(status: u16, body: &[u8]) -> Response {
    let headers = match status {
        429 => vec![
            ("retry-after".to_owned(), "9".to_owned()),
            ("x-sepay-userapi-retry-after".to_owned(), "2".to_owned()),
        ],
        _ => vec![("content-type".to_owned(), "application/json".to_owned())],
    };
    Response { status, headers, body: body.to_vec() }
}

fn sepay() -> Sepay {
    Sepay {
        accounts: vec![Account::new(1, "1", "ACB")],
        transactions: vec![Transaction::new(1, "1", "2026-04-02 08:15:09")],
        ..Sepay::default()
    }
}
