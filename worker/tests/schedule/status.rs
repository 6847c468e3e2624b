//! What `/api/status` shows: numbers.

use sepay_worker::gate::event::Verdict;
use sepay_worker::gate::status::PauseCause;

use super::deed::{ask, fails, good, leave, limited, look, over};
use super::gate::Gate;

#[test]
fn calls_are_counted_by_what_became_of_them() {
    let mut gate = Gate::new(2);
    gate.play(&[
        (0, ask(0, "a", "q0").demand(7)),
        (0, ask(1, "a", "q0")),
        (0, ask(2, "a", "q1")),
        (0, ask(3, "a", "q2").within(200)),
        (0, ask(4, "a", "q3")),
        (10, ask(5, "a", "q4")),
        (20, leave(5)),
        (60, good(1, 10)),
        (60, fails(2)),
        (70, ask(6, "b", "q0")),
        // The failed question and q3 are sent at 1,061.
        (1_101, limited(3, Some(3_000))),
        (1_101, over(4, Verdict::Missing, 404)),
    ]);
    let calls = gate.status().calls;
    assert_eq!((calls.asked, calls.demand), (7, 13));
    assert_eq!((calls.joined, calls.refused, calls.left), (1, 1, 1));
    assert_eq!((calls.sent, calls.retried), (4, 1));
    assert_eq!((calls.rate_limited_own, calls.rate_limited_foreign), (0, 1));
    assert_eq!((calls.served.asked, calls.served.joined, calls.served.known), (2, 1, 1));
    let results = calls.results;
    assert_eq!((results.good, results.missing, results.passing), (1, 1, 1));
    assert_eq!((results.rate_limited, results.failed, results.unsent), (1, 0, 0));
}

#[test]
fn requests_without_an_answer_and_5xx_are_counted_as_failed() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(0, "a", "q0")), (60, fails(1))]);
    assert_eq!(gate.status().calls.failed, 1);
}

#[test]
fn slots_pause_and_queue_are_those_of_now() {
    let mut gate = Gate::new(2);
    gate.play(&[
        (0, ask(0, "a", "q0").within(500)),
        (0, ask(1, "a", "q1")),
        (10, ask(2, "a", "q2")),
        (10, ask(3, "b", "q3").background()),
        (10, ask(4, "b", "q3").background()),
        (60, limited(1, Some(3_000))),
    ]);
    let status = gate.status();
    let mut slots: Vec<_> =
        status.slots.iter().map(|slot| (slot.free_in_ms, slot.in_flight)).collect();
    slots.sort_unstable();
    assert_eq!(slots, [(1_001, false), (8_941, true)]);
    assert_eq!((status.paused_for_ms, status.ready_in_ms), (3_000, 3_000));
    assert_eq!(status.pause_cause, Some(PauseCause::Foreign429));
    let queue = status.queue;
    assert_eq!((queue.questions, queue.interactive, queue.background), (2, 1, 1));
    assert_eq!((queue.in_flight, queue.callers, queue.refreshes), (1, 4, 0));
    gate.play(&[(3_059, look())]);
    assert_eq!(gate.status().pause_cause, Some(PauseCause::Foreign429));
    gate.play(&[(3_060, look())]);
    assert_eq!((gate.status().pause_cause, gate.status().paused_for_ms), (None, 0));
}

#[test]
fn the_round_trip_is_an_average_of_about_eight_answers() {
    let mut gate = Gate::new(1);
    assert_eq!(gate.status().round_trip_ms, 100);
    gate.play(&[(0, ask(0, "a", "q0")), (60, good(1, 10))]);
    assert_eq!(gate.status().round_trip_ms, 95);
    gate.play(&[(2_000, ask(1, "a", "q1")), (2_500, over(2, Verdict::Failed, 403))]);
    assert_eq!(gate.status().round_trip_ms, 145);
    gate.play(&[(4_000, ask(2, "a", "q2")), (9_000, fails(3))]);
    assert_eq!(gate.status().round_trip_ms, 145, "a failure of the way tells nothing of it");
}

#[test]
fn waits_are_those_of_callers_who_were_served_in_the_last_minute() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "a", "q0")), (127, good(1, 10))]);
    let known = (2..20).map(|caller| (200, ask(caller, "a", "q0")));
    gate.play(&known.collect::<Vec<_>>());
    let waits = gate.status().waits;
    assert_eq!((waits.p50_ms, waits.p90_ms, waits.p99_ms, waits.max_ms), (1, 1, 127, 127));
    gate.play(&[(70_000, look())]);
    assert_eq!(gate.status().waits.max_ms, 0);
}

#[test]
fn the_hit_ratio_is_the_share_of_askers_who_did_not_wait_for_sepay() {
    let mut gate = Gate::new(1);
    assert_eq!(gate.status().cache.hit_ratio.to_string(), "0");
    gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "a", "q0")), (100, good(1, 10))]);
    assert_eq!(gate.status().cache.hit_ratio.to_string(), "0");
    gate.play(&[(200, ask(2, "a", "q0").demand(5)), (200, ask(3, "a", "q1").within(1))]);
    // Three of eight did not: two waited, one was refused.
    assert_eq!(gate.status().cache.hit_ratio.to_string(), "0.625");
}

#[test]
fn the_cache_counts_its_names_and_its_order_too() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let cache = gate.status().cache;
    assert_eq!(cache.entries, 1);
    assert_eq!(cache.bytes, 1_000 + "/userapi/transactions/list?limit=1".len() + 512);
}

#[test]
fn wanted_refreshes_are_shown_until_they_came() {
    let mut gate = Gate::knowing(1, &["q1"]);
    gate.play(&[(2_000, ask(1, "a", "q2")), (2_000, ask(2, "a", "q1"))]);
    assert_eq!(gate.status().queue.refreshes, 1);
    gate.play(&[(2_100, good(2, 20)), (3_200, good(3, 11))]);
    assert_eq!(gate.status().queue.refreshes, 0);
}

/// Dashboards read these names.
#[test]
fn the_status_format_is_unchanged() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0").within(500)), (100, limited(1, Some(2_000)))]);
    let expected = serde_json::json!({
        "slots": [{"inFlight": false, "freeInMs": 1_001}],
        "pausedForMs": 2_000, "pauseCause": "foreign429", "readyInMs": 2_000, "roundTripMs": 100,
        "queue": {"questions": 0, "interactive": 0, "background": 0, "refreshes": 0, "inFlight": 0, "callers": 0},
        "waits": {"p50Ms": 111, "p90Ms": 111, "p99Ms": 111, "maxMs": 111},
        "cache": {"entries": 0, "bytes": 0, "hitRatio": 0.0},
        "breaker": {"open": false, "timesOpened": 0},
        "calls": {
            "asked": 1, "demand": 1, "joined": 0, "refused": 0, "left": 0, "sent": 1, "retried": 0, "failed": 0,
            "rateLimitedOwn": 0, "rateLimitedForeign": 1,
            "served": {"asked": 1, "joined": 0, "known": 0, "refreshing": 0, "busy": 0, "down": 0},
            "results": {"good": 0, "missing": 0, "failed": 0, "passing": 0, "rateLimited": 1, "unsent": 0},
        },
    });
    assert_eq!(serde_json::to_value(gate.status()).expect("JSON"), expected);
}
