//! Plays a story to the schedule and writes down what it does.
//!
//! Timers keep to true time; the schedule sees a wall clock that a story may set. Times are milliseconds since the
//! story began. Timers that are due fire before what happens in the same millisecond.

use std::collections::BTreeSet;
use std::fmt::Write;

use sepay::{Pace, PaceRecord, Target};
use sepay_worker::gate::Schedule;
use sepay_worker::gate::event::{Action, CallId, CallerId, Event, Service, Source};
use sepay_worker::gate::schedule::UPSTREAM_TIMEOUT_MS;
use sepay_worker::gate::status::Status;

use super::deed::{Deed, ask, good, look};

/// Where a story's time starts, in milliseconds since the Unix epoch.
pub(crate) const START_MS: u64 = 1_790_000_000_000;

/// A schedule, its timers and its clock.
pub(crate) struct Gate {
    schedule: Schedule<u32>,
    slots: u8,
    /// True time since the story began.
    now_ms: u64,
    wall_ms: u64,
    /// Whether something looks at the clock just before the end of a rest is told, as in a gate with traffic.
    has_traffic: bool,
    timers_late_ms: u64,
    /// After how long SePay answers every call by itself; the outcome is the call's number.
    sepay_ms: Option<u64>,
    answers: BTreeSet<(u64, CallId)>,
    wake_ms: Option<u64>,
    rests: BTreeSet<(u64, CallId)>,
    stored: PaceRecord,
    /// Whether this life of the gate has not seen anything yet.
    newborn: bool,
    /// Who has asked and was not told anything yet.
    open: BTreeSet<CallerId>,
    services: Vec<Service>,
    trace: Vec<String>,
}

impl Gate {
    pub(crate) fn new(slots: u8) -> Self {
        let stored = PaceRecord::default();
        Self {
            schedule: Schedule::new(slots, &stored),
            slots,
            now_ms: 0,
            wall_ms: START_MS,
            has_traffic: true,
            timers_late_ms: 0,
            sepay_ms: None,
            answers: BTreeSet::new(),
            wake_ms: None,
            rests: BTreeSet::new(),
            stored,
            newborn: true,
            open: BTreeSet::new(),
            services: Vec::new(),
            trace: Vec::new(),
        }
    }

    /// A gate that is told nothing but what happens in its story.
    pub(crate) fn without_traffic(slots: u8) -> Self {
        Self { has_traffic: false, ..Self::new(slots) }
    }

    /// A gate all of whose timers fire so much later than asked for.
    pub(crate) fn with_late_timers(slots: u8, ms: u64) -> Self {
        Self { timers_late_ms: ms, ..Self::new(slots) }
    }

    /// A gate whose calls are all answered after a time; each outcome is the call's number.
    pub(crate) fn answered_after(slots: u8, ms: u64) -> Self {
        Self { sepay_ms: Some(ms), ..Self::new(slots) }
    }

    /// A gate that knows the answers to some questions, sent at 0 and arrived at 100, when all its slots are free
    /// again.
    pub(crate) fn knowing(slots: u8, questions: &[&str]) -> Self {
        let mut gate = Self::new(slots);
        assert!(questions.len() <= usize::from(slots), "one slot each");
        for (number, question) in (1..).zip(questions) {
            gate.play(&[(0, ask(1_000_000 + number, "before", question))]);
        }
        for number in (1..).take(questions.len()) {
            gate.play(&[(100, good(number, u32::try_from(number).expect("small") * 10))]);
        }
        gate.play(&[(1_101, look())]);
        gate
    }

    /// Plays a story and returns the trace of it.
    pub(crate) fn play(&mut self, story: &[(u64, Deed)]) -> Vec<String> {
        self.services.clear();
        for (at_ms, deed) in story {
            self.pass_until(*at_ms);
            self.step(deed.0.clone());
        }
        std::mem::take(&mut self.trace)
    }

    /// Sets the wall clock ahead or back.
    pub(crate) fn set_clock(&mut self, by_ms: i64) {
        self.wall_ms = self.wall_ms.checked_add_signed(by_ms).expect("a time");
    }

    /// Loses everything but what was stored.
    pub(crate) fn crash(&mut self) {
        self.schedule = Schedule::new(self.slots, &self.stored);
        (self.wake_ms, self.rests, self.answers) = (None, BTreeSet::new(), BTreeSet::new());
        self.open.clear();
        self.newborn = true;
    }

    /// What was stored last, as milliseconds of the wall clock since the story's start.
    pub(crate) fn stored(&self) -> (Vec<i64>, i64) {
        let since = |ms: &u64| ms.cast_signed() - START_MS.cast_signed();
        (self.stored.busy_until_ms.iter().map(since).collect(), since(&self.stored.paused_until_ms))
    }

    /// Where the outcomes of the latest story came from.
    pub(crate) fn services(&self) -> &[Service] {
        &self.services
    }

    pub(crate) fn status(&mut self) -> Status {
        self.schedule.status(self.wall_ms)
    }

    /// How many questions wait, how many fly, and how many callers are behind both.
    pub(crate) fn queue(&mut self) -> (usize, usize, usize) {
        let queue = self.status().queue;
        (queue.questions, queue.in_flight, queue.callers)
    }

