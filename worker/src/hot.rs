//! The short way: an answer that is still fresh, found without asking anybody.
//!
//! A request goes in as plain text, and out comes the number of a kept answer, or nothing; then the long way decides.
//! Whatever is unusual takes the long way, so that no refusal is ever chosen here. How long an answer is fresh is not
//! decided here either: it comes with the answer. Bodies are kept by the door under the number given here, because a
//! body that stays on JavaScript's side is not copied for every response.

use std::collections::HashMap;

use crate::auth::{Authorized, BadKeys, Denied, Keys};

/// What all kept answers may weigh, in bytes. An isolate has 128 MB.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What an answer weighs besides its body and its path: keys, headers, tables.
const OVERHEAD_BYTES: usize = 512;

/// One request as the entry sees it.
pub struct HotRequest<'a> {
    /// The method as it was sent.
    pub method: &'a str,
    /// The absolute URL, as the platform normalises it.
    pub url: &'a str,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The `Cache-Control` header.
    pub cache_control: Option<&'a str>,
    /// The `If-None-Match` header.
    pub if_none_match: Option<&'a str>,
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
}

impl<'a> HotRequest<'a> {
    /// Reads a request that the entry has packed into one text, because one crossing into wasm is cheaper than five:
    /// method, URL, `Authorization`, `Cache-Control` and `If-None-Match`, each on a line, an absent one empty.
    #[must_use]
    pub fn unpack(packed: &'a str, now_ms: u64) -> Option<Self> {
        let mut lines = packed.split('\n');
        let (method, url) = (lines.next()?, lines.next()?);
        let mut header = || lines.next().map(|value| Some(value).filter(|value| !value.is_empty()));
        let (authorization, cache_control, if_none_match) = (header()?, header()?, header()?);
        let request = Self { method, url, authorization, cache_control, if_none_match, now_ms };
        lines.next().is_none().then_some(request)
    }
}

/// Names a kept answer; never given twice.
pub type Number = u32;

/// An answer to keep.
pub struct Entry {
    /// The strong entity tag, with its quotes.
    pub etag: String,
    /// The length of the body, in bytes.
    pub body_bytes: usize,
    /// Until when it may be served without asking again, in milliseconds since the Unix epoch.
    pub serve_until_ms: u64,
}

/// A kept answer that may be served now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub number: Number,
    /// Whether the caller has it already: 304.
    pub not_modified: bool,
}

/// What became of an answer that was to be kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its number; none when it is too large to keep.
    pub number: Option<Number>,
    /// The numbers whose bodies are to be let go.
    pub dropped: Vec<Number>,
}

/// The answers kept by one isolate, and the keys that open them.
#[derive(Default)]
pub struct Hot {
    keys: Keys,
    /// By the caller's place among the keys, then by path and query as they were sent.
    kept: HashMap<usize, HashMap<String, Kept>>,
    bytes: usize,
    last_number: Number,
    uses: u64,
}

struct Kept {
    number: Number,
    entry: Entry,
    bytes: usize,
    used: u64,
    hits: u32,
}

impl Hot {
    /// Takes the text of `EDGE_KEYS` when it has changed. Returns the numbers whose bodies are to be let go: all, because
    /// what a caller may see may have changed with the keys.
    ///
    /// # Errors
    ///
    /// [`BadKeys`]; then nobody is let in.
    pub fn set_keys(&mut self, text: &str) -> (Vec<Number>, Result<(), BadKeys>) {
        let dropped = self.kept.values().flat_map(HashMap::values).map(|kept| kept.number);
        let dropped = dropped.collect();
        self.kept.clear();
        self.bytes = 0;
        let (keys, outcome) = match Keys::parse(text) {
            Ok(keys) => (keys, Ok(())),
            Err(bad) => (Keys::default(), Err(bad)),
        };
        self.keys = keys;
        (dropped, outcome)
    }

