//! Who is asked next: a synchronous state machine, `(state, event, now) -> (state, actions)`.
//!
//! Identical questions share one entry. A question waits until [`Pace`] gives it a slot, is asked once for all its
//! callers, and is asked again (at most twice) when that can help and somebody can still use the answer. A caller who
//! cannot be served by its deadline is refused at once. It does no IO: the shell carries out the actions in order.

use std::collections::VecDeque;

use sepay::{Pace, PaceRecord, Slot, Target};

use super::clock::Clock;
use super::event::{Action, CallId, CallerId, Event, Verdict};
use super::status::{Counts, QueueStatus, SlotStatus, Status};

/// How long the gate waits for one answer of SePay's, in milliseconds.
pub const UPSTREAM_TIMEOUT_MS: u64 = 8_000;

/// The most questions that wait or are in flight at once; at two a second more could not be served anyway.
const MAX_QUESTIONS: usize = 512;

/// The most callers that wait at once.
const MAX_CALLERS: usize = 20_000;

/// The most times one question is asked.
const MAX_TRIES: u8 = 3;

/// The round trip assumed before the first is measured, in milliseconds.
const FIRST_ROUND_TRIP_MS: u64 = 100;

/// The state.
#[derive(Debug, Clone)]
pub struct Schedule {
    pace: Pace,
    waiting: VecDeque<Question>,
    flights: Vec<Flight>,
    calls: CallId,
    round_trip_ms: u64,
    /// When the latest requests were sent and over.
    recent: VecDeque<(u64, u64)>,
    counts: Counts,
    clock: Clock,
}

#[derive(Debug, Clone)]
struct Question {
    target: Target,
    callers: Vec<Waiting>,
    asked_ms: u64,
    tries: u8,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    caller: CallerId,
    deadline_ms: u64,
}

#[derive(Debug, Clone)]
struct Flight {
    call: CallId,
    slot: Slot,
    sent_ms: u64,
    question: Question,
}

impl Schedule {
    /// Starts with what was stored.
    #[must_use]
    pub fn new(requests_per_second: u8, stored: &PaceRecord) -> Self {
        Self {
            pace: Pace::restored(requests_per_second, stored),
            waiting: VecDeque::new(),
            flights: Vec::new(),
            calls: 0,
            round_trip_ms: FIRST_ROUND_TRIP_MS,
            recent: VecDeque::new(),
            counts: Counts::default(),
            clock: Clock::default(),
        }
    }

    /// Returns what [`Action::Store`] stores.
    #[must_use]
    pub fn record(&self) -> &PaceRecord {
        self.pace.record()
    }

    /// Takes in one event and says what to do.
    pub fn step(&mut self, event: Event, wall_ms: u64) -> Vec<Action> {
        let now_ms = self.clock.read(wall_ms);
        let mut actions = Vec::new();
        match event {
            Event::Asked { caller, target, wait_ms } => {
                let deadline_ms = now_ms.saturating_add(wait_ms);
                self.ask(Waiting { caller, deadline_ms }, target, now_ms, &mut actions);
            }
            Event::Over { call, verdict } => self.over(call, verdict, now_ms, &mut actions),
            Event::Tick => {}
        }
        self.expire(now_ms, &mut actions);
        self.send(now_ms, &mut actions);
        self.wake(now_ms, &mut actions);
        actions
    }

    /// Joins the same question if there is one, else queues a new one; refuses what cannot be answered in time.
    fn ask(&mut self, waiting: Waiting, target: Target, now_ms: u64, actions: &mut Vec<Action>) {
        self.counts.asked = self.counts.asked.saturating_add(1);
        let room = self.callers() < MAX_CALLERS;
        let flying = self.flights.iter_mut().find(|flight| flight.question.target == target);
        if room && let Some(flight) = flying {
            flight.question.callers.push(waiting);
            self.counts.joined = self.counts.joined.saturating_add(1);
            return;
        }
        let place = self.waiting.iter().position(|question| question.target == target);
        let ready_ms = self.send_time_ms(place.unwrap_or(self.waiting.len()), now_ms);
        // A slot that is free now is worth a try, or a slow spell of SePay's would never be seen to end.
        let round_trip_ms = if ready_ms > now_ms { self.round_trip_ms } else { 1 };
        let in_time = ready_ms.saturating_add(round_trip_ms) <= waiting.deadline_ms;
        // What is in flight may come back into the queue.
        let has_place = self.waiting.len().saturating_add(self.flights.len()) < MAX_QUESTIONS;
        match place.and_then(|index| self.waiting.get_mut(index)) {
            Some(question) if room && in_time => {
                question.callers.push(waiting);
                self.counts.joined = self.counts.joined.saturating_add(1);
            }
            None if room && in_time && has_place => {
                let callers = vec![waiting];
                self.waiting.push_back(Question { target, callers, asked_ms: now_ms, tries: 0 });
            }
            _ => self.refuse_busy(waiting.caller, ready_ms, now_ms, actions),
        }
    }

