//! How long callers waited in the last minute, in memory that does not grow with their number.

/// Buckets per doubling: a percentile is exact to 19 %.
const PER_DOUBLING: u32 = 4;

/// Up to 2^16 ms, which is longer than any caller may wait.
const BUCKETS: usize = 64;

/// How many slices of time make the minute, and how long one is in milliseconds.
const SLICES: u64 = 6;
const SLICE_MS: u64 = 10_000;

/// Waiting times of the last minute.
#[derive(Debug, Clone)]
pub(super) struct Meter {
    slices: [Slice; 6],
}

#[derive(Debug, Clone, Copy)]
struct Slice {
    number: u64,
    counts: [u32; BUCKETS],
}

impl Default for Meter {
    fn default() -> Self {
        Self { slices: [Slice { number: 0, counts: [0; BUCKETS] }; 6] }
    }
}

impl Meter {
    /// Counts callers who have waited so long.
    pub(super) fn count(&mut self, wait_ms: u64, callers: usize, now_ms: u64) {
        let number = now_ms / SLICE_MS;
        let Some(slice) = self.slices.get_mut(index(number % SLICES)) else { return };
        if slice.number != number {
            *slice = Slice { number, counts: [0; BUCKETS] };
        }
        if let Some(count) = slice.counts.get_mut(bucket(wait_ms)) {
            *count = count.saturating_add(u32::try_from(callers).unwrap_or(u32::MAX));
        }
    }

    /// Returns the waits that so many per thousand of the callers did not exceed, in milliseconds; 0 when there were
    /// none.
    pub(super) fn percentiles<const N: usize>(&self, per_mille: [u64; N], now_ms: u64) -> [u64; N] {
        let oldest = (now_ms / SLICE_MS).saturating_sub(SLICES.saturating_sub(1));
        let recent = self.slices.iter().filter(|slice| slice.number >= oldest);
        let counts = recent.fold([0_u64; BUCKETS], |mut sums, slice| {
            for (sum, count) in sums.iter_mut().zip(slice.counts) {
                *sum = sum.saturating_add(u64::from(count));
            }
            sums
        });
        let total: u64 = counts.iter().sum();
        per_mille.map(|share| {
            let rank = total.saturating_mul(share).div_ceil(1_000);
            let mut seen = 0_u64;
            let found = counts.iter().position(|count| {
                seen = seen.saturating_add(*count);
                rank > 0 && seen >= rank
            });
            found.map_or(0, upper_ms)
        })
    }
}

/// The bucket of a wait: quarters of doublings, from 1 ms on.
fn bucket(wait_ms: u64) -> usize {
    let wait = wait_ms.min(u64::from(u16::MAX)) | 1;
    let doubling = wait.ilog2();
    // The two bits below the highest one tell the quarter.
    let quarter = if doubling >= 2 { (wait >> doubling.saturating_sub(2)) & 3 } else { 0 };
    let number = u64::from(doubling.saturating_mul(PER_DOUBLING)).saturating_add(quarter);
    index(number)
}

/// The largest wait of a bucket.
fn upper_ms(bucket: usize) -> u64 {
    let bucket = u64::try_from(bucket).unwrap_or(0);
    let (doubling, quarter) = (bucket / 4, bucket % 4);
    if doubling < 2 {
        return (2_u64 << doubling).saturating_sub(1);
    }
    let step = 1_u64 << doubling.saturating_sub(2);
    step.saturating_mul(quarter.saturating_add(5)).saturating_sub(1)
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::proptest;

    use super::*;

    proptest! {
        #[test]
        fn a_percentile_is_the_wait_of_that_caller_and_at_most_a_quarter_more(
            waits in vec(0_u64..60_000, 1..200),
            share in 1_u64..=1_000,
        ) {
            let mut meter = Meter::default();
            for (number, wait_ms) in (0_u64..).zip(&waits) {
                meter.count(*wait_ms, 1, 70_000 + number * 250);
            }
            let mut sorted = waits.clone();
            sorted.sort_unstable();
            let rank = (waits.len() * usize::try_from(share).unwrap()).div_ceil(1_000);
            let exact_ms = sorted[rank - 1];
            let [told_ms] = meter.percentiles([share], 119_999);
            assert!(told_ms >= exact_ms && told_ms <= exact_ms + exact_ms / 4 + 1, "{told_ms} for {exact_ms}");
        }
    }

    #[test]
    fn many_callers_at_once_are_many_waits() {
        let mut meter = Meter::default();
        meter.count(3, 9, 0);
        meter.count(1_000, 1, 0);
        assert_eq!(meter.percentiles([900, 901], 0), [3, 1_023]);
    }

    #[test]
    fn every_wait_lies_in_a_bucket_that_is_at_most_a_quarter_larger() {
        for wait_ms in 0..=60_000 {
            let upper = upper_ms(bucket(wait_ms));
            assert!(upper >= wait_ms && upper <= wait_ms + wait_ms / 4 + 1, "{wait_ms}: {upper}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_those_of_the_last_minute() {
        let mut meter = Meter::default();
        assert_eq!(meter.percentiles([500, 990], 5), [0, 0]);
        meter.count(1, 90, 0);
        meter.count(1_000, 10, 9_999);
        assert_eq!(meter.percentiles([500, 900, 910, 1_000], 59_999), [1, 1, 1_023, 1_023]);
        assert_eq!(meter.percentiles([500], 60_000), [0]);
        meter.count(7, 1, 65_000);
        assert_eq!(meter.percentiles([500], 65_000), [7]);
    }
}
