//! SePay, the network, a driver and its clock, for [`Calls`] to live in. All times but the clock's are true microseconds.
//!
//! The driver does what the machine says and reports what happens, as the package's own does: a request whose call is
//! over before its headers came goes on in the background until they come or its timeout is over.

use std::collections::BTreeMap;

use sepay::{CallRules, Calls, Error, Fate, Sending, Steps};

/// Where the simulated clocks start, in milliseconds since the Unix epoch.
const START_MS: u64 = 1_790_000_000_000;

pub(crate) const MS: i64 = 1_000;

/// One call: when it is asked, how long it may take, when its caller leaves, and what becomes of its tries.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) gap_us: i64,
    pub(crate) deadline_ms: u64,
    pub leaves_after_us: Option<i64>,
    pub(crate) random: f64,
    /// Of every try in turn, and then from the first again.
    pub(crate) tries: Vec<Try>,
}

#[derive(Debug, Clone)]
pub(crate) struct Try {
    /// Where between sending and answer the request reaches SePay, in thousandths.
    pub(crate) arrival: i64,
    /// Whether the driver reports that it gave up what nobody waited for.
    pub(crate) tells: bool,
    pub(crate) ends: Ends,
}

#[derive(Debug, Clone)]
pub(crate) enum Ends {
    Answer { headers_us: i64, body_us: i64, says: Says },
    Reset { after_us: i64 },
    CutBody { headers_us: i64, after_us: i64 },
    Lost,
}

#[derive(Debug, Clone)]
pub(crate) enum Says {
    Good,
    Limited(Option<u64>),
    Failed(Option<u64>),
    Rejected,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Good,
    Left,
    Expired(Error),
    Failed(Error),
}

#[derive(Debug, Clone)]
enum Event {
    Ask(usize),
    Leave(u64),
    Headers(u64, u32),
    Body(u64, u32),
    Reset(u64, u32),
    /// The timer of a try.
    GiveUp(u64, u32),
    /// The timer of a request that nobody waits for.
    Drop(u64, u32),
    Wake(u64),
    ClockGoesBack(i64),
}

/// What the driver knows of a call.
#[derive(Debug)]
struct Known {
    plan: Plan,
    asked_us: i64,
    /// What the clock's steps back had cost when it was asked.
    lost_us: i64,
    attempts: u32,
    state: State,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    /// Since when, and for how long it must rest at least.
    Waiting {
        since_us: i64,
        rest_ms: u64,
    },
    Sent {
        has_headers: bool,
    },
    Over,
}

pub(crate) struct World {
    calls: Calls,
    rules: CallRules,
    plans: Vec<Plan>,
    known: BTreeMap<u64, Known>,
    background: BTreeMap<u64, u32>,
    events: BTreeMap<(i64, u64), Event>,
    event_count: u64,
    pub(crate) now_us: i64,
    clock_lag_us: i64,
    jumped: bool,
    last_read_us: i64,
    /// How much time the machine cannot know of, because the clock went back meanwhile.
    lost_us: i64,
    paused_until_us: i64,
    wake: u64,
    /// Wakes at which nothing was to be done, and how many of them are accounted for.
    idle_wakes: u64,
    allowed_idle_wakes: u64,
    pub(crate) arrivals: Vec<i64>,
    pub(crate) ends: BTreeMap<u64, (i64, End)>,
    pub(crate) sent: Vec<(i64, Sending)>,
}

impl World {
    pub(crate) fn new(
        rules: CallRules,
        phase_us: i64,
        plans: &[Plan],
        jumps: &[(i64, i64)],
    ) -> Self {
        let start_us = i64::try_from(START_MS).expect("this century") * MS + phase_us;
        let mut world = Self {
            calls: Calls::new(rules),
            rules,
            plans: plans.to_vec(),
            known: BTreeMap::new(),
            background: BTreeMap::new(),
            events: BTreeMap::new(),
            event_count: 0,
            now_us: start_us,
            clock_lag_us: 0,
            jumped: false,
            last_read_us: start_us,
            lost_us: 0,
            paused_until_us: 0,
            wake: 0,
            idle_wakes: 0,
            allowed_idle_wakes: 0,
            arrivals: Vec::new(),
            ends: BTreeMap::new(),
            sent: Vec::new(),
        };
        let mut ask_us = 0;
        for (index, plan) in plans.iter().enumerate() {
            ask_us += plan.gap_us;
            world.after(ask_us, Event::Ask(index));
        }
        for (after_us, back_us) in jumps {
            world.after(*after_us, Event::ClockGoesBack(*back_us));
        }
        world
    }

