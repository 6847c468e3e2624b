//! Callers who were told when to come back: their places are kept, so that the time they were told is an honest one.
//!
//! Without it everybody who is refused in one moment would be told the same time, and all but the first few would be
//! refused again. A place that is kept is no place in the queue: while its owner stays away, others go first.

use litemap::LiteMap;
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
    kept: LiteMap<Target, Promise>,
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
        if self.kept.len() < MAX_PROMISES || self.kept.contains_key(target) {
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

    /// Returns for whom places are kept before another one, once for each.
    pub(super) fn parties_before(&self, place: Place) -> impl Iterator<Item = &Party> {
        let before = self.kept.values().filter(move |promise| promise.place < place);
        before.map(|promise| &promise.party)
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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
mod tests {
    use super::super::event::Lane;
    use super::*;

    const LANE: Lane = Lane::Interactive;

    fn place(turn: u64) -> Place {
        Place { lane: LANE, turn, arrival: turn }
    }

    fn target(number: usize) -> Target {
        Target::from_text(&format!("/userapi/transactions/details/{number}")).unwrap()
    }

    /// Places 1, 2 and 3, of a, b and a, due at 100, 200 and 300.
    fn three() -> Promises {
        let mut promises = Promises::default();
        for (number, party) in [(1, "a"), (2, "b"), (3, "a")] {
            let due_ms = number * 100;
            promises.keep(
                &target(usize::try_from(number).unwrap()),
                &Party::from(party),
                place(number),
                due_ms,
            );
        }
        promises
    }

    #[test]
    fn a_place_is_found_by_its_question_in_its_lane() {
        let promises = three();
        assert_eq!(promises.place_of(&target(2), LANE), Some(place(2)));
        assert_eq!(promises.place_of(&target(2), Lane::Background), None);
        assert_eq!(promises.place_of(&target(4), LANE), None);
    }

    #[test]
    fn a_party_is_known_by_the_last_turn_that_is_kept_for_it() {
        let promises = three();
        let last = |party, lane| promises.last_turn_of(&Party::from(party), lane);
        assert_eq!(["a", "b", "c"].map(|party| last(party, LANE)), [Some(3), Some(2), None]);
        assert_eq!(last("a", Lane::Background), None);
        let before: Vec<_> = promises.parties_before(place(3)).map(|party| &**party).collect();
        assert_eq!(before, ["a", "b"]);
    }

    #[test]
    fn those_are_ahead_whose_place_is_lower_in_the_order_of_their_times() {
        let promises = three();
        for (turn, due_ms) in [(1, &[][..]), (2, &[100]), (9, &[100, 200, 300])] {
            assert_eq!(promises.due_before(place(turn)), due_ms, "{turn}");
        }
    }

    #[test]
    fn a_place_is_kept_for_three_seconds_after_its_time() {
        let mut promises = three();
        promises.expire(3_099);
        assert_eq!(promises.kept.len(), 3);
        promises.expire(3_100);
        assert_eq!(promises.place_of(&target(1), LANE), None);
        assert_eq!(promises.kept.len(), 2);
    }

    #[test]
    fn a_place_that_is_taken_is_kept_no_longer() {
        let mut promises = three();
        promises.fulfil(&target(1));
        promises.fulfil(&target(7));
        assert_eq!((promises.place_of(&target(1), LANE), promises.kept.len()), (None, 2));
    }

    #[test]
    fn who_is_refused_again_keeps_one_place_with_the_new_time() {
        let mut promises = three();
        promises.keep(&target(1), &Party::from("a"), place(1), 900);
        assert_eq!(promises.kept.len(), 3);
        assert_eq!(promises.due_before(place(2)), [900]);
    }

    #[test]
    fn places_are_bounded() {
        let mut promises = Promises::default();
        for number in 0..=MAX_PROMISES {
            promises.keep(&target(number), &Party::from("a"), place(1), 100);
        }
        assert_eq!(promises.kept.len(), MAX_PROMISES);
        assert_eq!(promises.place_of(&target(MAX_PROMISES), LANE), None);
    }

    #[test]
    fn a_full_house_still_keeps_the_new_time_of_an_old_place() {
        let mut promises = Promises::default();
        for number in 0..MAX_PROMISES {
            promises.keep(&target(number), &Party::from("a"), place(1), 100);
        }
        promises.keep(&target(0), &Party::from("a"), place(1), 5_000);
        promises.expire(4_000);
        assert_eq!(promises.place_of(&target(0), LANE), Some(place(1)));
    }
}