    fn over(&mut self, call: CallId, verdict: Verdict, now_ms: u64, actions: &mut Vec<Action>) {
        let Some(index) = self.flights.iter().position(|flight| flight.call == call) else {
            return;
        };
        let Flight { slot, sent_ms, question, .. } = self.flights.swap_remove(index);
        self.pace.finish(slot, now_ms);
        self.note(verdict, sent_ms, now_ms);
        actions.push(Action::Store);
        let (patient, hurried) = self.who_waits_on(verdict, &question, now_ms);
        if !hurried.is_empty() {
            actions.push(Action::Deliver {
                callers: hurried.iter().map(|waiting| waiting.caller).collect(),
                queue_ms: sent_ms.saturating_sub(question.asked_ms),
                upstream_ms: now_ms.saturating_sub(sent_ms),
            });
        }
        if !patient.is_empty() {
            self.waiting.push_front(Question { callers: patient, ..question });
        }
    }

    /// Splits callers into those for whom asking again can still help, and those who get this outcome.
    fn who_waits_on(
        &mut self,
        verdict: Verdict,
        question: &Question,
        now_ms: u64,
    ) -> (Vec<Waiting>, Vec<Waiting>) {
        let worthwhile = matches!(verdict, Verdict::Passing | Verdict::RateLimited { .. });
        if !worthwhile || question.tries >= MAX_TRIES {
            return (Vec::new(), question.callers.clone());
        }
        let answer_ms = self.send_time_ms(0, now_ms).saturating_add(self.round_trip_ms);
        question.callers.iter().partition(|waiting| answer_ms <= waiting.deadline_ms)
    }

