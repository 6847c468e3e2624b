//! The judge: it sees everything in true time, and says which promise was broken.
//!
//! It leaves one thing out: when the wall clock is set while a slot is taken, and the gate dies before that slot is
//! free, nothing that survives can tell how much time has passed. The requests of the life before count no more then.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sepay_worker::gate::event::{CallId, CallerId, Lane, Need, Service, Source, Verdict};
use sepay_worker::gate::freshness::{Freshness, freshness};

use super::scenario::Rules;
use super::truth::{Caller, Drift, Outcome, Pause, Question, Sent, pause_us};
use super::{MS, SECOND};

/// How exact the gate's clock is while nobody sets it: timers that are late, and rests that are told apart.
const CLOCK_US: u64 = 120 * MS;

/// A broken promise.
#[derive(Debug, Clone)]
pub struct Violation {
    pub rule: &'static str,
    pub what: String,
    pub at_us: u64,
}

pub struct Judge {
    slots: usize,
    late_us: u64,
    rules: Rules,
    parties: u64,
    most_rtt_us: u64,
    pub now_us: u64,
    pub drift: Drift,
    pub callers: BTreeMap<CallerId, Caller>,
    pub questions: BTreeMap<usize, Question>,
    /// How many questions wait for a slot, and how many of them in the first lane.
    waiting: usize,
    flights: BTreeMap<CallId, (usize, Option<Verdict>)>,
    /// Those of them that were sent while the gate took SePay to be down.
    probes: BTreeSet<CallId>,
    resting: usize,
    sent: VecDeque<Sent>,
    retries_us: VecDeque<(u64, Drift)>,
    /// When each question was last asked.
    asked_us: BTreeMap<usize, (u64, Drift)>,
    /// The latest answer of this life to each question.
    pub known: BTreeMap<usize, u64>,
    pub pause: Pause,
    stored_pause: Pause,
    /// Failures in a row that may pass.
    pub failures: u32,
    /// Whether the gate takes SePay to be down.
    pub breaker_open: bool,
    last_over_us: u64,
    failed_topic: Option<usize>,
    /// Until when a slot may be busy for reasons of an earlier life.
    blind_until_us: u64,
    /// Until when the gate's time may stand still, because the wall clock was set.
    pub doubtful_until_us: u64,
    /// Until when SePay may count requests that the gate could not know of.
    pub unseen_until_us: u64,
    step_due: Option<(u64, Drift)>,
    refresh_idle: Option<(u64, Drift)>,
    pub violations: Vec<Violation>,
}

impl Judge {
    pub fn new(slots: u8, late_us: u64, rules: Rules, parties: usize, most_rtt_us: u64) -> Self {
        Self {
            slots: usize::from(slots),
            late_us,
            rules,
            parties: parties as u64,
            most_rtt_us,
            now_us: 0,
            drift: Drift::default(),
            callers: BTreeMap::new(),
            questions: BTreeMap::new(),
            waiting: 0,
            flights: BTreeMap::new(),
            probes: BTreeSet::new(),
            resting: 0,
            sent: VecDeque::new(),
            retries_us: VecDeque::new(),
            asked_us: BTreeMap::new(),
            known: BTreeMap::new(),
            pause: Pause::default(),
            stored_pause: Pause::default(),
            failures: 0,
            breaker_open: false,
            last_over_us: 0,
            failed_topic: None,
            blind_until_us: 0,
            doubtful_until_us: 0,
            unseen_until_us: 0,
            step_due: None,
            refresh_idle: None,
            violations: Vec::new(),
        }
    }

    pub fn fail(&mut self, rule: &'static str, what: String) {
        self.violations.push(Violation { rule, what, at_us: self.now_us });
    }

    fn check(&mut self, holds: bool, rule: &'static str, what: impl FnOnce() -> String) {
        if !holds {
            self.fail(rule, what());
        }
    }

    /// Before anything happens at this instant.
    pub fn wakes(&mut self, now_us: u64) {
        self.now_us = now_us;
        if let Some((due_us, drift)) = self.step_due {
            let latest_us = due_us.max(self.doubtful_until_us) + self.drift.hidden_since(&drift);
            self.check(now_us <= latest_us, "a slot was free and nobody woke up", || {
                format!("due {} us ago", now_us - latest_us)
            });
        }
    }

