//! A request as plain values: what the door hands to everything that decides.

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
}
