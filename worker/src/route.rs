//! The API's table of contents: method and path to a [`Resource`], its query to a [`Question`] for SePay.
//!
//! Two spellings lead to the same six questions: our JSON routes and SePay's own (the drop-in routes). Values become
//! typed here; nothing of a caller's text reaches SePay in any other way. It decides neither who may ask nor how the
//! answer looks.

use sepay::{
    AccountCount, AccountDetails, AccountFilter, AccountList, Endpoint, FilterText, Limit,
    RecordId, Span, Target, TransactionCount, TransactionDetails, TransactionFilter,
    TransactionList, query,
};

use crate::params::{
    ACCOUNT_COUNT, ACCOUNT_LIST, BadParameter, NONE, Params, TRANSACTION_COUNT, TRANSACTION_LIST,
};

/// How a question is spelled and its answer written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Our names, our model.
    Json,
    /// SePay's names, status and bytes.
    DropIn,
}

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// Liveness, without a key.
    Health,
    /// The state of the gate.
    Status,
    /// The same for Prometheus.
    Metrics,
    /// One of SePay's six questions.
    Sepay {
        /// Which question.
        kind: Kind,
        /// In which form.
        form: Form,
    },
}

/// SePay's six questions; the ids are still the path's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A list of accounts.
    AccountList,
    /// One account.
    AccountDetails(String),
    /// How many accounts.
    AccountCount,
    /// A list of transactions.
    TransactionList,
    /// One transaction.
    TransactionDetails(String),
    /// How many transactions.
    TransactionCount,
}

/// Why a method and a path name nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoute {
    /// No such path.
    NotFound,
    /// The path is there, the method is not: only GET and HEAD are.
    MethodNotAllowed,
}

/// A typed question, ready to be asked.
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

/// Finds what a method and a path name.
///
/// # Errors
///
/// [`NoRoute`].
pub fn find(method: &str, path: &str) -> Result<Resource, NoRoute> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let json = |kind| Resource::Sepay { kind, form: Form::Json };
    let drop_in = |kind| Resource::Sepay { kind, form: Form::DropIn };
    let resource = match segments.as_slice() {
        ["healthz"] => Resource::Health,
        ["metrics"] => Resource::Metrics,
        ["api", "status"] => Resource::Status,
        ["api", "accounts"] => json(Kind::AccountList),
        ["api", "accounts", "count"] => json(Kind::AccountCount),
        ["api", "accounts", id] => json(Kind::AccountDetails((*id).to_owned())),
        ["api", "transactions"] => json(Kind::TransactionList),
        ["api", "transactions", "count"] => json(Kind::TransactionCount),
        ["api", "transactions", id] => json(Kind::TransactionDetails((*id).to_owned())),
        ["userapi", "bankaccounts", "list"] => drop_in(Kind::AccountList),
        ["userapi", "bankaccounts", "count"] => drop_in(Kind::AccountCount),
        ["userapi", "bankaccounts", "details", id] => {
            drop_in(Kind::AccountDetails((*id).to_owned()))
        }
        ["userapi", "transactions", "list"] => drop_in(Kind::TransactionList),
        ["userapi", "transactions", "count"] => drop_in(Kind::TransactionCount),
        ["userapi", "transactions", "details", id] => {
            drop_in(Kind::TransactionDetails((*id).to_owned()))
        }
        _ => return Err(NoRoute::NotFound),
    };
    if matches!(method, "GET" | "HEAD") { Ok(resource) } else { Err(NoRoute::MethodNotAllowed) }
}

/// Refuses any parameter, for routes that take none.
///
/// # Errors
///
/// [`BadParameter`] naming the first one.
pub fn no_parameters(query: &str) -> Result<(), BadParameter> {
    Params::read(query, Form::Json, NONE).map(|_| ())
}

