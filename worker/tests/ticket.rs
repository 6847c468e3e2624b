//! A ticket is worth at most what its maker is worth, at every moment, and nobody else can make one.

#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]
#![allow(
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "what is not there fails the test"
)]
#![allow(clippy::arithmetic_side_effects, reason = "too much of something fails the test")]

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sepay::Vnd;
use sepay_worker::auth::{Caller, Rights, Scope};
use sepay_worker::mask::{FIELDS, Field, Hidden};
use sepay_worker::ticket::{
    Claims, MAX_TICKET_BYTES, NotGranted, Secrets, Wish, WrittenRights, fingerprint, grant,
    is_ticket, narrowed,
};
use sha2::Sha256;

/// Rights as the answers write them.
fn rights_json(rights: &Rights) -> Option<String> {
    serde_json::to_string(&WrittenRights::from(rights)).ok()
}

#[path = "ticket/rights.rs"]
mod rights;
#[path = "ticket/wish.rs"]
mod wish;

const SECRET: &str = "a secret of thirty-two letters, or more";
const OLDER: &str = "the secret that was in use before that";
const NOW_MS: u64 = 1_795_240_800_000;

fn secrets(current: &str, previous: Option<&str>) -> Secrets {
    let (secrets, bad) = Secrets::read(Some(current), previous);
    assert_eq!(bad, None);
    secrets
}

fn hidden(names: &[&str]) -> Vec<Hidden> {
    names.iter().map(|name| Field::named(name).unwrap()).collect()
}

fn key() -> Caller {
    let scopes = [Scope::AccountsRead, Scope::TransactionsRead, Scope::TicketsWrite];
    Caller {
        id: "shop".to_owned(),
        ticket: None,
        profile: "default".to_owned(),
        requests_per_minute: Some(60),
        expires_ms: None,
        rights: Rights { scopes: scopes.to_vec(), ..Rights::default() },
    }
}

fn claims() -> Claims {
    let wish = Wish {
        accounts: Some(vec!["0071000888888".to_owned()]),
        code: Some("DH001".to_owned()),
        amount: Vnd::new(2_277_000).ok(),
        hide: hidden(&["balance"]),
        ..Wish::default()
    };
    // The SHA-256 of `edge_test`.
    let entry = hash("edge_test");
    grant(&wish, &key(), &fingerprint(&entry), "7f0c", NOW_MS).ok().unwrap()
}

fn hash(text: &str) -> [u8; 32] {
    use sha2::Digest;
    Sha256::digest(text.as_bytes()).into()
}

/// Signs anything as a ticket is signed.
fn forged(header: &str, payload: &str, secret: &str) -> String {
    let signed = [header, payload].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
    let signed = signed.join(".");
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let signature = mac.chain_update(signed.as_bytes()).finalize().into_bytes();
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
}

fn part(ticket: &str, index: usize) -> String {
    let part = Base64UrlUnpadded::decode_vec(ticket.split('.').nth(index).unwrap()).unwrap();
    String::from_utf8(part).unwrap()
}

/// Made with Python's hmac, hashlib and base64 (RFC 7515, appendix A.1, is the recipe).
const KNOWN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjE1ZDUzNDA1In0.\
    eyJpc3MiOiJzZXBheS1lZGdlIiwic3ViIjoic2hvcCIsImtleSI6ImI3ZWVkYmQyYjc2Zjg5M2EiLCJpYXQiOjE3OTUyND\
    A4MDAsImV4cCI6MTc5NTI0MTcwMCwianRpIjoiN2YwYyIsInNjb3BlIjoidHJhbnNhY3Rpb25zOnJlYWQiLCJhY2NvdW50\
    cyI6WyIwMDcxMDAwODg4ODg4Il0sImNvZGUiOiJESDAwMSIsImFtb3VudCI6MjI3NzAwMCwiaGlkZSI6WyJiYWxhbmNlIl\
    19.pf-o1catFxMTZ8I6pZm4nYIdpojhVuPoNfkTvjAb2Jo";

