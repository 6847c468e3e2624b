//! The pace against an oracle that knows when every request really reached SePay.
//!
//! The safety property simulates the world in microseconds while the pace sees a clock in whole milliseconds: requests
//! reach SePay anywhere between their sending and their answer, answers come late, never or in any order, the process
//! crashes, and the clock goes back. Whatever happens, requests i and i + N must be a full second apart at SePay.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, reason = "a helper that fails fails its test")]

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{option, prop_assert, prop_assert_eq};
use sepay::{Pace, PaceRecord, Slot};

/// Where the simulated clocks start, in milliseconds since the Unix epoch.
const START_MS: u64 = 1_790_000_000_000;

const SECOND_US: i64 = 1_000_000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_second_at_sepay_ever_holds_more_than_n(
        slots in 1_u8..=5,
        timeout_ms in prop_oneof![Just(0), 1_u64..3_000],
        phase_us in 0_i64..1_000,
        steps in vec(step(), 1..60),
    ) {
        let mut world = World::new(slots, timeout_ms, phase_us);
        for step in &steps {
            world.run(step);
        }
        prop_assert_eq!(world.arrivals.len(), steps.len());
        world.arrivals.sort_unstable();
        let apart = usize::from(slots);
        for pair in world.arrivals.windows(apart + 1) {
            let gap_us = pair[apart] - pair[0];
            prop_assert!(gap_us >= SECOND_US, "{} arrivals within {gap_us} us", apart + 1);
        }
    }

    #[test]
    fn an_eager_sender_waits_no_millisecond_too_long(
        slots in 1_u8..=5,
        timeout_ms in 0_u64..3_000,
        asks in vec(ask(), 1..40),
    ) {
        let mut eager = Eager::new(slots, timeout_ms);
        for ask in &asks {
            let expected_ms = eager.expected_ms(ask);
            prop_assert_eq!(eager.send(ask), expected_ms);
        }
    }

    #[test]
    fn a_clock_that_goes_back_prolongs_no_wait_by_more_than_its_grain(
        left_ms in 0_u64..5_000,
        back_ms in 0_u64..3_600_000,
    ) {
        let mut pace = Pace::new(1);
        let slot = pace.take(START_MS, 8_000).expect("a free slot");
        pace.finish(slot, START_MS);
        pace.pause(Some(5_001), START_MS);
        let before_ms = START_MS + 5_001 - left_ms;
        prop_assert_eq!(pace.ready_ms(before_ms), before_ms + left_ms);
        let after_ms = before_ms - back_ms;
        let still_ms = pace.ready_ms(after_ms) - after_ms;
        prop_assert!((left_ms..=left_ms + 1).contains(&still_ms), "{left_ms} became {still_ms}");
    }

    #[test]
    fn a_record_brings_back_the_same_pace(
        slots in 1_u8..=50,
        busy in vec(0_u64..20_000, 0..50),
        paused_until_ms in 0_u64..20_000,
        now_ms in 0_u64..20_000,
    ) {
        let stored = PaceRecord { busy_until_ms: busy, paused_until_ms, seen_ms: now_ms };
        let mut once = Pace::restored(slots, &stored);
        let mut twice = Pace::restored(slots, once.record());
        prop_assert_eq!(once.record(), twice.record());
        for _ in 0..60 {
            prop_assert_eq!(once.take(now_ms, 500), twice.take(now_ms, 500));
        }
    }
}

#[test]
fn under_constant_demand_n_requests_leave_per_second_and_round_trip() {
    for slots in 1..=5 {
        for round_trip_ms in [0, 1, 37, 250, 1_999, 7_999] {
            let mut eager = Eager::new(slots, 8_000);
            for turn in 0..40 {
                let ask = Ask { gap_ms: 0, round_trip_ms: Some(round_trip_ms), pause_ms: None };
                let round = turn / u64::from(slots);
                let leaves_ms = START_MS + round * (1_000 + 1 + round_trip_ms);
                assert_eq!(eager.send(&ask), leaves_ms, "{slots} slots, {round_trip_ms} ms");
            }
        }
    }
}

