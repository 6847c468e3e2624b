//! While SePay is down: one probe an interval, and what is known for everybody.

use sepay_worker::gate::event::Verdict;

use super::deed::{ask, fails, good, limited, look, over};
use super::gate::{Gate, lines};

/// A gate that knows the answer to `q1`, sent at 0, and finds at 7,100 that SePay is down. Its slot is free at 8,101.
fn down() -> Gate {
    let mut gate = Gate::knowing(1, &["q1"]);
    gate.play(&[
        (2_000, ask(901, "a", "q2")),
        (2_100, fails(2)),
        (3_201, fails(3)),
        (4_302, fails(4)),
        (5_303, ask(902, "a", "q3")),
        (5_400, fails(5)),
        (6_500, ask(903, "a", "q4")),
        (7_099, look()),
    ]);
    assert!(!gate.status().breaker.open);
    gate.play(&[(7_100, fails(6)), (8_101, look())]);
    assert!(gate.status().breaker.open);
    gate
}

#[test]
fn five_failures_in_a_row_over_five_seconds_are_an_outage() {
    let status = down().status();
    assert_eq!((status.breaker.open, status.breaker.times_opened), (true, 1));
}

#[test]
fn an_answer_of_any_kind_in_between_is_none() {
    for verdict in [
        Verdict::Good,
        Verdict::Missing,
        Verdict::Failed,
        Verdict::RateLimited { retry_after_ms: None },
    ] {
        let mut gate = Gate::knowing(1, &["q1"]);
        gate.play(&[
            (2_000, ask(901, "a", "q2")),
            (2_100, fails(2)),
            (3_201, fails(3)),
            (4_302, fails(4)),
            (5_303, ask(902, "a", "q3").within(150)),
            (5_400, over(5, verdict, 0)),
            (6_500, ask(903, "a", "q4")),
            (7_100, fails(6)),
        ]);
        assert!(!gate.status().breaker.open, "{verdict:?}");
    }
}

#[test]
fn when_sepay_goes_down_everybody_who_waits_is_told() {
    let mut gate = Gate::knowing(1, &["q1"]);
    gate.play(&[
        (2_000, ask(901, "a", "q2")),
        (2_100, fails(2)),
        (3_201, fails(3)),
        (4_302, fails(4)),
        (5_303, ask(902, "a", "q3")),
        (5_400, fails(5)),
        (6_500, ask(903, "a", "q4")),
        (6_600, ask(1, "b", "q5")),
        (6_600, ask(2, "c", "q6").background()),
        (6_600, ask(3, "c", "q4").max_age(0)),
    ]);
    let trace = gate.play(&[(7_100, fails(6)), (9_000, look())]);
    let told: Vec<_> = trace.iter().filter(|line| line.starts_with("7100 500 to ")).collect();
    assert_eq!((told.len(), trace.len()), (4, 4), "{trace:?}");
    assert_eq!(lines(&trace, ": Asked 500+0").len(), 2, "so long they have waited: {trace:?}");
    let mut unasked = gate.services().iter().filter(|service| service.upstream_ms == 0);
    assert!(unasked.all(|service| service.age_ms == 0), "{:?}", gate.services());
    assert_eq!(gate.queue(), (0, 0, 0));
}

#[test]
fn what_is_known_is_served_at_any_age() {
    for at_ms in [20_000, 4_000_000] {
        let mut gate = down();
        let trace = gate.play(&[(at_ms, ask(1, "a", "q1"))]);
        assert_eq!(lines(&trace, " to "), [format!("{at_ms} 10 to 1: Down, {at_ms} old")]);
        assert!(gate.services().iter().all(|service| service.keep_ms == 1_000));
    }
}

#[test]
fn one_probe_an_interval_finds_out_whether_sepay_is_back() {
    let mut gate = down();
    assert_eq!(
        gate.play(&[
            (20_000, ask(1, "a", "q1")),
            (20_050, fails(7)),
            (23_051, fails(8)),
            (24_052, look()),
        ]),
        [
            "20000 10 to 1: Down, 20000 old",
            "20000 send 7: q1 for 2000",
            "21051 send 8: q1 for 2000",
            "24052 send 9: q1 for 2000",
        ]
    );
}

