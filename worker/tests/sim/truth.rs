//! What is true: who waits for what, what flies, and how far the gate's clock may be off.

use std::collections::BTreeSet;

use sepay_worker::gate::event::{CallId, CallerId, Lane, Need, Verdict};

use super::MS;

/// What the gate passes on: enough to know what a caller was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub topic: usize,
    /// When its request left, in true time.
    pub sent_us: u64,
    /// Whether it is an answer that is kept, not a failure.
    pub kept: bool,
    /// How far the gate's clock was off by then.
    pub drift: Drift,
}

/// How much time the gate may have missed, and how much it may have made up, since the world began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drift {
    pub hidden_us: u64,
    pub ahead_us: u64,
}

impl Drift {
    pub fn hidden_since(&self, then: &Self) -> u64 {
        self.hidden_us - then.hidden_us
    }

    pub fn ahead_since(&self, then: &Self) -> u64 {
        self.ahead_us - then.ahead_us
    }
}

/// Who asks, for the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// Which party, or none for the isolate in front.
    pub party: Option<usize>,
    pub topic: usize,
    pub wait_ms: u64,
    /// How often it was refused before.
    pub returns: u32,
    /// Whether its party asks one question at a time.
    pub calm: bool,
}

/// A caller who has no outcome yet.
#[derive(Debug, Clone)]
pub struct Caller {
    pub visit: Visit,
    pub lane: Lane,
    pub need: Need,
    pub asked_us: u64,
    pub deadline_us: u64,
    pub drift: Drift,
    /// How many requests were sent for it.
    pub tries: u8,
}

impl Caller {
    pub fn takes_turn(&self) -> bool {
        self.need != Need::Newer
    }
}

/// A question with callers, or in flight.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub callers: BTreeSet<CallerId>,
    /// How many of them take a turn.
    pub takers: usize,
    /// Whether one of those was in the first lane since it was last sent.
    pub interactive: bool,
    pub flying: Option<CallId>,
}

impl Question {
    pub fn waits(&self) -> bool {
        self.takers > 0 && self.flying.is_none()
    }
}

/// A request that may have reached SePay.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    pub serial: u64,
    /// When its answer, or its timeout, reached us.
    pub over_us: Option<u64>,
}

/// When a pause ends, and how far the clock was off when it began.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pause {
    pub until_us: u64,
    pub drift: Drift,
}

impl Pause {
    /// The latest instant at which it ends by the gate's clock.
    pub fn latest_us(&self, drift: &Drift) -> u64 {
        self.until_us + drift.hidden_since(&self.drift) + 2 * MS
    }

    /// The earliest.
    pub fn earliest_us(&self, drift: &Drift) -> u64 {
        self.until_us.saturating_sub(drift.ahead_since(&self.drift) + 2 * MS)
    }
}

/// The pause that a verdict causes, in microseconds.
pub fn pause_us(verdict: Verdict) -> Option<u64> {
    match verdict {
        Verdict::RateLimited { retry_after_ms } => {
            Some(retry_after_ms.unwrap_or(0).clamp(1_000, 60_000) * MS)
        }
        _ => None,
    }
}