    /// Finds the caller behind an `Authorization` header.
    ///
    /// # Errors
    ///
    /// [`Denied`].
    pub fn authorize(&self, header: Option<&str>, now_ms: u64) -> Result<Authorized<'_>, Denied> {
        self.keys.authorize(header, now_ms)
    }

    /// Finds a fresh answer for a plain request of a known caller; nothing sends the request the long way.
    pub fn find(&mut self, request: &HotRequest<'_>) -> Option<Found> {
        if !matches!(request.method, "GET" | "HEAD") || request.cache_control.is_some() {
            return None;
        }
        let caller = self.keys.authorize(request.authorization, request.now_ms).ok()?.place;
        let kept = self.kept.get_mut(&caller)?.get_mut(path_of(request.url)?)?;
        if request.now_ms >= kept.entry.serve_until_ms {
            return None;
        }
        self.uses = self.uses.saturating_add(1);
        kept.used = self.uses;
        kept.hits = kept.hits.saturating_add(1);
        let not_modified = request.if_none_match.is_some_and(|tags| names(tags, &kept.entry.etag));
        Some(Found { number: kept.number, not_modified })
    }

    /// Keeps an answer for a caller, in place of an older one; the least recently used make room.
    pub fn store(&mut self, caller: usize, path_and_query: &str, entry: Entry) -> Stored {
        let mut stored = Stored::default();
        stored.dropped.extend(self.remove(caller, path_and_query));
        let bytes = [entry.body_bytes, path_and_query.len(), OVERHEAD_BYTES].iter().sum();
        if bytes > MAX_BYTES {
            return stored;
        }
        while self.bytes.saturating_add(bytes) > MAX_BYTES {
            let Some((caller, path)) = self.least_recently_used() else { break };
            stored.dropped.extend(self.remove(caller, &path));
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.uses = self.uses.saturating_add(1);
        self.last_number = self.last_number.wrapping_add(1);
        let kept = Kept { number: self.last_number, entry, bytes, used: self.uses, hits: 0 };
        self.kept.entry(caller).or_default().insert(path_and_query.to_owned(), kept);
        stored.number = Some(self.last_number);
        stored
    }

    /// Takes how often an answer was served since the last time: the demand that nobody else has seen.
    pub fn take_hits(&mut self, caller: usize, path_and_query: &str) -> u32 {
        let kept = self.kept.get_mut(&caller).and_then(|kept| kept.get_mut(path_and_query));
        kept.map_or(0, |kept| std::mem::take(&mut kept.hits))
    }

    fn remove(&mut self, caller: usize, path_and_query: &str) -> Option<Number> {
        let kept = self.kept.get_mut(&caller)?.remove(path_and_query)?;
        self.bytes = self.bytes.saturating_sub(kept.bytes);
        Some(kept.number)
    }

    fn least_recently_used(&self) -> Option<(usize, String)> {
        let all = self
            .kept
            .iter()
            .flat_map(|(caller, kept)| kept.iter().map(|(path, kept)| (kept.used, *caller, path)));
        all.min().map(|(_, caller, path)| (caller, path.clone()))
    }
}

/// Takes path and query out of an absolute URL; nothing when it has a fragment, which no request should.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.get(rest.find('/')?..)?;
    (!path.contains('#')).then_some(path)
}

