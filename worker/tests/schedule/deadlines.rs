//! Who cannot be served in time is refused at once; nobody is asked for who does not wait any more.

use super::deed::{ask, fails, good, leave, look};
use super::gate::{Gate, lines};

/// N = 2 and a round trip of 100 ms: a pair every 1,101 ms. Nine pairs can be answered within 10 s, the tenth cannot.
#[test]
fn who_cannot_be_answered_in_time_is_refused_at_once() {
    let mut gate = Gate::new(2);
    let question = |n: u64| (0, ask(n, "a", &format!("q{n}")));
    let trace = gate.play(&(0..18).map(question).collect::<Vec<_>>());
    assert_eq!(trace, ["0 send 1: q0", "0 send 2: q1"]);
    // Sent at 9,909 and answered at 10,009: in the middle of its patience if it comes back at 4,959.
    assert_eq!(
        gate.play(&(18..21).map(question).collect::<Vec<_>>()),
        ["0 busy 18: back in 4959", "0 busy 19: back in 4959", "0 busy 20: back in 6060"]
    );
    // A later question of theirs does not go before those who were told to come back.
    assert_eq!(gate.play(&[(0, ask(21, "a", "q21").within(10_009))]).len(), 1);
    assert_eq!(gate.queue(), (16, 2, 18));
    let mut gate = Gate::new(2);
    gate.play(&(0..18).map(question).collect::<Vec<_>>());
    assert_eq!(gate.play(&[(0, ask(18, "a", "q18").within(10_009))]), [""; 0], "in time");
    assert_eq!(gate.queue(), (17, 2, 19));
}

#[test]
fn a_deadline_is_met_to_the_millisecond() {
    for (wait_ms, told) in [(1_200, ["0 busy 1: back in 551"].as_slice()), (1_201, &[])] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0"))]);
        assert_eq!(gate.play(&[(0, ask(1, "a", "q1").within(wait_ms))]), told, "{wait_ms}");
    }
}

#[test]
fn a_wait_of_nothing_gets_no_answer_and_sends_nothing() {
    let mut gate = Gate::new(2);
    assert_eq!(gate.play(&[(0, ask(0, "a", "q0").within(0))]), ["0 busy 0: back in 0"]);
    assert_eq!(gate.queue(), (0, 0, 0));
}

#[test]
fn after_a_slow_spell_an_idle_gate_still_asks_for_those_who_wait_less() {
    let mut gate = Gate::answered_after(1, 7_000);
    for n in 0..20 {
        gate.play(&[(n * 9_000, ask(n, "a", &format!("q{n}")))]);
    }
    let trace = gate.play(&[(180_000, ask(100, "a", "q100").within(3_000))]);
    assert_eq!(lines(&trace, "send"), ["180000 send 21: q100"], "SePay may be fast again");
    assert!(gate.status().round_trip_ms > 6_000);
}

#[test]
fn a_refusal_knows_how_long_sepay_takes() {
    let mut gate = Gate::answered_after(1, 3_000);
    for n in 0..40 {
        gate.play(&[(n * 5_000, ask(n, "a", &format!("q{n}")))]);
    }
    gate.play(&[(200_000, ask(100, "a", "q100"))]);
    let round_trip_ms = gate.status().round_trip_ms;
    assert!((2_900..=3_000).contains(&round_trip_ms), "{round_trip_ms}");
    let needed_ms = round_trip_ms + 1_001 + round_trip_ms;
    let in_time = ask(102, "b", "q102").within(needed_ms);
    assert_eq!(gate.play(&[(200_000, in_time)]), [""; 0]);
    let too_late = ask(101, "c", "q101").background().within(needed_ms);
    assert_eq!(gate.play(&[(200_000, too_late)]).len(), 1);
}

#[test]
fn who_expires_in_the_queue_is_told_busy_and_who_expires_in_flight_is_told_late() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(3_000)),
        (0, ask(1, "a", "q1").within(3_000)),
        (9_001, look()),
    ]);
    // The slot is free 1,001 ms after an answer that may come any moment: soon enough for who comes back now.
    assert_eq!(trace, ["0 send 1: q0", "3000 late 0", "3000 busy 1: back in 0"]);
}

#[test]
fn a_question_that_nobody_waits_for_any_more_is_not_asked() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "a", "q1").within(2_000)),
        (0, ask(2, "a", "q2")),
        (0, ask(3, "a", "q3")),
        (500, leave(2)),
        (1_500, good(1, 10)),
        (9_000, look()),
    ]);
    assert_eq!(
        trace,
        [
            "0 send 1: q0",
            "1500 10 to 0: Asked 0+1500",
            "2000 busy 1: back in 915",
            "2501 send 2: q3",
        ]
    );
    assert_eq!(gate.status().calls.left, 1);
}

