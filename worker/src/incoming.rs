//! A request as plain values: what the door hands to everything that decides.

use crate::gate::event::{Lane, Need};
use crate::params::BadParameter;

/// How long a caller waits unless it says otherwise, in milliseconds.
const DEFAULT_WAIT_MS: u64 = 10_000;

/// The longest a caller may wait, in seconds.
const MAX_WAIT_SECS: u64 = 25;

/// One request.
#[derive(Default)]
pub struct Incoming {
    /// The method as it was sent.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// The `Authorization` header; several arrive joined by commas.
    pub authorization: Option<String>,
    /// The `Prefer` header.
    pub prefer: Option<String>,
    /// The `Cache-Control` header.
    pub cache_control: Option<String>,
    /// The `Priority` header.
    pub priority: Option<String>,
    /// The `If-None-Match` header.
    pub if_none_match: Option<String>,
    /// Whether a body came with it.
    pub has_body: bool,
}

impl Incoming {
    /// Returns path and query as they were sent, for the cache's key.
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }
}

/// Splits an absolute URL, as the platform normalises it, into path and query.
#[must_use]
pub fn path_and_query(url: &str) -> (String, String) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let from_path =
        after_scheme.find('/').and_then(|start| after_scheme.get(start..)).unwrap_or("/");
    let without_fragment = from_path.split('#').next().unwrap_or_default();
    let (path, query) = without_fragment.split_once('?').unwrap_or((without_fragment, ""));
    (path.to_owned(), query.to_owned())
}

/// The largest body that is read, in bytes.
const MAX_BODY_BYTES: usize = 4096;

/// Says whether a body may be read: JSON by its `Content-Type`, and short by its `Content-Length`, which must be there.
///
/// # Errors
///
/// [`BadParameter`] naming the header.
pub fn small_json(content_type: &str, content_length: &str) -> Result<(), BadParameter> {
    let bytes = content_length.trim().parse::<usize>().ok();
    if bytes.is_none_or(|bytes| bytes > MAX_BODY_BYTES) {
        let expected = format!("content-length: expected at most {MAX_BODY_BYTES} bytes of body");
        return Err(BadParameter::new(expected));
    }
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if bytes != Some(0) && !media_type.eq_ignore_ascii_case("application/json") {
        return Err(BadParameter::new("content-type: expected application/json"));
    }
    Ok(())
}

/// Reads how long a caller is ready to wait from `Prefer: wait=N` (RFC 7240): 0 to 25 s, 10 s unless said.
///
/// A preference that cannot be read is no preference, as the RFC has it.
#[must_use]
pub fn wait_ms(prefer: Option<&str>) -> u64 {
    let preferences = prefer.unwrap_or_default().split([',', ';']);
    let mut waits = preferences.filter_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        let seconds = value.trim().trim_matches('"').parse::<u64>().ok()?;
        name.trim().eq_ignore_ascii_case("wait").then_some(seconds)
    });
    match waits.next() {
        Some(seconds) => seconds.min(MAX_WAIT_SECS).saturating_mul(1000),
        None => DEFAULT_WAIT_MS,
    }
}

/// Reads what a caller is content with from the request's `Cache-Control` (RFC 9111): `no-cache`, `no-store` and
/// `max-age=N`. The strictest one counts; what cannot be read does not.
#[must_use]
pub fn need(cache_control: Option<&str>) -> Need {
    let directives = cache_control.unwrap_or_default().split(',').map(str::trim);
    let ages = directives.filter_map(|directive| {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-cache" | "no-store" => Some(0),
            "max-age" => value.trim().trim_matches('"').parse::<u64>().ok(),
            _ => None,
        }
    });
    ages.min().map_or(Need::Usual, |seconds| Need::MaxAge(seconds.saturating_mul(1_000)))
}

/// Reads whether somebody waits at a screen from `Priority: u=N` (RFC 9218): 0 to 4, and 3 unless said, is yes.
#[must_use]
pub fn lane(priority: Option<&str>) -> Lane {
    let mut members = priority.unwrap_or_default().split(',').map(str::trim);
    match members.find_map(|member| member.strip_prefix("u=")) {
        Some("5" | "6" | "7") => Lane::Background,
        _ => Lane::Interactive,
    }
}

