//! SePay's time: a calendar date and a clock in Vietnam (UTC+7, no summer time), written without an offset.
//!
//! Reads SePay's `2023-05-02 10:30:00` and callers' dates and RFC 3339 times; writes both forms. It has no clock.
//! It reads and writes by hand: chrono's own formatter and parser have 20 kB of code, which the Worker would carry.
//! The source for the zone is SePay's v2 reference (`Asia/Ho_Chi_Minh`); v1's pages imply it.

use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use serde::{Serialize, Serializer};

/// Vietnam's offset from UTC, in seconds.
const OFFSET_SECS: i32 = 7 * 3600;

/// One second of Vietnam's local time, in the years 1900 to 9999.
///
/// `Display` and JSON are RFC 3339 with `+07:00`.
///
/// ```
/// use sepay::VietnamTime;
///
/// let time = VietnamTime::from_sepay("2023-05-02 10:30:00")?;
/// assert_eq!(time.to_string(), "2023-05-02T10:30:00+07:00");
/// assert_eq!(VietnamTime::first_of("2023-05-02")?.to_sepay(), "2023-05-02 00:00:00");
/// assert_eq!(VietnamTime::last_of("2023-05-02")?.to_sepay(), "2023-05-02 23:59:59");
/// # Ok::<(), sepay::NotTime>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, format = DateTime, pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$")
)]
pub struct VietnamTime(NaiveDateTime);

/// Why a text is no time. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTime {
    /// Not one of the accepted forms.
    #[error("expected a date such as 2026-11-01 or a time such as 2026-11-01T08:00:00+07:00")]
    Form,
    /// The right form, but no such day or time of day exists.
    #[error("expected a day and time that exist, in the years 1900 to 9999")]
    Impossible,
}

/// Which whole second a text with less or more precision stands for.
#[derive(Clone, Copy, PartialEq)]
enum Edge {
    First,
    Last,
}

impl VietnamTime {
    /// Reads SePay's own form, `YYYY-MM-DD HH:mm:ss`.
    ///
    /// # Errors
    ///
    /// [`NotTime`] for any other form and for days that do not exist.
    pub fn from_sepay(text: &str) -> Result<Self, NotTime> {
        if text.len() != 19 || text.as_bytes().get(10) != Some(&b' ') {
            return Err(NotTime::Form);
        }
        local(text.as_bytes())
    }

    /// Returns the first whole second of what a caller's text names: a date is its 00:00:00.
    ///
    /// Accepts `YYYY-MM-DD`, `YYYY-MM-DD HH:mm:ss` and `YYYY-MM-DDTHH:mm:ss` (Vietnam time), and RFC 3339 with
    /// an offset and an optional fraction.
    ///
    /// # Errors
    ///
    /// [`NotTime`] for any other form and for days that do not exist.
    pub fn first_of(text: &str) -> Result<Self, NotTime> {
        read(text, Edge::First)
    }

    /// Returns the last whole second of what a caller's text names: a date is its 23:59:59.
    ///
    /// # Errors
    ///
    /// As [`VietnamTime::first_of`].
    pub fn last_of(text: &str) -> Result<Self, NotTime> {
        read(text, Edge::Last)
    }

    /// Returns the form SePay reads and writes, always in full: `2023-05-02 10:30:00`.
    #[must_use]
    pub fn to_sepay(self) -> String {
        self.ascii(b' ').iter().map(|byte| char::from(*byte)).collect()
    }

    /// Returns day and clock as ASCII with this byte between them.
    fn ascii(self, separator: u8) -> [u8; 19] {
        let Self(time) = self;
        let year = time.year().unsigned_abs();
        let [[c1, c2], [y1, y2]] = [year / 100, year].map(digits);
        let [[m1, m2], [d1, d2]] = [time.month(), time.day()].map(digits);
        let [[h1, h2], [i1, i2], [s1, s2]] =
            [time.hour(), time.minute(), time.second()].map(digits);
        [c1, c2, y1, y2, b'-', m1, m2, b'-', d1, d2, separator, h1, h2, b':', i1, i2, b':', s1, s2]
    }

    /// Returns RFC 3339, `2023-05-02T10:30:00+07:00`, as ASCII.
    pub(crate) fn rfc3339(self) -> [u8; 25] {
        let mut text = *b"YYYY-MM-DDTHH:mm:ss+07:00";
        for (there, byte) in text.iter_mut().zip(self.ascii(b'T')) {
            *there = byte;
        }
        text
    }