impl Kind {
    /// Reads the query into a typed question.
    ///
    /// # Errors
    ///
    /// [`BadParameter`] naming the parameter as the caller spelled it, and the nearest right one.
    pub fn question(&self, form: Form, query: &str) -> Result<Question, BadParameter> {
        let read = |names| Params::read(query, form, names);
        Ok(match self {
            Self::AccountList => {
                let params = read(ACCOUNT_LIST)?;
                let limit = limit(&params, form)?;
                Question::AccountList(AccountList { filter: account_filter(&params)?, limit })
            }
            Self::AccountDetails(id) => {
                read(NONE)?;
                Question::AccountDetails(AccountDetails { id: RecordId::new("id", id)? })
            }
            Self::AccountCount => {
                let filter = account_filter(&read(ACCOUNT_COUNT)?)?;
                Question::AccountCount(AccountCount { filter })
            }
            Self::TransactionList => {
                let params = read(TRANSACTION_LIST)?;
                let limit = limit(&params, form)?;
                Question::TransactionList(TransactionList {
                    filter: transaction_filter(&params)?,
                    limit,
                })
            }
            Self::TransactionDetails(id) => {
                read(NONE)?;
                Question::TransactionDetails(TransactionDetails { id: RecordId::new("id", id)? })
            }
            Self::TransactionCount => {
                let filter = transaction_filter(&read(TRANSACTION_COUNT)?)?;
                Question::TransactionCount(TransactionCount { filter })
            }
        })
    }
}

impl Question {
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
}

/// Our lists return 100 rows unless told otherwise; the drop-in routes leave the default to SePay.
fn limit(params: &Params, form: Form) -> Result<Option<Limit>, BadParameter> {
    let (_, text) = params.get("limit");
    let given = text.map(Limit::parse).transpose()?;
    Ok(match form {
        Form::Json => Some(given.unwrap_or(Limit::HUNDRED)),
        Form::DropIn => given,
    })
}

