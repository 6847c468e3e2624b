//! What survives a crash is what was stored, by the wall clock.
//!
//! In a new life the first calls are the names of the rests that an earlier life left: a slot that was taken is free when
//! a timer says so, two milliseconds later than it was stored, because the two lives may have read the clock at
//! different ends of a millisecond.

use sepay_worker::gate::event::Verdict;

use super::deed::{ask, good, limited, look, over};
use super::gate::{Gate, lines};

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_lost_request_still_holds_its_slot() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0"))]);
    gate.crash();
    let trace = gate.play(&[(100, ask(0, "a", "q1").within(25_000)), (9_003, look())]);
    assert_eq!(trace, ["9003 send 2: q1"]);
}

#[test]
fn a_rest_goes_on() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10)), (150, look())]);
    gate.crash();
    assert_eq!(gate.play(&[(200, ask(0, "a", "q1")), (2_000, look())]), ["1103 send 2: q1"]);
}

/// A rest that is left has a name too: the first.
#[test]
fn a_rest_that_is_over_when_a_new_life_begins_is_not_waited_for() {
    for (asked_ms, sent) in [(1_100, "1103 send 2: q1"), (1_101, "1101 send 1: q1")] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10))]);
        gate.crash();
        assert_eq!(gate.play(&[(asked_ms, ask(0, "a", "q1")), (1_103, look())]), [sent]);
    }
}

#[test]
fn a_pause_goes_on_and_a_late_report_is_nobody_s() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(0, "a", "q0").within(500)), (100, limited(1, Some(20_000)))]);
    gate.crash();
    let trace =
        gate.play(&[(200, ask(0, "a", "q1").within(25_000)), (300, good(1, 10)), (20_100, look())]);
    assert_eq!(trace, ["20100 send 2: q1"]);
}

#[test]
fn answers_are_asked_for_again() {
    let mut gate = Gate::knowing(1, &["r1"]);
    gate.crash();
    assert_eq!(gate.play(&[(2_000, ask(1, "a", "r1"))]), ["2000 send 1: r1"]);
}

#[test]
fn what_is_stored_says_when_each_slot_is_free() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(0, "a", "q0")), (5, ask(1, "a", "q1"))]);
    assert_eq!(sorted(&gate), [9_001, 9_006]);
    gate.play(&[(100, good(2, 10))]);
    assert_eq!(sorted(&gate), [1_101, 9_001]);
    gate.play(&[(150, limited(1, Some(7_000)))]);
    assert_eq!((sorted(&gate), gate.stored().1), (vec![1_101, 1_151], 7_150));
}

/// Until then the request may have been on its way.
#[test]
fn a_request_that_was_given_up_late_holds_its_slot_from_then() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0").within(500)), (8_500, over(1, Verdict::Silent, 504))]);
    assert_eq!(sorted(&gate), [9_501]);
}

/// At 1,140 a timer is 39 ms late, and time stands still until it fires.
#[test]
fn a_request_sent_while_a_timer_is_late_holds_its_slot_as_long_as_any() {
    let mut gate = Gate::with_late_timers(2, 50);
    gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10))]);
    gate.play(&[(1_140, ask(1, "a", "q1")), (1_200, ask(2, "a", "q2"))]);
    assert_eq!(sorted(&gate), [1_140 + 9_001, 1_200 + 9_001]);
}

#[test]
fn after_a_jump_of_the_clock_what_is_stored_is_right_by_the_clock_as_it_is_now() {
    // Time that is ahead of the clock may be so by as much as a timer is late.
    for (jump_ms, late_ms) in [(HOUR_MS, 0), (-HOUR_MS, 100)] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10)), (200, look())]);
        gate.set_clock(jump_ms);
        let trace = gate.play(&[(300, ask(1, "a", "q1").within(25_000)), (1_200, look())]);
        assert_eq!(trace, ["1101 send 2: q1"]);
        assert_eq!(gate.stored().0, [jump_ms + 1_101 + 9_001 + late_ms], "{jump_ms}");
        gate.crash();
        let trace = gate.play(&[(1_300, ask(1, "a", "q2").within(25_000)), (10_204, look())]);
        assert_eq!(trace, [format!("{} send 2: q2", 10_104 + late_ms)], "{jump_ms}");
    }
}

#[test]
fn a_pause_is_stored_by_the_clock_as_it_is_now() {
    for jump_ms in [HOUR_MS, -HOUR_MS] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10)), (200, look())]);
        gate.set_clock(jump_ms);
        gate.play(&[(300, ask(1, "a", "q1").within(25_000)), (1_200, limited(2, Some(9_000)))]);
        assert_eq!(gate.stored().1, jump_ms + 10_200, "{jump_ms}");
    }
}

/// No time is known to have passed between the two lives.
#[test]
fn a_clock_that_goes_back_while_the_gate_is_gone_shortens_no_wait() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0")), (100, limited(1, Some(5_000))), (150, look())]);
    gate.crash();
    gate.set_clock(-HOUR_MS);
    let trace = gate.play(&[(200, ask(0, "a", "q1").within(25_000)), (9_000, look())]);
    let sent = lines(&trace, "send");
    // What was left at the last sight of the clock, from now on; one millisecond of the step is not believed.
    assert_eq!(sent, ["5201 send 2: q1"]);
}

fn sorted(gate: &Gate) -> Vec<i64> {
    let mut slots = gate.stored().0;
    slots.sort_unstable();
    slots
}
