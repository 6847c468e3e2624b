//! The calls of one client: which of them is sent when, which is tried again, and which is over.
//!
//! Calls wait in the order in which they were asked. [`Pace`] says when the next may leave; the first that is due goes.
//! A call that failed and may be tried again is due after a pause of random length, and never before the time that
//! SePay named; meanwhile the others go on. Each has one deadline over its waits and its tries.
//!
//! [`Calls`] knows calls by their number, not what they ask. It neither sends nor waits nor reads an answer: whoever
//! does reports it, and asks for the next steps after every report. Times are milliseconds of one clock, passed in;
//! when that clock goes back, what was left to wait is still waited. Random numbers are passed in as well.

mod call;
mod clock;
mod line;
mod numbered;
mod retry;
mod steps;

use std::mem;

use crate::error::Error;
use crate::pace::Pace;
use call::{Call, Flight, Place, is_due, is_lost, is_resting, unwatch};
use clock::Clock;
use line::Line;
pub(crate) use numbered::Numbered;
use retry::rest_ms;
pub use steps::{CallRules, Fate, Sending, Steps};

/// The longest that a host's timer can wait, in milliseconds: a signed 32-bit number in every JavaScript.
const MAX_WAKE_MS: u64 = 2_147_483_647;

/// The calls of one client that are not over.
///
/// ```
/// use sepay::{CallRules, Calls, Error, Fate};
///
/// let mut calls = Calls::new(CallRules { requests_per_second: 1, timeout_ms: 8_000, max_retries: 2 });
/// let call = calls.ask(0, 30_000);
/// let steps = calls.advance(0);
/// assert_eq!((steps.send[0].call, steps.send[0].attempt), (call, 1));
/// calls.arrived(call, 90);
/// let error = Error::Server { status: 503, retry_after_ms: None };
/// let fate = calls.failed(call, 100, 0.5, error.clone());
/// assert_eq!(fate, Fate::Again { error, in_ms: 250 });
/// assert_eq!(calls.advance(100).wake_in_ms, Some(250)); // the call is due before the slot is free
/// assert_eq!(calls.advance(350).wake_in_ms, Some(741)); // one second and one millisecond after the first answer
/// assert_eq!(calls.advance(1_091).send[0].attempt, 2);
/// assert!(calls.answered(call, 1_200));
/// assert_eq!(calls.advance(1_200).wake_in_ms, None);
/// ```
#[derive(Debug)]
pub struct Calls {
    rules: CallRules,
    clock: Clock,
    pace: Pace,
    last_call: u64,
    open: Numbered<Call>,
    /// Who may be sent, in the order of asking.
    due: Line,
    /// Who is to be tried again, by the time from which it is due.
    resting: Line,
    /// Who waits, by deadline; those under way may be missing.
    deadlines: Line,
    /// Who is under way; those who are not any more are forgotten at the next look.
    sent: Vec<u64>,
    /// Requests whose call is over but which SePay may not have received yet.
    abandoned: Vec<(u64, Flight)>,
}

impl Calls {
    /// Makes a client without calls, all of whose slots are free.
    #[must_use]
    pub fn new(rules: CallRules) -> Self {
        Self {
            rules,
            clock: Clock::default(),
            pace: Pace::new(rules.requests_per_second),
            last_call: 0,
            open: Numbered::default(),
            due: Line::default(),
            resting: Line::default(),
            deadlines: Line::default(),
            sent: Vec::new(),
            abandoned: Vec::new(),
        }
    }

    /// Adds a call that must be over at `deadline_ms` and returns its number, at least 1; nothing is sent before
    /// [`Calls::advance`]. Both times are milliseconds of the same clock.
    pub fn ask(&mut self, now_ms: u64, deadline_ms: u64) -> u64 {
        let asked_ms = self.clock.read(now_ms);
        let deadline_ms = asked_ms.saturating_add(deadline_ms.saturating_sub(now_ms));
        self.last_call = self.last_call.saturating_add(1);
        let call = self.last_call;
        let place = Place::Due;
        self.open.add(call, Call { asked_ms, deadline_ms, attempts: 0, place, has_watch: true });
        self.due.push(call, call);
        self.deadlines.push(deadline_ms, call);
        call
    }

