//! Vietnamese dong: whole, exact, and never through a float.

use std::fmt;

use serde::{Serialize, Serializer};

/// An amount of Vietnamese dong, a whole number within ±(2^53 − 1), so that JavaScript reads it exactly.
///
/// ```
/// use sepay::Vnd;
///
/// assert_eq!(Vnd::parse("2525493.00").map(Vnd::get), Ok(2_525_493));
/// assert!(Vnd::parse("0.5").is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)
)]
pub struct Vnd(i64);

/// Why a text is no amount. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotVnd {
    /// Not a decimal number.
    #[error("expected whole VND, found text that is no number")]
    NoNumber,
    /// A part smaller than one dong.
    #[error("expected whole VND, found a fraction")]
    Fraction,
    /// Beyond ±(2^53 − 1).
    #[error("expected at most 9007199254740991 VND, found more")]
    Overflow,
}

impl Vnd {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount: 2^53 − 1.
    pub const MAX: Self = Self(9_007_199_254_740_991);
    /// The smallest amount: −(2^53 − 1).
    pub const MIN: Self = Self(-9_007_199_254_740_991);

    /// Accepts a whole number of dong.
    ///
    /// # Errors
    ///
    /// [`NotVnd::Overflow`] beyond ±(2^53 − 1).
    pub fn new(dong: i64) -> Result<Self, NotVnd> {
        let amount = Self(dong);
        if amount < Self::MIN || amount > Self::MAX { Err(NotVnd::Overflow) } else { Ok(amount) }
    }

    /// Reads a decimal number as SePay and JSON write it: `2277000`, `"2277000.00"`, `-1.5e3`.
    ///
    /// # Errors
    ///
    /// [`NotVnd`]: not a number, a non-zero fraction, or too large.
    pub fn parse(text: &str) -> Result<Self, NotVnd> {
        if let Some(dong) = plain(text.as_bytes()) {
            return Ok(Self(dong));
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (digits, exponent) = split_exponent(unsigned)?;
        let (whole, fraction) = digits.split_once(['.']).unwrap_or((digits, "0"));
        if !is_digits(whole) || !is_digits(fraction) {
            return Err(NotVnd::NoNumber);
        }
        let magnitude = shift(whole, fraction, exponent)?;
        Self::new(if negative {
            magnitude.checked_neg().ok_or(NotVnd::Overflow)?
        } else {
            magnitude
        })
    }

    /// Returns the number of dong as JavaScript's number, which holds it exactly.
    #[cfg(feature = "js")]
    #[allow(clippy::cast_precision_loss, reason = "within 2^53 − 1, so nothing is lost")]
    pub(crate) fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// Returns the number of dong.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

/// Reads what SePay mostly writes: at most 15 digits, and behind a point nothing but zeros. The general way takes
/// five times as long, because it looks for an overflow at each digit.
fn plain(text: &[u8]) -> Option<i64> {
    let mut dong = 0_i64;
    for (position, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' if position < 15 => {
                dong = dong.wrapping_mul(10).wrapping_add(i64::from(byte.wrapping_sub(b'0')));
            }
            b'.' if position > 0 => {
                let fraction = text.get(position.wrapping_add(1)..)?;
                let is_nothing = !fraction.is_empty() && fraction.iter().all(|byte| *byte == b'0');
                return is_nothing.then_some(dong);
            }
            _ => return None,
        }
    }
    (!text.is_empty()).then_some(dong)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits `1.5e3` into `1.5` and `3`. Exponents outside ±999 are refused; no bank writes one.
fn split_exponent(text: &str) -> Result<(&str, i32), NotVnd> {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else { return Ok((text, 0)) };
    let unsigned = exponent.trim_start_matches(['+', '-']);
    let signs = exponent.len().saturating_sub(unsigned.len());
    if !is_digits(unsigned) || signs > 1 || unsigned.len() > 3 {
        return Err(NotVnd::NoNumber);
    }
    let exponent = exponent.parse().map_err(|_| NotVnd::NoNumber)?;
    Ok((digits, exponent))
}

/// Moves the decimal point by `exponent` and returns the whole part; what stays behind the point must be zero.
fn shift(whole: &str, fraction: &str, exponent: i32) -> Result<i64, NotVnd> {
    let point = i64::try_from(whole.len()).unwrap_or(i64::MAX).saturating_add(i64::from(exponent));
    let mut amount: i64 = 0;
    for (position, digit) in (0_i64..).zip(whole.bytes().chain(fraction.bytes())) {
        let value = i64::from(digit.saturating_sub(b'0'));
        if position < point {
            amount = push_digit(amount, value)?;
        } else if value != 0 {
            return Err(NotVnd::Fraction);
        }
    }
    let written = i64::try_from(whole.len().saturating_add(fraction.len())).unwrap_or(i64::MAX);
    for _ in written..point {
        if amount == 0 {
            break;
        }
        amount = push_digit(amount, 0)?;
    }
    Ok(amount)
}

fn push_digit(amount: i64, digit: i64) -> Result<i64, NotVnd> {
    amount.checked_mul(10).and_then(|tens| tens.checked_add(digit)).ok_or(NotVnd::Overflow)
}

impl fmt::Display for Vnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Vnd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_sepay_and_json_write() {
        for (text, dong) in [
            ("0", 0),
            ("0.00", 0),
            ("-0.00", 0),
            ("18067000.00", 18_067_000),
            ("2277000", 2_277_000),
            ("-1500.00", -1_500),
            ("00012.0", 12),
            ("1e3", 1_000),
            ("1.5E+3", 1_500),
            ("25000e-3", 25),
            ("0e999", 0),
            ("9007199254740991.00", 9_007_199_254_740_991),
            ("-9007199254740991", -9_007_199_254_740_991),
        ] {
            assert_eq!(Vnd::parse(text).map(Vnd::get), Ok(dong), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_exact() {
        for (text, why) in [
            ("0.5", NotVnd::Fraction),
            ("2525493.01", NotVnd::Fraction),
            ("15e-1", NotVnd::Fraction),
            ("9007199254740992", NotVnd::Overflow),
            ("99999999999999999999999", NotVnd::Overflow),
            ("1e999", NotVnd::Overflow),
        ] {
            assert_eq!(Vnd::parse(text), Err(why), "{text}");
        }
        for text in [
            "",
            " ",
            "-",
            "--1",
            "+1",
            "1,000",
            "1.000.000",
            "1.",
            ".5",
            "0x10",
            "NaN",
            "1e",
            "1e+-2",
            "1e1000",
            "١٢",
            " 1",
            "1 ",
            "1_000",
        ] {
            assert_eq!(Vnd::parse(text), Err(NotVnd::NoNumber), "{text:?}");
        }
    }
}