#[test]
fn a_ticket_is_to_the_byte_what_another_program_makes() {
    let secrets = secrets(SECRET, None);
    assert_eq!(secrets.sign(&claims()).as_deref(), Some(KNOWN));
    assert!(secrets.verify(KNOWN) == Some(claims()));
    assert!(is_ticket(KNOWN));
}

#[test]
fn a_key_is_not_taken_for_a_ticket() {
    let key = format!("edge_{}", "x".repeat(49));
    for credential in ["", "eyJ", "eyJ.a", "eyJ.a.b.c", ".eyJ.a", key.as_str()] {
        assert!(!is_ticket(credential), "{credential}");
    }
}

#[test]
fn no_byte_of_a_ticket_can_be_changed_added_or_left_out() {
    let secrets = secrets(SECRET, None);
    let others = (b'!'..=b'~').chain([b' ', b'\n', 0]);
    for other in others {
        for at in 0..=KNOWN.len() {
            let mut longer = KNOWN.as_bytes().to_vec();
            longer.insert(at, other);
            assert!(secrets.verify(std::str::from_utf8(&longer).unwrap()).is_none(), "{at}");
            let Some(own) = KNOWN.as_bytes().get(at) else { continue };
            longer.remove(at + 1);
            let changed = String::from_utf8(longer).unwrap();
            assert_eq!(secrets.verify(&changed).is_some(), *own == other, "{at} {other}");
        }
    }
    for at in 0..KNOWN.len() {
        assert!(secrets.verify(&format!("{}{}", &KNOWN[..at], &KNOWN[at + 1..])).is_none());
        assert!(
            secrets.verify(&KNOWN[..at]).is_none() && secrets.verify(&KNOWN[at + 1..]).is_none()
        );
    }
}

#[test]
fn a_header_is_ours_or_the_ticket_is_nothing() {
    let secrets = secrets(SECRET, None);
    let payload = part(KNOWN, 1);
    let header = |text: &str| secrets.verify(&forged(text, &payload, SECRET)).is_some();
    assert!(header(r#"{"alg":"HS256","typ":"JWT","kid":"15d53405"}"#));
    for other in [
        r#"{"alg":"none","typ":"JWT","kid":"15d53405"}"#,
        r#"{"alg":"HS512","typ":"JWT","kid":"15d53405"}"#,
        r#"{"alg":"RS256","typ":"JWT","kid":"15d53405"}"#,
        r#"{"alg":"hs256","typ":"JWT","kid":"15d53405"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"15d53406"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","kid":"15d53405"}"#,
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","kid":"15d53405"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"15d53405","crit":["exp"]}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"15d53405"}"#,
        "{}",
        "",
    ] {
        assert!(!header(other), "{other}");
    }
    let unsigned = |alg: &str| {
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"15d53405"}}"#);
        let parts =
            [&header, &payload].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
        format!("{}.", parts.join("."))
    };
    for alg in ["none", "None", "HS256"] {
        assert!(secrets.verify(&unsigned(alg)).is_none(), "{alg}");
    }
    for text in ["", ".", "..", "...", "a.b", "é.é.é"] {
        assert!(secrets.verify(text).is_none(), "{text}");
    }
}

