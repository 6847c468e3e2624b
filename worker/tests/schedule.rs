//! The gate's schedule, promise by promise, with literal times (design, sections 4 and 5).

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]

use sepay::{PaceRecord, Response, Target};
use sepay_worker::gate::event::{Action, CallId, CallerId, Event, Verdict};
use sepay_worker::gate::schedule::UPSTREAM_TIMEOUT_MS;
use sepay_worker::gate::{Refusal, Schedule};

const START_MS: u64 = 1_790_000_000_000;

const NOBODY: [CallerId; 0] = [];

#[test]
fn two_hundred_identical_questions_are_one_call_with_two_hundred_answers() {
    let mut gate = Gate::new(2);
    let mut calls = Vec::new();
    for caller in 0..200 {
        calls.extend(sent(&gate.ask(caller, 1, 10_000)));
    }
    assert_eq!(calls, [(1, target(1))]);
    gate.now_ms += 150;
    let actions = gate.over(1, Verdict::Final);
    assert_eq!(delivered(&actions), (0..200).collect::<Vec<_>>());
    let deliveries = actions.iter().filter(|action| matches!(action, Action::Deliver { .. }));
    assert_eq!(deliveries.count(), 1);
    assert!(matches!(actions[1], Action::Deliver { queue_ms: 0, upstream_ms: 150, .. }));
}

#[test]
fn identical_questions_that_wait_are_one_question_too() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 10_000);
    for caller in 1..=200 {
        assert_eq!(sent(&gate.ask(caller, 7, 10_000)), []);
    }
    assert_eq!(gate.queue(), (1, 1, 201));
    gate.now_ms += 50;
    gate.over(1, Verdict::Final);
    gate.now_ms += 1_001;
    assert_eq!(sent(&gate.tick()), [(2, target(7))]);
    gate.now_ms += 80;
    let actions = gate.over(2, Verdict::Final);
    assert_eq!(delivered(&actions), (1..=200).collect::<Vec<_>>());
    assert!(matches!(actions[1], Action::Deliver { queue_ms: 1_051, upstream_ms: 80, .. }));
}

/// N = 2 and a round trip of 100 ms: a pair every 1,101 ms. Nine pairs can be answered within 10 s, the tenth cannot.
#[test]
fn who_cannot_be_answered_within_ten_seconds_is_refused_at_once_and_told_when() {
    let mut gate = Gate::new(2);
    for caller in 0..18 {
        assert_eq!(refused(&gate.ask(caller, caller, 10_000)), [], "caller {caller}");
    }
    for caller in 18..21 {
        assert_eq!(refused(&gate.ask(caller, caller, 10_000)), [(caller, 9 * 1_101)]);
    }
    assert_eq!(refused(&gate.ask(21, 21, 10_009)), [], "one second later is in time");
    assert_eq!(gate.queue(), (17, 2, 19));
}

#[test]
fn a_wait_of_nothing_gets_no_answer_and_sends_nothing() {
    let mut gate = Gate::new(2);
    let actions = gate.ask(0, 0, 0);
    assert_eq!(refused(&actions), [(0, 0)]);
    assert_eq!(sent(&actions), []);
    assert_eq!(gate.queue(), (0, 0, 0));
}

#[test]
fn after_a_slow_spell_an_idle_gate_still_asks_for_those_who_wait_less() {
    let mut gate = Gate::new(1);
    for call in 1..=20 {
        gate.ask(call, call, 10_000);
        gate.now_ms += 7_000;
        gate.over(call, Verdict::Final);
        gate.now_ms += 1_001;
    }
    assert_eq!(sent(&gate.ask(100, 100, 3_000)), [(21, target(100))], "SePay may be fast again");
}

#[test]
fn a_question_that_failed_goes_first_when_it_is_asked_again() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 20_000);
    gate.ask(1, 1, 20_000);
    gate.ask(2, 2, 20_000);
    gate.now_ms += 100;
    let actions = gate.over(1, Verdict::Passing);
    assert_eq!(delivered(&actions), NOBODY);
    gate.now_ms += 1_001;
    assert_eq!(sent(&gate.tick()), [(2, target(0))]);
    gate.now_ms += 100;
    assert_eq!(delivered(&gate.over(2, Verdict::Final)), [0]);
    gate.now_ms += 1_001;
    assert_eq!(sent(&gate.tick()), [(3, target(1))]);
}

