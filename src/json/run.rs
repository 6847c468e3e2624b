//! Runs of bytes, looked at eight in a step.

/// As `starts_with`, which in wasm looks at one byte in a step.
#[inline(always)]
pub(super) fn begins_with(bytes: &[u8], start: &[u8]) -> bool {
    let Some(bytes) = bytes.get(..start.len()) else { return false };
    let ((eights, rest), (others, other_rest)) = (bytes.as_chunks::<8>(), start.as_chunks::<8>());
    let mut pairs = eights.iter().zip(others);
    pairs.all(|(eight, other)| u64::from_le_bytes(*eight) == u64::from_le_bytes(*other))
        && rest.iter().eq(other_rest)
}

/// How many bytes from here are neither a quote, nor a backslash, nor a control character. Eight are looked at in one
/// step: most of an answer is the inside of strings.
#[inline(always)]
pub(super) fn plain_bytes(bytes: &[u8]) -> usize {
    let mut count = 0_usize;
    let mut rest = bytes;
    while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
        let special = special_bytes(u64::from_le_bytes(*eight));
        if special != 0 {
            let before = usize::try_from(special.trailing_zeros() / 8).unwrap_or_default();
            return count.saturating_add(before);
        }
        count = count.saturating_add(8);
        rest = behind;
    }
    let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
    count.saturating_add(rest.iter().take_while(is_plain).count())
}

/// Marks the bytes that end a run, by their highest bit. Above a marked byte, others may be marked wrongly.
#[inline(always)]
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES.wrapping_mul(bound)) & !word;
    let equal = |byte: u8| below(word ^ ONES.wrapping_mul(u64::from(byte)), 1);
    (below(word, 0x20) | equal(b'"') | equal(b'\\')) & HIGH
}
