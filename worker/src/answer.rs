//! What a caller gets of SePay's answers: a [`Plan`] and the responses to a [`Body`], in our model or as SePay's bytes.
//!
//! It reads, narrows and merges; statuses and headers are chosen in `reply`.

use std::cmp::Ordering;

use sepay::{
    ACCOUNTS_ROOT, AccountList, BankAccount, Endpoint, Error, Limit, Question, Response,
    TRANSACTIONS_ROOT, Transaction, TransactionList, judge, raw_rows,
};
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::mask::masked;
use crate::route::Form;
use crate::view::{Plan, Seen, What, number, passes};

/// A body to send, and the status that goes with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Body {
    /// The HTTP status: 200, or SePay's own on a drop-in route.
    pub status: u16,
    /// JSON, or nothing where SePay sent nothing.
    pub bytes: Vec<u8>,
    /// The time to wait that SePay's own 429 names, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// Why there is no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoBody {
    /// SePay's answer is an error or cannot be read.
    Upstream(Error),
    /// The record is not among those that the caller sees, if it exists at all.
    NotYours,
    /// More would have to be counted one by one than SePay lists at once.
    TooMany,
}

impl From<Error> for NoBody {
    fn from(error: Error) -> Self {
        Self::Upstream(error)
    }
}

/// Makes the caller's answer of SePay's, given in the order of [`Plan::questions`].
///
/// # Errors
///
/// [`NoBody`].
pub fn answer(plan: &Plan, form: Form, responses: &[Response]) -> Result<Body, NoBody> {
    let body = kept(&plan.what, form, responses)?;
    let names: Vec<&str> = plan.hide.iter().flat_map(|field| field.names(form)).copied().collect();
    if names.is_empty() { Ok(body) } else { hidden(body, &names) }
}

/// Takes the values of these members out of a body.
fn hidden(body: Body, names: &[&str]) -> Result<Body, NoBody> {
    if body.bytes.trim_ascii().is_empty() {
        return Ok(body);
    }
    let bytes = masked(&body.bytes, names)
        .ok_or_else(|| unreadable("body", "expected JSON in which fields can be hidden"))?;
    Ok(Body { bytes, ..body })
}

/// Turns an empty 200, by which SePay refuses a token, into a 401, for clients that cannot read the former.
#[must_use]
pub fn strict(body: Body) -> Body {
    const REFUSED: &[u8] = br#"{"status":401,"error":401,"messages":{"success":false,"error":"SePay did not accept the gateway's token"}}"#;
    if body.status == 200 && body.bytes.trim_ascii().is_empty() {
        return Body { status: 401, bytes: REFUSED.to_vec(), ..body };
    }
    body
}

fn kept(what: &What, form: Form, responses: &[Response]) -> Result<Body, NoBody> {
    let is_one = matches!(what, What::Whole(_) | What::Checked(..));
    if form == Form::DropIn
        && !is_one
        && let Some(failure) = responses.iter().find(|response| is_failure(response))
    {
        return without_records(own_bytes(failure)?, None);
    }
    match what {
        What::Whole(question) => whole(question, form, only(responses)?),
        What::Checked(question, seen) => {
            let response = only(responses)?;
            check_seen(question, form, response, seen)?;
            let body = whole(question, form, response)?;
            if form == Form::Json {
                return Ok(body);
            }
            let checked = Some(root(question)).filter(|_| !is_failure(response));
            without_records(body, checked)
        }
        What::Accounts { ask, keep, limit, count } => {
            let kept = keep_accounts(ask, only(responses)?, keep, *limit)?;
            if *count {
                let cut = || unreadable(ACCOUNTS_ROOT, "expected every account, found them cut");
                return counted(form, "count_bankaccounts", count_of(&kept).ok_or_else(cut)?);
            }
            listed(form, ACCOUNTS_ROOT, kept)
        }
        What::Transactions { ask, seen, wanted, limit } => {
            let mut kept = merged(ask, responses, seen)?;
            kept.rows.retain(|(row, _)| seen.has_code(row) && passes(row, wanted));
            let kept = kept.limited(*limit);
            if limit.is_none() {
                let count = count_of(&kept).ok_or(NoBody::TooMany)?;
                return counted(form, "count_transactions", count);
            }
            listed(form, TRANSACTIONS_ROOT, kept)
        }
        What::SummedTransactions(ask) => {
            let mut total: u64 = 0;
            for (of, response) in ask.iter().zip(responses) {
                total = total.saturating_add(of.parse(response)?);
            }
            counted(form, "count_transactions", total)
        }
    }
}

