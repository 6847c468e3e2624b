//! The words that the core and every transport share: a [`Request`] to send, a [`Response`] to read,
//! and the [`Upstream`] that turns an endpoint's [`Target`] into a request.
//!
//! Nothing here sends anything. A transport sends `method`, `url` and `headers` exactly as they are, follows
//! no redirect, adds no header of its own, and hands status, headers and body back.

use std::fmt;

use crate::error::Error;
use crate::token::ApiToken;

/// SePay's own address, used unless another base URL is configured.
pub const DEFAULT_BASE_URL: &str = "https://my.sepay.vn";

/// The methods that SePay's read endpoints use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads, and may be repeated.
    Get,
}

impl Method {
    /// Returns the method as it is written on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
        }
    }
}

/// The path and query of one question, in canonical form: equal questions have equal targets.
///
/// Only endpoints make one, so that a URL is built from typed parts alone. `Debug` does not show the query, which may
/// name an account.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target(String);

impl Target {
    pub(crate) fn new(path: &str, query: &[(&str, Option<String>)]) -> Self {
        let mut text = path.to_owned();
        let set = query.iter().filter_map(|(name, value)| value.as_deref().map(|v| (*name, v)));
        for (position, (name, value)) in set.enumerate() {
            text.push(if position == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(&encode(value));
        }
        Self(text)
    }

    /// Accepts a target that an endpoint made and that travelled as text since.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `target` for anything but a path under `/userapi/` in canonical encoding.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let in_path = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
        let in_query = |byte: u8| byte.is_ascii_alphanumeric() || b"=&%._-*".contains(&byte);
        if !path.starts_with("/userapi/")
            || !path.bytes().all(in_path)
            || !query.bytes().all(in_query)
        {
            return Err(Error::invalid(
                "target",
                "expected a path under /userapi/ as an endpoint makes it",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the target as sent: `/userapi/…?name=value`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(without_query(&self.0))
    }
}

fn without_query(text: &str) -> &str {
    text.split('?').next().unwrap_or_default()
}

/// SePay's pages write a space as `%20`, the form encoding writes it as `+`; a plus sign itself is `%2B`.
fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}

/// One request to SePay, ready to send. `Debug` shows neither the query nor a header's value.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole URL. It never holds the token.
    pub url: String,
    /// Every header to send, names in lower case.
    pub headers: Vec<(&'static str, String)>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &without_query(&self.url))
            .field("headers", &names)
            .finish()
    }
}

/// One answer of SePay, as it arrived. `Debug` shows neither header values nor the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in any case.
    pub headers: Vec<(String, String)>,
    /// The whole body, decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns the first header of that name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Where SePay is and who asks: everything that a request needs besides its target.
///
/// ```
/// use sepay::{ApiToken, Endpoint, TransactionDetails, RecordId, Upstream};
///
/// let upstream = Upstream::new("https://my.sepay.vn", ApiToken::new("S3CRET")?, "shop/1.0")?;
/// let request = TransactionDetails { id: RecordId::new("id", "92704")? }.request(&upstream);
/// assert_eq!(request.url, "https://my.sepay.vn/userapi/transactions/details/92704");
/// assert!(!format!("{request:?}").contains("S3CRET"));
/// # Ok::<(), sepay::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Upstream {
    base_url: String,
    token: ApiToken,
    user_agent: String,
}

impl Upstream {
    /// Checks the base URL (scheme, host, optional port and path; a trailing slash is dropped) and the user agent.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `base_url` when it is not `https://`, or `http://` on this machine
    /// (the token must not cross a network in the clear), or when it carries user info, a query or a fragment;
    /// naming `user_agent` when that is empty or holds anything but printable ASCII.
    pub fn new(base_url: &str, token: ApiToken, user_agent: &str) -> Result<Self, Error> {
        let base_url =
            check_base_url(base_url).map_err(|reason| Error::invalid("base_url", reason))?;
        if user_agent.is_empty() || !user_agent.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(Error::invalid("user_agent", "expected printable ASCII"));
        }
        Ok(Self { base_url, token, user_agent: user_agent.to_owned() })
    }

    /// Returns the GET request for a target. The token is in the `authorization` header and nowhere else.
    #[must_use]
    pub fn get(&self, target: &Target) -> Request {
        Request {
            method: Method::Get,
            url: format!("{}{}", self.base_url, target.as_str()),
            headers: vec![
                ("authorization", format!("Bearer {}", self.token.expose())),
                ("accept", "application/json".to_owned()),
                ("user-agent", self.user_agent.clone()),
            ],
        }
    }
}

