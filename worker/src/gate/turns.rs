//! Callers take turns: who asks much waits behind itself, not in front of others.
//!
//! Start-time fair queuing: a question of a party is due one turn after the party's last one, but never before the
//! turn that is being served. Whoever has the lowest turn goes next, and of those who came first. So between two
//! questions of one party every other party that waits gets one, nobody saves up turns by keeping silent, and whoever
//! comes new waits for one question of each of the others at most.

use litemap::LiteMap;

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
    served: LiteMap<Lane, u64>,
    last: LiteMap<(Lane, Party), u64>,
    arrivals: u64,
}

/// How many parties are remembered before those that owe nothing are forgotten.
const MANY_PARTIES: usize = 1_024;

impl Turns {
    /// Returns the place that a party's next question would have, after the turn that is kept for it already, if any.
    pub(super) fn next(&mut self, lane: Lane, party: &Party, kept: Option<u64>) -> Place {
        self.arrivals = self.arrivals.wrapping_add(1);
        Place { lane, turn: self.turn(lane, party, kept), arrival: self.arrivals }
    }

    /// Returns the turn in which that would be.
    pub(super) fn turn(&self, lane: Lane, party: &Party, kept: Option<u64>) -> u64 {
        let last = self.last.get(&(lane, Party::clone(party))).copied();
        let own = last.max(kept).map_or(0, |turn| turn.saturating_add(1));
        own.max(self.served(lane))
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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn ask(turns: &mut Turns, lane: Lane, party: &str) -> Place {
        let party = Party::from(party);
        let place = turns.next(lane, &party, None);
        turns.take(place, &party);
        place
    }

    #[test]
    fn a_place_is_ordered_by_lane_then_turn_then_arrival() {
        let place = |lane, turn, arrival| Place { lane, turn, arrival };
        let (screen, job) = (Lane::Interactive, Lane::Background);
        let ordered = [
            place(screen, 1, 9),
            place(screen, 2, 1),
            place(screen, 2, 2),
            place(job, 0, 0),
            place(job, 1, 0),
        ];
        assert!(ordered.is_sorted_by(|left, right| left < right));
    }

    #[test]
    fn each_question_of_a_party_is_a_turn_after_its_last_one() {
        let mut turns = Turns::default();
        let lane = Lane::Interactive;
        let places = ["a", "a", "b", "a", "b"].map(|party| ask(&mut turns, lane, party));
        assert_eq!(places.map(|place| place.turn), [0, 1, 0, 2, 1]);
    }

    #[test]
    fn a_party_that_kept_silent_is_due_in_the_turn_that_is_served() {
        let mut turns = Turns::default();
        let lane = Lane::Interactive;
        let served = [0; 5].map(|_| ask(&mut turns, lane, "a"));
        turns.serve(served[3]);
        assert_eq!(ask(&mut turns, lane, "b").turn, 3);
        assert_eq!(ask(&mut turns, lane, "a").turn, 5);
        assert_eq!(ask(&mut turns, Lane::Background, "a").turn, 0, "lanes do not know each other");
    }

    #[test]
    fn a_question_that_is_served_late_takes_no_turn_back() {
        let mut turns = Turns::default();
        let lane = Lane::Interactive;
        let served = [0; 5].map(|_| ask(&mut turns, lane, "a"));
        turns.serve(served[4]);
        turns.serve(served[0]);
        assert_eq!(ask(&mut turns, lane, "b").turn, 4);
    }

    #[test]
    fn looking_at_the_next_place_takes_no_turn() {
        let mut turns = Turns::default();
        let party = Party::from("a");
        let [first, later, again] =
            [None, Some(4), None].map(|kept| turns.next(Lane::Interactive, &party, kept));
        assert_eq!([first.turn, later.turn, again.turn], [0, 5, 0]);
        assert!(first < again, "but no two places are the same");
    }

    #[test]
    fn of_many_parties_those_that_owe_nothing_are_forgotten() {
        let mut turns = Turns::default();
        let lane = Lane::Interactive;
        let owing = [0; 2_000].map(|_| ask(&mut turns, lane, "debtor"));
        for number in 2..MANY_PARTIES {
            let place = ask(&mut turns, lane, &format!("p{number}"));
            turns.serve(place);
        }
        turns.serve(owing[1]);
        ask(&mut turns, lane, "last");
        assert_eq!(turns.last.len(), MANY_PARTIES, "so many are remembered, whatever they owe");
        ask(&mut turns, lane, "late");
        assert_eq!(turns.last.len(), 3);
        assert_eq!(ask(&mut turns, lane, "debtor").turn, 2_000);
    }

    proptest! {
        /// While two parties both wait, neither is served twice more than the other.
        #[test]
        fn between_two_questions_of_one_party_every_other_gets_one(
            steps in proptest::collection::vec((any::<bool>(), 0_u8..4), 1..200),
        ) {
            let mut turns = Turns::default();
            let mut waiting = std::collections::BTreeMap::new();
            let mut since: std::collections::BTreeMap<u8, std::collections::BTreeMap<u8, u32>> =
                std::collections::BTreeMap::new();
            for (asks, party) in steps {
                if asks {
                    waiting.insert(ask(&mut turns, Lane::Interactive, &party.to_string()), party);
                    since.entry(party).or_default();
                } else if let Some((place, served)) = waiting.pop_first() {
                    turns.serve(place);
                    for (other, counts) in &mut since {
                        let count = counts.entry(served).or_default();
                        *count += 1;
                        assert!(*other == served || *count <= 2, "{served} over {other}");
                    }
                    since.remove(&served);
                    if waiting.values().any(|party| *party == served) {
                        since.insert(served, std::collections::BTreeMap::new());
                    }
                }
            }
        }
    }
}
