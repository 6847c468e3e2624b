//! The walk against a model of SePay that knows every row, in every order SePay might use.
//!
//! The property: each id visible before the first list of the last pass is yielded exactly once, ascending, over any
//! number of walks, and nothing else is; or the walk says that it cannot know, and only where it cannot.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "so does a helper")]
#![allow(clippy::indexing_slicing, reason = "so does an index")]

#[path = "walk/caller.rs"]
mod caller;
#[path = "walk/examples.rs"]
mod examples;
#[path = "walk/model.rs"]
mod model;

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{option, prop_assert, prop_assert_eq};
use sepay::Period;

use caller::{Caller, Event};
use model::{Dates, Habits, Order, Sepay, Since, time};

/// Ids from here on need more than 64 bits.
const BEYOND_U64: u128 = 18_446_744_073_709_551_600;

/// What a property draws.
#[derive(Debug, Clone)]
struct Story {
    habits: Habits,
    /// The dates of the rows there are at first, by ascending id, in seconds.
    booked: Vec<u32>,
    before_first: u128,
    width: usize,
    page: usize,
    from: Option<u32>,
    to: Option<u32>,
    /// Where among the first rows the caller has got to, as a share of 100; none for nowhere.
    cursor: Option<usize>,
    events: Vec<Event>,
}

impl Story {
    fn caller(&self) -> Caller {
        let mut sepay = Sepay::new(self.habits, self.before_first, self.width);
        for secs in &self.booked {
            sepay.book(*secs);
        }
        let (from, to) = match (self.from, self.to) {
            (Some(from), Some(to)) => (Some(from.min(to)), Some(from.max(to))),
            ends => ends,
        };
        let cursor = self.cursor.map(|share| sepay.id_at(share));
        let mut caller = Caller::new(sepay, self.page);
        caller.filter.occurred = Period::new("from", from.map(time), to.map(time)).unwrap();
        caller.cursor = cursor;
        caller.events = self.events.clone().into();
        caller
    }
}

fn habits(dates: impl Strategy<Value = Dates>) -> impl Strategy<Value = Habits> {
    let orders = [Order::IdDown, Order::IdUp, Order::DateDown, Order::DateUp, Order::None];
    let order = (0..orders.len()).prop_map(move |index| orders[index]);
    let since = prop_oneof![3 => Just(Since::Inclusive), 3 => Just(Since::Exclusive), 1 => Just(Since::Ignored)];
    let cap = prop_oneof![3 => Just(None), 1 => Just(Some(50)), 1 => Just(Some(100))];
    (order, since, dates, cap).prop_map(|(order, since, dates, cap)| Habits {
        order,
        since,
        dates,
        cap,
    })
}

fn dates() -> impl Strategy<Value = Dates> {
    prop_oneof![3 => Just(Dates::BothEnds), 1 => Just(Dates::WithoutMax), 1 => Just(Dates::WithoutMin)]
}

/// The dates of up to so many rows: few seconds or many, in the order of ids, nearly so, or in any.
fn booked(most: usize) -> impl Strategy<Value = Vec<u32>> {
    let within = prop_oneof![Just(1_u32), Just(3), Just(40), Just(5_000), Just(2_000_000)];
    let late = prop_oneof![Just(0_u32), Just(10), Just(100)];
    (within, late).prop_flat_map(move |(within, late_percent)| {
        let row = (0..within, 0..within, 0_u32..100);
        vec(row, 0..=most).prop_map(move |rows| {
            let mut steady: Vec<u32> = rows.iter().map(|row| row.0).collect();
            steady.sort_unstable();
            let is_late = |chance: u32| chance < late_percent;
            let dated = steady.into_iter().zip(&rows);
            dated.map(|(on_time, row)| if is_late(row.2) { row.1 } else { on_time }).collect()
        })
    })
}

fn page() -> impl Strategy<Value = usize> {
    prop_oneof![1_usize..=3, 4_usize..=30, 45_usize..=130, Just(5_000)]
}

