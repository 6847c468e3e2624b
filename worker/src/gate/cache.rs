//! What SePay answered lately, bounded in bytes, and which of it to ask for again first.
//!
//! With more questions than budget, the mean age of what is served is least when each question is asked again at a
//! rate proportional to the square root of its demand. Asking next for the largest `demand * age^2` does that without
//! knowing the budget: the product is then the same for every question at the moment of its refresh. Age grows, so
//! that nobody's question is left out.

use litemap::LiteMap;
use sepay::Target;

/// The most memory that answers take, in bytes.
pub(super) const MAX_CACHE_BYTES: usize = 32 * 1024 * 1024;

/// What an entry takes besides its answer, in bytes: about what the maps need, so that many small answers count too.
const ENTRY_BYTES: usize = 512;

/// How long after its last asker a question is still refreshed, in milliseconds.
const WISH_MS: u64 = 60_000;

/// How long after a failure it is not asked for again, in milliseconds.
const PUT_OFF_MS: u64 = 1_000;

/// Over which time demand is remembered, in milliseconds: longer than a round of refreshes takes.
const DEMAND_MS: f64 = 60_000.0;

/// The kept answers.
#[derive(Debug, Clone)]
pub(super) struct Cache<A> {
    /// In order, so that one history has one outcome.
    entries: LiteMap<Target, Entry<A>>,
    /// How often an entry was used.
    uses: u64,
    /// What somebody would like to have newer.
    wishes: LiteMap<Target, Wish>,
    bytes: usize,
    max_bytes: usize,
}

#[derive(Debug, Clone)]
struct Entry<A> {
    kept: Kept<A>,
    bytes: usize,
    used: u64,
    demand: Demand,
}

/// Until when somebody would like to have an answer newer, and from when on SePay may be asked.
#[derive(Debug, Clone, Copy)]
struct Wish {
    until_ms: u64,
    from_ms: u64,
}

/// One kept answer.
#[derive(Debug, Clone)]
pub(super) struct Kept<A> {
    /// What SePay answered.
    pub(super) outcome: A,
    /// When the request for it was sent.
    pub(super) sent_ms: u64,
    /// How long it is fresh from then on, in milliseconds.
    pub(super) fresh_ms: u64,
}

/// Askers per time, as a sum in which each counts less the longer ago it was.
#[derive(Debug, Clone, Copy, Default)]
struct Demand {
    askers: f64,
    at_ms: u64,
}

impl<A: Clone> Cache<A> {
    /// An empty cache of so many bytes.
    pub(super) fn new(max_bytes: usize) -> Self {
        let (entries, wishes) = (LiteMap::new(), LiteMap::new());
        Self { entries, uses: 0, wishes, bytes: 0, max_bytes }
    }

    /// Returns what is kept for a question, and counts its askers.
    pub(super) fn ask(&mut self, target: &Target, askers: u32, now_ms: u64) -> Option<Kept<A>> {
        self.uses = self.uses.wrapping_add(1);
        let entry = self.entries.get_mut(target)?;
        entry.used = self.uses;
        entry.demand.add(askers, now_ms);
        Some(entry.kept.clone())
    }

    /// Returns what is kept for a question, and changes nothing.
    pub(super) fn peek(&self, target: &Target) -> Option<&Kept<A>> {
        self.entries.get(target).map(|entry| &entry.kept)
    }

    /// Keeps an answer instead of an older one, and lets go of what has been unused for the longest time.
    pub(super) fn keep(
        &mut self,
        target: &Target,
        kept: Kept<A>,
        bytes: usize,
        askers: u32,
        now_ms: u64,
    ) {
        let mut demand = Demand::default();
        if let Some(old) = self.remove(target) {
            demand = old.demand;
        }
        demand.add(askers, now_ms);
        let bytes = bytes.saturating_add(target.as_str().len()).saturating_add(ENTRY_BYTES);
        if bytes > self.max_bytes {
            return;
        }
        self.uses = self.uses.wrapping_add(1);
        let entry = Entry { kept, bytes, used: self.uses, demand };
        self.bytes = self.bytes.saturating_add(bytes);
        self.entries.insert(target.clone(), entry);
        while self.bytes > self.max_bytes {
            let longest_unused = self.entries.iter().min_by_key(|(_, entry)| entry.used);
            let Some(target) = longest_unused.map(|(target, _)| target.clone()) else { break };
            self.remove(&target);
        }
    }

