//! Who is told when to come back is served when it does.

use super::deed::{Deed, ask, leave, look};
use super::gate::{Gate, lines};

/// Plays a crowd to a gate, and returns who was refused and when each may come back.
fn refused(gate: &mut Gate, crowd: &[(u64, Deed)]) -> Vec<(u64, u64)> {
    let trace = gate.play(crowd);
    let told = lines(&trace, "busy").into_iter().map(|line| {
        let words: Vec<u64> = line.split([' ', ':']).filter_map(|word| word.parse().ok()).collect();
        let [at_ms, caller, back_ms] = words[..] else { panic!("{line}") };
        (at_ms + back_ms, caller)
    });
    let mut told: Vec<_> = told.collect();
    told.sort_unstable();
    told
}

#[test]
fn everybody_of_a_crowd_is_served_at_its_first_return() {
    for (parties, wait_ms) in [(1, 5_000), (7, 5_000), (60, 5_000), (60, 1_500), (3, 10_000)] {
        let mut gate = Gate::answered_after(1, 100);
        let question = |n: u64| {
            ask(n, &format!("p{}", n % parties), &format!("q{}", n % 1_000)).within(wait_ms)
        };
        let crowd: Vec<_> = (0..60).map(|n| (0, question(n))).collect();
        let told = refused(&mut gate, &crowd);
        assert!(told.len() >= 50, "{told:?}");
        let back: Vec<_> = told.iter().map(|(at_ms, n)| (*at_ms, question(1_000 + n))).collect();
        let mut trace = gate.play(&back);
        trace.extend(gate.play(&[(300_000, look())]));
        assert_eq!(lines(&trace, "busy"), [""; 0], "{parties} parties that wait {wait_ms}");
        assert_eq!(lines(&trace, "late"), [""; 0]);
        for (_, n) in told {
            let answered = lines(&trace, &format!(" to {}: Asked", 1_000 + n));
            assert_eq!(answered.len(), 1, "{n} of {parties} parties that wait {wait_ms}");
        }
    }
}

/// `Retry-After` is in whole seconds.
#[test]
fn who_comes_back_a_second_late_is_served_too() {
    let mut gate = Gate::answered_after(1, 100);
    let question = |n: u64| ask(n, "a", &format!("q{}", n % 1_000)).within(5_000);
    let told = refused(&mut gate, &(0..40).map(|n| (0, question(n))).collect::<Vec<_>>());
    let back = told.iter().map(|(at_ms, n)| (at_ms.next_multiple_of(1_000), question(1_000 + n)));
    let mut back: Vec<_> = back.collect();
    back.push((300_000, look()));
    let trace = gate.play(&back);
    assert_eq!((lines(&trace, "busy"), lines(&trace, "late")), (vec![], vec![]));
}

#[test]
fn those_who_are_refused_together_are_not_told_the_same_time() {
    let mut gate = Gate::answered_after(1, 100);
    let crowd: Vec<_> =
        (0..30).map(|n| (0, ask(n, &format!("p{n}"), &format!("q{n}")).within(1_000))).collect();
    let told = refused(&mut gate, &crowd);
    // One is sent; each of the others is sent a slot later than the one before, in the middle of its patience.
    let times: Vec<_> = told.iter().map(|(at_ms, _)| *at_ms).collect();
    let expected: Vec<_> = (1..30).map(|turn| turn * 1_101 - 450).collect();
    assert_eq!(times, expected);
}

#[test]
fn while_its_owner_stays_away_a_place_holds_up_nobody() {
    let mut gate = Gate::answered_after(1, 100);
    let crowd: Vec<_> =
        (0..10).map(|n| (0, ask(n, &format!("p{n}"), &format!("q{n}")).within(1_000))).collect();
    assert_eq!(refused(&mut gate, &crowd).len(), 9);
    let trace = gate.play(&[(1_300, ask(100, "z", "q100").within(3_000)), (1_400, look())]);
    assert_eq!(trace[1..], ["1300 send 2: q100", "1400 2 to 100: Asked 0+100"]);
}

#[test]
fn while_its_owner_stays_away_a_place_keeps_no_free_slot() {
    let mut gate = Gate::answered_after(1, 100);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "b", "q1").within(1_000)),
        (1_300, ask(2, "c", "q2").within(1_000)),
    ]);
    assert_eq!(trace[1..], ["0 busy 1: back in 651", "100 1 to 0: Asked 0+100", "1300 send 2: q2"]);
}

