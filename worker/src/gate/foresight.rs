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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
mod tests {
    use super::*;

    const NOW_MS: u64 = 100_000;

    /// When the first five questions would be sent, from now, with a round trip of 100 ms.
    fn sends(record: &PaceRecord, under_way: &[(usize, u64)], breaker: Breaker) -> [u64; 5] {
        let foresight = Foresight::new(record, under_way.iter().copied(), 100, breaker, NOW_MS);
        [0, 1, 2, 3, 4].map(|ahead| foresight.send_ms(ahead) - NOW_MS)
    }

    fn record(free_in_ms: [u64; 2], paused_ms: u64) -> PaceRecord {
        PaceRecord {
            busy_until_ms: free_in_ms.map(|ms| NOW_MS + ms).into(),
            paused_until_ms: NOW_MS + paused_ms,
            seen_ms: NOW_MS,
        }
    }

    #[test]
    fn questions_go_as_slots_are_free_and_then_once_a_cycle() {
        for (free_in_ms, sent_in_ms) in [
            ([0, 0], [0, 0, 1_101, 1_101, 2_202]),
            ([700, 0], [0, 700, 1_101, 1_801, 2_202]),
            ([300, 900], [300, 900, 1_401, 2_001, 2_502]),
        ] {
            assert_eq!(sends(&record(free_in_ms, 0), &[], Breaker::default()), sent_in_ms);
        }
    }

    #[test]
    fn a_slot_that_has_long_been_free_is_free_now() {
        let record = PaceRecord { busy_until_ms: vec![0, 5], ..PaceRecord::default() };
        assert_eq!(sends(&record, &[], Breaker::default()), [0, 0, 1_101, 1_101, 2_202]);
    }

    #[test]
    fn a_pause_holds_every_slot() {
        let sent_in_ms = sends(&record([700, 0], 500), &[], Breaker::default());
        assert_eq!(sent_in_ms, [500, 700, 1_601, 1_801, 2_702]);
    }

    /// A request under way holds its slot until its timeout, but it is expected to be answered like the others.
    #[test]
    fn a_request_under_way_is_expected_to_take_a_round_trip() {
        for (sent_ago_ms, free_in_ms) in [(0, 1_101), (40, 1_061), (100, 1_001), (5_000, 1_001)] {
            let under_way = [(1, NOW_MS - sent_ago_ms)];
            let sent_in_ms = sends(&record([0, 9_001], 0), &under_way, Breaker::default());
            assert_eq!(sent_in_ms[..2], [0, free_in_ms], "{sent_ago_ms}");
        }
        let sent_in_ms = sends(&record([0, 600], 0), &[(1, NOW_MS - 9_000)], Breaker::default());
        assert_eq!(sent_in_ms[1], 600, "and not longer than until its timeout");
        let sent_in_ms = sends(&record([0, 600], 0), &[(7, NOW_MS)], Breaker::default());
        assert_eq!(sent_in_ms[1], 600, "of a slot that is not there nothing is known");
    }

    #[test]
    fn while_sepay_is_down_there_is_one_slot_and_it_waits_for_the_next_probe() {
        let mut breaker = Breaker::default();
        for at_ms in [0, 1, 2, 3, NOW_MS - 400] {
            breaker.failed(at_ms, at_ms);
        }
        let sent_in_ms = sends(&record([0, 0], 0), &[], breaker);
        assert_eq!(sent_in_ms, [600, 1_701, 2_802, 3_903, 5_004]);
    }
}
