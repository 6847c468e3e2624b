//! The values that questions are made of, each checked once, when it is made.
//!
//! Every constructor takes the parameter's name as the caller knows it, so that its error names the right thing.

use std::fmt;

use crate::error::Error;
use crate::money::Vnd;
use crate::time::VietnamTime;

/// The most rows SePay returns for a list of transactions, and the most this crate asks for (page "Transactions").
pub const MAX_LIMIT: u16 = 5000;

/// The id of an account or a transaction in API v1: 1 to 20 decimal digits, kept as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordId(String);

impl RecordId {
    /// Accepts 1 to 20 decimal digits.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `parameter`.
    pub fn new(parameter: &'static str, text: &str) -> Result<Self, Error> {
        if text.is_empty() || text.len() > 20 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::invalid(parameter, "expected an id of 1 to 20 digits"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A filter's text: an account number, a bank's short name or a bank's reference. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FilterText(String);

impl FilterText {
    /// Accepts 1 to 128 characters without control characters and without white space at either end.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `parameter`.
    pub fn new(parameter: &'static str, text: &str) -> Result<Self, Error> {
        let broken = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
        let length = text.chars().take(129).count();
        if length == 0 || length > 128 || text.trim() != text || text.contains(broken) {
            return Err(Error::invalid(
                parameter,
                "expected 1 to 128 characters, no control characters, no space at either end",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FilterText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// How many rows a list may return: 1 to 5000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Limit(u16);

impl Limit {
    /// The most: 5000.
    pub const MAX: Self = Self(MAX_LIMIT);
    /// What SePay's account list returns by default: 100.
    pub const HUNDRED: Self = Self(100);

    /// Accepts 1 to 5000.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `limit`.
    pub fn new(rows: u16) -> Result<Self, Error> {
        if (1..=MAX_LIMIT).contains(&rows) { Ok(Self(rows)) } else { Err(Self::refusal()) }
    }

    /// Reads 1 to 5000 written in digits.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `limit`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().map_err(|_| Self::refusal()).and_then(Self::new)
        } else {
            Err(Self::refusal())
        }
    }

    fn refusal() -> Error {
        Error::invalid("limit", "expected a whole number from 1 to 5000")
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// A closed range with either end open; its ends are in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<T> {
    min: Option<T>,
    max: Option<T>,
}

/// A span of time, both ends included.
pub type Period = Span<VietnamTime>;

/// A span of amounts, both ends included.
pub type VndSpan = Span<Vnd>;

impl<T> Default for Span<T> {
    fn default() -> Self {
        Self { min: None, max: None }
    }
}

impl<T: Copy + PartialOrd> Span<T> {
    /// Accepts two ends in order.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `parameter`, the lower end, when it lies above the upper one.
    pub fn new(parameter: &'static str, min: Option<T>, max: Option<T>) -> Result<Self, Error> {
        if let (Some(low), Some(high)) = (min, max)
            && low > high
        {
            return Err(Error::invalid(
                parameter,
                "expected a lower end that is not above the upper end",
            ));
        }
        Ok(Self { min, max })
    }

    /// Returns the lower end.
    #[must_use]
    pub fn min(&self) -> Option<T> {
        self.min
    }

    /// Returns the upper end.
    #[must_use]
    pub fn max(&self) -> Option<T> {
        self.max
    }
}

/// Reads an amount for a filter.
///
/// # Errors
///
/// [`Error::InvalidParameter`] naming `parameter`.
pub fn amount(parameter: &'static str, text: &str) -> Result<Vnd, Error> {
    Vnd::parse(text).map_err(|why| Error::invalid(parameter, why.to_string()))
}

/// Reads an amount of 0 or more for a filter.
///
/// # Errors
///
/// [`Error::InvalidParameter`] naming `parameter`.
pub fn positive_amount(parameter: &'static str, text: &str) -> Result<Vnd, Error> {
    let value = amount(parameter, text)?;
    if value < Vnd::ZERO {
        Err(Error::invalid(parameter, "expected 0 VND or more, found less"))
    } else {
        Ok(value)
    }
}

/// Reads the two ends of a period; a bare date is its first and its last second.
///
/// # Errors
///
/// [`Error::InvalidParameter`] naming the end that is no time, or the lower one when they are reversed.
pub fn period(
    from: (&'static str, Option<&str>),
    to: (&'static str, Option<&str>),
) -> Result<Period, Error> {
    let (from_name, from_text) = from;
    let (to_name, to_text) = to;
    let min = from_text.map(VietnamTime::first_of).transpose();
    let max = to_text.map(VietnamTime::last_of).transpose();
    Span::new(
        from_name,
        min.map_err(|why| Error::invalid(from_name, why.to_string()))?,
        max.map_err(|why| Error::invalid(to_name, why.to_string()))?,
    )
}
