//! A time that never goes back, whatever the host's clock does.

use crate::pace::CLOCK_GRAIN_MS;

/// Reads the host's clock as a time that only goes on: what was left to wait when the clock went back is still waited.
#[derive(Debug, Default)]
pub(super) struct Clock {
    seen_ms: u64,
    /// What the host's clock lacks, because it went back.
    ahead_ms: u64,
}

impl Clock {
    /// Returns the time, given what the host's clock reads, both in milliseconds.
    ///
    /// As in [`crate::Pace`], one grain of every step back is not believed: otherwise each would shorten the waits by
    /// the part of a millisecond that the clock does not show.
    pub(super) fn read(&mut self, host_ms: u64) -> u64 {
        let back_ms = self.seen_ms.saturating_sub(host_ms.saturating_add(self.ahead_ms));
        self.ahead_ms = self.ahead_ms.saturating_add(back_ms.saturating_sub(CLOCK_GRAIN_MS));
        self.seen_ms = self.seen_ms.max(host_ms.saturating_add(self.ahead_ms));
        self.seen_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_back_stands_still_and_goes_on_from_there() {
        let mut clock = Clock::default();
        assert_eq!(clock.read(10_000), 10_000);
        assert_eq!(clock.read(4_000), 10_000);
        assert_eq!(clock.read(4_501), 10_500, "one grain of the step is not believed");
        assert_eq!(clock.read(4_000), 10_500);
        assert_eq!(clock.read(14_000), 20_499);
    }

    #[test]
    fn a_clock_that_trembles_by_its_grain_gains_nothing() {
        let mut clock = Clock::default();
        for _ in 0..500 {
            assert_eq!(clock.read(10_000), 10_000);
            assert_eq!(clock.read(9_999), 10_000);
        }
    }
}
