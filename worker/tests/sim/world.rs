//! Virtual time and the shell around the schedule.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use sepay::{PaceRecord, Target};
use sepay_worker::gate::Schedule;
use sepay_worker::gate::event::{Action, CallId, CallerId, Event, Service, Verdict};
use sepay_worker::gate::schedule::UPSTREAM_TIMEOUT_MS;

use super::callers::Callers;
use super::front::Front;
use super::judge::Judge;
use super::log::{Line, Log};
use super::report::Tally;
use super::rng::Rng;
use super::scenario::Scenario;
use super::truth::{Outcome, Visit};
use super::upstream::{Fate, Upstream, Weather};
use super::{MS, SECOND};

/// Where true time starts, in microseconds since the Unix epoch.
pub const START_US: u64 = 1_790_000_000_000_000;

/// A clock that is set by less is within its own grain.
const SMALL_STEP_US: u64 = MS;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// A party does what it does.
    Act(usize),
    /// Somebody who was refused is back.
    Back(Visit),
    Leave(CallerId),
    /// Somebody asks the isolate in front.
    Front,
    Arrive(u64),
    Over(u64),
    Timer(u64),
    Rested {
        life: u32,
        call: CallId,
        end_us: u64,
        hidden_us: u64,
    },
    Crash,
    SetClock,
    Disk(bool),
    Weather,
    Foreign,
    Sweep,
}

/// A request on its way.
struct Request {
    life: u32,
    call: CallId,
    topic: usize,
    sent_us: u64,
    give_up_us: u64,
    back_us: u64,
    verdict: Verdict,
    drift: super::truth::Drift,
}

/// How a caller's question ended.
#[derive(Debug, Clone, Copy)]
pub enum Told {
    Answer(Outcome, Service),
    Busy {
        retry_after_ms: u64,
    },
    Late,
    /// The gate died.
    Lost,
}

pub struct World {
    pub plan: Scenario,
    pub rng: Rng,
    pub now_us: u64,
    pub judge: Judge,
    pub log: Log,
    pub tally: Tally,
    pub callers: Callers,
    pub front: Option<Front>,
    pub upstream: Upstream,
    pub schedule: Schedule<Outcome>,
    pub targets: Vec<Target>,
    topics: BTreeMap<Target, usize>,
    due: BinaryHeap<Reverse<(u64, u64, Due)>>,
    planned: u64,
    life: u32,
    timer: u64,
    /// How far the wall clock is ahead of true time, in microseconds.
    wall_us: i64,
    /// When the gate last read the wall clock, and how far that was ahead.
    read: (u64, i64),
    disk_fails: bool,
    stored: PaceRecord,
    stored_at: (u64, i64),
    reborn: bool,
    /// When the gate could see that the wall clock had been set.
    set_us: u64,
    /// Until when the gate's time may stand still, or make up for that.
    doubtful_until_us: u64,
    requests: BTreeMap<u64, Request>,
    serial: u64,
}

impl World {
    pub fn new(plan: Scenario, aloud: bool) -> Self {
        let seed = plan.seed;
        // Every third question is for one transaction, which is fresh for long.
        let name = |topic: usize| match topic % 3 {
            2 if !plan.only_lists => format!("/userapi/transactions/details/{topic}"),
            _ => format!("/userapi/bankaccounts/details/{topic}"),
        };
        let targets: Vec<Target> = (0..plan.topics)
            .map(|topic| Target::from_text(&name(topic)).expect("a target"))
            .collect();
        let topics =
            targets.iter().enumerate().map(|(topic, target)| (target.clone(), topic)).collect();
        let most_rtt_us = plan.upstream.rtt_us.1 + plan.late_us;
        let now_us = START_US + plan.phase_us;
        let mut world = Self {
            judge: Judge::new(
                plan.slots,
                plan.late_us,
                plan.rules,
                plan.parties.len(),
                most_rtt_us,
            ),
            rng: Rng::new(seed ^ 0x5EED),
            now_us,
            log: Log::new(aloud),
            tally: Tally::default(),
            callers: Callers::new(&plan),
            front: plan.front.map(|front| Front::new(front, plan.parties.len())),
            upstream: Upstream::new(plan.upstream, plan.slots),
            schedule: Schedule::new(plan.slots, &PaceRecord::default()),
            targets,
            topics,
            due: BinaryHeap::new(),
            planned: 0,
            life: 0,
            timer: 0,
            wall_us: 0,
            read: (now_us, 0),
            disk_fails: false,
            stored: PaceRecord::default(),
            stored_at: (now_us, 0),
            reborn: false,
            set_us: 0,
            doubtful_until_us: 0,
            requests: BTreeMap::new(),
            serial: 0,
            plan,
        };
        world.begin();
        world
    }

