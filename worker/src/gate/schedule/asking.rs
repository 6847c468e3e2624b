//! What becomes of a caller who asks: served from what is known, joined, queued, or refused at once (see `refusing`).

use sepay::Target;

use super::Schedule;
use super::calls::refreshes;
use super::refusing::known;
use crate::gate::board::Waiting;
use crate::gate::cache::Kept;
use crate::gate::event::{Action, Asked, CallerId, Lane, Need, Party, Source};
use crate::gate::freshness::{Freshness, freshness};
use crate::gate::turns::Place;

/// When what waits would take longer than this, in milliseconds, whoever can be served from what is known is not added
/// to it.
const BUSY_MS: u64 = 5_000;

impl<A: Clone> Schedule<A> {
    pub(super) fn ask(&mut self, mut asked: Asked, now_ms: u64, actions: &mut Vec<Action<A>>) {
        self.counts.asked = self.counts.asked.saturating_add(1);
        self.counts.demand = self.counts.demand.saturating_add(u64::from(asked.demand));
        let kept = self.cache.ask(&asked.target, asked.demand, self.clock.aged_ms());
        if kept.is_none() && asked.need == Need::Newer {
            // The gate has forgotten what the caller holds: whatever it learns is newer.
            asked.need = Need::Usual;
        }
        if let Some(kept) = &kept
            && let Some(source) = self.serves(kept, &asked, now_ms)
        {
            self.serve(&asked, kept, source, now_ms, actions);
            return;
        }
        let waiting = self.waiting(&asked, kept.is_some(), now_ms);
        // Nobody goes for somebody who could not be served either.
        if !self.is_in_time(&waiting, now_ms) || !self.has_room_for(&asked, now_ms, actions) {
            self.turn_away(&asked, &waiting, kept.as_ref(), now_ms, actions);
        } else if asked.need == Need::Newer {
            self.cache.wish(&asked.target, now_ms);
            self.board.attach(asked.caller, waiting);
        } else if self.flies_for(&waiting) {
            self.counts.joined = self.counts.joined.saturating_add(1);
            self.board.attach(asked.caller, Waiting { joined: true, ..waiting });
        } else {
            self.queue(asked.caller, waiting);
        }
    }

    /// A caller who has gone is not asked for.
    pub(super) fn leave(&mut self, caller: CallerId) {
        if self.board.detach(caller).is_some() {
            self.counts.left = self.counts.left.saturating_add(1);
        }
    }

    /// Says whether a caller is served from what is known, and why.
    fn serves(&mut self, kept: &Kept<A>, asked: &Asked, now_ms: u64) -> Option<Source> {
        let age_ms = kept.age_ms(self.clock.aged_ms());
        let freshness = freshness(age_ms, kept.fresh_ms);
        match asked.need {
            Need::MaxAge(max_ms) if max_ms == 0 || age_ms > max_ms => return None,
            Need::Newer if freshness > Freshness::Fresh => return None,
            _ => {}
        }
        match freshness {
            Freshness::Fresh => Some(Source::Known),
            Freshness::Refreshing => Some(Source::Refreshing),
            _ if self.breaker.is_open() => Some(Source::Down),
            Freshness::Stale if self.is_busy(&asked.target, now_ms) => Some(Source::Busy),
            Freshness::Stale | Freshness::Ancient => None,
        }
    }

    pub(super) fn serve(
        &mut self,
        asked: &Asked,
        kept: &Kept<A>,
        source: Source,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        if source != Source::Known {
            self.cache.wish(&asked.target, now_ms);
        }
        self.counts.served.count(source, 1);
        self.meter.count(0, 1, now_ms);
        actions.push(Action::Answer {
            callers: vec![asked.caller],
            outcome: kept.outcome.clone(),
            service: known(kept, source, self.clock.aged_ms()),
        });
    }

    fn is_busy(&mut self, asked: &Target, now_ms: u64) -> bool {
        let backlog = self.board.waiting().saturating_add(self.refreshes_but(asked));
        self.foresight(now_ms).send_ms(backlog) > now_ms.saturating_add(BUSY_MS)
    }

    fn waiting(&self, asked: &Asked, counted: bool, now_ms: u64) -> Waiting {
        Waiting {
            target: asked.target.clone(),
            party: Party::clone(&asked.party),
            lane: asked.lane,
            need: asked.need,
            asked_ms: now_ms,
            deadline_ms: now_ms.saturating_add(asked.wait_ms),
            last_call: self.calls,
            joined: self.board.is_awaited(&asked.target),
            demand: if counted { 0 } else { asked.demand },
        }
    }