fn check_base_url(text: &str) -> Result<String, &'static str> {
    let url = text.trim_end_matches(['/']);
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Err("expected a URL that starts with https://"),
    };
    let (authority, path) = rest.split_once(['/']).unwrap_or((rest, ""));
    let host_chars =
        |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b':' | b'[' | b']');
    if authority.is_empty() || !authority.bytes().all(host_chars) {
        return Err("expected a host name and an optional port, without user info");
    }
    if !path.bytes().all(|c| c.is_ascii_alphanumeric() || b"/-_.~".contains(&c)) {
        return Err("expected a plain path, without query or fragment");
    }
    if !secure && !is_loopback(authority) {
        return Err(
            "expected https://: plain http is for this machine only, as it would show the token",
        );
    }
    Ok(url.to_owned())
}

fn is_loopback(authority: &str) -> bool {
    if authority == "[::1]" || authority.starts_with("[::1]:") {
        return true;
    }
    let host = authority.split([':']).next().unwrap_or_default();
    let mut parts = host.split(['.']);
    let is_127 = parts.next() == Some("127") && parts.clone().count() == 3;
    host == "localhost" || (is_127 && parts.all(is_octet))
}

/// Says whether it is a number from 0 to 255 without leading zeros.
fn is_octet(part: &str) -> bool {
    part.parse::<u8>().is_ok() && (part == "0" || !part.starts_with(['0', '+']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(base_url: &str) -> Result<Upstream, Error> {
        Upstream::new(base_url, ApiToken::new("T0KEN").unwrap(), "tests/1.0")
    }

    #[test]
    fn base_url_is_https_or_this_machine() {
        for good in [
            "https://my.sepay.vn",
            "https://my.sepay.vn/",
            "http://127.0.0.1:8788",
            "http://localhost:1",
            "http://[::1]:8788",
            "https://proxy.example/sepay",
        ] {
            assert!(upstream(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "my.sepay.vn",
            "ftp://my.sepay.vn",
            "http://my.sepay.vn",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://[::1].evil.example",
            "https://user:pw@my.sepay.vn",
            "https://my.sepay.vn?x=1",
            "https://my.sepay.vn/#x",
            "https://",
            "https:///x",
            "https://my sepay.vn",
        ] {
            let error = upstream(bad).unwrap_err();
            assert!(error.to_string().starts_with("base_url: "), "{bad}: {error}");
        }
    }

    #[test]
    fn a_user_agent_cannot_smuggle_a_header() {
        let token = ApiToken::new("T0KEN").unwrap();
        for bad in ["", "a\r\nx: y", "tiếng"] {
            assert!(Upstream::new("https://my.sepay.vn", token.clone(), bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn values_are_encoded_as_sepay_writes_them() {
        let value = Some("a b+c&d=é/%".to_owned());
        let target =
            Target::new("/x", &[("none", None), ("q", value), ("n", Some("1".to_owned()))]);
        assert_eq!(target.as_str(), "/x?q=a%20b%2Bc%26d%3D%C3%A9%2F%25&n=1");
    }

    #[test]
    fn a_target_from_text_is_one_that_an_endpoint_could_have_made() {
        let made = Target::new("/userapi/x/list", &[("q", Some("a b+c~é*".to_owned()))]);
        assert_eq!(Target::from_text(made.as_str()), Ok(made));
        for bad in [
            "",
            "/",
            "/api/x",
            "/userapi/../x",
            "//evil.example/userapi/",
            "/userapi/x y",
            "/userapi/x#y",
            "/userapi/x\r\ny",
        ] {
            assert!(Target::from_text(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn debug_of_a_response_shows_no_body() {
        let headers = vec![("set-cookie".to_owned(), "secret".to_owned())];
        let response = Response { status: 200, headers, body: b"bank detail".to_vec() };
        assert_eq!(format!("{response:?}"), "Response { status: 200, body_bytes: 11, .. }");
    }
}
