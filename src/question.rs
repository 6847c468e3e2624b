//! One of the six questions, chosen and filled at run time: kind, names and values to a typed endpoint.
//!
//! For callers who get names and values as text: a query string, a JavaScript object. It sets no defaults of its own and
//! decodes nothing. Whoever knows the question when writing the program uses the endpoint itself.

use crate::account::{AccountCount, AccountDetails, AccountFilter, AccountList};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::http::{Request, Target, Upstream};
use crate::params::{
    ACCOUNT_COUNT, ACCOUNT_LIST, DETAILS, Name, Params, Spelling, TRANSACTION_COUNT,
    TRANSACTION_LIST, known,
};
use crate::query::{self, FilterText, Limit, RecordId, Span};
use crate::transaction::{
    TransactionCount, TransactionDetails, TransactionFilter, TransactionList,
};

/// SePay's six questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A list of accounts.
    AccountList,
    /// One account.
    AccountDetails,
    /// How many accounts.
    AccountCount,
    /// A list of transactions.
    TransactionList,
    /// One transaction.
    TransactionDetails,
    /// How many transactions.
    TransactionCount,
}

impl Kind {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::AccountList,
        Self::AccountDetails,
        Self::AccountCount,
        Self::TransactionList,
        Self::TransactionDetails,
        Self::TransactionCount,
    ];

    /// Returns the name under which the npm package knows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountList => "accounts.list",
            Self::AccountDetails => "accounts.get",
            Self::AccountCount => "accounts.count",
            Self::TransactionList => "transactions.list",
            Self::TransactionDetails => "transactions.get",
            Self::TransactionCount => "transactions.count",
        }
    }

    /// Finds a question by the name that [`Kind::as_str`] gives it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `kind`.
    pub fn named(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        found.ok_or_else(|| Error::invalid("kind", "expected one of SePay's six questions"))
    }

    /// Returns the parameters that it takes.
    #[must_use]
    pub fn names(self) -> &'static [Name] {
        match self {
            Self::AccountList => ACCOUNT_LIST,
            Self::AccountCount => ACCOUNT_COUNT,
            Self::TransactionList => TRANSACTION_LIST,
            Self::TransactionCount => TRANSACTION_COUNT,
            Self::AccountDetails | Self::TransactionDetails => DETAILS,
        }
    }

    /// Refuses the name of a parameter that it does not take.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming it, with the nearest right one.
    pub fn check_name(self, spelling: Spelling, name: &str) -> Result<(), Error> {
        known(name, spelling, self.names()).map(|_| ())
    }
}

/// A typed question, ready to be asked; each variant holds the [`Endpoint`] that reads its answer.
///
/// ```
/// use sepay::{Kind, Question, Spelling};
///
/// let kind = Kind::named("transactions.list")?;
/// let question = Question::read(kind, Spelling::Ours, [("account", "0071000888888"), ("limit", "20")])?;
/// assert_eq!(
///     question.target().as_str(),
///     "/userapi/transactions/list?account_number=0071000888888&limit=20",
/// );
///
/// let error = Question::read(kind, Spelling::Ours, [("acount", "0071000888888")]).unwrap_err();
/// assert_eq!(error.to_string(), "acount: unknown parameter; did you mean account?");
/// # Ok::<(), sepay::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A list of accounts.
    AccountList(AccountList),
    /// One account.
    AccountDetails(AccountDetails),
    /// How many accounts.
    AccountCount(AccountCount),
    /// A list of transactions.
    TransactionList(TransactionList),
    /// One transaction.
    TransactionDetails(TransactionDetails),
    /// How many transactions.
    TransactionCount(TransactionCount),
}

impl Question {
    /// Reads names and values, in any order. The id of one record is the parameter `id`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming the parameter as the caller spelled it: an unknown name (with the nearest right
    /// one), a name given twice, a missing id, or a value that cannot be sent.
    pub fn read(
        kind: Kind,
        spelling: Spelling,
        pairs: impl IntoIterator<Item = (impl AsRef<str>, impl Into<String>)>,
    ) -> Result<Self, Error> {
        let params = Params::read(kind.names(), spelling, pairs)?;
        Ok(match kind {
            Kind::AccountList => {
                let limit = limit(&params)?;
                Self::AccountList(AccountList { filter: account_filter(&params)?, limit })
            }
            Kind::AccountDetails => Self::AccountDetails(AccountDetails { id: own_id(&params)? }),
            Kind::AccountCount => {
                Self::AccountCount(AccountCount { filter: account_filter(&params)? })
            }
            Kind::TransactionList => {
                let limit = limit(&params)?;
                let filter = transaction_filter(&params)?;
                Self::TransactionList(TransactionList { filter, limit })
            }
            Kind::TransactionDetails => {
                Self::TransactionDetails(TransactionDetails { id: own_id(&params)? })
            }
            Kind::TransactionCount => {
                Self::TransactionCount(TransactionCount { filter: transaction_filter(&params)? })
            }
        })
    }

