//! Each rule of the walk by an example.

use sepay::{Error, Limit, Period, RecordId, Step, TransactionFilter, VietnamTime, Walk};

use crate::caller::{Caller, Event};
use crate::model::{Habits, Order, Sepay, Since, time};

fn walk(page: u16) -> Walk {
    Walk::new(TransactionFilter::default(), Limit::new(page).unwrap())
}

/// Answers with ids, each with its second.
fn tell(walk: &mut Walk, rows: &[(u32, u32)]) {
    let rows: Vec<(String, VietnamTime)> =
        rows.iter().map(|(id, secs)| (id.to_string(), time(*secs))).collect();
    walk.listed(rows.iter().map(|(id, time)| (id.as_str(), *time))).unwrap();
}

/// The next question as text: `list` or `count`, the clock of both ends, the cursor and the limit.
fn asked(walk: &mut Walk) -> String {
    let (what, filter, limit) = match walk.step().unwrap() {
        Step::List(list) => ("list", list.filter, list.limit),
        Step::Count(count) => ("count", count.filter, None),
        step => panic!("expected a question, found {step:?}"),
    };
    let clock = |time: Option<VietnamTime>| time.map(|time| time.to_sepay().split_off(11));
    let end = |time| clock(time).unwrap_or_else(|| "*".to_owned());
    let mut text = format!("{what} {} {}", end(filter.occurred.min()), end(filter.occurred.max()));
    for (name, value) in [
        ("since", filter.since_id.map(|id| id.to_string())),
        ("limit", limit.map(|limit| limit.get().to_string())),
    ] {
        text.extend(value.map(|value| format!(" {name} {value}")));
    }
    text
}

fn yielded(walk: &mut Walk) -> Vec<String> {
    match walk.step().unwrap() {
        Step::Yield(ids) => ids.iter().map(RecordId::to_string).collect(),
        step => panic!("expected ids, found {step:?}"),
    }
}

fn reason(walk: &mut Walk) -> String {
    let error = walk.step().unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("truncated", false));
    assert_eq!(walk.step(), Err(error.clone()), "it stays so");
    error.to_string()
}

fn caller(habits: Habits, rows: impl IntoIterator<Item = u32>, page: usize) -> Caller {
    let mut sepay = Sepay::new(habits, 0, 1);
    rows.into_iter().for_each(|secs| sepay.book(secs));
    Caller::new(sepay, page)
}

#[test]
fn less_than_a_page_is_everything_and_takes_one_read() {
    let mut walk = walk(4);
    assert_eq!(asked(&mut walk), "list * * limit 4");
    tell(&mut walk, &[(10, 3), (9, 3), (11, 2)]);
    assert_eq!(yielded(&mut walk), ["9", "10", "11"]);
    assert_eq!(walk.step(), Ok(Step::Done));
    assert_eq!(walk.step(), Ok(Step::Done));
}

#[test]
fn a_full_list_is_cut_above_its_oldest_tenth_and_both_parts_have_that_second() {
    let mut walk = walk(4);
    assert_eq!(asked(&mut walk), "list * * limit 4");
    tell(&mut walk, &[(5, 50), (4, 40), (3, 30), (2, 20)]);
    assert_eq!(asked(&mut walk), "list 00:00:30 * limit 4");
    tell(&mut walk, &[(5, 50), (4, 40), (3, 30)]);
    assert_eq!(asked(&mut walk), "list * 00:00:30 limit 4");
    tell(&mut walk, &[(3, 30), (2, 20), (1, 10)]);
    assert_eq!(yielded(&mut walk), ["1", "2", "3", "4", "5"]);
    assert_eq!(walk.step(), Ok(Step::Done));
}

