//! The short way: an answer that is still fresh, found without asking anybody.
//!
//! A request goes in as plain text, and out comes the number of a kept answer, or nothing; then the long way decides.
//! Whatever is unusual takes the long way, so that no refusal is ever chosen here. How old an answer is and how long it
//! is fresh comes with it, from the gate, whose rules hold here too. Bodies are kept by the door under the number given here, because a
//! body that stays on JavaScript's side is not copied for every response.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::auth::{Authorized, Caller, Denied, Keys, Rights};
use crate::gate::event::{Need, Service, Source};
use crate::gate::freshness::{Freshness, freshness};
use crate::incoming::{names, need};

/// What all kept answers may weigh, in bytes. An isolate has 128 MB.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What an answer weighs besides its body and its path: keys, headers, tables, on JavaScript's side too. It bounds their
/// number: one question can be spelled in many ways.
const OVERHEAD_BYTES: usize = 4096;

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
    /// When SePay was asked for it, by this isolate's clock, in milliseconds since the Unix epoch.
    pub sent_ms: u64,
    /// How long it is fresh from then on, in milliseconds.
    pub fresh_ms: u64,
    /// Until when the gate has said to go on with it, and why: it cannot be asked anew for now.
    pub kept_on: Option<(u64, Source)>,
    /// The gate's name for the bytes of which it was made.
    pub version: u64,
    /// When the caller will see less than it did, in milliseconds since the Unix epoch; none for never.
    pub ends_ms: Option<u64>,
}

/// How long after the last refresh behind a caller began, which nobody has heard of since, the next one may, in
/// milliseconds.
const REFRESH_LOST_MS: u64 = 30_000;

/// For how many kinds of ticket answers are kept at most: all holders of tickets with the same rights share theirs.
const MAX_SEATS: usize = 4_096;

/// Names the caller for whom an answer is kept: one key, or one key's tickets with the same rights, of one reading of
/// the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    reading: u32,
    seat: usize,
}

/// A kept answer that may be served now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub number: Number,
    /// Whether the caller has it already: 304.
    pub not_modified: bool,
    /// Why it is served.
    pub source: Source,
    /// Whether it is to be refreshed behind the caller now.
    pub refresh: bool,
}

impl Found {
    /// Packs it into one number, because one is all that crosses from wasm without cost: the number of the answer, and
    /// in the lowest four bits whether to refresh it, why it is served, and whether the caller has it.
    #[must_use]
    pub fn packed(self) -> f64 {
        let source = match self.source {
            Source::Refreshing => 1_u8,
            Source::Busy => 2,
            Source::Down => 3,
            Source::Known | Source::Asked | Source::Joined => 0,
        };
        let flags = (u8::from(self.refresh) << 3) | (source << 1) | u8::from(self.not_modified);
        f64::from(self.number) * 16.0 + f64::from(flags)
    }
}

impl Entry {
    /// An answer as the gate gave it now.
    #[must_use]
    pub fn new(
        etag: &str,
        body_bytes: usize,
        service: &Service,
        version: u64,
        ends_ms: Option<u64>,
        now_ms: u64,
    ) -> Self {
        Self {
            etag: etag.to_owned(),
            body_bytes,
            sent_ms: now_ms.saturating_sub(service.age_ms),
            fresh_ms: service.fresh_ms,
            kept_on: kept_on(service, now_ms),
            version,
            ends_ms,
        }
    }

    /// Says why it may be served, if it may without asking.
    fn source(&self, now_ms: u64) -> Option<Source> {
        if self.ends_ms.is_some_and(|ends_ms| now_ms >= ends_ms) {
            return None;
        }
        // A clock that was set back does not know how old it is: the gate does.
        match freshness(now_ms.checked_sub(self.sent_ms)?, self.fresh_ms) {
            Freshness::Fresh => Some(Source::Known),
            _ if self.kept_on.is_some_and(|(until_ms, _)| now_ms < until_ms) => {
                self.kept_on.map(|(_, source)| source)
            }
            Freshness::Refreshing => Some(Source::Refreshing),
            Freshness::Stale | Freshness::Ancient => None,
        }
    }
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
    /// How often the keys were read: what was asked under other keys is kept for nobody.
    readings: u32,
    /// Where the holders of tickets sit: behind the keys, by the place of their key and by what they may see.
    seats: HashMap<(usize, Rights), usize>,
    last_seat: usize,
    /// By the caller's seat, then by path and query as they were sent.
    kept: HashMap<usize, HashMap<String, Kept>>,
    bytes: usize,
    last_number: Number,
    uses: u64,
    served: u64,
}

