//! When a question would be sent, as far as can be known now.

use sepay::{Pace, PaceRecord};

use super::breaker::Breaker;

/// What is known of the slots now.
pub(super) struct Foresight {
    /// When each slot is free, the first first.
    free_ms: Vec<u64>,
    cycle_ms: u64,
}

impl Foresight {
    /// Looks at slots, pause, requests under way and how long SePay takes. `under_way` holds the slot and the time of
    /// sending of each request that is not over.
    pub(super) fn new(
        record: &PaceRecord,
        under_way: impl Iterator<Item = (usize, u64)>,
        round_trip_ms: u64,
        breaker: Breaker,
        now_ms: u64,
    ) -> Self {
        let not_before_ms = record.paused_until_ms.max(breaker.ready_ms()).max(now_ms);
        let cycle_ms = round_trip_ms.saturating_add(Pace::HOLD_MS);
        let mut free_ms = record.busy_until_ms.clone();
        for (slot, sent_ms) in under_way {
            if let Some(slot_ms) = free_ms.get_mut(slot) {
                let over_ms = sent_ms.saturating_add(round_trip_ms).max(now_ms);
                *slot_ms = over_ms.saturating_add(Pace::HOLD_MS).min(*slot_ms);
            }
        }
        free_ms.iter_mut().for_each(|slot_ms| *slot_ms = (*slot_ms).max(not_before_ms));
        free_ms.sort_unstable();
        if breaker.is_open() {
            // One probe at a time.
            free_ms.truncate(1);
        }
        Self { free_ms, cycle_ms }
    }

    /// Returns when a question would be sent that has so many before it.
    pub(super) fn send_ms(&self, ahead: usize) -> u64 {
        let slots = self.free_ms.len().max(1);
        let first_ms = self.free_ms.get(ahead.checked_rem(slots).unwrap_or(0)).copied();
        let cycles = u64::try_from(ahead.checked_div(slots).unwrap_or(0)).unwrap_or(u64::MAX);
        first_ms.unwrap_or(u64::MAX).saturating_add(cycles.saturating_mul(self.cycle_ms))
    }
}
