//! What `/api/status` shows of the gate: numbers, never a word of what was asked.

use serde::Serialize;

/// The gate at one moment, as `/api/status` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// One for each request a second.
    pub slots: Vec<SlotStatus>,
    /// What is left of the pause after a 429, in milliseconds.
    pub paused_for_ms: u64,
    /// When the next request may leave, in milliseconds from now.
    pub ready_in_ms: u64,
    /// The average round trip to SePay, in milliseconds.
    pub round_trip_ms: u64,
    /// Who waits.
    pub queue: QueueStatus,
    /// What happened since the gate started.
    pub calls: Counts,
}

/// One slot at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotStatus {
    /// Whether its request is still unanswered.
    pub in_flight: bool,
    /// When it is free at the latest, in milliseconds from now.
    pub free_in_ms: u64,
}

/// The queue at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueStatus {
    /// Questions that wait for a slot.
    pub questions: usize,
    /// Questions that SePay has not answered yet.
    pub in_flight: usize,
    /// Callers behind both.
    pub callers: usize,
}

/// Counts since the gate started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Callers who asked.
    pub asked: u64,
    /// Callers who joined a question that was already there.
    pub joined: u64,
    /// Callers who were refused.
    pub refused: u64,
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
}