#[test]
fn n_requests_leave_at_once_and_the_next_waits_for_the_first_to_time_out() {
    let mut pace = Pace::new(3);
    for now_ms in [10_000, 10_000, 10_007] {
        assert!(pace.take(now_ms, 8_000).is_ok());
    }
    assert_eq!(pace.take(10_008, 8_000), Err(19_001));
    assert_eq!(pace.take(19_000, 8_000), Err(19_001));
    assert!(pace.take(19_001, 8_000).is_ok());
    assert!(pace.take(19_001, 8_000).is_ok());
    assert_eq!(pace.take(19_001, 8_000), Err(19_008));
}

/// By it the gate tells which of the slots are in use.
#[test]
fn a_slot_says_which_entry_of_the_record_it_holds() {
    let mut pace = Pace::new(3);
    for timeout_ms in [8_000, 500, 2_000] {
        let slot = pace.take(10_000, timeout_ms).unwrap();
        assert_eq!(pace.record().busy_until_ms[slot.index()], 10_000 + timeout_ms + 1_001);
    }
}

#[test]
fn the_second_after_an_answer_starts_with_the_answer_not_with_the_sending() {
    let mut pace = Pace::new(1);
    let slot = pace.take(10_000, 8_000).unwrap();
    pace.finish(slot, 12_500);
    assert_eq!(pace.take(13_500, 8_000), Err(13_501));
    assert!(pace.take(13_501, 8_000).is_ok());
}

#[test]
fn a_clock_that_trembles_at_the_edge_of_a_millisecond_shortens_no_wait() {
    let mut pace = Pace::new(1);
    let slot = pace.take(10_000, 8_000).unwrap();
    pace.finish(slot, 10_000);
    pace.pause(Some(2_000), 10_000);
    for _ in 0..500 {
        assert!(pace.ready_ms(9_999) >= 12_000);
        assert!(pace.ready_ms(10_000) >= 12_000);
    }
    assert_eq!(pace.record().busy_until_ms, [11_001]);
}

#[test]
fn a_pause_is_clamped_to_one_to_sixty_seconds() {
    for (named_ms, until_ms) in [
        (None, 11_000),
        (Some(0), 11_000),
        (Some(999), 11_000),
        (Some(1_001), 11_001),
        (Some(60_000), 70_000),
        (Some(3_600_000), 70_000),
        (Some(u64::MAX), 70_000),
    ] {
        let mut pace = Pace::new(2);
        pace.pause(named_ms, 10_000);
        assert_eq!(pace.record().paused_until_ms, until_ms, "{named_ms:?}");
        assert_eq!(pace.take(10_000, 8_000), Err(until_ms));
        assert_eq!(pace.take(until_ms - 1, 8_000), Err(until_ms));
        assert!(pace.take(until_ms, 8_000).is_ok());
        assert!(pace.take(until_ms, 8_000).is_ok(), "the pause is over for every slot");
    }
}

#[test]
fn a_pause_that_begins_after_the_clock_went_back_keeps_its_length() {
    let mut pace = Pace::new(2);
    let slot = pace.take(5_000_000, 8_000).unwrap();
    pace.finish(slot, 2_000_000);
    pace.pause(Some(30_000), 2_000_000);
    assert_eq!(pace.take(2_000_100, 8_000), Err(2_030_000));

    let mut unanswered = Pace::new(2);
    let _slot = unanswered.take(5_000_000, 8_000).unwrap();
    unanswered.pause(Some(30_000), 2_000_000);
    assert_eq!(unanswered.take(2_000_100, 8_000), Err(2_030_000));
}