    /// Says whether a request is under way whose answer is of use.
    fn flies_for(&self, waiting: &Waiting) -> bool {
        let mut flights = self.flights.iter();
        flights.any(|flight| {
            flight.target == waiting.target && waiting.takes(flight.call, flight.sent_ms)
        })
    }

    /// Says whether a caller can be answered before its deadline, as far as can be known now.
    fn is_in_time(&mut self, waiting: &Waiting, now_ms: u64) -> bool {
        if waiting.need == Need::Newer || self.flies_for(waiting) {
            return true;
        }
        let Waiting { target, party, lane, .. } = waiting;
        // Whoever comes new takes a turn now, if there is room behind those who were told to come back.
        let behind = match self.promises.place_of(target, *lane) {
            Some(_) => self.own_place(waiting),
            None => self.next_place(*lane, party),
        };
        let standing = self.board.place_of(target);
        let place = standing.map_or(behind, |standing| standing.min(behind));
        let ready_ms = self.foresee(target, place, now_ms);
        // A slot that is free now is worth a try, or a slow spell of SePay's would never be seen to end.
        let round_trip_ms = if ready_ms > now_ms { self.round_trip_ms } else { 1 };
        ready_ms.saturating_add(round_trip_ms) <= waiting.deadline_ms
    }

    /// Puts a question in the order.
    fn queue(&mut self, caller: CallerId, waiting: Waiting) {
        let Waiting { target, party, .. } = waiting.clone();
        let own = self.own_place(&waiting);
        if waiting.joined {
            self.counts.joined = self.counts.joined.saturating_add(1);
        }
        self.board.attach(caller, waiting);
        self.promises.fulfil(&target);
        // A request under way that is of no use to this caller comes first; then its turn is found.
        let flies = self.board.flight_of(&target).is_some();
        if !flies && self.board.place_of(&target).is_none_or(|standing| own < standing) {
            self.turns.take(own, &party);
            self.board.put(&target, own);
        }
    }

    /// Returns the place that a caller would take: the one that was kept for its question, or its party's next if that
    /// is better.
    fn own_place(&mut self, waiting: &Waiting) -> Place {
        let fresh = self.turns.next(waiting.lane, &waiting.party, None);
        let kept = self.promises.place_of(&waiting.target, waiting.lane);
        kept.map_or(fresh, |kept| kept.min(fresh))
    }

    /// Returns the place that a party's next question would have: after those that are kept for it.
    pub(super) fn next_place(&mut self, lane: Lane, party: &Party) -> Place {
        let kept = self.promises.last_turn_of(party, lane);
        self.turns.next(lane, party, kept)
    }

    /// Foresees when a question in this place would be sent.
    fn foresee(&mut self, target: &Target, place: Place, now_ms: u64) -> u64 {
        let foresight = self.foresight(now_ms);
        let here = self.board.ahead_of(place).saturating_add(self.refreshes_before(target, place));
        if self.board.waiting() == 0 && foresight.send_ms(0) <= now_ms {
            // What could have been sent now was: neither refreshes nor whoever is not back yet need this slot.
            return now_ms;
        }
        if self.board.waiting() < self.slots() {
            // No slot is kept free for somebody who may never come back.
            return foresight.send_ms(here);
        }
        // Whoever was told to come back before goes first if his place is better, and puts it off for others to come.
        let mut ahead = here;
        for due_ms in self.promises.due_before(place) {
            if due_ms > foresight.send_ms(ahead) {
                break;
            }
            ahead = ahead.saturating_add(1);
        }
        foresight.send_ms(ahead)
    }

    /// Counts the refreshes that are wanted and not under way, without that of what is asked.
    fn refreshes_but(&self, asked: &Target) -> usize {
        self.cache.wishes_without(|wish| wish == asked || self.board.is_under_way(wish))
    }

    /// Counts the refreshes that would be sent before a question in this place.
    pub(super) fn refreshes_before(&self, asked: &Target, place: Place) -> usize {
        let next = || self.turns.turn(Lane::Interactive, &refreshes(), None);
        let first = self.refresh.map_or_else(next, |refresh| refresh.turn);
        let turns = match place.lane {
            Lane::Background => usize::MAX,
            Lane::Interactive => {
                let turns = place.turn.saturating_add(1).saturating_sub(first);
                usize::try_from(turns).unwrap_or(usize::MAX)
            }
        };
        self.refreshes_but(asked).min(turns)
    }
}
