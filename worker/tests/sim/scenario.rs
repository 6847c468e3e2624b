//! What one seed stands for: how many slots, which callers, which SePay, which troubles.

use sepay_worker::gate::event::Lane;

use super::rng::Rng;
use super::upstream::{Counting, UpstreamPlan};
use super::{MS, SECOND};

/// One scenario, before anything has happened.
pub struct Scenario {
    pub seed: u64,
    pub name: &'static str,
    pub slots: u8,
    /// Where in a millisecond the story begins, in microseconds.
    pub phase_us: u64,
    /// Days of busy spells with quiet between, in microseconds.
    pub length_us: u64,
    pub busy_us: u64,
    pub quiet_us: u64,
    pub parties: Vec<Party>,
    pub front: Option<FrontPlan>,
    pub topics: usize,
    pub upstream: UpstreamPlan,
    /// How much later than asked for a timer fires at most, in microseconds.
    pub late_us: u64,
    pub troubles: Troubles,
    pub rules: Rules,
    /// Whether every question is one that is fresh for a second only.
    pub only_lists: bool,
    /// After so many events the story draws to its end, however long it was meant to be.
    pub most_events: u64,
    /// The largest answer, in bytes.
    pub most_bytes: usize,
}

/// Which of the judge's rules hold besides those that always do.
#[derive(Clone, Copy, Default)]
pub struct Rules {
    /// Nothing fails and everybody is patient: waits are bounded by turns.
    pub fair: bool,
    /// Whoever is refused comes back when told, and is then served.
    pub returning: bool,
    /// Answers are so large that some are let go.
    pub tight: bool,
}

/// Mean times between troubles, in microseconds; 0 for none.
#[derive(Clone, Copy, Default)]
pub struct Troubles {
    pub crash_us: u64,
    pub wall_us: u64,
    pub disk_us: u64,
}

/// A party of callers.
#[derive(Clone)]
pub struct Party {
    pub lane: Lane,
    /// The mean time from one act to the next, in microseconds.
    pub gap_us: u64,
    /// The most questions of one act.
    pub burst: u64,
    pub wait_ms: (u64, u64),
    /// How many of a thousand questions have a `max-age`, are `no-cache`, ask for something newer.
    pub max_age: u64,
    pub no_cache: u64,
    pub newer: u64,
    /// How many of a thousand callers leave before their time.
    pub leaves: u64,
    /// Asks again only when it has its answer.
    pub calm: bool,
    pub comes_back: bool,
    pub first_topic: usize,
    pub topics: usize,
    pub zipf: bool,
}

/// An isolate that keeps answers in front of the gate.
#[derive(Clone, Copy)]
pub struct FrontPlan {
    pub topics: usize,
    /// The mean time from one asker to the next, in microseconds.
    pub gap_us: u64,
}

impl Party {
    pub fn calm(topics: usize) -> Self {
        Self {
            lane: Lane::Interactive,
            gap_us: 2 * SECOND,
            burst: 1,
            wait_ms: (10_000, 10_000),
            max_age: 0,
            no_cache: 0,
            newer: 0,
            leaves: 0,
            calm: true,
            comes_back: false,
            first_topic: 0,
            topics,
            zipf: true,
        }
    }
}

impl Scenario {
    /// A world in which nothing goes wrong.
    pub fn plain(seed: u64, slots: u8, rtt_us: (u64, u64)) -> Self {
        Self {
            seed,
            name: "plain",
            slots,
            phase_us: seed % 1_000,
            length_us: 60 * SECOND,
            busy_us: 60 * SECOND,
            quiet_us: 100 * SECOND,
            parties: Vec::new(),
            front: None,
            topics: 1,
            upstream: UpstreamPlan::plain(rtt_us),
            late_us: 2 * MS,
            troubles: Troubles::default(),
            rules: Rules::default(),
            only_lists: false,
            most_events: 60_000,
            most_bytes: 2_000,
        }
    }

    /// The scenario of a seed.
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        match rng.below(100) {
            0..8 => fair(seed, &mut rng),
            8..14 => returning(seed, &mut rng),
            14..22 => calm_days(seed, &mut rng),
            _ => mixed(seed, &mut rng),
        }
    }
}

fn slots(rng: &mut Rng) -> u8 {
    if rng.chance(60) { 50 } else { rng.pick(&[1, 2, 2, 2, 3, 3, 4, 5]) }
}

fn base(seed: u64, rng: &mut Rng) -> Scenario {
    let least_us = rng.pick(&[1, 5, 20, 60, 200]) * MS;
    let most_us = least_us + rng.pick(&[0, 10, 60, 400]) * MS;
    let mut plan = Scenario::plain(seed, slots(rng), (least_us, most_us));
    plan.phase_us = rng.below(1_000);
    plan.late_us = rng.pick(&[0, 500, 2 * MS, 10 * MS]);
    plan.busy_us = rng.between(15, 90) * SECOND;
    plan.quiet_us = rng.between(1, 14) * 3_600 * SECOND;
    plan.length_us = rng.between(1, 60) * 24 * 3_600 * SECOND;
    plan.topics = rng.pick(&[3, 20, 200, 3_000]) as usize;
    plan
}

