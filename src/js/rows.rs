//! An answer as the flat lists of which JavaScript makes plain objects.
//!
//! Flat, because that is the fastest way over the border: no tree of JavaScript values is built from here, no field's
//! name is written or read. `npm run bench` compares it with a client written by hand.

use js_sys::{Float64Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;

use crate::endpoint::{Endpoint, root_value, rows};
use crate::error::Error;
use crate::http::Response;
use crate::json::{Broken, Reader};
use crate::question::Question;
use crate::values::{Accounts, Values};
use crate::wire::Place;
use crate::{ACCOUNTS_ROOT, TRANSACTIONS_ROOT, account, transaction};

/// An answer's values.
pub(super) struct Answer {
    /// A JSON array of texts: of each row, and behind the rows of transactions those of their accounts.
    json: Vec<u8>,
    /// The numbers of each row, or the count.
    numbers: Vec<f64>,
    /// Whether these are all the rows that there are.
    complete: bool,
}

impl Answer {
    /// Makes the object `{ json, numbers, complete }`.
    ///
    /// # Errors
    ///
    /// None that can happen.
    pub(super) fn into_js(self) -> Result<JsValue, JsValue> {
        let object = Object::new();
        for (name, value) in [
            ("json", Uint8Array::from(self.json.as_slice()).into()),
            ("numbers", Float64Array::from(self.numbers.as_slice()).into()),
            ("complete", JsValue::from_bool(self.complete)),
        ] {
            Reflect::set(&object, &JsValue::from_str(name), &value)?;
        }
        Ok(object.into())
    }
}

/// Reads the answer.
///
/// # Errors
///
/// As [`Endpoint::parse`].
pub(super) fn read(question: &Question, response: &Response) -> Result<Answer, Error> {
    let mut sheet = Sheet::new(response);
    let one = |root| Place { root, index: None };
    match question {
        Question::AccountList(list) => {
            let rows = rows(response, ACCOUNTS_ROOT, |place, row| sheet.account(place, row))?;
            Ok(sheet.answer(list.is_complete(rows.len())))
        }
        Question::AccountDetails(_) => {
            let place = one("bankaccount");
            root_value(response, place.root, |row| sheet.account(place, row))?;
            Ok(sheet.answer(true))
        }
        Question::TransactionList(list) => {
            let rows =
                rows(response, TRANSACTIONS_ROOT, |place, row| sheet.transaction(place, row))?;
            Ok(sheet.answer(list.is_complete(rows.len())))
        }
        Question::TransactionDetails(_) => {
            let place = one("transaction");
            root_value(response, place.root, |row| sheet.transaction(place, row))?;
            Ok(sheet.answer(true))
        }
        Question::AccountCount(of) => Ok(sheet.count(of.parse(response)?)),
        Question::TransactionCount(of) => Ok(sheet.count(of.parse(response)?)),
    }
}

/// What has been read of an answer.
struct Sheet<'a> {
    values: Values,
    accounts: Accounts<'a>,
}

/// Nothing, for the row is written; or what is wrong with the text or the row.
type Written = Result<Result<(), Error>, Broken>;

impl<'a> Sheet<'a> {
    /// Starts with room for what half an answer's bytes are.
    fn new(response: &Response) -> Self {
        let values = Values::with_capacity(response.body.len() / 2);
        Self { values, accounts: Accounts::default() }
    }

    fn account(&mut self, place: Place, row: &mut Reader<'a>) -> Written {
        Ok(account::read(place, row)?.map(|row| row.write(&mut self.values)))
    }

    fn transaction(&mut self, place: Place, row: &mut Reader<'a>) -> Written {
        let row = transaction::read(place, row)?;
        Ok(row.map(|row| row.write(&mut self.values, &mut self.accounts)))
    }

    #[allow(clippy::cast_precision_loss, reason = "a count is at most 2^53 − 1")]
    fn count(mut self, count: u64) -> Answer {
        self.values.numbers.push(count as f64);
        self.answer(true)
    }

    fn answer(mut self, complete: bool) -> Answer {
        self.accounts.write(&mut self.values);
        let (json, numbers) = self.values.finish();
        Answer { json, numbers, complete }
    }
}
