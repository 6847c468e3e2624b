//! What is sent next, and what an answer means.

use std::rc::Rc;

use sepay::{Pace, Target};

use super::{Flight, Schedule, UPSTREAM_TIMEOUT_MS};
use crate::gate::board::Waiting;
use crate::gate::breaker::PROBE_TIMEOUT_MS;
use crate::gate::cache::Kept;
use crate::gate::event::{Action, CallId, CallerId, Lane, Need, Party, Service, Source, Verdict};
use crate::gate::freshness::{LIST_FRESH_MS, fresh_ms};
use crate::gate::status::PauseCause;
use crate::gate::turns::Place;

pub(super) type Waiters = Vec<(CallerId, Waiting)>;

impl<A: Clone> Schedule<A> {
    /// Sends what is next for as long as there is a slot.
    pub(super) fn send(&mut self, now_ms: u64, actions: &mut Vec<Action<A>>) {
        let mut sends = Vec::new();
        while let Some((place, target)) = self.next(now_ms) {
            let timeout_ms =
                if self.breaker.is_open() { PROBE_TIMEOUT_MS } else { UPSTREAM_TIMEOUT_MS };
            // However soon its answer is given up, it is on its way for as long as any; and what is stored has to hold by
            // the wall clock of a later life, too.
            let most_ms = UPSTREAM_TIMEOUT_MS.saturating_add(self.clock.lag_ms());
            let Ok(slot) = self.pace.take(now_ms, most_ms) else { break };
            self.turns.serve(place);
            let free_ms = now_ms.saturating_add(most_ms).saturating_add(Pace::HOLD_MS);
            self.calls = self.calls.wrapping_add(1);
            let call = self.calls;
            self.clock.fly(call, free_ms);
            let (tries, asked_ms) = self.board.depart(&target, call, now_ms);
            self.counts.sent = self.counts.sent.saturating_add(1);
            if tries > 0 {
                self.counts.retried = self.counts.retried.saturating_add(1);
                self.budget.spend(now_ms);
            }
            let queue_ms = now_ms.saturating_sub(asked_ms);
            sends.push(Action::Send { call, target: target.clone(), timeout_ms });
            let (sent_ms, sent_aged_ms) = (now_ms, self.clock.aged_ms());
            self.flights.push(Flight {
                call,
                slot,
                target,
                sent_ms,
                sent_aged_ms,
                timeout_ms,
                queue_ms,
                place,
            });
        }
        if !sends.is_empty() {
            actions.push(Action::Store);
            actions.append(&mut sends);
        }
    }

    /// Returns what goes next, if anything may go now: who waits, or the most wanted refresh when it is its turn.
    fn next(&mut self, now_ms: u64) -> Option<(Place, Target)> {
        let idle = self.board.waiting() == 0 && self.cache.wishes() == 0;
        let ready_ms = self.pace.ready_ms(now_ms).max(self.breaker.ready_ms());
        if idle || self.is_probing() || ready_ms > now_ms {
            return None;
        }
        let waiting = self.board.first().map(|(place, target)| (place, target.clone()));
        let refresh = self.refresh(now_ms);
        match (waiting, refresh) {
            (Some(waiting), Some(refresh)) if waiting.0 < refresh.0 => Some(waiting),
            (waiting, None) => waiting,
            (_, Some((place, target))) => {
                self.turns.take(place, &refreshes());
                self.refresh = None;
                Some((place, target))
            }
        }
    }

    /// Says whether a probe is under way. What was sent before SePay was taken to be down is none: it may hang for long.
    pub(super) fn is_probing(&self) -> bool {
        let mut flights = self.flights.iter();
        self.breaker.is_open() && flights.any(|flight| flight.call > self.last_call_before_outage)
    }

    /// Returns the most wanted refresh and its place.
    fn refresh(&mut self, now_ms: u64) -> Option<(Place, Target)> {
        let under_way = |target: &Target| self.board.is_under_way(target);
        let Some(target) = self.cache.most_wanted(now_ms, self.clock.aged_ms(), under_way).cloned()
        else {
            self.refresh = None;
            return None;
        };
        let place = match self.refresh {
            Some(place) => place,
            None => self.turns.next(Lane::Interactive, &refreshes(), None),
        };
        self.refresh = Some(place);
        Some((place, target))
    }

