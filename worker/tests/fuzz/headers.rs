//! Headers, packed requests, and what Worker and gate say to each other.

use sepay::Target;
use sepay_worker::auth::Keys;
use sepay_worker::gate::event::{Service, Source};
use sepay_worker::gate::wire::{Admit, Ask, Leave, Note};
use sepay_worker::hot::{Entry, Hot, HotRequest};
use sepay_worker::{config, incoming, key};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::bytes::Bytes;
use super::callers::any_now_ms;
use super::emitted::{assert_headers, upstream};
use super::settings::hex_of;
use super::words::{FIELDS_OF_ASKS, LINES, PIECES_OF_HEADERS, PIECES_OF_NOTES};

/// The headers that steer, and settings as plain as they.
pub fn headers(bytes: &mut Bytes<'_>) -> &'static str {
    let text = bytes.text(8, PIECES_OF_HEADERS);
    let raw = String::from_utf8_lossy(bytes.raw(40)).into_owned();
    for header in [text.as_str(), &raw] {
        assert!(incoming::wait_ms(Some(header)) <= 25_000);
        let lower = header.to_ascii_lowercase();
        if !["no-cache", "no-store", "max-age"].iter().any(|name| lower.contains(name)) {
            assert!(incoming::need(Some(header)) == incoming::need(None), "{header:?}");
        }
        if !["u=5", "u=6", "u=7"].iter().any(|urgency| header.contains(urgency)) {
            assert!(incoming::lane(Some(header)) == incoming::lane(None), "{header:?}");
        }
        let is_known = incoming::names(Some(header), "\"abc\"");
        assert!(!is_known || header.contains("\"abc\"") || header.contains('*'), "{header:?}");
        assert!(
            incoming::small_json(header, &raw).is_err() || lower.contains("json") || is_zero(&raw)
        );
        assert!(incoming::small_json("application/json", header).is_err() || is_small(header));
        assert!(matches!(config::requests_per_second(Some(header)), Ok(1..=50) | Err(1)));
        assert!(!config::is_profile(header) || config::token_binding(header).is_ascii());
        assert!(!config::is_on(Some(header)) || header.contains("true"));
        assert!(!key::is_mistyped(header) || header.starts_with("edge_"));
    }
    "headers"
}

fn is_zero(text: &str) -> bool {
    text.trim().trim_start_matches('+').bytes().all(|digit| digit == b'0')
}

fn is_small(text: &str) -> bool {
    text.trim().parse::<usize>().is_ok_and(|bytes| bytes <= 4096)
}

/// A packed request, and one kept answer that it may find.
pub fn hot(bytes: &mut Bytes<'_>) -> &'static str {
    const KEPT: &str = "/api/transactions?limit=2";
    let now_ms = any_now_ms(bytes);
    let mut hot = Hot::default();
    hot.set_keys(
        Keys::parse(&format!(
            r#"[{{"id":"a","sha256":"{}","scopes":["transactions:read"]}}]"#,
            hex_of("k")
        ))
        .expect("keys"),
    );
    let caller = hot.authorize(Some("Bearer k"), 0).expect("a caller").caller.into_owned();
    let (place, _) = hot.seat(0, &caller);
    let service = Service {
        source: Source::Known,
        age_ms: 0,
        fresh_ms: 1_000,
        keep_ms: 0,
        queue_ms: 0,
        upstream_ms: 0,
    };
    let entry =
        Entry::new("\"abc\"", 10, &service, 1, None, bytes.pick(&[now_ms, now_ms, 0, u64::MAX]));
    hot.store(place, KEPT, entry);
    let mut lines: Vec<String> = ["GET", LINES[3], "Bearer k", "", ""].map(str::to_owned).into();
    for line in &mut lines {
        if bytes.one_in(5) {
            *line = bytes.piece(LINES);
        }
    }
    let packed = lines.join("\n");
    let packed = if bytes.one_in(5) { bytes.damaged(&packed) } else { packed };
    let Some(request) = HotRequest::unpack(&packed, now_ms) else { return "not packed" };
    assert_eq!(packed.split('\n').count(), 5);
    if hot.find_for(&request).is_none() {
        return "not kept";
    }
    assert!(matches!(request.method, "GET" | "HEAD"), "{packed:?}");
    let credential = request.authorization.unwrap_or_default().trim();
    assert!(credential.len() >= 8 && credential[7..].trim() == "k", "{packed:?}");
    let (path, query) = incoming::path_and_query(request.url);
    assert_eq!(format!("{path}?{query}"), KEPT);
    assert!(
        request.cache_control.is_none_or(|given| !given.trim().eq_ignore_ascii_case("no-cache"))
    );
    "kept"
}

/// What Worker and gate say to each other.
pub fn wires(bytes: &mut Bytes<'_>) -> &'static str {
    let mut reached = "a wire";
    let mut fields = vec![
        FIELDS_OF_ASKS[bytes.below(5)].to_owned(),
        FIELDS_OF_ASKS[5].to_owned(),
        FIELDS_OF_ASKS[8].to_owned(),
    ];
    let count = bytes.below(4);
    fields.extend((0..count).map(|_| bytes.piece(FIELDS_OF_ASKS)));
    let text = format!("{{{}}}", fields.join(","));
    let text = if bytes.one_in(4) { bytes.damaged(&text) } else { text };
    let note = bytes.text(6, PIECES_OF_NOTES);
    for text in [text.as_bytes(), note.as_bytes(), bytes.rest()] {
        survives::<Note>(text);
        survives::<Leave>(text);
        survives::<Admit>(text);
        let Some(ask) = survives::<Ask>(text) else { continue };
        reached = "an ask";
        assert_eq!(ask.need(), ask.clone().need());
        let Ok(target) = Target::from_text(&ask.target) else { continue };
        let request = upstream().get(&target);
        assert_headers(&request);
        let rest = request.url.strip_prefix("https://my.sepay.vn/userapi/").expect("SePay's API");
        let (path, _) = rest.split_once('?').unwrap_or((rest, ""));
        assert!(!path.contains(['.', '%', '\\']) && !rest.contains('#'), "{rest}");
        assert!(rest.bytes().all(|byte| matches!(byte, 0x21..=0x7e)), "{rest:?}");
    }
    reached
}

/// What can be read can be written, and reads the same again.
fn survives<T: Serialize + DeserializeOwned + PartialEq>(text: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(text).ok()?;
    let written = serde_json::to_vec(&read).expect("JSON");
    let again: T = serde_json::from_slice(&written).expect("its own JSON");
    assert!(again == read, "{}", String::from_utf8_lossy(text));
    Some(read)
}
