//! What a client is made of: read from a plain object, checked once.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::calls::CallRules;
use crate::error::Error;
use crate::http::Upstream;
use crate::pace::MAX_SLOTS;
use crate::token::ApiToken;

/// The longest time that a host's timer can wait, in milliseconds.
const MAX_TIMEOUT_MS: u32 = 2_147_483_647;

/// The most retries; more would only be a longer deadline.
const MAX_RETRIES: u8 = 10;

/// The settings as JavaScript gives them; what is of another type is empty or no number.
struct Given {
    api_token: String,
    base_url: String,
    user_agent: String,
    timeout_ms: f64,
    max_retries: f64,
    requests_per_second: f64,
}

/// Reads the settings. By hand: `serde_wasm_bindgen::from_value` brings the printing of floats along, for messages that
/// may not be told because they repeat the value, and made the package 16 kB larger.
///
/// # Errors
///
/// [`Error::InvalidParameter`] naming the setting. No message holds a value, which may be the token.
pub(super) fn read(settings: &JsValue) -> Result<(Upstream, CallRules), Error> {
    let value = |name| Reflect::get(settings, &JsValue::from_str(name)).unwrap_or_default();
    let text = |name| value(name).as_string().unwrap_or_default();
    let number = |name| value(name).as_f64().unwrap_or(f64::NAN);
    check(&Given {
        api_token: text("apiToken"),
        base_url: text("baseUrl"),
        user_agent: text("userAgent"),
        timeout_ms: number("timeoutMs"),
        max_retries: number("maxRetries"),
        requests_per_second: number("requestsPerSecond"),
    })
}

fn check(given: &Given) -> Result<(Upstream, CallRules), Error> {
    let token = ApiToken::new(&given.api_token)?;
    let upstream = Upstream::new(&given.base_url, token, &given.user_agent)?;
    let rules = CallRules {
        requests_per_second: whole("requestsPerSecond", given.requests_per_second, 1, MAX_SLOTS)?,
        timeout_ms: whole("timeout", given.timeout_ms, 1, MAX_TIMEOUT_MS)?.into(),
        max_retries: whole("maxRetries", given.max_retries, 0, MAX_RETRIES)?.into(),
    };
    Ok((upstream, rules))
}

/// Accepts a whole number within these bounds.
fn whole<T>(parameter: &'static str, number: f64, least: T, most: T) -> Result<T, Error>
where
    T: Copy + TryFrom<u64> + Into<f64> + std::fmt::Display,
{
    let in_range = number >= least.into() && number <= most.into() && number.fract() == 0.0;
    let found = if in_range { T::try_from(super::border::whole(number)).ok() } else { None };
    found.ok_or_else(|| {
        Error::invalid(parameter, format!("expected a whole number from {least} to {most}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Given {
        Given {
            api_token: "S3CRET".to_owned(),
            base_url: "https://my.sepay.vn".to_owned(),
            user_agent: "tests/1.0".to_owned(),
            timeout_ms: 8_000.0,
            max_retries: 2.0,
            requests_per_second: 2.0,
        }
    }

    fn told(given: &Given) -> String {
        check(given).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn good_settings_are_taken_as_they_are() {
        let (_, rules) = check(&given()).unwrap();
        let expected = CallRules { requests_per_second: 2, timeout_ms: 8_000, max_retries: 2 };
        assert_eq!(rules, expected);
    }

    #[test]
    fn numbers_that_are_none_or_beyond_their_bounds_are_refused() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.5, 1e300, 2_147_483_648.0] {
            let timeout = Given { timeout_ms: bad, ..given() };
            assert_eq!(told(&timeout), "timeout: expected a whole number from 1 to 2147483647");
            let retries = Given { max_retries: bad, ..given() };
            assert_eq!(told(&retries), "maxRetries: expected a whole number from 0 to 10");
            let pace = Given { requests_per_second: bad, ..given() };
            assert_eq!(told(&pace), "requestsPerSecond: expected a whole number from 1 to 50");
        }
        for good in [1.0, 2_147_483_647.0] {
            assert!(check(&Given { timeout_ms: good, ..given() }).is_ok());
        }
        assert!(check(&Given { requests_per_second: 0.0, ..given() }).is_err());
        assert!(check(&Given { requests_per_second: 51.0, ..given() }).is_err());
    }
}