    pub(super) fn over(
        &mut self,
        call: CallId,
        verdict: Verdict,
        outcome: &A,
        bytes: usize,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        let Some(index) = self.flights.iter().position(|flight| flight.call == call) else {
            return;
        };
        let flight = self.flights.swap_remove(index);
        self.note(verdict, flight.sent_ms, now_ms);
        actions.push(Action::Store);
        actions.push(Action::Rest { call, for_ms: self.rest(&flight, verdict, now_ms) });
        match verdict {
            Verdict::Good | Verdict::Missing => {
                self.keep(&flight, verdict, outcome, bytes);
                let takers = self.take_off(&flight, |_| true);
                self.deliver(takers, &flight, verdict, outcome, now_ms, actions);
            }
            Verdict::Failed | Verdict::Unsent => {
                let takers = self.take_off(&flight, |waiting| waiting.need != Need::Newer);
                self.fail(takers, &flight, verdict, outcome, now_ms, actions);
            }
            Verdict::Passing | Verdict::Silent | Verdict::RateLimited { .. } => {
                self.ask_again_or_fail(&flight, verdict, outcome, now_ms, actions);
            }
        }
        // An answer has fulfilled its wish.
        self.cache.put_off(&flight.target, now_ms);
        self.board.land(&flight.target);
        if !self.board.is_awaited(&flight.target) {
            // Who only waits for a refresh has no tries.
            self.board.forget_tries(&flight.target);
        }
        self.line_up_again(&flight, now_ms);
        match verdict {
            _ if self.breaker.is_open() => {
                self.fail_all(&flight, verdict, outcome, now_ms, actions);
            }
            Verdict::RateLimited { .. } => self.prune(now_ms, actions),
            _ => {}
        }
    }

    /// Lets a slot rest, and returns how long a timer has to run for it, in milliseconds: a second from now, but where no
    /// answer came, from when the request can be on its way no more.
    fn rest(&mut self, flight: &Flight, verdict: Verdict, now_ms: u64) -> u64 {
        // Two timers tell how long that is; the wall clock may have been set meanwhile.
        let left_ms = UPSTREAM_TIMEOUT_MS.saturating_sub(flight.timeout_ms);
        if verdict == Verdict::Silent && left_ms > 0 {
            self.silent.push((flight.call, flight.slot));
            return left_ms.saturating_add(Pace::HOLD_MS);
        }
        let rested_ms = self.clock.rest(flight.call, Pace::HOLD_MS);
        self.pace.finish_until(flight.slot, now_ms, rested_ms);
        Pace::HOLD_MS
    }

    /// Frees the slot of a request that was given up early: its time is over for certain.
    pub(super) fn free(&mut self, call: CallId, now_ms: u64) {
        if let Some(index) = self.silent.iter().position(|(silent, _)| *silent == call) {
            let (_, slot) = self.silent.swap_remove(index);
            self.pace.finish_until(slot, now_ms, now_ms);
        }
    }

    fn keep(&mut self, flight: &Flight, verdict: Verdict, outcome: &A, bytes: usize) {
        let callers = self.board.callers_for(&flight.target);
        let waiting = callers.iter().filter_map(|caller| self.board.get(*caller));
        let askers = waiting.fold(0_u32, |sum, waiting| sum.saturating_add(waiting.demand));
        let fresh_ms = match verdict {
            Verdict::Missing => LIST_FRESH_MS,
            _ => fresh_ms(&flight.target),
        };
        let kept = Kept { outcome: outcome.clone(), sent_ms: flight.sent_aged_ms, fresh_ms };
        self.promises.fulfil(&flight.target);
        self.cache.keep(&flight.target, kept, bytes, askers, self.clock.aged_ms());
    }

