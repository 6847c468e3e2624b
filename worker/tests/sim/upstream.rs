//! SePay, as far as the gate can tell: how long it takes, what it answers, and how it counts.

use std::collections::VecDeque;

use sepay_worker::gate::event::Verdict;

use super::rng::Rng;
use super::{MS, SECOND};

/// How SePay counts requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counting {
    Sliding,
    Fixed,
    Bucket,
}

#[derive(Clone, Copy)]
pub struct UpstreamPlan {
    pub rtt_us: (u64, u64),
    /// How many of a thousand requests take seconds, are lost, are answered with something of no use.
    pub slow: u64,
    pub lost: u64,
    pub bad: u64,
    pub counting: Counting,
    /// The mean time from one weather to the next, in microseconds; 0 when it never changes.
    pub weather_us: u64,
    /// Whether others spend SePay's budget in some weathers.
    pub foreign: bool,
}

/// What SePay is like for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weather {
    Fair,
    /// So many of a thousand requests are answered with 5xx.
    BrownOut(u64),
    /// Nothing comes back.
    Hangs,
    /// Every request is refused or answered with 5xx.
    Down,
    /// Others ask too, with this mean gap in microseconds.
    Foreign(u64),
}

pub struct Upstream {
    pub plan: UpstreamPlan,
    pub weather: Weather,
    slots: usize,
    arrivals: VecDeque<u64>,
    window: (u64, usize),
    /// Token bucket, in tokens times a second of microseconds.
    tokens: u64,
    filled_us: u64,
    /// Until when a foreign request may have made it say 429, in microseconds.
    pub foreign_until_us: u64,
}

/// What becomes of a request.
pub enum Fate {
    /// It is lost, or its answer is.
    Silence,
    /// It is answered.
    Answer(Verdict),
}

impl UpstreamPlan {
    pub fn plain(rtt_us: (u64, u64)) -> Self {
        let counting = Counting::Sliding;
        Self { rtt_us, slow: 0, lost: 0, bad: 0, counting, weather_us: 0, foreign: false }
    }
}

impl Upstream {
    pub fn new(plan: UpstreamPlan, slots: u8) -> Self {
        let slots = usize::from(slots);
        Self {
            plan,
            weather: Weather::Fair,
            slots,
            arrivals: VecDeque::new(),
            window: (0, 0),
            tokens: slots as u64 * SECOND,
            filled_us: 0,
            foreign_until_us: 0,
        }
    }

    /// How long a request takes to SePay and back, in microseconds.
    pub fn way_us(&self, rng: &mut Rng) -> (u64, u64) {
        let (least_us, most_us) = self.plan.rtt_us;
        let whole_us = if rng.chance(self.plan.slow) {
            rng.between(SECOND, 10 * SECOND)
        } else {
            rng.between(least_us, most_us)
        };
        let there_us = rng.between(0, whole_us);
        (there_us, whole_us - there_us)
    }

    /// Takes a request in, and decides what becomes of it.
    pub fn receive(&mut self, now_us: u64, rng: &mut Rng) -> Fate {
        if self.weather == Weather::Hangs || rng.chance(self.plan.lost) {
            // It may have been counted all the same.
            self.count(now_us);
            return Fate::Silence;
        }
        if !self.count(now_us) {
            let named = [None, Some(0), Some(700), Some(2_000), Some(7_000), Some(100_000)];
            return Fate::Answer(Verdict::RateLimited { retry_after_ms: rng.pick(&named) });
        }
        Fate::Answer(match self.weather {
            Weather::Down => Verdict::Passing,
            Weather::BrownOut(share) if rng.chance(share) => Verdict::Passing,
            _ if rng.chance(self.plan.bad) => {
                rng.pick(&[Verdict::Missing, Verdict::Failed, Verdict::Passing])
            }
            _ => Verdict::Good,
        })
    }

    /// Somebody else's request.
    pub fn foreign(&mut self, now_us: u64) {
        self.count(now_us);
        self.foreign_until_us = now_us + 3 * SECOND;
    }

    /// Counts a request, and says whether it is within the limit.
    fn count(&mut self, now_us: u64) -> bool {
        match self.plan.counting {
            Counting::Sliding => self.slides(now_us),
            Counting::Fixed => {
                let number = now_us / SECOND;
                if self.window.0 != number {
                    self.window = (number, 0);
                }
                self.window.1 += 1;
                self.window.1 <= self.slots
            }
            Counting::Bucket => {
                let full = self.slots as u64 * SECOND;
                let passed_us = now_us.saturating_sub(self.filled_us).min(10 * SECOND);
                self.tokens = full.min(self.tokens + passed_us * self.slots as u64);
                self.filled_us = now_us;
                let has = self.tokens >= SECOND;
                self.tokens -= if has { SECOND } else { 0 };
                has
            }
        }
    }

    fn slides(&mut self, now_us: u64) -> bool {
        while self.arrivals.front().is_some_and(|at_us| at_us + SECOND <= now_us) {
            self.arrivals.pop_front();
        }
        let fits = self.arrivals.len() < self.slots;
        if fits {
            self.arrivals.push_back(now_us);
        }
        fits
    }

    /// The next weather and how long it lasts, in microseconds.
    pub fn change(&mut self, rng: &mut Rng) -> u64 {
        let mean_us = self.plan.weather_us;
        let (weather, lasts_us) = match rng.below(10) {
            0 | 1 => (Weather::BrownOut(rng.pick(&[100, 500, 900])), rng.gap(mean_us)),
            2 => (Weather::Down, rng.gap(mean_us)),
            3 => (Weather::Hangs, rng.gap(mean_us)),
            4 => (rng.pick(&[Weather::Down, Weather::Hangs]), rng.between(60, 3_600) * SECOND),
            5 if self.plan.foreign => {
                (Weather::Foreign(rng.pick(&[50, 300, 2_000]) * MS), rng.gap(mean_us))
            }
            _ => (Weather::Fair, rng.gap(2 * mean_us)),
        };
        self.weather = weather;
        lasts_us.max(SECOND)
    }
}
