//! What a ticket may do: a [`Wish`] to [`Claims`] when it is made, claims and a key to a [`Caller`] when it is used.
//!
//! Nothing here adds a right. What a wish wants beyond the key's rights is refused rather than cut, so that nobody holds
//! less than they think; what the key has lost since is cut at every use.

use sepay::Vnd;
use serde::Serialize;

use super::{Claims, ISSUER, MAX_TTL_SECONDS, Wish};
use crate::auth::{Caller, Rights, Scope, each_once};
use crate::mask::{Field, Hidden};

/// The scopes that a ticket can have.
const TICKET_SCOPES: [Scope; 2] = [Scope::AccountsRead, Scope::TransactionsRead];

/// How far a ticket's beginning may lie ahead of the clock that reads it, in milliseconds.
const MAX_AHEAD_MS: u64 = 60_000;

/// Why a ticket is not made. It names the field and repeats no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct NotGranted {
    /// The field of the wish, or `ticket`.
    pub field: &'static str,
    /// Why not.
    pub reason: &'static str,
}

/// Decides what a ticket will say. `fingerprint` is of the caller's entry, `jti` an id that no other ticket has.
///
/// # Errors
///
/// [`NotGranted`]: the caller may make no tickets, or the wish goes beyond its rights.
pub fn grant(
    wish: &Wish,
    caller: &Caller,
    fingerprint: &str,
    jti: &str,
    now_ms: u64,
) -> Result<Claims, NotGranted> {
    check_maker(caller)?;
    check_scopes(wish, caller)?;
    check_told(wish, &caller.rights)?;
    check_reach(wish, &caller.rights)?;
    let iat = now_ms / 1000;
    let exp = iat.saturating_add(wish.ttl_seconds.min(MAX_TTL_SECONDS));
    let exp = caller.expires_ms.map_or(exp, |end_ms| exp.min(end_ms / 1000));
    if exp <= iat {
        return Err(no("ttlSeconds", "the key itself ends now"));
    }
    let scopes: Vec<&str> = wish.scopes.iter().map(|scope| scope.as_str()).collect();
    Ok(Claims {
        iss: ISSUER.to_owned(),
        sub: caller.id.clone(),
        key: fingerprint.to_owned(),
        iat,
        exp,
        jti: jti.to_owned(),
        scope: scopes.join(" "),
        accounts: wish.accounts.clone(),
        code: wish.code.clone(),
        amount: wish.amount.map(Vnd::get),
        hide: wish.hide.iter().map(|field| field.as_str().to_owned()).collect(),
    })
}

fn no(field: &'static str, reason: &'static str) -> NotGranted {
    NotGranted { field, reason }
}

fn check_maker(caller: &Caller) -> Result<(), NotGranted> {
    if caller.ticket.is_some() {
        return Err(no("ticket", "a ticket makes no tickets"));
    }
    if !caller.may(Scope::TicketsWrite) {
        return Err(no("ticket", "the key lacks the scope tickets:write"));
    }
    Ok(())
}

fn check_scopes(wish: &Wish, caller: &Caller) -> Result<(), NotGranted> {
    if !wish.scopes.iter().all(|scope| TICKET_SCOPES.contains(scope)) {
        return Err(no("scopes", "a ticket has accounts:read or transactions:read, nothing else"));
    }
    if !wish.scopes.iter().all(|scope| caller.may(*scope)) {
        return Err(no("scopes", "the key lacks one of them"));
    }
    let of_payment = wish.code.is_some() || wish.amount.is_some();
    if of_payment && wish.scopes.contains(&Scope::AccountsRead) {
        return Err(no("scopes", "a ticket with code or amount cannot have accounts:read"));
    }
    Ok(())
}

/// Refuses to write down what is hidden: a ticket's holder can read it, and its maker could find a value by trying.
fn check_told(wish: &Wish, rights: &Rights) -> Result<(), NotGranted> {
    let hidden = |ours| hides(rights, ours) || is_among(&wish.hide, ours);
    if wish.accounts.is_some() && hidden("accountNumber") {
        return Err(no("accounts", "accountNumber is hidden, and a ticket's holder can read it"));
    }
    if wish.code.is_some() && hidden("code") {
        return Err(no("code", "code is hidden, and a ticket's holder can read it"));
    }
    if wish.amount.is_some() && hidden("amountIn") {
        return Err(no("amount", "amountIn is hidden, and a ticket's holder can read it"));
    }
    Ok(())
}

