//! What an error tells: its stable code, whether and when to ask again, SePay's words, and nothing that is secret.

#![allow(clippy::expect_used, reason = "a helper that fails fails its test")]

use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{option, prop_assert};
use sepay::{Endpoint, Error, Response, TransactionList};

#[test]
fn codes_and_texts_are_pinned() {
    for (error, code, text) in [
        (invalid(), "invalid_parameter", "limit: expected 1"),
        (Error::Connection, "connection", "no connection to SePay"),
        (Error::Timeout { after_ms: 80 }, "timeout", "no answer from SePay within 80 ms"),
        (
            Error::TooLarge { limit_bytes: 1_024 },
            "too_large",
            "SePay's answer is larger than 1024 bytes",
        ),
        (
            Error::Unauthorized { message: words() },
            "unauthorized",
            "SePay did not accept the API token",
        ),
        (Error::Forbidden { message: words() }, "forbidden", "SePay refused access"),
        (Error::NotFound { message: words() }, "not_found", "SePay has no such record"),
        (RATE_LIMITED, "rate_limited", "SePay's rate limit is exceeded"),
        (
            Error::Server { status: 503, retry_after_ms: None },
            "server_error",
            "SePay failed with status 503",
        ),
        (
            Error::Redirect { status: 302 },
            "redirect",
            "SePay answered with a redirect, status 302, which is not followed",
        ),
        (
            Error::Challenge { status: 403 },
            "challenge",
            "an HTML page came instead of SePay's answer, status 403",
        ),
        (
            Error::Rejected { status: 400, message: words() },
            "rejected",
            "SePay rejected the question, status 400",
        ),
        (unreadable(), "unreadable", "body: expected JSON"),
    ] {
        assert_eq!((error.code(), error.to_string().as_str()), (code, text));
    }
}

#[test]
fn asking_again_helps_only_when_nobody_said_no() {
    for error in [
        Error::Connection,
        Error::Timeout { after_ms: 1 },
        RATE_LIMITED,
        Error::Server { status: 500, retry_after_ms: None },
    ] {
        assert!(error.is_retryable(), "{error}");
        let named_ms = if error == RATE_LIMITED { Some(1_000) } else { None };
        assert_eq!(error.retry_after_ms(), named_ms, "{error}");
        assert_eq!(error.message(), None);
    }
    for error in [
        invalid(),
        unreadable(),
        Error::TooLarge { limit_bytes: 1 },
        Error::Redirect { status: 302 },
        Error::Challenge { status: 200 },
    ] {
        assert!(!error.is_retryable(), "{error}");
        assert_eq!((error.retry_after_ms(), error.message()), (None, None), "{error}");
    }
    for error in [
        Error::Unauthorized { message: words() },
        Error::Forbidden { message: words() },
        Error::NotFound { message: words() },
        Error::Rejected { status: 400, message: words() },
    ] {
        assert!(!error.is_retryable(), "{error}");
        assert_eq!((error.retry_after_ms(), error.message()), (None, Some("CANARY")), "{error}");
    }
}

#[test]
fn the_errors_of_answers_carry_their_status() {
    for (status, error) in [
        (500, Error::Server { status: 500, retry_after_ms: None }),
        (599, Error::Server { status: 599, retry_after_ms: None }),
        (300, Error::Redirect { status: 300 }),
        (399, Error::Redirect { status: 399 }),
        (429, Error::RateLimited { retry_after_ms: None }),
        (400, Error::Rejected { status: 400, message: None }),
        (600, Error::Rejected { status: 600, message: None }),
        (401, Error::Unauthorized { message: None }),
        (403, Error::Forbidden { message: None }),
        (404, Error::NotFound { message: None }),
    ] {
        assert_eq!(failure(status, &[], ""), error);
    }
    assert_eq!(failure(403, &[], "<html>"), Error::Challenge { status: 403 });
}

