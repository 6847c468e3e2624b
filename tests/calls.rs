//! The client's machine: its rules one by one, and all of them at once in a simulated world.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]
#![allow(clippy::indexing_slicing, reason = "a helper that fails fails its test")]

#[path = "calls/world.rs"]
mod world;

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{option, prop_assert};
use sepay::{CallRules, Calls, Error, Fate, Pace, Sending, Steps};
use world::{End, Ends, MS, Plan, Says, Try, World};

const RULES: CallRules = CallRules { requests_per_second: 1, timeout_ms: 8_000, max_retries: 2 };

/// A deadline that no test reaches.
const FAR_MS: u64 = 10_000_000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The world itself checks turns, rests, pauses, deadlines, wakes and that every call ends once.
    #[test]
    fn whatever_happens_no_second_at_sepay_holds_more_than_n_and_every_call_ends(
        requests_per_second in 1_u8..=4,
        timeout_ms in 50_u64..3_000,
        max_retries in 0_u32..=5,
        phase_us in 0_i64..1_000,
        plans in vec(plan(), 1..25),
        jumps in vec((0_i64..20_000_000, jump_us()), 0..3),
    ) {
        let rules = CallRules { requests_per_second, timeout_ms, max_retries };
        let mut world = World::new(rules, phase_us, &plans, &jumps);
        world.run();
        world.arrivals.sort_unstable();
        let apart = usize::from(requests_per_second);
        for pair in world.arrivals.windows(apart + 1) {
            let gap_us = pair[apart] - pair[0];
            prop_assert!(gap_us >= 1_000 * MS, "{} arrivals within {gap_us} us", apart + 1);
        }
    }

    #[test]
    fn absurd_times_and_numbers_never_panic(
        asks in vec((time_ms(), time_ms()), 1..8),
        steps in vec((0_u8..6, 0_u64..10, time_ms(), any::<f64>()), 0..40),
    ) {
        let mut calls = Calls::new(CallRules { timeout_ms: u64::MAX, max_retries: u32::MAX, ..RULES });
        for (now_ms, deadline_ms) in asks {
            calls.ask(now_ms, deadline_ms);
        }
        for (step, call, now_ms, random) in steps {
            match step {
                0 | 1 => {
                    let wake_in_ms = calls.advance(now_ms).wake_in_ms;
                    prop_assert!(wake_in_ms.is_none_or(|ms| (1..=2_147_483_647).contains(&ms)));
                }
                2 => calls.arrived(call, now_ms),
                3 => calls.leave(call),
                4 => {
                    calls.answered(call, now_ms);
                }
                _ => {
                    calls.failed(call, now_ms, random, limited(Some(now_ms)));
                }
            }
        }
    }
}

#[test]
fn calls_leave_in_the_order_of_asking_as_slots_allow() {
    let mut calls = Calls::new(CallRules { requests_per_second: 2, ..RULES });
    let asked: Vec<u64> = (0..3).map(|_| calls.ask(0, FAR_MS)).collect();
    let steps = calls.advance(0);
    let first = |call| Sending { call, attempt: 1, timeout_ms: 8_000 };
    assert_eq!(steps.send, [first(asked[0]), first(asked[1])]);
    assert_eq!(steps.wake_in_ms, Some(9_001), "both slots are held for the timeout and a second");
    calls.arrived(asked[1], 50);
    assert_eq!(calls.advance(50).wake_in_ms, Some(1_001));
    assert_eq!(calls.advance(1_050).send, []);
    assert_eq!(calls.advance(1_051).send, [first(asked[2])]);
}

#[test]
fn nothing_waits_nothing_wakes() {
    let mut calls = Calls::new(RULES);
    assert_eq!(calls.advance(0), Steps::default());
    let call = calls.ask(0, FAR_MS);
    assert_eq!(calls.advance(0).wake_in_ms, None, "it is under way");
    assert!(calls.answered(call, 10));
    assert_eq!(calls.advance(10), Steps::default());
}

#[test]
fn an_answer_without_word_of_its_headers_frees_the_slot_as_well() {
    let mut calls = Calls::new(RULES);
    let call = calls.ask(0, FAR_MS);
    calls.advance(0);
    calls.answered(call, 100);
    calls.ask(100, FAR_MS);
    assert_eq!(calls.advance(100).wake_in_ms, Some(1_001));
}