#[test]
fn claims_are_read_strictly_even_when_they_are_signed() {
    let secrets = secrets(SECRET, None);
    let (header, payload) = (part(KNOWN, 0), part(KNOWN, 1));
    let reads = |payload: &str| secrets.verify(&forged(&header, payload, SECRET)).is_some();
    assert!(reads(&payload));
    for (from, to) in [
        (r#""iss":"sepay-edge""#, r#""iss":"another""#),
        (r#""iss":"sepay-edge","#, ""),
        (r#""jti":"7f0c","#, ""),
        (r#""exp":1795241700,"#, ""),
        (r#""exp":1795241700"#, r#""exp":1795241700.5"#),
        (r#""exp":1795241700"#, r#""exp":-1"#),
        (r#""exp":1795241700"#, r#""exp":"1795241700""#),
        (r#""exp":1795241700"#, r#""exp":1795241700,"exp":9795241700"#),
        (r#""exp":1795241700"#, r#""exp":1795241700,"nbf":0"#),
        (r#"["0071000888888"]"#, "null"),
        (r#""DH001""#, "null"),
        ("2277000", "null"),
        ("2277000", "2277000.0"),
        (r#"["balance"]"#, "null"),
        (r#""hide""#, r#""hides""#),
        ("}", "} "),
        ("}", "}{}"),
    ] {
        assert!(payload.contains(from), "{from}");
        // White space behind the claims is the one thing that is read over: only a signer could put it there.
        assert_eq!(reads(&payload.replace(from, to)), to == "} ", "{from} {to}");
    }
}

#[test]
fn a_secret_is_good_until_it_is_neither_current_nor_previous() {
    let ticket = |secrets: &Secrets| secrets.sign(&claims()).unwrap();
    let old = ticket(&secrets(OLDER, None));
    let both = secrets(SECRET, Some(OLDER));
    assert!(both.verify(&old).is_some() && both.verify(KNOWN).is_some());
    assert_eq!(ticket(&both), KNOWN, "the current one signs");
    assert!(secrets(SECRET, None).verify(&old).is_none());
    assert!(secrets(OLDER, None).verify(KNOWN).is_none());
    // The header says one secret and the signature is by the other.
    let mixed = forged(&part(&old, 0), &part(KNOWN, 1), SECRET);
    assert!(both.verify(&mixed).is_none());
    // Only the previous one: its tickets end by themselves, and no more are made.
    let (last, bad) = Secrets::read(None, Some(OLDER));
    assert!(last.verify(&old).is_some() && last.sign(&claims()).is_none());
    assert!(bad.is_none() && !last.is_configured());
}

#[test]
fn a_ticket_for_another_payment_than_its_keys_is_nothing() {
    let is_good = |code: &str, dong: i64| {
        let (code, amount) = (Some(code.to_owned()), Vnd::new(dong).ok());
        let rights = Rights { code, amount, ..key().rights };
        narrowed(&claims(), &Caller { rights, ..key() }, NOW_MS).is_some()
    };
    assert!(is_good("DH001", 2_277_000));
    assert!(!is_good("DH002", 2_277_000) && !is_good("DH001", 1));
}

#[test]
fn a_ticket_with_a_code_or_an_amount_reads_no_accounts_whatever_it_says() {
    for (code, amount) in [(Some("DH001".to_owned()), None), (None, Some(1))] {
        let scope = "accounts:read transactions:read".to_owned();
        let claims = Claims { scope, code, amount, ..claims() };
        let holder = narrowed(&claims, &key(), NOW_MS).unwrap();
        assert_eq!(holder.rights.scopes, [Scope::TransactionsRead]);
    }
}

#[test]
fn a_ticket_of_2048_bytes_is_signed_and_read_and_a_longer_one_is_not() {
    let secrets = secrets(SECRET, None);
    let of = |id_chars: usize| Claims { jti: "7".repeat(id_chars), ..claims() };
    let longest =
        (0..MAX_TICKET_BYTES).rev().find(|id_chars| secrets.sign(&of(*id_chars)).is_some());
    let longest = longest.unwrap();
    let ticket = secrets.sign(&of(longest)).unwrap();
    assert_eq!(ticket.len(), 2048);
    assert!(secrets.verify(&ticket) == Some(of(longest)));
    let payload = serde_json::to_string(&of(longest + 1)).unwrap();
    assert!(secrets.verify(&forged(&part(KNOWN, 0), &payload, SECRET)).is_none());
}

#[test]
fn a_secret_of_32_characters_makes_tickets() {
    for text in ["0".repeat(32), format!(" {}\n", "ư".repeat(32))] {
        let (long_enough, bad) = Secrets::read(Some(&text), None);
        assert!(bad.is_none() && long_enough.is_configured());
        assert!(long_enough.sign(&claims()).is_some());
    }
}

#[test]
fn a_short_secret_is_not_used_and_not_repeated() {
    let short = "0123456789012345678901234567890";
    let told = |current: Option<&str>, previous: Option<&str>| {
        Secrets::read(current, previous).1.map(|bad| bad.to_string())
    };
    let expected = |binding: &str| Some(format!("{binding}: expected at least 32 characters"));
    assert_eq!(told(Some(short), None), expected("EDGE_TICKET_SECRET"));
    assert_eq!(told(Some(SECRET), Some(short)), expected("EDGE_TICKET_SECRET_PREVIOUS"));
    assert_eq!(told(Some(&format!(" {short}\n")), None), expected("EDGE_TICKET_SECRET"));
    assert_eq!(told(Some("ư".repeat(31).as_str()), None), expected("EDGE_TICKET_SECRET"));
    for none in [None, Some(""), Some(" \n")] {
        assert_eq!(told(none, none), None);
        assert!(!Secrets::read(none, none).0.is_configured());
    }
    assert!(!Secrets::default().is_configured());
    let unused = Secrets::read(Some(short), Some(short)).0;
    let ticket = forged(&part(KNOWN, 0), &part(KNOWN, 1), short);
    assert!(unused.sign(&claims()).is_none() && unused.verify(&ticket).is_none());
    let line = format!("{SECRET}\n");
    assert!(secrets(&line, None).verify(KNOWN).is_some(), "as a file has it");
}

#[test]
fn a_ticket_tells_neither_the_secret_nor_the_hash_of_the_key() {
    let told: String = (0..2).map(|index| part(KNOWN, index)).collect();
    let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for secret in [hex(hash("edge_test")), hex(hash(SECRET))] {
        assert!(!told.contains(&secret[..8]));
    }
    assert_eq!(fingerprint(&hash("edge_test")), "b7eedbd2b76f893a");
    assert_ne!(fingerprint(&hash("edge_tesT")), "b7eedbd2b76f893a");
}

#[test]
fn the_longest_ticket_that_is_granted_can_be_signed_and_used() {
    let mut key = key();
    key.id = "x".repeat(64);
    // Four bytes a character, or two for what JSON escapes.
    for (letter, accounts) in
        [("😀", "😀".repeat(36)), ("\"", "\"".repeat(77)), ("ư", "ư".repeat(73))]
    {
        let numbers: Vec<_> = (0..4).map(|n| format!("{accounts}{n}")).collect();
        let hide = FIELDS.iter().map(|field| field.as_str());
        let hide: Vec<_> =
            hide.filter(|ours| !["accountNumber", "code", "amountIn"].contains(ours)).collect();
        let body = serde_json::json!({ "accounts": numbers, "code": letter.repeat(64),
            "amount": 9_007_199_254_740_991_u64, "hide": hide, "ttlSeconds": 3600 });
        let wish = Wish::read(body.to_string().as_bytes()).ok().unwrap();
        let claims = grant(&wish, &key, "0123456789abcdef", &"j".repeat(36), NOW_MS).ok().unwrap();
        let ticket = secrets(SECRET, None).sign(&claims).expect("short enough");
        assert!(ticket.len() <= MAX_TICKET_BYTES && ticket.len() > 1600, "{}", ticket.len());
        assert!(secrets(SECRET, None).verify(&ticket) == Some(claims));
    }
    let mut endless = claims();
    endless.code = Some("x".repeat(2000));
    assert!(secrets(SECRET, None).sign(&endless).is_none());
}
