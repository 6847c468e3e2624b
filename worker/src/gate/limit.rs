//! A caller's own limit: so many requests in any minute, counted at one place for the whole world.

use std::collections::VecDeque;

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use super::event::Party;

/// The time over which requests are counted, in milliseconds.
pub const WINDOW_MS: u64 = 60_000;

/// The requests of the last minute, for each key that has a limit.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    admitted_ms: LiteMap<Party, VecDeque<u64>>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Whether it is within the limit.
    pub admitted: bool,
    /// The limit: requests in any minute.
    pub limit: u32,
    /// How many more are within it now.
    pub remaining: u32,
    /// When there will be one more, in milliseconds from now.
    pub next_ms: u64,
}

impl Limits {
    /// Counts a request of a key with this limit, if it is within it. Those beyond it do not count.
    pub fn admit(&mut self, party: &Party, limit: u32, now_ms: u64) -> Admission {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let log = self.admitted_ms.entry(Party::clone(party)).or_default();
        // A clock that went back must not lock anybody out for longer than a window.
        while log.front().is_some_and(|at_ms| now_ms.abs_diff(*at_ms) >= WINDOW_MS) {
            log.pop_front();
        }
        let admitted = log.len() < most;
        if admitted {
            log.push_back(now_ms);
        }
        let remaining = u32::try_from(most.saturating_sub(log.len())).unwrap_or(u32::MAX);
        let oldest_ms = log.front().copied().unwrap_or(now_ms);
        let next_ms = oldest_ms.saturating_add(WINDOW_MS).saturating_sub(now_ms).min(WINDOW_MS);
        Admission { admitted, limit, remaining, next_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_of_a_minute_has_more_than_the_limit() {
        let (mut limits, shop) = (Limits::default(), Party::from("shop"));
        let mut ask = |at_ms| limits.admit(&shop, 2, at_ms);
        assert_eq!(ask(0), Admission { admitted: true, limit: 2, remaining: 1, next_ms: 60_000 });
        assert_eq!(
            ask(10_000),
            Admission { admitted: true, limit: 2, remaining: 0, next_ms: 50_000 }
        );
        let refused = Admission { admitted: false, limit: 2, remaining: 0, next_ms: 1 };
        assert_eq!(ask(59_999), refused);
        assert!(ask(60_000).admitted, "the first is a minute old; the refused one does not count");
        assert_eq!(ask(60_000).next_ms, 10_000);
        assert!(ask(70_000).admitted);
    }

    #[test]
    fn each_key_has_its_own_limit_and_a_clock_that_goes_back_locks_nobody_out() {
        let mut limits = Limits::default();
        assert!(limits.admit(&Party::from("a"), 1, 5_000_000).admitted);
        assert!(limits.admit(&Party::from("b"), 1, 5_000_000).admitted);
        assert!(!limits.admit(&Party::from("a"), 1, 5_000_000).admitted);
        assert!(limits.admit(&Party::from("a"), 1, 1_000_000).admitted, "four minutes back");
    }
}
