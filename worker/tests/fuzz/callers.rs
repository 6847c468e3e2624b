//! Callers with arbitrary rights.

use sepay::Vnd;
use sepay_worker::auth::{Caller, Rights, Scope};
use sepay_worker::mask::FIELDS;

use super::bytes::Bytes;

/// Account numbers that may stand in `EDGE_KEYS`, which takes any text.
pub const ACCOUNTS: &[&str] = &[
    "0071000888888",
    "1",
    "0",
    "",
    " 1",
    "1&limit=5000",
    "1\r\nhost: x",
    "số 1",
    "../2",
    "1#2",
    "%31",
    "\u{0}",
];

pub const CODES: &[&str] = &["DH1", "DH12", "dh1", "", "a\"b", "\u{110}1"];

/// A caller who may do much or little.
pub fn any_caller(bytes: &mut Bytes<'_>) -> Caller {
    let rights = Rights {
        scopes: Scope::ALL.into_iter().filter(|_| !bytes.one_in(16)).collect(),
        accounts: some(bytes, |bytes| (0..bytes.below(11)).map(|_| any_account(bytes)).collect()),
        hide: FIELDS.iter().filter(|_| bytes.one_in(7)).collect(),
        from_days: some(bytes, |bytes| bytes.pick(&[1, 2, 30, 3650])),
        code: some(
            bytes,
            |bytes| if bytes.one_in(2) { bytes.piece(CODES) } else { CODES[0].to_owned() },
        ),
        amount: some(bytes, |bytes| amount(bytes.pick(&[0, 1, 1, 1, 9_007_199_254_740_991]))),
    };
    Caller {
        id: "a".to_owned(),
        ticket: None,
        profile: "default".to_owned(),
        requests_per_minute: None,
        expires_ms: None,
        rights,
    }
}

/// A time: a usual one, one at the ends, or any.
pub fn any_now_ms(bytes: &mut Bytes<'_>) -> u64 {
    const USUAL_MS: u64 = 1_775_149_200_000;
    match bytes.below(10) {
        0 => bytes.number(),
        1 => bytes.pick(&[0, 1, u64::MAX, 253_402_275_599_999, 253_402_275_600_000]),
        2 | 3 => bytes.pick(&[USUAL_MS - 1, USUAL_MS]),
        _ => USUAL_MS + 86_400_000,
    }
}

/// A plain one as often as a strange one.
fn any_account(bytes: &mut Bytes<'_>) -> String {
    let accounts = if bytes.one_in(2) { ACCOUNTS } else { &ACCOUNTS[..2] };
    bytes.piece(accounts)
}

fn amount(dong: i64) -> Vnd {
    Vnd::new(dong).expect("VND")
}

fn some<'a, T>(bytes: &mut Bytes<'a>, make: impl FnOnce(&mut Bytes<'a>) -> T) -> Option<T> {
    bytes.one_in(3).then(|| make(bytes))
}
