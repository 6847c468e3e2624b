//! The gate: the one place that talks to SePay, as a Durable Object per SePay identity.
//!
//! [`schedule`] decides (pure), `store` remembers (SQL), `shell` acts (clock, timers), `transport` sends. The Worker
//! speaks to it in [`wire`]'s words: an [`Ask`](wire::Ask) in, SePay's answer or a [`Refusal`] out.

#[cfg(target_arch = "wasm32")]
mod audit_store;
mod board;
mod breaker;
mod budget;
mod cache;
#[cfg(target_arch = "wasm32")]
pub(crate) mod client;
mod clock;
pub mod event;
mod foresight;
pub mod freshness;
pub mod limit;
mod meter;
pub mod metrics;
pub mod migrations;
mod promises;
pub mod schedule;
#[cfg(target_arch = "wasm32")]
mod shell;
pub mod status;
#[cfg(target_arch = "wasm32")]
mod store;
#[cfg(target_arch = "wasm32")]
mod transport;
mod turns;
pub mod wire;

pub use schedule::Schedule;

/// Why the gate has no answer of SePay's.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Refusal {
    /// It cannot be asked in time.
    Busy {
        /// When it could be, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// It was asked, and no answer came within the caller's deadline.
    Late,
    /// The transport failed.
    Connection,
    /// SePay did not answer within the gate's own bound.
    Timeout {
        /// The bound, in milliseconds.
        after_ms: u64,
    },
    /// The answer is larger than the gate takes.
    TooLarge {
        /// The bound, in bytes.
        limit_bytes: usize,
    },
    /// The gate is not set up: what is wrong, without any value.
    Unusable(String),
    /// There is no SePay token for the profile.
    NoToken,
    /// SePay's answer held the token itself, which must not be passed on.
    Leak,
}