#[test]
fn a_question_is_asked_three_times_and_then_its_failure_is_the_answer() {
    let mut gate = Gate::new(1);
    gate.ask(5, 5, 25_000);
    for call in 1..=2 {
        gate.now_ms += 100;
        assert_eq!(delivered(&gate.over(call, Verdict::Passing)), NOBODY);
        gate.now_ms += 1_001;
        assert_eq!(sent(&gate.tick()), [(call + 1, target(5))]);
    }
    gate.now_ms += 100;
    assert_eq!(delivered(&gate.over(3, Verdict::Passing)), [5]);
    gate.now_ms += 10_000;
    assert_eq!(gate.tick(), []);
}

#[test]
fn a_failure_is_told_at_once_to_those_whom_a_second_try_cannot_help() {
    let mut gate = Gate::new(1);
    gate.ask(0, 3, 1_150);
    gate.ask(1, 3, 10_000);
    gate.now_ms += 100;
    // Free at 1,101, answered at 1,201: too late for the first caller.
    assert_eq!(delivered(&gate.over(1, Verdict::Passing)), [0]);
    gate.now_ms += 1_001;
    assert_eq!(sent(&gate.tick()), [(2, target(3))]);
}

#[test]
fn an_answer_that_asking_again_would_not_change_is_delivered() {
    for verdict in [Verdict::Final, Verdict::Unsent] {
        let mut gate = Gate::new(1);
        gate.ask(0, 0, 25_000);
        assert_eq!(delivered(&gate.over(1, verdict)), [0], "{verdict:?}");
    }
}

#[test]
fn a_429_stops_every_slot_until_the_time_it_names() {
    let mut gate = Gate::new(3);
    gate.ask(0, 0, 25_000);
    gate.now_ms += 100;
    gate.over(1, Verdict::RateLimited { retry_after_ms: Some(5_000) });
    for caller in 1..=4 {
        assert_eq!(sent(&gate.ask(caller, caller, 25_000)), []);
    }
    gate.now_ms += 4_999;
    assert_eq!(sent(&gate.tick()), []);
    gate.now_ms += 1;
    let calls = sent(&gate.tick());
    assert_eq!(calls, [(2, target(0)), (3, target(1)), (4, target(2))]);
}

#[test]
fn a_pause_is_within_one_and_sixty_seconds_whatever_is_named() {
    for (named_ms, pause_ms) in [(None, 1_000), (Some(0), 1_000), (Some(86_400_000), 60_000)] {
        let mut gate = Gate::new(2);
        gate.ask(0, 0, 500);
        gate.over(1, Verdict::RateLimited { retry_after_ms: named_ms });
        let end_ms = gate.now_ms + pause_ms;
        assert_eq!(gate.schedule.record().paused_until_ms, end_ms, "{named_ms:?}");
        assert_eq!(refused(&gate.ask(1, 1, 900)), [(1, pause_ms)]);
    }
}

#[test]
fn a_429_on_a_clean_record_is_counted_foreign() {
    let mut gate = Gate::new(2);
    gate.ask(0, 0, 500);
    gate.over(1, Verdict::RateLimited { retry_after_ms: None });
    assert_eq!(gate.rate_limited(), (0, 1));
    gate.now_ms += 5_000;
    gate.ask(1, 1, 500);
    gate.ask(2, 2, 500);
    gate.now_ms += 100;
    gate.over(2, Verdict::Final);
    gate.over(3, Verdict::RateLimited { retry_after_ms: None });
    assert_eq!(gate.rate_limited(), (0, 2), "one other beside it is within the budget of two");
}