#[test]
fn the_slot_is_free_a_second_after_the_headers_however_long_the_body_takes() {
    let mut calls = Calls::new(RULES);
    let slow = calls.ask(0, FAR_MS);
    let next = calls.ask(0, FAR_MS);
    calls.advance(0);
    calls.arrived(slow, 100);
    assert_eq!(calls.advance(1_101).send[0].call, next);
    calls.arrived(slow, 1_200);
    assert!(calls.answered(slow, 5_000), "its slot is not freed again");
    calls.ask(5_000, FAR_MS);
    assert_eq!(calls.advance(5_000).wake_in_ms, Some(5_102), "the second request holds it");
}

#[test]
fn the_slot_is_freed_by_the_first_word_of_the_answer_alone() {
    let (mut calls, call) = one_sent(FAR_MS);
    calls.arrived(call, 100);
    calls.arrived(call, 400);
    assert!(calls.answered(call, 600));
    calls.ask(600, FAR_MS);
    assert_eq!(calls.advance(600).wake_in_ms, Some(501));
}

#[test]
fn a_call_that_rests_wakes_when_it_is_due() {
    let (mut calls, call) = one_sent(FAR_MS);
    calls.failed(call, 100, 0.5, Error::Connection);
    assert_eq!(calls.advance(100).wake_in_ms, Some(250));
    assert_eq!(calls.advance(350).wake_in_ms, Some(751), "and then when the slot is free");
}

#[test]
fn what_may_be_tried_again_is_and_the_rest_is_over() {
    let timeout = Error::Timeout { after_ms: 0 };
    let server = Error::Server { status: 502, retry_after_ms: None };
    for error in [Error::Connection, timeout, server, limited(None)] {
        let (mut calls, call) = one_sent(FAR_MS);
        assert!(matches!(calls.failed(call, 10, 0.0, error), Fate::Again { .. }));
    }
    for error in [
        Error::Unauthorized { message: None },
        Error::Forbidden { message: None },
        Error::NotFound { message: None },
        Error::Redirect { status: 302 },
        Error::Challenge { status: 200 },
        Error::Rejected { status: 400, message: None },
        Error::TooLarge { limit_bytes: 1 },
        Error::Unreadable { at: "body".to_owned(), reason: "expected JSON".to_owned() },
    ] {
        let (mut calls, call) = one_sent(FAR_MS);
        assert_eq!(calls.failed(call, 10, 0.0, error.clone()), Fate::Over { error });
        assert_eq!(calls.failed(call, 10, 0.0, Error::Connection), Fate::Unknown);
    }
}

#[test]
fn a_call_is_tried_again_so_often_and_then_it_is_over() {
    let (mut calls, call) = one_sent(FAR_MS);
    assert_eq!(again_ms(&calls.failed(call, 100, 0.0, Error::Connection)), 0);
    assert_eq!(calls.advance(1_101).send, [Sending { call, attempt: 2, timeout_ms: 8_000 }]);
    assert_eq!(again_ms(&calls.failed(call, 1_200, 0.0, Error::Connection)), 0);
    assert_eq!(calls.advance(2_201).send[0].attempt, 3);
    let fate = calls.failed(call, 2_300, 0.0, Error::Connection);
    assert_eq!(fate, Fate::Over { error: Error::Connection });
    assert_eq!(calls.advance(20_000), Steps::default());
}

#[test]
fn a_rest_is_a_random_part_of_half_a_second_doubled_to_eight() {
    let rules = CallRules { max_retries: 7, timeout_ms: 1, ..RULES };
    for (random, expected) in [
        (0.0, [0, 0, 0, 0, 0, 0]),
        (0.5, [250, 500, 1_000, 2_000, 4_000, 4_000]),
        (0.999, [499, 999, 1_998, 3_996, 7_992, 7_992]),
        (f64::NAN, [0, 0, 0, 0, 0, 0]),
        (f64::INFINITY, [500, 1_000, 2_000, 4_000, 8_000, 8_000]),
        (-1.0, [0, 0, 0, 0, 0, 0]),
    ] {
        let mut calls = Calls::new(rules);
        let call = calls.ask(0, FAR_MS);
        let mut now_ms = 0;
        for expected_ms in expected {
            assert_eq!(calls.advance(now_ms).send.len(), 1);
            assert_eq!(
                again_ms(&calls.failed(call, now_ms, random, Error::Connection)),
                expected_ms
            );
            now_ms += 20_000;
        }
    }
}

