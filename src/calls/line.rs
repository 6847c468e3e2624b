//! Calls in the order of some key: their number, or the time at which something is due.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A line of calls, the one with the least key first.
///
/// A call that leaves stays in the line as a stale entry, which is passed over when it comes first; so nothing is ever
/// searched. Which entries are stale, the line is told. Its code is kept out of line, because it is large and not hot.
#[derive(Debug, Default)]
pub(super) struct Line(BinaryHeap<Reverse<(u64, u64)>>);

impl Line {
    #[inline(never)]
    pub(super) fn push(&mut self, key: u64, call: u64) {
        self.0.push(Reverse((key, call)));
    }

    /// Returns the first key and its call, after dropping what is stale before it.
    #[inline(never)]
    pub(super) fn first(&mut self, is_stale: &mut dyn FnMut(u64) -> bool) -> Option<(u64, u64)> {
        while let Some(Reverse((key, call))) = self.0.peek().copied() {
            if !is_stale(call) {
                return Some((key, call));
            }
            self.0.pop();
        }
        None
    }

    /// Takes the first call if its key is at most this.
    pub(super) fn take_until(
        &mut self,
        key: u64,
        is_stale: &mut dyn FnMut(u64) -> bool,
    ) -> Option<u64> {
        let (_, call) = self.first(is_stale).filter(|(first_key, _)| *first_key <= key)?;
        self.0.pop();
        Some(call)
    }

    /// Drops what is stale when that must be most of the line, so that a removal costs a constant on average.
    #[inline(never)]
    pub(super) fn tidy(&mut self, live_at_most: usize, is_stale: &mut dyn FnMut(u64) -> bool) {
        if self.0.len() > live_at_most.saturating_mul(2).saturating_add(16) {
            self.0.retain(|Reverse((_, call))| !is_stale(*call));
        }
    }
}

#[cfg(test)]
impl Line {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_key_comes_first_and_equal_keys_in_the_order_of_their_numbers() {
        let mut line = Line::default();
        for (key, call) in [(30, 1), (10, 5), (10, 4), (20, 3)] {
            line.push(key, call);
        }
        let mut none_stale = |_| false;
        assert_eq!(line.take_until(9, &mut none_stale), None);
        assert_eq!(line.take_until(10, &mut none_stale), Some(4));
        assert_eq!(line.take_until(10, &mut none_stale), Some(5));
        assert_eq!(line.take_until(10, &mut none_stale), None);
        assert_eq!(line.first(&mut |call| call == 3), Some((30, 1)));
    }

    #[test]
    fn stale_entries_never_outweigh_the_live_ones_for_long() {
        let mut line = Line::default();
        for call in 0..10_000 {
            line.push(call, call);
            line.tidy(1, &mut |old| old != call);
        }
        assert!(line.len() <= 19, "{}", line.len());
    }
}