/// Refuses accounts and payments that the key does not see itself.
fn check_reach(wish: &Wish, rights: &Rights) -> Result<(), NotGranted> {
    if !wish.accounts.iter().flatten().all(|number| rights.may_see(number)) {
        return Err(no("accounts", "the key does not see one of them"));
    }
    if !agrees(wish.code.as_ref(), rights.code.as_ref()) {
        return Err(no("code", "the key is limited to another"));
    }
    if !agrees(wish.amount.as_ref(), rights.amount.as_ref()) {
        return Err(no("amount", "the key is limited to another"));
    }
    Ok(())
}

fn agrees<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// Returns who comes with a ticket, given the key of its entry as it is now: the key, with the rights that both have.
///
/// None when its time is over or has not begun (a minute is allowed for clocks that differ), the key's is over, it was
/// made with a key of another id, or it says what cannot be read. That its `key` is the entry's
/// [`fingerprint`](super::fingerprint) is for whoever looked the entry up.
#[must_use]
pub fn narrowed(claims: &Claims, key: &Caller, now_ms: u64) -> Option<Caller> {
    let expires_ms = end_ms(claims, key)?;
    let early = claims.iat.saturating_mul(1000) > now_ms.saturating_add(MAX_AHEAD_MS);
    if early || now_ms >= expires_ms || claims.sub != key.id {
        return None;
    }
    Some(Caller {
        id: key.id.clone(),
        ticket: Some(claims.jti.clone()),
        profile: key.profile.clone(),
        requests_per_minute: key.requests_per_minute,
        expires_ms: Some(expires_ms),
        rights: both(claims, &key.rights)?,
    })
}

/// When ticket or key ends, whichever is first. None when the ticket would last longer than any.
fn end_ms(claims: &Claims, key: &Caller) -> Option<u64> {
    let seconds = claims.exp.checked_sub(claims.iat)?;
    let end_ms = claims.exp.saturating_mul(1000);
    let end_ms = key.expires_ms.map_or(end_ms, |key_ms| end_ms.min(key_ms));
    (seconds <= MAX_TTL_SECONDS).then_some(end_ms)
}

/// The rights that a ticket and its key both have. None when the ticket cannot be read or nothing can be in both.
fn both(claims: &Claims, key: &Rights) -> Option<Rights> {
    let amount = match claims.amount {
        Some(dong) => Some(Vnd::new(dong).ok()?),
        None => None,
    };
    if !agrees(claims.code.as_ref(), key.code.as_ref())
        || !agrees(amount.as_ref(), key.amount.as_ref())
    {
        return None;
    }
    let code = claims.code.clone().or_else(|| key.code.clone());
    let amount = amount.or(key.amount);
    let of_payment = code.is_some() || amount.is_some();
    let wanted = claims.scope.split(' ').filter_map(Scope::named);
    let scopes = wanted.filter(|scope| {
        let can = TICKET_SCOPES.contains(scope) && key.scopes.contains(scope);
        can && !(of_payment && *scope == Scope::AccountsRead)
    });
    // A name that is not known is refused: it would show what was to be hidden.
    let hide = claims.hide.iter().map(|name| Field::named(name)).collect::<Option<Vec<_>>>()?;
    Some(Rights {
        scopes: each_once(scopes.collect()),
        accounts: accounts_of_both(claims.accounts.as_ref(), key),
        hide: each_once(key.hide.iter().copied().chain(hide).collect()),
        from_days: key.from_days,
        code,
        amount,
    })
}

fn accounts_of_both(named: Option<&Vec<String>>, key: &Rights) -> Option<Vec<String>> {
    let Some(named) = named else { return key.accounts.clone() };
    Some(named.iter().filter(|number| key.may_see(number)).cloned().collect())
}

/// Says whether a field is hidden, by our name.
fn hides(rights: &Rights, ours: &str) -> bool {
    is_among(&rights.hide, ours)
}

fn is_among(fields: &[Hidden], ours: &str) -> bool {
    fields.iter().any(|field| field.as_str() == ours)
}

/// Rights as answers write them, as the member `rights`. What is hidden is `null` here too.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenRights<'a> {
    scopes: Vec<&'static str>,
    accounts: Option<&'a [String]>,
    code: Option<&'a str>,
    amount: Option<Vnd>,
    hide: Vec<&'static str>,
    from_days: Option<u32>,
}

impl<'a> From<&'a Rights> for WrittenRights<'a> {
    fn from(rights: &'a Rights) -> Self {
        Self {
            scopes: rights.scopes.iter().map(|scope| scope.as_str()).collect(),
            accounts: rights.accounts.as_deref().filter(|_| !hides(rights, "accountNumber")),
            code: rights.code.as_deref().filter(|_| !hides(rights, "code")),
            amount: rights.amount.filter(|_| !hides(rights, "amountIn")),
            hide: rights.hide.iter().map(|field| field.as_str()).collect(),
            from_days: rights.from_days,
        }
    }
}
