//! The time that the gate goes by: the wall clock, as far as it can be believed.

use std::collections::VecDeque;

use litemap::LiteMap;

use super::event::CallId;

/// How late a timer may fire, in milliseconds.
pub(super) const LATE_MS: u64 = 100;

/// A wall clock that may be set while the gate runs.
///
/// It never goes back: where the wall clock does, no time is known to have passed. (A clock that goes back by a
/// microsecond may read a whole millisecond less. That one is owed: otherwise every such step would make time pass.)
/// And it never gets as far as the end of a wait before that is over for certain, by the timer that was set for it: a
/// wall clock that says so was set, so that no time is known to have passed either. Where it jumps ahead, no slot is
/// freed by it, neither one that rests nor one whose request is under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    now_ms: u64,
    wall_ms: u64,
    /// What the wall clock makes of it, as far as that is believed: more while a timer is late, less after ends of rests
    /// that had to be told apart.
    believed_ms: u64,
    /// The rests, in the order in which they began.
    rests: VecDeque<(CallId, Wait)>,
    /// The waits for a slot whose request is under way, should no answer come.
    flights: LiteMap<CallId, Wait>,
    /// When the latest rest ends.
    last_end_ms: u64,
    /// By how much the time has leapt to the ends of rests in all.
    leapt_ms: u64,
    /// What the wall clock says has passed beyond the time to go by.
    beyond_ms: u64,
}

/// A wait that a timer ends.
#[derive(Debug, Clone, Copy)]
struct Wait {
    end_ms: u64,
    /// By how much the time had leapt when it began: it did not pass for this wait.
    leapt_ms: u64,
}

impl Clock {
    /// Returns the time to go by when the wall clock reads `wall_ms`.
    pub(super) fn read(&mut self, wall_ms: u64) -> u64 {
        let passed_ms = wall_ms.saturating_sub(self.wall_ms);
        let back_ms = self.wall_ms.saturating_sub(wall_ms).min(1);
        let before_ms = self.now_ms;
        self.wall_ms = wall_ms;
        let believed_ms = self.believed_ms.saturating_add(passed_ms).saturating_sub(back_ms);
        // A little beyond, it is the timer that is late; far beyond, the wall clock was set.
        if believed_ms < self.first_end_ms().saturating_add(LATE_MS) {
            self.believed_ms = believed_ms;
        }
        let now_ms = self.advance();
        let said_ms = self.beyond_ms.saturating_add(passed_ms);
        self.beyond_ms = said_ms.saturating_sub(now_ms.saturating_sub(before_ms));
        now_ms
    }

    /// Returns the time by which answers age: all that may have passed. Where the wall clock is set ahead they look older
    /// than they are, and never younger.
    pub(super) fn aged_ms(&self) -> u64 {
        self.now_ms.saturating_add(self.beyond_ms)
    }

    /// Notes that a slot is not free before `end_ms` unless [`Clock::rest`] or [`Clock::rested`] says so: its request is
    /// under way, or an earlier life has taken it.
    pub(super) fn fly(&mut self, call: CallId, end_ms: u64) {
        self.flights.insert(call, Wait { end_ms, leapt_ms: self.leapt_ms });
    }

    /// Notes that a request is over, and that a timer of `for_ms` runs for its slot. Returns when that ends.
    ///
    /// Each rest ends later than those that began before: while the time stands still, many may begin at once.
    pub(super) fn rest(&mut self, call: CallId, for_ms: u64) -> u64 {
        self.flights.remove(&call);
        // Not from where the time has leapt to: rest after rest, it would run ahead.
        let end_ms = self.believed_ms.saturating_add(for_ms);
        self.last_end_ms = end_ms.max(self.last_end_ms.saturating_add(1));
        let wait = Wait { end_ms: self.last_end_ms, leapt_ms: self.leapt_ms };
        self.rests.push_back((call, wait));
        self.last_end_ms
    }

