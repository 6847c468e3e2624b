//! The form of the keys that we mint: a prefix by which scanners know them, 256 random bits, and a checksum.
//!
//! `edge_`, 43 characters of base62, and 6 more: the CRC-32 of all before them. A checksum tells a slip of the hand
//! from a wrong key without looking anything up. `scripts/edge-key.ts` mints them; any other text may be a key too.

/// By which a key is known.
const PREFIX: &str = "edge_";

/// 62^43 is just above 2^256.
const SECRET_CHARS: usize = 43;

/// 62^6 is above 2^32.
const CHECKSUM_CHARS: usize = 6;

/// What is shorter is not taken for one of ours that was cut.
const MIN_CUT_CHARS: usize = 16;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Says whether a text must have been one of our keys before somebody cut it or changed a character.
#[must_use]
pub fn is_mistyped(key: &str) -> bool {
    let Some(rest) = key.strip_prefix(PREFIX) else { return false };
    let is_ours = rest.len() >= MIN_CUT_CHARS && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    is_ours && !is_whole(key, rest)
}

fn is_whole(key: &str, rest: &str) -> bool {
    let split = key.len().checked_sub(CHECKSUM_CHARS).and_then(|at| key.split_at_checked(at));
    let fits = |(text, checksum): (&str, &str)| {
        base62(crc32(text.as_bytes())).as_slice() == checksum.as_bytes()
    };
    rest.len() == SECRET_CHARS + CHECKSUM_CHARS && split.is_some_and(fits)
}

fn base62(number: u32) -> [u8; CHECKSUM_CHARS] {
    let mut rest = number;
    let mut text = [b'0'; CHECKSUM_CHARS];
    for place in text.iter_mut().rev() {
        *place = BASE62.get((rest % 62) as usize).copied().unwrap_or_default();
        rest /= 62;
    }
    text
}

/// CRC-32 as in zip and PNG (ISO 3309), bit by bit: keys are short.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _bit in 0..8 {
            let polynomial = if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
            crc = (crc >> 1) ^ polynomial;
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minted(secret: &str) -> String {
        let text = format!("{PREFIX}{secret:0>43}");
        let checksum = base62(crc32(text.as_bytes()));
        text + std::str::from_utf8(&checksum).unwrap()
    }

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(&base62(0), b"000000");
        assert_eq!(&base62(61), b"00000z");
        assert_eq!(&base62(62), b"000010");
        assert_eq!(&base62(u32::MAX), b"4gfFC3");
    }

    #[test]
    fn a_changed_a_lost_and_a_doubled_character_are_noticed() {
        let key = minted("7hQx");
        assert!(!is_mistyped(&key));
        for at in PREFIX.len()..key.len() {
            let (head, tail) = key.split_at(at);
            let rest = tail.get(1..).unwrap();
            let other = if tail.starts_with('x') { 'y' } else { 'x' };
            for wrong in [
                format!("{head}{other}{rest}"),
                format!("{head}{rest}"),
                format!("{head}{other}{tail}"),
            ] {
                assert!(is_mistyped(&wrong), "{wrong}");
            }
        }
    }

    #[test]
    fn other_texts_are_not_taken_for_ours() {
        for text in [
            "",
            "edge_",
            "edge_demo_key_for_the_sandbox_only",
            "edge_short",
            "spsk_7hQx7hQx7hQx7hQx7hQx",
            "édge_0000000000000000000000",
        ] {
            assert!(!is_mistyped(text), "{text}");
        }
    }
}