/// Two requests were given up by nobody and may still arrive: with them, the later pair was too much.
#[test]
fn a_429_with_n_others_less_than_a_second_before_is_counted_own() {
    let mut gate = Gate::new(2);
    gate.ask(0, 0, 25_000);
    gate.ask(1, 1, 25_000);
    gate.now_ms += UPSTREAM_TIMEOUT_MS + 1_001;
    assert_eq!(sent(&gate.ask(2, 2, 25_000)).len(), 1);
    gate.now_ms += 500;
    gate.over(3, Verdict::RateLimited { retry_after_ms: None });
    assert_eq!(gate.rate_limited(), (1, 0));
}

#[test]
fn n_others_that_ended_a_second_before_are_no_fault_of_ours() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 10_000);
    gate.now_ms += 100;
    gate.over(1, Verdict::Final);
    gate.now_ms += 1_001;
    gate.ask(1, 1, 500);
    gate.over(2, Verdict::RateLimited { retry_after_ms: None });
    assert_eq!(gate.rate_limited(), (0, 1));
}

#[test]
fn who_expires_in_the_queue_is_told_busy_and_who_expires_in_flight_is_told_late() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 3_000);
    gate.ask(1, 1, 3_000);
    gate.now_ms += 2_999;
    assert_eq!(refused(&gate.tick()), []);
    gate.now_ms += 1;
    let actions = gate.tick();
    assert_eq!(late(&actions), [0]);
    // The slot is held until the timeout of its request and a second more, as far as is known.
    let refusals = refused(&actions);
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].0, 1);
    assert_eq!(gate.queue(), (0, 1, 0));
}

#[test]
fn a_question_that_nobody_waits_for_any_more_is_not_asked() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 10_000);
    gate.ask(1, 1, 2_000);
    gate.ask(2, 2, 10_000);
    gate.now_ms += 1_500;
    gate.over(1, Verdict::Final);
    gate.now_ms += 1_001;
    let actions = gate.tick();
    assert_eq!(refused(&actions).len(), 1);
    assert_eq!(sent(&actions), [(2, target(2))]);
}

#[test]
fn an_answer_that_comes_when_everybody_left_is_delivered_to_nobody() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 500);
    gate.now_ms += 500;
    assert_eq!(late(&gate.tick()), [0]);
    let actions = gate.over(1, Verdict::Passing);
    assert_eq!(actions, [Action::Store], "and nothing is asked again");
}

#[test]
fn who_asks_what_is_in_flight_gets_its_answer() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 500);
    gate.now_ms += 500;
    gate.tick();
    assert_eq!(sent(&gate.ask(1, 0, 1_000)), []);
    gate.now_ms += 200;
    assert_eq!(delivered(&gate.over(1, Verdict::Final)), [1]);
}

#[test]
fn a_full_system_refuses_even_those_who_would_join() {
    let mut gate = Gate::new(1);
    for caller in 0..20_000 {
        assert_eq!(refused(&gate.ask(caller, 0, 10_000)), []);
    }
    let refusals = refused(&gate.ask(20_000, 0, 10_000));
    assert_eq!(refusals, [(20_000, 1_101)], "the slot is free again after the round trip");
    assert_eq!(gate.queue(), (0, 1, 20_000));
    gate.now_ms += 100;
    assert_eq!(delivered(&gate.over(1, Verdict::Final)).len(), 20_000);
    assert_eq!(refused(&gate.ask(20_001, 0, 10_000)), []);
}

#[test]
fn the_queue_is_bounded_whatever_comes_back_into_it() {
    let mut gate = Gate::new(50);
    let mut calls = Vec::new();
    for caller in 0..900 {
        calls.extend(sent(&gate.ask(caller, caller, 25_000)));
    }
    assert_eq!(calls.len(), 50);
    assert!(gate.queue().0 <= 512, "{:?}", gate.queue());
    gate.now_ms += 10;
    for (call, _) in calls {
        gate.over(call, Verdict::Passing);
        assert!(gate.queue().0 <= 512, "{:?}", gate.queue());
    }
}

