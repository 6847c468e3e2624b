//! What a run comes to.

use sepay_worker::gate::Schedule;

use super::callers::at_once;
use super::judge::{Judge, Violation};
use super::scenario::Scenario;
use super::truth::{Caller, Outcome};
use super::world::{START_US, Told, World};
use super::{MS, SECOND};

/// The most bytes that the gate may keep.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// How many of a hundred who come back when told are served at once, under any load. (Of crowds it is more.)
const HONEST: u64 = 85;

/// Counts of one run or of many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    pub seeds: u64,
    pub virtual_us: u64,
    /// The part of it in which something happened.
    pub busy_us: u64,
    pub events: u64,
    pub asked: u64,
    pub calls: u64,
    pub served: u64,
    pub failed: u64,
    pub refused: u64,
    pub lost: u64,
    pub crashes: u64,
    /// 429s, all of them foreign.
    pub too_many: u64,
    pub returns: u64,
    pub returns_served: u64,
    /// From when on ages and waits are counted, in microseconds.
    pub from_us: u64,
    pub at_once: u64,
    pub waited: u64,
    pub age_us: u64,
    pub oldest_us: u64,
    pub most_wait_us: u64,
    pub most_calm_wait_us: u64,
    pub calm_refused: u64,
    pub fingerprint: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.virtual_us += other.virtual_us;
        self.busy_us += other.busy_us;
        self.events += other.events;
        self.asked += other.asked;
        self.calls += other.calls;
        self.served += other.served;
        self.failed += other.failed;
        self.refused += other.refused;
        self.lost += other.lost;
        self.crashes += other.crashes;
        self.too_many += other.too_many;
        self.returns += other.returns;
        self.returns_served += other.returns_served;
        // The order in which threads end must not matter.
        self.fingerprint = self.fingerprint.wrapping_add(other.fingerprint);
    }

    pub fn count(&mut self, told: &Told, caller: &Caller, now_us: u64) {
        match told {
            Told::Answer(outcome, service) => {
                let kept = outcome.kept;
                self.served += u64::from(kept);
                self.failed += u64::from(!kept);
                if kept && now_us >= self.from_us && caller.visit.party.is_some() {
                    self.at_once += u64::from(at_once(service.source));
                    self.waited += u64::from(!at_once(service.source));
                    self.ages(now_us - outcome.sent_us);
                    let wait_us = now_us - caller.asked_us;
                    self.most_wait_us = self.most_wait_us.max(wait_us);
                    if caller.visit.calm {
                        self.most_calm_wait_us = self.most_calm_wait_us.max(wait_us);
                    }
                }
            }
            Told::Busy { .. } | Told::Late => {
                self.refused += 1;
                self.calm_refused += u64::from(caller.visit.calm);
            }
            Told::Lost => self.lost += 1,
        }
        if caller.visit.returns == 1 {
            self.returns += 1;
            self.returns_served += u64::from(matches!(told, Told::Answer(..)));
        }
    }

    fn ages(&mut self, age_us: u64) {
        self.age_us += age_us;
        self.oldest_us = self.oldest_us.max(age_us);
    }

    /// Somebody asked the isolate, and was served something so old or had to wait.
    pub fn front(&mut self, age_us: Option<u64>, now_us: u64) {
        if now_us < self.from_us {
            return;
        }
        match age_us {
            Some(age_us) => {
                self.at_once += 1;
                self.ages(age_us);
            }
            None => self.waited += 1,
        }
    }

    /// Looks at the gate's own numbers.
    pub fn sweep(
        &mut self,
        gate: &mut Schedule<Outcome>,
        judge: &mut Judge,
        wall_us: i64,
        now_us: u64,
    ) {
        let status = gate.status(now_us.saturating_add_signed(wall_us) / MS);
        if status.cache.bytes > MOST_BYTES {
            judge.fail("the cache is too large", format!("{} bytes", status.cache.bytes));
        }
        if status.calls.rate_limited_own > 0 {
            judge.fail("a foreign 429 is called our own", String::new());
        }
        if status.queue.callers != judge.callers.len() || status.queue.in_flight != judge.flying() {
            judge.fail("the gate's counts are wrong", format!("{:?}", status.queue));
        }
    }
}

/// What one seed came to.
pub struct Outcomes {
    pub tally: Tally,
    pub name: &'static str,
    pub violations: Vec<Violation>,
    pub tail: Vec<String>,
}

/// Runs the scenario of a seed.
pub fn run_seed(seed: u64, aloud: bool) -> Outcomes {
    run(Scenario::of(seed), aloud)
}

pub fn run(plan: Scenario, aloud: bool) -> Outcomes {
    let name = plan.name;
    let returning = plan.rules.returning;
    let mut world = World::new(plan, aloud);
    world.run();
    world.tally.seeds = 1;
    world.tally.virtual_us = world.now_us - START_US;
    world.tally.fingerprint = world.log.fingerprint;
    let Tally { returns, returns_served, .. } = world.tally;
    if returning && returns_served * 100 < returns * HONEST && returns >= 100 {
        let what = format!("{returns_served} of {returns} served at their first return");
        world.judge.fail("Retry-After is not honest", what);
    }
    let mut tail = world.log.tail(200);
    let wall_ms = world.wall_ms();
    tail.push(format!("{:?}", world.schedule.status(wall_ms)));
    tail.push(format!("slots {}, waiting {:?}", world.plan.slots, world.judge.questions));
    Outcomes { tally: world.tally, name, violations: world.judge.violations, tail }
}

/// One sentence about a run.
pub fn summary(tally: &Tally) -> String {
    let years = tally.virtual_us as f64 / (365.25 * 86_400.0 * SECOND as f64);
    let busy_days = tally.busy_us as f64 / (86_400.0 * SECOND as f64);
    format!(
        "{years:.2} virtual years ({busy_days:.2} days of them busy), {} seeds, {} events, {} questions, {} calls, {} crashes, {} foreign 429s",
        tally.seeds, tally.events, tally.asked, tally.calls, tally.crashes, tally.too_many
    )
}
