//! What a question becomes for a caller who may not see everything.

use sepay::{
    AccountFilter, AccountList, FilterText, Limit, Question, Span, TransactionCount,
    TransactionFilter, TransactionList,
};

use super::{Forbidden, Seen, What};

/// The most accounts that one question is asked for: each costs one of SePay's few calls a second.
const MAX_ACCOUNTS_AT_ONCE: usize = 8;

/// How many of the newest transactions are looked at for one payment code: SePay has no filter for it.
const ROWS_FOR_A_CODE: u16 = 500;

pub(super) fn narrowed(question: Question, seen: &Seen) -> Result<What, Forbidden> {
    if seen.is_everything() {
        return Ok(What::Whole(question));
    }
    match question {
        Question::AccountDetails(_) | Question::TransactionDetails(_) => {
            Ok(What::Checked(question, seen.clone()))
        }
        Question::AccountList(_) | Question::AccountCount(_) => Ok(accounts(question, seen)),
        Question::TransactionList(list) => transactions(&list, seen),
        Question::TransactionCount(of) => number_of_transactions(&of, seen),
    }
}

fn accounts(question: Question, seen: &Seen) -> What {
    let every_account = |filter: AccountFilter| AccountList { filter, limit: Some(Limit::MAX) };
    match (question, &seen.accounts) {
        (Question::AccountList(list), Some(keep)) => What::Accounts {
            ask: every_account(list.filter),
            keep: keep.clone(),
            // SePay's own default, which it could not apply to what it did not narrow.
            limit: Some(list.limit.unwrap_or(Limit::HUNDRED)),
            count: false,
        },
        (Question::AccountCount(of), Some(keep)) => What::Accounts {
            ask: every_account(of.filter),
            keep: keep.clone(),
            limit: None,
            count: true,
        },
        (question, _) => What::Whole(question),
    }
}

fn transactions(list: &TransactionList, seen: &Seen) -> Result<What, Forbidden> {
    let limit = list.limit;
    if seen.code.is_some() {
        return with_code(&list.filter, Some(limit.unwrap_or(Limit::MAX)), seen);
    }
    let filters = narrowed_filters(&list.filter, seen)?;
    let of = |filter| TransactionList { filter, limit };
    if let [filter] = filters.as_slice() {
        let question = Question::TransactionList(of(filter.clone()));
        return Ok(What::Checked(question, seen.clone()));
    }
    Ok(What::Transactions {
        ask: filters.into_iter().map(of).collect(),
        seen: seen.clone(),
        wanted: TransactionFilter::default(),
        limit: Some(limit.unwrap_or(Limit::MAX)),
    })
}

fn number_of_transactions(of: &TransactionCount, seen: &Seen) -> Result<What, Forbidden> {
    if seen.code.is_some() {
        return with_code(&of.filter, None, seen);
    }
    let filters = narrowed_filters(&of.filter, seen)?;
    let of_one = |filter| TransactionCount { filter };
    Ok(match filters.as_slice() {
        [filter] => {
            let question = Question::TransactionCount(of_one(filter.clone()));
            What::Checked(question, seen.clone())
        }
        _ => What::SummedTransactions(filters.into_iter().map(of_one).collect()),
    })
}

/// Looks for one payment code among the newest transactions; without a limit, for how many have it.
///
/// Whatever the caller wants of them, SePay is asked the same: so all holders of such tickets share one question, and
/// nobody learns by narrowing it how many rows there are that it does not see.
fn with_code(
    wanted: &TransactionFilter,
    limit: Option<Limit>,
    seen: &Seen,
) -> Result<What, Forbidden> {
    let account = wanted.account.clone().filter(|_| seen.accounts.is_some());
    let all = TransactionFilter { account, ..TransactionFilter::default() };
    let rows = Limit::new(ROWS_FOR_A_CODE).ok();
    let of = |filter| TransactionList { filter, limit: rows };
    Ok(What::Transactions {
        ask: narrowed_filters(&all, seen)?.into_iter().map(of).collect(),
        seen: seen.clone(),
        wanted: wanted.clone(),
        limit,
    })
}

/// Returns the filters to ask SePay with, one for each account; none when nothing can be seen.
fn narrowed_filters(
    filter: &TransactionFilter,
    seen: &Seen,
) -> Result<Vec<TransactionFilter>, Forbidden> {
    let accounts = accounts_asked_for(filter.account.as_ref(), seen)?;
    let Some(filter) = within(filter, seen) else { return Ok(Vec::new()) };
    let Some(accounts) = accounts else { return Ok(vec![filter]) };
    let of_one = |account| TransactionFilter { account: Some(account), ..filter.clone() };
    Ok(accounts.into_iter().map(of_one).collect())
}

/// Narrows a filter to the time and the amount that may be seen; nothing when no row can be in both.
fn within(filter: &TransactionFilter, seen: &Seen) -> Option<TransactionFilter> {
    let from = filter.occurred.min().max(seen.since);
    let occurred = Span::new("from", from, filter.occurred.max()).ok()?;
    let is_other = |amount| filter.amount_in.is_some_and(|asked| asked != amount);
    if seen.amount.is_some_and(is_other) {
        return None;
    }
    let amount_in = seen.amount.or(filter.amount_in);
    Some(TransactionFilter { occurred, amount_in, ..filter.clone() })
}

/// Finds out which accounts to ask for, because SePay's filter takes one at a time; nothing for all of them.
fn accounts_asked_for(
    named: Option<&FilterText>,
    seen: &Seen,
) -> Result<Option<Vec<FilterText>>, Forbidden> {
    let Some(accounts) = &seen.accounts else { return Ok(named.cloned().map(|one| vec![one])) };
    if let Some(account) = named {
        let is_seen = seen.has_account(account.as_str());
        return if is_seen { Ok(Some(vec![account.clone()])) } else { Err(Forbidden::Account) };
    }
    // A configured number that cannot stand in a question matches no account of SePay's.
    let each = accounts.iter().filter_map(|text| FilterText::new("account", text).ok());
    let each: Vec<FilterText> = each.collect();
    if each.len() > MAX_ACCOUNTS_AT_ONCE {
        return Err(Forbidden::Unnamed);
    }
    Ok(Some(each))
}