    /// Returns what is to be done now, in milliseconds of the clock. Whoever calls it does all of it.
    ///
    /// To be called after every question, after every report, and when the time it names is over.
    pub fn advance(&mut self, now_ms: u64) -> Steps {
        let now_ms = self.clock.read(now_ms);
        self.abandoned.retain(|(_, flight)| flight.free_ms > now_ms);
        self.rouse(now_ms);
        let expired = self.expire(now_ms);
        let (send, slot_free_ms) = self.send(now_ms);
        let wakes_ms = [
            slot_free_ms,
            self.resting.first(&mut |call| !is_resting(&self.open, call)).map(|(at_ms, _)| at_ms),
            self.deadlines.first(&mut |call| unwatch(&mut self.open, call)).map(|(at_ms, _)| at_ms),
        ];
        let wake_ms = wakes_ms.into_iter().flatten().min();
        Steps {
            send,
            expired,
            wake_in_ms: wake_ms.map(|at_ms| at_ms.saturating_sub(now_ms).clamp(1, MAX_WAKE_MS)),
            paused_ms: self.pace.record().paused_until_ms.saturating_sub(now_ms),
        }
    }

    /// Says that the call's answer begins to arrive, at `now_ms` in milliseconds: SePay has its request, and one second
    /// later the slot is free. To be said of calls that are over as well, and never of an earlier try.
    pub fn arrived(&mut self, call: u64, now_ms: u64) {
        let now_ms = self.clock.read(now_ms);
        if let Some(Call { place: Place::Sent(flight), .. }) = self.open.get_mut(call) {
            if !mem::replace(&mut flight.has_arrived, true) {
                self.pace.finish(flight.slot, now_ms);
            }
        } else if let Some(flight) = self.take_abandoned(call) {
            self.pace.finish(flight.slot, now_ms);
        }
    }

    /// Says that the call's whole answer is there and good, at `now_ms` in milliseconds: the call is over. Returns
    /// whether it was under way.
    pub fn answered(&mut self, call: u64, now_ms: u64) -> bool {
        self.arrived(call, now_ms);
        let is_sent = self.flight(call).is_some();
        if is_sent {
            self.end(call);
        }
        is_sent
    }

    /// Says why the call has no good answer, at `now_ms` in milliseconds, and returns what becomes of it. `random` is
    /// a random number from 0 to 1.
    ///
    /// Of an [`Error::Timeout`], the time is set here.
    pub fn failed(&mut self, call: u64, now_ms: u64, random: f64, error: Error) -> Fate {
        let now_ms = self.clock.read(now_ms);
        if let Error::RateLimited { retry_after_ms } = error {
            self.pace.pause(retry_after_ms, now_ms);
        }
        let is_timeout = matches!(error, Error::Timeout { .. });
        let Some(flight) = self.flight(call) else {
            if let Some(flight) = self.take_abandoned(call) {
                self.release(flight, now_ms, is_timeout);
            }
            return Fate::Unknown;
        };
        if is_timeout && flight.is_cut {
            let error = Error::Timeout { after_ms: self.waited_ms(call, now_ms) };
            self.leave(call);
            return Fate::Over { error };
        }
        self.release(flight, now_ms, is_timeout);
        let timeout_ms = self.rules.timeout_ms;
        let error = if is_timeout { Error::Timeout { after_ms: timeout_ms } } else { error };
        match self.due_again_ms(call, now_ms, random, &error) {
            Some(due_ms) => {
                self.rest(call, due_ms);
                Fate::Again { error, in_ms: due_ms.saturating_sub(now_ms) }
            }
            None => {
                self.end(call);
                Fate::Over { error }
            }
        }
    }

    /// Says that nobody waits for the call any more. A request that is under way keeps its slot until
    /// [`Calls::arrived`] or [`Calls::failed`] is said of it, or until its timeout and one second are over.
    pub fn leave(&mut self, call: u64) {
        if let Some(flight) = self.flight(call)
            && !flight.has_arrived
        {
            self.abandoned.push((call, flight));
        }
        self.end(call);
    }

    fn flight(&self, call: u64) -> Option<Flight> {
        match self.open.get(call)?.place {
            Place::Sent(flight) => Some(flight),
            Place::Due | Place::Resting => None,
        }
    }

    fn take_abandoned(&mut self, call: u64) -> Option<Flight> {
        let position = self.abandoned.iter().position(|(number, _)| *number == call)?;
        Some(self.abandoned.swap_remove(position).1)
    }

    fn waited_ms(&self, call: u64, now_ms: u64) -> u64 {
        let call = self.open.get(call);
        call.map_or(0, |call| now_ms.max(call.deadline_ms).saturating_sub(call.asked_ms))
    }

    /// Puts those whose pause is over back among those who may be sent.
    fn rouse(&mut self, now_ms: u64) {
        while let Some(call) =
            self.resting.take_until(now_ms, &mut |call| !is_resting(&self.open, call))
        {
            if let Some(open) = self.open.get_mut(call) {
                open.place = Place::Due;
            }
            self.due.push(call, call);
        }
    }