struct Kept {
    number: Number,
    entry: Entry,
    bytes: usize,
    used: u64,
    hits: u32,
    refreshing_until_ms: u64,
}

impl Hot {
    /// Takes the keys when they have changed. Returns the numbers whose bodies are to be let go: all, because what a
    /// caller may see may have changed with them.
    pub fn set_keys(&mut self, keys: Keys) -> Vec<Number> {
        let dropped = self.kept.values().flat_map(HashMap::values).map(|kept| kept.number);
        let dropped = dropped.collect();
        self.kept.clear();
        self.seats.clear();
        self.bytes = 0;
        self.last_seat = keys.len();
        self.keys = keys;
        self.readings = self.readings.wrapping_add(1);
        dropped
    }

    /// Returns the keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Finds the caller behind an `Authorization` header.
    ///
    /// # Errors
    ///
    /// [`Denied`].
    pub fn authorize(&self, header: Option<&str>, now_ms: u64) -> Result<Authorized<'_>, Denied> {
        self.keys.authorize(header, now_ms)
    }

    /// Finds the seat of a caller whose key stands at this place; a new kind of ticket gets a new one. Returns the numbers
    /// whose bodies are to be let go, when there are too many kinds.
    pub fn seat(&mut self, place: usize, caller: &Caller) -> (Place, Vec<Number>) {
        let reading = self.readings;
        let Some(seat) = self.taken_seat(place, caller) else {
            let dropped =
                if self.seats.len() >= MAX_SEATS { self.empty_seats() } else { Vec::new() };
            let seat = self.last_seat;
            self.last_seat = self.last_seat.saturating_add(1);
            self.seats.insert((place, caller.rights.clone()), seat);
            return (Place { reading, seat }, dropped);
        };
        (Place { reading, seat }, Vec::new())
    }

    fn taken_seat(&self, place: usize, caller: &Caller) -> Option<usize> {
        if caller.ticket.is_none() {
            return Some(place);
        }
        self.seats.get(&(place, caller.rights.clone())).copied()
    }

    /// Lets go of what is kept for holders of tickets.
    fn empty_seats(&mut self) -> Vec<Number> {
        let mut dropped = Vec::new();
        for (_, seat) in std::mem::take(&mut self.seats) {
            for kept in self.kept.remove(&seat).into_iter().flat_map(HashMap::into_values) {
                self.bytes = self.bytes.saturating_sub(kept.bytes);
                dropped.push(kept.number);
            }
        }
        dropped
    }

    /// Finds an answer that may be served now to a plain request of a known caller; nothing sends the request the long
    /// way. Returns the id of the caller's ticket beside it, if it is one.
    pub fn find_for(&mut self, request: &HotRequest<'_>) -> Option<(Found, Option<String>)> {
        if !matches!(request.method, "GET" | "HEAD") {
            return None;
        }
        let Authorized { place, caller } =
            self.keys.authorize(request.authorization, request.now_ms).ok()?;
        let seat = self.taken_seat(place, &caller)?;
        let kept = self.kept.get_mut(&seat)?.get_mut(path_of(request.url)?)?;
        let source = kept.entry.source(request.now_ms)?;
        let age_ms = request.now_ms.saturating_sub(kept.entry.sent_ms);
        match need(request.cache_control) {
            Need::MaxAge(max_ms) if max_ms == 0 || age_ms > max_ms => return None,
            Need::MaxAge(_) | Need::Usual | Need::Newer => {}
        }
        self.uses = self.uses.saturating_add(1);
        self.served = self.served.saturating_add(1);
        kept.used = self.uses;
        kept.hits = kept.hits.saturating_add(1);
        let refresh = source == Source::Refreshing && request.now_ms >= kept.refreshing_until_ms;
        if refresh {
            kept.refreshing_until_ms = request.now_ms.saturating_add(REFRESH_LOST_MS);
        }
        let not_modified = names(request.if_none_match, &kept.entry.etag);
        let ticket = match caller {
            Cow::Owned(holder) => holder.ticket,
            Cow::Borrowed(_) => None,
        };
        Some((Found { number: kept.number, not_modified, source, refresh }, ticket))
    }

    /// Returns the version of the answer that is kept.
    pub fn version(&mut self, place: Place, path_and_query: &str) -> Option<u64> {
        self.get(place, path_and_query).map(|kept| kept.entry.version)
    }

    /// Takes the gate's word that the kept answer is still the one to serve.
    pub fn keep_on(&mut self, place: Place, path_and_query: &str, service: &Service, now_ms: u64) {
        if let Some(kept) = self.get(place, path_and_query) {
            kept.entry.kept_on = kept_on(service, now_ms);
        }
    }

    /// Notes that a refresh behind a caller is over, well or badly.
    pub fn refreshed(&mut self, place: Place, path_and_query: &str) {
        if let Some(kept) = self.get(place, path_and_query) {
            kept.refreshing_until_ms = 0;
        }
    }

    /// Keeps an answer for a caller, in place of an older one; the least recently used make room.
    pub fn store(&mut self, place: Place, path_and_query: &str, entry: Entry) -> Stored {
        let mut stored = Stored::default();
        let is_older = |kept: &mut Kept| kept.entry.sent_ms > entry.sent_ms;
        if place.reading != self.readings || self.get(place, path_and_query).is_some_and(is_older) {
            return stored;
        }
        let seat = place.seat;
        stored.dropped.extend(self.remove(seat, path_and_query));
        let bytes = [entry.body_bytes, path_and_query.len(), OVERHEAD_BYTES].iter().sum();
        if bytes > MAX_BYTES {
            return stored;
        }
        while self.bytes.saturating_add(bytes) > MAX_BYTES {
            let Some((seat, path)) = self.least_recently_used() else { break };
            stored.dropped.extend(self.remove(seat, &path));
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.uses = self.uses.saturating_add(1);
        self.last_number = self.last_number.wrapping_add(1);
        let (number, used) = (self.last_number, self.uses);
        let kept = Kept { number, entry, bytes, used, hits: 0, refreshing_until_ms: 0 };
        self.kept.entry(seat).or_default().insert(path_and_query.to_owned(), kept);
        stored.number = Some(self.last_number);
        stored
    }

    /// Takes how often an answer was served since the last time: the demand that nobody else has seen.
    pub fn take_hits(&mut self, place: Place, path_and_query: &str) -> u32 {
        let kept = self.get(place, path_and_query);
        kept.map_or(0, |kept| std::mem::take(&mut kept.hits))
    }

    /// Returns how many answers are kept, their size in bytes, and how often one was served.
    #[must_use]
    pub fn totals(&self) -> (usize, usize, u64) {
        (self.kept.values().map(HashMap::len).sum(), self.bytes, self.served)
    }

    fn get(&mut self, place: Place, path_and_query: &str) -> Option<&mut Kept> {
        if place.reading != self.readings {
            return None;
        }
        self.kept.get_mut(&place.seat)?.get_mut(path_and_query)
    }

    fn remove(&mut self, seat: usize, path_and_query: &str) -> Option<Number> {
        let kept = self.kept.get_mut(&seat)?.remove(path_and_query)?;
        self.bytes = self.bytes.saturating_sub(kept.bytes);
        Some(kept.number)
    }

    fn least_recently_used(&self) -> Option<(usize, String)> {
        let all = self
            .kept
            .iter()
            .flat_map(|(seat, kept)| kept.iter().map(|(path, kept)| (kept.used, *seat, path)));
        all.min().map(|(_, seat, path)| (seat, path.clone()))
    }
}

