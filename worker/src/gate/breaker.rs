//! Knows when SePay is down: then one question an interval finds out whether it is back, and nothing is asked twice.

/// How many failures in a row it takes.
const FAILURES: u32 = 5;

/// And over how long a time, in milliseconds: one bad moment of a quick gate is not an outage.
const OUTAGE_MS: u64 = 5_000;

/// How long after a probe the next one is sent at the earliest, in milliseconds.
const PROBE_EVERY_MS: u64 = 1_000;

/// How long a probe waits for its answer, in milliseconds: whoever is back answers soon.
pub(super) const PROBE_TIMEOUT_MS: u64 = 2_000;

/// Whether SePay answers, as far as is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Breaker {
    failures: u32,
    first_failure_ms: u64,
    open: bool,
    next_probe_ms: u64,
    opened: u64,
}

impl Breaker {
    /// Notes a request that failed in a way that may pass.
    pub(super) fn failed(&mut self, sent_ms: u64, now_ms: u64) {
        if self.failures == 0 {
            self.first_failure_ms = now_ms;
        }
        self.failures = self.failures.saturating_add(1);
        let lasting = now_ms.saturating_sub(self.first_failure_ms) >= OUTAGE_MS;
        if !self.open && self.failures >= FAILURES && lasting {
            self.open = true;
            self.opened = self.opened.saturating_add(1);
        }
        // A request that was sent long before may fail while a probe has just been answered badly.
        let next_ms = sent_ms.saturating_add(PROBE_EVERY_MS).max(now_ms);
        self.next_probe_ms = next_ms.max(self.next_probe_ms);
    }

    /// Notes a request that was answered, well or badly.
    pub(super) fn answered(&mut self) {
        *self = Self { opened: self.opened, ..Self::default() };
    }

    /// Says whether SePay is taken to be down.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Returns when the next probe may be sent; 0 while SePay answers.
    pub(super) fn ready_ms(&self) -> u64 {
        if self.open { self.next_probe_ms } else { 0 }
    }

    /// Returns how often SePay was taken to be down.
    pub(super) fn times_opened(&self) -> u64 {
        self.opened
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_five_failures_in_a_row_that_last_and_closes_at_the_first_answer() {
        let mut breaker = Breaker::default();
        for at_ms in [0, 10, 20, 30, 4_999] {
            breaker.failed(at_ms, at_ms);
            assert!(!breaker.is_open(), "{at_ms}");
        }
        breaker.failed(5_000, 5_000);
        assert!(breaker.is_open());
        assert_eq!(breaker.ready_ms(), 6_000);
        breaker.answered();
        assert!(!breaker.is_open());
        assert_eq!((breaker.ready_ms(), breaker.times_opened()), (0, 1));
    }

    #[test]
    fn an_answer_between_starts_the_count_again() {
        let mut breaker = Breaker::default();
        for at_ms in [0, 2_000, 4_000, 6_000] {
            breaker.failed(at_ms, at_ms);
        }
        breaker.answered();
        breaker.failed(8_000, 8_000);
        assert!(!breaker.is_open());
    }

    #[test]
    fn few_failures_over_a_long_time_are_no_outage() {
        let mut breaker = Breaker::default();
        for at_ms in [0, 100_000, 200_000, 300_000] {
            breaker.failed(at_ms, at_ms);
        }
        assert!(!breaker.is_open());
    }
}
