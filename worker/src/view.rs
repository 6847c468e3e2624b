//! What a caller may see: a [`Question`] and a [`Caller`] to a [`Plan`] of what to ask SePay and what to keep of it.
//!
//! SePay's token sees every account. A caller limited to some accounts gets, by list, by id and by count, what SePay
//! would answer if the others did not exist.

mod narrow;

use sepay::{
    AccountFilter, AccountList, FilterText, Limit, Period, Question, Transaction, TransactionCount,
    TransactionFilter, TransactionList, VietnamTime, Vnd,
};

use crate::auth::{Caller, Rights, Scope};
use crate::mask::Hidden;

/// What to ask, what to keep of it, and what of that to hide.
#[derive(PartialEq, Eq)]
pub struct Plan {
    /// What to ask and what to keep.
    pub what: What,
    /// The fields that the caller does not see.
    pub hide: Vec<Hidden>,
}

/// What to ask and what to keep.
#[derive(PartialEq, Eq)]
pub enum What {
    /// Ask this and keep all of the answer.
    Whole(Question),
    /// Ask this and keep it if everything in it may be seen.
    Checked(Question, Seen),
    /// Ask for every account, keep these, then as many as the limit allows.
    Accounts {
        /// The list without a limit of the caller's.
        ask: AccountList,
        /// The account numbers to keep.
        keep: Vec<String>,
        /// The caller's limit.
        limit: Option<Limit>,
        /// Whether only the number of kept rows was asked for.
        count: bool,
    },
    /// Ask for all of these, merge them, newest first, keep what may be seen, then as many as the limit allows.
    Transactions {
        /// The lists.
        ask: Vec<TransactionList>,
        /// What may be seen.
        seen: Seen,
        /// What the caller wants of it, where SePay was not asked for just that.
        wanted: TransactionFilter,
        /// The caller's limit; none when only the number of kept rows was asked for.
        limit: Option<Limit>,
    },
    /// Ask for each account's count and add them up.
    SummedTransactions(Vec<TransactionCount>),
}

/// What no right clock shows any more: 2020-01-01, in milliseconds since the Unix epoch. A clock that was never set shows
/// 1970, before which nothing lies that could be kept from anybody.
const FIRST_NOW_MS: i64 = 1_577_836_800_000;

/// Which records a caller may see. It has no `Debug`, as it names accounts.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    accounts: Option<Vec<String>>,
    since: Option<VietnamTime>,
    code: Option<String>,
    amount: Option<Vnd>,
}

/// Why a caller may not ask at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// The credential lacks this scope.
    Scope(Scope),
    /// The credential is limited to other accounts.
    Account,
    /// The credential sees more accounts than are asked for one by one: the caller has to name one.
    Unnamed,
    /// The question filters by a field that is hidden: enough of them would tell its value.
    Hidden(Hidden),
}

/// Decides what a caller's question becomes.
///
/// # Errors
///
/// [`Forbidden`].
pub fn plan(question: Question, caller: &Caller, now_ms: u64) -> Result<Plan, Forbidden> {
    let rights = &caller.rights;
    let scope = scope_of(&question);
    // Who may see only some transactions sees no account: its balance tells of the others.
    let is_too_narrow = scope == Scope::AccountsRead && rights.sees_some_payments_only();
    if !caller.may(scope) || is_too_narrow {
        return Err(Forbidden::Scope(scope));
    }
    let fields = fields_asked_for(&question);
    if let Some(hidden) = rights.hide.iter().find(|hidden| fields.contains(&hidden.as_str())) {
        return Err(Forbidden::Hidden(hidden));
    }
    let what = narrow::narrowed(question, &Seen::new(rights, now_ms))?;
    Ok(Plan { what, hide: rights.hide.clone() })
}

impl Plan {
    /// Returns the questions to ask SePay, in order.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        match &self.what {
            What::Whole(question) | What::Checked(question, _) => vec![question.clone()],
            What::Accounts { ask, .. } => vec![Question::AccountList(ask.clone())],
            What::Transactions { ask, .. } => {
                ask.iter().cloned().map(Question::TransactionList).collect()
            }
            What::SummedTransactions(ask) => {
                ask.iter().cloned().map(Question::TransactionCount).collect()
            }
        }
    }
}

impl Seen {
    fn new(rights: &Rights, now_ms: u64) -> Self {
        let Rights { accounts, code, amount, .. } = rights.clone();
        Self { accounts, since: since(rights, now_ms), code, amount }
    }

    fn is_everything(&self) -> bool {
        let Self { accounts, since, code, amount } = self;
        accounts.is_none() && since.is_none() && code.is_none() && amount.is_none()
    }

