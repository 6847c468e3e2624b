//! The SePay API token as a type that cannot be printed by accident.

use std::fmt;

use crate::error::Error;

/// The longest token accepted, in bytes. SePay's own have 64 characters.
const MAX_BYTES: usize = 512;

/// A SePay API token: full access to every account, server-side only (SePay's quick start, step 1).
///
/// `Debug` prints `[redacted]`; there is no `Display` and no serialisation.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken(String);

impl ApiToken {
    /// Accepts a token, without the white space that a secret often carries at its end.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `api_token` when it is empty, longer than 512 bytes, or holds anything
    /// that cannot stand in a header. The message never holds the token.
    pub fn new(text: &str) -> Result<Self, Error> {
        let token = text.trim();
        if token.is_empty()
            || token.len() > MAX_BYTES
            || !token.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(Error::invalid("api_token", "expected 1 to 512 visible ASCII characters"));
        }
        Ok(Self(token.to_owned()))
    }

    /// Returns the token itself, for the one header that carries it and for searching what must not hold it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_is_redacted() {
        assert_eq!(format!("{:?}", ApiToken::new("S3CRET").unwrap()), "[redacted]");
    }

    #[test]
    fn a_line_end_is_dropped_and_a_bad_token_is_not_repeated() {
        assert_eq!(ApiToken::new(" S3CRET\n").unwrap().expose(), "S3CRET");
        for bad in ["", " \n", "S3C RET", "S3C\r\nRET", "S3CRÉT"] {
            let error = ApiToken::new(bad).unwrap_err();
            assert_eq!(error.to_string(), "api_token: expected 1 to 512 visible ASCII characters");
        }
        assert!(ApiToken::new(&"x".repeat(513)).is_err());
    }
}
