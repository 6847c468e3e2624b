//! Lenient readers for SePay's habits: numbers as strings, `null` or `""` for nothing, `"0.00"` for zero.
//!
//! A [`Field`] knows where it stands, so that an error names it (`transactions[3].amount_in`); it never repeats the
//! value, which may be a bank detail.

use crate::endpoint::root_value;
use crate::error::Error;
use crate::http::Response;
use crate::json::{Broken, Reader, Text, Value};
use crate::money::Vnd;
use crate::time::VietnamTime;

/// Where a row stands: the root key and, in a list, the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) root: &'static str,
    pub(crate) index: Option<usize>,
}

impl Place {
    pub(crate) fn fail(self, reason: impl Into<String>) -> Error {
        Error::unreadable(self.to_string(), reason)
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

/// The most fields that any row is read for.
const MAX_FIELDS: usize = 13;

/// The fields of one row that somebody knows, each where its key stands among the keys.
pub(crate) struct Row<'a> {
    place: Place,
    keys: &'static [&'static str],
    values: [Option<Value<'a>>; MAX_FIELDS],
}

impl<'a> Row<'a> {
    /// Reads a row. Each key has its quotes and colon. The outer error is the text's, the inner one this row's.
    pub(crate) fn read(
        reader: &mut Reader<'a>,
        place: Place,
        keys: &'static [&'static str],
    ) -> Result<Result<Self, Error>, Broken> {
        if reader.peek()? != b'{' {
            let kind = reader.value()?.kind();
            return Ok(Err(place.fail(format!("expected an object, found {kind}"))));
        }
        let mut values = [None; MAX_FIELDS];
        if reader.usual(keys, &mut values) {
            return Ok(Ok(Self { place, keys, values }));
        }
        values = [None; MAX_FIELDS];
        let mut is_twice = false;
        let mut is_first = true;
        reader.enter(b'{')?;
        while reader.is_more(b'}', is_first)? {
            is_first = false;
            let found = reader.key_of(keys)?;
            let value = reader.value()?;
            if let Some(position) = found {
                let slot = values.get_mut(position);
                is_twice |= slot.and_then(|slot| slot.replace(value)).is_some();
            }
        }
        Ok(if is_twice {
            Err(place.fail("expected each field once"))
        } else {
            Ok(Self { place, keys, values })
        })
    }

    /// Returns the field at this position among the keys.
    #[inline(always)]
    pub(crate) fn field(&self, position: usize) -> Field<'a> {
        let key = self.keys.get(position).copied().unwrap_or_default();
        Field { place: self.place, key, value: self.values.get(position).copied().flatten() }
    }

    /// As [`Row::field`], where it need not be quick.
    #[inline(never)]
    pub(crate) fn outlined_field(&self, position: usize) -> Field<'a> {
        self.field(position)
    }
}

/// One field of a row as it stands in the answer; none when it is absent.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    place: Place,
    key: &'static str,
    value: Option<Value<'a>>,
}

impl<'a> Field<'a> {
    fn fail(self, reason: impl Into<String>) -> Error {
        let name = self.key.trim_matches(['"', ':']);
        Error::unreadable(format!("{}.{name}", self.place), reason)
    }

    /// Says whether there is more than `null`.
    pub(crate) fn is_given(self) -> bool {
        !matches!(self.value, None | Some(Value::Null))
    }

    /// The text of a string or number; none for nothing and for `""`.
    pub(crate) fn plain(self) -> Result<Option<Text<'a>>, Error> {
        let text = match self.value {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Text(text)) if text.is_broken() => {
                return Err(self.fail("expected text, found a broken escape"));
            }
            Some(Value::Text(text)) => text,
            Some(Value::Number(digits)) => Text::bare(digits),
            Some(other) => {
                let kind = other.kind();
                return Err(self.fail(format!("expected text or a number, found {kind}")));
            }
        };
        Ok(if text.is_empty() { None } else { Some(text) })
    }

    /// Text that identifies something: it must be there.
    pub(crate) fn identifier(self) -> Result<Text<'a>, Error> {
        self.plain()?.ok_or_else(|| self.fail("expected a value, found nothing"))
    }

    /// Free text; nothing reads as `""`.
    pub(crate) fn text(self) -> Result<Text<'a>, Error> {
        Ok(self.plain()?.unwrap_or(Text::EMPTY))
    }

    /// An amount of 0 or more whose key must be in the row; `null` is zero.
    pub(crate) fn amount(self) -> Result<Vnd, Error> {
        if self.value.is_none() {
            return Err(self.fail("expected a value, found nothing"));
        }
        let amount = self.vnd()?;
        if amount < Vnd::ZERO {
            Err(self.fail("expected 0 VND or more, found less"))
        } else {
            Ok(amount)
        }
    }

    /// A balance; nothing is zero, as banks that report none are shown. `""` is no number.
    pub(crate) fn vnd(self) -> Result<Vnd, Error> {
        let amount = match self.plain()?.and_then(Text::read) {
            Some(text) => Vnd::parse(&text),
            None if self.is_given() => Vnd::parse(""),
            None => Ok(Vnd::ZERO),
        };
        amount.map_err(|why| self.fail(why.to_string()))
    }

    /// A time that must be there.
    pub(crate) fn time(self) -> Result<VietnamTime, Error> {
        self.optional_time()?.ok_or_else(|| self.fail("expected a time, found nothing"))
    }

    /// An optional time. MySQL's zero date is nothing too.
    pub(crate) fn optional_time(self) -> Result<Option<VietnamTime>, Error> {
        match self.plain()?.and_then(Text::read).as_deref() {
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
        if let Some(Value::Flag(flag)) = self.value {
            return Ok(Some(flag));
        }
        match self.plain()?.and_then(Text::read).as_deref() {
            None => Ok(None),
            Some("1" | "true") => Ok(Some(true)),
            Some("0" | "false") => Ok(Some(false)),
            Some(_) => Err(self.fail("expected 1 or 0, found something else")),
        }
    }
}

/// A count: a whole number from 0 to 2^53 − 1, as a number or a string.
pub(crate) fn count(response: &Response, root: &'static str) -> Result<u64, Error> {
    let value = root_value(response, root, |reader| reader.value().map(Ok))?;
    let text = match value {
        Value::Text(_) | Value::Number(_) => value.scalar().filter(|text| !text.is_empty()),
        _ => None,
    };
    let fail = |reason: &str| Error::unreadable(root, reason);
    let text = text.ok_or_else(|| fail("expected a whole number, found something else"))?;
    let number = Vnd::parse(&text).ok().and_then(|number| u64::try_from(number.get()).ok());
    number.ok_or_else(|| fail("expected a whole number of 0 or more, found something else"))
}
