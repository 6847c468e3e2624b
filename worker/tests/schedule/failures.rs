//! What a failure means for those who wait, and how often SePay is asked again.

use sepay_worker::gate::event::Verdict;

use super::deed::{ask, fails, good, look, over};
use super::gate::{Gate, lines};

#[test]
fn a_question_is_asked_three_times_and_then_its_failure_is_the_answer() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(5, "a", "q5").within(25_000)),
            (100, fails(1)),
            (1_201, fails(2)),
            (2_302, fails(3)),
            (30_000, look()),
        ]),
        ["0 send 1: q5", "1101 send 2: q5", "2202 send 3: q5", "2302 500 to 5: Asked 2202+100",]
    );
    assert_eq!(gate.status().calls.retried, 2);
}

#[test]
fn who_joined_in_between_has_no_tries_of_its_own() {
    let mut gate = Gate::new(2);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0").within(500)),
        (100, fails(1)),
        (200, fails(2)),
        (300, ask(1, "b", "q0").within(25_000)),
        (1_201, fails(3)),
        (9_000, look()),
    ]);
    assert_eq!(
        trace,
        [
            "0 send 1: q0",
            "100 send 2: q0",
            // The third try could not be answered before 500.
            "200 500 to 0: Asked 100+100",
            "1101 send 3: q0",
            "1201 send 4: q0",
        ],
        "a new question starts anew"
    );
}

#[test]
fn a_failure_is_told_at_once_to_those_whom_a_second_try_cannot_help() {
    let mut gate = Gate::new(1);
    // Free at 1,101, answered at 1,201.
    assert_eq!(
        gate.play(&[
            (0, ask(0, "a", "q3").within(1_200)),
            (0, ask(1, "a", "q3").within(1_201)),
            (100, fails(1)),
            (1_150, good(2, 10)),
        ]),
        [
            "0 send 1: q3",
            "100 500 to 0: Asked 0+100",
            "1101 send 2: q3",
            "1150 10 to 1: Joined 1101+49",
        ]
    );
}

#[test]
fn a_failure_that_asking_again_would_not_change_is_delivered() {
    for verdict in [Verdict::Failed, Verdict::Unsent] {
        let mut gate = Gate::new(1);
        assert_eq!(
            gate.play(&[
                (0, ask(0, "a", "q0").within(25_000)),
                (0, ask(1, "b", "q0").within(25_000)),
                (50, over(1, verdict, 7)),
                (30_000, look()),
            ]),
            ["0 send 1: q0", "50 7 to 0: Asked 0+50", "50 7 to 1: Joined 0+50"],
            "{verdict:?}"
        );
    }
}

/// Nothing left, but the slot cannot be known to be free: it rests as after any request.
#[test]
fn what_could_not_be_stored_was_not_sent_and_is_no_failure_of_sepay_s() {
    let mut gate = Gate::new(1);
    let story: Vec<_> = (0..8)
        .flat_map(|n| {
            let asked = ask(n, "a", &format!("q{n}"));
            [(n * 1_001, asked), (n * 1_001, over(n + 1, Verdict::Unsent, 503))]
        })
        .collect();
    let trace = gate.play(&story);
    let sends: Vec<_> = (0..8).map(|n| format!("{} send {}: q{n}", n * 1_001, n + 1)).collect();
    assert_eq!(lines(&trace, "send"), sends);
    let status = gate.status();
    assert_eq!((status.breaker.open, status.calls.results.unsent), (false, 8));
    assert_eq!(status.round_trip_ms, 100, "nothing was measured");
}

#[test]
fn where_nothing_could_be_sent_what_is_known_is_not_said_to_be_for_sepay_s_failure() {
    for (verdict, source) in [(Verdict::Unsent, "Busy"), (Verdict::Failed, "Down")] {
        let mut gate = Gate::knowing(1, &["q1"]);
        let trace = gate.play(&[(20_000, ask(1, "a", "q1")), (20_050, over(2, verdict, 503))]);
        assert_eq!(trace[1..], [format!("20050 10 to 1: {source}, 20050 old")]);
    }
}

#[test]
fn an_unknown_call_is_nobody_s() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "a", "q0"))]);
    assert_eq!(gate.play(&[(10, good(7, 70)), (20, fails(8))]), [""; 0]);
    assert_eq!(gate.play(&[(30, good(1, 10)), (40, good(1, 11))]), ["30 10 to 0: Asked 0+30"]);
}

/// N = 1: two retries a minute.
#[test]
fn when_the_retries_of_a_minute_are_spent_failures_are_told_at_once() {
    let mut gate = Gate::new(1);
    gate.play(&[
        (0, ask(0, "a", "q0")),
        (100, fails(1)),
        (1_200, good(2, 10)),
        (3_000, ask(1, "a", "q1")),
        (3_100, fails(3)),
        (4_200, good(4, 11)),
    ]);
    assert_eq!(
        gate.play(&[
            (6_000, ask(2, "a", "q2")),
            (6_100, fails(5)),
            // The first of them is a minute old at 60,100.
            (59_000, ask(3, "a", "q3")),
            (60_099, fails(6)),
            (61_200, ask(4, "a", "q4")),
            (61_300, fails(7)),
            (62_301, look()),
        ]),
        [
            "6000 send 5: q2",
            "6100 500 to 2: Asked 0+100",
            "59000 send 6: q3",
            "60099 500 to 3: Asked 0+1099",
            "61200 send 7: q4",
            "62301 send 8: q4",
        ]
    );
}

/// Issue 3: at most 1.05 calls per question over a minute of brown-out.
#[test]
fn in_a_brown_out_retries_are_a_twentieth_of_the_calls() {
    let mut gate = Gate::new(2);
    let (mut call, mut sends) = (0, 0);
    for n in 0..104 {
        let at_ms = 576 * n;
        let trace = gate.play(&[(at_ms, ask(n, "a", &format!("q{n}")))]);
        sends += lines(&trace, "send").len();
        while call < sends {
            call += 1;
            let name = u64::try_from(call).expect("small");
            let over = if call % 4 == 0 { good(name, 1) } else { fails(name) };
            sends += lines(&gate.play(&[(at_ms + 20, over)]), "send").len();
        }
    }
    assert!(sends <= 109, "{sends} calls for 104 questions");
    assert_eq!(gate.status().calls.retried, 5);
}

#[test]
fn refreshes_that_failed_are_no_tries_of_a_later_question() {
    let mut gate = Gate::knowing(2, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q1").newer().within(25_000)),
        (2_010, fails(2)),
        (3_020, fails(3)),
        (4_030, fails(4)),
        (4_040, ask(2, "b", "q1").max_age(0)),
        (4_060, fails(5)),
        (6_000, look()),
    ]);
    assert_eq!(
        trace,
        [
            "2000 send 2: q1",
            "3010 send 3: q1",
            "4020 send 4: q1",
            "4040 send 5: q1",
            "5031 send 6: q1",
        ]
    );
}
