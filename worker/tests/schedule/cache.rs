//! What is known is served by its age; what is not worth keeping is not kept.

use sepay_worker::gate::event::Verdict;

use super::deed::{ask, fails, good, limited, look, over};
use super::gate::{Gate, lines};

#[test]
fn what_is_a_second_old_is_served_and_not_asked_again() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(1, "a", "q1")), (100, good(1, 10))]);
    assert_eq!(gate.play(&[(1_000, ask(2, "a", "q1"))]), ["1000 10 to 2: Known, 1000 old"]);
    assert_eq!(gate.services()[0].fresh_ms, 1_000);
    assert_eq!(gate.play(&[(60_000, look())]), [""; 0]);
}

#[test]
fn what_sepay_has_just_answered_says_how_long_it_is_fresh() {
    for (question, answer, fresh_ms) in [
        ("q1", good(1, 10), 1_000),
        ("r1", good(1, 10), 600_000),
        ("r1", over(1, Verdict::Missing, 404), 1_000),
        ("r1", over(1, Verdict::Failed, 403), 0),
    ] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(1, "a", question)), (100, answer.clone())]);
        assert_eq!(gate.services()[0].fresh_ms, fresh_ms, "{question}: {answer:?}");
    }
}

#[test]
fn what_is_older_is_served_at_once_and_refreshed_once_behind_the_caller() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(1, "a", "q1")), (100, good(1, 10))]);
    assert_eq!(
        gate.play(&[
            (1_001, ask(2, "a", "q1")),
            (1_002, ask(3, "a", "q1")),
            (1_150, ask(4, "a", "q1")),
            (1_200, good(2, 11)),
            (1_200, ask(5, "a", "q1")),
            (60_000, look()),
        ]),
        [
            "1001 10 to 2: Refreshing, 1001 old",
            "1002 10 to 3: Refreshing, 1002 old",
            "1101 send 2: q1",
            "1150 10 to 4: Refreshing, 1150 old",
            "1200 11 to 5: Known, 99 old",
        ]
    );
}

#[test]
fn what_is_ten_seconds_old_is_still_served_at_once_and_what_is_older_waits() {
    let mut gate = Gate::knowing(1, &["q1"]);
    assert_eq!(
        gate.play(&[(10_000, ask(1, "a", "q1"))]),
        ["10000 10 to 1: Refreshing, 10000 old", "10000 send 2: q1"]
    );
    let mut gate = Gate::knowing(1, &["q1"]);
    assert_eq!(
        gate.play(&[(10_001, ask(1, "a", "q1")), (10_051, good(2, 11))]),
        ["10001 send 2: q1", "10051 11 to 1: Asked 0+50"]
    );
}

#[test]
fn a_booked_transaction_is_fresh_for_ten_minutes() {
    let mut gate = Gate::knowing(1, &["r1"]);
    assert_eq!(
        gate.play(&[(600_000, ask(1, "a", "r1")), (600_001, ask(2, "a", "r1"))]),
        [
            "600000 10 to 1: Known, 600000 old",
            "600001 10 to 2: Refreshing, 600001 old",
            "600001 send 2: r1",
        ]
    );
    assert_eq!(gate.services()[0].fresh_ms, 600_000);
}

/// The slot is free at 21,101, so the answer would be there at 21,201.
#[test]
fn who_cannot_wait_for_the_refresh_gets_what_is_known() {
    let story = |wait_ms| {
        [
            (20_000, ask(1, "a", "q2")),
            (20_000, ask(2, "a", "q1").within(wait_ms)),
            (20_100, good(2, 20)),
            (21_200, good(3, 11)),
        ]
    };
    for (wait_ms, told) in
        [(1_200, "20000 10 to 2: Busy, 20000 old"), (1_201, "21200 11 to 2: Asked 1101+99")]
    {
        let mut gate = Gate::knowing(1, &["q1"]);
        assert_eq!(lines(&gate.play(&story(wait_ms)), "to 2"), [told], "{wait_ms}");
    }
}

