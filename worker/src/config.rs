//! The names of the bindings and how their text is read. Pure: the door fetches the text.

/// Durable Object namespace: one gate per SePay identity.
pub const GATE: &str = "GATE";
/// Where a gate is made when it is first asked for: near SePay, which is in Vietnam.
pub const NEAR_SEPAY: &str = "apac";
/// Secret: the edge keys, a JSON array.
pub const EDGE_KEYS: &str = "EDGE_KEYS";
/// Secret: what tickets are signed with, at least 32 characters.
pub const EDGE_TICKET_SECRET: &str = "EDGE_TICKET_SECRET";
/// Secret: what tickets were signed with before; they are still good.
pub const EDGE_TICKET_SECRET_PREVIOUS: &str = "EDGE_TICKET_SECRET_PREVIOUS";
/// Variable: where SePay is.
pub const SEPAY_BASE_URL: &str = "SEPAY_BASE_URL";
/// Variable: SePay's rate limit.
pub const SEPAY_REQUESTS_PER_SECOND: &str = "SEPAY_REQUESTS_PER_SECOND";

/// Variable: which requests get a line on the console.
pub const EDGE_LOGS: &str = "EDGE_LOGS";

/// The profile of keys that name none.
pub const DEFAULT_PROFILE: &str = "default";

/// Secret of the profile `default`; other profiles append `_<NAME>`.
const SEPAY_API_TOKEN: &str = "SEPAY_API_TOKEN";

/// Variable of the profile `default`; other profiles append `_<NAME>`.
const SEPAY_STRICT: &str = "SEPAY_STRICT";

/// SePay's pages say 2 and 3 requests a second; the lower one is kept.
const DEFAULT_REQUESTS_PER_SECOND: u8 = 2;

/// What the upstream sees as our name.
pub const USER_AGENT: &str = concat!("sepay-edge/", env!("CARGO_PKG_VERSION"));

/// Says whether a text may name a profile: 1 to 32 lower-case letters, digits or `_`.
#[must_use]
pub fn is_profile(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=32).contains(&text.len()) && text.bytes().all(plain)
}

/// Says whether a text may be the id of a key: 1 to 64 letters, digits, `-`, `_` or `.`.
#[must_use]
pub fn is_key_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// Returns the name of the secret that holds a profile's SePay token.
#[must_use]
pub fn token_binding(profile: &str) -> String {
    binding_of(SEPAY_API_TOKEN, profile)
}

/// Returns the name of the variable that makes a profile's drop-in routes strict.
#[must_use]
pub fn strict_binding(profile: &str) -> String {
    binding_of(SEPAY_STRICT, profile)
}

fn binding_of(name: &str, profile: &str) -> String {
    match profile {
        "default" => name.to_owned(),
        _ => format!("{name}_{}", profile.to_ascii_uppercase()),
    }
}

/// Reads whether a switch is on: `true`, and nothing else.
#[must_use]
pub fn is_on(text: Option<&str>) -> bool {
    text.map(str::trim) == Some("true")
}

/// Reads the rate limit: 1 to 50 requests a second, 2 when it is not set.
///
/// # Errors
///
/// The slowest pace, 1, to go on with when the text is no such number.
pub fn requests_per_second(text: Option<&str>) -> Result<u8, u8> {
    match text.map(str::trim) {
        None | Some("") => Ok(DEFAULT_REQUESTS_PER_SECOND),
        Some(text) => text.parse().ok().filter(|rate| (1..=50).contains(rate)).ok_or(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_cannot_be_read_is_the_slowest() {
        assert_eq!(requests_per_second(None), Ok(2));
        assert_eq!(requests_per_second(Some(" 3 ")), Ok(3));
        for bad in ["0", "51", "-1", "2.5", "fast", "300"] {
            assert_eq!(requests_per_second(Some(bad)), Err(1), "{bad}");
        }
    }

    #[test]
    fn each_profile_has_its_own_secret() {
        assert_eq!(token_binding("default"), "SEPAY_API_TOKEN");
        assert_eq!(token_binding("shop_2"), "SEPAY_API_TOKEN_SHOP_2");
        assert!(
            is_profile("shop_2") && !is_profile("") && !is_profile("Shop") && !is_profile("a/b")
        );
    }
}