/// Every member in which SePay writes records or their number.
const ROOTS: [&str; 6] = [
    ACCOUNTS_ROOT,
    "bankaccount",
    "count_bankaccounts",
    TRANSACTIONS_ROOT,
    "transaction",
    "count_transactions",
];

/// Returns the member in which the answer to a question stands.
fn root(question: &Question) -> &'static str {
    match question {
        Question::AccountList(_) => ACCOUNTS_ROOT,
        Question::AccountDetails(_) => "bankaccount",
        Question::AccountCount(_) => "count_bankaccounts",
        Question::TransactionList(_) => TRANSACTIONS_ROOT,
        Question::TransactionDetails(_) => "transaction",
        Question::TransactionCount(_) => "count_transactions",
    }
}

/// Takes records out of SePay's bytes for a limited caller, but for those that were checked: nobody has looked at others.
fn without_records(body: Body, checked: Option<&str>) -> Result<Body, NoBody> {
    let roots: Vec<&str> = ROOTS.into_iter().filter(|root| Some(*root) != checked).collect();
    hidden(body, &roots)
}

fn only(responses: &[Response]) -> Result<&Response, Error> {
    responses.first().ok_or(Error::Connection)
}

/// Says whether an answer is a failure by its status, and holds no rows. Another 2xx may hold some all the same.
fn is_failure(response: &Response) -> bool {
    judge(response).is_err() && !(201..300).contains(&response.status)
}

// A single answer of SePay's.

fn whole(question: &Question, form: Form, response: &Response) -> Result<Body, NoBody> {
    if form == Form::DropIn {
        return own_bytes(response);
    }
    match question {
        Question::AccountList(list) => {
            let list = list.parse(response)?;
            written(&Rows { data: list.rows, complete: list.complete })
        }
        Question::AccountDetails(one) => written(&Data { data: one.parse(response)? }),
        Question::AccountCount(of) => written(&Count { count: of.parse(response)? }),
        Question::TransactionList(list) => {
            let mut list = list.parse(response)?;
            list.rows.sort_by(newest_first);
            written(&Rows { data: list.rows, complete: list.complete })
        }
        Question::TransactionDetails(one) => written(&Data { data: one.parse(response)? }),
        Question::TransactionCount(of) => written(&Count { count: of.parse(response)? }),
    }
}

