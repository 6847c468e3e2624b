//! A question that waits or is in flight is joined, not repeated.

use super::deed::{ask, good, leave, look};
use super::gate::Gate;

#[test]
fn ten_thousand_identical_questions_from_cold_are_one_call() {
    let mut gate = Gate::new(2);
    let mut story: Vec<_> =
        (0..10_000).map(|caller| (0, ask(caller, &format!("p{}", caller % 100), "q1"))).collect();
    story.extend([(150, good(1, 11)), (9_000, look())]);
    assert_eq!(
        gate.play(&story),
        ["0 send 1: q1", "150 11 to 0: Asked 0+150", "150 11 to 1-9999: Joined 0+150"]
    );
    assert_eq!(gate.status().calls.joined, 9_999);
}

#[test]
fn identical_questions_that_wait_are_one_question_too() {
    let mut gate = Gate::new(1);
    let mut story = vec![(0, ask(0, "a", "q0"))];
    story.extend((1..=200).map(|caller| (0, ask(caller, "a", "q7"))));
    gate.play(&story);
    assert_eq!(gate.queue(), (1, 1, 201));
    assert_eq!(
        gate.play(&[(50, good(1, 10)), (1_131, good(2, 17))]),
        [
            "50 10 to 0: Asked 0+50",
            "1051 send 2: q7",
            "1131 17 to 1: Asked 1051+80",
            "1131 17 to 2-200: Joined 1051+80",
        ]
    );
}

#[test]
fn who_asks_what_is_in_flight_for_nobody_gets_its_answer() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(0, "a", "q0").within(500)),
            (600, ask(1, "b", "q0")),
            (700, good(1, 10)),
        ]),
        ["0 send 1: q0", "500 late 0", "700 10 to 1: Joined 0+700"]
    );
}

#[test]
fn who_joined_gets_the_answer_when_the_first_has_gone() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(0, "a", "q0")),
            (0, ask(1, "a", "q1")),
            (10, ask(2, "b", "q1")),
            (20, leave(1)),
            (100, good(1, 10)),
            (1_201, good(2, 11)),
        ]),
        [
            "0 send 1: q0",
            "100 10 to 0: Asked 0+100",
            "1101 send 2: q1",
            "1201 11 to 2: Joined 1101+100"
        ]
    );
}

/// Somebody who comes to a full gate with a short deadline is served all the same by an answer that is on its way.
#[test]
fn joining_a_request_under_way_asks_for_no_slot() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(0, "a", "q0")),
            (50, ask(1, "a", "q0").within(60)),
            (100, good(1, 10))
        ]),
        ["0 send 1: q0", "100 10 to 0: Asked 0+100", "100 10 to 1: Joined 0+100"]
    );
}