#[test]
fn a_full_list_with_the_oldest_first_is_cut_below_its_newest_tenth() {
    let mut walk = walk(4);
    tell(&mut walk, &[(1, 10), (2, 20), (3, 30), (4, 40)]);
    assert_eq!(asked(&mut walk), "list 00:00:30 * limit 4");
    tell(&mut walk, &[(3, 30), (4, 40), (5, 50)]);
    assert_eq!(asked(&mut walk), "list * 00:00:30 limit 4");
    tell(&mut walk, &[(1, 10), (2, 20), (3, 30)]);
    assert_eq!(yielded(&mut walk), ["1", "2", "3", "4", "5"]);
}

#[test]
fn twelve_thousand_rows_at_five_thousand_a_page_take_five_reads() {
    for order in [Order::DateDown, Order::IdDown, Order::DateUp, Order::IdUp] {
        let mut caller =
            caller(Habits { order, ..Habits::STATED }, (0..12_000).map(|n| n * 60), 5_000);
        caller.run().unwrap();
        assert_eq!((caller.got.len(), caller.reads), (12_000, 5), "{order:?}");
    }
}

#[test]
fn every_thirtieth_row_booked_a_day_late_changes_little() {
    for order in [Order::DateDown, Order::IdDown, Order::DateUp, Order::IdUp] {
        let booked = (0..12_000_u32)
            .map(|n| if n % 30 == 0 { (n * 60).saturating_sub(86_400) } else { n * 60 });
        let mut caller = caller(Habits { order, ..Habits::STATED }, booked, 5_000);
        caller.run().unwrap();
        assert_eq!(caller.got.len(), 12_000, "{order:?}");
        assert!(caller.reads <= 7, "{order:?}: {} reads", caller.reads);
    }
}

#[test]
fn a_row_that_arrives_behind_the_reader_holds_back_what_came_after_it() {
    let mut walk = walk(4);
    tell(&mut walk, &[(5, 50), (4, 40), (3, 30), (2, 20)]);
    assert_eq!(asked(&mut walk), "list 00:00:30 * limit 4");
    tell(&mut walk, &[(5, 50), (4, 40), (3, 30)]);
    // Now 6 arrives with the date 60, which has been read, and 7 with the date 5, which has not.
    assert_eq!(asked(&mut walk), "list * 00:00:30 limit 4");
    tell(&mut walk, &[(3, 30), (2, 20), (7, 5)]);
    assert_eq!(yielded(&mut walk), ["2", "3", "4", "5"]);
    assert_eq!(asked(&mut walk), "list * * since 5 limit 4");
    tell(&mut walk, &[(6, 60), (5, 50), (7, 5)]);
    assert_eq!(yielded(&mut walk), ["6", "7"]);
    assert_eq!(walk.step(), Ok(Step::Done));
}

#[test]
fn the_cursor_may_fill_a_page_of_one_and_need_not_exist() {
    for (since, cursor) in [(Since::Inclusive, 1), (Since::Exclusive, 1), (Since::Inclusive, 0)] {
        // The first row's id is 1, the next ones' are 3 and 4.
        let mut caller = caller(Habits { since, ..Habits::STATED }, [0, 1, 0], 1);
        caller.cursor = Some(cursor);
        caller.run().unwrap();
        let expected: &[u128] = if cursor == 1 { &[3, 4] } else { &[1, 3, 4] };
        assert_eq!(caller.got, expected, "{since:?}");
    }
}

#[test]
fn a_cursor_that_sepay_ignores_ends_all_the_same() {
    let mut caller = caller(Habits { since: Since::Ignored, ..Habits::STATED }, 0..40, 3);
    caller.cursor = Some(caller.sepay.id_at(100));
    caller.events =
        [Event::Nothing, Event::Nothing, Event::Nothing, Event::Booked(vec![7, 7])].into();
    caller.run().unwrap();
    assert_eq!(caller.got.len(), 2);
}

#[test]
fn one_second_or_two_are_asked_for_with_the_largest_limit() {
    let mut walk = walk(2);
    tell(&mut walk, &[(3, 20), (2, 20)]);
    assert_eq!(asked(&mut walk), "list 00:00:20 * limit 2");
    tell(&mut walk, &[(3, 20), (2, 20)]);
    assert_eq!(asked(&mut walk), "list 00:00:21 * limit 2");
    tell(&mut walk, &[]);
    assert_eq!(asked(&mut walk), "list 00:00:20 00:00:21 limit 5000");
    tell(&mut walk, &[(3, 20), (2, 20), (1, 20)]);
    assert_eq!(asked(&mut walk), "list * 00:00:20 limit 2");
}

