//! Callers who say how old an answer may be, and those who hold one and want a newer.

use super::deed::{ask, fails, good, leave, look};
use super::gate::{Gate, lines};

#[test]
fn who_wants_it_anew_takes_nothing_that_is_known() {
    let mut gate = Gate::new(2);
    assert_eq!(
        gate.play(&[
            (0, ask(1, "a", "q1")),
            (100, good(1, 10)),
            (150, ask(2, "a", "q1").max_age(0)),
            (250, good(2, 11)),
        ]),
        ["0 send 1: q1", "100 10 to 1: Asked 0+100", "150 send 2: q1", "250 11 to 2: Asked 0+100"]
    );
}

#[test]
fn who_wants_it_anew_never_joins_a_request_sent_before() {
    let mut gate = Gate::new(2);
    assert_eq!(
        gate.play(&[
            (0, ask(1, "a", "q1")),
            (10, ask(2, "a", "q1").max_age(0)),
            (20, ask(3, "a", "q1").max_age(0)),
            (100, good(1, 10)),
            (200, good(2, 11)),
        ]),
        [
            "0 send 1: q1",
            "100 10 to 1: Asked 0+100",
            // One question at a time, though a slot was free.
            "100 send 2: q1",
            "200 11 to 2-3: Joined 0+100",
        ]
    );
}

#[test]
fn who_wants_it_anew_joins_what_has_not_been_sent() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(0, "a", "q0")),
            (10, ask(1, "a", "q1")),
            (20, ask(2, "b", "q1").max_age(0)),
            (100, good(1, 10)),
            (1_201, good(2, 11)),
            (9_000, look()),
        ]),
        [
            "0 send 1: q0",
            "100 10 to 0: Asked 0+100",
            "1101 send 2: q1",
            "1201 11 to 1: Asked 1091+100",
            "1201 11 to 2: Joined 1091+100",
        ]
    );
}

#[test]
fn who_waits_on_behind_a_request_that_failed_is_asked_for_anew() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(1, "a", "q1").within(500)),
            (10, ask(2, "b", "q1").max_age(0)),
            (100, fails(1)),
            (1_201, good(2, 11)),
        ]),
        [
            "0 send 1: q1",
            "100 500 to 1: Asked 0+100",
            "1101 send 2: q1",
            "1201 11 to 2: Joined 1101+100"
        ]
    );
}

#[test]
fn an_age_is_served_up_to_what_the_caller_allows() {
    for (max_ms, trace) in [
        (5_000, ["5000 10 to 1: Refreshing, 5000 old", "5000 send 2: q1"].as_slice()),
        (4_999, &["5000 send 2: q1"]),
    ] {
        let mut gate = Gate::knowing(1, &["q1"]);
        assert_eq!(gate.play(&[(5_000, ask(1, "a", "q1").max_age(max_ms))]), trace, "{max_ms}");
    }
    let mut gate = Gate::knowing(1, &["q1"]);
    gate.play(&[(2_000, ask(1, "a", "q1")), (2_100, good(2, 11))]);
    assert_eq!(
        gate.play(&[(2_500, ask(2, "a", "q1").max_age(500))]),
        ["2500 11 to 2: Known, 500 old"]
    );
    assert_eq!(
        gate.play(&[(2_600, ask(3, "a", "q1").max_age(500)), (3_101, look())]),
        ["3101 send 3: q1"],
        "fresh is not fresh enough"
    );
}

#[test]
fn a_caller_joins_a_request_no_older_than_it_allows() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(1, "a", "q1")),
            (400, ask(2, "a", "q1").max_age(400)),
            (401, ask(3, "a", "q1").max_age(400)),
            (500, good(1, 10)),
            (1_600, good(2, 11)),
        ]),
        [
            "0 send 1: q1",
            "500 10 to 1: Asked 0+500",
            "500 10 to 2: Joined 0+500",
            "1501 send 2: q1",
            "1600 11 to 3: Joined 1001+99",
        ]
    );
}

#[test]
fn nobody_gets_anything_older_than_it_allows_for_want_of_better() {
    for (max_ms, told) in [
        (0, "20000 busy 2: back in 901"),
        (19_999, "20000 busy 2: back in 901"),
        (20_000, "20000 10 to 2: Busy, 20000 old"),
    ] {
        let mut gate = Gate::knowing(1, &["q1"]);
        // Foreseen for 21,101 and answered 100 ms later: in the middle of its patience if it comes back at 20,901.
        let hurried = ask(2, "a", "q1").max_age(max_ms).within(500);
        let trace = gate.play(&[(20_000, ask(1, "a", "q2")), (20_000, hurried)]);
        assert_eq!(trace, ["20000 send 2: q2", told], "{max_ms}");
    }
}

