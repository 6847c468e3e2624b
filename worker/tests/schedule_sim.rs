//! The gate's schedule against a world that knows the truth: who asked, what left when, and when it can reach SePay.
//!
//! Time is true time in microseconds; the schedule sees a wall clock in whole milliseconds that may go back. A request
//! may reach SePay at any instant from its sending until it is over, so the rate is judged for the worst of them. The
//! shell is the real one's rules: store, then send; a timer unless one fires early enough; a crash keeps the stored
//! record and nothing else.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what is not there fails the test"
)]
#![allow(
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    reason = "simulated times are small"
)]

#[path = "world/traffic.rs"]
mod traffic;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{ProptestConfig, proptest};
use sepay::{PaceRecord, Target};
use sepay_worker::gate::Schedule;
use sepay_worker::gate::event::{Action, CallId, CallerId, Event, Verdict};
use sepay_worker::gate::schedule::UPSTREAM_TIMEOUT_MS;
use traffic::{Ask, Fate, Trouble, ask, fate, pause, trouble};

/// Where true time starts, in microseconds since the Unix epoch.
const START_US: u64 = 1_790_000_000_000_000;
const MS: u64 = 1_000;
const SECOND: u64 = 1_000_000;

/// How much later than asked for a timer may fire, and an outcome be told.
const TIMER_GRAIN_US: u64 = 10 * MS;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_promise_holds_while_nothing_breaks(
        slots in 1_u8..=5,
        phase_us in 0_u64..1_000,
        asks in vec(ask(), 1..70),
        fates in vec(fate(), 1..12),
    ) {
        let mut world = World::new(slots, phase_us, fates);
        world.serve(&asks);
    }

    #[test]
    fn every_promise_holds_through_crashes_clock_jumps_and_a_disk_that_fails(
        slots in 1_u8..=5,
        phase_us in 0_u64..1_000,
        asks in vec(ask(), 1..70),
        fates in vec(fate(), 1..12),
        troubles in vec((pause(), trouble()), 1..30),
    ) {
        let mut world = World::new(slots, phase_us, fates);
        let mut at_us = world.now_us;
        for (after_us, trouble) in troubles {
            at_us += after_us;
            world.plan(at_us, Due::Trouble(trouble));
        }
        world.serve(&asks);
    }

    #[test]
    fn who_is_refused_at_once_and_comes_back_when_told_is_accepted(
        slots in 1_u8..=5,
        crowd in vec((0_u64..300 * MS, 1_u64..25_000), 1..150),
        paused_ms in option::weighted(0.3, 0_u64..70_000),
        wait_ms in 1_u64..25_000,
    ) {
        let good = Fate { after_us: 100 * MS, late_us: 0, arrives: Verdict::Final };
        let mut world = World::new(slots, 0, vec![good]);
        if let Some(ms) = paused_ms {
            world.fates[0].arrives = Verdict::RateLimited { retry_after_ms: Some(ms) };
            world.ask(0, 10_000);
            world.fates[0].arrives = Verdict::Final;
            // A 429 that has not arrived yet cannot be foreseen.
            world.run_until(world.now_us + 200 * MS);
        }
        for (target, (gap_us, wait_ms)) in (1..).zip(crowd) {
            world.run_until(world.now_us + gap_us);
            world.ask(target, wait_ms);
        }
        if let Some(retry_after_ms) = world.ask(9_998, wait_ms) {
            world.run_until(world.now_us + retry_after_ms * MS);
            assert_eq!(world.ask(9_999, wait_ms), None, "told to come back after {retry_after_ms} ms");
        }
    }
}

fn target(number: u16) -> Target {
    Target::from_text(&format!("/userapi/transactions/details/{number}")).expect("a target")
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Over { life: u32, call: CallId },
    Timer { life: u32, at_ms: u64 },
    Trouble(Trouble),
}

/// A caller who has no outcome yet.
struct Caller {
    target: Target,
    asked_us: u64,
    deadline_us: u64,
    /// The deadline, made later by the time that a clock that went back hid.
    latest_us: u64,
}

/// A request that the gate waits for.
struct Flight {
    target: Target,
    verdict: Verdict,
}