    /// Wants a newer answer for as long as somebody asks.
    pub(super) fn wish(&mut self, target: &Target, now_ms: u64) {
        if self.entries.contains_key(target) {
            let fresh = Wish { until_ms: 0, from_ms: now_ms };
            let wish = self.wishes.entry(target.clone()).or_insert(fresh);
            wish.until_ms = now_ms.saturating_add(WISH_MS);
        }
    }

    /// Puts a wish off for a while: SePay has just failed to answer it.
    pub(super) fn put_off(&mut self, target: &Target, now_ms: u64) {
        if let Some(wish) = self.wishes.get_mut(target) {
            wish.from_ms = now_ms.saturating_add(PUT_OFF_MS);
        }
    }

    /// Lets those wishes go for which nobody has asked lately.
    pub(super) fn expire(&mut self, now_ms: u64) {
        self.wishes.retain(|_, wish| wish.until_ms > now_ms);
    }

    /// Returns which of the wished answers to ask for next, leaving out what `excluded` names.
    pub(super) fn most_wanted(
        &self,
        now_ms: u64,
        aged_ms: u64,
        excluded: impl Fn(&Target) -> bool,
    ) -> Option<&Target> {
        let open = self.wishes.iter().filter(|(_, wish)| wish.from_ms <= now_ms);
        let open = open.filter(|(target, _)| !excluded(target));
        let ranked =
            open.filter_map(|(target, _)| Some((target, self.entries.get(target)?.rank(aged_ms))));
        ranked.max_by(|(_, left), (_, right)| left.total_cmp(right)).map(|(target, _)| target)
    }

    /// Counts the wishes.
    pub(super) fn wishes(&self) -> usize {
        self.wishes.len()
    }

    /// Counts the wishes but those that `excluded` names.
    pub(super) fn wishes_without(&self, excluded: impl Fn(&Target) -> bool) -> usize {
        self.wishes.keys().filter(|target| !excluded(target)).count()
    }

    /// Returns when the first of the wishes that were put off may be asked for.
    pub(super) fn next_wish_ms(&self, excluded: impl Fn(&Target) -> bool) -> Option<u64> {
        let open = self.wishes.iter().filter(|(target, _)| !excluded(target));
        open.map(|(_, wish)| wish.from_ms).min()
    }

    /// Returns how many answers are kept, and their size in bytes.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.entries.len(), self.bytes)
    }

    fn remove(&mut self, target: &Target) -> Option<Entry<A>> {
        let entry = self.entries.remove(target)?;
        self.wishes.remove(target);
        self.bytes = self.bytes.saturating_sub(entry.bytes);
        Some(entry)
    }
}

impl<A> Entry<A> {
    /// Demand times the square of the age; an answer that is fresh for long is as old as what it is too old by.
    fn rank(&self, now_ms: u64) -> f64 {
        let longer_ms = self.kept.fresh_ms.saturating_sub(super::freshness::LIST_FRESH_MS);
        let age_ms = self.kept.age_ms(now_ms).saturating_sub(longer_ms);
        let age = as_float(age_ms);
        self.demand.at(now_ms) * age * age
    }
}

impl<A> Kept<A> {
    /// Returns its age in milliseconds.
    pub(super) fn age_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.sent_ms)
    }
}

impl Demand {
    fn add(&mut self, askers: u32, now_ms: u64) {
        *self = Self { askers: self.at(now_ms) + f64::from(askers), at_ms: now_ms };
    }

    fn at(self, now_ms: u64) -> f64 {
        self.askers * (-as_float(now_ms.saturating_sub(self.at_ms)) / DEMAND_MS).exp()
    }
}

