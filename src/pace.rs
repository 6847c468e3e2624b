//! SePay's rate limit as arithmetic: N slots, each busy from the sending of its request until one second after its
//! answer has arrived, or after its timeout when none came.
//!
//! A request reaches SePay somewhere between its sending and its answer. So between the arrivals of requests i and
//! i + N there is always a full second, whatever the network does in between, and no window of one second at SePay
//! ever holds more than N. The price is exact: N requests per (1 s + round trip).
//!
//! [`Pace`] decides and remembers; it neither sends nor waits nor stores. Time is passed in, in milliseconds since the
//! Unix epoch; when it goes back, what was left to wait is still waited. Before a request leaves, its caller stores
//! [`Pace::record`], so that a restart forgets nothing.

/// SePay's window, in milliseconds (page "API Rate Limits").
const WINDOW_MS: u64 = 1000;

/// A clock in whole milliseconds may read up to one less than the time it is.
pub(crate) const CLOCK_GRAIN_MS: u64 = 1;

/// The shortest pause that a 429 causes, in milliseconds.
pub(crate) const MIN_PAUSE_MS: u64 = 1_000;

/// The longest pause that a 429 causes, in milliseconds.
pub(crate) const MAX_PAUSE_MS: u64 = 60_000;

/// The most slots: more requests a second than SePay ever allowed.
pub(crate) const MAX_SLOTS: u8 = 50;

/// A slot that is taken: the permission for one request, to be handed back with [`Pace::finish`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Slot {
    index: usize,
    /// Tells this use of the slot from a later one, should the answer come after the timeout.
    turn: u64,
}

impl Slot {
    /// Returns which slot it is, as an index into [`PaceRecord::busy_until_ms`].
    #[must_use]
    pub fn index(self) -> usize {
        self.index
    }
}

/// The slots and the pause: all that decides when the next request may leave.
///
/// ```
/// use sepay::Pace;
///
/// let mut pace = Pace::new(1);
/// let slot = pace.take(5_000, 8_000).expect("the only slot is free");
/// assert_eq!(pace.take(5_100, 8_000), Err(14_001)); // until the timeout and one second are over
/// pace.finish(slot, 5_200);
/// assert_eq!(pace.take(6_200, 8_000), Err(6_201)); // one second, and one millisecond for the clock's grain
/// assert!(pace.take(6_201, 8_000).is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    record: PaceRecord,
    turns: u64,
    turn_of_slot: Vec<u64>,
}

/// What must survive a restart, as plain numbers: milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaceRecord {
    /// When each slot is free again; in the past for a free one.
    pub busy_until_ms: Vec<u64>,
    /// When the pause after a 429 ends; in the past for none.
    pub paused_until_ms: u64,
    /// The latest time seen, against which a clock that went back is noticed.
    pub seen_ms: u64,
}

impl Pace {
    /// How long a slot stays busy after its request is over, in milliseconds.
    pub const HOLD_MS: u64 = WINDOW_MS + CLOCK_GRAIN_MS;

    /// Makes a pace of so many requests a second, 1 to 50; all slots are free.
    #[must_use]
    pub fn new(requests_per_second: u8) -> Self {
        Self::restored(requests_per_second, &PaceRecord::default())
    }

    /// Restores a pace from what was stored. With fewer slots than before, the busiest are kept, because what was
    /// sent under the old rate still counts at SePay.
    #[must_use]
    pub fn restored(requests_per_second: u8, stored: &PaceRecord) -> Self {
        let slots = usize::from(requests_per_second.clamp(1, MAX_SLOTS));
        let mut busy_until_ms = stored.busy_until_ms.clone();
        busy_until_ms.sort_unstable();
        busy_until_ms.reverse();
        busy_until_ms.resize(slots, 0);
        let record = PaceRecord { busy_until_ms, ..*stored };
        Self { record, turns: 0, turn_of_slot: vec![0; slots] }
    }

    /// Returns what must be stored before a request leaves.
    #[must_use]
    pub fn record(&self) -> &PaceRecord {
        &self.record
    }

    /// Takes a free slot for a request that leaves now and is given up after `timeout_ms`.
    ///
    /// # Errors
    ///
    /// The first instant at which a slot will be free as far as is known, when none is now.
    pub fn take(&mut self, now_ms: u64, timeout_ms: u64) -> Result<Slot, u64> {
        let ready_ms = self.ready_ms(now_ms);
        if ready_ms > now_ms {
            return Err(ready_ms);
        }
        let slots = self.record.busy_until_ms.iter_mut().zip(&mut self.turn_of_slot).enumerate();
        let Some((index, (busy_until_ms, turn))) = slots.min_by_key(|(_, (busy, _))| **busy) else {
            return Err(u64::MAX);
        };
        self.turns = self.turns.wrapping_add(1);
        *turn = self.turns;
        *busy_until_ms = hold(now_ms.saturating_add(timeout_ms));
        Ok(Slot { index, turn: self.turns })
    }

    /// Says that the slot's request is over: its answer has arrived, or it was given up.
    pub fn finish(&mut self, slot: Slot, now_ms: u64) {
        self.finish_until(slot, now_ms, hold(now_ms));
    }

    /// Says that the slot's request is over, for a caller who knows by a timer when a full second is: the slot is free
    /// at `free_ms`.
    pub fn finish_until(&mut self, slot: Slot, now_ms: u64, free_ms: u64) {
        self.observe(now_ms);
        let turn = self.turn_of_slot.get(slot.index).copied();
        if let Some(busy_until_ms) = self.record.busy_until_ms.get_mut(slot.index) {
            // An answer later than the timeout may meet the slot's next request: then the longer wait holds.
            *busy_until_ms =
                if turn == Some(slot.turn) { free_ms } else { free_ms.max(*busy_until_ms) };
        }
    }

    /// Stops every slot after a 429, for the time that SePay names, clamped to 1 to 60 s.
    pub fn pause(&mut self, retry_after_ms: Option<u64>, now_ms: u64) {
        self.observe(now_ms);
        let pause_ms = retry_after_ms.unwrap_or(0).clamp(MIN_PAUSE_MS, MAX_PAUSE_MS);
        self.record.paused_until_ms =
            self.record.paused_until_ms.max(now_ms.saturating_add(pause_ms));
    }

    /// Returns the first instant, now or later, at which a request may leave as far as is known.
    #[must_use]
    pub fn ready_ms(&mut self, now_ms: u64) -> u64 {
        self.observe(now_ms);
        let first_free_ms = self.record.busy_until_ms.iter().min().copied().unwrap_or(u64::MAX);
        first_free_ms.max(self.record.paused_until_ms).max(now_ms)
    }

    /// Notices a clock that went back: no time is known to have passed, so every wait keeps its length.
    ///
    /// A clock that goes back by a microsecond may read a whole millisecond less. So one grain of what was read is
    /// not believed: otherwise every such step would shorten the waits.
    fn observe(&mut self, now_ms: u64) {
        let read_back_ms = self.record.seen_ms.saturating_sub(now_ms);
        let back_ms = read_back_ms.saturating_sub(CLOCK_GRAIN_MS);
        for busy_until_ms in &mut self.record.busy_until_ms {
            *busy_until_ms = busy_until_ms.saturating_sub(back_ms);
        }
        self.record.paused_until_ms = self.record.paused_until_ms.saturating_sub(back_ms);
        self.record.seen_ms = now_ms;
    }
}

/// When a slot is free whose request was over at `over_ms`.
fn hold(over_ms: u64) -> u64 {
    over_ms.saturating_add(Pace::HOLD_MS)
}