#[test]
fn who_leaves_a_question_that_others_wait_for_changes_nothing_for_them() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "a", "q1")),
        (10, ask(2, "b", "q1")),
        (20, leave(2)),
        (30, leave(99)),
        (100, good(1, 10)),
        (1_201, good(2, 11)),
    ]);
    assert_eq!(trace[2..], ["1101 send 2: q1", "1201 11 to 1: Asked 1101+100"]);
    assert_eq!(gate.status().calls.left, 1, "who is not there does not leave");
}

#[test]
fn an_answer_that_comes_when_everybody_left_is_kept() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(500)),
        (0, ask(1, "a", "q0")),
        (400, leave(1)),
        (700, good(1, 10)),
        (800, ask(2, "a", "q0")),
    ]);
    assert_eq!(trace, ["0 send 1: q0", "500 late 0", "800 10 to 2: Known, 800 old"]);
}

#[test]
fn a_failure_that_comes_when_everybody_left_is_not_asked_again() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[(0, ask(0, "a", "q0").within(500)), (600, fails(1)), (60_000, look())]);
    assert_eq!(trace, ["0 send 1: q0", "500 late 0"]);
}

#[test]
fn a_refresh_is_foreseen_when_it_is_its_turn() {
    for (wait_ms, refusals) in [(2_291, 1), (2_292, 0)] {
        let mut gate = Gate::knowing(1, &["q1"]);
        gate.play(&[(2_000, ask(1, "a", "q2")), (2_010, ask(2, "a", "q1"))]);
        // In the background the refresh goes first; then 2,000 + 2 * 1,101 + 100.
        let asked = ask(3, "a", "q3").background().within(wait_ms);
        assert_eq!(gate.play(&[(2_010, asked)]).len(), refusals, "{wait_ms}");
    }
}

#[test]
fn a_refresh_under_way_takes_no_second_slot() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q1")),
        (2_000, ask(2, "a", "q2").within(1_300)),
        (2_100, good(2, 11)),
        (3_200, good(3, 20)),
    ]);
    assert_eq!(
        lines(&trace, "2: "),
        ["2000 send 2: q1", "3200 20 to 2: Asked 1101+99"],
        "answered at 3,201 at the latest"
    );
}

#[test]
fn a_question_does_not_wait_for_its_own_refresh() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q2")),
        (2_000, ask(2, "a", "q1")),
        (2_000, ask(3, "b", "q1").max_age(0).within(1_300)),
        (2_100, good(2, 20)),
        (3_200, good(3, 11)),
    ]);
    assert_eq!(lines(&trace, "to 3"), ["3200 11 to 3: Asked 1101+99"]);
}

/// Six refreshes are wanted, and by turns each goes before one of the caller's later questions.
#[test]
fn the_refreshes_that_go_first_are_all_foreseen() {
    let mut gate = Gate::answered_after(2, 100);
    let asks = |at_ms: u64, caller: u64, questions: std::ops::Range<u64>| {
        questions.map(move |n| (at_ms, ask(caller + n, "a", &format!("q{n}")))).collect::<Vec<_>>()
    };
    gate.play(&asks(0, 0, 1..7));
    gate.play(&[(8_000, look())]);
    let mut story = asks(8_000, 100, 11..13);
    story.extend(asks(8_010, 200, 1..7));
    story.extend((21..31).map(|n| (8_020, ask(300 + n, "a", &format!("q{n}")).within(6_800))));
    story.push((20_000, look()));
    let trace = gate.play(&story);
    let refused = lines(&trace, "busy");
    assert!(refused.iter().all(|line| line.starts_with("8020")), "at once or never: {refused:?}");
}

#[test]
fn who_waits_behind_a_request_that_is_of_no_use_to_it_has_not_been_asked_for() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(1, "a", "q1")),
        (10, ask(2, "a", "q1").max_age(0).within(3_000)),
        (3_010, look()),
    ]);
    assert_eq!(trace, ["0 send 1: q1", "3010 busy 2: back in 0"]);
}

#[test]
fn who_gives_up_at_the_moment_in_which_its_slot_is_free_is_not_asked_for() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "a", "q1").within(2_501)),
        (1_500, good(1, 10)),
        (3_000, look()),
    ]);
    assert_eq!(trace[2..], ["2501 busy 1: back in 0"]);
}
