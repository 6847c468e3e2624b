//! How old an answer is and where it comes from, in HTTP's words: `Age`, `Cache-Status`, `ETag`, `Server-Timing`.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::gate::event::{Service, Source};

/// Describes an answer that was put together from several: as old as the oldest, as good as the worst.
#[must_use]
pub fn together(services: &[Service]) -> Service {
    let most = |of: fn(&Service) -> u64| services.iter().map(of).max().unwrap_or(0);
    let least = |of: fn(&Service) -> u64| services.iter().map(of).min().unwrap_or(0);
    let source = services.iter().map(|service| service.source).max_by_key(|source| rank(*source));
    Service {
        source: source.unwrap_or(Source::Asked),
        age_ms: most(|service| service.age_ms),
        fresh_ms: least(|service| service.fresh_ms),
        keep_ms: most(|service| service.keep_ms),
        queue_ms: most(|service| service.queue_ms),
        upstream_ms: most(|service| service.upstream_ms),
    }
}

fn rank(source: Source) -> u8 {
    match source {
        Source::Known => 0,
        Source::Joined => 1,
        Source::Asked => 2,
        Source::Refreshing => 3,
        Source::Busy => 4,
        Source::Down => 5,
    }
}

/// Returns the headers that say where an answer comes from and how old it is.
#[must_use]
pub fn headers(service: &Service) -> Vec<(&'static str, String)> {
    vec![
        ("age", (service.age_ms / 1_000).to_string()),
        ("cache-status", cache_status(service)),
        ("server-timing", server_timing(service)),
    ]
}

/// Returns `Cache-Status` (RFC 9211): a stale answer has a negative `ttl`, and `detail` says why it was served.
fn cache_status(service: &Service) -> String {
    let mut text = "sepay-edge".to_owned();
    let kept = if service.fresh_ms > 0 { "; stored" } else { "" };
    match service.source {
        Source::Asked => {
            text.push_str("; fwd=miss");
            text.push_str(kept);
        }
        Source::Joined => {
            text.push_str("; fwd=miss; collapsed");
            text.push_str(kept);
        }
        Source::Known | Source::Refreshing | Source::Busy | Source::Down => {
            // Writing to a string cannot fail.
            let _written = write!(text, "; hit; ttl={}", ttl_secs(service));
        }
    }
    text.push_str(match service.source {
        Source::Refreshing => "; detail=refreshing",
        Source::Busy => "; detail=stale-busy",
        Source::Down => "; detail=stale-down",
        Source::Asked | Source::Joined | Source::Known => "",
    });
    text
}

/// What is left of its freshness, in seconds, rounded down.
fn ttl_secs(service: &Service) -> i64 {
    let left_ms = i64::try_from(service.fresh_ms).unwrap_or(i64::MAX);
    let age_ms = i64::try_from(service.age_ms).unwrap_or(i64::MAX);
    left_ms.saturating_sub(age_ms).div_euclid(1_000)
}

/// Returns `Server-Timing`: the wait for a slot, the wait for SePay, and the exact age, in milliseconds.
fn server_timing(service: &Service) -> String {
    let Service { queue_ms, upstream_ms, age_ms, .. } = service;
    format!("queue;dur={queue_ms}, upstream;dur={upstream_ms}, age;dur={age_ms}")
}

/// Returns a strong `ETag`: the same bytes have the same, whenever and from wherever they come.
#[must_use]
pub fn etag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    let mut tag = "\"".to_owned();
    for byte in hash.iter().take(16) {
        let _written = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(source: Source, age_ms: u64) -> Service {
        Service { source, age_ms, fresh_ms: 1_000, keep_ms: 0, queue_ms: 7, upstream_ms: 9 }
    }

    #[test]
    fn each_source_has_its_words() {
        for (source, age_ms, words) in [
            (Source::Asked, 0, "sepay-edge; fwd=miss; stored"),
            (Source::Joined, 0, "sepay-edge; fwd=miss; collapsed; stored"),
            (Source::Known, 0, "sepay-edge; hit; ttl=1"),
            (Source::Known, 1, "sepay-edge; hit; ttl=0"),
            (Source::Refreshing, 1_001, "sepay-edge; hit; ttl=-1; detail=refreshing"),
            (Source::Busy, 61_000, "sepay-edge; hit; ttl=-60; detail=stale-busy"),
            (Source::Down, 3_601_000, "sepay-edge; hit; ttl=-3600; detail=stale-down"),
        ] {
            let told = headers(&service(source, age_ms));
            assert_eq!(told.get(1), Some(&("cache-status", words.to_owned())));
        }
        let unkept = Service { fresh_ms: 0, ..service(Source::Asked, 0) };
        assert_eq!(cache_status(&unkept), "sepay-edge; fwd=miss");
    }

    #[test]
    fn ages_are_told_in_whole_seconds_and_exactly() {
        let told = headers(&service(Source::Known, 1_999));
        assert_eq!(told.first(), Some(&("age", "1".to_owned())));
        assert_eq!(
            told.get(2),
            Some(&("server-timing", "queue;dur=7, upstream;dur=9, age;dur=1999".to_owned()))
        );
    }

    #[test]
    fn several_answers_are_as_old_as_the_oldest_and_as_good_as_the_worst() {
        let several =
            [service(Source::Known, 5), service(Source::Busy, 50_000), service(Source::Asked, 1)];
        let all = together(&several);
        assert_eq!((all.source, all.age_ms), (Source::Busy, 50_000));
        assert_eq!(
            together(&[service(Source::Known, 5), service(Source::Joined, 1)]).source,
            Source::Joined
        );
    }

    #[test]
    fn the_tag_follows_the_bytes() {
        assert_eq!(etag(b""), "\"e3b0c44298fc1c149afbf4c8996fb924\"");
        assert_ne!(etag(b"a"), etag(b"b"));
    }
}