#[test]
fn at_its_deadline_a_caller_gets_nothing_older_than_it_allows() {
    for (max_ms, told) in
        [(0, "23000 late 1"), (22_999, "23000 late 1"), (23_000, "23000 10 to 1: Down, 23000 old")]
    {
        let mut gate = Gate::knowing(1, &["q1"]);
        let asked = ask(1, "a", "q1").max_age(max_ms).within(3_000);
        let trace = gate.play(&[(20_000, asked), (23_000, look())]);
        assert_eq!(trace, ["20000 send 2: q1", told], "{max_ms}");
    }
}

#[test]
fn who_holds_an_answer_gets_a_fresh_one_at_once() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(1, "a", "q1")), (100, good(1, 10))]);
    assert_eq!(gate.play(&[(1_000, ask(2, "a", "q1").newer())]), ["1000 10 to 2: Known, 1000 old"]);
}

#[test]
fn who_holds_an_answer_gets_the_refresh_and_never_what_is_older() {
    let mut gate = Gate::knowing(1, &["q1"]);
    assert_eq!(
        gate.play(&[(2_000, ask(1, "a", "q1").newer()), (2_050, good(2, 11))]),
        ["2000 send 2: q1", "2050 11 to 1: Asked 0+50"]
    );
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (20_000, ask(9, "a", "q2")),
        (20_000, ask(1, "a", "q1").newer().within(500)),
        (20_500, look()),
    ]);
    assert_eq!(trace, ["20000 send 2: q2", "20500 busy 1: back in 1000"]);
}

#[test]
fn who_holds_an_answer_takes_no_turn() {
    let mut gate = Gate::knowing(1, &["q1"]);
    gate.play(&[
        (2_000, ask(1, "a", "q2")),
        (2_001, ask(2, "a", "q1").newer()),
        (2_002, ask(3, "b", "q3")),
    ]);
    assert_eq!(gate.queue(), (1, 1, 3));
    assert_eq!(
        gate.play(&[(2_100, good(2, 20)), (3_201, good(3, 30)), (4_302, good(4, 11))]),
        [
            "2100 20 to 1: Asked 0+100",
            "3101 send 3: q3",
            "3201 30 to 3: Asked 1099+100",
            "4202 send 4: q1",
            "4302 11 to 2: Asked 2201+100",
        ]
    );
}

#[test]
fn who_holds_an_answer_is_not_told_that_a_refresh_failed() {
    let mut gate = Gate::knowing(1, &["q1"]);
    assert_eq!(
        gate.play(&[(2_000, ask(1, "a", "q1").newer()), (2_050, fails(2)), (3_100, good(3, 11)),]),
        ["2000 send 2: q1", "3051 send 3: q1", "3100 11 to 1: Asked 1051+49"]
    );
}

#[test]
fn a_question_that_is_not_known_is_asked_for_whoever_wants_it_newer() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[(0, ask(1, "a", "q1").newer()), (100, good(1, 10))]);
    assert_eq!(trace, ["0 send 1: q1", "100 10 to 1: Asked 0+100"]);
}

#[test]
fn who_holds_an_answer_and_goes_leaves_the_wish() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q2")),
        (2_001, ask(2, "a", "q1").newer().within(10)),
        (2_100, good(2, 20)),
        (3_101, look()),
    ]);
    assert_eq!(lines(&trace, "send"), ["2000 send 2: q2", "3101 send 3: q1"]);
}

#[test]
fn who_wants_it_anew_takes_not_even_what_was_answered_in_the_same_millisecond() {
    let mut gate = Gate::new(2);
    let trace =
        gate.play(&[(0, ask(1, "a", "q1")), (0, good(1, 10)), (0, ask(2, "a", "q1").max_age(0))]);
    assert_eq!(trace[2..], ["0 send 2: q1"]);
}

#[test]
fn who_wants_it_anew_and_cannot_wait_that_long_is_refused_at_once() {
    let mut gate = Gate::new(1);
    // Sent at 1,101 and answered at 1,201, in the middle of its patience if it comes back at 901.
    let trace =
        gate.play(&[(0, ask(1, "a", "q1")), (10, ask(2, "a", "q1").max_age(0).within(500))]);
    assert_eq!(trace, ["0 send 1: q1", "10 busy 2: back in 891"]);
}

#[test]
fn who_wants_what_is_not_known_newer_is_asked_for_though_another_leaves() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (10, ask(1, "a", "q1").newer()),
        (20, ask(2, "b", "q1")),
        (30, leave(2)),
        (100, good(1, 10)),
        (1_200, good(2, 11)),
    ]);
    assert_eq!(trace[2..], ["1101 send 2: q1", "1200 11 to 1: Asked 1091+99"]);
}

#[test]
fn who_holds_an_answer_and_cannot_wait_for_the_next_refresh_is_not_told_of_the_failure_either() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q1").newer().within(500)),
        (2_050, fails(2)),
        (2_500, look()),
    ]);
    assert_eq!(trace, ["2000 send 2: q1", "2500 busy 1: back in 1000"]);
}