    /// Notes that a timer has fired when the wall clock reads `wall_ms`: so much time has passed, whatever that says.
    /// Returns the time to go by.
    pub(super) fn rested(&mut self, call: CallId, wall_ms: u64) -> u64 {
        // First what has passed before, or it would count twice.
        let before_ms = self.read(wall_ms);
        let rest = self.rests.iter().position(|(resting, _)| *resting == call);
        // What began to rest earlier has rested too, though its timer is later.
        let rested = rest.and_then(|rest| self.rests.drain(..=rest).next_back());
        let rested = rested.map(|(_, wait)| wait).or_else(|| self.flights.remove(&call));
        if let Some(Wait { end_ms, .. }) = rested {
            let seen_ms = self.now_ms.max(self.believed_ms);
            self.now_ms = self.now_ms.max(end_ms.min(self.first_end_ms().saturating_sub(1)));
            self.leapt_ms = self.leapt_ms.saturating_add(self.now_ms.saturating_sub(seen_ms));
            if self.believed_ms.saturating_add(LATE_MS) < self.now_ms {
                // The wall clock was set back meanwhile, and hid what has passed.
                self.believed_ms = self.now_ms;
            }
        }
        let now_ms = self.advance();
        self.beyond_ms = self.beyond_ms.saturating_sub(now_ms.saturating_sub(before_ms));
        now_ms
    }

    /// Returns how much more time has passed than the time to go by says, because a timer is late, in milliseconds.
    pub(super) fn lag_ms(&self) -> u64 {
        self.believed_ms.saturating_sub(self.now_ms)
    }

    /// Returns how far the time gone by is ahead of the wall clock, and how far behind it, in milliseconds.
    pub(super) fn error_ms(&self) -> (u64, u64) {
        (self.now_ms.saturating_sub(self.wall_ms), self.wall_ms.saturating_sub(self.now_ms))
    }

    /// Returns by how much the time has leapt since a wait began that ends at `end_ms`: so much longer a later life has
    /// to wait, which goes by the wall clock alone.
    pub(super) fn leapt_before_ms(&self, end_ms: u64) -> u64 {
        let waits = self.rests.iter().map(|(_, wait)| wait).chain(self.flights.values());
        let these = waits.filter(|wait| wait.end_ms == end_ms);
        these.map(|wait| self.leapt_ms.saturating_sub(wait.leapt_ms)).max().unwrap_or(0)
    }

    fn advance(&mut self) -> u64 {
        let most_ms = self.first_end_ms().saturating_sub(1);
        self.now_ms = self.now_ms.max(self.believed_ms.min(most_ms));
        self.now_ms
    }

