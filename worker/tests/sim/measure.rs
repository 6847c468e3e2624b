//! The figures of issue 3, measured in the same world and printed as a table.

#![allow(clippy::print_stdout, reason = "a table is for a person")]

use sepay_worker::gate::event::{Lane, Need};

use super::callers::zipf;
use super::scenario::{FrontPlan, Party, Scenario};
use super::truth::Visit;
use super::upstream::Weather;
use super::world::{START_US, World};
use super::{MS, SECOND};

/// Prints every figure; says whether all goals are met.
pub fn all() -> bool {
    println!("{:<66} {:>22} {:>16}", "figure", "measured", "goal");
    let mut met = true;
    for (rtt_ms, goal) in [(20, 97.0), (50, 94.0), (100, 90.0)] {
        met &= upstream_use(rtt_ms, goal);
    }
    met &= identical();
    met &= zipf_over_200(5);
    met &= one_greedy();
    met &= who_comes_back();
    met &= outage();
    met &= one_question();
    met & brown_out()
}

fn row(figure: &str, measured: &str, goal: &str, met: bool) -> bool {
    let mark = if met { "" } else { "  MISSED" };
    println!("{figure:<66} {measured:>22} {goal:>16}{mark}");
    met
}

fn world(mut plan: Scenario, seconds: u64) -> World {
    plan.length_us = seconds * SECOND;
    plan.busy_us = 2 * plan.length_us;
    plan.most_events = u64::MAX;
    plan.only_lists = true;
    World::new(plan, false)
}

/// Says whether the judge is content too.
fn sound(world: &World) -> bool {
    for violation in &world.judge.violations {
        println!("VIOLATION {}: {}", violation.rule, violation.what);
    }
    world.judge.violations.is_empty()
}

fn greedy(topics: usize, gap_us: u64) -> Party {
    Party { calm: false, zipf: false, gap_us, ..Party::calm(topics) }
}

fn upstream_use(rtt_ms: u64, goal: f64) -> bool {
    let mut plan = Scenario::plain(1, 2, (rtt_ms * MS, rtt_ms * MS));
    plan.topics = 50_000;
    plan.parties = vec![greedy(50_000, 200 * MS)];
    let mut world = world(plan, 300);
    world.run_to(START_US + 10 * SECOND);
    let before = world.tally.calls;
    world.run_to(START_US + 290 * SECOND);
    let share = 100.0 * (world.tally.calls - before) as f64 / (2.0 * 280.0);
    let met = sound(&world) && share >= goal && world.tally.too_many == 0;
    let figure = format!("use of N = 2 under constant demand, round trip {rtt_ms} ms");
    let measured = format!("{share:.1} %, {} 429s", world.tally.too_many);
    row(&figure, &measured, &format!(">= {goal} %, 0"), met)
}

fn identical() -> bool {
    let mut world = world(Scenario::plain(2, 2, (50 * MS, 50 * MS)), 20);
    for _ in 0..10_000 {
        let visit = Visit { party: None, topic: 0, wait_ms: 10_000, returns: 0, calm: false };
        world.ask(visit, Lane::Interactive, Need::Usual, 1);
    }
    world.run();
    let met = sound(&world) && world.tally.calls == 1 && world.tally.served == 10_000;
    let measured = format!("{} call, {} served", world.tally.calls, world.tally.served);
    row("10,000 identical questions at once from cold", &measured, "1 call", met)
}

fn zipf_over_200(gap_ms: u64) -> bool {
    let mut plan = Scenario::plain(3, 2, (50 * MS, 50 * MS));
    plan.topics = 200;
    plan.front = Some(FrontPlan { topics: 200, gap_us: gap_ms * MS });
    let mut world = world(plan, 1_200);
    world.tally.from_us = START_US + 900 * SECOND;
    world.run_to(START_US + 900 * SECOND);
    let before = world.tally.calls;
    world.run_to(START_US + 1_200 * SECOND);
    let rate = (world.tally.calls - before) as f64 / 300.0;
    let sums = zipf(200);
    let whole = sums[199] as f64;
    let roots: f64 = (0..200_u32)
        .map(|rank| (f64::from(1 << 16) * 65_536.0 / f64::from(rank + 1) / whole).sqrt())
        .sum();
    let least_s = roots * roots / (2.0 * rate);
    let mean_s = world.tally.age_us as f64 / world.tally.at_once as f64 / SECOND as f64;
    let asked = world.tally.at_once + world.tally.waited;
    let at_once = 100.0 * world.tally.at_once as f64 / asked as f64;
    let ratio = mean_s / least_s;
    let met = sound(&world) && ratio <= 1.25 && at_once >= 99.0;
    let measured = format!("{ratio:.2}, {at_once:.2} % at once");
    let figure = format!(
        "200 questions, Zipf, {} /s: mean age : least ({mean_s:.1} s : {least_s:.1} s)",
        1_000 / gap_ms
    );
    row(&figure, &measured, "<= 1.25, 99 %", met)
}

