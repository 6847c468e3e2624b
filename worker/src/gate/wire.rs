//! How the Worker and the gate talk: a question as JSON, an answer as SePay's bytes with a note beside them.
//!
//! The note travels in one header; the body is SePay's own, untouched, so that nothing is encoded twice.

use sepay::Response;
use serde::{Deserialize, Serialize};

use crate::gate::Refusal;

/// The header that carries a [`Note`].
pub const NOTE_HEADER: &str = "x-gate-note";

/// SePay's headers that a reader of the answer needs.
const KEPT_HEADERS: [&str; 3] = ["content-type", "retry-after", "x-sepay-userapi-retry-after"];

/// A question to the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The canonical target, made by an endpoint.
    pub target: String,
    /// How long the answer is of use, in milliseconds.
    pub wait_ms: u64,
}

/// What the gate says beside the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// SePay answered; the body is its own.
    Answered {
        /// SePay's HTTP status.
        status: u16,
        /// SePay's headers, as far as they are needed.
        headers: Vec<(String, String)>,
        /// How long the question waited for its slot, in milliseconds.
        queue_ms: u64,
        /// How long SePay took, in milliseconds.
        upstream_ms: u64,
    },
    /// There is no answer, and no body.
    Refused(Refusal),
}

/// Keeps the headers that matter, without anything that cannot stand in a header.
#[must_use]
pub fn kept_headers(response: &Response) -> Vec<(String, String)> {
    let kept = KEPT_HEADERS.iter().filter_map(|name| {
        let value = response.header(name)?;
        let value = value.chars().filter(|c| matches!(c, ' '..='~')).take(200).collect();
        Some(((*name).to_owned(), value))
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_format_is_unchanged() {
        // A Worker and a gate of two versions talk to each other while a deployment rolls out.
        let ask = Ask { target: "/userapi/x?a=1".to_owned(), wait_ms: 10_000 };
        assert_eq!(
            serde_json::to_string(&ask).unwrap(),
            r#"{"target":"/userapi/x?a=1","wait_ms":10000}"#
        );
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let note = Note::Answered { status: 200, headers, queue_ms: 1, upstream_ms: 2 };
        assert_eq!(
            serde_json::to_string(&note).unwrap(),
            r#"{"Answered":{"status":200,"headers":[["content-type","application/json"]],"queue_ms":1,"upstream_ms":2}}"#
        );
        let refused = Note::Refused(Refusal::Busy { retry_after_ms: 7 });
        assert_eq!(
            serde_json::to_string(&refused).unwrap(),
            r#"{"Refused":{"Busy":{"retry_after_ms":7}}}"#
        );
    }

    #[test]
    fn only_what_a_reader_needs_is_kept() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![
            header("Set-Cookie", "x"),
            header("Retry-After", "1\u{7f}é"),
            header("Content-Type", "a/b"),
        ];
        let response = Response { status: 200, headers, body: Vec::new() };
        assert_eq!(
            kept_headers(&response),
            [header("content-type", "a/b"), header("retry-after", "1")]
        );
    }
}