fn account_filter(params: &Params) -> Result<AccountFilter, BadParameter> {
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

fn transaction_filter(params: &Params) -> Result<TransactionFilter, BadParameter> {
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

fn text(params: &Params, name: &str) -> Result<Option<FilterText>, BadParameter> {
    let (name, text) = params.get(name);
    Ok(text.map(|text| FilterText::new(name, text)).transpose()?)
}

fn id(params: &Params, name: &str) -> Result<Option<RecordId>, BadParameter> {
    let (name, text) = params.get(name);
    Ok(text.map(|text| RecordId::new(name, text)).transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(path: &str, query: &str) -> Result<String, String> {
        match find("GET", path) {
            Ok(Resource::Sepay { kind, form }) => match kind.question(form, query) {
                Ok(question) => Ok(question.target().as_str().to_owned()),
                Err(bad) => Err(bad.to_string()),
            },
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn both_spellings_ask_the_same_question() {
        let ours = ask(
            "/api/transactions",
            "account=007&from=2026-11-01&to=2026-11-02&sinceId=5&limit=20&reference=FT%201&amountIn=100&amountOut=0",
        );
        let sepays = ask(
            "/userapi/transactions/list",
            "amount_out=0.00&amount_in=100.00&reference_number=FT+1&limit=20&since_id=5&transaction_date_max=2026-11-02&transaction_date_min=2026-11-01&account_number=007",
        );
        let target = "/userapi/transactions/list?account_number=007&transaction_date_min=2026-11-01%2000%3A00%3A00\
                      &transaction_date_max=2026-11-02%2023%3A59%3A59&since_id=5&limit=20&reference_number=FT%201\
                      &amount_in=100&amount_out=0";
        assert_eq!(ours.as_deref(), Ok(target));
        assert_eq!(sepays, ours);
    }

    #[test]
    fn accounts_take_every_filter() {
        let ours = ask(
            "/api/accounts",
            "bank=VietinBank&lastTransactionFrom=2026-01-01&lastTransactionTo=2026-02-01&sinceId=20&limit=5&balanceMin=-1&balanceMax=9",
        );
        let sepays = ask(
            "/userapi/bankaccounts/list",
            "short_name=VietinBank&last_transaction_date_min=2026-01-01&last_transaction_date_max=2026-02-01&since_id=20&limit=5&accumulated_min=-1&accumulated_max=9",
        );
        assert_eq!(
            ours.as_deref(),
            Ok(
                "/userapi/bankaccounts/list?short_name=VietinBank&last_transaction_date_min=2026-01-01%2000%3A00%3A00\
                &last_transaction_date_max=2026-02-01%2023%3A59%3A59&since_id=20&limit=5&accumulated_min=-1&accumulated_max=9"
            )
        );
        assert_eq!(sepays, ours);
    }

    #[test]
    fn our_lists_have_a_limit_and_the_drop_in_leaves_it_to_sepay() {
        assert_eq!(
            ask("/api/transactions", "").as_deref(),
            Ok("/userapi/transactions/list?limit=100")
        );
        assert_eq!(ask("/api/accounts", "").as_deref(), Ok("/userapi/bankaccounts/list?limit=100"));
        assert_eq!(
            ask("/userapi/transactions/list", "").as_deref(),
            Ok("/userapi/transactions/list")
        );
        assert_eq!(
            ask("/userapi/bankaccounts/list", "").as_deref(),
            Ok("/userapi/bankaccounts/list")
        );
    }

    #[test]
    fn details_and_counts() {
        assert_eq!(ask("/api/accounts/18", "").as_deref(), Ok("/userapi/bankaccounts/details/18"));
        assert_eq!(
            ask("/userapi/transactions/details/9", "").as_deref(),
            Ok("/userapi/transactions/details/9")
        );
        assert_eq!(
            ask("/api/accounts/count", "bank=ACB").as_deref(),
            Ok("/userapi/bankaccounts/count?short_name=ACB")
        );
        assert_eq!(
            ask("/api/transactions/count", "").as_deref(),
            Ok("/userapi/transactions/count")
        );
    }

    #[test]
    fn bad_values_name_the_parameter_as_spelled() {
        for (path, query, start) in [
            ("/api/transactions", "limit=0", "limit: expected a whole number from 1 to 5000"),
            ("/api/transactions", "limit=5001", "limit: "),
            ("/api/accounts", "limit=abc", "limit: "),
            ("/api/transactions", "from=2026-02-30", "from: expected a day and time that exist"),
            ("/api/transactions", "to=soon", "to: expected a date"),
            ("/api/transactions", "from=2026-02-02&to=2026-02-01", "from: expected a lower end"),
            ("/userapi/transactions/list", "transaction_date_max=x", "transaction_date_max: "),
            ("/api/transactions", "amountIn=1.5", "amountIn: expected whole VND, found a fraction"),
            ("/api/transactions", "amountIn=-1", "amountIn: expected 0 VND or more"),
            ("/api/accounts", "balanceMin=2&balanceMax=1", "balanceMin: expected a lower end"),
            ("/api/transactions", "sinceId=x", "sinceId: expected an id of 1 to 20 digits"),
            ("/api/transactions", "account=", "account: "),
            ("/api/transactions", "account=a%00b", "account: "),
            ("/api/transactions", "account=%ff", "account: "),
            ("/api/transactions/1x", "", "id: expected an id of 1 to 20 digits"),
            ("/api/transactions/1%2f2", "", "id: "),
            ("/api/accounts/", "", "id: "),
            ("/api/accounts/18", "limit=1", "limit: "),
        ] {
            let told = ask(path, query).unwrap_err();
            assert!(told.starts_with(start), "{path}?{query}: {told}");
        }
    }

    #[test]
    fn other_paths_and_methods_are_told_apart() {
        for path in [
            "/",
            "",
            "/api",
            "/api/",
            "/api/nope",
            "/api/accounts/1/2",
            "/userapi/transactions",
            "//api/accounts",
        ] {
            assert_eq!(find("GET", path), Err(NoRoute::NotFound), "{path}");
        }
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"] {
            assert_eq!(find(method, "/api/accounts"), Err(NoRoute::MethodNotAllowed), "{method}");
        }
        assert_eq!(find("POST", "/nope"), Err(NoRoute::NotFound));
        assert_eq!(find("HEAD", "/healthz"), Ok(Resource::Health));
    }
}
