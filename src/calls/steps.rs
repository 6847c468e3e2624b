//! What goes into [`crate::Calls`] and what comes out.

use crate::error::Error;

/// The rules that hold for every call of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRules {
    /// How many requests SePay allows in any second, 1 to 50.
    pub requests_per_second: u8,
    /// How long one try may take, in milliseconds.
    pub timeout_ms: u64,
    /// How often a call may be tried again; 0 for never.
    pub max_retries: u32,
}

/// What is to be done now, and when to ask again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps {
    /// The requests to send at once, in this order.
    pub send: Vec<Sending>,
    /// The calls whose deadline ended while they waited, with a [`Error::Timeout`] of the whole time they waited.
    pub expired: Vec<(u64, Error)>,
    /// After how many milliseconds to ask again, at least 1, unless something is reported before; none when no call
    /// waits.
    pub wake_in_ms: Option<u64>,
    /// How long SePay's pause after a 429 still lasts, in milliseconds; 0 for none.
    pub paused_ms: u64,
}

/// One request that is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// The call's number.
    pub call: u64,
    /// Which try it is, from 1.
    pub attempt: u32,
    /// After how many milliseconds it must be given up and reported as [`Error::Timeout`].
    /// That SePay's limit holds relies on it: one second later the slot is free, whether or not anything is reported.
    pub timeout_ms: u64,
}

/// What becomes of a call whose try failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is tried again.
    Again {
        /// Why the try failed.
        error: Error,
        /// The time until it is due again, in milliseconds; other calls before it may make it wait longer.
        in_ms: u64,
    },
    /// It is over.
    Over {
        /// Why.
        error: Error,
    },
    /// Nobody waits for that call: there is none of that number, or it is not under way.
    Unknown,
}