#[test]
fn two_slots_send_one_probe_at_a_time() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(1, "a", "q1")), (0, ask(2, "a", "q2"))]);
    gate.play(&[(10, fails(1)), (10, fails(2)), (2_000, fails(3)), (2_000, fails(4))]);
    gate.play(&[(5_009, fails(5)), (5_009, fails(6)), (8_000, look())]);
    assert!(!gate.status().breaker.open);
    gate.play(&[(8_000, ask(3, "a", "q3")), (8_010, fails(7))]);
    assert!(gate.status().breaker.open);
    let trace = gate.play(&[
        (8_020, ask(4, "a", "q4")),
        (8_020, ask(5, "b", "q5")),
        (9_500, look()),
        (9_510, fails(8)),
        (12_000, look()),
    ]);
    assert_eq!(lines(&trace, "send"), ["9000 send 8: q5 for 2000"], "the second slot is free");
    assert_eq!(lines(&trace, " 500 to ").len(), 2, "both are told: {trace:?}");
}

/// It was sent before SePay was taken to be down, and call 7 is the probe.
#[test]
fn a_request_that_fails_beside_a_probe_lets_no_second_one_go() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(1, "a", "q1").within(500))]);
    for (call, at_ms) in (2..).zip([100, 1_500, 3_000, 4_500, 6_000]) {
        let asked = ask(call, "a", &format!("q{call}")).within(150);
        gate.play(&[(at_ms, asked), (at_ms + 10, fails(call))]);
    }
    assert!(gate.status().breaker.open);
    let trace = gate.play(&[
        (7_050, ask(7, "a", "q7")),
        (7_100, fails(1)),
        (8_200, ask(8, "a", "q8")),
        (9_000, look()),
    ]);
    assert_eq!(trace, ["7050 send 7: q7 for 2000"]);
}

/// A minute later, so that retries are not spent.
#[test]
fn nothing_is_asked_twice_while_sepay_is_down() {
    let mut gate = down();
    assert_eq!(
        gate.play(&[(80_000, ask(1, "a", "q7")), (80_050, fails(7)), (99_000, look())]),
        ["80000 send 7: q7 for 2000", "80050 500 to 1: Asked 0+50"]
    );
}

#[test]
fn who_comes_too_early_for_the_next_probe_waits_for_it() {
    let mut gate = down();
    let trace = gate.play(&[
        (20_000, ask(1, "a", "q7")),
        (20_050, fails(7)),
        (20_060, ask(2, "a", "q8")),
        (21_100, good(8, 18)),
    ]);
    assert_eq!(trace[2..], ["21051 send 8: q8 for 2000", "21100 18 to 2: Asked 991+49"]);
}

#[test]
fn who_takes_nothing_old_is_told_the_failure_and_not_what_is_known() {
    let mut gate = down();
    assert_eq!(
        gate.play(&[
            (20_000, ask(1, "a", "q1").max_age(0)),
            (20_010, ask(2, "a", "q1").max_age(15_000)),
            (20_050, fails(7)),
        ]),
        ["20000 send 7: q1 for 2000", "20050 500 to 1: Asked 0+50", "20050 500 to 2: Joined 0+50",]
    );
}

#[test]
fn the_first_answer_ends_it() {
    for answer in [good(7, 11), over(7, Verdict::Missing, 404), limited(7, None)] {
        let mut gate = down();
        gate.play(&[(20_000, ask(1, "a", "q7").within(500)), (20_050, answer.clone())]);
        let breaker = gate.status().breaker;
        assert_eq!((breaker.open, breaker.times_opened), (false, 1), "{answer:?}");
        let trace = gate.play(&[(20_060, ask(2, "a", "q8")), (21_051, look())]);
        assert_eq!(trace, ["21051 send 8: q8"], "and calls are as patient as ever");
    }
}

#[test]
fn after_an_outage_two_slots_are_two_again() {
    let mut gate = Gate::new(2);
    gate.play(&[(0, ask(1, "a", "q1")), (0, ask(2, "a", "q2"))]);
    gate.play(&[(10, fails(1)), (10, fails(2)), (2_000, fails(3)), (2_000, fails(4))]);
    gate.play(&[(5_009, fails(5)), (5_009, fails(6)), (8_000, look())]);
    gate.play(&[(8_000, ask(3, "a", "q3")), (8_010, fails(7)), (10_000, look())]);
    assert!(gate.status().breaker.open);
    let trace = gate.play(&[
        (10_000, ask(4, "a", "q4")),
        (10_000, ask(5, "a", "q5")),
        (10_000, ask(6, "a", "q6")),
        (10_100, good(8, 14)),
        (11_101, look()),
    ]);
    assert_eq!(
        lines(&trace, "send"),
        ["10000 send 8: q4 for 2000", "10100 send 9: q5", "11101 send 10: q6"]
    );
}