    fn begin(&mut self) {
        for party in 0..self.plan.parties.len() {
            let gap_us = self.rng.gap(self.plan.parties[party].gap_us);
            self.plan_in(gap_us, Due::Act(party));
        }
        if self.front.is_some() {
            self.plan_in(0, Due::Front);
        }
        let troubles = self.plan.troubles;
        for (mean_us, due) in [
            (troubles.crash_us, Due::Crash),
            (troubles.wall_us, Due::SetClock),
            (troubles.disk_us, Due::Disk(true)),
            (self.plan.upstream.weather_us, Due::Weather),
        ] {
            if mean_us > 0 {
                let gap_us = self.rng.gap(mean_us);
                self.plan_in(gap_us, due);
            }
        }
        self.plan_in(30 * SECOND, Due::Sweep);
    }

    pub fn plan_in(&mut self, after_us: u64, due: Due) {
        self.planned += 1;
        self.due.push(Reverse((self.now_us + after_us, self.planned, due)));
    }

    /// Plans something that happens in busy times only.
    pub fn plan_busy(&mut self, after_us: u64, due: Due) {
        let at_us = self.now_us + after_us;
        let cycle_us = self.plan.busy_us + self.plan.quiet_us;
        let in_cycle_us = (at_us - START_US) % cycle_us;
        let quiet_us = if in_cycle_us > self.plan.busy_us {
            // A new spell begins for everybody within seconds.
            cycle_us - in_cycle_us + self.rng.below(2 * SECOND)
        } else {
            0
        };
        self.plan_in(after_us + quiet_us, due);
    }

    pub fn end_us(&self) -> u64 {
        START_US + self.plan.length_us
    }

    /// Lets the story happen until its end or until the judge has seen enough.
    pub fn run(&mut self) {
        // After the end nobody asks any more; who waits is served.
        self.run_to(self.end_us() + 90 * SECOND);
        self.judge.sweeps();
        let left = self.judge.callers.len();
        if left > 0 && self.judge.violations.is_empty() {
            self.judge.fail("a caller is forgotten", format!("{left} at the end"));
        }
    }

    /// Lets happen what is due until then.
    pub fn run_to(&mut self, until_us: u64) {
        while self.judge.violations.is_empty() {
            let next_us = self.due.peek().map(|Reverse((at_us, ..))| *at_us);
            if next_us.is_none_or(|at_us| at_us > until_us.min(self.end_us() + 90 * SECOND)) {
                break;
            }
            let Some(Reverse((at_us, _, due))) = self.due.pop() else { break };
            if at_us > self.end_us() && matches!(due, Due::Act(_) | Due::Back(_) | Due::Front) {
                continue;
            }
            self.advance(at_us);
            self.tally.events += 1;
            if self.tally.events == self.plan.most_events {
                self.plan.length_us = self.plan.length_us.min(at_us - START_US);
            }
            self.happens(due);
        }
    }