/// Milliseconds between two events of one run: exact up to 50 days, and nobody's demand lasts longer.
fn as_float(ms: u64) -> f64 {
    f64::from(u32::try_from(ms).unwrap_or(u32::MAX))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::proptest;

    use super::super::freshness::{LIST_FRESH_MS, RECORD_FRESH_MS};
    use super::*;

    fn target(number: u32) -> Target {
        Target::from_text(&format!("/userapi/transactions/list?limit={number:04}")).unwrap()
    }

    /// What an entry takes besides its answer: the map's share and a name of 37 bytes.
    const NAME_BYTES: usize = ENTRY_BYTES + 37;

    fn kept(sent_ms: u64) -> Kept<u64> {
        Kept { outcome: sent_ms, sent_ms, fresh_ms: LIST_FRESH_MS }
    }

    /// A cache of three answers, sent at 0, 1,000 and 2,000, each with one asker then, and each wanted.
    fn three() -> Cache<u64> {
        let mut cache = Cache::new(MAX_CACHE_BYTES);
        for number in 1..=3 {
            let at_ms = u64::from(number - 1) * 1_000;
            cache.keep(&target(number), kept(at_ms), 100, 1, at_ms);
            cache.wish(&target(number), at_ms);
        }
        cache
    }

    fn wanted(cache: &Cache<u64>, now_ms: u64) -> Option<u32> {
        let first = cache.most_wanted(now_ms, now_ms, |_| false)?;
        (1..=9).find(|number| target(*number) == *first)
    }

    proptest! {
        #[test]
        fn it_never_takes_more_than_its_bound_and_forgets_no_byte(
            steps in vec((0_u32..12, 0_usize..4_000, 0_u8..3), 1..120),
        ) {
            let mut cache = Cache::new(8_000);
            for (now_ms, (number, bytes, what)) in (0..).zip(steps) {
                match what {
                    0 => _ = cache.ask(&target(number), 1, now_ms),
                    1 => cache.wish(&target(number), now_ms),
                    _ => cache.keep(&target(number), kept(now_ms), bytes, 1, now_ms),
                }
                let sum: usize = cache.entries.values().map(|entry| entry.bytes).sum();
                assert_eq!(cache.size(), (cache.entries.len(), sum));
                assert!(sum <= 8_000);
                assert!(cache.wishes.keys().all(|target| cache.entries.contains_key(target)));
            }
        }
    }

    #[test]
    fn what_is_kept_replaces_what_was() {
        let mut cache = three();
        cache.keep(&target(1), kept(5_000), 300, 0, 5_000);
        assert_eq!(cache.peek(&target(1)).map(|kept| kept.outcome), Some(5_000));
        assert_eq!(cache.size(), (3, 500 + 3 * NAME_BYTES));
        assert_eq!(cache.wishes(), 2, "nobody wants it newer any more");
    }

    #[test]
    fn what_fits_to_the_byte_is_kept_and_one_byte_more_is_not() {
        let mut cache = Cache::new(1_000);
        cache.keep(&target(1), kept(0), 1_000 - NAME_BYTES, 1, 0);
        assert_eq!(cache.size(), (1, 1_000));
        cache.keep(&target(1), kept(1), 1_001 - NAME_BYTES, 1, 0);
        assert_eq!(cache.size(), (0, 0), "what it would have replaced is gone too");
    }

    #[test]
    fn the_longest_unused_goes_first_and_looking_is_no_use() {
        let mut cache = Cache::new(3 * (100 + NAME_BYTES));
        for number in 1..=3 {
            cache.keep(&target(number), kept(0), 100, 1, 0);
        }
        cache.ask(&target(1), 1, 10);
        cache.peek(&target(2));
        cache.wish(&target(2), 10);
        cache.keep(&target(4), kept(20), 100, 1, 20);
        let there = (1..=4).filter(|number| cache.peek(&target(*number)).is_some());
        assert_eq!(there.collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(cache.wishes(), 0, "what is gone is not refreshed");
    }

    #[test]
    fn only_what_is_known_can_be_wished_for() {
        let mut cache = three();
        cache.wish(&target(9), 0);
        assert_eq!(cache.wishes(), 3);
    }

    #[test]
    fn a_wish_lasts_a_minute_after_the_last_asker() {
        let mut cache = three();
        cache.wish(&target(1), 30_000);
        for (now_ms, wishes) in [(60_999, 3), (61_000, 2), (62_000, 1), (89_999, 1), (90_000, 0)] {
            cache.expire(now_ms);
            assert_eq!(cache.wishes(), wishes, "{now_ms}");
        }
    }

    #[test]
    fn the_oldest_is_wanted_most_where_demand_is_equal() {
        let cache = three();
        assert_eq!(wanted(&cache, 3_000), Some(1));
        let without_first = cache.most_wanted(3_000, 3_000, |excluded| *excluded == target(1));
        assert_eq!(without_first, Some(&target(2)));
        assert_eq!(wanted(&Cache::new(1), 3_000), None);
    }

    /// At 4,000 the ages are 4, 3 and 2 s, their squares 16, 9 and 4.
    #[test]
    fn demand_counts_as_much_as_the_square_of_the_age() {
        for (askers, first) in [(0, 1), (2, 1), (4, 3), (100, 3)] {
            let mut cache = three();
            cache.ask(&target(3), askers, 4_000);
            assert_eq!(wanted(&cache, 4_000), Some(first), "{askers}");
        }
    }

    #[test]
    fn demand_is_forgotten_over_a_minute() {
        let mut demand = Demand::default();
        demand.add(1_000, 0);
        let at = |ms| demand.at(ms).round().to_string();
        assert_eq!([0, 60_000, 120_000].map(at), ["1000", "368", "135"]);
        demand.add(1_000, 60_000);
        assert_eq!(demand.at(60_000).round().to_string(), "1368");
    }

    #[test]
    fn demand_outlives_a_refresh() {
        let mut cache = three();
        cache.ask(&target(1), 1_000, 2_500);
        cache.keep(&target(1), kept(3_000), 100, 0, 3_100);
        cache.wish(&target(1), 3_200);
        assert_eq!(wanted(&cache, 4_000), Some(1), "1 s old, and a thousand askers");
    }

    /// At 601,000 the record is as old as a list of two seconds.
    #[test]
    fn what_is_fresh_for_long_is_as_old_as_what_it_is_too_old_by() {
        for (list_sent_ms, first) in [(598_900, 1), (599_100, 2)] {
            let mut cache = Cache::new(MAX_CACHE_BYTES);
            let record = Kept { outcome: 0, sent_ms: 0, fresh_ms: RECORD_FRESH_MS };
            cache.keep(&target(1), kept(list_sent_ms), 100, 5, 601_000);
            cache.keep(&target(2), record, 100, 5, 601_000);
            cache.wish(&target(1), 601_000);
            cache.wish(&target(2), 601_000);
            assert_eq!(wanted(&cache, 601_000), Some(first), "{list_sent_ms}");
        }
    }

    #[test]
    fn a_wish_that_is_put_off_waits_a_second_and_askers_do_not_hurry_it() {
        let mut cache = three();
        cache.put_off(&target(1), 3_000);
        cache.wish(&target(1), 3_100);
        assert_eq!([3_999, 4_000].map(|at_ms| wanted(&cache, at_ms)), [Some(2), Some(1)]);
        assert_eq!(cache.next_wish_ms(|_| false), Some(1_000));
        let but_first = |excluded: &Target| *excluded != target(1);
        assert_eq!(cache.next_wish_ms(but_first), Some(4_000));
        assert_eq!(cache.next_wish_ms(|_| true), None);
    }

    #[test]
    fn an_age_that_is_very_great_is_still_a_number() {
        assert_eq!(kept(0).age_ms(u64::MAX), u64::MAX);
        assert_eq!(kept(5_000).age_ms(4_999), 0, "a clock that trembles");
        let cache = three();
        assert_eq!(wanted(&cache, u64::MAX), Some(3), "nobody's demand lasts that long");
    }
}