    fn note(&mut self, verdict: Verdict, sent_ms: u64, now_ms: u64) {
        let own = self.recent_fault(sent_ms);
        let counts = &mut self.counts;
        match verdict {
            Verdict::Unsent => return,
            Verdict::Final => {
                let round_trip_ms = now_ms.saturating_sub(sent_ms);
                // A moving average over about eight answers.
                self.round_trip_ms =
                    self.round_trip_ms.saturating_mul(7).saturating_add(round_trip_ms) >> 3;
            }
            Verdict::Passing => counts.failed = counts.failed.saturating_add(1),
            Verdict::RateLimited { retry_after_ms } => {
                if own {
                    counts.rate_limited_own = counts.rate_limited_own.saturating_add(1);
                } else {
                    counts.rate_limited_foreign = counts.rate_limited_foreign.saturating_add(1);
                }
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

    /// Lets go of callers whose time is over, and of questions that nobody waits for.
    fn expire(&mut self, now_ms: u64, actions: &mut Vec<Action>) {
        let mut refused = 0_u64;
        for flight in &mut self.flights {
            for caller in take_expired(&mut flight.question.callers, now_ms) {
                refused = refused.saturating_add(1);
                actions.push(Action::RefuseLate { caller });
            }
        }
        self.counts.refused = self.counts.refused.saturating_add(refused);
        let mut expired = Vec::new();
        for question in &mut self.waiting {
            expired.extend(take_expired(&mut question.callers, now_ms));
        }
        self.waiting.retain(|question| !question.callers.is_empty());
        if expired.is_empty() {
            return;
        }
        let ready_ms = self.send_time_ms(self.waiting.len(), now_ms);
        for caller in expired {
            self.refuse_busy(caller, ready_ms, now_ms, actions);
        }
    }

    fn refuse_busy(
        &mut self,
        caller: CallerId,
        ready_ms: u64,
        now_ms: u64,
        actions: &mut Vec<Action>,
    ) {
        self.counts.refused = self.counts.refused.saturating_add(1);
        let retry_after_ms = ready_ms.saturating_sub(now_ms);
        actions.push(Action::RefuseBusy { caller, retry_after_ms });
    }

    fn send(&mut self, now_ms: u64, actions: &mut Vec<Action>) {
        let mut sends = Vec::new();
        while !self.waiting.is_empty() {
            let Ok(slot) = self.pace.take(now_ms, UPSTREAM_TIMEOUT_MS) else { break };
            let Some(mut question) = self.waiting.pop_front() else { break };
            if question.tries > 0 {
                self.counts.retried = self.counts.retried.saturating_add(1);
            }
            question.tries = question.tries.saturating_add(1);
            self.calls = self.calls.wrapping_add(1);
            self.counts.sent = self.counts.sent.saturating_add(1);
            sends.push(Action::Send { call: self.calls, target: question.target.clone() });
            self.flights.push(Flight { call: self.calls, slot, sent_ms: now_ms, question });
        }
        if !sends.is_empty() {
            actions.push(Action::Store);
            actions.append(&mut sends);
        }
    }

    fn wake(&mut self, now_ms: u64, actions: &mut Vec<Action>) {
        let slot_ms = if self.waiting.is_empty() { None } else { Some(self.pace.ready_ms(now_ms)) };
        let questions = self.flights.iter().map(|flight| &flight.question).chain(&self.waiting);
        let deadlines =
            questions.flat_map(|question| &question.callers).map(|waiting| waiting.deadline_ms);
        if let Some(at_ms) = deadlines.chain(slot_ms).min() {
            actions.push(Action::WakeIn(at_ms.saturating_sub(now_ms)));
        }
    }

    /// Foresees when a question would be sent that has `ahead` others before it.
    fn send_time_ms(&mut self, ahead: usize, now_ms: u64) -> u64 {
        let not_before_ms = self.pace.ready_ms(now_ms).max(now_ms);
        let paused_until_ms = self.pace.record().paused_until_ms;
        let mut free_ms = self.pace.record().busy_until_ms.clone();
        for flight in &self.flights {
            if let Some(slot_ms) = free_ms.get_mut(flight.slot.index()) {
                let answer_ms = flight.sent_ms.saturating_add(self.round_trip_ms).max(now_ms);
                *slot_ms = answer_ms.saturating_add(Pace::HOLD_MS).min(*slot_ms);
            }
        }
        let mut at_ms = not_before_ms;
        for _ in 0..=ahead {
            let Some(first_ms) = free_ms.iter_mut().min() else { break };
            at_ms = (*first_ms).max(now_ms).max(paused_until_ms);
            *first_ms = at_ms.saturating_add(self.round_trip_ms).saturating_add(Pace::HOLD_MS);
        }
        at_ms
    }

    /// Describes the gate now, without a word of what was asked.
    #[must_use]
    pub fn status(&mut self, wall_ms: u64) -> Status {
        let now_ms = self.clock.read(wall_ms);
        let ready_ms = self.pace.ready_ms(now_ms);
        let record = self.pace.record();
        let flying: Vec<usize> = self.flights.iter().map(|flight| flight.slot.index()).collect();
        let slots =
            record.busy_until_ms.iter().enumerate().map(|(index, busy_until_ms)| SlotStatus {
                in_flight: flying.contains(&index),
                free_in_ms: busy_until_ms.saturating_sub(now_ms),
            });
        Status {
            slots: slots.collect(),
            paused_for_ms: record.paused_until_ms.saturating_sub(now_ms),
            ready_in_ms: ready_ms.saturating_sub(now_ms),
            round_trip_ms: self.round_trip_ms,
            queue: QueueStatus {
                questions: self.waiting.len(),
                in_flight: self.flights.len(),
                callers: self.callers(),
            },
            calls: self.counts,
        }
    }

    fn callers(&self) -> usize {
        let questions = self.flights.iter().map(|flight| &flight.question).chain(&self.waiting);
        questions.map(|question| question.callers.len()).sum()
    }

    fn slots(&self) -> usize {
        self.pace.record().busy_until_ms.len()
    }
}

fn take_expired(callers: &mut Vec<Waiting>, now_ms: u64) -> Vec<CallerId> {
    let (expired, left) =
        callers.iter().partition(|waiting: &&Waiting| waiting.deadline_ms <= now_ms);
    *callers = left;
    let expired: Vec<Waiting> = expired;
    expired.iter().map(|waiting| waiting.caller).collect()
}
