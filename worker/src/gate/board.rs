//! Who waits for what: questions, their callers, their order and their deadlines. It decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use sepay::Target;

use super::event::{CallId, CallerId, Lane, Need, Party};
use super::turns::Place;

/// The open questions.
#[derive(Debug, Clone, Default)]
pub(super) struct Board {
    questions: BTreeMap<Target, Question>,
    callers: BTreeMap<CallerId, Waiting>,
    /// The questions that wait for a slot, by their places.
    order: BTreeMap<Place, Target>,
    deadlines: BTreeSet<(u64, CallerId)>,
    /// How many callers each party has here.
    parties: BTreeMap<Party, usize>,
}

/// A caller who waits.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) target: Target,
    pub(super) party: Party,
    pub(super) lane: Lane,
    pub(super) need: Need,
    pub(super) asked_ms: u64,
    pub(super) deadline_ms: u64,
    /// The latest request that had been sent when it asked.
    pub(super) last_call: CallId,
    /// Whether somebody else had asked the same before.
    pub(super) joined: bool,
}

#[derive(Debug, Clone)]
struct Question {
    callers: BTreeSet<CallerId>,
    /// None while it is in flight or only waits for a refresh.
    place: Option<Place>,
    flight: Option<CallId>,
    asked_ms: u64,
    tries: u8,
}

impl Waiting {
    /// Says whether the answer to a request of this time is of use.
    pub(super) fn takes(&self, call: CallId, sent_ms: u64) -> bool {
        match self.need {
            Need::Usual | Need::Newer => true,
            // Milliseconds are too coarse for this, and a clock that was set back is worse.
            Need::MaxAge(0) => call > self.last_call,
            Need::MaxAge(ms) => sent_ms.saturating_add(ms) >= self.asked_ms,
        }
    }

    /// Says whether it takes a turn, and does not only wait for a refresh.
    fn takes_turn(&self) -> bool {
        self.need != Need::Newer
    }
}

impl Board {
    pub(super) fn callers(&self) -> usize {
        self.callers.len()
    }

    /// Counts the questions that wait for a slot.
    pub(super) fn waiting(&self) -> usize {
        self.order.len()
    }

    /// Counts the questions of one lane that wait for a slot.
    pub(super) fn waiting_in(&self, lane: Lane) -> usize {
        self.order.keys().filter(|place| place.lane == lane).count()
    }

    /// Counts the questions that go before a place.
    pub(super) fn ahead_of(&self, place: Place) -> usize {
        self.order.range(..place).count()
    }

    /// Returns the question that goes first.
    pub(super) fn first(&self) -> Option<(Place, &Target)> {
        self.order.iter().next().map(|(place, target)| (*place, target))
    }

    /// Returns the places of the questions that wait for a slot, the last first.
    pub(super) fn places_from_last(&self) -> impl Iterator<Item = (Place, &Target)> {
        self.order.iter().rev().map(|(place, target)| (*place, target))
    }

    pub(super) fn place_of(&self, target: &Target) -> Option<Place> {
        self.questions.get(target)?.place
    }

    pub(super) fn flight_of(&self, target: &Target) -> Option<CallId> {
        self.questions.get(target)?.flight
    }

    /// Says whether a question waits for a slot of its own or is in flight.
    pub(super) fn is_under_way(&self, target: &Target) -> bool {
        let found = self.questions.get(target);
        found.is_some_and(|question| question.place.is_some() || question.flight.is_some())
    }

    /// Says whether somebody takes a turn for this question.
    pub(super) fn is_awaited(&self, target: &Target) -> bool {
        self.takers(target).next().is_some()
    }

    /// Returns the party with the most callers, and how many they are.
    pub(super) fn greediest(&self) -> Option<(Party, usize)> {
        let most = self.parties.iter().max_by_key(|(_, callers)| **callers);
        most.map(|(party, callers)| (Party::clone(party), *callers))
    }

    pub(super) fn callers_of(&self, party: &Party) -> usize {
        self.parties.get(party).copied().unwrap_or(0)
    }

    /// Returns a party's latest caller.
    pub(super) fn newest_of(&self, party: &Party) -> Option<CallerId> {
        let mut newest_first = self.callers.iter().rev();
        newest_first.find(|(_, waiting)| waiting.party == *party).map(|(caller, _)| *caller)
    }

    /// Returns everybody who waits for a question.
    pub(super) fn callers_for(&self, target: &Target) -> Vec<CallerId> {
        let question = self.questions.get(target);
        question.map(|question| question.callers.iter().copied().collect()).unwrap_or_default()
    }

