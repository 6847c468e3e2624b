//! Lenient readers for SePay's habits: numbers as strings, `null` or `""` for nothing, `"0.00"` for zero.
//!
//! A [`Field`] knows where it stands, so that an error names it (`transactions[3].amount_in`); it never repeats the
//! value, which may be a bank detail.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::money::Vnd;
use crate::time::VietnamTime;

/// Where a row stands: the root key and, in a list, the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) root: &'static str,
    pub(crate) index: Option<usize>,
}

impl Place {
    pub(crate) fn field<'a>(self, name: &'static str, raw: Option<&'a RawValue>) -> Field<'a> {
        Field { place: self, name, raw }
    }

    /// Reads a row whose fields are all optional raw values; only its shape can be wrong.
    pub(crate) fn row<'a, T: Deserialize<'a>>(self, raw: &'a RawValue) -> Result<T, Error> {
        if !raw.get().starts_with('{') {
            return Err(Error::unreadable(
                self.to_string(),
                format!("expected an object, found {}", kind(raw)),
            ));
        }
        serde_json::from_str(raw.get())
            .map_err(|_| Error::unreadable(self.to_string(), "expected each field once"))
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}[{index}]", self.root),
            None => f.write_str(self.root),
        }
    }
}

/// One field of a row as it stands in the answer; none when it is absent or `null`.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    place: Place,
    name: &'static str,
    raw: Option<&'a RawValue>,
}

impl<'a> Field<'a> {
    fn fail(self, reason: impl Into<String>) -> Error {
        Error::unreadable(format!("{}.{}", self.place, self.name), reason)
    }

    fn present(self) -> Result<&'a RawValue, Error> {
        self.raw.ok_or_else(|| self.fail("expected a value, found nothing"))
    }

    /// The text of a string or number; none for nothing and for `""`.
    fn plain(self) -> Result<Option<Cow<'a, str>>, Error> {
        let Some(raw) = self.raw else { return Ok(None) };
        let text = match kind(raw) {
            "a string" => {
                string(raw).ok_or_else(|| self.fail("expected text, found a broken escape"))?
            }
            "a number" => Cow::Borrowed(raw.get()),
            "null" => return Ok(None),
            other => return Err(self.fail(format!("expected text or a number, found {other}"))),
        };
        Ok(if text.is_empty() { None } else { Some(text) })
    }

    /// Text that identifies something: it must be there.
    pub(crate) fn identifier(self) -> Result<String, Error> {
        let text = self.plain()?.ok_or_else(|| self.fail("expected a value, found nothing"))?;
        Ok(text.into_owned())
    }

    /// Free text; nothing reads as `""`.
    pub(crate) fn text(self) -> Result<String, Error> {
        Ok(self.plain()?.map(Cow::into_owned).unwrap_or_default())
    }

    /// Optional text; `null` and `""` are both nothing.
    pub(crate) fn optional_text(self) -> Result<Option<String>, Error> {
        Ok(self.plain()?.map(Cow::into_owned))
    }

    /// An amount of 0 or more whose key must be in the row; `null` is zero.
    pub(crate) fn amount(self) -> Result<Vnd, Error> {
        self.present()?;
        let amount = self.vnd()?;
        if amount < Vnd::ZERO {
            Err(self.fail("expected 0 VND or more, found less"))
        } else {
            Ok(amount)
        }
    }

    /// A balance; nothing is zero, as banks that report none are shown.
    pub(crate) fn vnd(self) -> Result<Vnd, Error> {
        let empty = self.raw.is_some_and(|raw| raw.get() == "\"\"");
        let text = if empty { Some(Cow::Borrowed("")) } else { self.plain()? };
        let amount = text.map_or(Ok(Vnd::ZERO), |text| Vnd::parse(&text));
        amount.map_err(|why| self.fail(why.to_string()))
    }

    /// A time that must be there.
    pub(crate) fn time(self) -> Result<VietnamTime, Error> {
        self.optional_time()?.ok_or_else(|| self.fail("expected a time, found nothing"))
    }

    /// An optional time. MySQL's zero date is nothing too.
    pub(crate) fn optional_time(self) -> Result<Option<VietnamTime>, Error> {
        match self.plain()?.as_deref() {
            None | Some("0000-00-00 00:00:00") => Ok(None),
            Some(text) => {
                let time = VietnamTime::from_sepay(text);
                time.map(Some)
                    .map_err(|_| self.fail("expected a time as YYYY-MM-DD HH:mm:ss that exists"))
            }
        }
    }

    /// A flag: `"1"`, `1`, `true` or their opposites; nothing stays unknown.
    pub(crate) fn flag(self) -> Result<Option<bool>, Error> {
        let text = match self.raw.map(RawValue::get) {
            Some(word @ ("true" | "false")) => Some(Cow::Borrowed(word)),
            _ => self.plain()?,
        };
        match text.as_deref() {
            None => Ok(None),
            Some("1" | "true") => Ok(Some(true)),
            Some("0" | "false") => Ok(Some(false)),
            Some(_) => Err(self.fail("expected 1 or 0, found something else")),
        }
    }
}

/// A count: a whole number from 0 to 2^53 − 1, as a number or a string.
pub(crate) fn count(root: &'static str, raw: &RawValue) -> Result<u64, Error> {
    let field = Field { place: Place { root, index: None }, name: "", raw: Some(raw) };
    let fail = |reason: &str| Error::unreadable(root, reason);
    let text = field.plain().ok().flatten();
    let text = text.ok_or_else(|| fail("expected a whole number, found something else"))?;
    let number = Vnd::parse(&text).ok().and_then(|number| u64::try_from(number.get()).ok());
    number.ok_or_else(|| fail("expected a whole number of 0 or more, found something else"))
}

/// Reads a field so that `null` stays apart from an absent key.
pub(crate) fn keep_null<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Unescapes a JSON string, borrowing when nothing is escaped.
pub(crate) fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str(raw.get()).ok().map(|Text(text)| text)
}

/// What kind of JSON value stands here, in words for an error.
pub(crate) fn kind(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}