#[test]
fn what_was_served_because_the_caller_could_not_wait_is_refreshed() {
    let mut gate = Gate::knowing(1, &["q1"]);
    assert_eq!(
        gate.play(&[
            (20_000, ask(1, "a", "q2")),
            (20_000, ask(2, "a", "q1").within(500)),
            (20_100, good(2, 20)),
            (21_101, look()),
        ]),
        [
            "20000 send 2: q2",
            "20000 10 to 2: Busy, 20000 old",
            "20100 20 to 1: Asked 0+100",
            "21101 send 3: q1",
        ]
    );
}

/// With a round trip of 100 ms, the question after `n` others leaves 1,101 ms times `n + 1` from now.
#[test]
fn where_more_than_five_seconds_of_questions_wait_what_is_known_is_served() {
    for (waiting, served) in [(3, false), (4, true)] {
        let mut gate = Gate::knowing(1, &["q1"]);
        let asks = (2..3 + waiting).map(|n| (20_000, ask(n, "a", &format!("q{n}"))));
        gate.play(&asks.collect::<Vec<_>>());
        assert_eq!(gate.queue().0, usize::try_from(waiting).expect("small"));
        let trace = gate.play(&[(20_000, ask(1, "a", "q1"))]);
        let known = ["20000 10 to 1: Busy, 20000 old"];
        assert_eq!(trace, known[..usize::from(served)], "{waiting}");
    }
}

#[test]
fn a_slot_that_is_free_in_five_seconds_is_waited_for_and_a_later_one_is_not() {
    let known = ["20100 10 to 2: Busy, 20100 old"];
    for (pause_ms, told) in [(5_000, &[][..]), (5_001, &known)] {
        let mut gate = Gate::knowing(1, &["q1"]);
        let trace = gate.play(&[
            (20_000, ask(1, "a", "q2").within(500)),
            (20_100, limited(2, Some(pause_ms))),
            (20_100, ask(2, "b", "q1")),
        ]);
        assert_eq!(lines(&trace, "to 2"), told, "{pause_ms}");
    }
}

/// It is marked, and its reader may go on serving it for a second.
#[test]
fn what_is_served_for_want_of_better_says_so() {
    let mut gate = Gate::knowing(1, &["q1"]);
    gate.play(&[(20_000, ask(1, "a", "q2")), (20_000, ask(2, "a", "q1").within(500))]);
    let service = gate.services()[0];
    assert_eq!((service.keep_ms, service.fresh_ms, service.age_ms), (1_000, 1_000, 20_000));
    gate.play(&[(20_100, good(2, 20)), (20_200, ask(3, "a", "q2"))]);
    assert_eq!(gate.services().iter().map(|service| service.keep_ms).max(), Some(0));
}

#[test]
fn when_sepay_fails_what_is_up_to_five_minutes_old_is_better_than_the_failure() {
    for (asked_ms, told) in
        [(299_950, "300000 10 to 1: Down, 300000 old"), (299_951, "300001 403 to 1: Asked 0+50")]
    {
        let mut gate = Gate::knowing(1, &["q1"]);
        let trace = gate
            .play(&[(asked_ms, ask(1, "a", "q1")), (asked_ms + 50, over(2, Verdict::Failed, 403))]);
        assert_eq!(lines(&trace, " to "), [told]);
    }
}

#[test]
fn when_the_last_try_fails_what_is_known_is_served() {
    let mut gate = Gate::knowing(1, &["q1"]);
    assert_eq!(
        gate.play(&[
            (20_000, ask(1, "a", "q1")),
            (20_050, fails(2)),
            (21_100, fails(3)),
            (22_150, fails(4)),
        ]),
        [
            "20000 send 2: q1",
            "21051 send 3: q1",
            "22101 send 4: q1",
            "22150 10 to 1: Down, 22150 old",
        ]
    );
}

#[test]
fn at_its_deadline_a_caller_gets_what_is_known() {
    let mut gate = Gate::knowing(1, &["q1"]);
    assert_eq!(
        gate.play(&[(20_000, ask(1, "a", "q1").within(3_000)), (23_000, look())]),
        ["20000 send 2: q1", "23000 10 to 1: Down, 23000 old"]
    );
}

