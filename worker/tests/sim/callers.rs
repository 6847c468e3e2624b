//! What callers do: ask, wait, leave, come back.

use std::rc::Rc;

use sepay_worker::gate::event::{Asked, CallerId, Event, Lane, Need, Party as Key, Source};

use super::log::Line;
use super::scenario::{Party, Scenario};
use super::truth::{Caller, Visit};
use super::world::{Due, Told, World};
use super::{MS, SECOND};

pub struct Callers {
    names: Vec<Key>,
    /// For Zipf's law: the sums of the weights of the most popular questions.
    sums: Vec<u64>,
    next: CallerId,
}

impl Callers {
    pub fn new(plan: &Scenario) -> Self {
        let names =
            (0..=plan.parties.len()).map(|number| Rc::from(format!("key{number}"))).collect();
        Self { names, sums: zipf(plan.topics), next: 0 }
    }
}

/// The sums of 1/1, 1/2, 1/3, …, in parts of 2^32.
pub fn zipf(topics: usize) -> Vec<u64> {
    let weights = (1..=topics as u64).scan(0, |sum, rank| {
        *sum += (1_u64 << 32) / rank;
        Some(*sum)
    });
    weights.collect()
}

impl World {
    /// Draws one of so many questions, the first the most often.
    pub fn popular(&mut self, topics: usize) -> usize {
        let drawn = self.rng.below(self.callers.sums[topics - 1]);
        self.callers.sums[..topics].partition_point(|sum| *sum <= drawn)
    }

    pub fn act(&mut self, number: usize) {
        let party = self.plan.parties[number].clone();
        let most = if party.burst > 1 { self.rng.between(1, party.burst) } else { 1 };
        for _ in 0..most {
            let chosen = if party.zipf {
                self.popular(party.topics)
            } else {
                self.rng.below(party.topics as u64) as usize
            };
            let (least_ms, most_ms) = party.wait_ms;
            let visit = Visit {
                party: Some(number),
                topic: party.first_topic + chosen,
                wait_ms: self.rng.between(least_ms, most_ms),
                returns: 0,
                calm: party.calm,
            };
            let need = self.need(&party);
            let caller = self.ask(visit, party.lane, need, 1);
            if self.rng.chance(party.leaves) {
                let after_us = self.rng.between(0, visit.wait_ms * MS);
                self.plan_in(after_us, Due::Leave(caller));
            }
        }
        if !party.calm {
            let gap_us = self.rng.gap(party.gap_us);
            self.plan_busy(gap_us, Due::Act(number));
        }
    }

    fn need(&mut self, party: &Party) -> Need {
        if self.rng.chance(party.no_cache) {
            Need::MaxAge(0)
        } else if self.rng.chance(party.max_age) {
            Need::MaxAge(self.rng.pick(&[1, 500, 3_000, 20_000]))
        } else if self.rng.chance(party.newer) {
            Need::Newer
        } else {
            Need::Usual
        }
    }

    pub fn ask(&mut self, visit: Visit, lane: Lane, need: Need, demand: u32) -> CallerId {
        self.callers.next += 1;
        let id = self.callers.next;
        let number = visit.party.unwrap_or(self.plan.parties.len());
        let Visit { topic, wait_ms, .. } = visit;
        self.note(Line::Asks { caller: id, party: number, topic, need, wait_ms });
        self.tally.asked += 1;
        let caller = Caller {
            visit,
            lane,
            need,
            asked_us: self.now_us,
            deadline_us: self.now_us + wait_ms * MS,
            drift: self.judge.drift,
            tries: 0,
        };
        let (was_open, served) = (self.judge.breaker_open, self.tally.served);
        self.judge.asks(id, caller);
        let party = Key::clone(&self.callers.names[number]);
        let target = self.targets[topic].clone();
        self.step(Event::Asked(Asked { caller: id, party, lane, target, wait_ms, need, demand }));
        if !self.plan.rules.tight {
            self.judge.heard(id, topic, need, was_open, self.tally.served > served);
        }
        id
    }

    pub fn leaves(&mut self, id: CallerId) {
        if let Some(caller) = self.judge.goes(id) {
            self.note(Line::Leaves { caller: id });
            self.step(Event::Left { caller: id });
            self.goes_on(&caller);
        }
    }

    /// Takes down what a caller is told.
    pub fn tell(&mut self, id: CallerId, told: Told, excused: bool) {
        let caller = match told {
            Told::Answer(outcome, service) => {
                let good = outcome.kept;
                self.note(Line::Answered {
                    caller: id,
                    source: service.source,
                    age_ms: service.age_ms,
                    good,
                });
                self.judge.answers(id, &outcome, &service)
            }
            Told::Busy { retry_after_ms } => {
                self.note(Line::Busy { caller: id, retry_after_ms });
                let room = self.judge.callers.len() > 19_000 || self.judge.questions.len() > 1_000;
                self.judge.refuses(id, true, excused || room)
            }
            Told::Late => {
                self.note(Line::Late { caller: id });
                self.judge.refuses(id, false, false)
            }
            Told::Lost => None,
        };
        if let Some(caller) = caller {
            self.hears(id, &caller, told);
        }
    }

    /// What a caller does with what it is told.
    pub fn hears(&mut self, _id: CallerId, caller: &Caller, told: Told) {
        self.tally.count(&told, caller, self.now_us);
        let Some(number) = caller.visit.party else {
            self.front_hears(caller, told);
            return;
        };
        let back = self.plan.parties[number].comes_back;
        match told {
            Told::Busy { retry_after_ms }
                if back && caller.need == Need::Usual && caller.visit.returns < 9 =>
            {
                // HTTP says it in whole seconds; networks and people take a little longer.
                let seconds = retry_after_ms.div_ceil(1_000);
                let slack_us = self.rng.below(300 * MS);
                let visit = Visit { returns: caller.visit.returns + 1, ..caller.visit };
                self.plan_in(seconds * SECOND + slack_us, Due::Back(visit));
            }
            _ => self.goes_on(caller),
        }
    }

    pub fn comes_back(&mut self, visit: Visit) {
        let lane = visit.party.map_or(Lane::Interactive, |number| self.plan.parties[number].lane);
        self.ask(visit, lane, Need::Usual, 1);
    }

    fn goes_on(&mut self, caller: &Caller) {
        if let (Some(number), true) = (caller.visit.party, caller.visit.calm) {
            let gap_us = self.rng.gap(self.plan.parties[number].gap_us);
            self.plan_busy(gap_us, Due::Act(number));
        }
    }
}

/// Says whether an answer was there when it was asked for.
pub fn at_once(source: Source) -> bool {
    !matches!(source, Source::Asked | Source::Joined)
}
