//! Ids as numbers of up to 20 digits, which are too large for 64 bits; those for 128 bits cost more code than all of this.

use crate::error::Error;
use crate::query::RecordId;

/// The most digits of an id.
const DIGITS: usize = 20;

/// An id's digits, with zeros before them: so they compare as numbers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id([u8; DIGITS]);

impl Id {
    pub(super) fn of(id: &RecordId) -> Self {
        let mut digits = [b'0'; DIGITS];
        for (to, digit) in digits.iter_mut().rev().zip(id.as_str().bytes().rev()) {
            *to = digit;
        }
        Self(digits)
    }

    /// Returns the id without leading zeros.
    pub(super) fn record(&self) -> Result<RecordId, Error> {
        let last = DIGITS.saturating_sub(1);
        let start = self.0.iter().position(|digit| *digit != b'0').unwrap_or(last);
        let digits = self.0.get(start..).unwrap_or_default();
        RecordId::new("sinceId", std::str::from_utf8(digits).unwrap_or_default())
    }
}
