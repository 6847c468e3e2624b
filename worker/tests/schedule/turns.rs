//! Lanes, and turns inside a lane.

use super::deed::{ask, fails, good, leave, look};
use super::gate::{Gate, lines};

/// Plays a story to a gate whose calls take 100 ms, and returns in which order questions were sent.
fn order(slots: u8, story: &[(u64, super::deed::Deed)]) -> String {
    let mut gate = Gate::answered_after(slots, 100);
    let mut trace = gate.play(story);
    trace.extend(gate.play(&[(60_000, look())]));
    let sends = lines(&trace, "send");
    let names = sends.iter().filter_map(|line| line.split(": ").nth(1).map(str::to_owned));
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn interactive_questions_go_before_background_ones() {
    let order = order(
        1,
        &[
            (0, ask(0, "a", "q0")),
            (1, ask(1, "a", "q1").background()),
            (2, ask(2, "b", "q2").background()),
            (3, ask(3, "a", "q3")),
            (4, ask(4, "a", "q4")),
        ],
    );
    assert_eq!(order, "q0 q3 q4 q1 q2");
}

#[test]
fn a_background_question_goes_first_when_somebody_at_a_screen_joins_it() {
    let order = order(
        1,
        &[
            (0, ask(0, "a", "q0")),
            (1, ask(1, "a", "q1")),
            (2, ask(2, "a", "q2")),
            (3, ask(3, "b", "q3").background()),
            (4, ask(4, "c", "q3")),
        ],
    );
    assert_eq!(order, "q0 q3 q1 q2");
}

#[test]
fn a_greedy_caller_delays_nobody_but_itself() {
    let mut story: Vec<_> =
        (0..6).map(|n| (0, ask(n, "greedy", &format!("q{n}")).within(25_000))).collect();
    story.push((10, ask(10, "calm", "q10")));
    story.push((10, ask(11, "quiet", "q11")));
    story.push((20, ask(12, "calm", "q12")));
    assert_eq!(order(1, &story), "q0 q10 q11 q1 q12 q2 q3 q4 q5");
}

#[test]
fn nobody_saves_up_turns_by_keeping_silent() {
    let mut story: Vec<_> =
        (0..6).map(|n| (0, ask(n, "greedy", &format!("q{n}")).within(25_000))).collect();
    story.extend((10..13).map(|n| (3_400, ask(n, "late", &format!("q{n}")))));
    // Four of the greedy caller's were sent when the other comes.
    assert_eq!(order(1, &story), "q0 q1 q2 q3 q10 q4 q11 q5 q12");
}

#[test]
fn an_idle_lane_owes_nobody_anything() {
    let mut gate = Gate::answered_after(1, 100);
    gate.play(&(0..9).map(|n| (0, ask(n, "a", &format!("q{n}")))).collect::<Vec<_>>());
    let trace = gate.play(&[
        (20_000, ask(100, "a", "q20")),
        (20_010, ask(101, "a", "q21")),
        (20_020, ask(102, "b", "q22")),
        (25_000, look()),
    ]);
    assert_eq!(
        lines(&trace, "send")[8..],
        ["20000 send 10: q20", "21101 send 11: q22", "22202 send 12: q21"]
    );
}

#[test]
fn a_question_of_the_greedy_goes_when_it_is_the_turn_of_who_joins() {
    let mut story: Vec<_> = (0..5).map(|n| (0, ask(n, "greedy", &format!("q{n}")))).collect();
    story.push((10, ask(10, "calm", "q4")));
    assert_eq!(order(1, &story), "q0 q4 q1 q2 q3");
}

#[test]
fn who_joins_a_question_that_goes_earlier_loses_no_turn() {
    let story = [
        (0, ask(0, "a", "q0")),
        (0, ask(1, "a", "q1")),
        (0, ask(2, "a", "q2")),
        (10, ask(10, "b", "q1")),
        (10, ask(11, "b", "q3")),
    ];
    assert_eq!(order(1, &story), "q0 q1 q3 q2");
}

/// Two slots: a pair every 1,101 ms. Each of a hundred callers waits for its turn and no longer.
#[test]
fn a_calm_caller_waits_no_longer_than_one_turn_of_everybody() {
    let mut gate = Gate::answered_after(2, 100);
    let mut story: Vec<_> =
        (0..40).map(|n| (0, ask(n, "greedy", &format!("q{n}")).within(25_000))).collect();
    story.extend((0..8).map(|n| (5, ask(100 + n, &format!("p{n}"), &format!("q{}", 100 + n)))));
    story.push((25_000, look()));
    let trace = gate.play(&story);
    for n in 100..108 {
        let sent = lines(&trace, &format!(": q{n}"));
        let at_ms: u64 = sent[0].split(' ').next().and_then(|ms| ms.parse().ok()).expect("a time");
        assert!(at_ms <= 6 * 1_101, "nine callers of whom all are served in five pairs: {sent:?}");
    }
}

#[test]
fn a_question_that_failed_goes_first_when_it_is_asked_again() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "b", "q1")),
        (0, ask(2, "c", "q2")),
        (100, fails(1)),
        (1_201, good(2, 10)),
        (2_302, look()),
    ]);
    assert_eq!(lines(&trace, "send"), ["0 send 1: q0", "1101 send 2: q0", "2202 send 3: q1"]);
}

/// It was sent for a report; somebody at a screen has joined it, and takes a turn of its own.
#[test]
fn a_question_that_failed_goes_with_the_screens_when_one_of_them_waits_for_it() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").background()),
        (10, ask(1, "b", "q1")),
        (20, ask(2, "c", "q0")),
        (30, ask(3, "b", "q2")),
        (100, fails(1)),
        (1_201, good(2, 11)),
        (2_302, good(3, 10)),
        (3_303, look()),
    ]);
    assert_eq!(
        lines(&trace, "send")[1..],
        ["1101 send 2: q1", "2202 send 3: q0", "3303 send 4: q2"]
    );
}

#[test]
fn a_question_that_failed_goes_with_the_reports_when_only_they_wait_for_it() {
    let mut gate = Gate::new(1);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (10, ask(1, "b", "q0").background()),
        (20, ask(2, "c", "q1")),
        (50, leave(0)),
        (100, fails(1)),
        (1_201, good(2, 11)),
        (2_202, look()),
    ]);
    assert_eq!(lines(&trace, "send")[1..], ["1101 send 2: q1", "2202 send 3: q0"]);
}

#[test]
fn who_joins_with_a_better_turn_is_foreseen_there() {
    let mut gate = Gate::answered_after(1, 100);
    let mut story: Vec<_> = (0..5).map(|n| (0, ask(n, "greedy", &format!("q{n}")))).collect();
    // After q0: sent at 1,101.
    story.push((0, ask(10, "calm", "q4").within(1_202)));
    story.push((9_000, look()));
    assert_eq!(lines(&gate.play(&story), "to 10"), ["1201 2 to 10: Joined 1101+100"]);
}