    fn advance(&mut self, at_us: u64) {
        let passed_us = at_us - self.now_us;
        // A gap of half a minute without any event is quiet time.
        self.tally.busy_us += if passed_us < 29 * SECOND { passed_us } else { 0 };
        self.now_us = at_us;
        self.judge.wakes(at_us);
    }

    fn happens(&mut self, due: Due) {
        match due {
            Due::Act(party) => self.act(party),
            Due::Back(visit) => self.comes_back(visit),
            Due::Leave(caller) => self.leaves(caller),
            Due::Front => self.asks_front(),
            Due::Arrive(serial) => self.arrive(serial),
            Due::Over(serial) => self.over(serial),
            Due::Timer(timer) if timer == self.timer => {
                self.note(Line::Tick);
                self.step(Event::Tick);
            }
            Due::Rested { life, call, end_us, hidden_us } if life == self.life => {
                self.note(Line::Rested { call });
                self.judge.rested(self.now_us - end_us, hidden_us);
                self.step(Event::Rested { call });
            }
            Due::Timer(_) | Due::Rested { .. } => {}
            Due::Crash => self.crash(),
            Due::SetClock => self.set_clock(),
            Due::Disk(fails) => self.disk(fails),
            Due::Weather => self.change_weather(),
            Due::Foreign => self.foreign(),
            Due::Sweep => {
                self.judge.sweeps();
                self.tally.sweep(&mut self.schedule, &mut self.judge, self.wall_us, self.now_us);
                self.plan_busy(30 * SECOND, Due::Sweep);
            }
        }
    }

    pub fn note(&mut self, line: Line) {
        self.log.note(self.now_us, line);
    }

    pub fn wall_ms(&self) -> u64 {
        self.now_us.saturating_add_signed(self.wall_us) / MS
    }

    fn late_us(&mut self) -> u64 {
        self.rng.between(self.plan.late_us / 2, self.plan.late_us)
    }

    /// Works out how far the gate's time can be off once it has read the clock now.
    fn reads_the_clock(&mut self) {
        let (at_us, ahead_us) = if self.reborn { self.stored_at } else { self.read };
        let set_us = self.wall_us - ahead_us;
        let passed_us = self.now_us - at_us;
        let drift = &mut self.judge.drift;
        let size_us = set_us.unsigned_abs();
        if size_us > SMALL_STEP_US {
            self.doubtful_until_us = self.now_us + 11 * SECOND;
            self.judge.doubtful_until_us = self.doubtful_until_us;
        }
        drift.ahead_us += if set_us > 0 { size_us + MS } else { 0 };
        drift.hidden_us +=
            if set_us < 0 { size_us.min(passed_us) + MS } else { size_us.min(SMALL_STEP_US) };
        if self.now_us < self.doubtful_until_us {
            drift.hidden_us += passed_us;
            drift.ahead_us += passed_us;
        }
        if set_us != 0 {
            self.set_us = self.now_us;
        }
        if self.reborn && self.now_us < self.set_us + 11 * SECOND {
            self.judge.forgets_what_was_sent();
        }
        self.reborn = false;
        self.read = (self.now_us, self.wall_us);
    }

    /// Takes one step as the shell does.
    pub fn step(&mut self, event: Event<Outcome>) {
        self.reads_the_clock();
        let excused = matches!(event, Event::Over { verdict: Verdict::RateLimited { .. }, .. });
        let over = matches!(event, Event::Over { .. });
        let actions = self.schedule.step(event, self.wall_ms());
        let record = self.schedule.record();
        self.look_at_the_breaker(false);
        let mut stored = None;
        for action in actions {
            match action {
                Action::Store => stored = Some(self.store(&record)),
                Action::Send { call, target, timeout_ms } => {
                    self.send(call, &target, timeout_ms, stored)
                }
                Action::Rest { call, for_ms } => {
                    self.judge.rests();
                    let (end_us, late_us) = (self.now_us + for_ms * MS, self.late_us());
                    let (life, hidden_us) = (self.life, self.judge.drift.hidden_us);
                    let due = Due::Rested { life, call, end_us, hidden_us };
                    self.plan_in(for_ms * MS + late_us, due);
                }
                Action::Answer { callers, outcome, service } => {
                    let told = Told::Answer(outcome, service);
                    callers.into_iter().for_each(|caller| self.tell(caller, told, excused));
                }
                Action::RefuseBusy { caller, retry_after_ms } => {
                    self.tell(caller, Told::Busy { retry_after_ms }, excused);
                }
                Action::RefuseLate { caller } => self.tell(caller, Told::Late, excused),
                Action::WakeIn(ms) => self.wake_in(ms),
            }
        }
        if over && !self.disk_fails && self.stored != record {
            self.judge.fail("a crash would forget what an answer changed", String::new());
        }
        self.look_at_the_breaker(true);
        self.judge.settles();
    }

