//! What the routes of tickets answer, as JSON.

use sepay::VietnamTime;
use serde::Serialize;

use super::WrittenRights;
use crate::auth::Caller;

/// What `POST /api/tickets` answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Minted<'a> {
    ticket: &'a str,
    token_type: &'static str,
    expires_at: Option<VietnamTime>,
    expires_in_seconds: u64,
    rights: WrittenRights<'a>,
}

/// What `GET /api/tickets/self` answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Own<'a> {
    kind: &'static str,
    id: &'a str,
    ticket_id: Option<&'a str>,
    rights: WrittenRights<'a>,
    expires_at: Option<VietnamTime>,
}

/// Writes a new ticket, and what its holder may do.
#[must_use]
pub fn minted_json(ticket: &str, holder: &Caller, now_ms: u64) -> Option<String> {
    let expires_ms = holder.expires_ms?;
    let minted = Minted {
        ticket,
        token_type: "Bearer",
        expires_at: time(expires_ms),
        expires_in_seconds: expires_ms.saturating_sub(now_ms).div_ceil(1_000),
        rights: WrittenRights::from(&holder.rights),
    };
    serde_json::to_string(&minted).ok()
}

/// Writes what a caller may do.
#[must_use]
pub fn own_json(caller: &Caller) -> Option<String> {
    let own = Own {
        kind: if caller.ticket.is_some() { "ticket" } else { "key" },
        id: &caller.id,
        ticket_id: caller.ticket.as_deref(),
        rights: WrittenRights::from(&caller.rights),
        expires_at: caller.expires_ms.and_then(time),
    };
    serde_json::to_string(&own).ok()
}

fn time(ms: u64) -> Option<VietnamTime> {
    i64::try_from(ms).ok().and_then(VietnamTime::from_unix_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Rights, Scope};

    #[test]
    fn a_new_ticket_and_the_own_one_are_told_alike() {
        let rights = Rights {
            scopes: vec![Scope::TransactionsRead],
            code: Some("DH001".to_owned()),
            ..Rights::default()
        };
        let holder = Caller {
            id: "shop".to_owned(),
            ticket: Some("t-1".to_owned()),
            profile: "default".to_owned(),
            requests_per_minute: None,
            expires_ms: Some(900_000),
            rights,
        };
        let rights = r#"{"scopes":["transactions:read"],"accounts":null,"code":"DH001","amount":null,"hide":[],"fromDays":null}"#;
        let at = "1970-01-01T07:15:00+07:00";
        assert_eq!(
            minted_json("eyJ.e.s", &holder, 1_500),
            Some(format!(
                r#"{{"ticket":"eyJ.e.s","tokenType":"Bearer","expiresAt":"{at}","expiresInSeconds":899,"rights":{rights}}}"#
            ))
        );
        assert_eq!(
            own_json(&holder),
            Some(format!(
                r#"{{"kind":"ticket","id":"shop","ticketId":"t-1","rights":{rights},"expiresAt":"{at}"}}"#
            ))
        );
        let key = Caller { ticket: None, expires_ms: None, ..holder };
        let own = own_json(&key).unwrap();
        assert!(own.starts_with(r#"{"kind":"key","id":"shop","ticketId":null,"#), "{own}");
        assert!(own.ends_with(r#","expiresAt":null}"#), "{own}");
    }
}