/// Passes on SePay's status and bytes, but never a page, a redirect or half an answer.
fn own_bytes(response: &Response) -> Result<Body, NoBody> {
    let bytes = response.body.clone();
    let is_json = serde_json::from_slice::<IgnoredAny>(without_bom(&bytes)).is_ok();
    let is_blank = bytes.trim_ascii().is_empty();
    match judge(response) {
        Err(error @ (Error::Redirect { .. } | Error::Challenge { .. })) => Err(error.into()),
        Err(error) if !is_json && !is_blank => Err(error.into()),
        // Not every number that HTTP can carry is a status with a body that the platform can send.
        Err(error) if !(200..600).contains(&response.status) => Err(error.into()),
        Err(error) if matches!(response.status, 204 | 205) => Err(error.into()),
        Ok(()) if !is_json => {
            Err(unreadable("body", "expected JSON, found it broken or cut").into())
        }
        verdict => {
            let retry_after_ms = verdict.err().and_then(|error| error.retry_after_ms());
            Ok(Body { status: response.status, bytes, retry_after_ms })
        }
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Lets an answer through only if every record in it may be seen, whatever SePay's filters did.
///
/// A record that does not exist looks like one that may not be seen, so that nobody can find out which ids exist.
fn check_seen(
    question: &Question,
    form: Form,
    response: &Response,
    seen: &Seen,
) -> Result<(), NoBody> {
    let is_seen = match question {
        Question::AccountDetails(one) => {
            one.parse(response).map(|account| seen.has_account(&account.account_number))
        }
        Question::TransactionDetails(one) => {
            one.parse(response).map(|row| seen.is_asked_for(&row) && seen.has_code(&row))
        }
        Question::TransactionList(_) if form == Form::DropIn && is_failure(response) => {
            return Ok(());
        }
        Question::TransactionList(list) => {
            return Ok(check_rows(&list.parse(response)?.rows, list, seen)?);
        }
        _ => return Ok(()),
    };
    match is_seen {
        Ok(true) => Ok(()),
        Ok(false) | Err(Error::NotFound { .. }) => Err(NoBody::NotYours),
        Err(_) if form == Form::DropIn && is_failure(response) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn check_rows(rows: &[Transaction], asked: &TransactionList, seen: &Seen) -> Result<(), Error> {
    let account = asked.filter.account.as_ref();
    let is_of = |row: &Transaction| account.is_none_or(|text| text.as_str() == row.account_number);
    let foreign = rows.iter().position(|row| !(is_of(row) && seen.is_asked_for(row)));
    foreign.map_or(Ok(()), |index| {
        let at = format!("{TRANSACTIONS_ROOT}[{index}]");
        Err(unreadable(&at, "expected a row that was asked for, found another"))
    })
}

// Lists narrowed or merged for a limited caller.

/// Rows as read, each with the bytes SePay sent for it.
struct Kept<'a, T> {
    rows: Vec<(T, &'a str)>,
    complete: bool,
}

impl<T> Kept<'_, T> {
    /// Cuts where the caller's limit says so, and then says so.
    fn limited(mut self, limit: Option<Limit>) -> Self {
        let limit = limit.map_or(usize::MAX, Limit::get);
        self.complete = self.complete && self.rows.len() <= limit;
        self.rows.truncate(limit);
        self
    }
}

fn keep_accounts<'a>(
    ask: &AccountList,
    response: &'a Response,
    keep: &[String],
    limit: Option<Limit>,
) -> Result<Kept<'a, BankAccount>, Error> {
    let list = ask.parse(response)?;
    let mut rows: Vec<_> = list.rows.into_iter().zip(raw_rows(response, ACCOUNTS_ROOT)?).collect();
    rows.retain(|(account, _)| keep.contains(&account.account_number));
    // When every account that may be seen was found, nothing is missing, whatever SePay cut.
    let found = |number: &String| rows.iter().any(|(account, _)| account.account_number == *number);
    let complete = list.complete || keep.iter().all(found);
    Ok(Kept { rows, complete }.limited(limit))
}

/// Counts rows, unless SePay may have cut them.
fn count_of<T>(kept: &Kept<'_, T>) -> Option<u64> {
    kept.complete.then(|| u64::try_from(kept.rows.len()).unwrap_or(u64::MAX))
}

fn merged<'a>(
    ask: &[TransactionList],
    responses: &'a [Response],
    seen: &Seen,
) -> Result<Kept<'a, Transaction>, Error> {
    let mut all = Kept { rows: Vec::new(), complete: true };
    for (list, response) in ask.iter().zip(responses) {
        let read = list.parse(response)?;
        check_rows(&read.rows, list, seen)?;
        all.complete = all.complete && read.complete;
        all.rows.extend(read.rows.into_iter().zip(raw_rows(response, TRANSACTIONS_ROOT)?));
    }
    all.rows.sort_by(|(left, _), (right, _)| newest_first(left, right));
    Ok(all)
}

/// SePay documents no order: ours is by time, then by id as the number it is.
fn newest_first(left: &Transaction, right: &Transaction) -> Ordering {
    let by_time = right.occurred_at.cmp(&left.occurred_at);
    by_time.then_with(|| number(&right.id).cmp(&number(&left.id)))
}

// Writing.

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

#[derive(Serialize)]
struct Rows<T> {
    data: Vec<T>,
    complete: bool,
}

#[derive(Serialize)]
struct Count {
    count: u64,
}

fn listed<T: Serialize>(form: Form, root: &str, kept: Kept<'_, T>) -> Result<Body, NoBody> {
    let complete = kept.complete;
    let (rows, raw): (Vec<T>, Vec<&str>) = kept.rows.into_iter().unzip();
    match form {
        Form::Json => written(&Rows { data: rows, complete }),
        Form::DropIn => Ok(enveloped(root, &format!("[{}]", raw.join(",")))),
    }
}

fn counted(form: Form, root: &str, count: u64) -> Result<Body, NoBody> {
    match form {
        Form::Json => written(&Count { count }),
        Form::DropIn => Ok(enveloped(root, &count.to_string())),
    }
}

/// Puts JSON into SePay's envelope, as SePay writes it.
fn enveloped(root: &str, json: &str) -> Body {
    let text =
        format!(r#"{{"status":200,"error":null,"messages":{{"success":true}},"{root}":{json}}}"#);
    Body { status: 200, bytes: text.into_bytes(), retry_after_ms: None }
}

fn written<T: Serialize>(value: &T) -> Result<Body, NoBody> {
    let bytes = serde_json::to_vec(value).map_err(|_| unwritable())?;
    Ok(Body { status: 200, bytes, retry_after_ms: None })
}

fn unreadable(at: &str, reason: &str) -> Error {
    Error::Unreadable { at: at.to_owned(), reason: reason.to_owned() }
}

fn unwritable() -> Error {
    unreadable("body", "expected an answer that can be written as JSON")
}
