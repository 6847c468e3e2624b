//! SePay's rows as two flat lists, the shortest way from its text to JavaScript's objects: texts as one JSON array,
//! which `JSON.parse` reads, and numbers as they are. No field's name is written, and texts are copied as they stand,
//! because a JSON string is a JSON string.

use crate::json::Text;
use crate::time::VietnamTime;

/// Longer copies are left to the platform, whose own way to copy takes longer to begin.
const SHORT: usize = 64;

/// With more accounts than this in one list, some are written twice: looking for them would take too long.
const MOST_COMPARED: usize = 64;

/// The flat lists under construction.
pub(crate) struct Values {
    /// The array of texts as far as `end`; room behind it.
    json: Vec<u8>,
    end: usize,
    /// Whole numbers within ±(2^53 − 1), as JavaScript holds them.
    pub(crate) numbers: Vec<f64>,
}

impl Values {
    /// Starts with room for so many bytes of text.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut values = Self { json: vec![0; bytes], end: 0, numbers: Vec::new() };
        values.copy(b"[");
        values
    }

    /// Ends the array of texts and returns both lists.
    pub(crate) fn finish(mut self) -> (Vec<u8>, Vec<f64>) {
        let last = self.end.saturating_sub(1);
        if self.json.get(last) == Some(&b',') {
            self.end = last;
        }
        self.copy(b"]");
        self.json.truncate(self.end);
        (self.json, self.numbers)
    }

    pub(crate) fn text(&mut self, text: Text<'_>) {
        let (quoted, written) = text.written();
        if quoted {
            self.copy(written.as_bytes());
        } else {
            self.copy(b"\"");
            self.copy(written.as_bytes());
            self.copy(b"\"");
        }
        self.copy(b",");
    }

    pub(crate) fn optional_text(&mut self, text: Option<Text<'_>>) {
        match text {
            Some(text) => self.text(text),
            None => self.word("null"),
        }
    }

    pub(crate) fn time(&mut self, time: VietnamTime) {
        self.copy(b"\"");
        self.copy(&time.rfc3339());
        self.copy(b"\",");
    }

    pub(crate) fn optional_time(&mut self, time: Option<VietnamTime>) {
        match time {
            Some(time) => self.time(time),
            None => self.word("null"),
        }
    }

    /// Appends `true`, `false` or `null`.
    pub(crate) fn flag(&mut self, flag: Option<bool>) {
        self.word(match flag {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        });
    }

    fn word(&mut self, word: &str) {
        self.copy(word.as_bytes());
        self.copy(b",");
    }

    fn copy(&mut self, bytes: &[u8]) {
        let end = self.end.saturating_add(bytes.len());
        if end > self.json.len() {
            self.json.resize(end.saturating_mul(2), 0);
        }
        let there = self.json.get_mut(self.end..end).unwrap_or_default();
        self.end = end;
        if bytes.len() > SHORT {
            there.copy_from_slice(bytes);
            return;
        }
        let ((eights, rest), (to, to_rest)) = (bytes.as_chunks::<8>(), there.as_chunks_mut::<8>());
        for (to, eight) in to.iter_mut().zip(eights) {
            *to = *eight;
        }
        for (to, byte) in to_rest.iter_mut().zip(rest) {
            *to = *byte;
        }
    }
}

/// The accounts that a list's rows are of, each once: a list has few, and JavaScript need not make their texts anew
/// for every row.
#[derive(Default)]
pub(crate) struct Accounts<'a> {
    known: Vec<[Text<'a>; 3]>,
}

impl<'a> Accounts<'a> {
    /// Returns which one has this id, number and bank.
    #[allow(clippy::cast_precision_loss, reason = "an answer has fewer rows than 2^53")]
    pub(crate) fn index(&mut self, account: [Text<'a>; 3]) -> f64 {
        let mut likely = self.known.iter().take(MOST_COMPARED);
        let found = likely.position(|known| *known == account);
        let index = found.unwrap_or_else(|| {
            self.known.push(account);
            self.known.len().saturating_sub(1)
        });
        index as f64
    }

    /// Appends id, number and bank of each.
    pub(crate) fn write(&self, values: &mut Values) {
        for text in self.known.iter().flatten() {
            values.text(*text);
        }
    }
}
