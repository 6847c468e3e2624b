//! Arbitrary bytes as a source of choices: few bytes steer far, and every input is a valid one.

/// Bytes that are taken from the front; when they are used up, there are only zeros.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One time in so many; never when the bytes are used up.
    pub fn one_in(&mut self, many: u8) -> bool {
        self.byte() % many == 1
    }

    pub fn below(&mut self, end: usize) -> usize {
        (usize::from(self.byte()) * 256 + usize::from(self.byte())) % end
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    /// Up to so many bytes as they are.
    pub fn raw(&mut self, most: usize) -> &'a [u8] {
        let length = self.below(most + 1).min(self.0.len());
        let (raw, rest) = self.0.split_at(length);
        self.0 = rest;
        raw
    }

    /// All that are left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// A text of up to so many pieces: tokens, and now and then raw bytes as far as they are text.
    pub fn text(&mut self, most: usize, tokens: &[&str]) -> String {
        let pieces = self.below(most + 1);
        (0..pieces).map(|_| self.piece(tokens)).collect()
    }

    /// A token, or now and then raw bytes as far as they are text.
    pub fn piece(&mut self, tokens: &[&str]) -> String {
        if self.one_in(6) {
            return String::from_utf8_lossy(self.raw(12)).into_owned();
        }
        self.pick(tokens).to_owned()
    }

    /// The same text with a few of its bytes changed, lost, doubled or moved.
    pub fn damaged(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(3) {
            if bytes.is_empty() {
                break;
            }
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => bytes[at] = self.byte(),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, bytes[at]),
                3 => bytes.truncate(at),
                _ => bytes.swap(at, 0),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
