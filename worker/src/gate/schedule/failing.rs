//! What becomes of those who wait for a request that failed.

use sepay::Target;

use super::calls::Waiters;
use super::{Flight, Schedule};
use crate::gate::event::{Action, CallId, Lane, Need, Party, Service, Source, Verdict};
use crate::gate::turns::Place;

/// The most times one question is asked.
const MAX_TRIES: u8 = 3;

impl<A: Clone> Schedule<A> {
    /// Gives those callers what is known instead, who are content with that; the others the failure.
    pub(super) fn fail(
        &mut self,
        takers: Waiters,
        flight: &Flight,
        verdict: Verdict,
        outcome: &A,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        let mut without = Waiters::new();
        for (caller, waiting) in takers {
            match self.instead(&waiting) {
                Some((known, service)) => {
                    self.cache.wish(&flight.target, now_ms);
                    self.cache.put_off(&flight.target, now_ms);
                    let source = match verdict {
                        Verdict::Unsent => service.source,
                        _ => Source::Down,
                    };
                    let service = Service { source, ..service };
                    self.give(vec![(caller, waiting)], &known, service, now_ms, actions);
                }
                None => without.push((caller, waiting)),
            }
        }
        self.deliver(without, flight, Verdict::Failed, outcome, now_ms, actions);
    }

    /// Asks again for those who can still use the answer, as far as that is worth a slot.
    pub(super) fn ask_again_or_fail(
        &mut self,
        flight: &Flight,
        verdict: Verdict,
        outcome: &A,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        let send_ms = self.foresight(now_ms).send_ms(0);
        let answer_ms = send_ms.saturating_add(self.round_trip_ms);
        let hurried = self.take_off(flight, |waiting| {
            waiting.need != Need::Newer && waiting.deadline_ms < answer_ms
        });
        self.fail(hurried, flight, verdict, outcome, now_ms, actions);
        let worthwhile = !self.breaker.is_open() && self.board.tries(&flight.target) < MAX_TRIES;
        if !self.board.is_awaited(&flight.target) {
            return;
        }
        if worthwhile && self.budget.has_room(self.board.retries(), now_ms) {
            self.board.land(&flight.target);
            let place = self.place_again(flight);
            self.board.put(&flight.target, place);
            return;
        }
        let takers = self.take_off(flight, |waiting| waiting.need != Need::Newer);
        self.fail(takers, flight, verdict, outcome, now_ms, actions);
    }

    /// Finds a place for a question that is asked again: its own, unless those who wait now are in another lane.
    fn place_again(&mut self, flight: &Flight) -> Place {
        match self.board.taker(&flight.target) {
            Some((party, lane)) if lane != flight.place.lane => {
                let party = Party::clone(party);
                self.take_turn(lane, &party)
            }
            _ => flight.place,
        }
    }

    /// Takes a party's next turn.
    fn take_turn(&mut self, lane: Lane, party: &Party) -> Place {
        let place = self.turns.next(lane, party, None);
        self.turns.take(place, party);
        place
    }

    /// Finds a place for those who wait on, because the answer was older than what they need.
    pub(super) fn line_up_again(&mut self, flight: &Flight, now_ms: u64) {
        let standing = self.board.place_of(&flight.target).is_some();
        let taker = self.board.taker(&flight.target);
        let taker = taker.map(|(party, lane)| (Party::clone(party), lane));
        if let (false, Some((party, lane))) = (standing, taker) {
            let place = self.take_turn(lane, &party);
            self.board.start_again(&flight.target, now_ms);
            self.board.put(&flight.target, place);
        }
    }

    /// While SePay is down, everybody who waits is told so: the next probe is for whoever comes then.
    pub(super) fn fail_all(
        &mut self,
        flight: &Flight,
        verdict: Verdict,
        outcome: &A,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        let targets: Vec<Target> =
            self.board.places_from_last().map(|(_, target)| target.clone()).collect();
        for target in targets {
            // As if each of them had been asked just now.
            let call = CallId::MAX;
            let asked_ms = self.board.asked_ms(&target).unwrap_or(now_ms);
            let queue_ms = now_ms.saturating_sub(asked_ms);
            let sent_aged_ms = self.clock.aged_ms();
            let unsent =
                Flight { call, target, sent_ms: now_ms, sent_aged_ms, queue_ms, ..flight.clone() };
            let takers = self.take_off(&unsent, |waiting| waiting.need != Need::Newer);
            self.fail(takers, &unsent, verdict, outcome, now_ms, actions);
        }
    }
}