#[test]
fn a_429_pauses_all_for_the_time_it_names_and_its_call_a_random_time_longer() {
    for (named_ms, pause_ms) in
        [(None, 1_000), (Some(10), 1_000), (Some(7_000), 7_000), (Some(3_600_000), 60_000)]
    {
        let (mut calls, call) = one_sent(FAR_MS);
        let other = calls.ask(0, FAR_MS);
        let fate = calls.failed(call, 100, 0.5, limited(named_ms));
        assert_eq!(again_ms(&fate), pause_ms + 250);
        let steps = calls.advance(100);
        assert_eq!(steps.paused_ms, pause_ms);
        assert_eq!(steps.wake_in_ms, Some(pause_ms.max(1_001)));
        let steps = calls.advance(100 + pause_ms.max(1_001));
        assert_eq!(
            (steps.send[0].call, steps.paused_ms),
            (other, 0),
            "the rest is over for others"
        );
    }
}

#[test]
fn a_429_at_the_last_try_pauses_all_the_same() {
    let mut calls = Calls::new(CallRules { max_retries: 0, ..RULES });
    let call = calls.ask(0, FAR_MS);
    calls.advance(0);
    let error = limited(Some(5_000));
    assert_eq!(calls.failed(call, 100, 0.5, error.clone()), Fate::Over { error });
    calls.ask(100, FAR_MS);
    let steps = calls.advance(100);
    assert_eq!((steps.paused_ms, steps.wake_in_ms), (5_000, Some(5_000)));
}

#[test]
fn a_5xx_that_names_a_time_holds_its_call_and_nobody_else() {
    for (named_ms, rest_ms) in [(10, 1_000), (7_000, 7_000), (3_600_000, 60_000)] {
        let (mut calls, call) = one_sent(FAR_MS);
        let other = calls.ask(0, FAR_MS);
        let error = Error::Server { status: 503, retry_after_ms: Some(named_ms) };
        assert_eq!(again_ms(&calls.failed(call, 100, 0.5, error)), rest_ms + 250);
        let steps = calls.advance(1_101);
        assert_eq!((steps.send[0].call, steps.paused_ms), (other, 0));
    }
}

#[test]
fn a_call_that_rests_lets_the_others_pass_and_then_goes_before_them() {
    let (mut calls, first) = one_sent(FAR_MS);
    let [second, third] = [calls.ask(0, FAR_MS), calls.ask(0, FAR_MS)];
    let server = Error::Server { status: 500, retry_after_ms: Some(1_500) };
    assert_eq!(again_ms(&calls.failed(first, 100, 0.0, server)), 1_500);
    assert_eq!(calls.advance(1_101).send[0].call, second);
    calls.answered(second, 1_200);
    assert_eq!(calls.advance(1_600).wake_in_ms, Some(601));
    assert_eq!(calls.advance(2_201).send[0].call, first, "due again, and asked before the third");
    calls.answered(first, 2_300);
    assert_eq!(calls.advance(3_301).send[0].call, third);
}

#[test]
fn who_waits_past_the_deadline_is_told_how_long_it_waited() {
    let (mut calls, _) = one_sent(FAR_MS);
    let call = calls.ask(100, 3_000);
    assert_eq!(calls.advance(100).wake_in_ms, Some(2_900));
    let steps = calls.advance(2_999);
    assert_eq!((steps.expired, steps.wake_in_ms), (Vec::new(), Some(1)));
    let steps = calls.advance(3_000);
    assert_eq!(steps.expired, [(call, Error::Timeout { after_ms: 2_900 })]);
    assert_eq!(steps.wake_in_ms, None);
    assert_eq!(calls.advance(20_000), Steps::default());
}

/// A Worker's request that is cut off reports nothing.
#[test]
fn a_call_whose_sender_is_gone_without_a_word_is_over_when_deadline_and_slot_are() {
    let (mut calls, lost) = one_sent(3_000);
    let slot_free_ms = RULES.timeout_ms + Pace::HOLD_MS;
    assert!(slot_free_ms > 3_000);
    assert_eq!(calls.advance(slot_free_ms - 1), Steps::default());
    let expired = [(lost, Error::Timeout { after_ms: slot_free_ms })];
    assert_eq!(calls.advance(slot_free_ms).expired, expired);
    assert!(!calls.answered(lost, slot_free_ms + 1), "its answer comes too late");
    let (mut calls, lost) = one_sent(FAR_MS);
    assert_eq!(calls.advance(FAR_MS - 1).expired, []);
    assert_eq!(calls.advance(FAR_MS).expired, [(lost, Error::Timeout { after_ms: FAR_MS })]);
}

