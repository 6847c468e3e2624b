//! What went wrong, as a plain JavaScript object with the names that JavaScript uses.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::error::Error;

/// An error as JavaScript sees it; what is not known is absent. It never holds the token.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// SePay's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

impl Failure {
    /// The answer to a report about a call that nobody waits for.
    pub(super) fn unknown_call() -> Self {
        let message = "nobody waits for this call any more".to_owned();
        let (status, retry_after_ms, parameter, at, words) = Default::default();
        Self { code: "aborted", message, status, retry_after_ms, parameter, at, words }
    }

    /// Adds the status of the answer, where the error has none of its own.
    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = self.status.or(Some(status));
        self
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let (parameter, message) = match error {
            Error::InvalidParameter { parameter, reason } => {
                let parameter = spelled(parameter);
                (Some(parameter.to_owned()), [parameter, ": ", reason].concat())
            }
            _ => (None, error.to_string()),
        };
        let at = if let Error::Unreadable { at, .. } = error { Some(at.clone()) } else { None };
        Self {
            code: error.code(),
            message,
            status: status(error),
            retry_after_ms: error.retry_after_ms(),
            parameter,
            at,
            words: error.message().map(ToOwned::to_owned),
        }
    }
}

/// Throws an error.
pub(super) fn thrown(error: &Error) -> JsValue {
    object(&Failure::from(error)).unwrap_or_else(|unwritten| unwritten)
}

/// Makes a plain object.
///
/// # Errors
///
/// A JavaScript error for a number beyond 2^53 - 1, which nothing here has.
pub(super) fn object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// The status that the error stands for: v1 says some of them in a 200.
fn status(error: &Error) -> Option<u16> {
    match error {
        Error::Unauthorized { .. } => Some(401),
        Error::Forbidden { .. } => Some(403),
        Error::NotFound { .. } => Some(404),
        Error::RateLimited { .. } => Some(429),
        Error::Server { status, .. }
        | Error::Redirect { status }
        | Error::Challenge { status }
        | Error::Rejected { status, .. } => Some(*status),
        Error::InvalidParameter { .. }
        | Error::Connection
        | Error::Timeout { .. }
        | Error::TooLarge { .. }
        | Error::Truncated { .. }
        | Error::Unreadable { .. } => None,
    }
}

/// A parameter as JavaScript spells it; those of questions already are.
fn spelled(parameter: &str) -> &str {
    match parameter {
        "api_token" => "apiToken",
        "base_url" => "baseURL",
        "user_agent" => "userAgent",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_error_has_the_names_of_javascript_and_nothing_unknown() {
        for (error, expected) in [
            (
                Error::invalid("base_url", "expected a URL that starts with https://"),
                json!({
                    "code": "invalid_parameter",
                    "message": "baseURL: expected a URL that starts with https://",
                    "parameter": "baseURL",
                }),
            ),
            (
                Error::RateLimited { retry_after_ms: Some(1_500) },
                json!({
                    "code": "rate_limited",
                    "message": "SePay's rate limit is exceeded",
                    "status": 429,
                    "retryAfterMs": 1_500,
                }),
            ),
            (
                Error::Unauthorized { message: Some("no".to_owned()) },
                json!({
                    "code": "unauthorized",
                    "message": "SePay did not accept the API token",
                    "status": 401,
                    "words": "no",
                }),
            ),
            (
                Error::unreadable("transactions[3].amount_in", "expected whole VND"),
                json!({
                    "code": "unreadable",
                    "message": "transactions[3].amount_in: expected whole VND",
                    "status": 200,
                    "at": "transactions[3].amount_in",
                }),
            ),
        ] {
            let failure = Failure::from(&error);
            let is_unreadable = failure.code == "unreadable";
            let failure = if is_unreadable { failure.with_status(200) } else { failure };
            assert_eq!(serde_json::to_value(&failure).unwrap(), expected);
        }
    }

    #[test]
    fn the_status_of_an_error_stands_above_that_of_its_answer() {
        let failure = Failure::from(&Error::Unauthorized { message: None }).with_status(200);
        assert_eq!(failure.status, Some(401));
    }
}
