//! 429: every slot stops, and whose fault it is.

use sepay_worker::gate::schedule::UPSTREAM_TIMEOUT_MS;
use sepay_worker::gate::status::PauseCause;

use super::deed::{ask, good, limited, look};
use super::gate::{Gate, lines};

#[test]
fn a_429_stops_every_slot_until_the_time_it_names() {
    let mut gate = Gate::new(3);
    let mut story = vec![(0, ask(0, "a", "q0")), (100, limited(1, Some(5_000)))];
    story.extend((1..=4).map(|n| (100, ask(n, "a", &format!("q{n}")))));
    story.push((5_200, look()));
    assert_eq!(
        gate.play(&story),
        ["0 send 1: q0", "5100 send 2: q0", "5100 send 3: q1", "5100 send 4: q2"]
    );
}

#[test]
fn a_pause_is_within_one_and_sixty_seconds_whatever_is_named() {
    for (named_ms, pause_ms) in
        [(None, 1_000), (Some(0), 1_000), (Some(7_000), 7_000), (Some(86_400_000), 60_000)]
    {
        let mut gate = Gate::new(2);
        gate.play(&[(0, ask(0, "a", "q0").within(500)), (100, limited(1, named_ms))]);
        assert_eq!(gate.stored().1, 100 + pause_ms, "{named_ms:?}");
        let trace = gate.play(&[(
            100,
            ask(1, "a", "q1").within(u64::try_from(pause_ms).expect("positive") + 99),
        )]);
        assert_eq!(lines(&trace, "busy 1").len(), 1, "{trace:?}");
    }
}

#[test]
fn a_429_on_a_clean_record_is_somebody_else_s_doing() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(0, "a", "q0").within(500)), (100, limited(1, None))]);
    assert_eq!(fault(&mut gate), (0, 1));
    gate.play(&[
        (5_000, ask(1, "a", "q1").within(500)),
        (5_000, ask(2, "a", "q2").within(500)),
        (5_100, good(2, 10)),
        (5_100, limited(3, None)),
    ]);
    assert_eq!(fault(&mut gate), (0, 2), "one other beside it is within the budget of two");
}

#[test]
fn a_request_that_nobody_has_given_up_holds_its_slot_beyond_its_timeout() {
    let mut gate = Gate::new(1);
    let late_ms = UPSTREAM_TIMEOUT_MS + 2_000;
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(25_000)),
        (late_ms, ask(1, "a", "q1").within(25_000)),
        (late_ms, limited(1, None)),
        (late_ms + 1_001, look()),
    ]);
    assert_eq!(lines(&trace, "send")[1..], [format!("{} send 2: q0", late_ms + 1_001)]);
    assert_eq!(fault(&mut gate), (0, 1));
    assert_eq!(gate.status().pause_cause, None, "it is over");
}

#[test]
fn n_others_that_ended_a_second_before_are_no_fault_of_ours() {
    let mut gate = Gate::new(1);
    gate.play(&[
        (0, ask(0, "a", "q0")),
        (100, good(1, 10)),
        (1_101, ask(1, "a", "q1").within(500)),
        (1_101, limited(2, None)),
    ]);
    assert_eq!(fault(&mut gate), (0, 1));
}

/// By a clock that is set back unseen, the next request leaves so much less than 1,002 ms after the answer.
#[test]
fn where_our_own_record_shows_too_many_in_a_second_a_429_is_our_own_doing() {
    for (hidden_ms, cause) in
        [(50, PauseCause::Own429), (3, PauseCause::Own429), (2, PauseCause::Foreign429)]
    {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0")), (100, good(1, 10))]);
        gate.set_clock(-hidden_ms);
        gate.play(&[(1_100, ask(1, "a", "q1")), (1_102, good(2, 11))]);
        let trace = gate.play(&[(2_000, ask(2, "a", "q2").within(500)), (2_200, limited(3, None))]);
        assert_eq!(trace[0], "2103 send 3: q2");
        assert_eq!(gate.status().pause_cause, Some(cause), "{hidden_ms}");
        assert_eq!(fault(&mut gate).0, u64::from(cause == PauseCause::Own429));
    }
}

/// One has just been answered, and one was sent long ago: that may have reached SePay as late.
#[test]
fn who_may_have_been_under_way_for_long_counts_too() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "a", "q1")), (100, good(1, 10))]);
    gate.set_clock(-50);
    gate.play(&[(1_100, ask(2, "a", "q2")), (1_102, good(3, 11))]);
    gate.play(&[(2_000, ask(3, "a", "q3").within(500)), (2_200, limited(4, None))]);
    assert_eq!(fault(&mut gate), (1, 0));
}