    /// One timer: the latest word of the schedule is the one that counts.
    fn wake_in(&mut self, ms: u64) {
        self.note(Line::WakesIn { ms });
        self.timer += 1;
        let late_us = self.late_us();
        self.plan_in(ms * MS + late_us, Due::Timer(self.timer));
    }

    fn look_at_the_breaker(&mut self, after: bool) {
        let was_open = self.judge.breaker_open;
        if self.judge.failures < 5 {
            self.judge.breaker_open = false;
        } else if after || was_open {
            let wall_ms = self.wall_ms();
            self.judge.breaker_open = self.schedule.status(wall_ms).breaker.open;
        }
    }

    fn store(&mut self, record: &PaceRecord) -> bool {
        if !self.disk_fails {
            self.stored = record.clone();
            self.stored_at = (self.now_us, self.wall_us);
            self.judge.stored();
        }
        !self.disk_fails
    }

    fn send(&mut self, call: CallId, target: &Target, timeout_ms: u64, stored: Option<bool>) {
        let topic = self.topics[target];
        self.serial += 1;
        let serial = self.serial;
        if stored.is_none() {
            self.judge.fail("sent without a stored record", format!("call {call}"));
        }
        let stored = stored.unwrap_or(true);
        let busy =
            self.schedule.record().busy_until_ms.iter().filter(|ms| **ms > self.wall_ms()).count();
        self.judge.sends(call, topic, stored, serial);
        let under_way = self.judge.flying();
        if busy < under_way {
            self.judge.fail(
                "sent without a stored record",
                format!("{busy} of {under_way} slots are busy"),
            );
        }
        let (life, sent_us, drift) = (self.life, self.now_us, self.judge.drift);
        let give_up_us = sent_us + timeout_ms * MS;
        let mut request = Request {
            life,
            call,
            topic,
            sent_us,
            give_up_us,
            back_us: 0,
            verdict: Verdict::Unsent,
            drift,
        };
        if stored {
            self.note(Line::Sent { call, topic, timeout_ms });
            self.tally.calls += 1;
            let (there_us, back_us) = self.upstream.way_us(&mut self.rng);
            (request.back_us, request.verdict) = (back_us, Verdict::Silent);
            let arrives = sent_us + there_us < give_up_us;
            self.requests.insert(serial, request);
            let due = if arrives { Due::Arrive(serial) } else { Due::Over(serial) };
            self.plan_in(there_us.min(timeout_ms * MS), due);
        } else {
            self.note(Line::NotSent { call, topic });
            self.requests.insert(serial, request);
            self.plan_in(0, Due::Over(serial));
        }
    }

