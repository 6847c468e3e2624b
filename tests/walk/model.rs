//! A model of SePay's list and count, with every habit that a page states, leaves open or contradicts.

use std::collections::{BTreeMap, BTreeSet};

use sepay::{Period, TransactionCount, TransactionFilter, TransactionList, VietnamTime};

/// In which order rows are sent, and therefore which ones are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    IdDown,
    IdUp,
    DateDown,
    DateUp,
    None,
}

/// Which rows `since_id` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    Inclusive,
    Exclusive,
    Ignored,
}

/// Which seconds a date filter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dates {
    BothEnds,
    WithoutMax,
    WithoutMin,
    WithoutEnds,
    Ignored,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Habits {
    pub(crate) order: Order,
    pub(crate) since: Since,
    pub(crate) dates: Dates,
    /// The most rows sent, whatever was asked for.
    pub(crate) cap: Option<usize>,
}

impl Habits {
    /// What SePay's pages say and callers have seen.
    pub(crate) const STATED: Self =
        Self { order: Order::DateDown, since: Since::Inclusive, dates: Dates::BothEnds, cap: None };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    id: u128,
    at: VietnamTime,
    is_deleted: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Sepay {
    pub habits: Habits,
    rows: Vec<Row>,
    /// With how many digits ids are written at least.
    width: usize,
    last_id: u128,
}

impl Sepay {
    pub(crate) fn new(habits: Habits, before_first: u128, width: usize) -> Self {
        Self { habits, rows: Vec::new(), width, last_id: before_first }
    }

    /// A row becomes visible: a new largest id, any date.
    pub(crate) fn book(&mut self, secs: u32) {
        // Other customers' rows lie between.
        self.last_id += 1 + u128::from(secs % 3);
        self.rows.push(Row { id: self.last_id, at: time(secs), is_deleted: false });
    }

    /// A row disappears.
    pub(crate) fn delete(&mut self, index: usize) {
        if let Some(index) = index.checked_rem(self.rows.len()) {
            self.rows[index].is_deleted = true;
        }
    }

    /// How many rows have disappeared.
    pub(crate) fn deleted(&self) -> usize {
        self.rows.iter().filter(|row| row.is_deleted).count()
    }

    /// An id so many hundredths of the way through, whether there is such a row or not.
    pub(crate) fn id_at(&self, share: usize) -> u128 {
        let first = self.rows.first().map_or(self.last_id, |row| row.id);
        first + (self.last_id - first) * share as u128 / 100
    }

    /// The ids that the filter takes, as this SePay understands it.
    pub(crate) fn ids(&self, period: Period) -> BTreeSet<u128> {
        self.there().filter(|row| self.takes(period, row.at)).map(|row| row.id).collect()
    }

    /// The same with those that have disappeared.
    pub(crate) fn ids_ever(&self, period: Period) -> BTreeSet<u128> {
        self.rows.iter().filter(|row| self.takes(period, row.at)).map(|row| row.id).collect()
    }

    /// The most rows that one second has.
    pub(crate) fn fullest_second(&self) -> usize {
        let mut rows_at = BTreeMap::new();
        self.there().for_each(|row| *rows_at.entry(row.at).or_insert(0) += 1);
        rows_at.into_values().max().unwrap_or(0)
    }

    fn there(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.is_deleted)
    }

    pub(crate) fn list(&self, list: &TransactionList) -> Vec<(String, VietnamTime)> {
        let mut rows = self.matching(&list.filter);
        match self.habits.order {
            Order::IdDown => rows.sort_by_key(|row| std::cmp::Reverse(row.id)),
            Order::IdUp => rows.sort_by_key(|row| row.id),
            Order::DateDown => rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id))),
            Order::DateUp => rows.sort_by_key(|row| (row.at, row.id)),
            Order::None => {
                rows.sort_by_key(|row| row.id.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 1009)
            }
        }
        let limit = list.limit.expect("a limit").get();
        rows.truncate(limit.min(self.habits.cap.unwrap_or(limit)));
        let width = self.width;
        rows.iter().map(|row| (format!("{:0width$}", row.id), row.at)).collect()
    }

    pub(crate) fn count(&self, count: &TransactionCount) -> u64 {
        self.matching(&count.filter).len() as u64
    }

    fn matching(&self, filter: &TransactionFilter) -> Vec<Row> {
        let since: Option<u128> = filter.since_id.as_ref().map(|id| id.as_str().parse().unwrap());
        let is_since = |id: u128| match self.habits.since {
            Since::Inclusive => Some(id) >= since,
            Since::Exclusive => Some(id) > since,
            Since::Ignored => true,
        };
        let rows = self.there().filter(|row| is_since(row.id));
        rows.filter(|row| self.takes(filter.occurred, row.at)).copied().collect()
    }

    fn takes(&self, period: Period, now: VietnamTime) -> bool {
        let (min, max) = (period.min(), period.max());
        let (with_min, with_max) = match self.habits.dates {
            Dates::BothEnds => (true, true),
            Dates::WithoutMax => (true, false),
            Dates::WithoutMin => (false, true),
            Dates::WithoutEnds => (false, false),
            Dates::Ignored => return true,
        };
        min.is_none_or(|min| min < now || (with_min && min == now))
            && max.is_none_or(|max| now < max || (with_max && now == max))
    }
}

/// So many seconds into November 2026, Vietnam time; at most 30 days.
pub(crate) fn time(secs: u32) -> VietnamTime {
    let (day, hour, minute, second) =
        (1 + secs / 86_400, secs / 3_600 % 24, secs / 60 % 60, secs % 60);
    let text = format!("2026-11-{day:02} {hour:02}:{minute:02}:{second:02}");
    VietnamTime::from_sepay(&text).expect("a time that exists")
}
