//! Tickets: short-lived credentials that a key hands out for less than it may do itself.
//!
//! A ticket is a JSON Web Token (RFC 7519) signed with HMAC-SHA-256, so nobody has to remember it. It is bound to one
//! entry of `EDGE_KEYS`, and is worth what its [`Claims`] say *and* that entry may do at the moment of use: it ends with
//! its own time, with the entry, and with the secret that signed it. Whoever holds it can read its claims: no value of a
//! hidden field is written there.
//!
//! A [`Wish`] and a [`Caller`](crate::auth::Caller) become claims by [`grant`], claims become text by [`Secrets`], and a
//! presented ticket becomes a caller by [`Secrets::verify`] and [`narrowed`]. Finding the entry of a ticket's
//! [`fingerprint`], the time and the random id are the door's.

mod answers;
mod grant;
mod secrets;
mod wish;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use answers::{minted_json, own_json};
pub use grant::{NotGranted, WrittenRights, grant, narrowed};
pub use secrets::{BadSecret, Secrets};
pub use wish::Wish;

use crate::auth::not_null;

/// Who issues tickets, as they say it.
const ISSUER: &str = "sepay-edge";

/// The longest ticket, in bytes.
pub const MAX_TICKET_BYTES: usize = 2048;

/// The longest that a ticket is good for, in seconds.
const MAX_TTL_SECONDS: u64 = 3600;

/// What a ticket says, by the names of RFC 7519 where it has them. It has no `Debug`: it may name accounts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Who issued it: always `sepay-edge`.
    pub iss: String,
    /// The id of the key that it was made with.
    pub sub: String,
    /// The [`fingerprint`] of that key's entry.
    pub key: String,
    /// When it was made, in seconds since the Unix epoch.
    pub iat: u64,
    /// When it ends, in seconds since the Unix epoch.
    pub exp: u64,
    /// Its own id.
    pub jti: String,
    /// The scopes, separated by spaces (RFC 8693).
    pub scope: String,
    /// The account numbers that may be seen; none for those of the key.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<String>>,
    /// Only transactions with this payment code, if any.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Only transactions that brought exactly so many VND, if any.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The fields that are hidden besides those that the key does not see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hide: Vec<String>,
}

/// Says whether a credential looks like a ticket: it is one or nothing, unless it is a configured key of that look.
#[must_use]
pub fn is_ticket(credential: &str) -> bool {
    // `eyJ` is how the encoding of `{"` begins.
    credential.starts_with("eyJ") && credential.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Returns what tickets call an entry of `EDGE_KEYS`: 16 hexadecimal digits, made of the SHA-256 that stands in it.
///
/// A hash of that hash, so that a ticket tells nothing of what is configured.
#[must_use]
pub fn fingerprint(sha256: &[u8; 32]) -> String {
    hex(Sha256::digest(sha256).iter().take(8))
}

fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    let digits = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}
