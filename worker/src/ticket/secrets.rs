//! Claims to a signed text and back: JSON Web Tokens (RFC 7515, RFC 7519) with HS256, and with nothing else.
//!
//! A ticket's header has to be, byte for byte, the one that we write. So nothing of it is interpreted, no algorithm is
//! chosen by whoever presents it, and no byte that we did not sign is ever read as JSON.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Claims, ISSUER, MAX_TICKET_BYTES, hex};
use crate::config::{EDGE_TICKET_SECRET, EDGE_TICKET_SECRET_PREVIOUS};

/// The shortest secret, in characters.
const MIN_SECRET_CHARS: usize = 32;

/// What tickets are signed with. The default is none: no ticket is made or accepted. It has no `Debug`.
#[derive(Default)]
pub struct Secrets {
    current: Option<Secret>,
    previous: Option<Secret>,
}

/// Why a secret is not used. It does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{binding}: expected at least 32 characters")]
pub struct BadSecret {
    /// The name of the binding.
    pub binding: &'static str,
}

struct Secret {
    mac: Hmac<Sha256>,
    /// The first part of each ticket that it signs.
    header: String,
}

impl Secrets {
    /// Reads the secret that signs, and the one before it, whose tickets are still good. White space around them does
    /// not count; an empty one is none. A bad one is not used and is told; the other is used all the same.
    #[must_use]
    pub fn read(current: Option<&str>, previous: Option<&str>) -> (Self, Option<BadSecret>) {
        let mut bad = None;
        let mut read = |text: Option<&str>, binding| {
            let text = text.map(str::trim).filter(|text| !text.is_empty())?;
            if text.chars().count() < MIN_SECRET_CHARS {
                bad = bad.or(Some(BadSecret { binding }));
                return None;
            }
            Secret::new(text)
        };
        let current = read(current, EDGE_TICKET_SECRET);
        let previous = read(previous, EDGE_TICKET_SECRET_PREVIOUS);
        (Self { current, previous }, bad)
    }

    /// Says whether tickets can be made.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.current.is_some()
    }

    /// Writes and signs a ticket. None without a secret, or when it would be longer than [`MAX_TICKET_BYTES`]: what
    /// [`grant`](super::grant) makes is not.
    #[must_use]
    pub fn sign(&self, claims: &Claims) -> Option<String> {
        let secret = self.current.as_ref()?;
        let payload = Base64UrlUnpadded::encode_string(&serde_json::to_vec(claims).ok()?);
        let signed = format!("{}.{payload}", secret.header);
        let signature = secret.of(&signed).finalize().into_bytes();
        let ticket = format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature));
        (ticket.len() <= MAX_TICKET_BYTES).then_some(ticket)
    }

    /// Returns the claims of a ticket that one of the secrets signed, whatever its time. None for everything else.
    #[must_use]
    pub fn verify(&self, ticket: &str) -> Option<Claims> {
        if ticket.len() > MAX_TICKET_BYTES {
            return None;
        }
        let (signed, signature) = ticket.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let mut bytes = [0; 32];
        // It refuses padding, a foreign letter and bits that are not used, so that a signature has one spelling.
        let signature = Base64UrlUnpadded::decode(signature, &mut bytes).ok()?;
        let named = [&self.current, &self.previous].into_iter().flatten();
        let mut named = named.filter(|secret| secret.header == header);
        named.find(|secret| secret.of(signed).verify_slice(signature).is_ok())?;
        let claims: Claims =
            serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).ok()?).ok()?;
        (claims.iss == ISSUER).then_some(claims)
    }
}

impl Secret {
    fn new(text: &str) -> Option<Self> {
        let mac = Hmac::new_from_slice(text.as_bytes()).ok()?;
        let mut secret = Self { mac, header: String::new() };
        // No ticket has this text, as it has no full stop.
        let kid = hex(secret.of("kid").finalize().into_bytes().iter().take(4));
        let header = format!(r#"{{"alg":"HS256","typ":"JWT","kid":"{kid}"}}"#);
        secret.header = Base64UrlUnpadded::encode_string(header.as_bytes());
        Some(secret)
    }

    fn of(&self, text: &str) -> Hmac<Sha256> {
        self.mac.clone().chain_update(text.as_bytes())
    }
}
