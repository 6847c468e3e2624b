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

use crate::route::Form;
use crate::view::Plan;

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
    /// The record is not among the caller's accounts, if it exists at all.
    NotYours,
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
    let is_one = matches!(plan, Plan::Whole(_) | Plan::OneOf(..));
    if form == Form::DropIn
        && !is_one
        && let Some(failure) = responses.iter().find(|response| is_failure(response))
    {
        return own_bytes(failure);
    }
    match plan {
        Plan::Whole(question) => whole(question, form, only(responses)?),
        Plan::OneOf(question, accounts) => {
            let response = only(responses)?;
            check_theirs(question, form, response, accounts)?;
            whole(question, form, response)
        }
        Plan::Accounts { ask, keep, limit, count } => {
            let kept = keep_accounts(ask, only(responses)?, keep, *limit)?;
            if *count {
                return counted(form, "count_bankaccounts", count_of(&kept)?);
            }
            listed(form, ACCOUNTS_ROOT, kept)
        }
        Plan::MergedTransactions { ask, limit } => {
            listed(form, TRANSACTIONS_ROOT, merged(ask, responses, *limit)?)
        }
        Plan::SummedTransactions(ask) => {
            let mut total: u64 = 0;
            for (of, response) in ask.iter().zip(responses) {
                total = total.saturating_add(of.parse(response)?);
            }
            counted(form, "count_transactions", total)
        }
    }
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

/// Lets an answer through only if every record in it is of the caller's accounts, whatever SePay's filters did.
///
/// A record that does not exist looks like a foreign one, so that a limited key cannot find out which ids exist.
fn check_theirs(
    question: &Question,
    form: Form,
    response: &Response,
    accounts: &[String],
) -> Result<(), NoBody> {
    let number = match question {
        Question::AccountDetails(one) => one.parse(response).map(|account| account.account_number),
        Question::TransactionDetails(one) => one.parse(response).map(|row| row.account_number),
        Question::TransactionList(_) if form == Form::DropIn && is_failure(response) => {
            return Ok(());
        }
        Question::TransactionList(list) => {
            return Ok(check_rows(&list.parse(response)?.rows, accounts)?);
        }
        _ => return Ok(()),
    };
    match number {
        Ok(number) if accounts.contains(&number) => Ok(()),
        Ok(_) | Err(Error::NotFound { .. }) => Err(NoBody::NotYours),
        Err(_) if form == Form::DropIn && is_failure(response) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn check_rows(rows: &[Transaction], accounts: &[String]) -> Result<(), Error> {
    let foreign = rows.iter().position(|row| !accounts.contains(&row.account_number));
    foreign.map_or(Ok(()), |index| {
        let at = format!("{TRANSACTIONS_ROOT}[{index}].account_number");
        Err(unreadable(&at, "expected the account that was asked for, found another"))
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

fn count_of(kept: &Kept<'_, BankAccount>) -> Result<u64, Error> {
    if kept.complete {
        return Ok(u64::try_from(kept.rows.len()).unwrap_or(u64::MAX));
    }
    Err(unreadable(ACCOUNTS_ROOT, "expected every account, found a list that SePay may have cut"))
}

fn merged<'a>(
    ask: &[TransactionList],
    responses: &'a [Response],
    limit: Option<Limit>,
) -> Result<Kept<'a, Transaction>, Error> {
    let mut all = Kept { rows: Vec::new(), complete: true };
    for (list, response) in ask.iter().zip(responses) {
        let read = list.parse(response)?;
        let asked = list.filter.account.iter().map(|account| account.as_str().to_owned());
        check_rows(&read.rows, &asked.collect::<Vec<_>>())?;
        all.complete = all.complete && read.complete;
        all.rows.extend(read.rows.into_iter().zip(raw_rows(response, TRANSACTIONS_ROOT)?));
    }
    all.rows.sort_by(|(left, _), (right, _)| newest_first(left, right));
    Ok(all.limited(limit))
}

/// SePay documents no order: ours is by time, then by id as the number it is.
fn newest_first(left: &Transaction, right: &Transaction) -> Ordering {
    let by_time = right.occurred_at.cmp(&left.occurred_at);
    by_time.then_with(|| number(&right.id).cmp(&number(&left.id)))
}

/// A number of any length, as something that compares like it.
fn number(digits: &str) -> (usize, &str) {
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
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