    pub(super) fn get(&self, caller: CallerId) -> Option<&Waiting> {
        self.callers.get(&caller)
    }

    /// Takes in a caller.
    pub(super) fn attach(&mut self, caller: CallerId, waiting: Waiting) {
        let fresh = || Question {
            callers: BTreeSet::new(),
            place: None,
            flight: None,
            asked_ms: waiting.asked_ms,
            tries: 0,
        };
        let question = self.questions.entry(waiting.target.clone()).or_insert_with(fresh);
        question.callers.insert(caller);
        self.deadlines.insert((waiting.deadline_ms, caller));
        let callers = self.parties.entry(Party::clone(&waiting.party)).or_default();
        *callers = callers.saturating_add(1);
        self.callers.insert(caller, waiting);
    }

    /// Lets a caller go; a question for which nobody takes a turn any more loses its place.
    pub(super) fn detach(&mut self, caller: CallerId) -> Option<Waiting> {
        let waiting = self.callers.remove(&caller)?;
        self.deadlines.remove(&(waiting.deadline_ms, caller));
        if let Some(callers) = self.parties.get_mut(&waiting.party) {
            *callers = callers.saturating_sub(1);
            if *callers == 0 {
                self.parties.remove(&waiting.party);
            }
        }
        if let Some(question) = self.questions.get_mut(&waiting.target) {
            question.callers.remove(&caller);
        }
        if !self.is_awaited(&waiting.target) {
            self.take_place(&waiting.target);
        }
        self.forget_if_idle(&waiting.target);
        Some(waiting)
    }

    /// Gives a question a place in the order.
    pub(super) fn put(&mut self, target: &Target, place: Place) {
        self.take_place(target);
        if let Some(question) = self.questions.get_mut(target) {
            question.place = Some(place);
            self.order.insert(place, target.clone());
        }
    }

    /// Notes that a question is being asked, and returns how often it was before and since when it waits.
    pub(super) fn depart(&mut self, target: &Target, call: CallId, now_ms: u64) -> (u8, u64) {
        self.take_place(target);
        let question = self.questions.entry(target.clone()).or_insert_with(|| Question {
            callers: BTreeSet::new(),
            place: None,
            flight: None,
            asked_ms: now_ms,
            tries: 0,
        });
        question.flight = Some(call);
        let tries = question.tries;
        question.tries = tries.saturating_add(1);
        (tries, question.asked_ms)
    }

    /// Returns how often a question was asked for those who wait.
    pub(super) fn tries(&self, target: &Target) -> u8 {
        self.questions.get(target).map_or(0, |question| question.tries)
    }

    /// Notes that the request is over; who waits goes on waiting until detached.
    pub(super) fn land(&mut self, target: &Target) {
        if let Some(question) = self.questions.get_mut(target) {
            question.flight = None;
        }
        self.forget_if_idle(target);
    }

    /// Starts the count of tries again, and the time since which the question waits.
    pub(super) fn start_again(&mut self, target: &Target, now_ms: u64) {
        if let Some(question) = self.questions.get_mut(target) {
            (question.tries, question.asked_ms) = (0, now_ms);
        }
    }

    /// Returns one caller who takes a turn for a question.
    pub(super) fn taker(&self, target: &Target) -> Option<(&Party, Lane)> {
        self.takers(target)
            .map(|waiting| (&waiting.party, waiting.lane))
            .min_by_key(|(_, lane)| *lane)
    }

    /// Returns a caller whose deadline is over.
    pub(super) fn expired(&self, now_ms: u64) -> Option<CallerId> {
        let first = self.deadlines.first();
        first.filter(|(deadline_ms, _)| *deadline_ms <= now_ms).map(|(_, caller)| *caller)
    }

    pub(super) fn first_deadline_ms(&self) -> Option<u64> {
        self.deadlines.first().map(|(deadline_ms, _)| *deadline_ms)
    }

    fn takers(&self, target: &Target) -> impl Iterator<Item = &Waiting> {
        let callers = self.questions.get(target).map(|question| &question.callers);
        let callers = callers.into_iter().flatten().filter_map(|caller| self.callers.get(caller));
        callers.filter(|waiting| waiting.takes_turn())
    }

    fn take_place(&mut self, target: &Target) {
        let question = self.questions.get_mut(target);
        if let Some(place) = question.and_then(|question| question.place.take()) {
            self.order.remove(&place);
        }
    }

    fn forget_if_idle(&mut self, target: &Target) {
        let idle = |question: &Question| question.callers.is_empty() && question.flight.is_none();
        if self.questions.get(target).is_some_and(idle) {
            self.take_place(target);
            self.questions.remove(target);
        }
    }
}
