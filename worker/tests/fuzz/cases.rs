//! How many cases a property is tried with.

/// Returns so many cases, or as many times more as the environment variable `ATTACK_TIMES` says.
pub fn cases(usual: u32) -> u32 {
    let times = std::env::var("ATTACK_TIMES").ok().and_then(|text| text.parse().ok());
    usual.saturating_mul(times.unwrap_or(1))
}