/// The first header is SePay's own (all pages agree, in seconds), the second HTTP's.
#[test]
fn a_429_and_a_5xx_name_when_to_ask_again() {
    let own = "x-sepay-userapi-retry-after";
    let day_ms = 86_400_000;
    for (headers, retry_after_ms) in [
        (vec![], None),
        (vec![(own, "1")], Some(1_000)),
        (vec![("X-SePay-UserAPI-Retry-After", "2")], Some(2_000)),
        (vec![("Retry-After", "3")], Some(3_000)),
        (vec![("retry-after", " 3 ")], Some(3_000)),
        (vec![("retry-after", "9"), (own, "1")], Some(1_000)),
        (vec![(own, "0")], Some(0)),
        (vec![(own, "0.5")], Some(500)),
        (vec![(own, "1.25")], Some(1_250)),
        (vec![(own, "1.0001")], Some(1_001)),
        (vec![(own, "0.9999")], Some(1_000)),
        (vec![(own, "007")], Some(7_000)),
        (vec![(own, "3600")], Some(3_600_000)),
        (vec![(own, "86401")], Some(day_ms)),
        (vec![(own, "99999999999999999999999999")], Some(day_ms)),
        (vec![(own, "18446744073709551615")], Some(day_ms)),
        (vec![(own, "-1")], None),
        (vec![(own, "")], None),
        (vec![(own, "soon")], None),
        (vec![(own, "NaN")], None),
        (vec![(own, "1e3")], None),
        (vec![(own, "١")], None),
        (vec![(own, "Wed, 21 Oct 2026 07:28:00 GMT")], None),
        (vec![(own, "-1"), ("retry-after", "4")], Some(4_000)),
        (vec![(own, "soon"), ("retry-after", "0.1")], Some(100)),
        (vec![("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")], None),
    ] {
        let error = failure(429, &headers, "");
        assert_eq!(error, Error::RateLimited { retry_after_ms }, "{headers:?}");
        assert_eq!(error.retry_after_ms(), retry_after_ms);
    }
    let busy = failure(503, &[("retry-after", "9"), (own, "1")], "");
    assert_eq!(busy.retry_after_ms(), Some(1_000));
    let elsewhere = failure(404, &[(own, "1"), ("retry-after", "1")], "");
    assert_eq!(elsewhere.retry_after_ms(), None);
}

#[test]
fn sepays_words_are_kept_wherever_it_puts_them() {
    for (status, body, words) in [
        (401, include_str!("fixtures/error_unauthorized.json"), Some("Token không hợp lệ")),
        (200, include_str!("fixtures/error_unauthorized.json"), Some("Token không hợp lệ")),
        (404, include_str!("fixtures/error_not_found.json"), Some("Bank account not found")),
        (200, include_str!("fixtures/error_not_found.json"), Some("Bank account not found")),
        (400, include_str!("fixtures/error_business.json"), Some("Invalid since_id")),
        (200, include_str!("fixtures/error_business.json"), Some("Invalid since_id")),
        (403, r#"{"messages":{"message":"IP not allowed"}}"#, Some("IP not allowed")),
        (403, r#"{"messages":"IP not allowed"}"#, Some("IP not allowed")),
        (403, r#"{"message":"IP not allowed"}"#, Some("IP not allowed")),
        (403, r#"{"error":"IP\nnot\u0000allowed "}"#, Some("IP not allowed")),
        (403, r#"{"error":null,"messages":{}}"#, None),
        (403, r#"{"error":" "}"#, None),
        (403, "IP not allowed", None),
        (403, "", None),
    ] {
        let error = failure(status, &[], body);
        assert_eq!(error.message(), words, "{body}");
        assert!(words.is_none_or(|words| !error.to_string().contains(words)), "{error}");
    }
}

#[test]
fn sepays_words_are_bounded() {
    let long = "ệ".repeat(10_000);
    let error = failure(400, &[], &format!(r#"{{"error":"{long}"}}"#));
    assert_eq!(error.message().map(|words| words.chars().count()), Some(500));
}

#[test]
fn no_error_of_an_answer_repeats_its_body_or_headers() {
    let secrets = "CANARY 7391 0071000888888 NGUYEN";
    for status in [200, 302, 401, 403, 404, 429, 500] {
        for body in [
            secrets.to_owned(),
            format!("<html>{secrets}"),
            format!("{{\"transactions\":[{{\"{secrets}\":\"{secrets}\"}}]}}"),
            format!("{{\"transactions\":\"{secrets}\"}}"),
            format!("{{\"{secrets}\":1"),
            format!("{{\"transactions\":[{secrets}]}}"),
            format!(r#"{{"transactions":[{{"id":"{secrets}","id":"{secrets}"}}]}}"#),
        ] {
            let headers = [("location", secrets), ("retry-after", secrets), ("x", secrets)];
            let error = failure(status, &headers, &body);
            let shown = format!("{error} {error:?} {}", error.code());
            for secret in secrets.split(' ') {
                assert!(!shown.contains(secret), "{status} {body}: {shown}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_retry_time_is_at_most_a_day(own in option::of(any::<String>()), other in "[0-9.]{0,30}") {
        let own = own.as_deref().map(|own| ("x-sepay-userapi-retry-after", own));
        let headers: Vec<_> = own.into_iter().chain([("retry-after", other.as_str())]).collect();
        let named_ms = failure(429, &headers, "").retry_after_ms();
        prop_assert!(named_ms.is_none_or(|named_ms| named_ms <= 86_400_000));
    }
}

const RATE_LIMITED: Error = Error::RateLimited { retry_after_ms: Some(1_000) };

fn invalid() -> Error {
    Error::InvalidParameter { parameter: "limit".into(), reason: "expected 1".to_owned() }
}

fn unreadable() -> Error {
    Error::Unreadable { at: "body".to_owned(), reason: "expected JSON".to_owned() }
}

fn words() -> Option<String> {
    Some("CANARY".to_owned())
}

fn failure(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let response = Response { status, headers: headers.collect(), body: body.as_bytes().to_vec() };
    TransactionList::default().parse(&response).expect_err("a failure")
}
