//! Query strings: known names, each at most once, and a hint for every wrong one.
//!
//! Each parameter has two names, ours and SePay's; a route knows one of the two. Values are decoded, not yet typed.

use std::fmt;

use crate::route::Form;

/// The longest query string that is read, in bytes.
const MAX_QUERY_BYTES: usize = 4096;

/// How much of a caller's wrong name an error repeats, in characters.
const MAX_ECHO_CHARS: usize = 64;

/// One parameter's two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    ours: &'static str,
    sepays: &'static str,
}

const fn name(ours: &'static str, sepays: &'static str) -> Name {
    Name { ours, sepays }
}

/// No parameters.
pub const NONE: &[Name] = &[];

/// The filters of a list of accounts, and its limit, which comes last.
pub const ACCOUNT_LIST: &[Name] = &[
    name("bank", "short_name"),
    name("lastTransactionFrom", "last_transaction_date_min"),
    name("lastTransactionTo", "last_transaction_date_max"),
    name("sinceId", "since_id"),
    name("balanceMin", "accumulated_min"),
    name("balanceMax", "accumulated_max"),
    name("limit", "limit"),
];

/// The filters of a count of accounts: the list's without the limit.
pub const ACCOUNT_COUNT: &[Name] = without_last(ACCOUNT_LIST);

/// The filters of a list of transactions, and its limit, which comes last.
pub const TRANSACTION_LIST: &[Name] = &[
    name("account", "account_number"),
    name("from", "transaction_date_min"),
    name("to", "transaction_date_max"),
    name("sinceId", "since_id"),
    name("reference", "reference_number"),
    name("amountIn", "amount_in"),
    name("amountOut", "amount_out"),
    name("limit", "limit"),
];

/// The filters of a count of transactions: the list's without the limit.
pub const TRANSACTION_COUNT: &[Name] = without_last(TRANSACTION_LIST);

const fn without_last(names: &[Name]) -> &[Name] {
    match names.split_last() {
        Some((_, filters)) => filters,
        None => names,
    }
}

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

impl From<sepay::Error> for BadParameter {
    fn from(error: sepay::Error) -> Self {
        Self(error.to_string())
    }
}

/// A query string's parameters, all known and each there once.
pub struct Params {
    form: Form,
    names: &'static [Name],
    values: Vec<(Name, String)>,
}

impl Params {
    /// Reads a query string, without its question mark.
    ///
    /// # Errors
    ///
    /// [`BadParameter`]: too long, an unknown name (with the nearest right one), or a name given twice.
    pub fn read(query: &str, form: Form, names: &'static [Name]) -> Result<Self, BadParameter> {
        if query.len() > MAX_QUERY_BYTES {
            let long = query.len();
            return Err(BadParameter(format!(
                "query: expected at most {MAX_QUERY_BYTES} bytes, found {long}"
            )));
        }
        let mut values: Vec<(Name, String)> = Vec::new();
        for (given, value) in form_urlencoded::parse(query.as_bytes()) {
            let name = known(&given, form, names)?;
            // SePay's own callers send empty filters and mean none.
            if form == Form::DropIn && value.is_empty() {
                continue;
            }
            if values.iter().any(|(seen, _)| *seen == name) {
                return Err(BadParameter(format!("{given}: expected once, found twice")));
            }
            values.push((name, value.into_owned()));
        }
        Ok(Self { form, names, values })
    }

    /// Returns a parameter, asked for by our name: the name as the caller spells it, and its value if given.
    #[must_use]
    pub fn get(&self, ours: &str) -> (&'static str, Option<&str>) {
        let name = self.names.iter().find(|name| name.ours == ours).copied();
        let spelled = name.map_or("", |name| name.spelled(self.form));
        let value = self.values.iter().find(|(known, _)| known.ours == ours);
        (spelled, value.map(|(_, value)| value.as_str()))
    }
}

impl Name {
    fn spelled(self, form: Form) -> &'static str {
        match form {
            Form::Json => self.ours,
            Form::DropIn => self.sepays,
        }
    }
}

fn known(given: &str, form: Form, names: &[Name]) -> Result<Name, BadParameter> {
    if let Some(name) = names.iter().find(|name| name.spelled(form) == given) {
        return Ok(*name);
    }
    let echo: String = given.chars().filter(|c| !c.is_control()).take(MAX_ECHO_CHARS).collect();
    let hint = match nearest(&echo, names) {
        Some(name) => format!("did you mean {}?", name.spelled(form)),
        None if names.is_empty() => "this route takes none".to_owned(),
        None => {
            let all: Vec<&str> = names.iter().map(|name| name.spelled(form)).collect();
            format!("this route takes {}", all.join(", "))
        }
    };
    let echo = if echo.is_empty() { "(no name)" } else { echo.as_str() };
    Err(BadParameter(format!("{echo}: unknown parameter; {hint}")))
}

/// The known parameter whose either name is most like the given one, if any is.
fn nearest(given: &str, names: &[Name]) -> Option<Name> {
    let given = given.to_ascii_lowercase();
    let likeness = |text: &str| strsim::jaro_winkler(&text.to_ascii_lowercase(), &given);
    let scored = names.iter().map(|name| (likeness(name.ours).max(likeness(name.sepays)), *name));
    let best = scored.max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.filter(|(score, _)| *score > 0.8).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(query: &str, form: Form, names: &'static [Name]) -> String {
        Params::read(query, form, names).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_name_is_told_the_nearest_right_one() {
        for (given, right) in [
            ("acount", "account"),
            ("account_number", "account"),
            ("accountNumber", "account"),
            ("transaction_date_min", "from"),
            ("since_id", "sinceId"),
            ("sinceID", "sinceId"),
            ("Limit", "limit"),
            ("amount", "amountIn"),
            ("referenceNumber", "reference"),
        ] {
            let query = format!("{given}=1");
            let expected = format!("{given}: unknown parameter; did you mean {right}?");
            assert_eq!(told(&query, Form::Json, TRANSACTION_LIST), expected);
        }
        assert_eq!(
            told("from=1", Form::DropIn, TRANSACTION_LIST),
            "from: unknown parameter; did you mean transaction_date_min?"
        );
    }

    #[test]
    fn a_strange_name_is_told_all_names_and_not_repeated_at_length() {
        let long = "z".repeat(300);
        assert_eq!(
            told(&format!("{long}=1"), Form::Json, ACCOUNT_LIST),
            format!(
                "{}: unknown parameter; this route takes bank, lastTransactionFrom, lastTransactionTo, \
                 sinceId, balanceMin, balanceMax, limit",
                "z".repeat(64)
            )
        );
        assert_eq!(told("x=1", Form::Json, NONE), "x: unknown parameter; this route takes none");
    }

    #[test]
    fn a_name_twice_and_a_long_query_are_refused() {
        assert_eq!(
            told("limit=1&limit=2", Form::Json, ACCOUNT_LIST),
            "limit: expected once, found twice"
        );
        let long = format!("bank={}", "x".repeat(10_000));
        assert_eq!(
            told(&long, Form::Json, ACCOUNT_LIST),
            "query: expected at most 4096 bytes, found 10005"
        );
    }
}