    pub fn asks(&mut self, id: CallerId, caller: Caller) {
        let topic = caller.visit.topic;
        self.asked_us.insert(topic, (self.now_us, self.drift));
        if self.asked_us.len() > 50_000 {
            let now_us = self.now_us;
            self.asked_us.retain(|_, (at_us, _)| *at_us + 7_200 * SECOND > now_us);
        }
        let question = self.questions.entry(topic).or_default();
        let waited = question.waits();
        question.callers.insert(id);
        if caller.takes_turn() {
            question.takers += 1;
        }
        // Where the gate has forgotten the answer, whoever wants a newer one takes a turn too.
        question.interactive |= caller.lane == Lane::Interactive;
        self.waiting += usize::from(!waited && question.waits());
        self.callers.insert(id, caller);
    }

    /// A caller has its outcome or has gone.
    pub fn goes(&mut self, id: CallerId) -> Option<Caller> {
        let caller = self.callers.remove(&id)?;
        let topic = caller.visit.topic;
        // What it waited for is wanted for as long as what was asked for just now.
        self.asked_us.insert(topic, (self.now_us, self.drift));
        let question = self.questions.get_mut(&topic).expect("a caller has a question");
        let waited = question.waits();
        question.callers.remove(&id);
        question.takers -= usize::from(caller.takes_turn());
        question.interactive &= !question.callers.is_empty();
        self.waiting -= usize::from(waited && !question.waits());
        if question.callers.is_empty() && question.flying.is_none() {
            self.questions.remove(&topic);
        }
        Some(caller)
    }

    pub fn sends(&mut self, call: CallId, topic: usize, stored: bool, serial: u64) {
        self.check(!self.is_probing(), "more than one probe at a time", || format!("call {call}"));
        let until_us = self.pause.earliest_us(&self.drift);
        let early_us = until_us.saturating_sub(self.now_us);
        self.check(early_us == 0, "sent during a pause", || format!("{early_us} us early"));
        self.refresh_idle = None;
        self.sends_for_somebody(topic);
        self.tries(topic);
        let question = self.questions.entry(topic).or_default();
        let twice = question.flying.is_some();
        let behind = question.takers > 0 && !question.interactive;
        self.waiting -= usize::from(question.waits());
        (question.flying, question.interactive) = (Some(call), false);
        self.check(!twice, "one question in flight twice", || format!("topic {topic}"));
        if behind {
            let first = self.questions.values().any(|other| {
                let mut callers = other.callers.iter().map(|id| &self.callers[id]);
                let first =
                    |caller: &Caller| caller.takes_turn() && caller.lane == Lane::Interactive;
                other.waits() && other.interactive && callers.any(first)
            });
            self.check(!first, "background before interactive", || format!("topic {topic}"));
        }
        self.flights.insert(call, (topic, None));
        if self.breaker_open {
            self.probes.insert(call);
        }
        if stored {
            self.rate(serial);
        }
    }

    /// Says whether a request is under way that was sent while SePay was taken to be down.
    fn is_probing(&self) -> bool {
        self.breaker_open && self.flights.keys().any(|call| self.probes.contains(call))
    }

    fn sends_for_somebody(&mut self, topic: usize) {
        let wanted =
            self.questions.get(&topic).is_some_and(|question| !question.callers.is_empty());
        let (at_us, drift) = self.asked_us.get(&topic).copied().unwrap_or_default();
        let lately_us = at_us + 60 * SECOND + self.drift.hidden_since(&drift) + 2 * MS;
        self.check(wanted || self.now_us <= lately_us, "sent for nobody", || {
            format!("topic {topic}")
        });
    }

    /// A request sent now may arrive now; an earlier one as late as it can. The worst window of one second ends now.
    fn rate(&mut self, serial: u64) {
        let now_us = self.now_us;
        let near = |sent: &Sent| sent.over_us.is_none_or(|over_us| over_us + SECOND > now_us);
        self.sent.retain(near);
        self.sent.push_back(Sent { serial, over_us: None });
        let many = self.sent.len();
        self.check(many <= self.slots, "too many requests within one second", || format!("{many}"));
    }