#[test]
fn who_comes_back_goes_before_its_party_s_later_questions() {
    let mut gate = Gate::answered_after(1, 100);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "a", "q1").within(1_000)),
        (10, ask(2, "a", "q2")),
        (20, ask(3, "a", "q3")),
        (700, ask(4, "a", "q1").within(5_000)),
        (9_000, look()),
    ]);
    assert_eq!(
        lines(&trace, "send"),
        ["0 send 1: q0", "1101 send 2: q1", "2202 send 3: q2", "3303 send 4: q3"]
    );
}

/// Its place is kept for 3 s after its time.
#[test]
fn who_does_not_come_back_loses_its_place() {
    for (back_ms, order) in [(3_600, ["q5", "q4"]), (3_700, ["q4", "q5"])] {
        let mut gate = Gate::answered_after(1, 100);
        // Refused at 0 and told to come back at 651.
        gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "b", "q5").within(1_000))]);
        let trace = gate.play(&[
            (3_000, ask(2, "b", "q2")),
            (3_010, ask(3, "b", "q4")),
            (back_ms, ask(4, "b", "q5")),
            (9_000, look()),
        ]);
        let sends = lines(&trace, "send");
        assert!(sends[1].ends_with(order[0]) && sends[2].ends_with(order[1]), "{sends:?}");
    }
}

#[test]
fn a_place_kept_for_a_question_that_was_answered_holds_up_nobody() {
    let mut gate = Gate::answered_after(1, 100);
    let trace = gate.play(&[
        (0, ask(0, "a", "q0")),
        (0, ask(1, "b", "q1")),
        // Too hurried for what waits already; it is told to come back at 1,702.
        (0, ask(2, "c", "q1").within(1_150)),
        // Answered at 1,201.
        (1_300, ask(3, "d", "q3").within(1_010)),
        (1_400, look()),
    ]);
    assert_eq!(lines(&trace, "busy 3"), [""; 0]);
}

/// Behind the question that waits, and one more that its party may ask before the greedy one's second turn.
#[test]
fn who_is_to_come_back_in_a_later_turn_leaves_room_for_those_who_wait_now() {
    let mut gate = Gate::new(1);
    gate.play(&[(0, ask(0, "greedy", "q0")), (0, ask(1, "calm", "q1"))]);
    let trace = gate.play(&[(0, ask(2, "greedy", "q2").within(100))]);
    assert_eq!(trace, ["0 busy 2: back in 3303"]);
}

#[test]
fn who_comes_later_is_foreseen_after_who_will_come_back() {
    for (wait_ms, refusals) in [(3_392, 1), (3_393, 0)] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "b", "q1"))]);
        // Refused and told to come back at 1,752, for a place that would be sent at 2,202.
        gate.play(&[(0, ask(2, "c", "q2").within(1_000))]);
        let trace = gate.play(&[(10, ask(3, "d", "q3").within(wait_ms))]);
        assert_eq!(trace.len(), refusals, "sent at 3,303: {wait_ms}");
    }
}

#[test]
fn who_will_come_back_when_a_later_one_would_be_sent_goes_first() {
    for (wait_ms, refusals) in [(3_392, 1), (3_393, 0)] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "b", "q1"))]);
        let trace = gate.play(&[(0, ask(2, "c", "q2").within(100))]);
        assert_eq!(trace, ["0 busy 2: back in 2202"]);
        let trace = gate.play(&[(10, ask(3, "d", "q3").within(wait_ms))]);
        assert_eq!(trace.len(), refusals, "sent at 3,303: {wait_ms}");
    }
}

#[test]
fn who_will_come_back_after_a_later_one_was_sent_holds_it_up_no_more() {
    for (wait_ms, refusals) in [(2_291, 1), (2_292, 0)] {
        let mut gate = Gate::new(1);
        gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "b", "q1")), (0, ask(2, "e", "q2"))]);
        let trace = gate.play(&[(0, ask(3, "c", "q3").within(100)), (5, leave(2))]);
        assert_eq!(trace, ["0 busy 3: back in 3303"]);
        let trace = gate.play(&[(10, ask(4, "d", "q4").within(wait_ms))]);
        assert_eq!(trace.len(), refusals, "sent at 2,202: {wait_ms}");
    }
}

#[test]
fn while_fewer_wait_than_there_are_slots_none_is_kept_for_who_may_come_back() {
    let mut gate = Gate::new(1);
    // Refused at 0 and told to come back at 651, for a place that would be sent at 1,101.
    gate.play(&[(0, ask(0, "a", "q0")), (0, ask(1, "b", "q1").within(1_000))]);
    assert_eq!(gate.play(&[(10, ask(2, "c", "q2").within(1_191))]), [""; 0]);
}