    fn first_end_ms(&self) -> u64 {
        let rest_ms = self.rests.front().map_or(u64::MAX, |(_, wait)| wait.end_ms);
        let flight_ms = self.flights.values().map(|wait| wait.end_ms).min();
        flight_ms.unwrap_or(u64::MAX).min(rest_ms)
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
    fn answers_age_by_all_that_may_have_passed() {
        let mut clock = Clock::default();
        reads(&mut clock, [0]);
        let start_ms = clock.aged_ms();
        clock.rest(1, 1_001);
        assert_eq!(
            reads(&mut clock, [500, 9_000]),
            [500, 500],
            "a timer that is late, or a clock that was set"
        );
        assert_eq!(clock.aged_ms() - start_ms, 9_000);
        assert_eq!(reads(&mut clock, [-50_000]), [500]);
        assert_eq!(clock.aged_ms() - start_ms, 9_000, "no answer grows younger");
        clock.rested(1, WALL_MS - 50_000);
        assert_eq!(clock.aged_ms() - start_ms, 9_000, "the timer was late");
    }

    #[test]
    fn where_the_wall_clock_goes_back_no_time_passes_and_its_grain_is_owed() {
        let mut clock = Clock::default();
        assert_eq!(reads(&mut clock, [1_000, 999, 1_000]), [1_000; 3]);
        assert_eq!(reads(&mut clock, [-9_000, -8_000]), [1_000, 1_999]);
        assert_eq!(clock.error_ms(), (9_999, 0));
    }

    #[test]
    fn it_does_not_reach_the_end_of_a_rest_before_the_timer_has_fired() {
        let mut clock = Clock::default();
        reads(&mut clock, [0]);
        clock.rest(1, 1_001);
        clock.rest(2, 1_500);
        assert_eq!(reads(&mut clock, [900, 1_001, 3_600_000]), [900, 1_000, 1_000]);
        assert_eq!(clock.error_ms(), (0, 3_599_000));
        clock.rested(1, WALL_MS + 3_600_000);
        assert_eq!(reads(&mut clock, [3_600_000]), [1_001]);
        assert_eq!(reads(&mut clock, [3_700_000]), [1_001], "what was set was not time");
        clock.rested(2, WALL_MS + 3_700_000);
        assert_eq!(reads(&mut clock, [3_700_000]), [1_500]);
        assert_eq!(reads(&mut clock, [3_700_010]), [1_510]);
    }

    #[test]
    fn a_timer_tells_that_time_has_passed_where_the_wall_clock_does_not() {
        let mut clock = Clock::default();
        reads(&mut clock, [10]);
        clock.rest(1, 991);
        reads(&mut clock, [-50_000]);
        clock.rested(1, WALL_MS - 50_000);
        assert_eq!(reads(&mut clock, [-50_000]), [1_001]);
        clock.rested(1, WALL_MS - 50_000);
        assert_eq!(reads(&mut clock, [-50_000]), [1_001], "once");
    }

    #[test]
    fn a_timer_that_is_a_little_late_and_the_wall_clock_tell_of_the_same_time() {
        for (fired_ms, read_ms) in
            [(1_001_i64, 1_001), (1_002, 1_002), (1_100, 1_100), (900, 1_001), (1_101, 1_001)]
        {
            let mut clock = Clock::default();
            reads(&mut clock, [0]);
            clock.rest(1, 1_001);
            clock.rested(1, WALL_MS + fired_ms.cast_unsigned());
            assert_eq!(reads(&mut clock, [fired_ms]), [read_ms], "fired at {fired_ms}");
        }
    }

    #[test]
    fn what_the_wall_clock_hid_counts_where_it_is_more_than_a_timer_may_be_late() {
        for (fired_ms, later_ms) in [(901, 1_001), (900, 1_051)] {
            let mut clock = Clock::default();
            reads(&mut clock, [0]);
            clock.rest(1, 1_001);
            clock.rested(1, WALL_MS + fired_ms);
            let wall_ms = fired_ms.cast_signed() + 50;
            assert_eq!(reads(&mut clock, [wall_ms]), [later_ms], "fired at {fired_ms}");
        }
    }

    /// Set ahead by 700, the time stands still before the first end; then it leaps. How much of that has passed all the
    /// same for what began before is not known.
    #[test]
    fn what_the_time_has_leapt_is_known_for_each_wait() {
        let mut clock = Clock::default();
        reads(&mut clock, [0]);
        let first_ms = clock.rest(1, 1_001);
        reads(&mut clock, [200, 1_050]);
        clock.fly(2, WALL_MS + 10_001);
        let third_ms = clock.rest(3, 1_001);
        clock.rested(1, WALL_MS + 1_701);
        clock.rested(3, WALL_MS + 2_051);
        assert_eq!([first_ms, third_ms].map(|ms| ms - WALL_MS), [1_001, 2_051]);
        assert_eq!(clock.leapt_before_ms(WALL_MS + 10_001), 651);
        clock.fly(4, WALL_MS + 12_000);
        assert_eq!(clock.leapt_before_ms(WALL_MS + 12_000), 0);
        assert_eq!(clock.leapt_before_ms(WALL_MS + 5), 0, "nobody waits for that");
    }
}
