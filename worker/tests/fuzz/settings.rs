//! `EDGE_KEYS` and tickets: nobody is let in by chance, and no ticket is worth more than its key.

use std::sync::LazyLock;

use sepay_worker::auth::{Keys, Rights};
use sepay_worker::ticket::{self, MAX_TICKET_BYTES, Secrets, Wish};
use sha2::{Digest, Sha256};

use super::bytes::Bytes;
use super::callers::any_now_ms;
use super::words::{FIELDS_OF_KEYS, FIELDS_OF_WISHES, HEADERS};

/// `EDGE_KEYS` and who is let in by it.
pub fn configured(bytes: &mut Bytes<'_>) -> &'static str {
    let entries = (0..bytes.below(3)).map(|_| {
        let mut fields = Vec::new();
        if !bytes.one_in(3) {
            fields = vec![
                FIELDS_OF_KEYS[0].replace("CANARY", "a"),
                FIELDS_OF_KEYS[2].to_owned(),
                FIELDS_OF_KEYS[5].to_owned(),
            ];
        }
        if bytes.one_in(3) {
            // It ends where half of the times are that are tried.
            fields.push(r#""expires":"2026-04-02T17:00:00Z""#.to_owned());
        }
        for _ in 0..bytes.below(3) {
            fields.push(bytes.piece(FIELDS_OF_KEYS));
        }
        format!("{{{}}}", fields.join(","))
    });
    let hash = hex_of("k");
    let text = format!("[{}]", entries.collect::<Vec<_>>().join(","));
    let text = text.replace("{k}", &hash).replace("{K}", &hash.to_uppercase());
    let text = if bytes.one_in(4) { bytes.damaged(&text) } else { text };
    let raw = String::from_utf8_lossy(bytes.raw(200)).into_owned();
    let header = if bytes.one_in(2) { bytes.text(2, HEADERS) } else { "Bearer k".to_owned() };
    let now_ms = any_now_ms(bytes);
    let mut reached = "no keys";
    for text in [&raw, &text] {
        match Keys::parse(text) {
            Ok(keys) => reached = lets_in(&keys, text, &header, now_ms),
            Err(bad) => {
                let told = format!("{bad} {bad:?}");
                assert!(!told.contains("CANARY") && !told.contains(&hash), "{told}");
            }
        }
    }
    reached
}

fn lets_in(keys: &Keys, text: &str, header: &str, now_ms: u64) -> &'static str {
    let Ok(authorized) = keys.authorize(Some(header), now_ms) else { return "not let in" };
    let credential = header.trim().split_once(' ').expect("a scheme").1.trim();
    let is_configured = text.to_lowercase().contains(&hex_of(credential));
    assert!(is_configured, "let in: {header:?} by {text}");
    let caller = &authorized.caller;
    assert!(caller.expires_ms.is_none_or(|end_ms| now_ms < end_ms), "it has ended");
    assert!(!caller.rights.scopes.is_empty() || !text.contains("\"scopes\":[\"accounts:read"));
    assert!(keys.authorize(None, now_ms).is_err());
    "let in"
}

pub fn hex_of(credential: &str) -> String {
    Sha256::digest(credential.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A key that may make tickets for two accounts, and hides one field.
static MAKERS: LazyLock<Keys> = LazyLock::new(|| {
    let text = format!(
        r#"[{{"id":"shop","sha256":"{}","scopes":["accounts:read","transactions:read","tickets:write"],
            "accounts":["1","0071000888888"],"hide":["balance"],"from":"30d"}}]"#,
        hex_of("k")
    );
    Keys::parse(&text).expect("keys").with_tickets(Secrets::read(Some(SECRET), None).0)
});

/// What a ticket is asked for, the ticket, and what is left of it when it is damaged.
pub fn tickets(bytes: &mut Bytes<'_>) -> &'static str {
    let now_ms = 1_775_149_200_000;
    let body = wish(bytes);
    let raw = bytes.raw(60).to_vec();
    let maker = MAKERS.authorize(Some("Bearer k"), now_ms).expect("the maker");
    let fingerprint = MAKERS.fingerprint(maker.place).expect("its name");
    drop(Wish::read(&raw));
    let wish = match Wish::read(body.as_bytes()) {
        Ok(wish) => wish,
        Err(bad) => {
            assert!(!bad.to_string().contains("CANARY"), "{bad}");
            return "a bad wish";
        }
    };
    let claims = ticket::grant(&wish, &maker.caller, fingerprint, "t-1", now_ms);
    let Ok(claims) = claims else { return "no ticket" };
    let text = MAKERS.secrets().sign(&claims).expect("a ticket that is short enough");
    assert!(text.len() <= MAX_TICKET_BYTES && ticket::is_ticket(&text));
    assert!(MAKERS.secrets().verify(&text) == Some(claims.clone()));
    let header = format!("Bearer {text}");
    let holder = MAKERS.authorize(Some(&header), now_ms).expect("the holder").caller;
    assert!(holder.ticket.as_deref() == Some("t-1"));
    is_no_more(&holder.rights, &maker.caller.rights);
    let end_ms = holder.expires_ms.expect("an end");
    assert!(end_ms - now_ms <= 3_600_000 && end_ms > now_ms);
    assert!(MAKERS.authorize(Some(&header), end_ms).is_err(), "it has ended");
    assert!(ticket::grant(&Wish::default(), &holder, fingerprint, "t-2", now_ms).is_err());
    let own = ticket::own_json(&holder).expect("JSON");
    serde_json::from_str::<serde_json::Value>(&own).expect("JSON");
    let damaged = bytes.damaged(&text);
    let is_same = damaged == text;
    assert!(is_same || MAKERS.secrets().verify(&damaged).is_none(), "damaged: {damaged}");
    let header = format!("Bearer {damaged}");
    assert!(is_same || MAKERS.authorize(Some(&header), now_ms).is_err() || damaged.trim() == text);
    "a ticket"
}

fn wish(bytes: &mut Bytes<'_>) -> String {
    let count = bytes.below(5);
    let fields: Vec<String> = (0..count).map(|_| bytes.piece(FIELDS_OF_WISHES)).collect();
    let body = format!("{{{}}}", fields.join(","));
    if bytes.one_in(5) { bytes.damaged(&body).replace("CANAR", "canar") } else { body }
}

/// No right that the other has not.
fn is_no_more(less: &Rights, more: &Rights) {
    assert!(less.scopes.iter().all(|scope| more.scopes.contains(scope)));
    let own = less.accounts.as_ref().expect("the maker's are limited");
    assert!(own.iter().all(|number| more.may_see(number)));
    assert!(more.hide.iter().all(|field| less.hide.contains(field)));
    assert_eq!(less.from_days, more.from_days);
    assert!(more.code.is_none() || less.code == more.code);
    assert!(more.amount.is_none() || less.amount == more.amount);
}