    fn tries(&mut self, topic: usize) {
        let Some(question) = self.questions.get(&topic) else { return };
        let (mut again, mut most) = (false, 0);
        for id in &question.callers {
            let caller = self.callers.get_mut(id).expect("on the board");
            if caller.takes_turn() {
                again |= caller.tries > 0;
                caller.tries += 1;
                most = most.max(caller.tries);
            }
        }
        self.check(most <= 3, "more than three tries", || format!("topic {topic}, try {most}"));
        if again {
            let now_us = self.now_us;
            let drift = self.drift;
            let old = |(at_us, then): &(u64, Drift)| {
                at_us + 60 * SECOND <= now_us + drift.ahead_since(then) + 2 * MS
            };
            while self.retries_us.front().is_some_and(old) {
                self.retries_us.pop_front();
            }
            self.retries_us.push_back((now_us, drift));
            let most = (self.slots * 60 / 20).max(2);
            let many = self.retries_us.len();
            self.check(many <= most, "retries beyond their budget", || {
                format!("{many} in a minute")
            });
        }
    }

    /// A request is over, seen from the gate.
    pub fn lands(&mut self, call: CallId, verdict: Verdict) {
        let Some((topic, _)) = self.flights.remove(&call) else { return };
        self.probes.remove(&call);
        let question = self.questions.get_mut(&topic).expect("it flew");
        question.flying = None;
        let waits = question.waits();
        let mut awaited = question.callers.iter().map(|id| &self.callers[id]);
        question.interactive = awaited.any(|caller| caller.lane == Lane::Interactive);
        self.waiting += usize::from(waits);
        if question.callers.is_empty() {
            self.questions.remove(&topic);
        }
        self.last_over_us = self.now_us;
        self.failed_topic = None;
        match verdict {
            Verdict::Good | Verdict::Missing => self.failures = 0,
            Verdict::Passing | Verdict::Silent => {
                self.failures += 1;
                self.failed_topic = Some(topic);
            }
            Verdict::Unsent => self.failed_topic = Some(topic),
            _ => (self.failures, self.failed_topic) = (0, Some(topic)),
        }
        if let Some(pause_us) = pause_us(verdict) {
            let until_us = self.now_us + pause_us;
            if until_us > self.pause.earliest_us(&self.drift) {
                self.pause = Pause { until_us, drift: self.drift };
            }
        }
    }

    /// A request that was really sent is over in truth, whether or not the gate that sent it still lives: nothing of it is
    /// on its way after `gone_us`.
    pub fn returns(&mut self, serial: u64, gone_us: u64) {
        if let Some(sent) = self.sent.iter_mut().find(|sent| sent.serial == serial) {
            sent.over_us = Some(gone_us);
        }
    }

    /// A slot begins to rest.
    pub fn rests(&mut self) {
        self.resting += 1;
    }

    /// A slot has rested, and with it the gate makes up for what was hidden from it since `hidden_us`.
    pub fn rested(&mut self, late_us: u64, hidden_us: u64) {
        self.resting = self.resting.saturating_sub(1);
        self.drift.ahead_us += self.drift.hidden_us - hidden_us;
        self.drift.hidden_us += late_us;
    }

    pub fn stored(&mut self) {
        self.stored_pause = self.pause;
    }

    /// The gate has died; `unseen` when the clock was set forward since it last stored something.
    pub fn crashes(&mut self) {
        self.callers.clear();
        self.questions.clear();
        self.flights.clear();
        self.probes.clear();
        self.known.clear();
        self.retries_us.clear();
        self.asked_us.clear();
        (self.waiting, self.resting, self.failures) = (0, 0, 0);
        (self.step_due, self.refresh_idle, self.failed_topic) = (None, None, None);
        self.pause = self.stored_pause;
        self.blind_until_us = self.now_us.max(self.pause.until_us) + 20 * SECOND;
    }

    /// Nobody can know of what was sent before.
    pub fn forgets_what_was_sent(&mut self) {
        self.sent.clear();
        self.unseen_until_us = self.now_us + 12 * SECOND;
    }

    pub fn flying(&self) -> usize {
        self.flights.len()
    }

    pub fn is_free(&self) -> bool {
        self.flights.len() + self.resting < self.slots
    }

