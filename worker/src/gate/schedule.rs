//! Who is asked next, and who gets what is known: a synchronous state machine, `(state, event, now) -> (state, actions)`.
//!
//! [`asking`] decides what becomes of a caller: served from what is known, joined to the same question, queued, or
//! refused at once; [`refusing`] what it is given then, or when it may come back. [`calls`] decides what is sent and
//! what an answer means; [`failing`] what a failure means. [`time`] lets go of whoever has waited too long. It does no IO: the shell carries out the
//! actions in order. Outcomes are values `A` that it only passes on.

mod asking;
mod calls;
mod failing;
mod refusing;
mod time;

use std::collections::VecDeque;

use sepay::{Pace, PaceRecord, Slot, Target};

use super::board::Board;
use super::breaker::Breaker;
use super::budget::Budget;
use super::cache::{Cache, MAX_CACHE_BYTES};
use super::clock::{Clock, LATE_MS};
use super::event::{Action, CallId, Event};
use super::foresight::Foresight;
use super::meter::Meter;
use super::promises::Promises;
use super::status::{Counts, PauseCause};
use super::turns::{Place, Turns};

/// How long the gate waits for one answer of SePay's, in milliseconds.
pub const UPSTREAM_TIMEOUT_MS: u64 = 8_000;

/// The round trip assumed before the first is measured, in milliseconds.
const FIRST_ROUND_TRIP_MS: u64 = 100;

/// The state.
#[derive(Debug, Clone)]
pub struct Schedule<A> {
    pace: Pace,
    clock: Clock,
    breaker: Breaker,
    budget: Budget,
    cache: Cache<A>,
    board: Board,
    turns: Turns,
    promises: Promises,
    /// Where the most wanted refresh stands in the order: all of them together take turns like one caller.
    refresh: Option<Place>,
    flights: Vec<Flight>,
    /// The slots of requests that were given up early and may still be on their way.
    silent: Vec<(CallId, Slot)>,
    calls: CallId,
    last_call_before_outage: CallId,
    round_trip_ms: u64,
    /// When the latest requests were sent and over.
    recent: VecDeque<(u64, u64)>,
    pause_cause: Option<PauseCause>,
    counts: Counts,
    meter: Meter,
    /// Whether the slots that an earlier life has taken rest by a timer too.
    rests: bool,
}

/// A request that is not over.
#[derive(Debug, Clone)]
struct Flight {
    call: CallId,
    slot: Slot,
    target: Target,
    sent_ms: u64,
    /// The same by the time by which answers age.
    sent_aged_ms: u64,
    /// When it is given up, in milliseconds from then.
    timeout_ms: u64,
    /// How long the question had waited, in milliseconds.
    queue_ms: u64,
    /// Where the question stood, should it have to be asked again.
    place: Place,
}

impl<A: Clone> Schedule<A> {
    /// Starts with what was stored.
    #[must_use]
    pub fn new(requests_per_second: u8, stored: &PaceRecord) -> Self {
        let pace = Pace::restored(requests_per_second, stored);
        let slots = pace.record().busy_until_ms.len();
        Self {
            pace,
            clock: Clock::default(),
            breaker: Breaker::default(),
            budget: Budget::new(slots),
            cache: Cache::new(MAX_CACHE_BYTES),
            board: Board::default(),
            turns: Turns::default(),
            promises: Promises::default(),
            refresh: None,
            flights: Vec::new(),
            silent: Vec::new(),
            calls: 0,
            last_call_before_outage: 0,
            round_trip_ms: FIRST_ROUND_TRIP_MS,
            recent: VecDeque::new(),
            pause_cause: None,
            counts: Counts::default(),
            meter: Meter::default(),
            rests: false,
        }
    }

    /// Returns what [`Action::Store`] stores, by the wall clock: a later life knows no other.
    #[must_use]
    pub fn record(&self) -> PaceRecord {
        let (ahead_ms, behind_ms) = self.clock.error_ms();
        let by_wall = |ms: u64| ms.saturating_add(behind_ms).saturating_sub(ahead_ms);
        // Time that is a little ahead, because rests had to be told apart, was not so for each of the slots.
        let most_ms = |ms: u64| {
            let leapt_ms = self.clock.leapt_before_ms(ms).max(ahead_ms.min(LATE_MS));
            by_wall(ms).saturating_add(leapt_ms)
        };
        let record = self.pace.record();
        PaceRecord {
            busy_until_ms: record.busy_until_ms.iter().map(|ms| most_ms(*ms)).collect(),
            paused_until_ms: by_wall(record.paused_until_ms),
            seen_ms: by_wall(record.seen_ms),
        }
    }

    /// Takes in one event and says what to do.
    pub fn step(&mut self, event: Event<A>, wall_ms: u64) -> Vec<Action<A>> {
        let now_ms = match event {
            Event::Rested { call } => self.clock.rested(call, wall_ms),
            _ => self.clock.read(wall_ms),
        };
        let mut actions = Vec::new();
        self.rest_what_was_taken(now_ms, &mut actions);
        self.cache.expire(now_ms);
        self.promises.expire(now_ms);
        match event {
            Event::Asked(asked) => self.ask(asked, now_ms, &mut actions),
            Event::Left { caller } => self.leave(caller),
            Event::Over { call, verdict, outcome, bytes } => {
                self.over(call, verdict, &outcome, bytes, now_ms, &mut actions);
            }
            Event::Rested { call } => self.free(call, now_ms),
            Event::Tick => {}
        }
        self.expire(now_ms, &mut actions);
        self.send(now_ms, &mut actions);
        self.wake(now_ms, &mut actions);
        actions
    }

    /// Sets timers for what an earlier life has taken: from here on a wall clock that jumps frees nothing.
    fn rest_what_was_taken(&mut self, now_ms: u64, actions: &mut Vec<Action<A>>) {
        if std::mem::replace(&mut self.rests, true) {
            return;
        }
        // The pace notices a clock that went back meanwhile.
        let _ready_ms = self.pace.ready_ms(now_ms);
        for busy_until_ms in self.pace.record().busy_until_ms.clone() {
            if busy_until_ms > now_ms {
                self.calls = self.calls.wrapping_add(1);
                // The two lives may have read the clock at different ends of a millisecond.
                let for_ms = busy_until_ms.saturating_sub(now_ms).saturating_add(2);
                let call = self.calls;
                self.clock.fly(call, busy_until_ms);
                actions.push(Action::Rest { call, for_ms });
            }
        }
    }

    fn foresight(&mut self, now_ms: u64) -> Foresight {
        // The pace notices a clock that went back.
        let _ready_ms = self.pace.ready_ms(now_ms);
        let under_way = self.flights.iter().map(|flight| (flight.slot.index(), flight.sent_ms));
        let (record, round_trip_ms) = (self.pace.record(), self.round_trip_ms);
        Foresight::new(record, under_way, round_trip_ms, self.breaker, now_ms)
    }

    fn slots(&self) -> usize {
        self.pace.record().busy_until_ms.len()
    }
}