#[test]
fn a_later_pause_never_shortens_an_earlier_one() {
    let mut pace = Pace::new(1);
    pace.pause(Some(30_000), 10_000);
    pace.pause(None, 11_000);
    pace.pause(Some(2_000), 12_000);
    assert_eq!(pace.take(12_000, 8_000), Err(40_000));
    pace.pause(Some(30_000), 12_000);
    assert_eq!(pace.take(12_000, 8_000), Err(42_000));
}

#[test]
fn an_answer_during_a_pause_frees_nothing_before_the_pause_ends() {
    let mut pace = Pace::new(1);
    let slot = pace.take(10_000, 8_000).unwrap();
    pace.pause(Some(5_000), 10_100);
    pace.finish(slot, 10_100);
    assert_eq!(pace.take(11_101, 8_000), Err(15_100));
    assert!(pace.take(15_100, 8_000).is_ok());
}

#[test]
fn a_late_answer_does_not_free_a_slot_that_was_taken_again() {
    let mut pace = Pace::new(1);
    let lost = pace.take(10_000, 500).unwrap();
    let next = pace.take(11_501, 8_000).expect("the lost request timed out a second ago");
    pace.finish(lost, 11_600);
    assert_eq!(pace.take(12_601, 8_000), Err(20_502), "the next request is still under way");
    pace.finish(next, 12_700);
    assert_eq!(pace.take(12_701, 8_000), Err(13_701));
}

#[test]
fn a_late_answer_counts_from_its_own_arrival() {
    let mut pace = Pace::new(1);
    let slot = pace.take(10_000, 500).unwrap();
    pace.finish(slot, 10_500);
    pace.finish(slot, 11_400);
    assert_eq!(pace.take(11_501, 500), Err(12_401));
}

#[test]
fn restored_with_fewer_slots_the_busiest_are_kept() {
    let stored = record(&[10_100, 10_300, 10_000, 10_200], 0, 9_000);
    let mut pace = Pace::restored(2, &stored);
    assert_eq!(pace.record().busy_until_ms.len(), 2);
    assert_eq!(pace.take(9_000, 8_000), Err(10_200));
    assert!(pace.take(10_200, 8_000).is_ok());
    assert_eq!(pace.take(10_200, 8_000), Err(10_300));
}

#[test]
fn restored_with_more_slots_the_new_ones_are_free_and_the_old_ones_stay_busy() {
    let stored = record(&[10_100, 10_200], 0, 9_000);
    let mut pace = Pace::restored(3, &stored);
    assert!(pace.take(9_000, 0).is_ok());
    assert_eq!(pace.take(9_000, 0), Err(10_001), "the new slot's own request");
    assert!(pace.take(10_001, 8_000).is_ok());
    assert_eq!(pace.take(10_001, 8_000), Err(10_100));
}

#[test]
fn a_pause_survives_a_restart() {
    let mut pace = Pace::new(2);
    pace.pause(Some(30_000), 10_000);
    let mut restored = Pace::restored(2, pace.record());
    assert_eq!(restored.take(11_000, 8_000), Err(40_000));
}

#[test]
fn a_restart_after_the_clock_went_back_keeps_every_wait() {
    let mut pace = Pace::new(1);
    let _slot = pace.take(5_000_000, 8_000).unwrap();
    let mut restored = Pace::restored(1, pace.record());
    let left_ms = restored.take(2_000_000, 8_000).unwrap_err() - 2_000_000;
    assert!((9_001..=9_002).contains(&left_ms), "{left_ms}");
}

/// The record is stored, so its meaning may not change: one entry a slot, all in milliseconds since the Unix epoch.
#[test]
fn record_format_unchanged() {
    let mut pace = Pace::new(2);
    assert_eq!(pace.record(), &record(&[0, 0], 0, 0));
    let slot = pace.take(10_000, 8_000).unwrap();
    assert_eq!(pace.record(), &record(&[19_001, 0], 0, 10_000));
    let _other_slot = pace.take(10_050, 8_000).unwrap();
    assert_eq!(pace.record(), &record(&[19_001, 19_051], 0, 10_050));
    pace.finish(slot, 10_100);
    assert_eq!(pace.record(), &record(&[11_101, 19_051], 0, 10_100));
    pace.pause(Some(2_000), 10_200);
    assert_eq!(pace.record(), &record(&[11_101, 19_051], 12_200, 10_200));
}

