//! How the Worker and the gate talk: a question as JSON, an answer as SePay's bytes with a note beside them.
//!
//! The note travels in one header; the body is SePay's own, untouched, so that nothing is encoded twice. A Worker and
//! a gate of two versions talk to each other while a deployment rolls out: fields are only ever added, with defaults.

use sepay::Response;
use serde::{Deserialize, Serialize};

use crate::gate::Refusal;
use crate::gate::event::{Lane, Need, Service};

/// The header that carries a [`Note`].
pub const NOTE_HEADER: &str = "x-gate-note";

/// SePay's headers that a reader of the answer needs.
pub const KEPT_HEADERS: [&str; 3] = ["content-type", "retry-after", "x-sepay-userapi-retry-after"];

/// A question to the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The canonical target, made by an endpoint.
    pub target: String,
    /// How long the answer is of use, in milliseconds.
    pub wait_ms: u64,
    /// The id of the key, for whose turns are counted.
    pub party: String,
    /// Whether it goes when nothing else waits.
    #[serde(default)]
    pub background: bool,
    /// How old the answer may be, in milliseconds; none for the usual rules.
    #[serde(default)]
    pub max_age_ms: Option<u64>,
    /// Whether only a newer answer than a fresh one that was served already is of use.
    #[serde(default)]
    pub newer: bool,
    /// How many askers the question stands for.
    #[serde(default = "one")]
    pub demand: u32,
    /// The version of the answer that the caller has, if it has one: its bytes need not be sent again.
    #[serde(default)]
    pub have: Option<u64>,
    /// A random number by which the caller can leave.
    #[serde(default)]
    pub ticket: u64,
}

fn one() -> u32 {
    1
}

impl Ask {
    /// Returns who goes first.
    #[must_use]
    pub fn lane(&self) -> Lane {
        if self.background { Lane::Background } else { Lane::Interactive }
    }

    /// Returns what the caller is content with.
    #[must_use]
    pub fn need(&self) -> Need {
        match self.max_age_ms {
            Some(ms) => Need::MaxAge(ms),
            None if self.newer => Need::Newer,
            None => Need::Usual,
        }
    }
}

/// Callers who have gone away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// The tickets of what they asked.
    pub tickets: Vec<u64>,
}

/// A request of a key that has a limit of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admit {
    /// The id of the key.
    pub party: String,
    /// Requests in any minute.
    pub requests_per_minute: u32,
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
        /// Where the answer comes from and how old it is.
        service: Service,
        /// Names these bytes, for [`Ask::have`].
        version: u64,
    },
    /// The answer is the one that the caller has; there is no body.
    Unchanged {
        /// Where it comes from and how old it is.
        service: Service,
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
    use crate::gate::event::Source;

    #[test]
    fn the_wire_format_is_unchanged() {
        let least: Ask =
            serde_json::from_str(r#"{"target":"/userapi/x?a=1","wait_ms":10000,"party":"shop"}"#)
                .unwrap();
        assert_eq!((least.lane(), least.need()), (Lane::Interactive, Need::Usual));
        assert_eq!(least.demand, 1);
        let newer = Ask { background: true, newer: true, ..least };
        assert_eq!((newer.lane(), newer.need()), (Lane::Background, Need::Newer));
        let strict = Ask { max_age_ms: Some(5), ..newer };
        assert_eq!(strict.need(), Need::MaxAge(5), "a limit of age is stricter");
        assert_eq!(
            serde_json::to_string(&strict).unwrap(),
            r#"{"target":"/userapi/x?a=1","wait_ms":10000,"party":"shop","background":true,"max_age_ms":5,"newer":true,"demand":1,"have":null,"ticket":0}"#
        );
    }

    #[test]
    fn the_note_is_unchanged() {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let service = Service {
            source: Source::Busy,
            age_ms: 1,
            fresh_ms: 2,
            keep_ms: 3,
            queue_ms: 4,
            upstream_ms: 5,
        };
        let note = Note::Answered { status: 200, headers, service, version: 6 };
        assert_eq!(
            serde_json::to_string(&note).unwrap(),
            r#"{"Answered":{"status":200,"headers":[["content-type","application/json"]],"service":{"source":"Busy","age_ms":1,"fresh_ms":2,"keep_ms":3,"queue_ms":4,"upstream_ms":5},"version":6}}"#
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
