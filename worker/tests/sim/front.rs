//! An isolate in front of the gate: it keeps answers under the same rules, and asks for something newer behind its
//! callers.

use std::collections::BTreeMap;

use sepay_worker::gate::event::{Lane, Need, Service};
use sepay_worker::gate::freshness::{Freshness, freshness};

use super::MS;
use super::scenario::FrontPlan;
use super::truth::{Caller, Visit};
use super::world::{Due, Told, World};

pub struct Front {
    plan: FrontPlan,
    party: usize,
    kept: BTreeMap<usize, Kept>,
    /// What it asks the gate now, whether for something newer only, and how many wait for that.
    asking: BTreeMap<(usize, bool), u32>,
    demand: BTreeMap<usize, u32>,
}

struct Kept {
    sent_us: u64,
    fresh_ms: u64,
    /// Until when it is served without asking, in microseconds.
    keep_us: u64,
}

impl Front {
    pub fn new(plan: FrontPlan, party: usize) -> Self {
        let (kept, asking, demand) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { plan, party, kept, asking, demand }
    }
}

impl World {
    /// Somebody asks the isolate.
    pub fn asks_front(&mut self) {
        let now_us = self.now_us;
        let Some(plan) = self.front.as_ref().map(|front| front.plan) else { return };
        let topic = self.popular(plan.topics);
        let front = self.front.as_mut().expect("looked at");
        *front.demand.entry(topic).or_default() += 1;
        let known = front.kept.get(&topic).map(|kept| {
            let age_us = now_us - kept.sent_us;
            (age_us, freshness(age_us / MS, kept.fresh_ms), now_us < kept.keep_us)
        });
        let need = match known {
            Some((_, Freshness::Fresh, _) | (_, _, true)) => None,
            Some((_, Freshness::Refreshing, _)) => Some(Need::Newer),
            _ => Some(Need::Usual),
        };
        let served = need != Some(Need::Usual);
        let free = !front.asking.contains_key(&(topic, served));
        if served {
            self.tally.front(Some(known.map_or(0, |(age_us, ..)| age_us)), now_us);
        } else if let Some(askers) = front.asking.get_mut(&(topic, false)) {
            *askers += 1;
        }
        if let (Some(need), true) = (need, free) {
            let demand = front.demand.remove(&topic).unwrap_or(1);
            front.asking.insert((topic, served), u32::from(need == Need::Usual));
            let visit = Visit { party: None, topic, wait_ms: 10_000, returns: 0, calm: false };
            self.ask(visit, Lane::Interactive, need, demand);
        }
        let gap_us = self.rng.gap(plan.gap_us);
        self.plan_busy(gap_us, Due::Front);
    }

    pub fn front_hears(&mut self, caller: &Caller, told: Told) {
        let now_us = self.now_us;
        let Some(front) = self.front.as_mut() else { return };
        let askers =
            front.asking.remove(&(caller.visit.topic, caller.need == Need::Newer)).unwrap_or(0);
        let age_us = match told {
            Told::Answer(outcome, _) if caller.asked_us == now_us => Some(now_us - outcome.sent_us),
            _ => None,
        };
        (0..askers).for_each(|_| self.tally.front(age_us, now_us));
        match told {
            Told::Answer(outcome, service) if outcome.kept => {
                let Service { fresh_ms, keep_ms, .. } = service;
                let kept =
                    Kept { sent_us: outcome.sent_us, fresh_ms, keep_us: now_us + keep_ms * MS };
                front.kept.insert(caller.visit.topic, kept);
            }
            Told::Busy { retry_after_ms } => {
                if let Some(kept) = front.kept.get_mut(&caller.visit.topic) {
                    kept.keep_us = now_us + retry_after_ms.min(1_000) * MS;
                }
            }
            _ => {}
        }
    }
}