    /// Lets everything happen, and checks at every step what must always be true.
    pub(crate) fn run(&mut self) {
        while let Some(((at_us, _), event)) = self.events.pop_first() {
            self.now_us = at_us;
            self.happen(event);
        }
        assert_eq!(self.ends.len(), self.plans.len(), "every call ends");
        let clock_ms = self.clock_ms();
        let rest = self.calls.advance(clock_ms);
        assert_eq!((rest.send, rest.expired, rest.wake_in_ms), (Vec::new(), Vec::new(), None));
        assert!(
            self.idle_wakes <= self.allowed_idle_wakes,
            "{} wakes for nothing, {} accounted for",
            self.idle_wakes,
            self.allowed_idle_wakes
        );
    }

    fn happen(&mut self, event: Event) {
        let is_wake = matches!(event, Event::Wake(_));
        match event {
            Event::ClockGoesBack(back_us) => {
                self.clock_lag_us += back_us;
                self.jumped = true;
                self.allowed_idle_wakes += 2;
                return;
            }
            Event::Wake(wake) if wake != self.wake => return,
            Event::Wake(_) => {}
            Event::Ask(index) => self.ask(index),
            Event::Leave(call) => self.leave(call),
            Event::Headers(call, attempt) => self.headers(call, attempt),
            Event::Body(call, attempt) => self.body(call, attempt),
            Event::Reset(call, attempt) => self.lose(call, attempt, Error::Connection),
            Event::GiveUp(call, attempt) => {
                if self.is_live(call, attempt) {
                    self.lose(call, attempt, Error::Timeout { after_ms: 0 });
                }
            }
            Event::Drop(call, attempt) => self.drop_request(call, attempt),
        }
        let steps = self.advance();
        if is_wake && steps.send.is_empty() && steps.expired.is_empty() {
            self.idle_wakes += 1;
        }
    }

    fn ask(&mut self, index: usize) {
        let plan = self.plans[index].clone();
        let clock_ms = self.clock_ms();
        let call = self.calls.ask(clock_ms, clock_ms + plan.deadline_ms);
        if let Some(after_us) = plan.leaves_after_us {
            self.after(after_us, Event::Leave(call));
        }
        let state = State::Waiting { since_us: self.now_us, rest_ms: 0 };
        let (asked_us, lost_us) = (self.now_us, self.lost_us);
        self.known.insert(call, Known { plan, asked_us, lost_us, attempts: 0, state });
    }

    fn leave(&mut self, call: u64) {
        if self.known[&call].state == State::Over {
            return;
        }
        self.calls.leave(call);
        self.end(call, End::Left);
    }

    fn headers(&mut self, call: u64, attempt: u32) {
        let is_background = self.background.get(&call) == Some(&attempt);
        if !is_background && !self.is_live(call, attempt) {
            return;
        }
        let clock_ms = self.clock_ms();
        self.calls.arrived(call, clock_ms);
        if is_background {
            self.background.remove(&call);
        } else {
            self.known.get_mut(&call).expect("known").state = State::Sent { has_headers: true };
        }
    }

    fn body(&mut self, call: u64, attempt: u32) {
        if !self.is_live(call, attempt) {
            return;
        }
        let Ends::Answer { says, .. } = self.try_of(call).ends else { panic!("no answer") };
        let error = match says {
            Says::Good => {
                let clock_ms = self.clock_ms();
                assert!(self.calls.answered(call, clock_ms));
                return self.end(call, End::Good);
            }
            Says::Limited(retry_after_ms) => Error::RateLimited { retry_after_ms },
            Says::Failed(retry_after_ms) => Error::Server { status: 503, retry_after_ms },
            Says::Rejected => Error::Rejected { status: 400, message: None },
        };
        if let Error::RateLimited { retry_after_ms } = error {
            let pause_ms = retry_after_ms.unwrap_or(0).clamp(1_000, 60_000);
            let until_us = self.now_us + micros(pause_ms);
            self.paused_until_us = self.paused_until_us.max(until_us);
        }
        self.lose(call, attempt, error);
    }