#[test]
fn a_deadline_that_is_over_already_sends_nothing() {
    let mut calls = Calls::new(RULES);
    let call = calls.ask(5_000, 4_000);
    let steps = calls.advance(5_000);
    assert_eq!(steps.expired, [(call, Error::Timeout { after_ms: 0 })]);
    assert_eq!((steps.send, steps.wake_in_ms), (Vec::new(), None));
}

#[test]
fn a_try_that_the_deadline_ends_is_over_and_holds_its_slot_for_the_whole_timeout() {
    let (mut calls, call) = one_sent(3_000);
    let next = calls.ask(0, FAR_MS);
    let fate = calls.failed(call, 2_999, 0.0, Error::Timeout { after_ms: 0 });
    let error = Error::Timeout { after_ms: 3_000 };
    assert_eq!(fate, Fate::Over { error }, "a timer that fires early changes nothing");
    assert_eq!(calls.advance(3_000).wake_in_ms, Some(6_001));
    calls.arrived(call, 4_000);
    assert_eq!(calls.advance(4_000).wake_in_ms, Some(1_001), "it has arrived after all");
    assert_eq!(calls.advance(5_001).send[0].call, next);
}

#[test]
fn a_try_gets_what_the_deadline_leaves() {
    let (mut calls, call) = one_sent(5_000);
    calls.failed(call, 100, 0.0, Error::Connection);
    assert_eq!(calls.advance(1_101).send, [Sending { call, attempt: 2, timeout_ms: 3_899 }]);
}

#[test]
fn a_retry_that_would_come_after_the_deadline_is_not_waited_for() {
    for (deadline_ms, is_over) in [(7_100, true), (7_101, false)] {
        let (mut calls, call) = one_sent(deadline_ms);
        let fate = calls.failed(call, 100, 0.0, limited(Some(7_000)));
        assert_eq!(matches!(fate, Fate::Over { .. }), is_over, "{deadline_ms} ms");
    }
    let mut calls = Calls::new(CallRules { requests_per_second: 2, ..RULES });
    let [limits, other] = [calls.ask(0, FAR_MS), calls.ask(0, 5_000)];
    calls.advance(0);
    calls.failed(limits, 100, 0.0, limited(Some(5_000)));
    let fate = calls.failed(other, 100, 0.0, Error::Connection);
    assert_eq!(fate, Fate::Over { error: Error::Connection }, "another's pause counts as well");
}

#[test]
fn a_timeout_is_told_in_full_and_frees_the_slot_no_earlier_than_was_said() {
    for (reported_ms, free_ms) in [(7_999, 9_001), (8_000, 9_001), (8_500, 9_501)] {
        let (mut calls, call) = one_sent(FAR_MS);
        let fate = calls.failed(call, reported_ms, 0.0, Error::Timeout { after_ms: 0 });
        let error = Error::Timeout { after_ms: 8_000 };
        assert_eq!(fate, Fate::Again { error, in_ms: 0 });
        assert_eq!(calls.advance(free_ms - 1).send, []);
        assert_eq!(calls.advance(free_ms).send[0].call, call);
    }
}

#[test]
fn who_leaves_while_waiting_is_gone() {
    let (mut calls, _) = one_sent(FAR_MS);
    let [left, stays] = [calls.ask(0, 500), calls.ask(0, FAR_MS)];
    calls.leave(left);
    let steps = calls.advance(600);
    assert_eq!((steps.expired, steps.wake_in_ms), (Vec::new(), Some(8_401)));
    assert_eq!(calls.advance(9_001).send[0].call, stays);
}

#[test]
fn who_leaves_while_resting_is_gone() {
    let (mut calls, call) = one_sent(FAR_MS);
    calls.failed(call, 100, 0.5, Error::Connection);
    calls.leave(call);
    assert_eq!(calls.advance(100), Steps::default());
    assert_eq!(calls.advance(5_000), Steps::default());
}