/// Everything at once.
fn mixed(seed: u64, rng: &mut Rng) -> Scenario {
    let mut plan = base(seed, rng);
    plan.name = "mixed";
    let scale = 20 * SECOND / u64::from(plan.slots);
    for _ in 0..rng.between(1, 7) {
        plan.parties.push(party(rng, plan.topics, scale));
    }
    if rng.chance(250) {
        let topics = rng.between(1, plan.topics.min(200) as u64) as usize;
        plan.front = Some(FrontPlan { topics, gap_us: rng.between(10, 200) * MS });
    }
    if rng.chance(100) {
        plan.most_bytes = 4_000_000;
        plan.rules.tight = true;
    }
    let upstream = &mut plan.upstream;
    upstream.slow = rng.pick(&[0, 0, 5, 50]);
    upstream.lost = rng.pick(&[0, 0, 2, 30]);
    upstream.bad = rng.pick(&[0, 20, 100]);
    upstream.counting = rng.pick(&[Counting::Sliding, Counting::Fixed, Counting::Bucket]);
    upstream.weather_us = rng.pick(&[0, 20, 60, 300]) * SECOND;
    upstream.foreign = rng.chance(300);
    let often = |rng: &mut Rng| rng.pick(&[0, 0, 5, 30, 300]) * SECOND;
    plan.troubles = Troubles { crash_us: often(rng), wall_us: often(rng), disk_us: often(rng) };
    plan
}

fn party(rng: &mut Rng, topics: usize, scale_us: u64) -> Party {
    let first_topic = rng.below(topics as u64) as usize;
    let own = rng.between(1, (topics - first_topic) as u64) as usize;
    let patience = [(10_000, 10_000), (0, 25_000), (0, 2_000), (25_000, 25_000)];
    let calm = rng.chance(300);
    Party {
        lane: if rng.chance(250) { Lane::Background } else { Lane::Interactive },
        gap_us: scale_us / rng.pick(&[1, 3, 10, 40]),
        // Whoever asks one question at a time asks one.
        burst: if calm { 1 } else { rng.pick(&[1, 1, 1, 4, 40]) },
        wait_ms: rng.pick(&patience),
        max_age: rng.pick(&[0, 0, 300]),
        no_cache: rng.pick(&[0, 0, 200]),
        newer: rng.pick(&[0, 0, 300]),
        leaves: rng.pick(&[0, 0, 300, 900]),
        calm,
        comes_back: rng.chance(500),
        first_topic,
        topics: own,
        zipf: rng.chance(600),
    }
}

/// Long days on which nothing fails, with a screen or two.
fn calm_days(seed: u64, rng: &mut Rng) -> Scenario {
    let mut plan = base(seed, rng);
    plan.name = "calm days";
    plan.length_us *= 3;
    for _ in 0..rng.between(1, 4) {
        plan.parties.push(Party::calm(plan.topics));
    }
    plan
}

/// Calm callers next to greedy ones: everybody gets a turn.
fn fair(seed: u64, rng: &mut Rng) -> Scenario {
    let mut plan = base(seed, rng);
    plan.name = "fair";
    plan.rules.fair = true;
    plan.slots = rng.pick(&[1, 2, 2, 3, 5]);
    plan.busy_us = 120 * SECOND;
    // Nobody is refused: all turns fit into a calm caller's patience.
    let parties = rng.between(2, 9 * u64::from(plan.slots).min(3)) as usize;
    let each = 4_000;
    plan.topics = parties * each;
    for number in 0..parties {
        let mut party = Party::calm(each);
        party.first_topic = number * each;
        party.zipf = rng.chance(500);
        party.wait_ms = (25_000, 25_000);
        party.no_cache = 1_000;
        party.gap_us = rng.pick(&[100 * MS, SECOND, 5 * SECOND]);
        if number == 0 || rng.chance(200) {
            (party.calm, party.gap_us, party.burst) = (false, 300 * MS, 10);
            party.lane = rng.pick(&[Lane::Interactive, Lane::Interactive, Lane::Background]);
            party.leaves = rng.pick(&[0, 300]);
        }
        if rng.chance(300) {
            party.no_cache = 0;
        }
        plan.parties.push(party);
    }
    plan
}

/// Crowds that come back when told.
fn returning(seed: u64, rng: &mut Rng) -> Scenario {
    let mut plan = base(seed, rng);
    plan.name = "returning";
    plan.rules.returning = true;
    plan.slots = rng.pick(&[1, 2, 2, 3, 5]);
    plan.upstream.rtt_us.1 = plan.upstream.rtt_us.0 + 20 * MS;
    plan.busy_us = 180 * SECOND;
    let capacity_us = SECOND / u64::from(plan.slots);
    let crowd = rng.chance(500);
    let wait_ms = rng.pick(&[4_000, 10_000, 10_000, 20_000]);
    plan.topics = 20_000;
    for number in 0..8 {
        let mut party = Party::calm(2_500);
        (party.calm, party.comes_back, party.zipf) = (false, true, false);
        (party.first_topic, party.wait_ms) = (number * 2_500, (wait_ms, wait_ms));
        // Together 1.2 times what can be asked, or crowds with pauses between.
        party.gap_us = if crowd { 60 * SECOND } else { capacity_us * 8 * 10 / 12 };
        party.burst = if crowd { 12 } else { 1 };
        plan.parties.push(party);
    }
    plan
}
