//! How every transaction is read once and none is lost, though a list holds at most 5000 rows in an order that no page
//! of SePay's states.
//!
//! [`Walk`] decides what to ask next and which ids are proved; it neither sends nor keeps rows, only their ids. What it
//! proves: every row that SePay showed under the filter before the first list of the last pass is yielded, once, by
//! ascending id, also over any number of walks, each begun after the last id yielded. Where the answers do not prove
//! it, the walk ends with [`Error::Truncated`] and has yielded nothing doubtful.
//!
//! It relies on this, and on nothing else:
//!
//! 1. Ids become visible in ascending order: a row that appears later has a larger id than all that appeared before,
//!    whatever its date.
//! 2. A row keeps its id, its date and what the filter looks at.
//! 3. A list of fewer rows than were asked for is whole, unless its length is a multiple of 50 and the longest so far:
//!    then SePay may have a bound of its own, and the count decides. A bound stays the same during a walk.
//! 4. A date filter lets every row through that lies between its ends, and the count counts what the list filters.
//!    Whether the ends belong to a period need not be known; it is SePay's to say for a caller's own `from` and `to`.
//!
//! How a pass goes: it asks for everything after the cursor. A full list proves nothing, so its period is cut in two
//! that meet in one second, and both are read, until no list is full. Those lists were read at different times, and
//! rows may have arrived in between; therefore a pass yields up to its horizon only: the largest id seen up to its first
//! whole list. By rule 1 nothing below it can appear later, so every whole list of the pass, read then or later, has
//! all of its period's rows below it. Whatever was seen beyond the horizon is for the next pass; a pass that saw
//! nothing beyond is the last.
//!
//! What is checked on the way: each row lies in the period that was asked for, and each row seen in any list of the pass
//! is found again in a whole one. A row that is not found may have been deleted meanwhile, so the pass is begun again,
//! once.
//!
//! The price: lists by date, either way round, cost two reads for every nine tenths of a page: 12,000 rows at 5,000 a
//! page take 5 reads. Other orders cost more, always in proportion to rows / page. What arrived since the last walk
//! takes one read while it is less than a page.

mod id;
mod period;

use std::collections::BinaryHeap;
use std::mem;

use crate::error::Error;
use crate::query::{Limit, Period, RecordId};
use crate::time::VietnamTime;
use crate::transaction::{TransactionCount, TransactionFilter, TransactionList};
use id::Id;

/// Bounds that servers choose (50, 100, 500, 1000) are multiples of this.
const ROUND_ROWS: usize = 50;

const OUTSIDE: &str = "SePay sent a row that lies outside the dates asked for";
const MISSING: &str = "SePay sent a row once, and not again when its time was asked for alone";
const TOO_MANY: &str = "one second holds more rows than SePay sends at once";

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Ask this, then say what came by [`Walk::listed`].
    List(TransactionList),
    /// Ask this, then say what came by [`Walk::counted`].
    Count(TransactionCount),
    /// Hand out the rows with these ids, in this order. Each was in a list before; no id has leading zeros.
    Yield(Vec<RecordId>),
    /// Nothing: everything is yielded.
    Done,
}

/// The way through all transactions after a cursor.
///
/// ```
/// use sepay::{Limit, Step, TransactionFilter, VietnamTime, Walk};
///
/// let mut walk = Walk::new(TransactionFilter::default(), Limit::MAX);
/// assert!(matches!(walk.step()?, Step::List(_)));
/// let time = VietnamTime::first_of("2026-11-01")?;
/// walk.listed([("92705", time), ("92704", time)])?;
/// let Step::Yield(ids) = walk.step()? else { panic!("two of at most 5000 rows are all") };
/// assert_eq!(ids.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["92704", "92705"]);
/// assert_eq!(walk.step()?, Step::Done);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Walk {
    /// Its `since_id` is the cursor: all rows up to it are done with.
    filter: TransactionFilter,
    page: Limit,
    /// What this pass has still to read, the next one last.
    unread: Vec<Period>,
    /// The ids seen in this pass, once for each list, and those beyond the horizon of the pass before; and whether it
    /// was a whole list of this pass. In no order.
    seen: Vec<(Id, bool)>,
    /// The largest id seen in this pass or the one before.
    largest: Option<Id>,
    /// The largest id that this pass may yield; none before its first whole list.
    horizon: Option<Id>,
    /// A list of which only the count can say whether it is whole.
    doubtful: Option<Answer>,
    longest_rows: usize,
    /// Whether the longest list so far had as many rows as SePay sends at most.
    is_longest_cut: bool,
    /// Whether a pass was begun again, and nothing yielded since.
    is_repeated: bool,
    is_over: bool,
    flaw: Option<&'static str>,
}

