//! Transactions: the model and the three endpoints of SePay's page "Transaction API".

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::endpoint::{Endpoint, List, root_value, rows};
use crate::error::Error;
use crate::http::{Response, Target};
use crate::money::Vnd;
use crate::query::{FilterText, Limit, Period, RecordId};
use crate::time::VietnamTime;
use crate::wire::{Place, count, keep_null};

/// The root key of a list of transactions.
pub const TRANSACTIONS_ROOT: &str = "transactions";

/// Where the money went, seen from the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Only `amount_in` is above zero.
    In,
    /// Only `amount_out` is above zero.
    Out,
    /// Neither or both are.
    Unknown,
}

/// Money that moved on an account. `Debug` shows its id only.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// SePay's id.
    pub id: String,
    /// SePay's id of the account.
    pub account_id: String,
    /// The account number, leading zeros kept.
    pub account_number: String,
    /// The virtual account that was paid, if one was.
    pub sub_account: Option<String>,
    /// SePay's short name of the bank.
    pub bank: String,
    /// When the bank booked it.
    pub occurred_at: VietnamTime,
    /// Where the money went.
    pub direction: Direction,
    /// Money in, VND, 0 or more.
    pub amount_in: Vnd,
    /// Money out, VND, 0 or more.
    pub amount_out: Vnd,
    /// The balance after it as SePay reports it, VND; 0 from banks that report none.
    pub balance: Vnd,
    /// The transfer's text, as the bank passed it on. Anyone can write anything here.
    pub content: String,
    /// The payment code that SePay found in the text.
    pub code: Option<String>,
    /// The bank's reference. Not unique.
    pub reference: Option<String>,
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Which transactions: every field narrows, the default takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransactionFilter {
    /// The account number.
    pub account: Option<FilterText>,
    /// When they happened.
    pub occurred: Period,
    /// This id and later ones.
    pub since_id: Option<RecordId>,
    /// The bank's reference, exactly.
    pub reference: Option<FilterText>,
    /// Money in, exactly, VND.
    pub amount_in: Option<Vnd>,
    /// Money out, exactly, VND.
    pub amount_out: Option<Vnd>,
}

impl TransactionFilter {
    fn query(&self, limit: Option<Limit>) -> [(&'static str, Option<String>); 8] {
        [
            ("account_number", self.account.as_ref().map(|account| account.as_str().to_owned())),
            ("transaction_date_min", self.occurred.min().map(VietnamTime::to_sepay)),
            ("transaction_date_max", self.occurred.max().map(VietnamTime::to_sepay)),
            ("since_id", self.since_id.as_ref().map(RecordId::to_string)),
            ("limit", limit.map(|limit| limit.get().to_string())),
            ("reference_number", self.reference.as_ref().map(|text| text.as_str().to_owned())),
            ("amount_in", self.amount_in.map(|amount| amount.to_string())),
            ("amount_out", self.amount_out.map(|amount| amount.to_string())),
        ]
    }
}

/// `GET /userapi/transactions/list`: transactions, newest first as far as callers have seen.
///
/// ```
/// use sepay::{Endpoint, FilterText, Limit, TransactionFilter, TransactionList, query};
///
/// let filter = TransactionFilter {
///     account: Some(FilterText::new("account", "0071000888888")?),
///     occurred: query::period(("from", Some("2026-11-01")), ("to", None))?,
///     ..TransactionFilter::default()
/// };
/// let question = TransactionList { filter, limit: Some(Limit::new(20)?) };
/// assert_eq!(
///     question.target().as_str(),
///     "/userapi/transactions/list?account_number=0071000888888\
///      &transaction_date_min=2026-11-01%2000%3A00%3A00&limit=20",
/// );
/// # Ok::<(), sepay::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransactionList {
    /// Which transactions.
    pub filter: TransactionFilter,
    /// How many rows at most; none leaves SePay's default of 5000.
    pub limit: Option<Limit>,
}

impl TransactionList {
    /// Says whether so many rows are all there are.
    #[must_use]
    pub fn is_complete(&self, row_count: usize) -> bool {
        row_count < self.limit.unwrap_or(Limit::MAX).get()
    }
}

impl Endpoint for TransactionList {
    type Output = List<Transaction>;

    fn target(&self) -> Target {
        Target::new("/userapi/transactions/list", &self.filter.query(self.limit))
    }

    fn parse(&self, response: &Response) -> Result<Self::Output, Error> {
        let rows = rows(response, TRANSACTIONS_ROOT, read)?;
        Ok(List { complete: self.is_complete(rows.len()), rows })
    }
}

/// `GET /userapi/transactions/details/{id}`: one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionDetails {
    /// Which one.
    pub id: RecordId,
}

impl Endpoint for TransactionDetails {
    type Output = Transaction;

    fn target(&self) -> Target {
        Target::new(&format!("/userapi/transactions/details/{}", self.id), &[])
    }

    fn parse(&self, response: &Response) -> Result<Self::Output, Error> {
        let raw = root_value(response, "transaction")?;
        read(Place { root: "transaction", index: None }, raw)
    }
}

/// `GET /userapi/transactions/count`: how many transactions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransactionCount {
    /// Which transactions.
    pub filter: TransactionFilter,
}

impl Endpoint for TransactionCount {
    type Output = u64;

    fn target(&self) -> Target {
        Target::new("/userapi/transactions/count", &self.filter.query(None))
    }

    fn parse(&self, response: &Response) -> Result<Self::Output, Error> {
        count("count_transactions", root_value(response, "count_transactions")?)
    }
}

/// The fields as SePay writes them.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    bank_brand_name: Option<&'a RawValue>,
    #[serde(borrow)]
    account_number: Option<&'a RawValue>,
    #[serde(borrow)]
    transaction_date: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "keep_null")]
    amount_out: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "keep_null")]
    amount_in: Option<&'a RawValue>,
    #[serde(borrow)]
    accumulated: Option<&'a RawValue>,
    #[serde(borrow)]
    transaction_content: Option<&'a RawValue>,
    #[serde(borrow)]
    reference_number: Option<&'a RawValue>,
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow)]
    sub_account: Option<&'a RawValue>,
    #[serde(borrow)]
    bank_account_id: Option<&'a RawValue>,
}

fn read(place: Place, raw: &RawValue) -> Result<Transaction, Error> {
    let row: Row<'_> = place.row(raw)?;
    let amount_in = place.field("amount_in", row.amount_in).amount()?;
    let amount_out = place.field("amount_out", row.amount_out).amount()?;
    Ok(Transaction {
        id: place.field("id", row.id).identifier()?,
        account_id: place.field("bank_account_id", row.bank_account_id).identifier()?,
        account_number: place.field("account_number", row.account_number).identifier()?,
        sub_account: place.field("sub_account", row.sub_account).optional_text()?,
        bank: place.field("bank_brand_name", row.bank_brand_name).text()?,
        occurred_at: place.field("transaction_date", row.transaction_date).time()?,
        direction: direction(amount_in, amount_out),
        amount_in,
        amount_out,
        balance: place.field("accumulated", row.accumulated).vnd()?,
        content: place.field("transaction_content", row.transaction_content).text()?,
        code: place.field("code", row.code).optional_text()?,
        reference: place.field("reference_number", row.reference_number).optional_text()?,
    })
}

fn direction(amount_in: Vnd, amount_out: Vnd) -> Direction {
    match (amount_in > Vnd::ZERO, amount_out > Vnd::ZERO) {
        (true, false) => Direction::In,
        (false, true) => Direction::Out,
        (true, true) | (false, false) => Direction::Unknown,
    }
}