    fn expire(&mut self, now_ms: u64) -> Vec<(u64, Error)> {
        let mut expired = Vec::new();
        while let Some(call) =
            self.deadlines.take_until(now_ms, &mut |call| unwatch(&mut self.open, call))
        {
            expired.push(call);
        }
        let open = &self.open;
        self.sent.retain(|call| {
            let is_lost = is_lost(open, *call, now_ms);
            if is_lost == Some(true) {
                expired.push(*call);
            }
            is_lost == Some(false)
        });
        expired.into_iter().map(|call| (call, self.expired(call, now_ms))).collect()
    }

    fn expired(&mut self, call: u64, now_ms: u64) -> Error {
        let after_ms = self.waited_ms(call, now_ms);
        self.end(call);
        Error::Timeout { after_ms }
    }

    /// Sends whom the pace lets leave now; when others are due, returns the instant at which one may leave.
    fn send(&mut self, now_ms: u64) -> (Vec<Sending>, Option<u64>) {
        let mut send = Vec::new();
        while let Some((_, call)) = self.due.first(&mut |call| !is_due(&self.open, call)) {
            let slot = match self.pace.take(now_ms, self.rules.timeout_ms) {
                Ok(slot) => slot,
                Err(free_ms) => return (send, Some(free_ms)),
            };
            if let Some(open) = self.open.get_mut(call) {
                if !self.sent.contains(&call) {
                    self.sent.push(call);
                }
                send.push(open.leaves(call, slot, now_ms, self.rules.timeout_ms));
            }
        }
        (send, None)
    }

    /// Frees the slot of a request that is over. After a timeout SePay may receive it until this instant, but no
    /// earlier than was said when it left.
    fn release(&mut self, flight: Flight, now_ms: u64, is_timeout: bool) {
        if flight.has_arrived {
            return;
        }
        let free_ms = now_ms.saturating_add(Pace::HOLD_MS);
        let free_ms = if is_timeout { free_ms.max(flight.free_ms) } else { free_ms };
        self.pace.finish_until(flight.slot, now_ms, free_ms);
    }

    /// When the call is due again; none when it may not be tried again, or not before its deadline.
    fn due_again_ms(&self, call: u64, now_ms: u64, random: f64, error: &Error) -> Option<u64> {
        let open = self.open.get(call)?;
        if !error.is_retryable() || open.attempts > self.rules.max_retries {
            return None;
        }
        let wait_ms = rest_ms(error, open.attempts, random);
        let paused_until_ms = self.pace.record().paused_until_ms;
        let due_ms = now_ms.saturating_add(wait_ms).max(paused_until_ms);
        (due_ms < open.deadline_ms).then_some(due_ms)
    }

    fn rest(&mut self, call: u64, due_ms: u64) {
        let Some(open) = self.open.get_mut(call) else { return };
        open.place = Place::Resting;
        self.resting.push(due_ms, call);
        if !mem::replace(&mut open.has_watch, true) {
            self.deadlines.push(open.deadline_ms, call);
        }
    }

    fn end(&mut self, call: u64) {
        self.open.remove(call);
        let count = self.open.count();
        self.due.tidy(count, &mut |call| !is_due(&self.open, call));
        self.resting.tidy(count, &mut |call| !is_resting(&self.open, call));
        self.deadlines.tidy(count, &mut |call| unwatch(&mut self.open, call));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answered, tried again, left under way and left while waiting, beside one call that rests all the time.
    #[test]
    fn nothing_is_kept_of_calls_that_are_over() {
        let mut calls =
            Calls::new(CallRules { requests_per_second: 2, timeout_ms: 1_000, max_retries: 1 });
        let stays = calls.ask(0, u64::MAX);
        calls.advance(0);
        let server = Error::Server { status: 503, retry_after_ms: Some(60_000) };
        assert!(matches!(calls.failed(stays, 0, 0.0, server), Fate::Again { .. }));
        for turn in 1..10_000_u64 {
            let now_ms = turn * 3;
            let call = calls.ask(now_ms, u64::MAX - turn);
            let other = calls.ask(now_ms, u64::MAX);
            let sent = calls.advance(now_ms).send;
            for sending in sent {
                match turn % 3 {
                    0 => calls.leave(sending.call),
                    1 => assert!(calls.answered(sending.call, now_ms)),
                    _ => {
                        calls.failed(sending.call, now_ms, 0.0, Error::Connection);
                    }
                }
            }
            calls.leave(call);
            calls.leave(other);
        }
        calls.advance(50_000);
        assert_eq!(calls.open.count(), 1);
        assert!(calls.abandoned.is_empty());
        for line in [&calls.due, &calls.resting, &calls.deadlines] {
            assert!(line.len() <= 19, "{}", line.len());
        }
    }
}