fn event() -> impl Strategy<Value = Event> {
    let secs = prop_oneof![0_u32..3, 0_u32..40, 0_u32..5_000, 0_u32..2_000_000];
    prop_oneof![
        6 => Just(Event::Nothing),
        3 => vec(secs, 1..6).prop_map(Event::Booked),
        1 => (0_usize..8).prop_map(Event::Stopped),
    ]
}

fn story(
    habits: impl Strategy<Value = Habits>,
    event: impl Strategy<Value = Event>,
) -> impl Strategy<Value = Story> {
    let ends = (option::of(0_u32..5_000), option::of(0_u32..5_000));
    let ends = prop_oneof![2 => Just((None, None)), 1 => ends];
    let ids = prop_oneof![Just((0_u128, 1_usize)), Just((0, 12)), Just((BEYOND_U64, 20))];
    let cursor = option::of(0_usize..=100);
    (habits, booked(260), ids, page(), ends, cursor, vec(event, 0..60)).prop_map(
        |(habits, booked, (before_first, width), page, (from, to), cursor, events)| Story {
            habits,
            booked,
            before_first,
            width,
            page,
            from,
            to,
            cursor,
            events,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_yielded_once_in_order_whatever_sepay_does_meanwhile(
        story in story(habits(dates()), event()),
    ) {
        let mut caller = story.caller();
        let end = caller.run();
        prop_assert!(caller.is_ascending(), "{:?}", caller.got);
        prop_assert!(caller.got_nothing_else(), "{:?}", caller.got);
        match end {
            Ok(()) => prop_assert_eq!(caller.missing(), Vec::<u128>::new()),
            Err(error) => {
                prop_assert_eq!(error.code(), "truncated");
                let at_once = story.habits.cap.unwrap_or(5_000);
                let fullest = caller.sepay.fullest_second();
                // Where an end is left out, a full second cannot be asked for alone.
                let spare = usize::from(story.habits.dates != Dates::BothEnds);
                prop_assert!(fullest + spare > at_once, "{error}, at most {fullest} in a second");
            }
        }
    }

    #[test]
    fn date_filters_that_are_not_obeyed_lose_no_row(
        story in story(habits(prop_oneof![Just(Dates::WithoutEnds), Just(Dates::Ignored)]), event()),
    ) {
        let mut caller = story.caller();
        let end = caller.run();
        prop_assert!(caller.is_ascending(), "{:?}", caller.got);
        prop_assert!(caller.got_nothing_else(), "{:?}", caller.got);
        match end {
            Ok(()) => prop_assert_eq!(caller.missing(), Vec::<u128>::new()),
            Err(error) => prop_assert_eq!(error.code(), "truncated"),
        }
    }

    #[test]
    fn rows_that_are_deleted_meanwhile_hide_no_other(
        story in story(
            habits(Just(Dates::BothEnds)).prop_map(|habits| Habits { cap: None, ..habits }),
            prop_oneof![4 => event(), 1 => any::<usize>().prop_map(Event::Deleted)],
        ),
    ) {
        let mut caller = story.caller();
        let end = caller.run();
        prop_assert!(caller.is_ascending(), "{:?}", caller.got);
        prop_assert!(caller.got_nothing_else(), "{:?}", caller.got);
        match end {
            Ok(()) => prop_assert_eq!(caller.missing(), Vec::<u128>::new()),
            Err(error) => {
                prop_assert_eq!(error.code(), "truncated");
                prop_assert!(caller.sepay.deleted() > 1, "{error}");
            }
        }
    }

    #[test]
    fn reads_are_in_proportion_to_pages(
        story in story(habits(dates()), Just(Event::Nothing)),
    ) {
        let mut caller = story.caller();
        let _truncated_or_not = caller.run();
        let page = story.page.min(story.habits.cap.unwrap_or(5_000));
        let pages = story.booked.len() / page + 1;
        prop_assert!(caller.reads <= 25 * pages, "{} reads for {pages} pages", caller.reads);
    }
}