#[test]
fn failures_are_not_kept() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(1, "a", "q1")),
            (50, over(1, Verdict::Failed, 403)),
            (60, ask(2, "a", "q1")),
            (1_100, good(2, 10)),
        ]),
        [
            "0 send 1: q1",
            "50 403 to 1: Asked 0+50",
            "1051 send 2: q1",
            "1100 10 to 2: Asked 991+49",
        ]
    );
    assert_eq!(gate.services()[0].fresh_ms, 0);
}

/// A booked row does not change, but one that is not there may come.
#[test]
fn no_such_record_is_fresh_for_a_second_only() {
    let mut gate = Gate::new(1);
    assert_eq!(
        gate.play(&[
            (0, ask(1, "a", "r1")),
            (50, over(1, Verdict::Missing, 404)),
            (1_000, ask(2, "a", "r1")),
            (1_001, ask(3, "a", "r1")),
            (1_051, look()),
        ]),
        [
            "0 send 1: r1",
            "50 404 to 1: Asked 0+50",
            "1000 404 to 2: Known, 1000 old",
            "1001 404 to 3: Refreshing, 1001 old",
            "1051 send 2: r1",
        ]
    );
    assert!(gate.services().iter().all(|service| service.fresh_ms == 1_000));
}

#[test]
fn a_failed_refresh_leaves_what_is_known() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q1")),
        (2_050, over(2, Verdict::Failed, 403)),
        (2_060, ask(2, "a", "q1")),
    ]);
    assert_eq!(lines(&trace, "to 2"), ["2060 10 to 2: Refreshing, 2060 old"]);
}

#[test]
fn an_answer_larger_than_the_cache_is_delivered_and_not_kept() {
    let mut gate = Gate::new(2);
    assert_eq!(
        gate.play(&[
            (0, ask(1, "a", "q1")),
            (100, good(1, 10).weighing(33_554_432)),
            (200, ask(2, "a", "q1")),
        ]),
        ["0 send 1: q1", "100 10 to 1: Asked 0+100", "200 send 2: q1"]
    );
    assert_eq!(gate.status().cache.bytes, 0);
}

#[test]
fn the_cache_is_bounded_and_what_was_unused_for_the_longest_time_goes() {
    let mut gate = Gate::new(5);
    let asks: Vec<_> = (1..=5).map(|n| (0, ask(n, "a", &format!("q{n}")))).collect();
    gate.play(&asks);
    let big = |call| good(call, 10).weighing(8_000_000);
    gate.play(&[(10, big(1)), (10, big(2)), (10, big(3)), (10, big(4))]);
    gate.play(&[(20, ask(11, "a", "q1")), (30, big(5))]);
    let cache = gate.status().cache;
    assert_eq!(cache.entries, 4);
    assert!((32_000_000..=33_554_432).contains(&cache.bytes), "{cache:?}");
    let asks: Vec<_> = (1..=5).map(|n| (40, ask(20 + n, "a", &format!("q{n}")))).collect();
    let trace = gate.play(&asks);
    let known: Vec<_> = [21, 23, 24, 25].map(|n| format!("40 10 to {n}: Known, 40 old")).into();
    assert_eq!(trace, known);
}

/// What is to be refreshed goes before a question too.
#[test]
fn refreshes_keep_the_gate_busy_as_questions_do() {
    for (wishes, served) in [(3, false), (4, true)] {
        let mut gate = Gate::answered_after(1, 100);
        gate.play(&(1..=5).map(|n| (0, ask(n, "a", &format!("q{n}")))).collect::<Vec<_>>());
        gate.play(&[(10_500, ask(6, "a", "q6"))]);
        let asks = (2..2 + wishes).map(|n| (10_500, ask(10 + n, "a", &format!("q{n}"))));
        gate.play(&asks.collect::<Vec<_>>());
        let trace = gate.play(&[(10_500, ask(20, "b", "q1"))]);
        let known = ["10500 1 to 20: Busy, 10500 old"];
        assert_eq!(trace, known[..usize::from(served)], "{wishes}");
    }
}