struct World {
    schedule: Schedule,
    slots: usize,
    fates: Vec<Fate>,
    now_us: u64,
    clock_lag_us: u64,
    due: BinaryHeap<Reverse<(u64, u64, Due)>>,
    planned: u64,
    /// How often the gate was restarted: what an earlier life waits for is nobody's.
    life: u32,
    wakes_at_ms: u64,
    disk_fails: bool,
    stored: PaceRecord,
    callers: BTreeMap<CallerId, Caller>,
    asked: CallerId,
    flights: BTreeMap<CallId, Flight>,
    /// When each request left, and the last instant at which it can reach SePay.
    sent: Vec<(u64, u64)>,
    /// How often a question that somebody still waits for was sent, and what came last.
    tries: BTreeMap<Target, (u8, Option<Verdict>)>,
    /// Since when each slot that was used is free again at the latest.
    free_us: Vec<u64>,
    paused_until_us: u64,
    stored_pause_us: u64,
    /// The pause, made longer by the time that a clock that went back hid.
    latest_pause_us: u64,
    /// Until when waits may be longer than the world can tell, after a crash or a jump of the clock.
    blind_until_us: u64,
    /// When the next step is due at the latest, because a question waits for a slot.
    step_due_us: Option<u64>,
    stepped_us: u64,
    jumped: bool,
    jumped_ever: bool,
    restarted: bool,
}

impl World {
    fn new(slots: u8, phase_us: u64, fates: Vec<Fate>) -> Self {
        let now_us = START_US + phase_us;
        Self {
            schedule: Schedule::new(slots, &PaceRecord::default()),
            slots: usize::from(slots),
            fates,
            now_us,
            clock_lag_us: 0,
            due: BinaryHeap::new(),
            planned: 0,
            life: 0,
            wakes_at_ms: 0,
            disk_fails: false,
            stored: PaceRecord::default(),
            callers: BTreeMap::new(),
            asked: 0,
            flights: BTreeMap::new(),
            sent: Vec::new(),
            tries: BTreeMap::new(),
            free_us: Vec::new(),
            paused_until_us: 0,
            stored_pause_us: 0,
            latest_pause_us: 0,
            blind_until_us: 0,
            step_due_us: None,
            stepped_us: now_us,
            jumped: false,
            jumped_ever: false,
            restarted: false,
        }
    }

    fn serve(&mut self, asks: &[Ask]) {
        for ask in asks {
            self.run_until(self.now_us + ask.gap_us);
            self.ask(ask.target, ask.wait_ms);
        }
        self.run_until(u64::MAX);
        assert!(self.callers.is_empty(), "nobody is left without an outcome");
        assert!(self.flights.is_empty());
    }

    fn wall_ms(&self) -> u64 {
        (self.now_us - self.clock_lag_us) / MS
    }

    fn plan(&mut self, at_us: u64, due: Due) {
        self.planned += 1;
        self.due.push(Reverse((at_us, self.planned, due)));
    }

    fn run_until(&mut self, end_us: u64) {
        while self.due.peek().is_some_and(|Reverse((at_us, ..))| *at_us <= end_us) {
            let Reverse((at_us, _, due)) = self.due.pop().expect("peeked");
            self.now_us = at_us;
            match due {
                Due::Trouble(trouble) => self.suffer(&trouble),
                Due::Over { life, call } if life == self.life => self.over(call),
                Due::Timer { life, at_ms } if life == self.life => {
                    if self.wakes_at_ms == at_ms {
                        self.wakes_at_ms = 0;
                    }
                    self.step(Event::Tick);
                }
                Due::Over { .. } | Due::Timer { .. } => {}
            }
        }
        if end_us < u64::MAX {
            self.now_us = end_us;
        }
    }

    fn suffer(&mut self, trouble: &Trouble) {
        match trouble {
            Trouble::DiskFails(fails) => self.disk_fails = *fails,
            Trouble::ClockGoesBack(by_us) => {
                self.clock_lag_us += by_us;
                (self.jumped, self.jumped_ever) = (true, true);
            }
            Trouble::Crash => {
                self.schedule = Schedule::new(self.slots as u8, &self.stored);
                self.life += 1;
                self.wakes_at_ms = 0;
                self.callers.clear();
                self.flights.clear();
                self.tries.clear();
                self.free_us.clear();
                self.paused_until_us = self.stored_pause_us;
                self.step_due_us = None;
                self.restarted = true;
            }
        }
    }

