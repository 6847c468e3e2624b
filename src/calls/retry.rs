//! How long a call rests before it is tried again.

use crate::error::Error;
use crate::pace;

/// The longest pause before a second try, in milliseconds; it doubles with every try.
const FIRST_PAUSE_MS: u32 = 500;

/// The longest pause before any try, in milliseconds, unless SePay names a longer one.
const MAX_PAUSE_MS: u32 = 8_000;

/// Returns how many milliseconds a call rests after its so many tries: the time that SePay names, and a random part of
/// what is doubled with every try. `random` is a number from 0 to 1.
pub(super) fn rest_ms(error: &Error, attempts: u32, random: f64) -> u64 {
    named_ms(error).saturating_add(pause_ms(attempts, random))
}

/// The time that SePay makes a call wait, within a pause's bounds; a 429 without one means the least.
fn named_ms(error: &Error) -> u64 {
    match (error, error.retry_after_ms()) {
        (Error::RateLimited { .. }, None) => pace::MIN_PAUSE_MS,
        (_, None) => 0,
        (_, Some(named_ms)) => named_ms.clamp(pace::MIN_PAUSE_MS, pace::MAX_PAUSE_MS),
    }
}

/// A random part of the longest pause after so many tries: calls that failed together do not come back together.
fn pause_ms(attempts: u32, random: f64) -> u64 {
    let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
    let longest_ms = FIRST_PAUSE_MS.saturating_mul(doubled).min(MAX_PAUSE_MS);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the fraction is dropped; a number that is none, or below 0, becomes 0"
    )]
    let pause_ms = (f64::from(longest_ms) * random) as u64;
    pause_ms.min(u64::from(longest_ms))
}
