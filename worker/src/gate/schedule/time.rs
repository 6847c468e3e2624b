//! Whoever has waited too long goes; and when to look again.

use super::Schedule;
use crate::gate::event::{Action, CallerId, Lane};
use crate::gate::status::{
    BreakerStatus, CacheStatus, QueueStatus, SlotStatus, Status, WaitStatus,
};

impl<A: Clone> Schedule<A> {
    /// Lets go of callers whose time is over.
    pub(super) fn expire(&mut self, now_ms: u64, actions: &mut Vec<Action<A>>) {
        while let Some(caller) = self.board.expired(now_ms) {
            let late = self.is_late(caller);
            let stale =
                self.board.get(caller).is_some_and(|waiting| self.instead(waiting).is_some());
            if late && !stale {
                self.board.detach(caller);
                self.counts.refused = self.counts.refused.saturating_add(1);
                actions.push(Action::RefuseLate { caller });
            } else {
                self.dismiss(caller, now_ms, actions);
            }
        }
    }

    /// Says whether SePay was asked for this caller and has not answered.
    pub(super) fn is_late(&self, caller: CallerId) -> bool {
        let Some(waiting) = self.board.get(caller) else { return false };
        let mut flights = self.flights.iter();
        flights.any(|flight| {
            flight.target == waiting.target && waiting.takes(flight.call, flight.sent_ms)
        })
    }

    /// Lets go at once of those whose question, as things now are, would be sent too late.
    pub(super) fn prune(&mut self, now_ms: u64, actions: &mut Vec<Action<A>>) {
        let foresight = self.foresight(now_ms);
        let places = self.board.places_from_last().map(|(place, target)| (place, target.clone()));
        let mut places: Vec<_> = places.collect();
        places.reverse();
        let mut ahead = 0_usize;
        for (_, target) in &places {
            let answer_ms = foresight.send_ms(ahead).saturating_add(self.round_trip_ms);
            for caller in self.board.callers_for(target) {
                let deadline_ms = self.board.get(caller).map(|waiting| waiting.deadline_ms);
                if deadline_ms.is_some_and(|deadline_ms| deadline_ms < answer_ms) {
                    self.dismiss(caller, now_ms, actions);
                }
            }
            if self.board.place_of(target).is_some() {
                ahead = ahead.saturating_add(1);
            }
        }
    }

    pub(super) fn wake(&mut self, now_ms: u64, actions: &mut Vec<Action<A>>) {
        let wanted_ms = if self.board.waiting() > 0 {
            Some(0)
        } else {
            self.cache.next_wish_ms(|target| self.board.is_under_way(target))
        };
        let ready_ms = self.pace.ready_ms(now_ms).max(self.breaker.ready_ms());
        // A probe under way says when the next one may leave.
        let send_ms = wanted_ms.filter(|_| !self.is_probing()).map(|ms| ms.max(ready_ms));
        let next_ms = self.board.first_deadline_ms().into_iter().chain(send_ms).min();
        if let Some(at_ms) = next_ms {
            actions.push(Action::WakeIn(at_ms.saturating_sub(now_ms).max(1)));
        }
    }

    /// Describes the gate now, without a word of what was asked.
    #[must_use]
    pub fn status(&mut self, wall_ms: u64) -> Status {
        let now_ms = self.clock.read(wall_ms);
        let ready_ms = self.pace.ready_ms(now_ms).max(self.breaker.ready_ms());
        let record = self.pace.record();
        let flying: Vec<usize> = self.flights.iter().map(|flight| flight.slot.index()).collect();
        let slots =
            record.busy_until_ms.iter().enumerate().map(|(index, busy_until_ms)| SlotStatus {
                in_flight: flying.contains(&index),
                free_in_ms: busy_until_ms.saturating_sub(now_ms),
            });
        let (entries, bytes) = self.cache.size();
        let [p50_ms, p90_ms, p99_ms, max_ms] =
            self.meter.percentiles([500, 900, 990, 1_000], now_ms);
        Status {
            slots: slots.collect(),
            paused_for_ms: record.paused_until_ms.saturating_sub(now_ms),
            pause_cause: self.pause_cause.filter(|_| record.paused_until_ms > now_ms),
            ready_in_ms: ready_ms.saturating_sub(now_ms),
            round_trip_ms: self.round_trip_ms,
            queue: QueueStatus {
                questions: self.board.waiting(),
                interactive: self.board.waiting_in(Lane::Interactive),
                background: self.board.waiting_in(Lane::Background),
                refreshes: self.cache.wishes(),
                in_flight: self.flights.len(),
                callers: self.board.callers(),
            },
            waits: WaitStatus { p50_ms, p90_ms, p99_ms, max_ms },
            cache: CacheStatus { entries, bytes, hit_ratio: self.counts.hit_ratio() },
            breaker: BreakerStatus {
                open: self.breaker.is_open(),
                times_opened: self.breaker.times_opened(),
            },
            calls: self.counts,
        }
    }
}
