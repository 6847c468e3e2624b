//! Callers take turns: who asks much waits behind itself, not in front of others.
//!
//! Start-time fair queuing: a question of a party is due one turn after the party's last one, but never before the
//! turn that is being served. Whoever has the lowest turn goes next, and of those who came first. So between two
//! questions of one party every other party that waits gets one, nobody saves up turns by keeping silent, and whoever
//! comes new waits for one question of each of the others at most.

use std::collections::BTreeMap;

use super::event::{Lane, Party};

/// A place in the order: lower goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) lane: Lane,
    pub(super) turn: u64,
    /// Who came first, where turns are equal; no two places are the same.
    pub(super) arrival: u64,
}

/// The parties' turns.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    served: BTreeMap<Lane, u64>,
    last: BTreeMap<(Lane, Party), u64>,
    arrivals: u64,
}

/// How many parties are remembered before those that owe nothing are forgotten.
const MANY_PARTIES: usize = 1_024;

impl Turns {
    /// Returns the place that a party's next question would have, after the turn that is kept for it already, if any.
    pub(super) fn next(&mut self, lane: Lane, party: &Party, kept: Option<u64>) -> Place {
        self.arrivals = self.arrivals.wrapping_add(1);
        let last = self.last.get(&(lane, Party::clone(party))).copied();
        let own = last.max(kept).map_or(0, |turn| turn.saturating_add(1));
        Place { lane, turn: own.max(self.served(lane)), arrival: self.arrivals }
    }

    /// Notes that a party's question waits in this place.
    pub(super) fn take(&mut self, place: Place, party: &Party) {
        let last = self.last.entry((place.lane, Party::clone(party))).or_default();
        *last = place.turn.max(*last);
        if self.last.len() > MANY_PARTIES {
            let served = self.served.clone();
            self.last.retain(|(lane, _), last| *last >= served.get(lane).copied().unwrap_or(0));
        }
    }

    /// Notes that the question in this place is being asked.
    pub(super) fn serve(&mut self, place: Place) {
        let served = self.served.entry(place.lane).or_default();
        *served = place.turn.max(*served);
    }

    /// Returns the turn that is being served.
    pub(super) fn served(&self, lane: Lane) -> u64 {
        self.served.get(&lane).copied().unwrap_or(0)
    }
}