/// The first of the two slots answers late; in the meantime the other one is used so often.
#[test]
fn our_own_record_goes_back_two_requests_a_slot() {
    for (meanwhile, own) in [(0, 1), (2, 1), (3, 0)] {
        let mut gate = Gate::new(2);
        gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "a", "q1"))]);
        gate.play(&[(100, good(1, 10)), (100, good(2, 11))]);
        gate.set_clock(-50);
        gate.play(&[(1_100, ask(2, "a", "q2")), (1_100, ask(3, "a", "q3"))]);
        gate.play(&[(1_103, good(3, 12)), (1_103, good(4, 13))]);
        gate.play(&[(2_000, ask(4, "a", "q4").within(500))]);
        for call in 6..6 + meanwhile {
            let at_ms = call * 1_100 - 4_000;
            gate.play(&[(at_ms, ask(call, "a", &format!("q{call}"))), (at_ms + 10, good(call, 1))]);
        }
        gate.play(&[(9_000, limited(5, None))]);
        assert_eq!(fault(&mut gate), (own, 1 - own), "{meanwhile}");
    }
}

#[test]
fn who_can_wait_for_the_end_of_the_pause_is_asked_for_again() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(5_199)),
        (0, ask(1, "a", "q0").within(5_200)),
        (100, limited(1, Some(5_000))),
        (5_150, good(2, 10)),
    ]);
    assert_eq!(
        trace,
        [
            "0 send 1: q0",
            "100 429 to 0: Asked 0+100",
            "5100 send 2: q0",
            "5150 10 to 1: Joined 5100+50",
        ]
    );
}

#[test]
fn a_429_is_asked_again_twice_at_most() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(25_000)),
        (100, limited(1, None)),
        (1_200, limited(2, None)),
        (2_300, limited(3, None)),
        (9_000, look()),
    ]);
    assert_eq!(
        trace,
        ["0 send 1: q0", "1101 send 2: q0", "2201 send 3: q0", "2300 429 to 0: Asked 2201+99"]
    );
}

#[test]
fn after_a_long_429_who_cannot_wait_for_its_end_is_told_at_once() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(25_000)),
        (0, ask(1, "a", "q1").within(3_000)),
        (0, ask(2, "a", "q2").within(25_000)),
        (100, limited(1, Some(20_000))),
        (100, look()),
    ]);
    // Its next turn is after the question that it asked last: at 22,302.
    assert_eq!(trace, ["0 send 1: q0", "100 busy 1: back in 20752"]);
    assert_eq!(gate.queue(), (2, 0, 2));
    let trace = gate.play(&[(20_150, good(2, 10)), (21_200, good(3, 12))]);
    assert_eq!(lines(&trace, "send"), ["20100 send 2: q0", "21151 send 3: q2"]);
}

#[test]
fn after_a_long_429_who_cannot_wait_gets_what_is_known() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (20_000, ask(1, "a", "q2").within(25_000)),
        (20_000, ask(2, "a", "q1").within(4_000)),
        (20_100, limited(2, Some(20_000))),
    ]);
    assert_eq!(trace, ["20000 send 2: q2", "20100 10 to 2: Busy, 20100 old"]);
}

#[test]
fn who_can_wait_is_not_let_go_because_of_those_who_cannot() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(25_000)),
        (0, ask(1, "a", "q1").within(3_400)),
        // Sent at 21,201 as soon as the one before has gone, and answered at 21,301.
        (0, ask(2, "a", "q2").within(22_000)),
        (100, limited(1, Some(20_000))),
    ]);
    assert_eq!(lines(&trace, "busy 2"), [""; 0]);
}

/// How many 429s were counted as our own and as somebody else's.
fn fault(gate: &mut Gate) -> (u64, u64) {
    let calls = gate.status().calls;
    (calls.rate_limited_own, calls.rate_limited_foreign)
}

/// Behind the question that failed: sent at 21,201 and answered at 21,301.
#[test]
fn after_a_429_a_deadline_is_met_to_the_millisecond() {
    for (wait_ms, refusals) in [(21_300, 1), (21_301, 0)] {
        let mut gate = Gate::new(1);
        let trace = gate.play(&[
            (0, ask(0, "a", "q0").within(25_000)),
            (0, ask(1, "b", "q1").within(wait_ms)),
            (100, limited(1, Some(20_000))),
        ]);
        assert_eq!(lines(&trace, "100 busy 1").len(), refusals, "{wait_ms}");
    }
}