    fn arrive(&mut self, serial: u64) {
        let fate = self.upstream.receive(self.now_us, &mut self.rng);
        let request = self.requests.get_mut(&serial).expect("a request arrives once");
        let back_us = request.back_us;
        let left_us = request.give_up_us - self.now_us;
        let (verdict, over_us) = match fate {
            Fate::Answer(verdict) if back_us < left_us => (verdict, back_us),
            Fate::Answer(_) | Fate::Silence => (Verdict::Silent, left_us),
        };
        request.verdict = verdict;
        let topic = request.topic;
        self.note(Line::Reaches { topic, verdict });
        let counted = matches!(fate, Fate::Answer(Verdict::RateLimited { .. }));
        let excused = self.now_us < self.upstream.foreign_until_us
            || self.now_us < self.judge.unseen_until_us;
        if counted && !excused {
            self.judge.fail(
                "SePay says 429 for what we sent",
                format!("{:?}", self.plan.upstream.counting),
            );
        }
        self.tally.too_many += u64::from(counted);
        self.plan_in(over_us, Due::Over(serial));
    }

    fn over(&mut self, serial: u64) {
        let request = self.requests.remove(&serial).expect("a request is over once");
        // Without an answer, nobody knows when it arrived: as late as any may.
        let silent = request.verdict == Verdict::Silent;
        let gone_us = if silent { request.sent_us + UPSTREAM_TIMEOUT_MS * MS } else { 0 };
        self.judge.returns(serial, gone_us.max(self.now_us));
        if request.life != self.life {
            return;
        }
        let Request { call, topic, sent_us, verdict, drift, .. } = request;
        self.note(Line::Over { call, verdict });
        let kept = matches!(verdict, Verdict::Good | Verdict::Missing);
        self.judge.lands(call, verdict);
        let bytes = 300 + (topic * 7_919) % self.plan.most_bytes;
        if kept {
            self.judge.known.insert(topic, sent_us);
        }
        let outcome = Outcome { topic, sent_us, kept, drift };
        self.step(Event::Over { call, verdict, outcome, bytes });
    }

    fn crash(&mut self) {
        self.note(Line::Crash);
        self.tally.crashes += 1;
        self.schedule = Schedule::new(self.plan.slots, &self.stored);
        (self.life, self.timer, self.reborn) = (self.life + 1, self.timer + 1, true);
        let lost: Vec<_> =
            self.judge.callers.iter().map(|(id, caller)| (*id, caller.clone())).collect();
        self.judge.crashes();
        for (id, caller) in lost {
            self.hears(id, &caller, Told::Lost);
        }
        let gap_us = self.rng.gap(self.plan.troubles.crash_us);
        self.plan_busy(gap_us, Due::Crash);
    }

    fn set_clock(&mut self) {
        let size_us = match self.rng.below(4) {
            0 => self.rng.below(MS),
            1 => self.rng.below(50 * MS),
            2 => self.rng.below(3 * SECOND),
            _ => self.rng.below(5_000 * SECOND),
        };
        let by_us = if self.rng.chance(500) { size_us as i64 } else { -(size_us as i64) };
        self.wall_us += by_us;
        self.note(Line::WallClock { by_us });
        let gap_us = self.rng.gap(self.plan.troubles.wall_us);
        self.plan_busy(gap_us, Due::SetClock);
    }

    fn disk(&mut self, fails: bool) {
        self.disk_fails = fails;
        self.note(Line::Disk { fails });
        let mean_us = if fails { 2 * SECOND } else { self.plan.troubles.disk_us };
        let gap_us = self.rng.gap(mean_us);
        self.plan_busy(gap_us, Due::Disk(!fails));
    }

    fn change_weather(&mut self) {
        let lasts_us = self.upstream.change(&mut self.rng);
        self.note(Line::Weather { number: lasts_us as usize });
        if let Weather::Foreign(gap_us) = self.upstream.weather {
            self.plan_in(gap_us, Due::Foreign);
        }
        self.plan_busy(lasts_us, Due::Weather);
    }

    fn foreign(&mut self) {
        if let Weather::Foreign(mean_us) = self.upstream.weather {
            self.upstream.foreign(self.now_us);
            let gap_us = self.rng.gap(mean_us);
            self.plan_busy(gap_us, Due::Foreign);
        }
    }
}
