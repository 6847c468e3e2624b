//! A full gate: the greediest goes, with what it asked last.

use super::deed::{ask, good, look};
use super::gate::{Gate, lines};

/// Fifty slots and 1,024 questions of one caller: 50 are in flight, 974 wait, each within its deadline.
fn full() -> Gate {
    let mut gate = Gate::new(50);
    let asks = (0..1_024).map(|n| (0, ask(n, "greedy", &format!("q{n}")).within(25_000)));
    let trace = gate.play(&asks.collect::<Vec<_>>());
    assert_eq!((trace.len(), gate.queue()), (50, (974, 50, 1_024)));
    gate
}

#[test]
fn of_a_full_queue_the_greedy_one_s_latest_question_goes() {
    let mut gate = full();
    let trace = gate.play(&[
        (0, ask(5_000, "calm", "q5000").within(25_000)),
        (0, ask(5_001, "calm", "q5001").within(25_000)),
    ]);
    assert_eq!(lines(&trace, "busy 1023").len(), 1, "{trace:?}");
    assert_eq!(lines(&trace, "busy 1022").len(), 1, "{trace:?}");
    assert_eq!(trace.len(), 2);
    assert_eq!(gate.queue(), (974, 50, 1_024));
}

#[test]
fn the_greedy_one_itself_gets_nothing_into_a_full_queue() {
    let mut gate = full();
    let trace = gate.play(&[(0, ask(5_000, "greedy", "q5000").within(25_000))]);
    assert_eq!(lines(&trace, "busy 5000"), trace);
    assert_eq!((trace.len(), gate.queue()), (1, (974, 50, 1_024)));
}

#[test]
fn a_full_queue_is_joined_by_whoever_asks_what_is_in_it() {
    let mut gate = full();
    let joining = [
        (0, ask(5_000, "greedy", "q900").within(25_000)),
        (0, ask(5_001, "calm", "q900").within(25_000)),
        (0, ask(5_002, "greedy", "q3").within(25_000)),
    ];
    assert_eq!(gate.play(&joining), [""; 0]);
    assert_eq!(gate.queue(), (974, 50, 1_027));
}

#[test]
fn background_questions_make_room_first() {
    let mut gate = Gate::new(50);
    let mut asks: Vec<_> =
        (0..1_000).map(|n| (0, ask(n, "a", &format!("q{n}")).within(25_000))).collect();
    asks.extend(
        (1_000..1_024).map(|n| (0, ask(n, "b", &format!("q{n}")).within(25_000).background())),
    );
    gate.play(&asks);
    assert_eq!(gate.queue(), (974, 50, 1_024));
    let trace = gate.play(&[(0, ask(5_000, "a", "q5000").within(25_000))]);
    assert_eq!((lines(&trace, "busy 1023").len(), trace.len()), (1, 1), "{trace:?}");
    let trace = gate.play(&[(0, ask(5_001, "c", "q5001").within(25_000).background())]);
    assert_eq!((lines(&trace, "busy 1022").len(), trace.len()), (1, 1), "{trace:?}");
}

#[test]
fn nobody_goes_for_a_newcomer_who_cannot_be_served_either() {
    let mut gate = full();
    let trace = gate.play(&[(0, ask(5_000, "calm", "q5000").within(500))]);
    assert_eq!(lines(&trace, "busy 5000"), trace);
    assert_eq!(gate.queue(), (974, 50, 1_024));
}

#[test]
fn of_twenty_thousand_callers_the_greediest_one_s_latest_goes() {
    let mut gate = Gate::new(1);
    let mut story = vec![(0, ask(30_000, "other", "q0")), (0, ask(30_001, "other", "q0"))];
    story.extend((0..19_998).map(|caller| (0, ask(caller, "greedy", "q0"))));
    assert_eq!(gate.play(&story), ["0 send 1: q0"]);
    let trace = gate.play(&[(0, ask(30_002, "greedy", "q0")), (0, ask(30_003, "calm", "q0"))]);
    assert_eq!((lines(&trace, "busy 30002").len(), lines(&trace, "busy 19997").len()), (1, 1));
    assert_eq!((trace.len(), gate.queue()), (2, (0, 1, 20_000)));
    let trace = gate.play(&[(100, good(1, 10))]);
    assert_eq!(
        trace,
        ["100 10 to 30000: Asked 0+100", "100 10 to 30001 0-19996 30003: Joined 0+100"]
    );
}

#[test]
fn of_equally_greedy_callers_none_goes_for_the_other() {
    let mut gate = Gate::new(1);
    let party = |caller: u64| if caller < 10_000 { "a" } else { "b" };
    let asks = (0..20_000).map(|caller| (0, ask(caller, party(caller), "q0")));
    gate.play(&asks.collect::<Vec<_>>());
    let trace = gate.play(&[(0, ask(30_000, "a", "q0")), (0, look())]);
    assert_eq!((lines(&trace, "busy 30000").len(), trace.len()), (1, 1));
}

#[test]
fn who_has_to_go_gets_what_is_known() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let mut story = vec![(20_000, ask(0, "greedy", "q2"))];
    story.extend((1..=19_999).map(|caller| (20_000, ask(caller, "greedy", "q2"))));
    story.swap_remove(19_999);
    story.push((20_000, ask(50_000, "greedy", "q1")));
    gate.play(&story);
    assert_eq!(gate.queue().2, 20_000);
    assert_eq!(
        gate.play(&[(20_000, ask(50_001, "calm", "q2"))]),
        ["20000 10 to 50000: Busy, 20000 old"]
    );
}