    fn can_send(&self, breaker_open: bool) -> bool {
        let paused = self.now_us < self.pause.latest_us(&self.drift);
        let unsure_us = self.blind_until_us.max(self.doubtful_until_us);
        self.is_free() && !paused && !breaker_open && self.now_us > unsure_us
    }

    /// After a step: no slot is wasted, and somebody wakes up when the next one is free.
    pub fn settles(&mut self) {
        let breaker_open = self.breaker_open;
        let can = self.can_send(breaker_open);
        let waiting = self.waiting;
        self.check(!can || waiting == 0, "a free slot is wasted", || {
            format!("{waiting} questions wait")
        });
        self.step_due = None;
        if waiting > 0
            && self.is_free()
            && self.now_us > self.blind_until_us.max(self.doubtful_until_us)
        {
            let probe_us =
                if breaker_open && !self.is_probing() { self.last_over_us + SECOND } else { 0 };
            let due_us = self.now_us.max(self.pause.latest_us(&self.drift)).max(probe_us);
            if !breaker_open || !self.is_probing() {
                self.step_due = Some((due_us + self.late_us + 5 * MS, self.drift));
            }
        }
        let mut newer = self.questions.iter().filter(|(_, question)| question.flying.is_none());
        let newer =
            newer.find(|(_, question)| !question.callers.is_empty()).map(|(topic, _)| *topic);
        if let (true, Some(topic)) = (can && !self.rules.tight, newer) {
            let (since_us, drift) = *self.refresh_idle.get_or_insert((self.now_us, self.drift));
            let latest_us = since_us + 2_200 * MS + self.late_us + self.drift.hidden_since(&drift);
            let late = self.now_us > latest_us;
            let callers = &self.questions[&topic].callers;
            let what = format!("topic {topic}, callers {callers:?}");
            self.check(!late, "a refresh is not sent though a slot is free", || what);
        } else {
            self.refresh_idle = None;
        }
    }

    pub fn answers(
        &mut self,
        id: CallerId,
        outcome: &Outcome,
        service: &Service,
    ) -> Option<Caller> {
        let caller = self.gets(id)?;
        // That SePay is down is told to everybody who waits.
        let own = caller.visit.topic == outcome.topic || !outcome.kept;
        self.check(own, "the answer to another question", || format!("{id}"));
        if outcome.kept {
            self.is_honest(outcome, service);
            self.is_allowed(id, &caller, outcome, service);
        }
        if self.rules.fair && caller.visit.party.is_some() {
            self.is_fair(id, &caller);
        }
        Some(caller)
    }

    fn gets(&mut self, id: CallerId) -> Option<Caller> {
        let Some(caller) = self.goes(id) else {
            self.fail("an outcome for nobody", format!("caller {id}"));
            return None;
        };
        let latest_us =
            caller.deadline_us + self.late_us + CLOCK_US + self.drift.hidden_since(&caller.drift);
        let now_us = self.now_us;
        self.check(now_us <= latest_us, "an outcome after the deadline", || {
            format!("caller {id}, {} us late", now_us - caller.deadline_us)
        });
        Some(caller)
    }

    fn is_honest(&mut self, outcome: &Outcome, service: &Service) {
        let true_us = self.now_us - outcome.sent_us;
        let said_us = service.age_ms * MS;
        let grain_us = CLOCK_US;
        let least_us = true_us.saturating_sub(self.drift.hidden_since(&outcome.drift) + grain_us);
        let most_us = true_us + self.drift.ahead_since(&outcome.drift) + grain_us;
        self.check((least_us..=most_us).contains(&said_us), "a wrong age", || {
            format!("{said_us} us said, {true_us} us true, {service:?}")
        });
    }

