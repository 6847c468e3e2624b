//! The one place that reads the clock. Everything else is told the time.

/// Returns milliseconds since the Unix epoch.
#[expect(clippy::disallowed_methods, reason = "the one place that may")]
pub(crate) fn now_ms() -> u64 {
    worker::Date::now().as_millis()
}