#[test]
fn the_status_counts_what_happened() {
    let mut gate = Gate::new(2);
    gate.ask(0, 0, 10_000);
    gate.ask(1, 0, 10_000);
    gate.ask(2, 1, 10_000);
    gate.ask(3, 2, 200);
    gate.ask(4, 3, 10_000);
    gate.now_ms += 60;
    gate.over(1, Verdict::Final);
    gate.over(2, Verdict::Passing);
    gate.now_ms += 1_001;
    gate.tick();
    gate.now_ms += 40;
    gate.over(3, Verdict::RateLimited { retry_after_ms: Some(3_000) });
    let status = gate.status();
    assert_eq!(
        status["calls"],
        serde_json::json!({
            "asked": 5, "joined": 1, "refused": 1, "sent": 4, "retried": 1, "failed": 1,
            "rateLimitedOwn": 0, "rateLimitedForeign": 1,
        })
    );
    // (7 * 100 + 60) / 8: one answer moved the average.
    assert_eq!(status["roundTripMs"], 95);
    assert_eq!(status["pausedForMs"], 3_000);
    assert_eq!(status["readyInMs"], 3_000);
    assert_eq!(gate.queue(), (1, 1, 2));
    let slots = status["slots"].as_array().expect("a list");
    let flying: Vec<_> = slots.iter().filter(|slot| slot["inFlight"] == true).collect();
    assert_eq!(flying.len(), 1);
    assert_eq!(flying[0]["freeInMs"], UPSTREAM_TIMEOUT_MS + 1_001 - 40);
}

#[test]
fn after_a_restart_a_lost_request_still_holds_its_slot() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 10_000);
    let mut gate = Gate { schedule: Schedule::new(1, gate.schedule.record()), ..gate };
    gate.now_ms += 100;
    let free_ms = UPSTREAM_TIMEOUT_MS + 1_001 - 100;
    assert_eq!(sent(&gate.ask(0, 1, 25_000)), []);
    gate.now_ms += free_ms - 1;
    assert_eq!(sent(&gate.tick()), []);
    gate.now_ms += 1;
    assert_eq!(sent(&gate.tick()), [(1, target(1))]);
}

#[test]
fn after_a_restart_a_pause_goes_on_and_a_late_report_is_nobodys() {
    let mut gate = Gate::new(2);
    gate.ask(0, 0, 500);
    gate.over(1, Verdict::RateLimited { retry_after_ms: Some(20_000) });
    let mut gate = Gate { schedule: Schedule::new(2, gate.schedule.record()), ..gate };
    assert_eq!(sent(&gate.ask(0, 1, 25_000)), []);
    assert_eq!(delivered(&gate.over(1, Verdict::Final)), NOBODY);
    gate.now_ms += 20_000;
    assert_eq!(sent(&gate.tick()), [(1, target(1))]);
}

#[test]
fn a_clock_that_goes_back_shortens_no_wait() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 10_000);
    gate.over(1, Verdict::Final);
    gate.ask(1, 1, 25_000);
    gate.now_ms -= 3_600_000;
    assert_eq!(sent(&gate.tick()), []);
    gate.now_ms += 999;
    assert_eq!(sent(&gate.tick()), []);
    gate.now_ms += 3;
    assert_eq!(sent(&gate.tick()), [(2, target(1))]);
}

/// A clock that goes back by a microsecond may read a whole millisecond less; no time passes by that.
#[test]
fn a_clock_that_trembles_at_the_edge_of_a_millisecond_makes_no_time_pass() {
    let mut gate = Gate::new(1);
    gate.ask(0, 0, 10_000);
    gate.over(1, Verdict::Final);
    gate.ask(1, 1, 25_000);
    for _ in 0..1_200 {
        gate.now_ms -= 1;
        assert_eq!(sent(&gate.tick()), []);
        gate.now_ms += 1;
        assert_eq!(sent(&gate.tick()), []);
    }
}