    /// Returns the time so many seconds later, or earlier when negative; none outside the years 1900 to 9999.
    pub(crate) fn shifted(self, secs: i64) -> Option<Self> {
        checked(self.0.checked_add_signed(TimeDelta::try_seconds(secs)?)?).ok()
    }

    /// Returns the second in which so many milliseconds since the Unix epoch lie; none outside the years 1900 to 9999.
    #[must_use]
    pub fn from_unix_ms(ms: i64) -> Option<Self> {
        let epoch = Self(NaiveDateTime::default());
        epoch.shifted(ms.div_euclid(1000).checked_add(i64::from(OFFSET_SECS))?)
    }

    /// Returns midnight of a day in Vietnam, so many days before the one of this time; none before the year 1900.
    #[must_use]
    pub fn day_before(self, days: u32) -> Option<Self> {
        let midnight = Self(self.0.date().and_time(NaiveTime::MIN));
        midnight.shifted(i64::from(days).checked_mul(-86_400)?)
    }

    /// Returns milliseconds since the Unix epoch.
    #[must_use]
    pub fn unix_ms(self) -> i64 {
        let offset_ms = i64::from(OFFSET_SECS).saturating_mul(1000);
        self.0.and_utc().timestamp_millis().saturating_sub(offset_ms)
    }
}

impl fmt::Display for VietnamTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.rfc3339()).unwrap_or_default())
    }
}

/// The last two digits of a number.
fn digits(number: u32) -> [u8; 2] {
    [number / 10 % 10, number % 10]
        .map(|digit| b'0'.wrapping_add(u8::try_from(digit).unwrap_or_default()))
}

impl Serialize for VietnamTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn read(text: &str, edge: Edge) -> Result<VietnamTime, NotTime> {
    if !text.is_ascii() {
        return Err(NotTime::Form);
    }
    match text.len() {
        10 => {
            let time = match edge {
                Edge::First => NaiveTime::from_hms_opt(0, 0, 0),
                Edge::Last => NaiveTime::from_hms_opt(23, 59, 59),
            };
            checked(date(text.as_bytes())?.and_time(time.ok_or(NotTime::Impossible)?))
        }
        19 => local(text.as_bytes()),
        _ => with_offset(text, edge),
    }
}

/// Reads `YYYY-MM-DD`.
fn date(text: &[u8]) -> Result<NaiveDate, NotTime> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return Err(NotTime::Form) };
    let year = two(*y1, *y2)?.wrapping_mul(100).wrapping_add(two(*y3, *y4)?);
    let (month, day) = (two(*m1, *m2)?, two(*d1, *d2)?);
    let year = i32::try_from(year).map_err(|_| NotTime::Impossible)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or(NotTime::Impossible)
}

/// Reads `YYYY-MM-DD HH:mm:ss`, the separator a space or a `T`.
fn local(text: &[u8]) -> Result<VietnamTime, NotTime> {
    let (day, clock) = text.split_at_checked(10).ok_or(NotTime::Form)?;
    let [b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2] = clock else {
        return Err(NotTime::Form);
    };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    let day = date(day)?;
    let clock = NaiveTime::from_hms_opt(hour, minute, second).ok_or(NotTime::Impossible)?;
    checked(day.and_time(clock))
}

/// Reads two digits.
fn two(tens: u8, ones: u8) -> Result<u32, NotTime> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        let digit = |byte: u8| u32::from(byte.wrapping_sub(b'0'));
        Ok(digit(tens).wrapping_mul(10).wrapping_add(digit(ones)))
    } else {
        Err(NotTime::Form)
    }
}

/// Reads RFC 3339 with an offset. A `+` that arrived as a space, because a URL did not encode it, is taken as meant.
fn with_offset(text: &str, edge: Edge) -> Result<VietnamTime, NotTime> {
    let (clock, rest) = text.split_at_checked(19).ok_or(NotTime::Form)?;
    let there = local(clock.as_bytes())?.0;
    let (has_fraction, zone) = fraction(rest)?;
    let ahead_secs = i64::from(OFFSET_SECS).saturating_sub(offset_secs(zone)?);
    let round_up = i64::from(has_fraction && edge == Edge::First);
    let shift = TimeDelta::try_seconds(ahead_secs.saturating_add(round_up));
    let time = shift.and_then(|shift| there.checked_add_signed(shift));
    checked(time.ok_or(NotTime::Impossible)?)
}

