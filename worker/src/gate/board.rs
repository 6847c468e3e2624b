//! Who waits for what: questions, their callers, their order and their deadlines. It decides nothing.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use litemap::LiteMap;
use sepay::Target;

use super::event::{CallId, CallerId, Lane, Need, Party};
use super::turns::Place;

/// The open questions.
#[derive(Debug, Clone, Default)]
pub(super) struct Board {
    questions: LiteMap<Target, Question>,
    callers: HashMap<CallerId, Waiting>,
    /// The questions that wait for a slot, by their places.
    order: LiteMap<Place, Target>,
    /// With those of callers who have gone already.
    deadlines: BinaryHeap<Reverse<(u64, CallerId)>>,
    /// How many callers each party has here.
    parties: LiteMap<Party, usize>,
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
    /// How many askers it stands for who have not been counted yet.
    pub(super) demand: u32,
}

#[derive(Debug, Clone)]
struct Question {
    /// In the order in which they came.
    callers: Vec<CallerId>,
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
        self.order.find_index(&place).unwrap_or_else(|index| index)
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

    /// Returns the parties that have callers here.
    pub(super) fn parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.keys()
    }

    pub(super) fn callers_of(&self, party: &Party) -> usize {
        self.parties.get(party).copied().unwrap_or(0)
    }

    /// Returns a party's latest caller.
    pub(super) fn newest_of(&self, party: &Party) -> Option<CallerId> {
        let theirs = self.callers.iter().filter(|(_, waiting)| waiting.party == *party);
        theirs.map(|(caller, _)| *caller).max()
    }

    /// Returns everybody who waits for a question.
    pub(super) fn callers_for(&self, target: &Target) -> Vec<CallerId> {
        let question = self.questions.get(target);
        question.map(|question| question.callers.clone()).unwrap_or_default()
    }

    pub(super) fn get(&self, caller: CallerId) -> Option<&Waiting> {
        self.callers.get(&caller)
    }

    /// Takes in a caller.
    pub(super) fn attach(&mut self, caller: CallerId, waiting: Waiting) {
        let fresh = || Question {
            callers: Vec::new(),
            place: None,
            flight: None,
            asked_ms: waiting.asked_ms,
            tries: 0,
        };
        let question = self.questions.entry(waiting.target.clone()).or_insert_with(fresh);
        question.callers.push(caller);
        self.deadlines.push(Reverse((waiting.deadline_ms, caller)));
        let callers = self.parties.entry(Party::clone(&waiting.party)).or_default();
        *callers = callers.saturating_add(1);
        self.callers.insert(caller, waiting);
    }

    /// Lets a caller go; a question for which nobody takes a turn any more loses its place.
    pub(super) fn detach(&mut self, caller: CallerId) -> Option<Waiting> {
        let waiting = self.callers.remove(&caller)?;
        if let Some(callers) = self.parties.get_mut(&waiting.party) {
            *callers = callers.saturating_sub(1);
            if *callers == 0 {
                self.parties.remove(&waiting.party);
            }
        }
        if let Some(question) = self.questions.get_mut(&waiting.target) {
            let index = question.callers.iter().position(|waiting| *waiting == caller);
            index.map(|index| question.callers.remove(index));
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
            callers: Vec::new(),
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

    /// Counts the questions that wait to be asked again.
    pub(super) fn retries(&self) -> usize {
        let waiting = self.order.values().filter_map(|target| self.questions.get(target));
        waiting.filter(|question| question.tries > 0).count()
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

    /// Starts the count of tries again: a refresh is nobody's try.
    pub(super) fn forget_tries(&mut self, target: &Target) {
        if let Some(question) = self.questions.get_mut(target) {
            question.tries = 0;
        }
    }

    /// Returns since when a question waits, if it is open.
    pub(super) fn asked_ms(&self, target: &Target) -> Option<u64> {
        self.questions.get(target).map(|question| question.asked_ms)
    }

    /// Returns one caller who takes a turn for a question.
    pub(super) fn taker(&self, target: &Target) -> Option<(&Party, Lane)> {
        self.takers(target)
            .map(|waiting| (&waiting.party, waiting.lane))
            .min_by_key(|(_, lane)| *lane)
    }

    /// Returns a caller whose deadline is over.
    pub(super) fn expired(&mut self, now_ms: u64) -> Option<CallerId> {
        let first = self.first_deadline();
        first.filter(|(deadline_ms, _)| *deadline_ms <= now_ms).map(|(_, caller)| caller)
    }

    pub(super) fn first_deadline_ms(&mut self) -> Option<u64> {
        self.first_deadline().map(|(deadline_ms, _)| deadline_ms)
    }

    /// Returns the first deadline of a caller who is still here.
    fn first_deadline(&mut self) -> Option<(u64, CallerId)> {
        while let Some(Reverse((deadline_ms, caller))) = self.deadlines.peek().copied() {
            if self.callers.contains_key(&caller) {
                return Some((deadline_ms, caller));
            }
            self.deadlines.pop();
        }
        None
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

#[cfg(test)]
mod tests {
    use super::*;

    fn target(name: &str) -> Target {
        Target::from_text(&format!("/userapi/{name}")).unwrap()
    }

    fn waiting(name: &str, party: &str, deadline_ms: u64) -> Waiting {
        Waiting {
            target: target(name),
            party: Party::from(party),
            lane: Lane::Interactive,
            need: Need::Usual,
            asked_ms: 100,
            deadline_ms,
            last_call: 7,
            joined: false,
            demand: 1,
        }
    }

    fn place(turn: u64) -> Place {
        Place { lane: Lane::Interactive, turn, arrival: turn }
    }

    /// Callers 1 and 2 of a and 3 of b; 1 and 3 wait for x in place 5, 2 waits for y in place 4.
    fn board() -> Board {
        let mut board = Board::default();
        board.attach(1, waiting("x", "a", 900));
        board.put(&target("x"), place(5));
        board.attach(2, waiting("y", "a", 800));
        board.put(&target("y"), place(4));
        board.attach(3, waiting("x", "b", 700));
        board
    }

    fn order(board: &Board) -> Vec<&str> {
        let mut names: Vec<_> =
            board.places_from_last().map(|(_, target)| target.as_str()).collect();
        names.reverse();
        names.iter().map(|name| name.trim_start_matches("/userapi/")).collect()
    }

    #[test]
    fn questions_stand_in_order_of_their_places() {
        let mut board = board();
        assert_eq!(order(&board), ["y", "x"]);
        assert_eq!(board.first(), Some((place(4), &target("y"))));
        assert_eq!([4, 5, 6].map(|turn| board.ahead_of(place(turn))), [0, 1, 2]);
        board.put(&target("x"), place(1));
        assert_eq!((order(&board), board.waiting()), (vec!["x", "y"], 2));
        board.put(&target("unknown"), place(0));
        assert_eq!(board.waiting(), 2, "nobody waits for it");
    }

    #[test]
    fn a_question_keeps_its_place_until_the_last_who_takes_a_turn_has_gone() {
        let mut board = board();
        let newer = Waiting { need: Need::Newer, ..waiting("x", "c", 9_000) };
        board.attach(4, newer);
        assert!(board.detach(1).is_some() && board.detach(1).is_none());
        assert_eq!(board.place_of(&target("x")), Some(place(5)));
        board.detach(3);
        assert_eq!((board.place_of(&target("x")), order(&board)), (None, vec!["y"]));
        assert!(!board.is_awaited(&target("x")) && !board.is_under_way(&target("x")));
        assert_eq!(board.callers_for(&target("x")), [4], "who takes no turn waits on");
        board.detach(4);
        assert!(board.callers_for(&target("x")).is_empty());
        assert_eq!((board.questions.len(), board.callers()), (1, 1));
    }

    #[test]
    fn a_question_in_flight_has_no_place_and_is_remembered_until_it_lands() {
        let mut board = board();
        assert_eq!(board.depart(&target("x"), 77, 500), (0, 100));
        assert_eq!((board.flight_of(&target("x")), board.place_of(&target("x"))), (Some(77), None));
        assert!(board.is_under_way(&target("x")));
        board.detach(1);
        board.detach(3);
        assert_eq!(board.tries(&target("x")), 1);
        board.land(&target("x"));
        assert_eq!((board.tries(&target("x")), board.questions.len()), (0, 1));
    }

    #[test]
    fn tries_are_counted_until_it_starts_again() {
        let mut board = board();
        for tries in 0..3 {
            assert_eq!(board.depart(&target("x"), 7, 500), (tries, 100));
            board.land(&target("x"));
        }
        board.start_again(&target("x"), 600);
        assert_eq!(board.depart(&target("x"), 8, 700), (0, 600));
    }

    #[test]
    fn a_refresh_flies_without_callers() {
        let mut board = Board::default();
        assert_eq!(board.depart(&target("x"), 7, 500), (0, 500));
        assert!(board.is_under_way(&target("x")) && board.waiting() == 0);
        board.land(&target("x"));
        assert!(board.questions.is_empty());
    }

    #[test]
    fn deadlines_come_in_order_whoever_leaves() {
        let mut board = board();
        assert_eq!((board.first_deadline_ms(), board.expired(699)), (Some(700), None));
        assert_eq!(board.expired(700), Some(3));
        board.detach(3);
        assert_eq!((board.first_deadline_ms(), board.expired(850)), (Some(800), Some(2)));
        board.detach(1);
        board.detach(2);
        assert_eq!(board.first_deadline_ms(), None);
    }

    #[test]
    fn the_greediest_is_who_has_the_most_callers_now() {
        let mut board = board();
        assert_eq!(board.greediest(), Some((Party::from("a"), 2)));
        assert_eq!((board.newest_of(&"a".into()), board.newest_of(&"z".into())), (Some(2), None));
        board.detach(1);
        board.detach(2);
        assert_eq!(board.greediest(), Some((Party::from("b"), 1)));
        assert_eq!((board.callers_of(&"a".into()), board.callers_of(&"b".into())), (0, 1));
        board.detach(3);
        assert_eq!(board.greediest(), None);
    }

    #[test]
    fn a_question_is_taken_for_the_most_urgent_who_waits() {
        let mut board = Board::default();
        let lane = Lane::Background;
        board.attach(1, Waiting { lane, ..waiting("x", "job", 900) });
        assert_eq!(board.taker(&target("x")), Some((&"job".into(), lane)));
        board.attach(2, waiting("x", "screen", 900));
        assert_eq!(board.taker(&target("x")), Some((&"screen".into(), Lane::Interactive)));
        assert_eq!(board.taker(&target("y")), None);
    }

    #[test]
    fn lanes_are_counted_apart() {
        let mut board = board();
        board.attach(9, waiting("z", "b", 900));
        board.put(&target("z"), Place { lane: Lane::Background, turn: 0, arrival: 9 });
        let lanes = [Lane::Interactive, Lane::Background].map(|lane| board.waiting_in(lane));
        assert_eq!((lanes, order(&board)), ([2, 1], vec!["y", "x", "z"]));
    }

    #[test]
    fn who_allows_an_age_takes_what_was_sent_no_longer_before_it_asked() {
        for (need, first_ms) in [
            (Need::Usual, 0),
            (Need::Newer, 0),
            (Need::MaxAge(40), 60),
            (Need::MaxAge(500), 0),
            (Need::MaxAge(u64::MAX), 0),
        ] {
            let waiting = Waiting { need, ..waiting("x", "a", 900) };
            let first = (0..=100).find(|sent_ms| waiting.takes(7, *sent_ms));
            assert_eq!(first, Some(first_ms), "{need:?}");
        }
    }

    #[test]
    fn who_asks_anew_takes_what_was_sent_after_it_whatever_the_clock_says() {
        let waiting = Waiting { need: Need::MaxAge(0), ..waiting("x", "a", 900) };
        for (call, sent_ms, takes) in
            [(7, 100, false), (7, 101, false), (8, 100, true), (8, 0, true)]
        {
            assert_eq!(waiting.takes(call, sent_ms), takes, "call {call} at {sent_ms}");
        }
    }
}
