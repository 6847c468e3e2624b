//! Random numbers for names that must not be met twice. Nothing secret depends on them.

/// Returns a random number below 2^53, which JavaScript's numbers hold exactly.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to 2^53; the fraction is of no use"
)]
pub(crate) fn random() -> u64 {
    (worker::js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}
