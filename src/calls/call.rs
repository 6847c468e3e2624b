//! One call and where it stands.

use super::numbered::Numbered;
use super::steps::Sending;
use crate::pace::{Pace, Slot};

/// A call that is not over. Times are those of the machine's own clock.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) asked_ms: u64,
    pub(super) deadline_ms: u64,
    pub(super) attempts: u32,
    pub(super) place: Place,
    /// Whether it stands in the line of deadlines.
    pub(super) has_watch: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Due,
    Resting,
    Sent(Flight),
}

/// A request under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    pub(super) slot: Slot,
    /// When its slot is free again if nobody says so before.
    pub(super) free_ms: u64,
    pub(super) has_arrived: bool,
    /// Whether the call's deadline ends it before the timeout would.
    pub(super) is_cut: bool,
}

impl Call {
    /// Puts the call under way.
    pub(super) fn leaves(&mut self, call: u64, slot: Slot, now_ms: u64, full_ms: u64) -> Sending {
        let left_ms = self.deadline_ms.saturating_sub(now_ms);
        // The slot is held for the full timeout: a request that is given up early may arrive all the same.
        let free_ms = now_ms.saturating_add(full_ms).saturating_add(Pace::HOLD_MS);
        let is_cut = left_ms <= full_ms;
        self.place = Place::Sent(Flight { slot, free_ms, has_arrived: false, is_cut });
        self.attempts = self.attempts.saturating_add(1);
        Sending { call, attempt: self.attempts, timeout_ms: full_ms.min(left_ms) }
    }
}

pub(super) fn is_due(open: &Numbered<Call>, call: u64) -> bool {
    open.get(call).is_some_and(|call| matches!(call.place, Place::Due))
}

pub(super) fn is_resting(open: &Numbered<Call>, call: u64) -> bool {
    open.get(call).is_some_and(|call| matches!(call.place, Place::Resting))
}

/// Says whether the call's deadline needs no watch: it is over, or whoever sent it sees to its timeout.
pub(super) fn unwatch(open: &mut Numbered<Call>, call: u64) -> bool {
    let Some(call) = open.get_mut(call) else { return true };
    call.has_watch = !matches!(call.place, Place::Sent(_));
    !call.has_watch
}

/// Says whether whoever sent the call is gone without a word: its deadline is over, and so is the time for which its
/// request held a slot. None when the call is not under way.
pub(super) fn is_lost(open: &Numbered<Call>, call: u64, now_ms: u64) -> Option<bool> {
    let Call { deadline_ms, place: Place::Sent(flight), .. } = open.get(call)? else { return None };
    Some(now_ms >= flight.free_ms.max(*deadline_ms))
}
