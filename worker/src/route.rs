//! The API's table of contents: method and path to a [`Resource`], its query to a [`Question`] for SePay.
//!
//! Two spellings lead to the same six questions: our JSON routes and SePay's own (the drop-in routes). Values become
//! typed here; nothing of a caller's text reaches SePay in any other way. It decides neither who may ask nor how the
//! answer looks.

use sepay::{AccountList, Kind, Limit, Params, Question, Spelling, TransactionList};

use crate::params::{self, BadParameter};

/// How a question is spelled and its answer written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Our names, our model.
    Json,
    /// SePay's names, status and bytes.
    DropIn,
}

impl Form {
    /// Returns whose names it is asked with.
    #[must_use]
    pub fn spelling(self) -> Spelling {
        match self {
            Self::Json => Spelling::Ours,
            Self::DropIn => Spelling::Sepays,
        }
    }
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
    /// Who used which key and which ticket.
    Audit,
    /// A new ticket.
    Tickets,
    /// What the credential of the request may do.
    OwnTicket,
    /// A code to pay with.
    VietQr,
    /// One of SePay's six questions.
    Sepay {
        /// Which question.
        kind: Asked,
        /// In which form.
        form: Form,
    },
}

/// Which of SePay's six questions a path asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    kind: Kind,
    /// The id in the path of one record, as it is written there.
    id: Option<String>,
}

/// Why a method and a path name nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoute {
    /// No such path.
    NotFound,
    /// The path is there, the method is not.
    MethodNotAllowed {
        /// The methods that are, as `Allow` lists them.
        allowed: &'static str,
    },
}

/// One line of the table of contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The path; `{id}` stands for one segment of the caller's.
    pub template: &'static str,
    /// What it leads to.
    pub to: To,
}

/// What a line of the table leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// [`Resource::Health`]
    Health,
    /// [`Resource::Status`]
    Status,
    /// [`Resource::Metrics`]
    Metrics,
    /// [`Resource::Audit`]
    Audit,
    /// [`Resource::Tickets`]
    Tickets,
    /// [`Resource::OwnTicket`]
    OwnTicket,
    /// [`Resource::VietQr`]
    VietQr,
    /// [`Resource::Sepay`]
    Sepay(Kind, Form),
}

/// Every route; what two lines fit is what the first of them says.
pub const ROUTES: &[Route] = &[
    route("/healthz", To::Health),
    route("/metrics", To::Metrics),
    route("/api/status", To::Status),
    route("/api/audit", To::Audit),
    route("/api/tickets", To::Tickets),
    route("/api/tickets/self", To::OwnTicket),
    route("/api/vietqr", To::VietQr),
    route("/api/accounts", To::Sepay(Kind::AccountList, Form::Json)),
    route("/api/accounts/count", To::Sepay(Kind::AccountCount, Form::Json)),
    route("/api/accounts/{id}", To::Sepay(Kind::AccountDetails, Form::Json)),
    route("/api/transactions", To::Sepay(Kind::TransactionList, Form::Json)),
    route("/api/transactions/count", To::Sepay(Kind::TransactionCount, Form::Json)),
    route("/api/transactions/{id}", To::Sepay(Kind::TransactionDetails, Form::Json)),
    route("/userapi/bankaccounts/list", To::Sepay(Kind::AccountList, Form::DropIn)),
    route("/userapi/bankaccounts/count", To::Sepay(Kind::AccountCount, Form::DropIn)),
    route("/userapi/bankaccounts/details/{id}", To::Sepay(Kind::AccountDetails, Form::DropIn)),
    route("/userapi/transactions/list", To::Sepay(Kind::TransactionList, Form::DropIn)),
    route("/userapi/transactions/count", To::Sepay(Kind::TransactionCount, Form::DropIn)),
    route("/userapi/transactions/details/{id}", To::Sepay(Kind::TransactionDetails, Form::DropIn)),
];

const fn route(template: &'static str, to: To) -> Route {
    Route { template, to }
}