    fn pass_until(&mut self, at_ms: u64) {
        assert!(at_ms >= self.now_ms, "a story goes forward: {at_ms}");
        while let Some(due_ms) = self.next_timer_ms().filter(|due_ms| *due_ms <= at_ms) {
            self.pass(due_ms);
            if self.wake_ms == Some(due_ms) {
                self.wake_ms = None;
                self.step(Event::Tick);
            } else if self.answers.first().is_some_and(|(at_ms, _)| *at_ms == due_ms) {
                let (_, call) = self.answers.pop_first().expect("one");
                self.step(good(call, u32::try_from(call).expect("small")).0);
            } else if let Some((_, call)) = self.rests.pop_first() {
                if self.has_traffic {
                    self.step(Event::Tick);
                }
                self.step(Event::Rested { call });
            }
        }
        self.pass(at_ms);
    }

    fn next_timer_ms(&self) -> Option<u64> {
        let first = |set: &BTreeSet<(u64, CallId)>| set.first().map(|(due_ms, _)| *due_ms);
        let rest_ms = first(&self.rests);
        rest_ms.into_iter().chain(first(&self.answers)).chain(self.wake_ms).min()
    }

    fn pass(&mut self, at_ms: u64) {
        let passed_ms = at_ms.saturating_sub(self.now_ms);
        self.now_ms += passed_ms;
        self.wall_ms += passed_ms;
    }

    fn step(&mut self, event: Event<u32>) {
        match &event {
            Event::Asked(asked) => assert!(self.open.insert(asked.caller), "asks once"),
            Event::Left { caller } => _ = self.open.remove(caller),
            _ => {}
        }
        let actions = self.schedule.step(event, self.wall_ms);
        let newborn = std::mem::take(&mut self.newborn);
        let mut stored = false;
        for action in actions {
            match action {
                Action::Store => {
                    stored = true;
                    self.stored = self.schedule.record();
                }
                Action::Send { call, target, timeout_ms } => {
                    assert!(stored, "what is sent was stored before");
                    self.write_send(call, &target, timeout_ms);
                    if let Some(ms) = self.sepay_ms {
                        self.answers.insert((self.now_ms + ms, call));
                    }
                }
                Action::Rest { call, for_ms } => {
                    // What an earlier life has taken rests from the first moment on.
                    assert!(newborn || (stored && for_ms >= Pace::HOLD_MS));
                    self.rests.insert((self.now_ms + for_ms + self.timers_late_ms, call));
                }
                Action::Answer { callers, outcome, service } => {
                    self.write_answer(&callers, outcome, service);
                }
                Action::RefuseBusy { caller, retry_after_ms } => {
                    self.close(caller);
                    self.write(&format!("busy {caller}: back in {retry_after_ms}"));
                }
                Action::RefuseLate { caller } => {
                    self.close(caller);
                    self.write(&format!("late {caller}"));
                }
                Action::WakeIn(in_ms) => self.wake_in(in_ms),
            }
        }
    }

    /// Sets a timer, unless one fires early enough.
    fn wake_in(&mut self, in_ms: u64) {
        let due_ms = self.now_ms + in_ms + self.timers_late_ms;
        self.wake_ms = Some(self.wake_ms.map_or(due_ms, |set_ms| set_ms.min(due_ms)));
    }

    fn write_send(&mut self, call: CallId, target: &Target, timeout_ms: u64) {
        let bound = match timeout_ms {
            UPSTREAM_TIMEOUT_MS => String::new(),
            other => format!(" for {other}"),
        };
        self.write(&format!("send {call}: {}{bound}", name(target)));
    }

    fn write_answer(&mut self, callers: &[CallerId], outcome: u32, service: Service) {
        for caller in callers {
            self.close(*caller);
        }
        self.services.push(service);
        let Service { source, age_ms, queue_ms, upstream_ms, .. } = service;
        let how = match source {
            Source::Asked | Source::Joined => {
                // It ages by the wall clock too, which may have been set ahead.
                assert!(age_ms >= upstream_ms, "its age counts from its sending");
                format!("{source:?} {queue_ms}+{upstream_ms}")
            }
            _ => {
                assert_eq!((queue_ms, upstream_ms), (0, 0), "it was there");
                format!("{source:?}, {age_ms} old")
            }
        };
        self.write(&format!("{outcome} to {}: {how}", ranges(callers)));
    }

    fn write(&mut self, line: &str) {
        self.trace.push(format!("{} {line}", self.now_ms));
    }

    fn close(&mut self, caller: CallerId) {
        assert!(self.open.remove(&caller), "{caller} is told something once");
    }
}

/// The lines of a trace that say so.
pub(crate) fn lines(trace: &[String], of: &str) -> Vec<String> {
    trace.iter().filter(|line| line.contains(of)).cloned().collect()
}

fn name(target: &Target) -> String {
    let text = target.as_str();
    let record = text.strip_prefix("/userapi/transactions/details/");
    let list = text.strip_prefix("/userapi/transactions/list?limit=");
    record
        .map(|number| format!("r{number}"))
        .or(list.map(|number| format!("q{number}")))
        .expect("a name")
}

/// Callers in the order in which they are told, runs of them as `1-9`.
fn ranges(callers: &[CallerId]) -> String {
    let mut text = String::new();
    for run in callers.chunk_by(|left, right| left + 1 == *right) {
        let gap = if text.is_empty() { "" } else { " " };
        let written = match run {
            [one] => write!(text, "{gap}{one}"),
            [first, .., last] => write!(text, "{gap}{first}-{last}"),
            [] => Ok(()),
        };
        written.expect("text can be written");
    }
    text
}
