//! Which of the known answers is asked for again, and when.

use sepay_worker::gate::event::Verdict;

use super::deed::{Deed, ask, fails, good, limited, look, over};
use super::gate::{Gate, lines};

/// Three answers, sent at 0, 1,101 and 2,202; the slot is free again at 3,303.
fn three_known() -> Gate {
    let mut gate = Gate::new(1);
    gate.play(&[
        (0, ask(101, "a", "q1")),
        (0, ask(102, "a", "q2")),
        (0, ask(103, "a", "q3")),
        (100, good(1, 10)),
        (1_201, good(2, 20)),
        (2_302, good(3, 30)),
    ]);
    gate
}

#[test]
fn the_largest_product_of_demand_and_the_square_of_the_age_goes_first() {
    // At 3,303 the squares are 10.9 and 4.8 million; everybody counted once when the answer came.
    for (demand, first, second) in [(2, "q1", "q2"), (8, "q2", "q1")] {
        let mut gate = three_known();
        let trace = gate.play(&[
            (2_400, ask(1, "a", "q1")),
            (2_400, ask(2, "a", "q2").demand(demand)),
            (3_303, look()),
            (3_403, good(4, 0)),
            (4_404, look()),
        ]);
        let expected = [format!("3303 send 4: {first}"), format!("4404 send 5: {second}")];
        assert_eq!(lines(&trace, "send"), expected, "{demand}");
    }
}

/// The square root of thirty lies between five and six slots; nobody's question is left out.
#[test]
fn thirty_times_the_demand_is_refreshed_five_times_as_often() {
    let mut gate = Gate::answered_after(1, 300);
    let hot = (0..1_200).map(|n| (n * 250, ask(n, "a", "q1").demand(30)));
    let calm = (0..1_200).map(|n| (n * 250, ask(10_000 + n, "b", "q2")));
    let mut story: Vec<_> = hot.chain(calm).collect();
    story.sort_by_key(|(at_ms, _)| *at_ms);
    let trace = gate.play(&story);
    let late: Vec<_> = lines(&trace, "send").into_iter().skip(60).collect();
    let count = |name: &str| lines(&late, name).len();
    let (hot, calm) = (count(": q1"), count(": q2"));
    assert!(hot + calm >= 160 && calm * 48 <= hot * 10 && hot * 10 <= calm * 52, "{hot} : {calm}");
}

/// A transaction is fresh ten minutes longer than a list, so it is as old as what it is too old by.
#[test]
fn a_booked_transaction_is_not_refreshed_for_its_great_age() {
    let mut gate = Gate::knowing(2, &["r1"]);
    gate.play(&[
        (595_000, ask(1, "a", "q2")),
        (595_100, good(2, 20)),
        (600_000, ask(3, "a", "q3")),
        (600_000, ask(4, "a", "q4")),
    ]);
    let trace = gate.play(&[
        (600_002, ask(5, "a", "r1")),
        (600_003, ask(6, "a", "q2")),
        (600_100, good(3, 30)),
        (601_101, look()),
    ]);
    assert_eq!(lines(&trace, "send"), ["601101 send 5: q2"]);
}

#[test]
fn refreshes_take_turns_with_callers_as_if_they_were_one() {
    let mut gate = Gate::knowing(2, &["q1", "q2"]);
    let trace = gate.play(&[
        (5_000, ask(3, "a", "q3")),
        (5_000, ask(4, "a", "q4")),
        (5_010, ask(1, "b", "q1")),
        (5_010, ask(2, "b", "q2").demand(5)),
        (5_020, ask(5, "a", "q5")),
        (5_020, ask(6, "a", "q6")),
        (5_100, good(3, 30)),
        (5_100, good(4, 40)),
        (6_200, good(5, 50)),
        (6_200, good(6, 21)),
        (7_201, look()),
    ]);
    assert_eq!(
        lines(&trace, "send"),
        [
            "5000 send 3: q3",
            "5000 send 4: q4",
            "6101 send 5: q2",
            "6101 send 6: q5",
            "7201 send 7: q1",
            "7201 send 8: q6",
        ]
    );
}

#[test]
fn refreshes_go_before_background_questions() {
    let mut gate = Gate::knowing(1, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q2")),
        (2_010, ask(2, "a", "q3").background()),
        (2_020, ask(3, "b", "q1")),
        (2_100, good(2, 20)),
        (3_201, good(3, 11)),
        (4_302, look()),
    ]);
    assert_eq!(lines(&trace, "send"), ["2000 send 2: q2", "3101 send 3: q1", "4202 send 4: q3"]);
}