impl Route {
    /// Returns the methods that it takes, as `Allow` lists them.
    #[must_use]
    pub fn allowed(&self) -> &'static str {
        if self.to == To::Tickets { "POST" } else { "GET, HEAD" }
    }

    /// Says whether a path fits, and if so, which id it holds.
    fn fits<'a>(&self, path: &'a str) -> Option<Option<&'a str>> {
        let mut id = None;
        let mut segments = path.split('/');
        for own in self.template.split('/') {
            match segments.next()? {
                segment if own == "{id}" => id = Some(segment),
                segment if own == segment => {}
                _ => return None,
            }
        }
        segments.next().is_none().then_some(id)
    }

    fn resource(&self, id: Option<&str>) -> Resource {
        match self.to {
            To::Health => Resource::Health,
            To::Status => Resource::Status,
            To::Metrics => Resource::Metrics,
            To::Audit => Resource::Audit,
            To::Tickets => Resource::Tickets,
            To::OwnTicket => Resource::OwnTicket,
            To::VietQr => Resource::VietQr,
            To::Sepay(kind, form) => {
                Resource::Sepay { kind: Asked { kind, id: id.map(str::to_owned) }, form }
            }
        }
    }
}

/// Finds the line of the table that a path fits, and the id in the path.
#[must_use]
pub fn line(path: &str) -> Option<(&'static Route, Option<&str>)> {
    ROUTES.iter().find_map(|route| route.fits(path).map(|id| (route, id)))
}

/// Finds what a method and a path name.
///
/// # Errors
///
/// [`NoRoute`].
pub fn find(method: &str, path: &str) -> Result<Resource, NoRoute> {
    let (route, id) = line(path).ok_or(NoRoute::NotFound)?;
    let allowed = route.allowed();
    if allowed.split(", ").any(|own| own == method) {
        return Ok(route.resource(id));
    }
    Err(NoRoute::MethodNotAllowed { allowed })
}

/// Refuses any parameter, for routes that take none.
///
/// # Errors
///
/// [`BadParameter`] naming the first one.
pub fn no_parameters(query: &str) -> Result<(), BadParameter> {
    Params::read(&[], Form::Json.spelling(), params::decoded(query)?)?;
    Ok(())
}

impl Asked {
    /// Reads the query into a typed question.
    ///
    /// # Errors
    ///
    /// [`BadParameter`] naming the parameter as the caller spelled it, and the nearest right one.
    pub fn question(&self, form: Form, query: &str) -> Result<Question, BadParameter> {
        let Self { kind, id } = self;
        let spelling = form.spelling();
        if let Some(id) = id {
            no_parameters(query)?;
            return Ok(Question::read(*kind, spelling, [("id", id)])?);
        }
        let pairs = params::pairs(query, form, *kind)?;
        let question = Question::read(*kind, spelling, pairs)?;
        Ok(if form == Form::Json { with_limit(question) } else { question })
    }
}

/// Our lists return 100 rows unless told otherwise; the drop-in routes leave the default to SePay.
fn with_limit(question: Question) -> Question {
    let limit = |given: Option<Limit>| given.or(Some(Limit::HUNDRED));
    match question {
        Question::AccountList(AccountList { filter, limit: given }) => {
            Question::AccountList(AccountList { filter, limit: limit(given) })
        }
        Question::TransactionList(TransactionList { filter, limit: given }) => {
            Question::TransactionList(TransactionList { filter, limit: limit(given) })
        }
        other => other,
    }
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
            let allowed = "GET, HEAD";
            assert_eq!(
                find(method, "/api/accounts"),
                Err(NoRoute::MethodNotAllowed { allowed }),
                "{method}"
            );
        }
        assert_eq!(find("GET", "/api/tickets"), Err(NoRoute::MethodNotAllowed { allowed: "POST" }));
        assert_eq!(find("POST", "/nope"), Err(NoRoute::NotFound));
        assert_eq!(find("HEAD", "/healthz"), Ok(Resource::Health));
    }

    #[test]
    fn every_line_of_the_table_is_found_and_no_two_are_alike() {
        for (index, route) in ROUTES.iter().enumerate() {
            let path = route.template.replace("{id}", "7");
            assert_eq!(line(&path).map(|(found, _)| found), Some(route));
            let method = route.allowed().split(", ").next().unwrap();
            assert!(find(method, &path).is_ok(), "{path}");
            assert!(!ROUTES.iter().skip(index + 1).any(|other| other.template == route.template));
        }
    }
}
