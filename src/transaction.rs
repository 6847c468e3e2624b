//! Transactions: the model and the three endpoints of SePay's page "Transaction API".

use std::fmt;

use serde::Serialize;

use crate::endpoint::{Endpoint, List, root_value, rows};
use crate::error::Error;
use crate::http::{Response, Target};
use crate::json::{Broken, Reader, Text};
use crate::money::Vnd;
use crate::query::{FilterText, Limit, Period, RecordId};
use crate::time::VietnamTime;
#[cfg(feature = "js")]
use crate::values::{Accounts, Values};
use crate::wire::{Place, Row, count};

/// The root key of a list of transactions.
pub const TRANSACTIONS_ROOT: &str = "transactions";

/// Where the money went, seen from the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
        let rows = rows(response, TRANSACTIONS_ROOT, |place, reader| {
            Ok(read(place, reader)?.map(|row| row.owned()))
        })?;
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
        let place = Place { root: "transaction", index: None };
        root_value(response, place.root, |reader| Ok(read(place, reader)?.map(|row| row.owned())))
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
        count(response, "count_transactions")
    }
}

/// The keys as SePay writes them, in its order; [`at`] has their positions.
const KEYS: &[&str] = &[
    r#""id":"#,
    r#""bank_brand_name":"#,
    r#""account_number":"#,
    r#""transaction_date":"#,
    r#""amount_out":"#,
    r#""amount_in":"#,
    r#""accumulated":"#,
    r#""transaction_content":"#,
    r#""reference_number":"#,
    r#""code":"#,
    r#""sub_account":"#,
    r#""bank_account_id":"#,
];

/// The positions of the keys.
mod at {
    pub(super) const ID: usize = 0;
    pub(super) const BANK: usize = 1;
    pub(super) const ACCOUNT_NUMBER: usize = 2;
    pub(super) const TIME: usize = 3;
    pub(super) const AMOUNT_OUT: usize = 4;
    pub(super) const AMOUNT_IN: usize = 5;
    pub(super) const BALANCE: usize = 6;
    pub(super) const CONTENT: usize = 7;
    pub(super) const REFERENCE: usize = 8;
    pub(super) const CODE: usize = 9;
    pub(super) const SUB_ACCOUNT: usize = 10;
    pub(super) const ACCOUNT_ID: usize = 11;
}

/// A transaction whose texts still stand in SePay's answer.
pub(crate) struct ReadTransaction<'a> {
    id: Text<'a>,
    account_id: Text<'a>,
    account_number: Text<'a>,
    sub_account: Option<Text<'a>>,
    bank: Text<'a>,
    occurred_at: VietnamTime,
    amount_in: Vnd,
    amount_out: Vnd,
    balance: Vnd,
    content: Text<'a>,
    code: Option<Text<'a>>,
    reference: Option<Text<'a>>,
}

/// Reads one row.
pub(crate) fn read<'a>(
    place: Place,
    reader: &mut Reader<'a>,
) -> Result<Result<ReadTransaction<'a>, Error>, Broken> {
    let row = Row::read(reader, place, KEYS)?;
    Ok(row.and_then(|row| ReadTransaction::of(&row)))
}

impl<'a> ReadTransaction<'a> {
    fn of(row: &Row<'a>) -> Result<Self, Error> {
        let amount_in = row.field(at::AMOUNT_IN).amount()?;
        let amount_out = row.field(at::AMOUNT_OUT).amount()?;
        Ok(Self {
            id: row.field(at::ID).identifier()?,
            account_id: row.field(at::ACCOUNT_ID).identifier()?,
            account_number: row.field(at::ACCOUNT_NUMBER).identifier()?,
            sub_account: row.field(at::SUB_ACCOUNT).plain()?,
            bank: row.field(at::BANK).text()?,
            occurred_at: row.field(at::TIME).time()?,
            amount_in,
            amount_out,
            balance: row.field(at::BALANCE).vnd()?,
            content: row.field(at::CONTENT).text()?,
            code: row.field(at::CODE).plain()?,
            reference: row.field(at::REFERENCE).plain()?,
        })
    }

    fn direction(&self) -> Direction {
        match (self.amount_in > Vnd::ZERO, self.amount_out > Vnd::ZERO) {
            (true, false) => Direction::In,
            (false, true) => Direction::Out,
            (true, true) | (false, false) => Direction::Unknown,
        }
    }

    /// Appends six texts (id, virtual account, time, content, code, reference) and five numbers: which account, which
    /// direction (0 in, 1 out, 2 unknown), money in, money out, balance.
    #[cfg(feature = "js")]
    pub(crate) fn write(&self, values: &mut Values, accounts: &mut Accounts<'a>) {
        values.text(self.id);
        values.optional_text(self.sub_account);
        values.time(self.occurred_at);
        values.text(self.content);
        values.optional_text(self.code);
        values.optional_text(self.reference);
        let account = accounts.index([self.account_id, self.account_number, self.bank]);
        let direction = match self.direction() {
            Direction::In => 0.0,
            Direction::Out => 1.0,
            Direction::Unknown => 2.0,
        };
        let money = [self.amount_in, self.amount_out, self.balance].map(Vnd::as_f64);
        let [amount_in, amount_out, balance] = money;
        values.numbers.extend_from_slice(&[account, direction, amount_in, amount_out, balance]);
    }

    fn owned(&self) -> Transaction {
        Transaction {
            id: self.id.into_string(),
            account_id: self.account_id.into_string(),
            account_number: self.account_number.into_string(),
            sub_account: self.sub_account.map(Text::into_string),
            bank: self.bank.into_string(),
            occurred_at: self.occurred_at,
            direction: self.direction(),
            amount_in: self.amount_in,
            amount_out: self.amount_out,
            balance: self.balance,
            content: self.content.into_string(),
            code: self.code.map(Text::into_string),
            reference: self.reference.map(Text::into_string),
        }
    }
}
