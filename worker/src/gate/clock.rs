//! The time that the gate goes by: the wall clock, as far as it can be believed.

use std::collections::BTreeMap;

use super::event::CallId;

/// A wall clock that may be set while the gate runs.
///
/// It goes back by its grain at most: where the wall clock goes further back, no time is known to have passed. (A clock
/// that goes back by a microsecond may read a whole millisecond less. That one is not believed: otherwise every such
/// step would make time pass.) And it never gets as far as the end of a rest before the timer that was set for it has
/// fired: where the wall clock jumps ahead, no slot is freed by it.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    now_ms: u64,
    wall_ms: u64,
    /// When each rest ends.
    rests: BTreeMap<CallId, u64>,
}

impl Clock {
    /// Returns the time to go by when the wall clock reads `wall_ms`.
    pub(super) fn read(&mut self, wall_ms: u64) -> u64 {
        let passed_ms = wall_ms.saturating_sub(self.wall_ms);
        let back_ms = self.wall_ms.saturating_sub(wall_ms).min(1);
        self.wall_ms = wall_ms;
        let first_rest_ms = self.rests.values().min().copied().unwrap_or(u64::MAX);
        let believed_ms = self.now_ms.saturating_add(passed_ms).saturating_sub(back_ms);
        self.now_ms = believed_ms.min(first_rest_ms.saturating_sub(1));
        self.now_ms
    }

    /// Notes that a timer runs until `end_ms`.
    pub(super) fn rest(&mut self, call: CallId, end_ms: u64) {
        self.rests.insert(call, end_ms);
    }

    /// Notes that the timer has fired: so much time has passed, whatever the wall clock says.
    pub(super) fn rested(&mut self, call: CallId) {
        if let Some(end_ms) = self.rests.remove(&call) {
            self.now_ms = self.now_ms.max(end_ms);
        }
    }

    /// Returns how far the time gone by is ahead of the wall clock, and how far behind it, in milliseconds.
    pub(super) fn error_ms(&self) -> (u64, u64) {
        (self.now_ms.saturating_sub(self.wall_ms), self.wall_ms.saturating_sub(self.now_ms))
    }
}
