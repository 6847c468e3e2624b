//! What SePay answered lately, bounded in bytes, and which of it to ask for again first.
//!
//! With more questions than budget, the mean age of what is served is least when each question is asked again at a
//! rate proportional to the square root of its demand. Asking next for the largest `demand * age^2` does that without
//! knowing the budget: the product is then the same for every question at the moment of its refresh. Age grows, so
//! that nobody's question is left out.

use std::collections::BTreeMap;

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
    entries: BTreeMap<Target, Entry<A>>,
    /// The entries by last use, the longest unused first.
    uses: BTreeMap<u64, Target>,
    next_use: u64,
    /// What somebody would like to have newer.
    wishes: BTreeMap<Target, Wish>,
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
        let (entries, uses) = (BTreeMap::new(), BTreeMap::new());
        Self { entries, uses, next_use: 0, wishes: BTreeMap::new(), bytes: 0, max_bytes }
    }

    /// Returns what is kept for a question, and counts its askers.
    pub(super) fn ask(&mut self, target: &Target, askers: u32, now_ms: u64) -> Option<Kept<A>> {
        self.next_use = self.next_use.wrapping_add(1);
        let entry = self.entries.get_mut(target)?;
        if let Some(name) = self.uses.remove(&entry.used) {
            self.uses.insert(self.next_use, name);
        }
        entry.used = self.next_use;
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
        self.next_use = self.next_use.wrapping_add(1);
        let entry = Entry { kept, bytes, used: self.next_use, demand };
        self.bytes = self.bytes.saturating_add(bytes);
        self.uses.insert(entry.used, target.clone());
        self.entries.insert(target.clone(), entry);
        while self.bytes > self.max_bytes {
            let Some(oldest) = self.uses.values().next().cloned() else { break };
            self.remove(&oldest);
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
        excluded: impl Fn(&Target) -> bool,
    ) -> Option<&Target> {
        let open = self.wishes.iter().filter(|(_, wish)| wish.from_ms <= now_ms);
        let open = open.filter(|(target, _)| !excluded(target));
        let ranked =
            open.filter_map(|(target, _)| Some((target, self.entries.get(target)?.rank(now_ms))));
        ranked.max_by(|(_, left), (_, right)| left.total_cmp(right)).map(|(target, _)| target)
    }

    /// Says whether somebody would like to have this newer.
    pub(super) fn is_wished(&self, target: &Target) -> bool {
        self.wishes.contains_key(target)
    }

    /// Counts the wishes.
    pub(super) fn wishes(&self) -> usize {
        self.wishes.len()
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
        self.uses.remove(&entry.used);
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
