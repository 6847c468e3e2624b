//! A wall clock that jumps, trembles or is set; timers that fire late.

use sepay_worker::gate::event::Verdict;

use super::deed::{ask, fails, good, leave, limited, look, over, rested};
use super::gate::{Gate, lines};

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_timer_that_fires_makes_no_time_pass_beside_the_clock_s() {
    let mut gate = Gate::without_traffic(1);
    gate.play(&[(0, ask(1, "a", "q1")), (100, good(1, 10)), (1_101, look())]);
    assert_eq!(gate.play(&[(5_000, ask(2, "a", "q1"))])[0], "5000 10 to 2: Refreshing, 5000 old");
}

#[test]
fn a_timer_that_fires_ends_no_pause() {
    let mut gate = Gate::without_traffic(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (100, limited(1, Some(5_000))),
        (1_500, ask(1, "a", "q1")),
        (5_100, look()),
    ]);
    assert_eq!(trace, ["0 send 1: q0", "5100 send 2: q0"]);
}

#[test]
fn a_clock_that_jumps_ahead_frees_no_slot_that_rests() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10)), (200, look())]);
    gate.set_clock(HOUR_MS);
    assert_eq!(
        gate.play(&[(200, ask(1, "a", "q1").within(25_000)), (1_200, good(2, 11))])[0],
        "1101 send 2: q1"
    );
}

#[test]
fn a_clock_that_jumps_ahead_frees_no_slot_whose_request_is_under_way() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0"))]);
    gate.set_clock(HOUR_MS);
    let trace =
        gate.play(&[(50, ask(1, "a", "q1").within(25_000)), (100, good(1, 10)), (1_200, look())]);
    assert_eq!(lines(&trace, "send"), ["1101 send 2: q1"]);
}

#[test]
fn a_clock_that_goes_back_makes_no_wait_longer_or_shorter() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10)), (100, ask(1, "a", "q1"))]);
    gate.set_clock(-HOUR_MS);
    assert_eq!(gate.play(&[(200, look()), (2_000, look())]), ["1101 send 2: q1"]);
}

#[test]
fn a_clock_that_goes_back_keeps_ages_and_deadlines() {
    let mut gate = Gate::knowing(1, &["q1"]);
    gate.play(&[(1_500, ask(1, "a", "q2").within(3_000))]);
    gate.set_clock(-HOUR_MS);
    // What passed between the last look and the step is not known.
    assert_eq!(
        gate.play(&[(2_000, ask(2, "a", "q1")), (5_001, look())]),
        ["2000 10 to 2: Refreshing, 1500 old", "5001 late 1"],
    );
}

/// A clock that goes back by a microsecond may read a whole millisecond less; no time passes by that.
#[test]
fn a_clock_that_trembles_at_the_edge_of_a_millisecond_makes_no_time_pass() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0")), (0, good(1, 10)), (0, ask(1, "a", "q1").within(3_000))]);
    for _ in 0..4_000 {
        gate.set_clock(-1);
        assert_eq!(gate.play(&[(0, look())]), [""; 0]);
        gate.set_clock(1);
        assert_eq!(gate.play(&[(0, look())]), [""; 0]);
    }
    assert_eq!(gate.play(&[(1_001, look())]), ["1001 send 2: q1"]);
}

#[test]
fn late_timers_make_calls_late_and_never_early() {
    let mut gate = Gate::with_late_timers(1, 40);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "a", "q1")),
        (100, good(1, 10)),
        (1_101, look()),
        (1_140, look()),
        (1_200, leave(99)),
    ]);
    assert_eq!(lines(&trace, "send"), ["0 send 1: q0", "1141 send 2: q1"]);
}

/// Call 6 was given up at 22,000 and its slot rests until 29,001; the slot of call 7 rests until 28,996.
#[test]
fn a_timer_that_fires_before_an_earlier_one_frees_its_own_slot() {
    let mut gate = Gate::with_late_timers(2, 40);
    for (call, at_ms) in (1..).zip([0, 2_000, 4_000, 6_000, 8_000]) {
        let asked = ask(call, "a", &format!("q{call}")).within(50);
        gate.play(&[(at_ms, asked), (at_ms + 10, fails(call))]);
    }
    gate.play(&[(20_000, ask(6, "a", "q6")), (22_000, over(6, Verdict::Silent, 504))]);
    gate.play(&[(27_990, ask(7, "a", "q7")), (27_995, fails(7))]);
    let trace = gate.play(&[(29_005, ask(8, "a", "q8")), (29_010, rested(6)), (29_030, look())]);
    assert_eq!(trace, ["29010 send 8: q8 for 2000"]);
}

#[test]
fn two_slots_that_rest_are_freed_one_by_one() {
    let mut gate = Gate::new(2);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "a", "q1")),
        (0, ask(2, "a", "q2")),
        (0, ask(3, "a", "q3")),
        (100, good(1, 10)),
        (700, good(2, 11)),
        (3_000, look()),
    ]);
    assert_eq!(
        lines(&trace, "send"),
        ["0 send 1: q0", "0 send 2: q1", "1101 send 3: q2", "1701 send 4: q3"]
    );
}