/// Says whether an `If-None-Match` header names an `ETag` (RFC 9110, by weak comparison).
#[must_use]
pub fn names(if_none_match: Option<&str>, etag: &str) -> bool {
    let mut tags = if_none_match.unwrap_or_default().split(',').map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_split_where_it_should_be() {
        for (url, path, query) in [
            ("http://h:1/api/x?a=1&b=?", "/api/x", "a=1&b=?"),
            ("http://h", "/", ""),
            ("https://h/a%2fb#f?q", "/a%2fb", ""),
        ] {
            assert_eq!(path_and_query(url), (path.to_owned(), query.to_owned()), "{url}");
        }
    }

    #[test]
    fn a_body_is_short_and_json_by_its_headers() {
        for (media_type, length, named) in [
            ("application/json", "4096", None),
            ("Application/JSON; charset=utf-8", "2", None),
            ("", "0", None),
            ("text/plain", "2", Some("content-type: ")),
            ("", "2", Some("content-type: ")),
            ("application/json", "4097", Some("content-length: ")),
            ("application/json", "", Some("content-length: ")),
            ("application/json", "2, 2", Some("content-length: ")),
            ("application/json", "-1", Some("content-length: ")),
        ] {
            let told = small_json(media_type, length).err().map(|bad| bad.to_string());
            assert!(
                match named {
                    Some(start) => told.is_some_and(|told| told.starts_with(start)),
                    None => told.is_none(),
                },
                "{media_type} {length}"
            );
        }
    }

    #[test]
    fn a_wait_is_bounded_and_a_strange_one_is_no_preference() {
        for (prefer, wait) in [
            (None, 10_000),
            (Some("wait=0"), 0),
            (Some("wait=3"), 3_000),
            (Some("respond-async, Wait = \"25\""), 25_000),
            (Some("wait=100"), 25_000),
            (Some("wait=-1"), 10_000),
            (Some("wait=soon"), 10_000),
            (Some("handling=strict"), 10_000),
        ] {
            assert_eq!(wait_ms(prefer), wait, "{prefer:?}");
        }
    }

    #[test]
    fn the_strictest_cache_control_counts() {
        for (header, expected) in [
            (None, Need::Usual),
            (Some(""), Need::Usual),
            (Some("no-cache"), Need::MaxAge(0)),
            (Some("No-Store"), Need::MaxAge(0)),
            (Some("max-age=5"), Need::MaxAge(5_000)),
            (Some("max-age=\"7\""), Need::MaxAge(7_000)),
            (Some("max-age=60, no-cache"), Need::MaxAge(0)),
            (Some("max-age=9,max-age=3"), Need::MaxAge(3_000)),
            (Some("max-age=-1"), Need::Usual),
            (Some("max-age"), Need::Usual),
            (Some("max-stale=5, only-if-cached"), Need::Usual),
            (Some("max-age=18446744073709551615"), Need::MaxAge(u64::MAX)),
        ] {
            assert_eq!(need(header), expected, "{header:?}");
        }
    }

    #[test]
    fn only_low_urgencies_are_background() {
        for (header, expected) in [
            (None, Lane::Interactive),
            (Some("u=0"), Lane::Interactive),
            (Some("u=4, i"), Lane::Interactive),
            (Some("i, u=5"), Lane::Background),
            (Some("u=7"), Lane::Background),
            (Some("u=8"), Lane::Interactive),
            (Some("urgent"), Lane::Interactive),
        ] {
            assert_eq!(lane(header), expected, "{header:?}");
        }
    }

    #[test]
    fn a_tag_is_named_alone_in_a_list_weakly_or_by_a_star() {
        for header in ["\"a\"", "\"b\", \"a\"", "W/\"a\"", "*"] {
            assert!(names(Some(header), "\"a\""), "{header}");
        }
        for header in [None, Some(""), Some("a"), Some("\"ab\""), Some("\"A\"")] {
            assert!(!names(header, "\"a\""), "{header:?}");
        }
    }
}
