//! What is done with arbitrary bytes, by the tests here and by the targets in `fuzz/`.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each user takes what it needs")]
#![allow(clippy::expect_used, clippy::panic, reason = "a broken rule fails its test")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the same")]
#![allow(clippy::string_slice, reason = "the same")]

pub mod answer;
pub mod asked;
pub mod by_hand;
pub mod bytes;
pub mod callers;
pub mod emitted;
pub mod headers;
pub mod made;
pub mod request;
pub mod settings;
#[rustfmt::skip]
pub mod words;