/// The walk's one second, in which as many rows lie as SePay sends at most; the count comes next.
fn one_full_second() -> Walk {
    let second = Period::new("from", Some(time(0)), Some(time(0))).unwrap();
    let filter = TransactionFilter { occurred: second, ..TransactionFilter::default() };
    let mut walk = Walk::new(filter, Limit::MAX);
    let rows: Vec<(u32, u32)> = (1..=5_000).map(|id| (id, 0)).collect();
    tell(&mut walk, &rows);
    assert_eq!(asked(&mut walk), "count 00:00:00 00:00:00");
    walk
}

#[test]
fn a_second_of_exactly_the_largest_limit_is_proved_by_the_count() {
    let mut walk = one_full_second();
    walk.counted(5_000);
    assert_eq!(yielded(&mut walk).len(), 5_000);
    assert_eq!(walk.step(), Ok(Step::Done));
}

#[test]
fn a_second_with_more_rows_than_sepay_sends_is_told() {
    let mut walk = one_full_second();
    walk.counted(5_001);
    assert_eq!(
        reason(&mut walk),
        "the transactions cannot be proved complete: one second holds more rows than SePay sends at once"
    );
}

#[test]
fn a_bound_below_the_limit_is_found_by_the_count() {
    let habits = Habits { cap: Some(1_000), ..Habits::STATED };
    let mut caller = caller(habits, (0..3_500).map(|n| n * 60), 5_000);
    caller.run().unwrap();
    // Three full lists, the newer 900 of each, the rest, and one count.
    assert_eq!((caller.got.len(), caller.reads), (3_500, 8));
}

#[test]
fn a_round_number_of_rows_costs_one_count() {
    for (rows, reads) in [(49, 1), (50, 2), (51, 1), (100, 2)] {
        let mut caller = caller(Habits::STATED, 0..rows, 5_000);
        caller.run().unwrap();
        assert_eq!((caller.got.len(), caller.reads), (rows as usize, reads));
    }
}

#[test]
fn a_bound_found_by_mistake_is_forgotten() {
    let mut walk = walk(5_000);
    let rows =
        |ids: std::ops::RangeInclusive<u32>| ids.rev().map(|id| (id, id)).collect::<Vec<_>>();
    tell(&mut walk, &rows(1..=50));
    // A row arrives between the list and the count.
    walk.counted(51);
    assert_eq!(asked(&mut walk), "list 00:00:06 * limit 5000");
    // More than 50 come: there is no such bound.
    tell(&mut walk, &rows(6..=56));
    assert_eq!(asked(&mut walk), "list * 00:00:06 limit 5000");
    tell(&mut walk, &rows(1..=6));
    assert_eq!(yielded(&mut walk).len(), 56);
}

#[test]
fn a_row_outside_the_dates_asked_for_is_told() {
    let mut walk = walk(2);
    tell(&mut walk, &[(3, 30), (2, 20)]);
    assert_eq!(asked(&mut walk), "list 00:00:30 * limit 2");
    tell(&mut walk, &[(2, 20)]);
    assert_eq!(
        reason(&mut walk),
        "the transactions cannot be proved complete: SePay sent a row that lies outside the dates asked for"
    );
}

#[test]
fn a_row_that_disappears_makes_the_pass_begin_again_once() {
    let mut walk = walk(2);
    for _ in 0..2 {
        assert_eq!(asked(&mut walk), "list * * limit 2");
        tell(&mut walk, &[(3, 30), (2, 20)]);
        assert_eq!(asked(&mut walk), "list 00:00:30 * limit 2");
        tell(&mut walk, &[(3, 30)]);
        assert_eq!(asked(&mut walk), "list * 00:00:30 limit 2");
        tell(&mut walk, &[(3, 30)]);
    }
    assert_eq!(
        reason(&mut walk),
        "the transactions cannot be proved complete: SePay sent a row once, and not again when its time was asked \
         for alone"
    );
}

