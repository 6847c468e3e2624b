//! One line of JSON for each request, for the operator's console.
//!
//! No line holds anything that a caller wrote: a path is told by its template, a method by its name or as `OTHER`, a
//! key by the id of its entry. Keys get pasted into paths, and lines are read by machines.

use serde::Serialize;

use crate::gate::event::Source;

/// The methods that are told by their names.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// What is told of a request that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line<'a> {
    /// The id that the caller was told.
    pub request_id: &'a str,
    /// The method, by [`method`].
    pub method: &'static str,
    /// The template of the route; none when there is no such route.
    pub route: Option<&'static str>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The id of the key, when it is known.
    pub caller: Option<&'a str>,
    /// The id of the ticket, when it is known.
    pub ticket: Option<&'a str>,
    /// Where the answer comes from, by [`cache_word`]; none when neither the gate nor SePay was part of it.
    pub cache: Option<&'static str>,
    /// How long the question waited for its slot, in milliseconds.
    pub wait_ms: u64,
    /// How long SePay took, in milliseconds.
    pub upstream_ms: u64,
    /// How long all of it took, in milliseconds. The platform's clock stands still while nothing is waited for.
    pub duration_ms: u64,
}

impl Line<'_> {
    /// Writes the line, without its end.
    #[must_use]
    pub fn written(&self) -> String {
        // Texts and numbers can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Returns a method as it may be told.
#[must_use]
pub fn method(sent: &str) -> &'static str {
    METHODS.iter().find(|known| **known == sent).copied().unwrap_or("OTHER")
}

/// Returns the word for where an answer comes from.
#[must_use]
pub fn cache_word(source: Source) -> &'static str {
    match source {
        Source::Asked => "asked",
        Source::Joined => "joined",
        Source::Known => "known",
        Source::Refreshing => "refreshing",
        Source::Busy => "busy",
        Source::Down => "down",
    }
}

/// Returns the parts of a line that are the same whenever a kept answer is served, each on a line, as JSON: the route,
/// the caller, and the ticket, which is empty where it is each time another. The entry puts the rest around them.
#[must_use]
pub fn kept_parts(route: Option<&'static str>, caller: &str, is_ticket: bool) -> String {
    let ticket = if is_ticket { String::new() } else { json(None) };
    format!("{}\n{}\n{ticket}", json(route), json(Some(caller)))
}

/// Writes a text as JSON.
#[must_use]
pub fn json(text: Option<&str>) -> String {
    serde_json::to_string(&text).unwrap_or_default()
}

/// Which requests get a line: the variable `EDGE_LOGS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// All: `all`, and when nothing is set.
    All,
    /// Those that failed or were refused: `errors`.
    Errors,
    /// None: `off`.
    Off,
}

impl Level {
    /// Reads `EDGE_LOGS`.
    ///
    /// # Errors
    ///
    /// [`Level::All`], to go on with when the text is another one.
    pub fn read(text: &str) -> Result<Self, Self> {
        match text {
            "" | "all" => Ok(Self::All),
            "errors" => Ok(Self::Errors),
            "off" => Ok(Self::Off),
            _ => Err(Self::All),
        }
    }

    /// Says whether an answer with this status gets a line.
    #[must_use]
    pub fn wants(self, status: u16) -> bool {
        match self {
            Self::All => true,
            Self::Errors => status >= 500 || matches!(status, 401 | 403 | 429),
            Self::Off => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line<'static> {
        Line {
            request_id: "3f0c",
            method: "GET",
            route: Some("/api/transactions/{id}"),
            status: 200,
            caller: Some("shop"),
            ticket: None,
            cache: Some("asked"),
            wait_ms: 1,
            upstream_ms: 20,
            duration_ms: 22,
        }
    }

    #[test]
    fn the_line_is_unchanged() {
        assert_eq!(
            line().written(),
            r#"{"requestId":"3f0c","method":"GET","route":"/api/transactions/{id}","status":200,"caller":"shop","ticket":null,"cache":"asked","waitMs":1,"upstreamMs":20,"durationMs":22}"#
        );
        let none = Line { route: None, caller: None, cache: None, ..line() };
        assert!(none.written().contains(r#""route":null,"status":200,"caller":null,"#));
    }

    #[test]
    fn no_text_breaks_a_line() {
        for text in ["a\"b", "a\\", "a\r\nb", "\u{0}", "\u{2028}"] {
            let written = Line { caller: Some(text), ..line() }.written();
            assert!(!written.contains(['\r', '\n', '\u{0}']), "{text:?}");
            let read: serde_json::Value = serde_json::from_str(&written).unwrap();
            assert_eq!(read["caller"], text);
            assert_eq!(kept_parts(None, text, false).lines().count(), 3, "{text:?}");
        }
    }

    #[test]
    fn the_parts_of_a_kept_answer_are_json_and_a_ticket_is_told_each_time() {
        let template = Some("/api/accounts");
        assert_eq!(kept_parts(template, "shop", false), "\"/api/accounts\"\n\"shop\"\nnull");
        assert_eq!(kept_parts(None, "shop", true), "null\n\"shop\"\n");
    }

    #[test]
    fn a_method_that_is_not_known_is_not_told() {
        assert_eq!(method("GET"), "GET");
        for sent in ["get", "PROPFIND", "edge_key", "", "GET\r\n"] {
            assert_eq!(method(sent), "OTHER", "{sent:?}");
        }
    }

    #[test]
    fn levels() {
        assert_eq!(Level::read(""), Ok(Level::All));
        for (text, statuses) in [
            ("all", vec![200, 304, 400, 401, 403, 404, 429, 500, 503]),
            ("errors", vec![401, 403, 429, 500, 503]),
            ("off", vec![]),
        ] {
            let level = Level::read(text).unwrap();
            let all = [200, 304, 400, 401, 403, 404, 429, 500, 503];
            let told: Vec<u16> = all.into_iter().filter(|status| level.wants(*status)).collect();
            assert_eq!(told, statuses, "{text}");
        }
        assert_eq!(Level::read("warn"), Err(Level::All));
    }
}
