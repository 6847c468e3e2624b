//! How old an answer may be, and what is done about it. The same rules hold in the gate and in front of it.

use sepay::Target;

/// How long a list, a count or an account is fresh, in milliseconds.
pub const LIST_FRESH_MS: u64 = 1_000;

/// How long one transaction is fresh, in milliseconds: a booked row does not change.
pub const RECORD_FRESH_MS: u64 = 600_000;

/// How old a list may be to be served at once while it is refreshed, in milliseconds.
pub const REFRESHING_MS: u64 = 10_000;

/// How old a list may be to be served where the refresh cannot come, in milliseconds.
pub const STALE_MS: u64 = 300_000;

/// What an answer's age makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// It is served.
    Fresh,
    /// It is served, and refreshed behind the caller.
    Refreshing,
    /// The caller waits for the refresh; where that cannot come, it is served all the same.
    Stale,
    /// It is served only while SePay is known to be down.
    Ancient,
}

/// Returns how long the answer to a question is fresh, in milliseconds.
#[must_use]
pub fn fresh_ms(target: &Target) -> u64 {
    let is_record = target.as_str().starts_with("/userapi/transactions/details/");
    if is_record { RECORD_FRESH_MS } else { LIST_FRESH_MS }
}

/// Says what an answer is that is fresh for `fresh_ms` and `age_ms` old.
///
/// What is fresh for longer than a list has its other bounds as much later.
#[must_use]
pub fn freshness(age_ms: u64, fresh_ms: u64) -> Freshness {
    let longer_ms = fresh_ms.saturating_sub(LIST_FRESH_MS);
    let as_list_ms = age_ms.saturating_sub(longer_ms);
    match () {
        () if age_ms <= fresh_ms => Freshness::Fresh,
        () if as_list_ms <= REFRESHING_MS => Freshness::Refreshing,
        () if as_list_ms <= STALE_MS => Freshness::Stale,
        () => Freshness::Ancient,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_belongs_to_the_fresher_side() {
        for (age_ms, list) in [
            (0, Freshness::Fresh),
            (1_000, Freshness::Fresh),
            (1_001, Freshness::Refreshing),
            (10_000, Freshness::Refreshing),
            (10_001, Freshness::Stale),
            (300_000, Freshness::Stale),
            (300_001, Freshness::Ancient),
        ] {
            assert_eq!(freshness(age_ms, LIST_FRESH_MS), list, "{age_ms}");
        }
        for (age_ms, record) in [
            (600_000, Freshness::Fresh),
            (600_001, Freshness::Refreshing),
            (609_000, Freshness::Refreshing),
            (609_001, Freshness::Stale),
            (899_000, Freshness::Stale),
            (899_001, Freshness::Ancient),
        ] {
            assert_eq!(freshness(age_ms, RECORD_FRESH_MS), record, "{age_ms}");
        }
    }

    #[test]
    fn only_one_transaction_is_fresh_for_long() {
        for (target, fresh) in [
            ("/userapi/transactions/details/1", RECORD_FRESH_MS),
            ("/userapi/bankaccounts/details/1", LIST_FRESH_MS),
            ("/userapi/transactions/list", LIST_FRESH_MS),
            ("/userapi/transactions/count", LIST_FRESH_MS),
        ] {
            assert_eq!(fresh_ms(&Target::from_text(target).unwrap()), fresh, "{target}");
        }
    }
}