#[test]
fn the_rate_is_clamped_to_one_to_fifty() {
    for (asked, slots) in [(0, 1), (1, 1), (50, 50), (51, 50), (255, 50)] {
        assert_eq!(Pace::new(asked).record().busy_until_ms.len(), slots);
    }
}

#[test]
fn absurd_times_wait_and_never_overflow() {
    let mut pace = Pace::new(1);
    let slot = pace.take(u64::MAX - 5, u64::MAX).unwrap();
    pace.pause(Some(u64::MAX), u64::MAX);
    pace.finish(slot, u64::MAX);
    assert!(pace.take(0, u64::MAX).is_err(), "no time passed between the answer and now");
}

/// One wish to send, and what the world does to it.
#[derive(Debug, Clone)]
struct Step {
    /// How long after the request before it the wish comes.
    gap_us: i64,
    /// How long the answer takes; beyond the timeout it is lost, or late.
    round_trip_us: i64,
    /// Where between sending and answer the request reaches SePay, in thousandths.
    arrival: i64,
    /// Whether the sender reports that it gives up at the timeout.
    gives_up: bool,
    /// Whether an answer after the timeout is reported too.
    late: bool,
    before: Option<Event>,
    /// After how long a wait the clock goes back, and by how much.
    jump_while_waiting: Option<(i64, i64)>,
}

#[derive(Debug, Clone)]
enum Event {
    /// After so long, by so much: mostly while requests are under way, and unnoticed until one is over.
    ClockGoesBack(i64, i64),
    Crash,
    Pause(Option<u64>),
}

fn step() -> impl Strategy<Value = Step> {
    let gap = prop_oneof![4 => Just(0), 2 => 0_i64..5_000, 1 => 0_i64..2_000_000];
    let round_trip = prop_oneof![2 => Just(0), 2 => 0_i64..50_000, 1 => 0_i64..8_000_000];
    let arrival = prop_oneof![2 => Just(0), 2 => Just(1_000), 1 => 0_i64..=1_000];
    let jump = option::weighted(0.3, (0_i64..1_500_000, jump_us()));
    (gap, round_trip, arrival, any::<bool>(), any::<bool>(), option::weighted(0.3, event()), jump)
        .prop_map(|(gap_us, round_trip_us, arrival, gives_up, late, before, jump_while_waiting)| {
            Step { gap_us, round_trip_us, arrival, gives_up, late, before, jump_while_waiting }
        })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        ((0_i64..2_000_000), jump_us())
            .prop_map(|(after_us, back_us)| Event::ClockGoesBack(after_us, back_us)),
        Just(Event::Crash),
        option::of(0_u64..3_000).prop_map(Event::Pause),
    ]
}

fn jump_us() -> impl Strategy<Value = i64> {
    prop_oneof![0_i64..3_000, 0_i64..2_000_000, 0_i64..3_600_000_000]
}

/// What will happen by itself.
#[derive(Debug, Clone, Copy)]
enum Due {
    /// The process hears of an answer or of a timeout.
    Over(Slot),
    ClockGoesBack(i64),
}

/// SePay, the network, the process and its clock. All times but the clock's are true microseconds.
struct World {
    pace: Pace,
    slots: u8,
    timeout_us: i64,
    now_us: i64,
    clock_lag_us: i64,
    due: Vec<(i64, Due)>,
    stored: PaceRecord,
    arrivals: Vec<i64>,
}

impl World {
    fn new(slots: u8, timeout_ms: u64, phase_us: i64) -> Self {
        Self {
            pace: Pace::new(slots),
            slots,
            timeout_us: micros(timeout_ms),
            now_us: micros(START_MS) + phase_us,
            clock_lag_us: 0,
            due: Vec::new(),
            stored: PaceRecord::default(),
            arrivals: Vec::new(),
        }
    }