#[test]
fn a_question_that_somebody_waits_for_is_not_refreshed_beside() {
    let mut gate = Gate::knowing(2, &["q1"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q1").max_age(0)),
        (2_010, ask(2, "b", "q1")),
        (2_100, good(2, 11)),
        (60_000, look()),
    ]);
    assert_eq!(lines(&trace, "send"), ["2000 send 2: q1"]);
}

#[test]
fn a_minute_after_its_last_asker_nothing_is_refreshed() {
    for (asked_ms, sends) in [(2_010, 0), (2_060, 1)] {
        let mut gate = Gate::knowing(1, &["q1"]);
        gate.play(&[(2_000, ask(1, "a", "q2").within(500))]);
        // The wish ends at 62,010 or 62,060, the pause at 62,050.
        let story = if asked_ms < 2_050 {
            [(asked_ms, ask(2, "b", "q1")), (2_050, limited(2, Some(60_000)))]
        } else {
            [(2_050, limited(2, Some(60_000))), (asked_ms, ask(2, "b", "q1"))]
        };
        gate.play(&story);
        assert_eq!(lines(&gate.play(&[(70_000, look())]), "send").len(), sends, "{asked_ms}");
    }
}

#[test]
fn a_failed_refresh_is_put_off_for_a_second() {
    for failure in [fails(2), over(2, Verdict::Failed, 403)] {
        let mut gate = Gate::knowing(2, &["q1"]);
        let trace = gate.play(&[(2_000, ask(1, "a", "q1")), (2_050, failure), (5_000, look())]);
        assert_eq!(lines(&trace, "send"), ["2000 send 2: q1", "3050 send 3: q1"]);
    }
}

/// It is the refresh's turn, but it may not be asked for yet.
#[test]
fn a_refresh_that_is_put_off_keeps_no_slot_from_who_is_in_a_hurry() {
    let mut gate = Gate::new(2);
    let trace = gate.play(&[
        (0, ask(1, "a", "q1")),
        (100, good(1, 10)),
        (2_000, ask(2, "b", "q1")),
        (2_050, fails(2)),
        (2_060, ask(3, "a", "q2").within(200)),
    ]);
    assert_eq!(trace.last().map(String::as_str), Some("2060 send 3: q2"));
}

#[test]
fn while_one_refresh_is_put_off_the_others_go_on() {
    let mut gate = Gate::knowing(2, &["q1", "q2"]);
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q1").demand(9)),
        (2_050, fails(3)),
        (2_060, ask(2, "a", "q2")),
        (2_900, ask(3, "a", "q1")),
    ]);
    assert_eq!(lines(&trace, "send"), ["2000 send 3: q1", "2060 send 4: q2"]);
}

#[test]
fn what_was_served_because_sepay_failed_is_asked_for_a_second_later() {
    let mut gate = Gate::knowing(2, &["q1"]);
    let trace = gate.play(&[
        (20_000, ask(1, "a", "q1")),
        (20_050, over(2, Verdict::Failed, 403)),
        (25_000, look()),
    ]);
    assert_eq!(trace, ["20000 send 2: q1", "20050 10 to 1: Down, 20050 old", "21050 send 3: q1"]);
}

#[test]
fn what_the_cache_let_go_is_not_refreshed() {
    let mut gate = Gate::knowing(2, &["q1", "q2"]);
    let big = |call| -> Deed { good(call, 1).weighing(33_553_800) };
    let trace = gate.play(&[
        (2_000, ask(1, "a", "q3")),
        (2_000, ask(2, "a", "q4")),
        (2_010, ask(3, "a", "q1")),
        (2_100, big(3)),
        (2_100, good(4, 40)),
        (9_000, look()),
    ]);
    assert_eq!(lines(&trace, "send"), ["2000 send 3: q3", "2000 send 4: q4"]);
}

#[test]
fn who_waited_counts_as_many_askers_as_it_stands_for() {
    let mut gate = Gate::new(2);
    let trace = gate.play(&[
        (0, ask(1, "a", "q1").demand(50)),
        (0, ask(2, "a", "q2")),
        (0, ask(3, "b", "q2")),
        (100, good(1, 10)),
        (100, good(2, 20)),
        (2_000, ask(4, "a", "q3")),
        (2_000, ask(5, "a", "q4")),
        (2_010, ask(6, "a", "q1")),
        (2_010, ask(7, "a", "q2")),
        (2_100, good(3, 30)),
        (3_101, look()),
    ]);
    assert_eq!(lines(&trace, "send 5"), ["3101 send 5: q1"], "51 askers before three");
}