    /// Takes those callers off the board to whom the answer to this request is of use, as far as they are chosen.
    pub(super) fn take_off(
        &mut self,
        flight: &Flight,
        chosen: impl Fn(&Waiting) -> bool,
    ) -> Waiters {
        let callers = self.board.callers_for(&flight.target);
        let takes =
            |waiting: &Waiting| waiting.takes(flight.call, flight.sent_ms) && chosen(waiting);
        let taken = callers.into_iter().filter_map(|caller| {
            if self.board.get(caller).is_some_and(takes) {
                Some((caller, self.board.detach(caller)?))
            } else {
                None
            }
        });
        taken.collect()
    }

    pub(super) fn deliver(
        &mut self,
        takers: Waiters,
        flight: &Flight,
        verdict: Verdict,
        outcome: &A,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        let fresh_ms = match verdict {
            Verdict::Good => fresh_ms(&flight.target),
            Verdict::Missing => LIST_FRESH_MS,
            _ => 0,
        };
        let service = Service {
            source: Source::Asked,
            age_ms: self.clock.aged_ms().saturating_sub(flight.sent_aged_ms),
            fresh_ms,
            keep_ms: 0,
            queue_ms: flight.queue_ms,
            upstream_ms: now_ms.saturating_sub(flight.sent_ms),
        };
        let (joined, first): (Waiters, Waiters) =
            takers.into_iter().partition(|(_, waiting)| waiting.joined);
        self.give(first, outcome, service, now_ms, actions);
        self.give(joined, outcome, Service { source: Source::Joined, ..service }, now_ms, actions);
    }

    /// Gives callers who are no longer on the board an outcome.
    pub(in crate::gate) fn give(
        &mut self,
        takers: Waiters,
        outcome: &A,
        service: Service,
        now_ms: u64,
        actions: &mut Vec<Action<A>>,
    ) {
        if takers.is_empty() {
            return;
        }
        self.counts.served.count(service.source, takers.len());
        for (_, waiting) in &takers {
            self.meter.count(now_ms.saturating_sub(waiting.asked_ms), 1, now_ms);
        }
        let callers = takers.into_iter().map(|(caller, _)| caller).collect();
        actions.push(Action::Answer { callers, outcome: outcome.clone(), service });
    }

    fn note(&mut self, verdict: Verdict, sent_ms: u64, now_ms: u64) {
        let own = self.recent_fault(sent_ms);
        self.counts.results.count(verdict);
        match verdict {
            Verdict::Unsent => return,
            Verdict::Passing | Verdict::Silent => {
                self.counts.failed = self.counts.failed.saturating_add(1);
                let was_open = self.breaker.is_open();
                self.breaker.failed(sent_ms, now_ms);
                if self.breaker.is_open() && !was_open {
                    self.last_call_before_outage = self.calls;
                }
            }
            Verdict::Good | Verdict::Missing | Verdict::Failed => {
                self.breaker.answered();
                let round_trip_ms = now_ms.saturating_sub(sent_ms);
                // A moving average over about eight answers.
                self.round_trip_ms =
                    self.round_trip_ms.saturating_mul(7).saturating_add(round_trip_ms) >> 3;
            }
            Verdict::RateLimited { retry_after_ms } => {
                self.breaker.answered();
                let cause = if own { PauseCause::Own429 } else { PauseCause::Foreign429 };
                self.counts.count_429(cause);
                self.pause_cause = Some(cause);
                self.pace.pause(retry_after_ms, now_ms);
            }
        }
        self.recent.push_back((sent_ms, now_ms));
        while self.recent.len() > self.slots().saturating_mul(2) {
            self.recent.pop_front();
        }
    }

    /// Says whether as many requests as there are slots, besides this one, may have reached SePay less than a second
    /// before it: then the 429 may be our own doing.
    fn recent_fault(&self, sent_ms: u64) -> bool {
        let near = |end_ms: u64| end_ms.saturating_add(1_000) > sent_ms;
        let over =
            self.recent.iter().filter(|(start_ms, end_ms)| *start_ms <= sent_ms && near(*end_ms));
        let flying = self.flights.iter().filter(|flight| flight.sent_ms <= sent_ms);
        over.count().saturating_add(flying.count()) >= self.slots()
    }
}

/// The name under which all refreshes take turns; no key has an empty id.
pub(super) fn refreshes() -> Party {
    Rc::from("")
}
