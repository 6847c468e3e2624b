//! Bank accounts: the model and the three endpoints of SePay's page "Bank Account API".

use std::fmt;

use serde::Serialize;

use crate::endpoint::{Endpoint, List, root_value, rows};
use crate::error::Error;
use crate::http::{Response, Target};
use crate::json::{Broken, Reader, Text};
use crate::money::Vnd;
use crate::query::{FilterText, Limit, Period, RecordId, VndSpan};
use crate::time::VietnamTime;
#[cfg(feature = "js")]
use crate::values::Values;
use crate::wire::{Place, Row, count};

/// The root key of a list of accounts.
pub const ACCOUNTS_ROOT: &str = "bankaccounts";

/// A bank account that SePay watches. `Debug` shows its id only.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BankAccount {
    /// SePay's id.
    pub id: String,
    /// SePay's short name of the bank, "Vietcombank".
    pub bank: String,
    /// The bank's full name.
    pub bank_name: Option<String>,
    /// The bank's number, "970436".
    pub bank_bin: Option<String>,
    /// The bank's code, "VCB".
    pub bank_code: Option<String>,
    /// The account number, leading zeros kept.
    pub account_number: String,
    /// The holder's name.
    pub holder: String,
    /// The label given in SePay.
    pub label: Option<String>,
    /// The balance SePay knows, in VND; 0 from banks that report none.
    pub balance: Vnd,
    /// Whether SePay watches it; none when SePay does not say.
    pub active: Option<bool>,
    /// The time of the last transaction.
    pub last_transaction_at: Option<VietnamTime>,
    /// When it was added to SePay.
    pub created_at: Option<VietnamTime>,
}

impl fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BankAccount").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Which accounts: every field narrows, the default takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountFilter {
    /// The bank's short name, "Vietcombank".
    pub bank: Option<FilterText>,
    /// When the last transaction happened.
    pub last_transaction: Period,
    /// This id and later ones.
    pub since_id: Option<RecordId>,
    /// The balance.
    pub balance: VndSpan,
}

impl AccountFilter {
    fn query(&self, limit: Option<Limit>) -> [(&'static str, Option<String>); 7] {
        [
            ("short_name", self.bank.as_ref().map(|bank| bank.as_str().to_owned())),
            ("last_transaction_date_min", self.last_transaction.min().map(VietnamTime::to_sepay)),
            ("last_transaction_date_max", self.last_transaction.max().map(VietnamTime::to_sepay)),
            ("since_id", self.since_id.as_ref().map(RecordId::to_string)),
            ("limit", limit.map(|limit| limit.get().to_string())),
            ("accumulated_min", self.balance.min().map(|balance| balance.to_string())),
            ("accumulated_max", self.balance.max().map(|balance| balance.to_string())),
        ]
    }
}

/// `GET /userapi/bankaccounts/list`: accounts, the most recently added first.
///
/// ```
/// use sepay::{AccountFilter, AccountList, Endpoint, Response};
///
/// let question = AccountList { filter: AccountFilter::default(), limit: None };
/// assert_eq!(question.target().as_str(), "/userapi/bankaccounts/list");
///
/// let body = br#"{"status":200,"messages":{"success":true},"bankaccounts":[{"id":123,
///     "bank_short_name":"Vietcombank","account_number":"0071000888888",
///     "account_holder_name":"NGUYEN VAN A","accumulated":19077000}]}"#;
/// let answer = Response { status: 200, headers: Vec::new(), body: body.to_vec() };
/// let accounts = question.parse(&answer)?;
/// assert!(accounts.complete);
/// assert_eq!(accounts.rows[0].balance.get(), 19_077_000);
/// # Ok::<(), sepay::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountList {
    /// Which accounts.
    pub filter: AccountFilter,
    /// How many rows at most; none leaves SePay's default of 100.
    pub limit: Option<Limit>,
}

impl AccountList {
    /// Says whether so many rows are all there are.
    ///
    /// SePay documents no maximum here, so exactly 100 rows may also be its default applied as a cap.
    #[must_use]
    pub fn is_complete(&self, row_count: usize) -> bool {
        let limit = self.limit.unwrap_or(Limit::HUNDRED);
        row_count < limit.get() && row_count != Limit::HUNDRED.get()
    }
}

impl Endpoint for AccountList {
    type Output = List<BankAccount>;

    fn target(&self) -> Target {
        Target::new("/userapi/bankaccounts/list", &self.filter.query(self.limit))
    }

    fn parse(&self, response: &Response) -> Result<Self::Output, Error> {
        let rows = rows(response, ACCOUNTS_ROOT, |place, reader| {
            Ok(read(place, reader)?.map(|row| row.owned()))
        })?;
        Ok(List { complete: self.is_complete(rows.len()), rows })
    }
}