    /// Says whether an account may be seen.
    #[must_use]
    pub fn has_account(&self, number: &str) -> bool {
        self.accounts.as_ref().is_none_or(|seen| seen.iter().any(|own| own == number))
    }

    /// Says whether a transaction is what SePay was asked for: everything of what may be seen but the payment code.
    #[must_use]
    pub fn is_asked_for(&self, row: &Transaction) -> bool {
        self.has_account(&row.account_number)
            && self.since.is_none_or(|since| row.occurred_at >= since)
            && self.amount.is_none_or(|amount| row.amount_in == amount)
    }

    /// Says whether a transaction has the payment code that may be seen, if it is only one.
    #[must_use]
    pub fn has_code(&self, row: &Transaction) -> bool {
        self.code.is_none() || self.code == row.code
    }
}

/// Says whether a transaction passes a filter, as SePay's pages describe its filters.
#[must_use]
pub fn passes(row: &Transaction, filter: &TransactionFilter) -> bool {
    let TransactionFilter { account, occurred, since_id, reference, amount_in, amount_out } =
        filter;
    let is_same = |wanted: &FilterText, own: &str| wanted.as_str() == own;
    account.as_ref().is_none_or(|account| is_same(account, &row.account_number))
        && occurred.min().is_none_or(|min| row.occurred_at >= min)
        && occurred.max().is_none_or(|max| row.occurred_at <= max)
        && since_id.as_ref().is_none_or(|id| number(&row.id) >= number(id.as_str()))
        && reference
            .as_ref()
            .is_none_or(|text| is_same(text, row.reference.as_deref().unwrap_or("")))
        && amount_in.is_none_or(|amount| row.amount_in == amount)
        && amount_out.is_none_or(|amount| row.amount_out == amount)
}

/// A number of any length, as something that compares like it.
pub(crate) fn number(digits: &str) -> (usize, &str) {
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
}

/// Returns the first second that may be looked back to: the beginning of a day in Vietnam, so that many callers ask the
/// same question.
fn since(rights: &Rights, now_ms: u64) -> Option<VietnamTime> {
    let days = rights.from_days?;
    let now_ms = i64::try_from(now_ms).ok().filter(|now_ms| *now_ms >= FIRST_NOW_MS);
    let now = now_ms.and_then(VietnamTime::from_unix_ms);
    // A clock that tells no year of ours must not open everything.
    now.and_then(|now| now.day_before(days)).or_else(|| VietnamTime::last_of("9999-12-31").ok())
}

/// Returns when a caller's view narrows by itself, at the latest: the end of this day in Vietnam, in milliseconds since
/// the Unix epoch.
#[must_use]
pub fn narrows_ms(rights: &Rights, now_ms: u64) -> Option<u64> {
    const DAY_MS: u64 = 86_400_000;
    const OFFSET_MS: u64 = 7 * 3_600_000;
    rights.from_days?;
    let day = now_ms.saturating_add(OFFSET_MS) / DAY_MS;
    Some(day.saturating_add(1).saturating_mul(DAY_MS).saturating_sub(OFFSET_MS))
}

fn scope_of(question: &Question) -> Scope {
    match question {
        Question::AccountList(_) | Question::AccountDetails(_) | Question::AccountCount(_) => {
            Scope::AccountsRead
        }
        Question::TransactionList(_)
        | Question::TransactionDetails(_)
        | Question::TransactionCount(_) => Scope::TransactionsRead,
    }
}

/// Returns our names of the fields whose values a question's filters name.
fn fields_asked_for(question: &Question) -> Vec<&'static str> {
    let given = match question {
        Question::AccountList(AccountList { filter, .. }) => of_accounts(filter),
        Question::AccountCount(of) => of_accounts(&of.filter),
        Question::TransactionList(TransactionList { filter, .. }) => of_transactions(filter),
        Question::TransactionCount(of) => of_transactions(&of.filter),
        Question::AccountDetails(_) | Question::TransactionDetails(_) => Vec::new(),
    };
    given.into_iter().filter_map(|(field, is_given)| is_given.then_some(field)).collect()
}

fn of_accounts(filter: &AccountFilter) -> Vec<(&'static str, bool)> {
    let AccountFilter { bank, last_transaction, balance, since_id: _ } = filter;
    vec![
        ("bank", bank.is_some()),
        ("lastTransactionAt", *last_transaction != Period::default()),
        ("balance", balance.min().is_some() || balance.max().is_some()),
    ]
}

fn of_transactions(filter: &TransactionFilter) -> Vec<(&'static str, bool)> {
    let TransactionFilter { account, reference, amount_in, amount_out, occurred: _, since_id: _ } =
        filter;
    vec![
        ("accountNumber", account.is_some()),
        ("reference", reference.is_some()),
        ("amountIn", amount_in.is_some()),
        ("amountOut", amount_out.is_some()),
    ]
}