#[test]
fn who_leaves_under_way_keeps_the_slot_until_its_request_is_over() {
    type Report = fn(&mut Calls, u64);
    let headers: Report = |calls, call| calls.arrived(call, 2_000);
    let answer: Report = |calls, call| assert!(!calls.answered(call, 2_000));
    let broken: Report = |calls, call| unknown(calls, call, Error::Connection);
    let given_up: Report = |calls, call| unknown(calls, call, Error::Timeout { after_ms: 0 });
    let nothing: Report = |_, _| {};
    for (what, report, free_ms) in [
        ("headers", headers, 3_001),
        ("the whole answer", answer, 3_001),
        ("a broken connection", broken, 3_001),
        ("given up", given_up, 9_001),
        ("nothing", nothing, 9_001),
    ] {
        let (mut calls, call) = one_sent(FAR_MS);
        calls.leave(call);
        let next = calls.ask(100, FAR_MS);
        assert_eq!(calls.advance(100).wake_in_ms, Some(8_901), "{what}");
        report(&mut calls, call);
        assert_eq!(calls.advance(free_ms - 1).send, [], "{what}");
        assert_eq!(calls.advance(free_ms).send[0].call, next, "{what}");
        calls.arrived(call, free_ms + 10);
        calls.ask(free_ms + 10, FAR_MS);
        let held = calls.advance(free_ms + 10).wake_in_ms;
        assert_eq!(held, Some(8_991), "{what}: what is said later concerns nobody");
    }
}

#[test]
fn who_leaves_while_the_body_comes_holds_nothing() {
    let (mut calls, call) = one_sent(FAR_MS);
    calls.arrived(call, 100);
    calls.leave(call);
    calls.ask(200, FAR_MS);
    assert_eq!(calls.advance(200).wake_in_ms, Some(901));
}

#[test]
fn reports_about_nobody_change_nothing() {
    let (mut calls, call) = one_sent(FAR_MS);
    let waiting = calls.ask(0, FAR_MS);
    for other in [0, waiting, 99, u64::MAX] {
        calls.arrived(other, 10);
        assert!(!calls.answered(other, 10));
        assert_eq!(calls.failed(other, 10, 0.0, Error::Connection), Fate::Unknown);
    }
    calls.leave(99);
    assert_eq!(calls.advance(10).wake_in_ms, Some(8_991));
    assert!(calls.answered(call, 20));
    assert!(!calls.answered(call, 20));
    assert_eq!(calls.advance(1_021).send[0].call, waiting);
}

#[test]
fn after_the_clock_went_back_every_wait_keeps_its_length() {
    let mut calls = Calls::new(RULES);
    let start_ms = 5_000_000;
    let call = calls.ask(start_ms, start_ms + FAR_MS);
    calls.advance(start_ms);
    calls.answered(call, start_ms);
    let waits = calls.ask(start_ms, start_ms + 500);
    let goes = calls.ask(start_ms, start_ms + FAR_MS);
    assert_eq!(calls.advance(start_ms).wake_in_ms, Some(500));
    let back_ms = 1_000_000;
    assert_eq!(calls.advance(back_ms).wake_in_ms, Some(500));
    assert_eq!(calls.advance(back_ms + 501).expired[0].0, waits);
    assert_eq!(calls.advance(back_ms + 1_002).send[0].call, goes);
}

#[test]
fn a_hundred_calls_take_what_the_pace_allows_and_one_slot_more() {
    let rules = CallRules { requests_per_second: 2, ..RULES };
    let answer = Ends::Answer { headers_us: 50 * MS, body_us: MS, says: Says::Good };
    let tries = vec![Try { arrival: 500, tells: true, ends: answer }];
    let plan = Plan { gap_us: 0, deadline_ms: FAR_MS, leaves_after_us: None, random: 0.5, tries };
    for phase_us in [0, 1, 500, 999] {
        let mut world = World::new(rules, phase_us, &vec![plan.clone(); 100], &[]);
        let start_us = world.now_us;
        world.run();
        let slot_us = (1_000 + 1 + 50) * MS;
        let last_us = world.ends.values().map(|(at_us, _)| *at_us).max().expect("a hundred");
        assert!(world.ends.values().all(|(_, end)| *end == End::Good));
        let took_us = last_us - start_us;
        assert!(took_us <= 100 / 2 * slot_us + slot_us, "{took_us} us");
        let order: Vec<u64> = world.sent.iter().map(|(_, sending)| sending.call).collect();
        assert_eq!(order, (1..=100).collect::<Vec<u64>>());
    }
}