/// A list that came: its ids, and the two periods to read when it is cut; none for a period that cannot be divided.
#[derive(Debug, Clone)]
struct Answer {
    ids: Vec<Id>,
    halves: Option<[Period; 2]>,
}

impl Walk {
    /// Begins after `filter.since_id`, the last id already seen, or with the first row there is. Lists ask for `page`
    /// rows; only a period of one or two seconds is asked for with 5000, because it can hardly be divided.
    #[must_use]
    pub fn new(filter: TransactionFilter, page: Limit) -> Self {
        Self {
            unread: vec![filter.occurred],
            filter,
            page,
            seen: Vec::new(),
            largest: None,
            horizon: None,
            doubtful: None,
            longest_rows: 0,
            is_longest_cut: false,
            is_repeated: false,
            is_over: false,
            flaw: None,
        }
    }

    /// Returns what to do next. A question is returned again until its answer is there.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`], now and ever after, when SePay's answers do not allow to prove that no row is missing.
    pub fn step(&mut self) -> Result<Step, Error> {
        loop {
            if let Some(reason) = self.flaw {
                return Err(Error::Truncated { reason });
            }
            if let Some(period) = self.unread.last() {
                return Ok(self.question(*period));
            }
            if self.is_over {
                return Ok(Step::Done);
            }
            let ids = self.finish_pass()?;
            if !ids.is_empty() {
                return Ok(Step::Yield(ids));
            }
        }
    }

    /// Takes the list that was asked for: each row's id and `occurred_at`, in the order in which SePay sent them.
    /// Changes nothing when no list is due.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] for an id that is not 1 to 20 digits; nothing has changed then.
    pub fn listed<'a>(
        &mut self,
        rows: impl IntoIterator<Item = (&'a str, VietnamTime)>,
    ) -> Result<(), Error> {
        let mut read = Vec::new();
        for (id, time) in rows {
            read.push(row(read.len(), id, time)?);
        }
        match self.unread.last() {
            Some(period) if self.doubtful.is_none() => self.judge(*period, &read),
            _ => Ok(()),
        }
    }

    /// Takes the count that was asked for. Changes nothing when no count is due.
    pub fn counted(&mut self, count: u64) {
        let Some(answer) = self.doubtful.take() else { return };
        if u64::try_from(answer.ids.len()).is_ok_and(|rows| count <= rows) {
            self.keep(&answer);
        } else {
            self.is_longest_cut |= answer.ids.len() == self.longest_rows;
            self.divide(&answer);
        }
    }

    fn question(&self, period: Period) -> Step {
        let filter = TransactionFilter { occurred: period, ..self.filter.clone() };
        if self.doubtful.is_some() {
            Step::Count(TransactionCount { filter })
        } else {
            Step::List(TransactionList { filter, limit: Some(self.limit(period)) })
        }
    }

    fn limit(&self, period: Period) -> Limit {
        if period::is_short(period) { Limit::MAX } else { self.page }
    }