#[test]
fn what_may_pass_is_told_from_what_will_not() {
    let of = |status, body: &str| {
        Verdict::of(&Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
    };
    let limited = Response {
        status: 429,
        headers: vec![("X-SePay-UserAPI-Retry-After".to_owned(), "2".to_owned())],
        body: Vec::new(),
    };
    assert_eq!(Verdict::of(&limited), Verdict::RateLimited { retry_after_ms: Some(2_000) });
    for status in [500, 502, 503, 504] {
        assert_eq!(of(status, "<html>"), Verdict::Passing);
    }
    for (status, body) in [(200, "{}"), (200, ""), (200, "<html>"), (302, ""), (401, ""), (404, "")]
    {
        assert_eq!(of(status, body), Verdict::Final, "{status} {body}");
    }
    assert_eq!(Verdict::of_refusal(&Refusal::Connection), Verdict::Passing);
    assert_eq!(Verdict::of_refusal(&Refusal::Timeout { after_ms: 8_000 }), Verdict::Passing);
    for refusal in [Refusal::TooLarge { limit_bytes: 1 }, Refusal::Leak, Refusal::NoToken] {
        assert_eq!(Verdict::of_refusal(&refusal), Verdict::Final, "{refusal:?}");
    }
}

/// A schedule and the time.
struct Gate {
    schedule: Schedule,
    now_ms: u64,
}

impl Gate {
    fn new(slots: u8) -> Self {
        Self { schedule: Schedule::new(slots, &PaceRecord::default()), now_ms: START_MS }
    }

    fn ask(&mut self, caller: CallerId, number: u64, wait_ms: u64) -> Vec<Action> {
        self.step(Event::Asked { caller, target: target(number), wait_ms })
    }

    fn over(&mut self, call: CallId, verdict: Verdict) -> Vec<Action> {
        self.step(Event::Over { call, verdict })
    }

    fn tick(&mut self) -> Vec<Action> {
        self.step(Event::Tick)
    }

    /// Takes a step; whatever is sent must have been stored before.
    fn step(&mut self, event: Event) -> Vec<Action> {
        let actions = self.schedule.step(event, self.now_ms);
        let place = |wanted: fn(&Action) -> bool| actions.iter().position(wanted);
        if let Some(send) = place(|action| matches!(action, Action::Send { .. })) {
            assert!(place(|action| *action == Action::Store).is_some_and(|store| store < send));
        }
        actions
    }

    fn status(&mut self) -> serde_json::Value {
        serde_json::to_value(self.schedule.status(self.now_ms)).expect("JSON")
    }

    /// How many questions wait, how many fly, and how many callers are behind both.
    fn queue(&mut self) -> (u64, u64, u64) {
        let status = self.status();
        let number = |name: &str| status["queue"][name].as_u64().expect("a number");
        (number("questions"), number("inFlight"), number("callers"))
    }

    /// How many 429s were counted as our own and as somebody else's.
    fn rate_limited(&mut self) -> (u64, u64) {
        let status = self.status();
        let number = |name: &str| status["calls"][name].as_u64().expect("a number");
        (number("rateLimitedOwn"), number("rateLimitedForeign"))
    }
}

fn target(number: u64) -> Target {
    Target::from_text(&format!("/userapi/transactions/details/{number}")).expect("a target")
}

fn sent(actions: &[Action]) -> Vec<(CallId, Target)> {
    let calls = actions.iter().filter_map(|action| match action {
        Action::Send { call, target } => Some((*call, target.clone())),
        _ => None,
    });
    calls.collect()
}

fn delivered(actions: &[Action]) -> Vec<CallerId> {
    let callers = actions.iter().filter_map(|action| match action {
        Action::Deliver { callers, .. } => Some(callers.clone()),
        _ => None,
    });
    callers.flatten().collect()
}

fn refused(actions: &[Action]) -> Vec<(CallerId, u64)> {
    let callers = actions.iter().filter_map(|action| match action {
        Action::RefuseBusy { caller, retry_after_ms } => Some((*caller, *retry_after_ms)),
        _ => None,
    });
    callers.collect()
}

fn late(actions: &[Action]) -> Vec<CallerId> {
    let callers = actions.iter().filter_map(|action| match action {
        Action::RefuseLate { caller } => Some(*caller),
        _ => None,
    });
    callers.collect()
}