/// Until when the gate says to go on with an answer, and why.
fn kept_on(service: &Service, now_ms: u64) -> Option<(u64, Source)> {
    let until_ms = now_ms.saturating_add(service.keep_ms);
    (service.keep_ms > 0).then_some((until_ms, service.source))
}

/// Takes path and query out of an absolute URL, as [`Incoming::target`](crate::incoming::Incoming::target) writes
/// them; nothing when it has a fragment, which no request should.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.get(rest.find('/')?..)?;
    // An empty query is none; at the end of a query a question mark is part of it.
    let path = path.strip_suffix('?').filter(|path| !path.contains('?')).unwrap_or(path);
    (!path.contains('#')).then_some(path)
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

    fn keys(text: &str) -> Keys {
        Keys::parse(text).ok().unwrap()
    }

    impl Hot {
        fn find(&mut self, request: &HotRequest<'_>) -> Option<Found> {
            self.find_for(request).map(|(found, _)| found)
        }
    }

    fn hot() -> Hot {
        let mut hot = Hot::default();
        assert_eq!(hot.set_keys(keys(&keys_text())), Vec::<Number>::new());
        hot
    }

    fn entry(body_bytes: usize) -> Entry {
        let etag = r#""abc""#.to_owned();
        Entry {
            etag,
            body_bytes,
            sent_ms: NOW_MS,
            fresh_ms: 1_000,
            kept_on: None,
            version: 7,
            ends_ms: None,
        }
    }

    fn first(hot: &Hot) -> Place {
        Place { reading: hot.readings, seat: 0 }
    }

    fn second(hot: &Hot) -> Place {
        Place { seat: 1, ..first(hot) }
    }

    fn known(number: Number) -> Found {
        Found { number, not_modified: false, source: Source::Known, refresh: false }
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
        assert_eq!(hot.store(first(&hot), PATH, entry(10)).number, Some(1));
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
        let found = Some(known(1));
        assert_eq!(path_of("http://h/api/accounts/18?"), Some("/api/accounts/18"));
        assert_eq!(hot.find(&plain()), found);
        assert_eq!(hot.find(&HotRequest { method: "HEAD", ..plain() }), found);
        assert_eq!(hot.find(&HotRequest { now_ms: NOW_MS + 1000, ..plain() }), found);
        assert_eq!(hot.find(&HotRequest { now_ms: NOW_MS + 10_001, ..plain() }), None);
    }

    #[test]
    fn an_answer_ends_when_its_caller_sees_less_however_fresh_it_is() {
        let mut hot = hot();
        let ends_ms = Some(NOW_MS + 500);
        assert_eq!(hot.store(first(&hot), PATH, Entry { ends_ms, ..entry(10) }).number, Some(1));
        assert_eq!(hot.find(&HotRequest { now_ms: NOW_MS + 499, ..plain() }), Some(known(1)));
        assert_eq!(hot.find(&HotRequest { now_ms: NOW_MS + 500, ..plain() }), None);
    }

    #[test]
    fn whatever_is_unusual_takes_the_long_way() {
        let mut hot = warm();
        for unusual in [
            HotRequest { method: "POST", ..plain() },
            HotRequest { method: "get", ..plain() },
            HotRequest { cache_control: Some("no-cache"), ..plain() },
            HotRequest { cache_control: Some("max-age=0"), ..plain() },
            HotRequest { authorization: None, ..plain() },
            HotRequest { authorization: Some("Bearer edge_sho"), ..plain() },
            HotRequest { authorization: Some("Bearer edge_shop, Bearer edge_shop"), ..plain() },
            HotRequest { url: "http://h:1/api/accounts?limit=3", ..plain() },
            HotRequest { url: "http://h:1/api/accounts?limit=2#x", ..plain() },
            HotRequest { url: "http://h:1/api/accounts?limit=2?", ..plain() },
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
        assert_eq!(hot.store(second(&hot), PATH, entry(10)).number, Some(2));
        assert_eq!(hot.find(&old).map(|found| found.number), Some(2));
        let later_ms = NOW_MS + 1000; // 1970-01-01T00:16:41Z
        hot.store(second(&hot), PATH, Entry { sent_ms: later_ms, ..entry(10) });
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
            assert_eq!(hot.find(&request), Some(Found { not_modified, ..known(1) }), "{tags}");
        }
    }

    #[test]
    fn other_keys_forget_every_answer() {
        let mut hot = warm();
        assert_eq!(hot.set_keys(keys(&keys_text())), vec![1]);
        assert_eq!(hot.find(&plain()), None);
        hot.store(first(&hot), PATH, entry(10));
        hot.set_keys(Keys::default());
        assert_eq!(hot.find(&plain()), None);
    }

    #[test]
    fn bodies_are_bounded_and_the_least_recently_used_goes_first() {
        let mut hot = hot();
        let third = MAX_BYTES / 3 - 2 * OVERHEAD_BYTES;
        for path in ["/1", "/2", "/3"] {
            assert_eq!(hot.store(first(&hot), path, entry(third)).dropped, Vec::<Number>::new());
        }
        assert!(hot.find(&HotRequest { url: "http://h/1", ..plain() }).is_some());
        assert_eq!(hot.store(first(&hot), "/4", entry(third)).dropped, [2]);
        assert_eq!(
            hot.store(first(&hot), "/4", entry(10)).dropped,
            [4],
            "the older one of the same path"
        );
        assert_eq!(hot.store(first(&hot), "/5", entry(third)).dropped, Vec::<Number>::new());
        let huge = hot.store(first(&hot), "/6", entry(MAX_BYTES));
        assert_eq!(huge, Stored { number: None, dropped: Vec::new() });
    }

    #[test]
    fn hits_are_counted_and_taken_once() {
        let mut hot = warm();
        for _ in 0..3 {
            hot.find(&plain());
        }
        let (place, other) = (first(&hot), second(&hot));
        assert_eq!((hot.take_hits(place, PATH), hot.take_hits(place, PATH)), (3, 0));
        assert_eq!((hot.take_hits(other, PATH), hot.take_hits(place, "/other")), (0, 0));
    }

    #[test]
    fn an_age_that_the_caller_allows_is_kept() {
        let mut hot = warm();
        let mut at = |after_ms| {
            let strict = HotRequest { cache_control: Some("max-age=2"), ..plain() };
            hot.find(&HotRequest { now_ms: NOW_MS + after_ms, ..strict }).is_some()
        };
        assert_eq!((at(2_000), at(2_001)), (true, false));
    }

    #[test]
    fn a_refresh_begins_once_until_it_is_over_or_lost() {
        let mut hot = warm();
        let place = first(&hot);
        let mut at = |after_ms| hot.find(&HotRequest { now_ms: NOW_MS + after_ms, ..plain() });
        let refreshing = Found { source: Source::Refreshing, ..known(1) };
        assert_eq!(at(1_001), Some(Found { refresh: true, ..refreshing }));
        assert_eq!(at(1_002), Some(refreshing));
        assert_eq!(at(10_000), Some(refreshing));
        assert_eq!(at(10_001), None);
        hot.refreshed(place, PATH);
        let again = hot.find(&HotRequest { now_ms: NOW_MS + 10_000, ..plain() });
        assert_eq!(again, Some(Found { refresh: true, ..refreshing }), "the first one is over");
    }

    #[test]
    fn what_the_gate_says_to_go_on_with_is_served_for_so_long() {
        let mut hot = hot();
        let service = Service {
            source: Source::Busy,
            age_ms: 60_000,
            fresh_ms: 1_000,
            keep_ms: 500,
            queue_ms: 0,
            upstream_ms: 0,
        };
        hot.store(first(&hot), PATH, Entry::new("\"abc\"", 10, &service, 7, None, NOW_MS));
        let mut at = |after_ms| hot.find(&HotRequest { now_ms: NOW_MS + after_ms, ..plain() });
        assert_eq!(at(499), Some(Found { source: Source::Busy, ..known(1) }));
        assert_eq!(at(500), None);
        let (place, down) = (first(&hot), Service { source: Source::Down, ..service });
        assert_eq!(hot.version(place, PATH), Some(7));
        hot.keep_on(place, PATH, &down, NOW_MS + 600);
        let again = hot.find(&HotRequest { now_ms: NOW_MS + 1_099, ..plain() });
        assert_eq!(again, Some(Found { source: Source::Down, ..known(1) }));
    }

    #[test]
    fn an_older_answer_does_not_replace_a_newer_one_nor_one_of_other_keys_any() {
        let mut hot = warm();
        let place = first(&hot);
        let older = hot.store(place, PATH, Entry { sent_ms: NOW_MS - 1, ..entry(10) });
        assert_eq!(older, Stored::default());
        hot.set_keys(keys(&keys_text()));
        assert_eq!(hot.store(place, PATH, entry(10)), Stored::default());
        assert_eq!(hot.find(&plain()), None);
    }

    #[test]
    fn a_find_is_packed_into_one_number() {
        for (found, packed) in [
            (known(1), 16.0),
            (Found { not_modified: true, ..known(1) }, 17.0),
            (Found { source: Source::Refreshing, ..known(2) }, 34.0),
            (Found { source: Source::Busy, ..known(2) }, 36.0),
            (Found { source: Source::Down, not_modified: true, ..known(2) }, 39.0),
            (
                Found { source: Source::Refreshing, refresh: true, ..known(u32::MAX) },
                68_719_476_730.0,
            ),
        ] {
            assert!((found.packed() - packed).abs() < 0.5, "{}", found.packed());
        }
    }
}
