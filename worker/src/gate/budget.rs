//! How often a question may be asked again: while SePay is browning out, retries would only make it worse.

use std::collections::VecDeque;

/// The share of a minute's slots that retries may take: 1 in 20.
const SHARE: usize = 20;

/// The time over which they are counted, in milliseconds.
const WINDOW_MS: u64 = 60_000;

/// The retries of the last minute.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    most: usize,
    spent_ms: VecDeque<u64>,
}

impl Budget {
    /// A twentieth of the requests that so many slots hold in a minute, and one less because a round trip takes time.
    pub(super) fn new(slots: usize) -> Self {
        let most = (slots.saturating_mul(60) / SHARE).saturating_sub(1).max(2);
        Self { most, spent_ms: VecDeque::new() }
    }

    /// Says whether one more retry is within the budget, besides those that wait to be sent.
    pub(super) fn has_room(&mut self, waiting: usize, now_ms: u64) -> bool {
        while self.spent_ms.front().is_some_and(|at_ms| at_ms.saturating_add(WINDOW_MS) <= now_ms) {
            self.spent_ms.pop_front();
        }
        self.spent_ms.len().saturating_add(waiting) < self.most
    }

    /// Counts a retry that is sent.
    pub(super) fn spend(&mut self, now_ms: u64) {
        self.spent_ms.push_back(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_slots_have_five_retries_in_any_minute() {
        let mut budget = Budget::new(2);
        for at_ms in 0..5 {
            assert!(budget.has_room(0, at_ms));
            budget.spend(at_ms);
        }
        assert_eq!([59_999, 60_000].map(|at_ms| budget.has_room(0, at_ms)), [false, true]);
        assert!(!budget.has_room(1, 60_000), "the first is a minute old, but one waits");
    }
}