    /// Asks, and returns after how long to come back when that was refused at once.
    fn ask(&mut self, number: u16, wait_ms: u64) -> Option<u64> {
        let (caller, target) = (self.asked, target(number));
        self.asked += 1;
        let deadline_us = self.now_us + wait_ms * MS;
        let refused =
            self.step_with(Event::Asked { caller, target: target.clone(), wait_ms }, |world| {
                let asked_us = world.now_us;
                let asks = Caller { target, asked_us, deadline_us, latest_us: deadline_us };
                world.callers.insert(caller, asks);
            });
        refused
            .into_iter()
            .find(|(who, _)| *who == caller)
            .map(|(_, retry_after_ms)| retry_after_ms)
    }

    fn over(&mut self, call: CallId) {
        let flight = self.flights.remove(&call).expect("a flight is over once");
        if let Verdict::RateLimited { retry_after_ms } = flight.verdict {
            let pause_us = retry_after_ms.unwrap_or(0).clamp(1_000, 60_000) * MS;
            self.paused_until_us = self.paused_until_us.max(self.now_us + pause_us);
            self.latest_pause_us = self.latest_pause_us.max(self.now_us + pause_us);
        }
        // One second and the clock's grain; another grain because the clock is read in whole milliseconds.
        self.free_us.push(self.now_us + SECOND + 2 * MS);
        if let Some((_, last)) = self.tries.get_mut(&flight.target) {
            *last = Some(flight.verdict);
        }
        self.step(Event::Over { call, verdict: flight.verdict });
        let kept = self.disk_fails || self.stored == *self.schedule.record();
        assert!(kept, "a crash would forget what an answer changed");
    }

    fn step(&mut self, event: Event) {
        self.step_with(event, |_| {});
    }

    /// Takes one step as the shell does, and returns who was refused for lack of time.
    fn step_with(&mut self, event: Event, then: impl FnOnce(&mut Self)) -> Vec<(CallerId, u64)> {
        self.look_at_the_clock();
        then(self);
        let actions = self.schedule.step(event, self.wall_ms());
        let mut stored = None;
        let mut refused = Vec::new();
        for action in actions {
            match action {
                Action::Store => stored = Some(self.store()),
                Action::Send { call, target } => {
                    self.send(call, target, stored.expect("Store comes before Send"));
                }
                Action::Deliver { callers, .. } => self.deliver(&callers),
                Action::RefuseBusy { caller, retry_after_ms } => {
                    let target = self.told(caller, true);
                    assert!(!self.flies(&target), "what flies was asked in time");
                    refused.push((caller, retry_after_ms));
                }
                Action::RefuseLate { caller } => {
                    let target = self.told(caller, false);
                    assert!(self.flies(&target), "late means that SePay was asked");
                }
                Action::WakeIn(in_ms) => self.wake_in(in_ms),
            }
        }
        self.check_state();
        refused
    }

    /// Works out how much time a clock that went back can have hidden from the schedule.
    fn look_at_the_clock(&mut self) {
        let hidden_us = self.now_us - self.stepped_us + 2 * MS;
        if self.restarted {
            let longest_us = if self.jumped_ever { 70 * SECOND } else { 10 * SECOND };
            self.blind_until_us = self.blind_until_us.max(self.now_us + longest_us);
        }
        if self.jumped {
            self.callers.values_mut().for_each(|caller| caller.latest_us += hidden_us);
            self.latest_pause_us += hidden_us;
            self.blind_until_us = (self.blind_until_us + hidden_us).max(self.now_us + 10 * SECOND);
        }
        if let Some(due_us) = self.step_due_us
            && self.now_us > self.blind_until_us
        {
            assert!(self.now_us <= due_us, "a slot was free and nobody woke up");
        }
        (self.jumped, self.restarted, self.stepped_us) = (false, false, self.now_us);
    }

    fn store(&mut self) -> bool {
        if !self.disk_fails {
            self.stored = self.schedule.record().clone();
            self.stored_pause_us = self.paused_until_us;
        }
        !self.disk_fails
    }