    fn clock_ms(&self) -> u64 {
        millis(self.now_us - self.clock_lag_us)
    }

    fn run(&mut self, step: &Step) {
        self.pass_until(self.now_us + step.gap_us);
        match &step.before {
            None => {}
            Some(Event::ClockGoesBack(after_us, back_us)) => {
                self.due.push((self.now_us + after_us, Due::ClockGoesBack(*back_us)));
            }
            Some(Event::Pause(named_ms)) => self.pace.pause(*named_ms, self.clock_ms()),
            Some(Event::Crash) => {
                self.due.retain(|(_, due)| matches!(due, Due::ClockGoesBack(_)));
                self.pace = Pace::restored(self.slots, &self.stored);
            }
        }
        let slot = self.wait_for_slot(step.jump_while_waiting);
        self.stored = self.pace.record().clone();
        self.leave(step, slot);
    }

    fn leave(&mut self, step: &Step, slot: Slot) {
        let over_us = step.round_trip_us.min(self.timeout_us);
        self.arrivals.push(self.now_us + over_us * step.arrival / 1_000);
        let in_time = step.round_trip_us <= self.timeout_us;
        if in_time || step.gives_up {
            self.due.push((self.now_us + over_us, Due::Over(slot)));
        }
        if !in_time && step.late {
            self.due.push((self.now_us + step.round_trip_us, Due::Over(slot)));
        }
    }

    fn wait_for_slot(&mut self, mut jump: Option<(i64, i64)>) -> Slot {
        loop {
            let ready_ms = match self.pace.take(self.clock_ms(), millis(self.timeout_us)) {
                Ok(slot) => return slot,
                Err(ready_ms) => ready_ms,
            };
            let ready_us = micros(ready_ms) + self.clock_lag_us;
            assert!(ready_us > self.now_us, "a refusal names a later instant");
            if let Some((after_us, back_us)) = jump.take() {
                self.pass_until(ready_us.min(self.now_us + after_us));
                let _ready_ms = self.pace.ready_ms(self.clock_ms());
                self.clock_lag_us += back_us;
            } else {
                let over = self.due.iter().filter(|(_, due)| matches!(due, Due::Over(_)));
                let next_over_us = over.map(|(due_us, _)| *due_us).min();
                self.pass_until(ready_us.min(next_over_us.unwrap_or(ready_us)));
            }
        }
    }

    fn pass_until(&mut self, until_us: i64) {
        self.due.sort_by_key(|(due_us, _)| *due_us);
        while self.due.first().is_some_and(|(due_us, _)| *due_us <= until_us) {
            let (due_us, due) = self.due.remove(0);
            self.now_us = due_us;
            match due {
                Due::Over(slot) => self.pace.finish(slot, self.clock_ms()),
                Due::ClockGoesBack(back_us) => self.clock_lag_us += back_us,
            }
        }
        self.now_us = until_us;
    }
}

/// One wish of the eager sender, in whole milliseconds.
#[derive(Debug, Clone)]
struct Ask {
    gap_ms: u64,
    /// None: no answer comes and nobody says so.
    round_trip_ms: Option<u64>,
    /// A 429's pause, right after the sending.
    pause_ms: Option<u64>,
}

fn ask() -> impl Strategy<Value = Ask> {
    let gap = prop_oneof![3 => Just(0), 1 => 0_u64..3_000];
    let trip = option::weighted(0.8, 0_u64..3_000);
    let pause = option::weighted(0.1, 0_u64..5_000);
    (gap, trip, pause).prop_map(|(gap_ms, round_trip_ms, pause_ms)| Ask {
        gap_ms,
        round_trip_ms,
        pause_ms,
    })
}

