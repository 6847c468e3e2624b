//! What becomes of a caller who cannot be served in time: it is given what is known, or a time to come back. And who
//! goes where there is no room.

use litemap::LiteMap;
use sepay::Target;

use super::Schedule;
use crate::gate::board::Waiting;
use crate::gate::cache::Kept;
use crate::gate::event::{Action, Asked, CallerId, Lane, Need, Party, Service, Source};
use crate::gate::freshness::{Freshness, freshness};
use crate::gate::turns::Place;

/// The most questions that wait or are in flight at once.
const MAX_QUESTIONS: usize = 1_024;

/// The most callers that wait at once.
const MAX_CALLERS: usize = 20_000;

/// How long a caller may go on serving what it got while SePay cannot be asked, in milliseconds.
const KEEP_MS: u64 = 1_000;

/// The latest time to come back that anybody is told, in milliseconds from now: five minutes of more than can be asked
/// are no crowd any more, and nobody's place is kept for longer.
const MAX_RETRY_AFTER_MS: u64 = 300_000;

impl<A: Clone> Schedule<A> {
    /// Returns what a waiting caller can be given instead of an answer that does not come.
    pub(super) fn instead(&self, waiting: &Waiting) -> Option<(A, Service)> {
        let kept = self.cache.peek(&waiting.target)?;
        let aged_ms = self.clock.aged_ms();
        let age_ms = kept.age_ms(aged_ms);
        let down = self.breaker.is_open();
        let allowed = match waiting.need {
            Need::Newer | Need::MaxAge(0) => false,
            Need::MaxAge(max_ms) => age_ms <= max_ms,
            Need::Usual => true,
        };
        let old = freshness(age_ms, kept.fresh_ms) == Freshness::Ancient;
        let source = if down { Source::Down } else { Source::Busy };
        (allowed && (down || !old)).then(|| (kept.outcome.clone(), known(kept, source, aged_ms)))
    }

    /// Sends a caller away who asks: with what is known, or with a time to come back.
    pub(super) fn turn_away(
        &mut self,
        asked: &Asked,
        waiting: &Waiting,
        kept: Option<&Kept<A>>,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        match (self.instead(waiting), kept) {
            (Some(_), Some(kept)) => self.serve(asked, kept, Source::Busy, now_ms, actions),
            _ => self.refuse(asked, now_ms, actions),
        }
    }

    /// Refuses a caller, and keeps a place for when it comes back.
    fn refuse(&mut self, asked: &Asked, now_ms: u64, actions: &mut Vec<Action<A>>) {
        let Asked { caller, party, lane, target, wait_ms, .. } = asked;
        let retry_after_ms = self.promise(target, party, *lane, *wait_ms, now_ms);
        self.counts.refused = self.counts.refused.saturating_add(1);
        actions.push(Action::RefuseBusy { caller: *caller, retry_after_ms });
    }

    /// Sends a waiting caller away: with what is known, or with a time to come back.
    pub(super) fn dismiss(&mut self, caller: CallerId, now_ms: u64, actions: &mut Vec<Action<A>>) {
        let late = self.is_late(caller);
        let Some(waiting) = self.board.detach(caller) else { return };
        if let Some((outcome, mut service)) = self.instead(&waiting) {
            if late {
                // SePay was asked, and does not answer.
                service.source = Source::Down;
            }
            self.cache.wish(&waiting.target, now_ms);
            self.give(vec![(caller, waiting)], &outcome, service, now_ms, actions);
            return;
        }
        self.counts.refused = self.counts.refused.saturating_add(1);
        let wait_ms = waiting.deadline_ms.saturating_sub(waiting.asked_ms);
        let retry_after_ms = match waiting.need {
            Need::Newer => KEEP_MS,
            _ => self.promise(&waiting.target, &waiting.party, waiting.lane, wait_ms, now_ms),
        };
        actions.push(Action::RefuseBusy { caller, retry_after_ms });
    }

    /// Finds out when a caller may come back to be served within its patience, and keeps its place. In milliseconds
    /// from now.
    fn promise(
        &mut self,
        target: &Target,
        party: &Party,
        lane: Lane,
        wait_ms: u64,
        now_ms: u64,
    ) -> u64 {
        let place = self.promises.place_of(target, lane);
        let place = place.unwrap_or_else(|| self.next_place(lane, party));
        let here = self.board.ahead_of(place).saturating_add(self.refreshes_before(target, place));
        let ahead = here.saturating_add(self.newcomers_before(place, party));
        let send_ms = self.foresight(now_ms).send_ms(ahead);
        // In the middle of its patience: whatever comes in between, it is neither too early nor too late.
        let early_ms = wait_ms.saturating_sub(self.round_trip_ms) >> 1;
        let due_ms = send_ms.saturating_sub(early_ms).max(now_ms);
        let retry_after_ms = due_ms.saturating_sub(now_ms);
        if retry_after_ms <= MAX_RETRY_AFTER_MS {
            self.promises.keep(target, party, place, due_ms);
        }
        retry_after_ms.min(MAX_RETRY_AFTER_MS)
    }

    /// Counts the questions that may yet come to stand before a party's place. Until its turn everybody else may ask once
    /// in each turn, besides what they were told to come back for; the party itself waits only behind its own.
    fn newcomers_before(&self, place: Place, party: &Party) -> usize {
        let here = self.board.parties().map(|party| (party, 0));
        let mut told: LiteMap<&Party, usize> = here.collect();
        for party in self.promises.parties_before(place) {
            let places = told.entry(party).or_default();
            *places = places.saturating_add(1);
        }
        let turns_from =
            |turn: u64| usize::try_from(place.turn.saturating_sub(turn)).unwrap_or(usize::MAX);
        let others = turns_from(self.turns.served(place.lane));
        let own = turns_from(self.turns.turn(place.lane, party, None));
        let may_ask = told.into_iter().map(|(other, told)| {
            if other == party { own.max(told) } else { others.saturating_add(told) }
        });
        may_ask.fold(0, usize::saturating_add)
    }

    /// Makes room where there is none: the greediest goes, with what it asked last. Says whether there is room.
    pub(super) fn has_room_for(
        &mut self,
        asked: &Asked,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) -> bool {
        if self.board.callers() >= MAX_CALLERS {
            let Some((greediest, callers)) = self.board.greediest() else { return false };
            let newest = self.board.newest_of(&greediest);
            match newest {
                Some(newest) if callers > self.board.callers_of(&asked.party) => {
                    self.dismiss(newest, now_ms, actions);
                }
                _ => return false,
            }
        }
        let questions = self.board.waiting().saturating_add(self.flights.len());
        if questions < MAX_QUESTIONS || self.board.is_under_way(&asked.target) {
            return true;
        }
        let own = self.turns.next(asked.lane, &asked.party, None);
        let last = self.board.places_from_last().next();
        let Some((last, target)) = last.map(|(place, target)| (place, target.clone())) else {
            return false;
        };
        // By turns, the last in the order is the latest question of whoever has asked most.
        if last < own {
            return false;
        }
        for caller in self.board.callers_for(&target) {
            self.dismiss(caller, now_ms, actions);
        }
        true
    }
}

/// Describes an answer that was known.
pub(super) fn known<A>(kept: &Kept<A>, source: Source, aged_ms: u64) -> Service {
    let keep_ms = if matches!(source, Source::Busy | Source::Down) { KEEP_MS } else { 0 };
    Service {
        source,
        age_ms: kept.age_ms(aged_ms),
        fresh_ms: kept.fresh_ms,
        keep_ms,
        queue_ms: 0,
        upstream_ms: 0,
    }
}
