//! Query strings: decoding, their bound, and what SePay's own callers expect of them.
//!
//! Which names there are and what their values mean is the core's ([`sepay::Question::read`]).

use std::borrow::Cow;
use std::fmt;

use sepay::{Error, Kind};

use crate::route::Form;

/// The longest query string that is read, in bytes.
const MAX_QUERY_BYTES: usize = 4096;

/// What is wrong with a parameter, in words for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadParameter(String);

impl BadParameter {
    /// Says what is wrong, beginning with the parameter's name.
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for BadParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Error> for BadParameter {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

/// A name and a value, decoded.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Decodes the query string of a question, without its question mark.
///
/// # Errors
///
/// [`BadParameter`]: too long, or a name that the question does not take where SePay's callers leave the value empty.
pub fn pairs(query: &str, form: Form, kind: Kind) -> Result<Vec<Pair<'_>>, BadParameter> {
    let mut pairs = decoded(query)?;
    if form == Form::DropIn {
        // SePay's own callers send empty filters and mean none; their names are checked all the same.
        for (name, _) in pairs.iter().filter(|(_, value)| value.is_empty()) {
            kind.check_name(form.spelling(), name)?;
        }
        pairs.retain(|(_, value)| !value.is_empty());
    }
    Ok(pairs)
}

/// Decodes a query string, without its question mark.
///
/// # Errors
///
/// [`BadParameter`]: too long.
pub fn decoded(query: &str) -> Result<Vec<Pair<'_>>, BadParameter> {
    let long = query.len();
    if long > MAX_QUERY_BYTES {
        return Err(BadParameter(format!(
            "query: expected at most {MAX_QUERY_BYTES} bytes, found {long}"
        )));
    }
    Ok(form_urlencoded::parse(query.as_bytes()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(query: &str, form: Form) -> String {
        pairs(query, form, Kind::TransactionCount).unwrap_err().to_string()
    }

    #[test]
    fn a_long_query_is_refused_unread() {
        let long = format!("bank={}", "x".repeat(10_000));
        assert_eq!(told(&long, Form::Json), "query: expected at most 4096 bytes, found 10005");
    }

    #[test]
    fn sepays_callers_may_leave_a_known_parameter_empty() {
        let kind = Kind::TransactionCount;
        let query = "since_id=&reference_number=a%20b";
        let kept = pairs(query, Form::DropIn, kind).unwrap();
        assert_eq!(kept, [("reference_number".into(), "a b".into())]);
        assert_eq!(
            told("sinceId=", Form::DropIn),
            "sinceId: unknown parameter; did you mean since_id?"
        );
        assert_eq!(pairs("sinceId=", Form::Json, kind).unwrap().len(), 1);
    }
}