fn one_greedy() -> bool {
    let mut plan = Scenario::plain(4, 2, (50 * MS, 50 * MS));
    plan.topics = 100 * 500;
    for number in 0..100 {
        let mut party = greedy(500, 200 * SECOND);
        party.first_topic = number * 500;
        party.wait_ms = (25_000, 25_000);
        party.calm = number > 0;
        party.gap_us = if number > 0 { 200 * SECOND } else { 200 * MS };
        plan.parties.push(party);
    }
    let mut world = world(plan, 3_600);
    // Not when all of them begin at once.
    world.tally.from_us = START_US + 300 * SECOND;
    world.run();
    let wait_ms = world.tally.most_calm_wait_us / MS;
    // Hardly more than a few calm callers are active at once; ten is a generous count.
    let bound_ms = (10 * world.judge.slot_us() / 2 + world.judge.slot_us()) / MS;
    let met = sound(&world) && wait_ms <= bound_ms && world.tally.calm_refused == 0;
    let measured = format!("{wait_ms} ms, {} refused", world.tally.calm_refused);
    row(
        "99 calm callers next to one that asks 1,000 times as much: longest wait",
        &measured,
        &format!("<= {bound_ms} ms, 0"),
        met,
    )
}

fn who_comes_back() -> bool {
    let (mut back, mut served) = (0, 0);
    for seed in 0..12 {
        let mut plan = Scenario::plain(100 + seed, 2, (50 * MS, 70 * MS));
        plan.topics = 20_000;
        for number in 0..8 {
            let mut party = greedy(2_500, 60 * SECOND);
            (party.comes_back, party.burst) = (true, 20);
            party.first_topic = number * 2_500;
            plan.parties.push(party);
        }
        let mut world = world(plan, 600);
        world.run();
        sound(&world);
        back += world.tally.returns;
        served += world.tally.returns_served;
    }
    let share = 100.0 * served as f64 / back as f64;
    let measured = format!("{share:.2} % of {back}");
    row(
        "refused callers of crowds served at their first return",
        &measured,
        ">= 99 %",
        share >= 99.0,
    )
}

fn outage() -> bool {
    let mut plan = Scenario::plain(5, 2, (50 * MS, 50 * MS));
    plan.topics = 20;
    plan.parties = vec![Party { gap_us: 500 * MS, ..greedy(20, 500 * MS) }];
    let mut world = world(plan, 4_000);
    world.run_to(START_US + 120 * SECOND);
    world.upstream.weather = Weather::Hangs;
    world.run_to(START_US + 180 * SECOND);
    let (calls, failed, refused) = (world.tally.calls, world.tally.failed, world.tally.refused);
    world.run_to(START_US + 3_720 * SECOND);
    let calls = world.tally.calls - calls;
    let unserved = world.tally.failed - failed + world.tally.refused - refused;
    world.upstream.weather = Weather::Fair;
    let mut recovery_ms = 0;
    while world.judge.failures > 0 && recovery_ms < 60_000 {
        recovery_ms += 10;
        world.run_to(START_US + 3_720 * SECOND + recovery_ms * MS);
    }
    let rounds = recovery_ms as f64 / (world.judge.slot_us() / MS) as f64;
    let measured = format!("{unserved} unserved");
    let met = row(
        "an hour without SePay: known answers not served",
        &measured,
        "0",
        unserved == 0 && sound(&world),
    );
    let figure = format!(
        "  calls meanwhile: {calls}; recovery after {recovery_ms} ms, in slots of 1 s + round trip"
    );
    row(&figure, &format!("{rounds:.2} slots"), "<= 2", rounds <= 2.0) && met
}

fn one_question() -> bool {
    let mut plan = Scenario::plain(6, 2, (50 * MS, 50 * MS));
    plan.parties = vec![greedy(1, MS)];
    let mut world = world(plan, 120);
    world.tally.from_us = START_US + SECOND;
    world.run();
    let oldest_ms = world.tally.oldest_us / MS;
    let bound_ms = 1_000 + 50 + world.judge.slot_us() / MS;
    let met = sound(&world) && oldest_ms <= bound_ms;
    row(
        "one question, 1,000 /s: the oldest answer served",
        &format!("{oldest_ms} ms"),
        &format!("<= {bound_ms} ms"),
        met,
    )
}

fn brown_out() -> bool {
    let (mut calls, mut asked) = (0, 0);
    for seed in 0..10 {
        let mut plan = Scenario::plain(200 + seed, 2, (50 * MS, 50 * MS));
        plan.topics = 100_000;
        plan.parties = vec![greedy(100_000, 400 * MS)];
        let mut world = world(plan, 60);
        world.upstream.weather = Weather::BrownOut(500);
        world.run_to(START_US + 60 * SECOND);
        sound(&world);
        calls += world.tally.calls;
        let wall_ms = world.wall_ms();
        asked += world.tally.calls - world.schedule.status(wall_ms).calls.retried;
    }
    let each = calls as f64 / asked as f64;
    row(
        "calls per question in a minute of 50 % failures",
        &format!("{each:.3}"),
        "<= 1.05",
        each <= 1.05,
    )
}