/// A sender that tries at every instant that a refusal names and at every answer.
struct Eager {
    pace: Pace,
    slots: u8,
    timeout_ms: u64,
    now_ms: u64,
    due: Vec<(u64, Slot)>,
    /// For the oracle: when each request left and when it was answered.
    sent: Vec<(u64, Option<u64>)>,
    pause_ends_ms: u64,
}

impl Eager {
    fn new(slots: u8, timeout_ms: u64) -> Self {
        Self {
            pace: Pace::new(slots),
            slots,
            timeout_ms,
            now_ms: START_MS,
            due: Vec::new(),
            sent: Vec::new(),
            pause_ends_ms: 0,
        }
    }

    /// The first millisecond at which fewer than N requests are under way or younger than a second, and no pause holds.
    fn expected_ms(&self, ask: &Ask) -> u64 {
        let busy_at = |(sent_ms, answered_ms): &(u64, Option<u64>), at_ms: u64| {
            let over_ms = answered_ms.filter(|answered_ms| *answered_ms <= at_ms);
            at_ms < over_ms.unwrap_or(sent_ms + self.timeout_ms) + 1_001
        };
        let wish_ms = (self.now_ms + ask.gap_ms).max(self.pause_ends_ms);
        let free_at = |at_ms: u64| {
            let busy = self.sent.iter().filter(|request| busy_at(request, at_ms)).count();
            busy < usize::from(self.slots)
        };
        // Nothing changes but where a request's second ends.
        let ends = self.sent.iter().flat_map(|(sent_ms, answered_ms)| {
            [Some(sent_ms + self.timeout_ms), *answered_ms].into_iter().flatten()
        });
        let instants = ends.map(|over_ms| over_ms + 1_001).filter(|at_ms| *at_ms > wish_ms);
        let first = instants.chain([wish_ms]).filter(|at_ms| free_at(*at_ms)).min();
        first.expect("every request is over some day")
    }

    fn send(&mut self, ask: &Ask) -> u64 {
        self.pass_until(self.now_ms + ask.gap_ms);
        let slot = loop {
            match self.pace.take(self.now_ms, self.timeout_ms) {
                Ok(slot) => break slot,
                Err(ready_ms) => {
                    assert!(ready_ms > self.now_ms, "a refusal names a later instant");
                    let next_due_ms = self.due.iter().map(|(due_ms, _)| *due_ms).min();
                    self.pass_until(ready_ms.min(next_due_ms.unwrap_or(ready_ms)));
                }
            }
        };
        // Later than this, the slot may be taken again before the answer comes.
        let answered_ms =
            ask.round_trip_ms.map(|trip_ms| self.now_ms + trip_ms.min(self.timeout_ms + 1_000));
        self.due.extend(answered_ms.map(|answered_ms| (answered_ms, slot)));
        self.sent.push((self.now_ms, answered_ms));
        if let Some(pause_ms) = ask.pause_ms {
            self.pace.pause(Some(pause_ms), self.now_ms);
            let ends_ms = self.now_ms + pause_ms.max(1_000);
            self.pause_ends_ms = self.pause_ends_ms.max(ends_ms);
        }
        self.now_ms
    }

    fn pass_until(&mut self, until_ms: u64) {
        self.due.sort_by_key(|(due_ms, _)| *due_ms);
        while self.due.first().is_some_and(|(due_ms, _)| *due_ms <= until_ms) {
            let (due_ms, slot) = self.due.remove(0);
            self.pace.finish(slot, due_ms);
        }
        self.now_ms = until_ms;
    }
}

fn record(busy_until_ms: &[u64], paused_until_ms: u64, seen_ms: u64) -> PaceRecord {
    PaceRecord { busy_until_ms: busy_until_ms.to_vec(), paused_until_ms, seen_ms }
}

fn micros(ms: u64) -> i64 {
    i64::try_from(ms).expect("a time of this century") * 1_000
}

fn millis(us: i64) -> u64 {
    u64::try_from(us.div_euclid(1_000)).expect("a time after 1970")
}
