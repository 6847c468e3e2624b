//! Periods of whole seconds, both ends included, and how one is divided into two smaller ones.

use std::collections::BinaryHeap;

use crate::error::Error;
use crate::query::Period;
use crate::time::VietnamTime;

/// The smaller part of a full list, one row in so many: what is left out, so that the larger part is not full again.
const SMALLER_PART: usize = 10;

/// Says whether the time lies in the period.
pub(super) fn holds(period: Period, time: VietnamTime) -> bool {
    period.min().is_none_or(|min| min <= time) && period.max().is_none_or(|max| time <= max)
}

/// Says whether the period has one second or two.
pub(super) fn is_short(period: Period) -> bool {
    let ends = period.min().zip(period.max());
    ends.is_some_and(|(min, max)| min == max || min.shifted(1) == Some(max))
}

/// Divides the period of a full list into an older and a newer part, each shorter than the whole; none when it cannot
/// be divided further.
///
/// Both parts have the second in which they meet, so that no row is lost between them even if SePay left out one end
/// of a period. Only two neighbouring seconds are divided without.
pub(super) fn halves(period: Period, times: &[VietnamTime]) -> Result<Option<[Period; 2]>, Error> {
    let (min, max) = (period.min(), period.max());
    if let (Some(first), Some(last)) = (min, max)
        && is_short(period)
    {
        return if first == last { Ok(None) } else { parts(min, (first, last), max).map(Some) };
    }
    meeting(times)
        .and_then(|second| inside(second, period))
        .map(|s| parts(min, (s, s), max))
        .transpose()
}

fn parts(
    min: Option<VietnamTime>,
    (older_max, newer_min): (VietnamTime, VietnamTime),
    max: Option<VietnamTime>,
) -> Result<[Period; 2], Error> {
    Ok([Period::new("from", min, Some(older_max))?, Period::new("from", Some(newer_min), max)?])
}

/// Moves a second of a period of three or more away from its ends; none at the end of all time.
fn inside(second: VietnamTime, period: Period) -> Option<VietnamTime> {
    if period.min() == Some(second) {
        second.shifted(1)
    } else if period.max() == Some(second) {
        second.shifted(-1)
    } else {
        Some(second)
    }
}

/// Chooses the second in which the parts meet from the rows' times, in the order in which they came.
///
/// A list by date, newest first, holds the newest rows: what is newer than its oldest tenth is surely less than a page,
/// and as much as can be had with one read. Oldest first, the other way round.
fn meeting(times: &[VietnamTime]) -> Option<VietnamTime> {
    let pairs = || times.iter().zip(times.iter().skip(1));
    let falls = pairs().filter(|(one, next)| one > next).count();
    let rises = pairs().filter(|(one, next)| one < next).count();
    // By a heap, which has a tenth of a sort's code.
    let mut sorted = BinaryHeap::from(times.to_vec()).into_sorted_vec();
    if rises > falls {
        sorted.reverse();
    }
    let tenth = sorted.len().checked_div(SMALLER_PART)?.max(1);
    let (smaller, larger) = sorted.split_at_checked(tenth)?;
    let edge = smaller.last()?;
    larger.iter().find(|time| *time != edge).or(sorted.last()).copied()
}
