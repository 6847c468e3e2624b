//! A caller who walks, is stopped anywhere, and walks on after the last id it got, while the world goes on.

use std::collections::{BTreeSet, VecDeque};

use sepay::{Error, Limit, RecordId, Step, TransactionFilter, Walk};

use crate::model::Sepay;

/// More reads than any walk here may take.
const ENDLESS: usize = 20_000;

/// What happens just before a question reaches SePay.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// Rows of these dates, in seconds, become visible.
    Booked(Vec<u32>),
    /// One of the rows disappears.
    Deleted(usize),
    /// The caller stops here, or after so many ids of the next portion when there are any.
    Stopped(usize),
    Nothing,
}

pub(crate) struct Caller {
    pub(crate) sepay: Sepay,
    pub(crate) filter: TransactionFilter,
    pub(crate) cursor: Option<u128>,
    pub(crate) page: Limit,
    pub(crate) events: VecDeque<Event>,
    pub(crate) got: Vec<u128>,
    pub(crate) reads: usize,
    /// The ids that were there when everything was last asked for.
    due: BTreeSet<u128>,
    stop_after_ids: Option<usize>,
}

impl Caller {
    pub(crate) fn new(sepay: Sepay, page: usize) -> Self {
        Self {
            sepay,
            filter: TransactionFilter::default(),
            cursor: None,
            page: Limit::new(u16::try_from(page).unwrap()).unwrap(),
            events: VecDeque::new(),
            got: Vec::new(),
            reads: 0,
            due: BTreeSet::new(),
            stop_after_ids: None,
        }
    }

    /// Walks until everything is there or a walk gives up.
    pub(crate) fn run(&mut self) -> Result<(), Error> {
        while !self.walk()? {}
        Ok(())
    }

    pub(crate) fn is_ascending(&self) -> bool {
        self.got.is_sorted_by(|one, next| one < next)
    }

    pub(crate) fn got_nothing_else(&self) -> bool {
        let ever = self.sepay.ids_ever(self.filter.occurred);
        self.got.iter().all(|id| Some(*id) > self.cursor && ever.contains(id))
    }

    /// The ids that should have been yielded and were not.
    pub(crate) fn missing(&self) -> Vec<u128> {
        let got: BTreeSet<u128> = self.got.iter().copied().collect();
        let still = self.sepay.ids(self.filter.occurred);
        let due = self.due.difference(&got).copied();
        due.filter(|id| Some(*id) > self.cursor && still.contains(id)).collect()
    }

    /// Walks to the end (true) or until it is stopped (false).
    fn walk(&mut self) -> Result<bool, Error> {
        let last = self.got.last().copied().or(self.cursor);
        let since_id = last.map(|id| RecordId::new("sinceId", &id.to_string()).unwrap());
        let mut walk = Walk::new(TransactionFilter { since_id, ..self.filter.clone() }, self.page);
        loop {
            match walk.step()? {
                Step::Done => return Ok(true),
                Step::Yield(ids) => {
                    let stop = self.stop_after_ids.take();
                    let taken = ids.iter().take(stop.unwrap_or(usize::MAX));
                    self.got.extend(taken.map(|id| id.as_str().parse::<u128>().unwrap()));
                    if stop.is_some() {
                        return Ok(false);
                    }
                }
                step => {
                    if !self.world_goes_on() {
                        return Ok(false);
                    }
                    assert_eq!(walk.step()?, step, "a question stays until it is answered");
                    self.answer(&step, &mut walk)?;
                }
            }
        }
    }

    /// Lets one event happen; false when the caller is stopped now.
    fn world_goes_on(&mut self) -> bool {
        match self.events.pop_front() {
            Some(Event::Booked(rows)) => rows.into_iter().for_each(|secs| self.sepay.book(secs)),
            Some(Event::Deleted(index)) => self.sepay.delete(index),
            Some(Event::Stopped(0)) => return false,
            Some(Event::Stopped(ids)) => self.stop_after_ids = Some(ids),
            Some(Event::Nothing) | None => {}
        }
        true
    }

    fn answer(&mut self, step: &Step, walk: &mut Walk) -> Result<(), Error> {
        self.reads += 1;
        assert!(self.reads < ENDLESS, "the walk ends");
        match step {
            Step::List(list) => {
                if list.filter.occurred == self.filter.occurred {
                    self.due = self.sepay.ids(list.filter.occurred);
                }
                let rows = self.sepay.list(list);
                walk.listed(rows.iter().map(|(id, time)| (id.as_str(), *time)))
            }
            Step::Count(count) => {
                walk.counted(self.sepay.count(count));
                Ok(())
            }
            Step::Yield(_) | Step::Done => Ok(()),
        }
    }
}
