//! One question to SePay: how it is asked and how its answer is judged.
//!
//! The judgement of status and envelope stands here and nowhere else, in this order: 429; 5xx whatever its body;
//! 3xx; HTML at any other status; 401 and 403; 404; then a 200: empty is v1's authentication error (upgrade guide),
//! then SePay's own `status`, `error` and `messages.success`, then the root key.

use std::borrow::Cow;

use crate::error::Error;
use crate::http::{Request, Response, Target, Upstream};
use crate::json::{Broken, Reader, Text, Value};
use crate::wire::Place;

/// The longest retry time believed, in milliseconds: one day.
const MAX_RETRY_AFTER_MS: u64 = 86_400_000;

/// The most of SePay's words that an error keeps, in characters.
const MAX_MESSAGE_CHARS: usize = 500;

/// A question of SePay's API v1. All are GET and may be repeated.
pub trait Endpoint {
    /// What a good answer holds.
    type Output;

    /// Returns the canonical path and query.
    fn target(&self) -> Target;

    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `InvalidParameter` and the transport's own. A failure is never an empty list.
    fn parse(&self, response: &Response) -> Result<Self::Output, Error>;

    /// Returns the request to send.
    fn request(&self, upstream: &Upstream) -> Request {
        upstream.get(&self.target())
    }
}

/// The rows of a list, newest first by SePay's habit, and whether they are all there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// The rows, in the order in which SePay sent them.
    pub rows: Vec<T>,
    /// False when SePay may have cut the list: it returned as many rows as it was allowed to.
    pub complete: bool,
}

/// Judges the status line and what kind of body came, before the body is read as JSON.
///
/// # Errors
///
/// As [`Endpoint::parse`], for everything but an unreadable or unsuccessful body of a 200.
pub fn judge(response: &Response) -> Result<(), Error> {
    let status = response.status;
    let message = || words(&response.body);
    match status {
        429 => Err(Error::RateLimited { retry_after_ms: retry_after_ms(response) }),
        500..=599 => Err(Error::Server { status, retry_after_ms: retry_after_ms(response) }),
        300..=399 => Err(Error::Redirect { status }),
        _ if is_html(response) => Err(Error::Challenge { status }),
        401 => Err(Error::Unauthorized { message: message() }),
        403 => Err(Error::Forbidden { message: message() }),
        404 => Err(Error::NotFound { message: message() }),
        200 if content(&response.body).is_empty() => Err(Error::Unauthorized { message: None }),
        200 => Ok(()),
        _ => Err(Error::Rejected { status, message: message() }),
    }
}

/// Reads a list's rows, each with `read`. The first row that cannot be read is the list's error.
pub(crate) fn rows<'a, T>(
    response: &'a Response,
    root: &'static str,
    mut read: impl FnMut(Place, &mut Reader<'a>) -> Result<Result<T, Error>, Broken>,
) -> Result<Vec<T>, Error> {
    root_value(response, root, |reader| {
        if reader.peek()? != b'[' {
            let kind = reader.value()?.kind();
            return Ok(Err(Error::unreadable(root, format!("expected a list, found {kind}"))));
        }
        let mut rows = Vec::new();
        let mut failed = None;
        reader.list(&mut |reader| {
            if failed.is_some() {
                return reader.value().map(drop);
            }
            match read(Place { root, index: Some(rows.len()) }, reader)? {
                Ok(row) => rows.push(row),
                Err(error) => failed = Some(error),
            }
            Ok(())
        })?;
        Ok(failed.map_or(Ok(rows), Err))
    })
}

/// Returns the rows of a list as the text SePay sent, judged but unread.
///
/// # Errors
///
/// As [`Endpoint::parse`].
pub fn raw_rows<'a>(response: &'a Response, root: &'static str) -> Result<Vec<&'a str>, Error> {
    rows(response, root, |place, reader| {
        Ok(match reader.value()? {
            Value::Object(text) => Ok(text),
            other => Err(place.fail(format!("expected an object, found {}", other.kind()))),
        })
    })
}

/// Reads what stands under the root key of a successful answer. SePay's verdict goes before what `read` finds wrong.
pub(crate) fn root_value<'a, T>(
    response: &'a Response,
    root: &'static str,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<Result<T, Error>, Broken>,
) -> Result<T, Error> {
    judge(response)?;
    let mut found = None;
    let envelope = envelope(&response.body, &mut |key, reader| {
        let is_root = key.is(root);
        if is_root {
            let value = read(reader)?;
            let twice = || Error::unreadable(root, "expected this key once");
            found = Some(if found.is_some() { Err(twice()) } else { value });
        }
        Ok(is_root)
    })?;
    judge_envelope(&envelope)?;
    found.unwrap_or_else(|| Err(Error::unreadable(root, "expected this key, found none")))
}

/// What SePay says about its answer; `null` counts as said.
#[derive(Default)]
struct Envelope<'a> {
    status: Option<Value<'a>>,
    error: Option<Value<'a>>,
    messages: Option<Value<'a>>,
    message: Option<Value<'a>>,
}

