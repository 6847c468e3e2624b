//! Everything that a stranger sends, and everything that is configured, as arbitrary bytes: no panic, nobody let in by
//! chance, nothing sent to SePay but its six questions.

use super::asked::asked;
use super::bytes::Bytes;
use super::headers::{headers, hot, wires};
use super::settings::{configured, tickets};

/// Runs one input, whose first bytes say what it is for, and tells how far it came.
pub fn run(input: &[u8]) -> &'static str {
    let mut bytes = Bytes(input);
    match bytes.below(8) {
        0..=2 => asked(&mut bytes),
        3 => headers(&mut bytes),
        4 => configured(&mut bytes),
        5 => tickets(&mut bytes),
        6 => hot(&mut bytes),
        _ => wires(&mut bytes),
    }
}
