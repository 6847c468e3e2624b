//! What can go wrong with a question to SePay: could not send, SePay said no, or the answer could not be read.
//!
//! Every error has a stable [`Error::code`] and says whether asking again can help ([`Error::is_retryable`])
//! and after how long ([`Error::retry_after_ms`]). No message holds a token, an amount or an account number,
//! except SePay's own words, which are kept apart in `message`.

use std::borrow::Cow;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A parameter cannot be sent; nothing was.
    #[error("{parameter}: {reason}")]
    InvalidParameter {
        /// The parameter, as the caller knows it; of an unknown one at most 64 characters.
        parameter: Cow<'static, str>,
        /// What was expected.
        reason: String,
    },
    /// The transport reached nobody, or lost the answer on its way.
    #[error("no connection to SePay")]
    Connection,
    /// No answer came in time. Whether SePay received the request is unknown.
    #[error("no answer from SePay within {after_ms} ms")]
    Timeout {
        /// How long the transport waited, in milliseconds.
        after_ms: u64,
    },
    /// The answer is larger than the transport accepts.
    #[error("SePay's answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The bound, in bytes.
        limit_bytes: usize,
    },
    /// SePay does not know the token: 401, or v1's empty 200.
    #[error("SePay did not accept the API token")]
    Unauthorized {
        /// SePay's words, if it said any.
        message: Option<String>,
    },
    /// SePay knows the token and refuses all the same: 403.
    #[error("SePay refused access")]
    Forbidden {
        /// SePay's words, if it said any.
        message: Option<String>,
    },
    /// SePay has no such record: 404.
    #[error("SePay has no such record")]
    NotFound {
        /// SePay's words, if it said any.
        message: Option<String>,
    },
    /// Too many requests: 429.
    #[error("SePay's rate limit is exceeded")]
    RateLimited {
        /// The time SePay names, in milliseconds; none when it names none.
        retry_after_ms: Option<u64>,
    },
    /// SePay failed: 5xx.
    #[error("SePay failed with status {status}")]
    Server {
        /// The HTTP status, 500 to 599.
        status: u16,
        /// The time SePay names, in milliseconds; none when it names none.
        retry_after_ms: Option<u64>,
    },
    /// A redirect, which is never followed: it would carry the token elsewhere.
    #[error("SePay answered with a redirect, status {status}, which is not followed")]
    Redirect {
        /// The HTTP status, 300 to 399.
        status: u16,
    },
    /// An HTML page where JSON was due: a bot challenge, or not SePay at all.
    #[error("an HTML page came instead of SePay's answer, status {status}")]
    Challenge {
        /// The HTTP status.
        status: u16,
    },
    /// SePay's business error: it answered, and said no.
    #[error("SePay rejected the question, status {status}")]
    Rejected {
        /// The status in the body if there is one, else the HTTP status.
        status: u16,
        /// SePay's words, if it said any.
        message: Option<String>,
    },
    /// Rows may be missing, and SePay's answers do not allow to prove that none is.
    #[error("the transactions cannot be proved complete: {reason}")]
    Truncated {
        /// What was seen.
        reason: &'static str,
    },
    /// The answer is not what SePay's pages describe.
    #[error("{at}: {reason}")]
    Unreadable {
        /// Where: `body`, a root key, or a field such as `transactions[3].amount_in`.
        at: String,
        /// What was expected and what kind of thing was found; never the value.
        reason: String,
    },
}

impl Error {
    pub(crate) fn invalid(
        parameter: impl Into<Cow<'static, str>>,
        reason: impl Into<String>,
    ) -> Self {
        Self::InvalidParameter { parameter: parameter.into(), reason: reason.into() }
    }

    pub(crate) fn unreadable(at: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Unreadable { at: at.into(), reason: reason.into() }
    }

    /// Returns the stable code of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidParameter { .. } => "invalid_parameter",
            Self::Connection => "connection",
            Self::Timeout { .. } => "timeout",
            Self::TooLarge { .. } => "too_large",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::RateLimited { .. } => "rate_limited",
            Self::Server { .. } => "server_error",
            Self::Redirect { .. } => "redirect",
            Self::Challenge { .. } => "challenge",
            Self::Rejected { .. } => "rejected",
            Self::Truncated { .. } => "truncated",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// Says whether the same question may be answered when it is asked again.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Connection
                | Self::Timeout { .. }
                | Self::RateLimited { .. }
                | Self::Server { .. }
        )
    }

    /// Returns how long SePay asks to wait, in milliseconds; none when it did not say.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_ms } | Self::Server { retry_after_ms, .. } => {
                *retry_after_ms
            }
            _ => None,
        }
    }

    /// Returns SePay's own words, if it said any: at most 500 characters, without control characters.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Unauthorized { message }
            | Self::Forbidden { message }
            | Self::NotFound { message }
            | Self::Rejected { message, .. } => message.as_deref(),
            _ => None,
        }
    }
}