    fn send(&mut self, call: CallId, target: Target, stored: bool) {
        assert!(!self.flies(&target), "one question is never in flight twice");
        let now_us = self.now_us;
        let wanted = self
            .callers
            .values()
            .any(|caller| caller.target == target && caller.latest_us + MS > now_us);
        assert!(wanted, "nobody waits for what is sent");
        assert!(now_us + MS >= self.paused_until_us, "sent during a pause");
        let (tries, last) = self.tries.entry(target.clone()).or_default();
        *tries += 1;
        let worthwhile =
            matches!(last, None | Some(Verdict::Passing | Verdict::RateLimited { .. }));
        assert!(*tries <= 3 && worthwhile, "try {tries} after {last:?}");
        let fate = self.fates[self.sent.len() % self.fates.len()].clone();
        let timeout_us = UPSTREAM_TIMEOUT_MS * MS;
        let (after_us, verdict) = match (stored, fate.after_us < timeout_us) {
            (false, _) => (0, Verdict::Unsent),
            (true, true) => (fate.after_us, fate.arrives),
            (true, false) => (timeout_us, Verdict::Passing),
        };
        if stored {
            self.check_rate();
            self.sent.push((now_us, now_us + after_us));
        }
        if self.flights.len() + self.free_us.len() >= self.slots {
            // It took the slot that was free first.
            self.free_us.sort_unstable_by(|left, right| right.cmp(left));
            self.free_us.pop();
        }
        self.flights.insert(call, Flight { target, verdict });
        self.plan(now_us + after_us + fate.late_us, Due::Over { life: self.life, call });
    }

    /// A request sent now may arrive now; an earlier one as late as it can. The worst window of one second ends now.
    fn check_rate(&self) {
        let near = self.sent.iter().filter(|(_, last_us)| last_us + SECOND > self.now_us).count();
        assert!(near < self.slots, "{} requests can reach SePay within one second", near + 1);
    }

    fn deliver(&mut self, callers: &[CallerId]) {
        assert!(!callers.is_empty());
        for caller in callers {
            let caller = self.callers.remove(caller).expect("one outcome per caller");
            assert!(self.now_us <= caller.latest_us + TIMER_GRAIN_US, "an outcome came late");
            assert!(!self.flies(&caller.target));
        }
    }

    /// Takes note of a refusal: at once if that may be, or else neither before nor after the deadline.
    fn told(&mut self, caller: CallerId, at_once: bool) -> Target {
        let caller = self.callers.remove(&caller).expect("one outcome per caller");
        assert!(self.now_us <= caller.latest_us + TIMER_GRAIN_US, "a refusal came late");
        let early = self.now_us + 2 * MS < caller.deadline_us;
        assert!(!early || (at_once && caller.asked_us == self.now_us), "given up too early");
        caller.target
    }

    fn flies(&self, target: &Target) -> bool {
        self.flights.values().any(|flight| flight.target == *target)
    }

    /// The shell's rule: no second timer when one fires early enough.
    fn wake_in(&mut self, in_ms: u64) {
        assert!(in_ms > 0, "a timer that never lets time pass");
        let at_ms = self.wall_ms() + in_ms;
        if self.wakes_at_ms > self.wall_ms() && self.wakes_at_ms <= at_ms {
            return;
        }
        self.wakes_at_ms = at_ms;
        let late_us = self.fates[self.sent.len() % self.fates.len()].late_us;
        let due_us = self.now_us + in_ms * MS + late_us;
        self.plan(due_us, Due::Timer { life: self.life, at_ms });
    }

    fn check_state(&mut self) {
        let awaited: BTreeSet<&Target> =
            self.callers.values().map(|caller| &caller.target).collect();
        let flying: BTreeSet<&Target> =
            self.flights.values().map(|flight| &flight.target).collect();
        let waiting = awaited.difference(&flying).count();
        let wall_ms = self.wall_ms();
        let status = serde_json::to_value(self.schedule.status(wall_ms)).expect("JSON");
        let known = serde_json::json!({
            "questions": waiting, "inFlight": self.flights.len(), "callers": self.callers.len(),
        });
        assert_eq!(status["queue"], known);
        self.tries.retain(|target, _| awaited.contains(target) || flying.contains(target));
        let now_us = self.now_us;
        self.free_us.retain(|free_us| *free_us > now_us);
        self.step_due_us = None;
        if waiting > 0 {
            let idle = self.flights.len() + self.free_us.len() < self.slots;
            let free_us = if idle { Some(now_us) } else { self.free_us.iter().min().copied() };
            let free_us = free_us.map(|us| us.max(self.latest_pause_us + MS));
            let blind = now_us <= self.blind_until_us;
            assert!(blind || free_us.is_none_or(|us| us > now_us), "a free slot is wasted");
            self.step_due_us = free_us.map(|us| us + TIMER_GRAIN_US);
        }
    }
}