/// `GET /userapi/bankaccounts/details/{id}`: one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDetails {
    /// Which one.
    pub id: RecordId,
}

impl Endpoint for AccountDetails {
    type Output = BankAccount;

    fn target(&self) -> Target {
        Target::new(&format!("/userapi/bankaccounts/details/{}", self.id), &[])
    }

    fn parse(&self, response: &Response) -> Result<Self::Output, Error> {
        let place = Place { root: "bankaccount", index: None };
        root_value(response, place.root, |reader| Ok(read(place, reader)?.map(|row| row.owned())))
    }
}

/// `GET /userapi/bankaccounts/count`: how many accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountCount {
    /// Which accounts.
    pub filter: AccountFilter,
}

impl Endpoint for AccountCount {
    type Output = u64;

    fn target(&self) -> Target {
        Target::new("/userapi/bankaccounts/count", &self.filter.query(None))
    }

    fn parse(&self, response: &Response) -> Result<Self::Output, Error> {
        count(response, "count_bankaccounts")
    }
}

/// The keys as SePay writes them; `last_transaction_date` is the quick start's name for `last_transaction`.
const KEYS: &[&str] = &[
    r#""id":"#,
    r#""account_holder_name":"#,
    r#""account_number":"#,
    r#""accumulated":"#,
    r#""last_transaction":"#,
    r#""label":"#,
    r#""active":"#,
    r#""created_at":"#,
    r#""bank_short_name":"#,
    r#""bank_full_name":"#,
    r#""bank_bin":"#,
    r#""bank_code":"#,
    r#""last_transaction_date":"#,
];

/// An account whose texts still stand in SePay's answer.
pub(crate) struct ReadAccount<'a> {
    id: Text<'a>,
    bank: Text<'a>,
    bank_name: Option<Text<'a>>,
    bank_bin: Option<Text<'a>>,
    bank_code: Option<Text<'a>>,
    account_number: Text<'a>,
    holder: Text<'a>,
    label: Option<Text<'a>>,
    balance: Vnd,
    active: Option<bool>,
    last_transaction_at: Option<VietnamTime>,
    created_at: Option<VietnamTime>,
}

/// Reads one row.
pub(crate) fn read<'a>(
    place: Place,
    reader: &mut Reader<'a>,
) -> Result<Result<ReadAccount<'a>, Error>, Broken> {
    let row = Row::read(reader, place, KEYS)?;
    Ok(row.and_then(|row| ReadAccount::of(&row)))
}

impl<'a> ReadAccount<'a> {
    fn of(row: &Row<'a>) -> Result<Self, Error> {
        let [
            id,
            holder,
            account_number,
            balance,
            last,
            label,
            active,
            created_at,
            bank,
            bank_name,
            bank_bin,
            bank_code,
            last_date,
        ] = std::array::from_fn(|position| row.outlined_field(position));
        let last_transaction = if last.is_given() { last } else { last_date };
        Ok(Self {
            id: id.identifier()?,
            bank: bank.text()?,
            bank_name: bank_name.plain()?,
            bank_bin: bank_bin.plain()?,
            bank_code: bank_code.plain()?,
            account_number: account_number.identifier()?,
            holder: holder.text()?,
            label: label.plain()?,
            balance: balance.vnd()?,
            active: active.flag()?,
            last_transaction_at: last_transaction.optional_time()?,
            created_at: created_at.optional_time()?,
        })
    }

    /// Appends eleven values in the order of [`BankAccount`]'s fields, but for the balance, which is the one number.
    #[cfg(feature = "js")]
    pub(crate) fn write(&self, values: &mut Values) {
        values.text(self.id);
        values.text(self.bank);
        values.optional_text(self.bank_name);
        values.optional_text(self.bank_bin);
        values.optional_text(self.bank_code);
        values.text(self.account_number);
        values.text(self.holder);
        values.optional_text(self.label);
        values.flag(self.active);
        values.optional_time(self.last_transaction_at);
        values.optional_time(self.created_at);
        values.numbers.push(self.balance.as_f64());
    }

    fn owned(&self) -> BankAccount {
        BankAccount {
            id: self.id.into_string(),
            bank: self.bank.into_string(),
            bank_name: self.bank_name.map(Text::into_string),
            bank_bin: self.bank_bin.map(Text::into_string),
            bank_code: self.bank_code.map(Text::into_string),
            account_number: self.account_number.into_string(),
            holder: self.holder.into_string(),
            label: self.label.map(Text::into_string),
            balance: self.balance,
            active: self.active,
            last_transaction_at: self.last_transaction_at,
            created_at: self.created_at,
        }
    }
}