/// With time linear in the queue for each step, this would take minutes.
#[test]
fn a_hundred_thousand_waiting_calls_are_no_burden() {
    const COUNT: u64 = 100_000;
    let mut calls = Calls::new(RULES);
    for turn in 0..COUNT {
        // Deadlines in no order.
        calls.ask(0, FAR_MS + turn * 7_919 % COUNT);
        assert!(calls.advance(0).wake_in_ms.is_some() || turn == 0);
    }
    for turn in 0..COUNT / 2 {
        // Half of them leave, in no order.
        calls.leave(turn * 7_919 % COUNT + 1);
        calls.advance(0);
    }
    let left = COUNT - COUNT / 2;
    let mut expired = Vec::new();
    for now_ms in (0..).map(|turn| FAR_MS + turn * 1_000).take(102) {
        let steps = calls.advance(now_ms);
        expired.extend(steps.expired);
        for sending in steps.send {
            calls.answered(sending.call, now_ms);
            expired.push((sending.call, Error::Connection));
        }
    }
    let ended = u64::try_from(expired.len()).expect("a number");
    assert!((left - 1..=left).contains(&ended), "{ended} of {left}, but for the one under way");
}

fn plan() -> impl Strategy<Value = Plan> {
    let gap = prop_oneof![4 => Just(0), 2 => 0_i64..5_000, 1 => 0_i64..3_000_000];
    let deadline = prop_oneof![3 => 5_000_u64..60_000, 2 => 1_u64..5_000, 1 => Just(0)];
    let leaves = option::weighted(0.2, 0_i64..5_000_000);
    (gap, deadline, leaves, 0.0..1.0, vec(tried(), 1..4)).prop_map(
        |(gap_us, deadline_ms, leaves_after_us, random, tries)| Plan {
            gap_us,
            deadline_ms,
            leaves_after_us,
            random,
            tries,
        },
    )
}

fn tried() -> impl Strategy<Value = Try> {
    let arrival = prop_oneof![2 => Just(0), 2 => Just(1_000), 1 => 0_i64..=1_000];
    let trip = || prop_oneof![2 => Just(0), 3 => 0_i64..80_000, 2 => 0_i64..4_000_000];
    let says = prop_oneof![
        6 => Just(Says::Good),
        2 => named_ms().prop_map(Says::Limited),
        2 => named_ms().prop_map(Says::Failed),
        1 => Just(Says::Rejected),
    ];
    let ends = prop_oneof![
        6 => (trip(), trip(), says)
            .prop_map(|(headers_us, body_us, says)| Ends::Answer { headers_us, body_us, says }),
        1 => trip().prop_map(|after_us| Ends::Reset { after_us }),
        1 => (trip(), trip())
            .prop_map(|(headers_us, after_us)| Ends::CutBody { headers_us, after_us }),
        2 => Just(Ends::Lost),
    ];
    (arrival, any::<bool>(), ends).prop_map(|(arrival, tells, ends)| Try { arrival, tells, ends })
}

fn named_ms() -> impl Strategy<Value = Option<u64>> {
    option::of(prop_oneof![3 => 0_u64..4_000, 1 => 0_u64..100_000])
}

fn jump_us() -> impl Strategy<Value = i64> {
    prop_oneof![0_i64..3_000, 0_i64..2_000_000, 0_i64..3_600_000_000]
}

fn time_ms() -> impl Strategy<Value = u64> {
    prop_oneof![0_u64..20_000, any::<u64>(), Just(u64::MAX)]
}

/// One call that was asked and sent at 0.
fn one_sent(deadline_ms: u64) -> (Calls, u64) {
    let mut calls = Calls::new(RULES);
    let call = calls.ask(0, deadline_ms);
    assert_eq!(calls.advance(0).send.len(), 1);
    (calls, call)
}

fn limited(retry_after_ms: Option<u64>) -> Error {
    Error::RateLimited { retry_after_ms }
}

fn again_ms(fate: &Fate) -> u64 {
    let Fate::Again { in_ms, .. } = fate else { panic!("it is tried again, not {fate:?}") };
    *in_ms
}

fn unknown(calls: &mut Calls, call: u64, error: Error) {
    assert_eq!(calls.failed(call, 2_000, 0.0, error), Fate::Unknown);
}