/// Says whether `If-None-Match` names a tag. A weak tag matches too: RFC 9110, section 13.1.2.
fn names(if_none_match: &str, etag: &str) -> bool {
    let mut tags = if_none_match.split(',').map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    const URL: &str = "http://h:1/api/accounts?limit=2";
    const PATH: &str = "/api/accounts?limit=2";
    const NOW_MS: u64 = 1_000_000;

    fn keys_text() -> String {
        let hex = |key: &str| -> String {
            Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let (shop, old) = (hex("edge_shop"), hex("edge_old"));
        format!(
            r#"[{{"id":"a","sha256":"{shop}","scopes":[]}},
                {{"id":"a","sha256":"{old}","scopes":[],"expires":"1970-01-01T00:16:41Z"}}]"#
        )
    }

    fn hot() -> Hot {
        let mut hot = Hot::default();
        assert_eq!(hot.set_keys(&keys_text()), (Vec::new(), Ok(())));
        hot
    }

    fn entry(body_bytes: usize) -> Entry {
        Entry { etag: r#""abc""#.to_owned(), body_bytes, serve_until_ms: NOW_MS + 1000 }
    }

    fn plain() -> HotRequest<'static> {
        HotRequest {
            method: "GET",
            url: URL,
            authorization: Some("Bearer edge_shop"),
            cache_control: None,
            if_none_match: None,
            now_ms: NOW_MS,
        }
    }

    fn warm() -> Hot {
        let mut hot = hot();
        assert_eq!(hot.store(0, PATH, entry(10)).number, Some(1));
        hot
    }

    #[test]
    fn a_packed_request_has_five_lines_and_an_empty_header_is_none() {
        let packed = format!("GET\n{URL}\nBearer edge_shop\n\n");
        let request = HotRequest::unpack(&packed, NOW_MS).unwrap();
        assert_eq!((request.method, request.url), ("GET", URL));
        assert_eq!(request.authorization, Some("Bearer edge_shop"));
        assert_eq!((request.cache_control, request.if_none_match), (None, None));
        let tagged = HotRequest::unpack("GET\nu\n\nno-cache\n\"x\"", 0).unwrap();
        assert_eq!((tagged.cache_control, tagged.if_none_match), (Some("no-cache"), Some("\"x\"")));
        assert!(HotRequest::unpack("GET\nu\n\n", 0).is_none());
        assert!(HotRequest::unpack("GET\nu\n\n\n\n", 0).is_none());
    }

    #[test]
    fn a_fresh_answer_is_found_until_its_time_is_over() {
        let mut hot = warm();
        let found = Some(Found { number: 1, not_modified: false });
        assert_eq!(hot.find(&plain()), found);
        assert_eq!(hot.find(&HotRequest { method: "HEAD", ..plain() }), found);
        assert_eq!(hot.find(&HotRequest { now_ms: NOW_MS + 999, ..plain() }), found);
        assert_eq!(hot.find(&HotRequest { now_ms: NOW_MS + 1000, ..plain() }), None);
    }

    #[test]
    fn whatever_is_unusual_takes_the_long_way() {
        let mut hot = warm();
        for unusual in [
            HotRequest { method: "POST", ..plain() },
            HotRequest { method: "get", ..plain() },
            HotRequest { cache_control: Some(""), ..plain() },
            HotRequest { cache_control: Some("max-age=60"), ..plain() },
            HotRequest { authorization: None, ..plain() },
            HotRequest { authorization: Some("Bearer edge_sho"), ..plain() },
            HotRequest { authorization: Some("Bearer edge_shop, Bearer edge_shop"), ..plain() },
            HotRequest { url: "http://h:1/api/accounts?limit=3", ..plain() },
            HotRequest { url: "http://h:1/api/accounts?limit=2#x", ..plain() },
            HotRequest { url: "/api/accounts?limit=2", ..plain() },
        ] {
            assert_eq!(hot.find(&unusual), None, "{} {}", unusual.method, unusual.url);
        }
    }

    #[test]
    fn an_answer_is_its_callers_alone_even_when_two_keys_have_one_id() {
        let mut hot = warm();
        let old = HotRequest { authorization: Some("Bearer edge_old"), ..plain() };
        assert_eq!(hot.find(&old), None);
        assert_eq!(hot.store(1, PATH, entry(10)).number, Some(2));
        assert_eq!(hot.find(&old).map(|found| found.number), Some(2));
        let later_ms = NOW_MS + 1000; // 1970-01-01T00:16:41Z
        hot.store(1, PATH, Entry { serve_until_ms: later_ms + 1000, ..entry(10) });
        assert_eq!(hot.find(&HotRequest { now_ms: later_ms, ..old }), None, "the key has expired");
    }

    #[test]
    fn a_tag_that_the_caller_has_is_not_modified() {
        let mut hot = warm();
        for (tags, not_modified) in [
            (r#""abc""#, true),
            (r#""x", W/"abc""#, true),
            ("*", true),
            (r#""ab""#, false),
            ("abc", false),
            ("", false),
        ] {
            let request = HotRequest { if_none_match: Some(tags), ..plain() };
            assert_eq!(hot.find(&request), Some(Found { number: 1, not_modified }), "{tags}");
        }
    }

    #[test]
    fn other_keys_forget_every_answer() {
        let mut hot = warm();
        assert_eq!(hot.set_keys(&keys_text()), (vec![1], Ok(())));
        assert_eq!(hot.find(&plain()), None);
        hot.store(0, PATH, entry(10));
        assert!(hot.set_keys("nonsense").1.is_err());
        assert_eq!(hot.find(&plain()), None);
    }

    #[test]
    fn bodies_are_bounded_and_the_least_recently_used_goes_first() {
        let mut hot = hot();
        let third = MAX_BYTES / 3 - 1000;
        for path in ["/1", "/2", "/3"] {
            assert_eq!(hot.store(0, path, entry(third)).dropped, Vec::<Number>::new());
        }
        assert!(hot.find(&HotRequest { url: "http://h/1", ..plain() }).is_some());
        assert_eq!(hot.store(0, "/4", entry(third)).dropped, [2]);
        assert_eq!(hot.store(0, "/4", entry(10)).dropped, [4], "the older one of the same path");
        assert_eq!(hot.store(0, "/5", entry(third)).dropped, Vec::<Number>::new());
        let huge = hot.store(0, "/6", entry(MAX_BYTES));
        assert_eq!(huge, Stored { number: None, dropped: Vec::new() });
    }

    #[test]
    fn hits_are_counted_and_taken_once() {
        let mut hot = warm();
        for _ in 0..3 {
            hot.find(&plain());
        }
        assert_eq!((hot.take_hits(0, PATH), hot.take_hits(0, PATH)), (3, 0));
        assert_eq!((hot.take_hits(1, PATH), hot.take_hits(0, "/other")), (0, 0));
    }
}