/// Reads an answer's envelope. `take` is offered every member and says whether it has read it.
fn envelope<'a>(
    body: &'a [u8],
    take: &mut dyn FnMut(Text<'a>, &mut Reader<'a>) -> Result<bool, Broken>,
) -> Result<Envelope<'a>, Error> {
    let fail = |reason: &str| Error::unreadable("body", reason);
    let text = content(body);
    let text = std::str::from_utf8(text).map_err(|_| fail("expected UTF-8, found other bytes"))?;
    if !text.starts_with('{') {
        return Err(fail("expected a JSON object, found something else"));
    }
    let mut envelope = Envelope::default();
    let mut reader = Reader::new(text);
    let read = reader.object(&mut |key, reader| {
        if !take(key, reader)? {
            envelope.keep(key, reader.value()?);
        }
        Ok(())
    });
    read.and_then(|()| reader.end()).map(|()| envelope).map_err(|why| match why {
        Broken::Cut => fail("expected a whole JSON object, found it cut"),
        Broken::Syntax => fail("expected JSON, found something else"),
    })
}

impl<'a> Envelope<'a> {
    fn keep(&mut self, key: Text<'a>, value: Value<'a>) {
        let named = [
            ("status", &mut self.status),
            ("error", &mut self.error),
            ("messages", &mut self.messages),
            ("message", &mut self.message),
        ];
        for (name, slot) in named {
            if key.is(name) {
                *slot = Some(value);
            }
        }
    }

    /// SePay's words: `messages.error` or `messages.message`, else `messages` as text, else `error` as text.
    fn words(&self) -> Option<String> {
        let messages = self.messages.unwrap_or(Value::Null);
        let inner = |key| messages.member(key).and_then(Value::scalar);
        let said = inner("error")
            .or_else(|| inner("message"))
            .or_else(|| messages.scalar())
            .or_else(|| self.error.and_then(Value::scalar))
            .or_else(|| self.message.and_then(Value::scalar))?;
        let clean = said.chars().map(|c| if c.is_control() { ' ' } else { c });
        let clean = clean.take(MAX_MESSAGE_CHARS).collect::<String>().trim().to_owned();
        if clean.is_empty() { None } else { Some(clean) }
    }
}

/// SePay's own verdict inside a 200. A status 401, 403 or 404 there means what it means in HTTP.
fn judge_envelope(envelope: &Envelope<'_>) -> Result<(), Error> {
    let (status, error) = (stated(envelope.status), stated(envelope.error));
    let success = envelope.messages.and_then(|messages| messages.member("success"));
    let success = success.and_then(Value::scalar);
    let failed = success.is_some_and(|text| matches!(text.as_ref(), "false" | "0" | ""));
    let well = |text: &str| matches!(text, "" | "200");
    if well(&status) && (well(&error) || matches!(error.as_ref(), "0" | "false")) && !failed {
        return Ok(());
    }
    let number = |text: &str| text.parse::<u16>().ok().filter(|code| (300..=599).contains(code));
    let status = number(&status).or_else(|| number(&error)).unwrap_or(200);
    let message = envelope.words();
    Err(match status {
        401 => Error::Unauthorized { message },
        403 => Error::Forbidden { message },
        404 => Error::NotFound { message },
        _ => Error::Rejected { status, message },
    })
}

/// The text of anything that is said; nothing for `null` and for an empty list or object, as PHP writes them.
fn stated(value: Option<Value<'_>>) -> Cow<'_, str> {
    match value {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::List(text) | Value::Object(text)) => {
            let inside = text.trim_matches(['[', ']', '{', '}']).trim();
            Cow::Borrowed(if inside.is_empty() { "" } else { text })
        }
        Some(said) => said.scalar().unwrap_or(Cow::Borrowed("(unreadable)")),
    }
}

fn words(body: &[u8]) -> Option<String> {
    envelope(body, &mut |_, _| Ok(false)).ok().and_then(|envelope| envelope.words())
}

/// The body without the byte order mark and the white space around it.
fn content(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii()
}

/// HTML by its declared type or by its first character; JSON never starts with `<`.
fn is_html(response: &Response) -> bool {
    let declared = response.header("content-type").unwrap_or_default().trim_ascii_start();
    let is_type = declared.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("text/html"));
    let first = content(&response.body).first();
    first == Some(&b'<') || (is_type && !matches!(first, None | Some(b'{' | b'[')))
}

/// The time to wait that a 429 names: `x-sepay-userapi-retry-after` before `Retry-After`, whole or decimal seconds.
fn retry_after_ms(response: &Response) -> Option<u64> {
    let named = |name| response.header(name).and_then(seconds_as_ms);
    named("x-sepay-userapi-retry-after").or_else(|| named("retry-after"))
}

/// Reads seconds such as `1` or `0.5` and rounds up to whole milliseconds. A date is not read: there is no clock here.
fn seconds_as_ms(text: &str) -> Option<u64> {
    let (whole, fraction) = text.trim().split_once(['.']).unwrap_or((text.trim(), "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole_ms = whole.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(1000);
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let rest = fraction.bytes().skip(3).any(|digit| digit != b'0');
    let part_ms = thousandths.parse::<u64>().ok()?.saturating_add(u64::from(rest));
    Some(whole_ms.saturating_add(part_ms).min(MAX_RETRY_AFTER_MS))
}