    /// Keeps a whole list, divides a full one, and leaves what is doubtful to the count.
    fn judge(&mut self, period: Period, rows: &[(Id, VietnamTime)]) -> Result<(), Error> {
        let times: Vec<VietnamTime> = rows.iter().map(|(_, time)| *time).collect();
        if !times.iter().all(|time| period::holds(period, *time)) {
            self.flaw = Some(OUTSIDE);
            return Ok(());
        }
        self.note(rows);
        let is_longest = !rows.is_empty() && rows.len() == self.longest_rows;
        let is_full = rows.len() >= self.limit(period).get() || (is_longest && self.is_longest_cut);
        let is_round = is_longest && rows.len().is_multiple_of(ROUND_ROWS);
        let ids = rows.iter().map(|(id, _)| *id).collect();
        let answer = Answer { ids, halves: period::halves(period, &times)? };
        match (is_full, answer.halves) {
            (true, Some(_)) => self.divide(&answer),
            (true, None) => self.doubtful = Some(answer),
            (false, _) if is_round => self.doubtful = Some(answer),
            (false, _) => self.keep(&answer),
        }
        Ok(())
    }

    fn note(&mut self, rows: &[(Id, VietnamTime)]) {
        self.largest = rows.iter().map(|(id, _)| Some(*id)).fold(self.largest, Option::max);
        if rows.len() > self.longest_rows {
            self.longest_rows = rows.len();
            self.is_longest_cut = false;
        }
    }

    /// Takes a list as whole.
    fn keep(&mut self, answer: &Answer) {
        self.unread.pop();
        self.see(answer, true);
        // Without any row seen, this list is the pass's only one, and there is nothing to yield.
        self.horizon = self.horizon.or(self.largest);
    }

    /// Reads a cut list's period in two parts, the newer first: it is likest to hold the largest id.
    fn divide(&mut self, answer: &Answer) {
        match answer.halves {
            Some(halves) => {
                self.unread.pop();
                self.unread.extend(halves);
                self.see(answer, false);
            }
            None => self.flaw = Some(TOO_MANY),
        }
    }

    fn see(&mut self, answer: &Answer, is_whole: bool) {
        self.seen.extend(answer.ids.iter().map(|id| (*id, is_whole)));
    }

    /// Returns the ids that this pass has proved, and makes ready for the next pass if there is to be one.
    fn finish_pass(&mut self) -> Result<Vec<RecordId>, Error> {
        let horizon = self.horizon.take();
        let seen = each_once(mem::take(&mut self.seen));
        if seen.iter().any(|(_, is_kept)| !is_kept) {
            self.repeat_pass();
            return Ok(Vec::new());
        }
        let cursor = self.filter.since_id.as_ref().map(Id::of);
        let mut proved = Vec::new();
        for (id, _) in seen {
            if Some(id) > horizon {
                self.seen.push((id, false));
            } else if Some(id) > cursor {
                proved.push(id.record()?);
            }
        }
        if let Some(last) = proved.last() {
            self.filter.since_id = Some(last.clone());
            self.is_repeated = false;
        }
        self.is_over = self.seen.is_empty();
        if !self.is_over {
            self.unread.push(self.filter.occurred);
        }
        Ok(proved)
    }

    /// Forgets a pass in which a row was lost from sight and begins it again, or gives up.
    fn repeat_pass(&mut self) {
        if self.is_repeated {
            self.flaw = Some(MISSING);
        }
        self.is_repeated = true;
        self.largest = None;
        self.unread.push(self.filter.occurred);
    }
}

fn row(index: usize, id: &str, time: VietnamTime) -> Result<(Id, VietnamTime), Error> {
    let id = RecordId::new("id", id);
    id.map(|id| (Id::of(&id), time)).map_err(|_| {
        let at = ["transactions[", &index.to_string(), "].id"].concat();
        Error::unreadable(at, "expected an id of 1 to 20 digits")
    })
}

/// Sorts the ids; each was in a whole list if it was so once. By a heap, which has a tenth of a sort's code.
fn each_once(seen: Vec<(Id, bool)>) -> Vec<(Id, bool)> {
    let mut seen = BinaryHeap::from(seen).into_sorted_vec();
    seen.dedup_by(|(next, is_kept), (id, was_kept)| {
        *was_kept |= next == id && *is_kept;
        next == id
    });
    seen
}
