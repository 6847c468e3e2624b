//! How an answer or a failure is judged: what is kept, what may pass, what will not.

use sepay::Response;
use sepay_worker::gate::Refusal;
use sepay_worker::gate::event::Verdict;

use super::deed::target;

const RECORD: &[u8] = include_bytes!("../../../tests/fixtures/reference_transaction_details.json");
const LIST: &[u8] = include_bytes!("../../../tests/fixtures/reference_transactions.json");
const NOT_FOUND: &[u8] = include_bytes!("../../../tests/fixtures/error_not_found.json");
const HTML: &[u8] = include_bytes!("../../../tests/fixtures/challenge.html");

fn of(question: &str, status: u16, body: &[u8]) -> Verdict {
    Verdict::of(&target(question), &Response { status, headers: Vec::new(), body: body.to_vec() })
}

#[test]
fn a_429_names_its_time() {
    let limited = Response {
        status: 429,
        headers: vec![("X-SePay-UserAPI-Retry-After".to_owned(), "2".to_owned())],
        body: Vec::new(),
    };
    let named = Verdict::RateLimited { retry_after_ms: Some(2_000) };
    assert_eq!(Verdict::of(&target("q1"), &limited), named);
    assert_eq!(of("q1", 429, b"{}"), Verdict::RateLimited { retry_after_ms: None });
}

#[test]
fn what_may_pass_is_told_from_what_will_not() {
    for status in [500, 502, 503, 504] {
        assert_eq!(of("q1", status, HTML), Verdict::Passing, "{status}");
    }
    for (status, body) in [(200, b"".as_slice()), (200, HTML), (302, b""), (401, b""), (403, b"{}")]
    {
        assert_eq!(of("q1", status, body), Verdict::Failed, "{status}");
        assert_eq!(of("r1", status, body), Verdict::Failed, "{status}");
    }
    assert_eq!(Verdict::of_refusal(&Refusal::Connection), Verdict::Passing);
    assert_eq!(Verdict::of_refusal(&Refusal::Timeout { after_ms: 8_000 }), Verdict::Silent);
    for refusal in [Refusal::TooLarge { limit_bytes: 1 }, Refusal::Leak, Refusal::NoToken] {
        assert_eq!(Verdict::of_refusal(&refusal), Verdict::Failed, "{refusal:?}");
    }
}

#[test]
fn no_such_record_is_an_answer() {
    assert_eq!(of("r1", 404, NOT_FOUND), Verdict::Missing);
    assert_eq!(of("q1", 404, b"{}"), Verdict::Missing);
}

#[test]
fn a_list_is_good_by_its_envelope_and_a_record_by_itself() {
    assert_eq!(of("q1", 200, LIST), Verdict::Good);
    assert_eq!(of("r92704", 200, RECORD), Verdict::Good);
    assert_eq!(of("r92704", 200, LIST), Verdict::Failed, "what is kept for long has to be one");
}
