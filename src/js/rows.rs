//! An answer as the text that JavaScript makes plain objects of: one flat JSON array of every row's values.
//!
//! Flat, because that is the fastest way over the border: no tree of JavaScript values is built from here, no field's
//! name is written or read, and `JSON.parse` does the rest. `npm run bench` compares it with the other ways.

use crate::endpoint::{Endpoint, root_value, rows};
use crate::error::Error;
use crate::http::Response;
use crate::json::{Broken, Reader};
use crate::question::Question;
use crate::values::{Out, push_row};
use crate::wire::Place;
use crate::{ACCOUNTS_ROOT, TRANSACTIONS_ROOT, account, transaction};

/// Writes the answer: `[complete, value, …]` for a list, `[value, …]` for one row, `[count]` for a count.
///
/// # Errors
///
/// As [`Endpoint::parse`].
pub(super) fn text(question: &Question, response: &Response) -> Result<String, Error> {
    match question {
        Question::AccountList(list) => {
            list_text(response, ACCOUNTS_ROOT, account_row, |rows| list.is_complete(rows))
        }
        Question::AccountDetails(_) => row_text(response, "bankaccount", account_row),
        Question::AccountCount(count) => Ok(format!("[{}]", count.parse(response)?)),
        Question::TransactionList(list) => {
            list_text(response, TRANSACTIONS_ROOT, transaction_row, |rows| list.is_complete(rows))
        }
        Question::TransactionDetails(_) => row_text(response, "transaction", transaction_row),
        Question::TransactionCount(count) => Ok(format!("[{}]", count.parse(response)?)),
    }
}

/// A row's values, or what is wrong with the text or the row.
type RowValues<'a, const N: usize> = Result<Result<[Out<'a>; N], Error>, Broken>;

fn account_row<'a>(place: Place, reader: &mut Reader<'a>) -> RowValues<'a, 12> {
    Ok(account::read(place, reader)?.map(|row| row.values()))
}

fn transaction_row<'a>(place: Place, reader: &mut Reader<'a>) -> RowValues<'a, 13> {
    Ok(transaction::read(place, reader)?.map(|row| row.values()))
}

/// Writes rows as they are read, so that none is kept.
fn list_text<'a, const N: usize>(
    response: &'a Response,
    root: &'static str,
    read: impl Fn(Place, &mut Reader<'a>) -> RowValues<'a, N>,
    is_complete: impl Fn(usize) -> bool,
) -> Result<String, Error> {
    // Room for the word that is known last.
    let mut text = String::with_capacity(response.body.len());
    text.push_str("[false");
    let written = rows(response, root, |place, reader| {
        Ok(read(place, reader)?.map(|values| {
            text.push(',');
            push_row(&mut text, &values);
        }))
    })?;
    if is_complete(written.len()) {
        text.replace_range(1..6, "true ");
    }
    text.push(']');
    Ok(text)
}

fn row_text<'a, const N: usize>(
    response: &'a Response,
    root: &'static str,
    read: impl Fn(Place, &mut Reader<'a>) -> RowValues<'a, N>,
) -> Result<String, Error> {
    let values = root_value(response, root, |reader| read(Place { root, index: None }, reader))?;
    let mut text = String::from("[");
    push_row(&mut text, &values);
    text.push(']');
    Ok(text)
}