    fn is_allowed(&mut self, id: CallerId, caller: &Caller, outcome: &Outcome, service: &Service) {
        let fresh = freshness(service.age_ms, service.fresh_ms);
        let known = !matches!(service.source, Source::Asked | Source::Joined);
        let tolerance_us = self.drift.hidden_since(&outcome.drift) + CLOCK_US;
        let allowed = match caller.need {
            Need::MaxAge(0) => !known && outcome.sent_us >= caller.asked_us,
            Need::MaxAge(max_ms) => outcome.sent_us + max_ms * MS + tolerance_us >= caller.asked_us,
            Need::Newer => !known || fresh == Freshness::Fresh,
            Need::Usual => true,
        };
        self.check(allowed, "an answer older than the caller allows", || {
            format!(
                "caller {id}, {:?}, sent {} us before it asked, {service:?}",
                caller.need,
                caller.asked_us.saturating_sub(outcome.sent_us)
            )
        });
        let failed = self.failed_topic == Some(outcome.topic);
        let flies =
            self.questions.get(&outcome.topic).is_some_and(|question| question.flying.is_some());
        // SePay has failed, or was asked and does not answer before the deadline.
        let failing = self.failures > 0 || failed || flies;
        let at_once = caller.asked_us == self.now_us;
        let idle = at_once
            && !failed
            && caller.visit.wait_ms > 2
            && self.waiting == 0
            && self.can_send(self.breaker_open);
        let by_the_rules = match service.source {
            Source::Asked | Source::Joined => true,
            Source::Known => fresh == Freshness::Fresh,
            Source::Refreshing => fresh == Freshness::Refreshing,
            Source::Busy => fresh <= Freshness::Stale && !idle,
            Source::Down => failing,
        };
        self.check(by_the_rules, "served against the rules of freshness", || {
            format!("caller {id}, {fresh:?}, idle {idle}, {service:?}")
        });
    }

    fn is_fair(&mut self, id: CallerId, caller: &Caller) {
        let slot_us = self.slot_us() / self.slots as u64;
        // One round more, because a question that was refused may be asked again in the turn that was kept for it.
        let bound_us = (self.parties + 1) * slot_us + 2 * self.slot_us() + self.most_rtt_us;
        let waited_us = self.now_us - caller.asked_us;
        let calm = caller.visit.calm && caller.lane == Lane::Interactive;
        let ok = !calm || waited_us <= bound_us;
        self.check(ok, "a calm caller waits for more than a turn of everybody", || {
            format!("caller {id}, {} ms of {}", waited_us / MS, bound_us / MS)
        });
    }

    /// How long one slot is taken by one request.
    pub fn slot_us(&self) -> u64 {
        SECOND + 2 * MS + self.most_rtt_us + 2 * self.late_us
    }

    /// A caller is refused; `passing` when a 429 or a lack of room may be the reason.
    pub fn refuses(&mut self, id: CallerId, busy: bool, excused: bool) -> Option<Caller> {
        let caller = self.gets(id)?;
        let ahead_us = self.drift.ahead_since(&caller.drift) + CLOCK_US;
        let at_once = caller.asked_us == self.now_us;
        let early = self.now_us + ahead_us < caller.deadline_us;
        let given_up = early && !(busy && (at_once || excused));
        self.check(!given_up, "given up too early", || format!("caller {id}, busy {busy}"));
        let idle = self.waiting == 0 && self.can_send(self.breaker_open);
        let flies = self.questions.get(&caller.visit.topic).is_some_and(|it| it.flying.is_some());
        let needless =
            busy && at_once && idle && !flies && caller.visit.wait_ms > 2 && caller.takes_turn();
        self.check(!needless, "refused though a slot is free", || format!("caller {id}"));
        self.check(busy || flies, "late though SePay was not asked", || format!("caller {id}"));
        Some(caller)
    }

    /// After a caller was heard: while SePay is down, what is known is served at once.
    pub fn heard(&mut self, id: CallerId, topic: usize, need: Need, was_open: bool, served: bool) {
        let owed = was_open && need == Need::Usual && self.known.contains_key(&topic);
        self.check(!owed || served, "a known answer is not served while SePay is down", || {
            format!("caller {id}, topic {topic}")
        });
    }

    /// Now and then: nobody is forgotten.
    pub fn sweeps(&mut self) {
        let (drift, now_us, late_us) = (self.drift, self.now_us, self.late_us);
        let lost = self.callers.iter().find(|(_, caller)| {
            caller.deadline_us + late_us + 50 * MS + drift.hidden_since(&caller.drift) < now_us
        });
        if let Some((id, caller)) = lost {
            let what = format!("caller {id}, {caller:?}");
            self.fail("a caller is forgotten", what);
        }
    }
}