    /// A try ends without a good answer.
    fn lose(&mut self, call: u64, attempt: u32, error: Error) {
        let clock_ms = self.clock_ms();
        if self.background.get(&call) == Some(&attempt) {
            self.background.remove(&call);
            assert_eq!(self.calls.failed(call, clock_ms, 0.5, error), Fate::Unknown);
            return;
        }
        if !self.is_live(call, attempt) {
            return;
        }
        let random = self.known[&call].plan.random;
        let may_retry = error.is_retryable() && attempt <= self.rules.max_retries;
        match self.calls.failed(call, clock_ms, random, error) {
            Fate::Again { error, in_ms } => {
                assert!(may_retry, "{error} is not tried again after {attempt} tries");
                let pause_left_us = self.paused_until_us - self.now_us + self.lost_us;
                check_rest(&error, attempt, in_ms, pause_left_us);
                self.allowed_idle_wakes += 1;
                self.known.get_mut(&call).expect("known").state =
                    State::Waiting { since_us: self.now_us, rest_ms: in_ms };
            }
            Fate::Over { error } => self.end(call, End::Failed(error)),
            Fate::Unknown => panic!("call {call} is under way"),
        }
    }

    fn drop_request(&mut self, call: u64, attempt: u32) {
        if self.background.get(&call) != Some(&attempt) {
            return;
        }
        if self.try_of(call).tells {
            self.lose(call, attempt, Error::Timeout { after_ms: 0 });
        }
        self.background.remove(&call);
    }

    fn advance(&mut self) -> Steps {
        let clock_ms = self.clock_ms();
        let steps = self.calls.advance(clock_ms);
        for (call, error) in &steps.expired {
            assert!(
                matches!(self.known[call].state, State::Waiting { .. }),
                "only who waits expires"
            );
            self.end(*call, End::Expired(error.clone()));
        }
        for sending in &steps.send {
            self.send(*sending);
        }
        let waits = self.known.values().any(|known| matches!(known.state, State::Waiting { .. }));
        assert_eq!(steps.wake_in_ms.is_some(), waits, "a wake exactly while somebody waits");
        self.wake += 1;
        if let Some(wake_in_ms) = steps.wake_in_ms {
            assert!(wake_in_ms >= 1, "no busy loop");
            self.check_wake(micros(wake_in_ms));
            self.after(micros(wake_in_ms), Event::Wake(self.wake));
        }
        steps
    }

    /// Nobody who rests is due, and nobody's deadline is over, before the wake.
    fn check_wake(&self, wake_in_us: i64) {
        let wake_us = self.now_us + wake_in_us;
        for (call, known) in &self.known {
            let State::Waiting { since_us, rest_ms } = known.state else { continue };
            let lost_us = self.lost_us - known.lost_us + 2 * MS;
            let deadline_us = known.asked_us + micros(known.plan.deadline_ms);
            assert!(wake_us <= deadline_us + lost_us, "call {call} is woken after its deadline");
            let due_us = since_us + micros(rest_ms);
            let still_rests = due_us - MS > self.now_us;
            assert!(!still_rests || wake_us <= due_us + lost_us, "call {call} is woken too late");
        }
    }

    fn send(&mut self, sending: Sending) {
        let Sending { call, attempt, timeout_ms } = sending;
        self.check_turn(call);
        assert!(self.now_us > self.paused_until_us - MS, "nothing leaves during a pause");
        assert!((1..=self.rules.timeout_ms).contains(&timeout_ms));
        let known = self.known.get_mut(&call).expect("known");
        known.attempts += 1;
        assert_eq!(known.attempts, attempt);
        known.state = State::Sent { has_headers: false };
        self.sent.push((self.now_us, sending));
        let tried = self.try_of(call);
        let full_us = micros(self.rules.timeout_ms);
        let over_us = match tried.ends {
            Ends::Answer { headers_us, body_us, .. } => {
                self.after(headers_us, Event::Headers(call, attempt));
                self.after(headers_us + body_us, Event::Body(call, attempt));
                headers_us
            }
            Ends::CutBody { headers_us, after_us } => {
                self.after(headers_us, Event::Headers(call, attempt));
                self.after(headers_us + after_us, Event::Reset(call, attempt));
                headers_us
            }
            Ends::Reset { after_us } => {
                self.after(after_us, Event::Reset(call, attempt));
                after_us
            }
            Ends::Lost => full_us,
        };
        self.arrivals.push(self.now_us + over_us.min(full_us) * tried.arrival / 1_000);
        self.after(micros(timeout_ms), Event::GiveUp(call, attempt));
        self.after(full_us, Event::Drop(call, attempt));
    }