#[test]
fn the_callers_own_dates_are_never_left() {
    let mut walk = walk_between(100, 200);
    assert_eq!(asked(&mut walk), "list 00:01:40 00:03:20 limit 2");
    tell(&mut walk, &[(3, 200), (2, 100)]);
    assert_eq!(asked(&mut walk), "list 00:03:19 00:03:20 limit 5000");
    tell(&mut walk, &[(3, 200)]);
    assert_eq!(asked(&mut walk), "list 00:01:40 00:03:19 limit 2");
    tell(&mut walk, &[(2, 100)]);
    assert_eq!(yielded(&mut walk), ["2", "3"]);
}

fn walk_between(from: u32, to: u32) -> Walk {
    let occurred = Period::new("from", Some(time(from)), Some(time(to))).unwrap();
    Walk::new(
        TransactionFilter { occurred, ..TransactionFilter::default() },
        Limit::new(2).unwrap(),
    )
}

#[test]
fn two_seconds_are_cut_between_them() {
    let mut walk = walk_between(0, 1);
    let both: Vec<(u32, u32)> = (1..=5_000).map(|id| (id, id % 2)).collect();
    tell(&mut walk, &both);
    assert_eq!(asked(&mut walk), "list 00:00:01 00:00:01 limit 5000");
    tell(&mut walk, &both.iter().copied().filter(|row| row.1 == 1).collect::<Vec<_>>());
    assert_eq!(asked(&mut walk), "list 00:00:00 00:00:00 limit 5000");
}

#[test]
fn the_last_second_of_all_time_is_no_dead_end() {
    let last = VietnamTime::from_sepay("9999-12-31 23:59:59").unwrap();
    let mut walk = walk(1);
    walk.listed([("1", last)]).unwrap();
    assert_eq!(asked(&mut walk), "list 23:59:59 * limit 1");
    walk.listed([("1", last)]).unwrap();
    assert_eq!(asked(&mut walk), "count 23:59:59 *");
    walk.counted(1);
    assert_eq!(asked(&mut walk), "list * 23:59:59 limit 1");
}

#[test]
fn ids_are_compared_as_numbers_of_up_to_twenty_digits() {
    let mut walk = walk(5);
    let ids = ["99999999999999999999", "18446744073709551616", "010", "9"];
    walk.listed(ids.map(|id| (id, time(0)))).unwrap();
    assert_eq!(yielded(&mut walk), ["9", "10", "18446744073709551616", "99999999999999999999"]);
}

#[test]
fn an_id_that_is_no_number_is_told_and_changes_nothing() {
    for id in ["", "x", "-1", "+1", "1,2", "123456789012345678901"] {
        let mut walk = walk(5);
        let error = walk.listed([("1", time(0)), (id, time(0))]).unwrap_err();
        let Error::Unreadable { at, .. } = error else { panic!("expected unreadable") };
        assert_eq!(at, "transactions[1].id");
        assert_eq!(asked(&mut walk), "list * * limit 5");
    }
}

#[test]
fn an_answer_that_nobody_asked_for_changes_nothing() {
    let mut walk = walk(5_000);
    walk.counted(0);
    assert_eq!(asked(&mut walk), "list * * limit 5000");
    let rows: Vec<(u32, u32)> = (1..=50).map(|id| (id, id)).collect();
    tell(&mut walk, &rows);
    tell(&mut walk, &[]);
    assert_eq!(asked(&mut walk), "count * *");
    walk.counted(50);
    tell(&mut walk, &[(99, 9)]);
    assert_eq!(yielded(&mut walk).len(), 50);
    tell(&mut walk, &[(99, 9)]);
    assert_eq!(walk.step(), Ok(Step::Done));
}
