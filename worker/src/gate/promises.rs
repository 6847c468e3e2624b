//! Callers who were told when to come back: their places are kept, so that the time they were told is an honest one.
//!
//! Without it everybody who is refused in one moment would be told the same time, and all but the first few would be
//! refused again. A place that is kept is no place in the queue: while its owner stays away, others go first.

use std::collections::{BTreeMap, BTreeSet};

use sepay::Target;

use super::event::{Lane, Party};
use super::turns::Place;

/// The most places that are kept.
const MAX_PROMISES: usize = 2_000;

/// How long after its time a place is kept, in milliseconds: `Retry-After` is in whole seconds, and networks are slow.
const GRACE_MS: u64 = 3_000;

/// The places that are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Promises {
    kept: BTreeMap<Target, Promise>,
}

#[derive(Debug, Clone)]
struct Promise {
    party: Party,
    place: Place,
    due_ms: u64,
}

impl Promises {
    /// Keeps a place until its owner comes back, should there be room.
    pub(super) fn keep(&mut self, target: &Target, party: &Party, place: Place, due_ms: u64) {
        if self.kept.len() < MAX_PROMISES {
            let promise = Promise { party: Party::clone(party), place, due_ms };
            self.kept.insert(target.clone(), promise);
        }
    }

    /// Returns the place that is kept for a question in a lane, whoever of those who asked it comes first.
    pub(super) fn place_of(&self, target: &Target, lane: Lane) -> Option<Place> {
        self.kept.get(target).map(|promise| promise.place).filter(|place| place.lane == lane)
    }

    /// Lets a place go: its question is on the board, or answered.
    pub(super) fn fulfil(&mut self, target: &Target) {
        self.kept.remove(target);
    }

    /// Lets those go who did not come.
    pub(super) fn expire(&mut self, now_ms: u64) {
        self.kept.retain(|_, promise| promise.due_ms.saturating_add(GRACE_MS) > now_ms);
    }

    /// Returns when the owners of the places kept before another one are due, the first first.
    pub(super) fn due_before(&self, place: Place) -> Vec<u64> {
        let ahead = self.kept.values().filter(|promise| promise.place < place);
        let mut due_ms: Vec<u64> = ahead.map(|promise| promise.due_ms).collect();
        due_ms.sort_unstable();
        due_ms
    }

    /// Returns the parties for whom places are kept.
    pub(super) fn parties(&self) -> BTreeSet<&Party> {
        self.kept.values().map(|promise| &promise.party).collect()
    }

    /// Returns the last turn that is kept for a party in a lane.
    pub(super) fn last_turn_of(&self, party: &Party, lane: Lane) -> Option<u64> {
        let kept = self.kept.values().filter(|promise| promise.party == *party);
        kept.map(|promise| promise.place)
            .filter(|place| place.lane == lane)
            .map(|place| place.turn)
            .max()
    }
}