    /// No call asked before this one is surely due and still waits; and this one has rested.
    fn check_turn(&self, call: u64) {
        for (other, known) in self.known.range(..call) {
            if let State::Waiting { since_us, rest_ms } = known.state {
                let due_us = since_us + micros(rest_ms) + self.lost_us + MS;
                let is_due = rest_ms == 0 || due_us <= self.now_us;
                assert!(
                    !is_due,
                    "call {call} goes before {other}, which was asked first and is due"
                );
            }
        }
        let State::Waiting { since_us, rest_ms } = self.known[&call].state else {
            panic!("call {call} does not wait")
        };
        assert!(self.now_us - since_us > micros(rest_ms) - MS, "call {call} comes back too early");
    }

    fn end(&mut self, call: u64, end: End) {
        let known = self.known.get_mut(&call).expect("known");
        let meant_us = known.asked_us + micros(known.plan.deadline_ms);
        let late_us = self.now_us - meant_us - (self.lost_us - known.lost_us);
        // A clock that went back by its grain stands still until it is over.
        let grains_us = if self.lost_us > 0 { 2 * MS } else { MS };
        assert!(late_us <= grains_us, "call {call} ends {late_us} us after its deadline");
        if matches!(end, End::Expired(_)) {
            assert!(self.now_us > meant_us - MS, "call {call} expires before its deadline");
        }
        if let State::Sent { has_headers: false } = known.state {
            // Its own answer or failure is not under way any more; what a deadline or a caller cut short is.
            if matches!(end, End::Left | End::Failed(Error::Timeout { .. })) {
                self.background.insert(call, known.attempts);
            }
        }
        known.state = State::Over;
        let before = self.ends.insert(call, (self.now_us, end));
        assert_eq!(before, None, "call {call} ends once");
    }

    fn is_live(&self, call: u64, attempt: u32) -> bool {
        let known = &self.known[&call];
        matches!(known.state, State::Sent { .. }) && known.attempts == attempt
    }

    fn try_of(&self, call: u64) -> Try {
        let known = &self.known[&call];
        let turn = usize::try_from(known.attempts - 1).expect("few tries");
        known.plan.tries[turn % known.plan.tries.len()].clone()
    }

    fn after(&mut self, after_us: i64, event: Event) {
        self.event_count += 1;
        self.events.insert((self.now_us + after_us, self.event_count), event);
    }

    fn clock_ms(&mut self) -> u64 {
        if self.jumped {
            self.lost_us += self.now_us - self.last_read_us + 2 * MS;
            self.jumped = false;
        }
        self.last_read_us = self.now_us;
        let clock_us = self.now_us - self.clock_lag_us;
        u64::try_from(clock_us.div_euclid(MS)).expect("a time after 1970")
    }
}

/// A rest is what SePay names, within 1 to 60 s, and at most 0.5, 1, 2, 4 or 8 s more; or a pause's end.
fn check_rest(error: &Error, attempt: u32, in_ms: u64, pause_left_us: i64) {
    let named_ms = match error {
        Error::RateLimited { retry_after_ms } => retry_after_ms.unwrap_or(0).clamp(1_000, 60_000),
        Error::Server { retry_after_ms: Some(named_ms), .. } => (*named_ms).clamp(1_000, 60_000),
        _ => 0,
    };
    let most_ms = [500, 1_000, 2_000, 4_000].get(attempt as usize - 1).unwrap_or(&8_000);
    let pause_left_ms = u64::try_from(pause_left_us.max(0) / MS).expect("a short time") + 1;
    assert!(in_ms >= named_ms, "{in_ms} ms, and SePay named {named_ms}");
    let longest_ms = (named_ms + most_ms).max(pause_left_ms);
    assert!(in_ms <= longest_ms, "{in_ms} ms after {attempt} tries");
}

pub(crate) fn micros(ms: u64) -> i64 {
    i64::try_from(ms).expect("a short time") * MS
}
