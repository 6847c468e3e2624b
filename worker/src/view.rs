//! What a caller may see: a [`Question`] and a [`Caller`] to a [`Plan`] of what to ask SePay and what to keep of it.
//!
//! SePay's token sees every account. A caller limited to some accounts gets, by list, by id and by count, what SePay
//! would answer if the others did not exist.

use sepay::{AccountList, FilterText, Limit, Question, TransactionCount, TransactionList};

use crate::auth::{Caller, Scope};

/// The most accounts that one question is asked for: each costs one of SePay's few calls a second.
const MAX_ACCOUNTS_AT_ONCE: usize = 8;

/// What to ask and what to keep.
#[derive(PartialEq, Eq)]
pub enum Plan {
    /// Ask this and keep all of the answer.
    Whole(Question),
    /// Ask this and keep it if everything in it is of these accounts.
    OneOf(Question, Vec<String>),
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
    /// Ask for each account's transactions and merge them, newest first, up to the limit.
    MergedTransactions {
        /// One list per account.
        ask: Vec<TransactionList>,
        /// The caller's limit.
        limit: Option<Limit>,
    },
    /// Ask for each account's count and add them up.
    SummedTransactions(Vec<TransactionCount>),
}

/// Why a caller may not ask at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// The key lacks this scope.
    Scope(Scope),
    /// The key is limited to other accounts.
    Account,
    /// The key sees more accounts than are asked for one by one: the caller has to name one.
    Unnamed,
}

/// Decides what a caller's question becomes.
///
/// # Errors
///
/// [`Forbidden`].
pub fn plan(question: Question, caller: &Caller) -> Result<Plan, Forbidden> {
    let scope = scope_of(&question);
    if !caller.may(scope) {
        return Err(Forbidden::Scope(scope));
    }
    match caller.rights.accounts.clone() {
        None => Ok(Plan::Whole(question)),
        Some(accounts) => narrowed(question, caller, accounts),
    }
}

impl Plan {
    /// Returns the questions to ask SePay, in order.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        match self {
            Self::Whole(question) | Self::OneOf(question, _) => vec![question.clone()],
            Self::Accounts { ask, .. } => vec![Question::AccountList(ask.clone())],
            Self::MergedTransactions { ask, .. } => {
                ask.iter().cloned().map(Question::TransactionList).collect()
            }
            Self::SummedTransactions(ask) => {
                ask.iter().cloned().map(Question::TransactionCount).collect()
            }
        }
    }
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

fn narrowed(question: Question, caller: &Caller, accounts: Vec<String>) -> Result<Plan, Forbidden> {
    let every_account = |filter| AccountList { filter, limit: Some(Limit::MAX) };
    Ok(match question {
        Question::AccountDetails(_) | Question::TransactionDetails(_) => {
            Plan::OneOf(question, accounts)
        }
        Question::AccountList(list) => Plan::Accounts {
            ask: every_account(list.filter),
            keep: accounts,
            // SePay's own default, which it could not apply to what it did not narrow.
            limit: Some(list.limit.unwrap_or(Limit::HUNDRED)),
            count: false,
        },
        Question::AccountCount(of) => Plan::Accounts {
            ask: every_account(of.filter),
            keep: accounts,
            limit: None,
            count: true,
        },
        Question::TransactionList(list) => {
            let of_one = |account| {
                let mut of_one = list.clone();
                of_one.filter.account = Some(account);
                of_one
            };
            match per_account(list.filter.account.as_ref(), caller, &accounts)? {
                Accounts::One(account) => {
                    let number = account.as_str().to_owned();
                    Plan::OneOf(Question::TransactionList(of_one(account)), vec![number])
                }
                Accounts::Each(each) => Plan::MergedTransactions {
                    ask: each.into_iter().map(of_one).collect(),
                    limit: Some(list.limit.unwrap_or(Limit::MAX)),
                },
            }
        }
        Question::TransactionCount(of) => {
            let of_one = |account| {
                let mut of_one = of.clone();
                of_one.filter.account = Some(account);
                of_one
            };
            match per_account(of.filter.account.as_ref(), caller, &accounts)? {
                Accounts::One(account) => Plan::Whole(Question::TransactionCount(of_one(account))),
                Accounts::Each(each) => {
                    Plan::SummedTransactions(each.into_iter().map(of_one).collect())
                }
            }
        }
    })
}

/// The accounts that a limited caller's question is about.
enum Accounts {
    /// One: named by the caller, or the only one it may see. SePay's own answer is the right one.
    One(FilterText),
    /// Several, or none: SePay's filter takes one at a time.
    Each(Vec<FilterText>),
}

/// Finds out which accounts to ask for.
fn per_account(
    named: Option<&FilterText>,
    caller: &Caller,
    accounts: &[String],
) -> Result<Accounts, Forbidden> {
    if let Some(account) = named {
        let seen = caller.rights.may_see(account.as_str());
        return if seen { Ok(Accounts::One(account.clone())) } else { Err(Forbidden::Account) };
    }
    // A configured number that cannot stand in a question matches no account of SePay's.
    let each = accounts.iter().filter_map(|text| FilterText::new("account", text).ok());
    let each: Vec<FilterText> = each.collect();
    if each.len() > MAX_ACCOUNTS_AT_ONCE {
        return Err(Forbidden::Unnamed);
    }
    Ok(match each.as_slice() {
        [only] => Accounts::One(only.clone()),
        _ => Accounts::Each(each),
    })
}
