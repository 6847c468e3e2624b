//! Values by ascending number: what a map would do, in a fraction of its code.

/// Values by number, each number used once and greater than those before.
///
/// Finding takes logarithmic time, adding and removing constant time on average, and the space is that of the values
/// that are there.
#[derive(Debug)]
pub(crate) struct Numbered<T> {
    /// In the order of their numbers; without a value where one was removed.
    entries: Vec<(u64, Option<T>)>,
    gaps: usize,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), gaps: 0 }
    }
}

impl<T> Numbered<T> {
    /// Adds a value under a number greater than any before.
    pub(crate) fn add(&mut self, number: u64, value: T) {
        self.entries.push((number, Some(value)));
    }

    /// Returns how many values there are.
    pub(crate) fn count(&self) -> usize {
        self.entries.len().saturating_sub(self.gaps)
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        self.entries.get(self.position(number)?)?.1.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let position = self.position(number)?;
        self.entries.get_mut(position)?.1.as_mut()
    }

    pub(crate) fn remove(&mut self, number: u64) -> Option<T> {
        let position = self.position(number)?;
        let value = self.entries.get_mut(position)?.1.take()?;
        self.gaps = self.gaps.saturating_add(1);
        // Closing the gaps only when most are gaps costs each removal a constant.
        if self.gaps > self.count().saturating_add(16) {
            self.entries.retain(|(_, value)| value.is_some());
            self.gaps = 0;
        }
        Some(value)
    }

    fn position(&self, number: u64) -> Option<usize> {
        self.entries.binary_search_by_key(&number, |(number, _)| *number).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_removed_is_gone_and_the_rest_is_found() {
        let mut numbered = Numbered::default();
        for number in 0..1_000_u64 {
            numbered.add(number, number);
        }
        for number in (0..1_000).filter(|number| number % 7 != 0) {
            assert_eq!(numbered.remove(number), Some(number));
            assert_eq!(numbered.remove(number), None);
        }
        for number in 0..1_001 {
            let expected = (number % 7 == 0 && number < 1_000).then_some(number);
            assert_eq!(numbered.get(number).copied(), expected);
            assert_eq!(numbered.get_mut(number).copied(), expected);
        }
        assert_eq!(numbered.count(), 143);
        assert!(numbered.entries.len() < 320, "{} entries for 143 values", numbered.entries.len());
    }

    #[test]
    fn the_space_is_that_of_what_is_there() {
        let mut numbered = Numbered::default();
        numbered.add(0, 0_u64);
        for number in 1..100_000 {
            numbered.add(number, number);
            numbered.remove(number);
        }
        assert_eq!(numbered.get(0), Some(&0), "the one that stays");
        assert!(numbered.entries.capacity() <= 64, "{}", numbered.entries.capacity());
    }
}
