//! The time that the gate goes by: the wall clock, as far as it goes forward.

/// A wall clock that goes back by its grain at most: where it goes further, no time is known to have passed.
///
/// A clock that goes back by a microsecond may read a whole millisecond less. That one is not believed: otherwise
/// every such step would make time pass.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    wall_ms: u64,
    lag_ms: u64,
}

impl Clock {
    /// Returns the time to go by when the wall clock reads `wall_ms`.
    pub(super) fn read(&mut self, wall_ms: u64) -> u64 {
        let back_ms = self.wall_ms.saturating_sub(wall_ms).saturating_sub(1);
        self.lag_ms = self.lag_ms.saturating_add(back_ms);
        self.wall_ms = wall_ms;
        wall_ms.saturating_add(self.lag_ms)
    }
}
