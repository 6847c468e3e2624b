//! What `/api/status` shows of the gate: numbers, never a word of what was asked.

use serde::Serialize;

use super::event::{Source, Verdict};

/// The gate at one moment, as `/api/status` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// One for each request a second.
    pub slots: Vec<SlotStatus>,
    /// What is left of the pause after a 429, in milliseconds.
    pub paused_for_ms: u64,
    /// Why it is paused, if it is and if that is known.
    pub pause_cause: Option<PauseCause>,
    /// When the next request may leave, in milliseconds from now.
    pub ready_in_ms: u64,
    /// The average round trip to SePay, in milliseconds.
    pub round_trip_ms: u64,
    /// Who waits.
    pub queue: QueueStatus,
    /// How long callers of the last minute waited at the gate, exact to a fifth.
    pub waits: WaitStatus,
    /// What is known.
    pub cache: CacheStatus,
    /// Whether SePay is taken to be down.
    pub breaker: BreakerStatus,
    /// What happened since the gate started.
    pub calls: Counts,
}

/// Why the gate is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum PauseCause {
    /// A 429 that our own sending may have caused.
    Own429,
    /// A 429 that somebody else's sending caused.
    Foreign429,
}

/// One slot at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SlotStatus {
    /// Whether its request is still unanswered.
    pub in_flight: bool,
    /// When it is free at the latest, in milliseconds from now.
    pub free_in_ms: u64,
}

/// The queue at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct QueueStatus {
    /// Questions that wait for a slot because somebody waits for their answer.
    pub questions: usize,
    /// Those of them that go first.
    pub interactive: usize,
    /// Those of them that go when nothing else waits.
    pub background: usize,
    /// Answers that were served and are to be refreshed.
    pub refreshes: usize,
    /// Questions that SePay has not answered yet.
    pub in_flight: usize,
    /// Callers behind all of them.
    pub callers: usize,
}

/// Waiting times, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct WaitStatus {
    /// Half of the callers waited no longer.
    pub p50_ms: u64,
    /// 90 % waited no longer.
    pub p90_ms: u64,
    /// 99 % waited no longer.
    pub p99_ms: u64,
    /// Nobody waited longer.
    pub max_ms: u64,
}

/// The answers that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CacheStatus {
    /// How many.
    pub entries: usize,
    /// How much memory they take, in bytes.
    pub bytes: usize,
    /// The share of all askers since the start who did not wait for SePay, 0 to 1.
    pub hit_ratio: f64,
}

/// Whether SePay answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BreakerStatus {
    /// Whether SePay is taken to be down, so that only probes are sent.
    pub open: bool,
    /// How often that was so since the gate started.
    pub times_opened: u64,
}

/// Counts since the gate started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Questions that reached the gate.
    pub asked: u64,
    /// Askers behind them, those included who were served in front of the gate.
    pub demand: u64,
    /// Callers who joined a question that was already there.
    pub joined: u64,
    /// Callers who were refused.
    pub refused: u64,
    /// Callers who left before they had an answer.
    pub left: u64,
    /// Requests sent to SePay.
    pub sent: u64,
    /// Requests sent again after a failure.
    pub retried: u64,
    /// Requests that ended without an answer or with 5xx.
    pub failed: u64,
    /// 429s that our own sending may have caused.
    pub rate_limited_own: u64,
    /// 429s that somebody else's sending caused.
    pub rate_limited_foreign: u64,
    /// How callers were served.
    pub served: Served,
    /// How requests to SePay ended.
    pub results: Results,
}

/// How callers were served, by where their outcome came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Served {
    /// SePay was asked for them.
    pub asked: u64,
    /// They joined somebody for whom SePay was asked.
    pub joined: u64,
    /// It was known and fresh.
    pub known: u64,
    /// It was known and is being refreshed.
    pub refreshing: u64,
    /// It was known, and SePay could not be asked in time.
    pub busy: u64,
    /// It was known, and SePay failed.
    pub down: u64,
}

/// How requests to SePay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Results {
    /// With a good answer.
    pub good: u64,
    /// With the answer that there is no such record.
    pub missing: u64,
    /// With an answer that is of no use.
    pub failed: u64,
    /// Without an answer, or with 5xx.
    pub passing: u64,
    /// With 429.
    pub rate_limited: u64,
    /// They never left, because the slots could not be stored.
    pub unsent: u64,
}

impl Served {
    pub(super) fn count(&mut self, source: Source, callers: usize) {
        let count = match source {
            Source::Asked => &mut self.asked,
            Source::Joined => &mut self.joined,
            Source::Known => &mut self.known,
            Source::Refreshing => &mut self.refreshing,
            Source::Busy => &mut self.busy,
            Source::Down => &mut self.down,
        };
        *count = count.saturating_add(u64::try_from(callers).unwrap_or(u64::MAX));
    }
}

impl Results {
    pub(super) fn count(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Good => &mut self.good,
            Verdict::Missing => &mut self.missing,
            Verdict::Failed => &mut self.failed,
            Verdict::Passing | Verdict::Silent => &mut self.passing,
            Verdict::RateLimited { .. } => &mut self.rate_limited,
            Verdict::Unsent => &mut self.unsent,
        };
        *count = count.saturating_add(1);
    }
}

impl Counts {
    pub(super) fn count_429(&mut self, cause: PauseCause) {
        let count = match cause {
            PauseCause::Own429 => &mut self.rate_limited_own,
            PauseCause::Foreign429 => &mut self.rate_limited_foreign,
        };
        *count = count.saturating_add(1);
    }

    /// The share of all askers who did not wait for SePay, to four digits.
    pub(super) fn hit_ratio(&self) -> f64 {
        let waited = self.served.asked.saturating_add(self.served.joined);
        let missed = waited.saturating_add(self.refused).saturating_mul(10_000);
        let missed = missed.checked_div(self.demand).unwrap_or(10_000).min(10_000);
        let hit = u32::try_from(10_000_u64.saturating_sub(missed)).unwrap_or(0);
        f64::from(hit) / 10_000.0
    }
}