/// Splits `.250Z` into whether the fraction is more than nothing, and the zone.
fn fraction(text: &str) -> Result<(bool, &str), NotTime> {
    let Some(after_point) = text.strip_prefix('.') else { return Ok((false, text)) };
    let end = after_point.find(|digit: char| !digit.is_ascii_digit()).ok_or(NotTime::Form)?;
    let (digits, zone) = after_point.split_at_checked(end).ok_or(NotTime::Form)?;
    if digits.is_empty() {
        return Err(NotTime::Form);
    }
    Ok((digits.bytes().any(|digit| digit != b'0'), zone))
}

/// Reads `Z`, `+07:00` or `-05:00`.
fn offset_secs(zone: &str) -> Result<i64, NotTime> {
    if zone.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let [sign, h1, h2, b':', m1, m2] = zone.as_bytes() else { return Err(NotTime::Form) };
    let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
    if hours > 23 || minutes > 59 {
        return Err(NotTime::Form);
    }
    let secs = i64::from(hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)));
    match sign {
        b'+' | b' ' => Ok(secs),
        b'-' => Ok(secs.saturating_neg()),
        _ => Err(NotTime::Form),
    }
}

fn checked(time: NaiveDateTime) -> Result<VietnamTime, NotTime> {
    if (1900..=9999).contains(&time.year()) {
        Ok(VietnamTime(time))
    } else {
        Err(NotTime::Impossible)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sepays_time_is_vietnams() {
        let time = VietnamTime::from_sepay("2023-02-16 16:16:00").unwrap();
        assert_eq!(time.to_string(), "2023-02-16T16:16:00+07:00");
        assert_eq!(time.unix_ms(), 1_676_538_960_000); // 2023-02-16T09:16:00Z
        assert_eq!(time.to_sepay(), "2023-02-16 16:16:00");
    }

    #[test]
    fn sepays_form_is_exact() {
        for text in
            ["2023-02-16", "2023-02-16T16:16:00", "2023-2-16 16:16:00", "2023-02-16 16:16:0x", ""]
        {
            assert_eq!(VietnamTime::from_sepay(text), Err(NotTime::Form), "{text}");
        }
        for text in [
            "0000-00-00 00:00:00",
            "2023-02-29 00:00:00",
            "2023-02-16 24:00:00",
            "2023-02-16 10:00:60",
        ] {
            assert_eq!(VietnamTime::from_sepay(text), Err(NotTime::Impossible), "{text}");
        }
    }

    #[test]
    fn a_date_is_a_whole_day_and_a_fraction_is_rounded_inwards() {
        for (text, first, last) in [
            ("2026-11-01", "2026-11-01 00:00:00", "2026-11-01 23:59:59"),
            ("2026-11-01 08:00:00", "2026-11-01 08:00:00", "2026-11-01 08:00:00"),
            ("2026-11-01T08:00:00", "2026-11-01 08:00:00", "2026-11-01 08:00:00"),
            ("2026-11-01T08:00:00+07:00", "2026-11-01 08:00:00", "2026-11-01 08:00:00"),
            ("2026-11-01T08:00:00 07:00", "2026-11-01 08:00:00", "2026-11-01 08:00:00"),
            ("2026-10-31T18:00:00Z", "2026-11-01 01:00:00", "2026-11-01 01:00:00"),
            ("2026-10-31T18:00:00.250Z", "2026-11-01 01:00:01", "2026-11-01 01:00:00"),
            ("2026-10-31T13:00:00-05:00", "2026-11-01 01:00:00", "2026-11-01 01:00:00"),
        ] {
            assert_eq!(
                VietnamTime::first_of(text).map(VietnamTime::to_sepay).as_deref(),
                Ok(first),
                "{text}"
            );
            assert_eq!(
                VietnamTime::last_of(text).map(VietnamTime::to_sepay).as_deref(),
                Ok(last),
                "{text}"
            );
        }
    }

    #[test]
    fn bad_times_are_told_apart() {
        for text in [
            "",
            "yesterday",
            "2026/11/01",
            "01-11-2026",
            "2026-11-1",
            "2026-11-01T08:00",
            "1762000000",
            "２０２６-11-01",
        ] {
            assert_eq!(VietnamTime::first_of(text), Err(NotTime::Form), "{text}");
        }
        for text in [
            "2026-02-30",
            "2026-13-01",
            "2026-11-01T25:00:00Z",
            "1800-01-01",
            "2026-02-30T00:00:00Z",
        ] {
            assert_eq!(VietnamTime::first_of(text), Err(NotTime::Impossible), "{text}");
        }
    }
}
