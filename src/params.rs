//! Parameters by name: known ones, each at most once; a wrong one is refused with a hint.
//!
//! Each parameter has two names, ours and SePay's; a caller writes one of the two. Values are decoded, not yet typed:
//! that is [`Question::read`](crate::Question::read).

use crate::error::Error;
use crate::hints::hint;

/// How much of a caller's wrong name an error repeats, in characters.
pub(crate) const MAX_ECHO_CHARS: usize = 64;

/// Whose names a caller writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Ours, as in the npm package and in our JSON.
    Ours,
    /// SePay's, as on its pages.
    Sepays,
}

/// One parameter's two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    ours: &'static str,
    sepays: &'static str,
}

const fn name(ours: &'static str, sepays: &'static str) -> Name {
    Name { ours, sepays }
}

impl Name {
    /// A parameter of a route that is not SePay's: both names are the same.
    #[must_use]
    pub const fn alike(name: &'static str) -> Self {
        Self { ours: name, sepays: name }
    }

    /// Returns our name.
    #[must_use]
    pub const fn ours(self) -> &'static str {
        self.ours
    }

    /// Returns SePay's name.
    #[must_use]
    pub const fn sepays(self) -> &'static str {
        self.sepays
    }

    /// Says whether a text is one of the two.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        self.ours == text || self.sepays == text
    }

    /// Returns one of the two.
    #[must_use]
    pub const fn spelled(self, spelling: Spelling) -> &'static str {
        match spelling {
            Spelling::Ours => self.ours,
            Spelling::Sepays => self.sepays,
        }
    }
}

/// One record: its id.
pub(crate) const DETAILS: &[Name] = &[name("id", "id")];

/// The filters of a list of accounts, and its limit, which comes last.
pub(crate) const ACCOUNT_LIST: &[Name] = &[
    name("bank", "short_name"),
    name("lastTransactionFrom", "last_transaction_date_min"),
    name("lastTransactionTo", "last_transaction_date_max"),
    name("sinceId", "since_id"),
    name("balanceMin", "accumulated_min"),
    name("balanceMax", "accumulated_max"),
    name("limit", "limit"),
];

/// The filters of a count of accounts: the list's without the limit.
pub(crate) const ACCOUNT_COUNT: &[Name] = without_last(ACCOUNT_LIST);

/// The filters of a list of transactions, and its limit, which comes last.
pub(crate) const TRANSACTION_LIST: &[Name] = &[
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
pub(crate) const TRANSACTION_COUNT: &[Name] = without_last(TRANSACTION_LIST);

const fn without_last(names: &[Name]) -> &[Name] {
    match names.split_last() {
        Some((_, filters)) => filters,
        None => names,
    }
}

/// Names and values, all known and each there once.
#[derive(Clone)]
pub struct Params {
    names: &'static [Name],
    spelling: Spelling,
    values: Vec<(Name, String)>,
}

impl Params {
    /// Reads names and values, in any order.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`]: an unknown name (with the nearest right one), or a name given twice.
    pub fn read(
        names: &'static [Name],
        spelling: Spelling,
        pairs: impl IntoIterator<Item = (impl AsRef<str>, impl Into<String>)>,
    ) -> Result<Self, Error> {
        let mut values: Vec<(Name, String)> = Vec::new();
        for (given, value) in pairs {
            let name = known(given.as_ref(), spelling, names)?;
            if values.iter().any(|(seen, _)| *seen == name) {
                return Err(Error::invalid(name.spelled(spelling), "expected once, found twice"));
            }
            values.push((name, value.into()));
        }
        Ok(Self { names, spelling, values })
    }

    /// Returns a parameter, asked for by our name: the name as the caller spells it, and its value if given.
    #[must_use]
    pub fn get(&self, ours: &str) -> (&'static str, Option<&str>) {
        let name = self.names.iter().find(|name| name.ours == ours);
        let spelled = name.map_or("", |name| name.spelled(self.spelling));
        let value = self.values.iter().find(|(known, _)| known.ours == ours);
        (spelled, value.map(|(_, value)| value.as_str()))
    }
}

/// Finds a name among those that are known.
pub(crate) fn known(given: &str, spelling: Spelling, names: &[Name]) -> Result<Name, Error> {
    if let Some(name) = names.iter().find(|name| name.spelled(spelling) == given) {
        return Ok(*name);
    }
    let echo: String = given.chars().filter(|c| !c.is_control()).take(MAX_ECHO_CHARS).collect();
    let hint = hint(&echo, spelling, names);
    let echo = if echo.is_empty() { "(no name)".to_owned() } else { echo };
    Err(Error::invalid(echo, format!("unknown parameter; {hint}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(given: &str, spelling: Spelling, names: &'static [Name]) -> String {
        Params::read(names, spelling, [(given, "1")]).map(|_| ()).unwrap_err().to_string()
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
            let expected = format!("{given}: unknown parameter; did you mean {right}?");
            assert_eq!(told(given, Spelling::Ours, TRANSACTION_LIST), expected);
        }
        assert_eq!(
            told("from", Spelling::Sepays, TRANSACTION_LIST),
            "from: unknown parameter; did you mean transaction_date_min?"
        );
    }

    #[test]
    fn a_strange_name_is_told_all_names_and_not_repeated_at_length() {
        let long = "z".repeat(300);
        assert_eq!(
            told(&long, Spelling::Ours, ACCOUNT_LIST),
            format!(
                "{}: unknown parameter; this route takes bank, lastTransactionFrom, lastTransactionTo, \
                 sinceId, balanceMin, balanceMax, limit",
                "z".repeat(64)
            )
        );
        assert_eq!(told("x", Spelling::Ours, &[]), "x: unknown parameter; this route takes none");
    }

    #[test]
    fn a_name_without_visible_characters_is_said_to_be_none() {
        let told = told("\u{7}\n", Spelling::Ours, &[]);
        assert_eq!(told, "(no name): unknown parameter; this route takes none");
    }

    #[test]
    fn a_name_twice_is_refused_whatever_its_values() {
        for spelling in [Spelling::Ours, Spelling::Sepays] {
            let pairs = [("limit", "1"), ("limit", "1")];
            let error = Params::read(ACCOUNT_LIST, spelling, pairs).map(|_| ()).unwrap_err();
            assert_eq!(error.to_string(), "limit: expected once, found twice");
        }
    }
}
