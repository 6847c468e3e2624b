//! What happens to the gate and what it has to do: the words between [`Schedule`](super::Schedule) and the shell.

use sepay::{Error, Response, Target, judge};

use super::Refusal;

/// Names a caller who waits.
pub type CallerId = u64;

/// Names one request to SePay.
pub type CallId = u64;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A caller asks.
    Asked {
        /// Who.
        caller: CallerId,
        /// The canonical target.
        target: Target,
        /// How long the answer is of use, in milliseconds from now.
        wait_ms: u64,
    },
    /// A request to SePay is over.
    Over {
        /// Which.
        call: CallId,
        /// How it ended.
        verdict: Verdict,
    },
    /// Time has passed.
    Tick,
}

/// How a request ended, as far as asking again is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// An answer, good or bad, that asking again would not change.
    Final,
    /// A failure that may pass: no connection, no answer in time, 5xx.
    Passing,
    /// 429.
    RateLimited {
        /// The time SePay names, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// It never left: the slots could not be stored.
    Unsent,
}

impl Verdict {
    /// Judges an answer by its status alone.
    #[must_use]
    pub fn of(answer: &Response) -> Self {
        match judge(answer) {
            Err(Error::RateLimited { retry_after_ms }) => Self::RateLimited { retry_after_ms },
            Err(error) if error.is_retryable() => Self::Passing,
            _ => Self::Final,
        }
    }

    /// Judges a failure of the transport.
    #[must_use]
    pub fn of_refusal(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Connection | Refusal::Timeout { .. } => Self::Passing,
            _ => Self::Final,
        }
    }
}

/// What the shell has to do, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Store [`Schedule::record`]; what follows may rely on it.
    Store,
    /// Send this to SePay and report [`Event::Over`].
    Send {
        /// The name to report.
        call: CallId,
        /// The canonical target.
        target: Target,
    },
    /// Give these callers the outcome of the call that was just reported.
    Deliver {
        /// Who gets it.
        callers: Vec<CallerId>,
        /// How long the question waited for its slot, in milliseconds.
        queue_ms: u64,
        /// How long SePay took, in milliseconds.
        upstream_ms: u64,
    },
    /// Tell this caller that its question cannot be asked in time.
    RefuseBusy {
        /// Who.
        caller: CallerId,
        /// When it could be, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// Tell this caller that its deadline is over while SePay has not answered.
    RefuseLate {
        /// Who.
        caller: CallerId,
    },
    /// Report [`Event::Tick`] after so many milliseconds.
    WakeIn(u64),
}
