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

    /// Says whether one more retry is within the budget, and counts it.
    pub(super) fn spend(&mut self, now_ms: u64) -> bool {
        while self.spent_ms.front().is_some_and(|at_ms| at_ms.saturating_add(WINDOW_MS) <= now_ms) {
            self.spent_ms.pop_front();
        }
        if self.spent_ms.len() >= self.most {
            return false;
        }
        self.spent_ms.push_back(now_ms);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_slots_have_five_retries_in_any_minute() {
        let mut budget = Budget::new(2);
        assert_eq!((0..10).filter(|at_ms| budget.spend(*at_ms)).count(), 5);
        assert!(!budget.spend(59_999));
        assert!(budget.spend(60_000), "the first is a minute old");
        assert!(!budget.spend(60_000));
    }
}