    /// Returns which of the six it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::AccountList(_) => Kind::AccountList,
            Self::AccountDetails(_) => Kind::AccountDetails,
            Self::AccountCount(_) => Kind::AccountCount,
            Self::TransactionList(_) => Kind::TransactionList,
            Self::TransactionDetails(_) => Kind::TransactionDetails,
            Self::TransactionCount(_) => Kind::TransactionCount,
        }
    }

    /// Returns the canonical target at SePay.
    #[must_use]
    pub fn target(&self) -> Target {
        match self {
            Self::AccountList(question) => question.target(),
            Self::AccountDetails(question) => question.target(),
            Self::AccountCount(question) => question.target(),
            Self::TransactionList(question) => question.target(),
            Self::TransactionDetails(question) => question.target(),
            Self::TransactionCount(question) => question.target(),
        }
    }

    /// Returns the request to send.
    #[must_use]
    pub fn request(&self, upstream: &Upstream) -> Request {
        upstream.get(&self.target())
    }
}

fn limit(params: &Params) -> Result<Option<Limit>, Error> {
    let (_, text) = params.get("limit");
    text.map(Limit::parse).transpose()
}

fn own_id(params: &Params) -> Result<RecordId, Error> {
    let (name, text) = params.get("id");
    RecordId::new(name, text.unwrap_or_default())
}

fn account_filter(params: &Params) -> Result<AccountFilter, Error> {
    let (min_name, min) = params.get("balanceMin");
    let (max_name, max) = params.get("balanceMax");
    let min = min.map(|text| query::amount(min_name, text)).transpose()?;
    let max = max.map(|text| query::amount(max_name, text)).transpose()?;
    Ok(AccountFilter {
        bank: text(params, "bank")?,
        last_transaction: query::period(
            params.get("lastTransactionFrom"),
            params.get("lastTransactionTo"),
        )?,
        since_id: id(params, "sinceId")?,
        balance: Span::new(min_name, min, max)?,
    })
}

fn transaction_filter(params: &Params) -> Result<TransactionFilter, Error> {
    let amount = |name| {
        let (name, text) = params.get(name);
        text.map(|text| query::positive_amount(name, text)).transpose()
    };
    Ok(TransactionFilter {
        account: text(params, "account")?,
        occurred: query::period(params.get("from"), params.get("to"))?,
        since_id: id(params, "sinceId")?,
        reference: text(params, "reference")?,
        amount_in: amount("amountIn")?,
        amount_out: amount("amountOut")?,
    })
}

fn text(params: &Params, name: &str) -> Result<Option<FilterText>, Error> {
    let (name, text) = params.get(name);
    text.map(|text| FilterText::new(name, text)).transpose()
}

fn id(params: &Params, name: &str) -> Result<Option<RecordId>, Error> {
    let (name, text) = params.get(name);
    text.map(|text| RecordId::new(name, text)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(kind: Kind, pairs: &[(&str, &str)]) -> Result<String, String> {
        match Question::read(kind, Spelling::Ours, pairs.iter().copied()) {
            Ok(question) => {
                assert_eq!(question.kind(), kind);
                Ok(question.target().as_str().to_owned())
            }
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn each_kind_has_a_name_and_asks_its_own_endpoint() {
        for (name, target) in [
            ("accounts.list", "/userapi/bankaccounts/list"),
            ("accounts.get", "/userapi/bankaccounts/details/7"),
            ("accounts.count", "/userapi/bankaccounts/count"),
            ("transactions.list", "/userapi/transactions/list"),
            ("transactions.get", "/userapi/transactions/details/7"),
            ("transactions.count", "/userapi/transactions/count"),
        ] {
            let kind = Kind::named(name).unwrap();
            assert_eq!(kind.as_str(), name);
            let id: &[_] = if name.ends_with("get") { &[("id", "7")] } else { &[] };
            assert_eq!(ask(kind, id).as_deref(), Ok(target));
        }
        assert_eq!(Kind::ALL.len(), 6);
        assert!(Kind::named("transactions.iterate").is_err());
    }

    #[test]
    fn the_id_of_one_record_is_a_parameter_and_must_be_there() {
        for kind in [Kind::AccountDetails, Kind::TransactionDetails] {
            let told = "id: expected an id of 1 to 20 digits".to_owned();
            assert_eq!(ask(kind, &[]), Err(told.clone()));
            assert_eq!(ask(kind, &[("id", "x")]), Err(told));
            let twice = ask(kind, &[("id", "1"), ("id", "1")]);
            assert_eq!(twice, Err("id: expected once, found twice".to_owned()));
        }
    }

    #[test]
    fn no_default_is_set_and_an_empty_value_is_no_value_left_out() {
        assert_eq!(ask(Kind::TransactionList, &[]).as_deref(), Ok("/userapi/transactions/list"));
        for name in ["account", "from", "to", "sinceId", "reference", "amountIn", "limit"] {
            let told = ask(Kind::TransactionList, &[(name, "")]).unwrap_err();
            assert!(told.starts_with(&format!("{name}: expected ")), "{told}");
        }
    }
}
