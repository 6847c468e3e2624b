//! The gate's table of uses ([`crate::audit`]): merges what isolates have counted, forgets what is old, reads.
//!
//! Rows come and go as JSON texts, which SQLite reads and writes itself.

use worker::{Error, Result, SqlStorage, SqlStorageValue, console_error};

use super::store::{integer, number};
use crate::audit::{Upkeep, oldest_hour_ms};

const MERGE: &str = "INSERT INTO audit (hour_ms, caller, ticket, route, outcome, reason, count, first_ms, last_ms) \
    SELECT value ->> 'hour_ms', value ->> 'caller', value ->> 'ticket', value ->> 'route', value ->> 'outcome', \
        value ->> 'reason', value ->> 'count', value ->> 'first_ms', value ->> 'last_ms' FROM json_each(?) WHERE true \
    ON CONFLICT DO UPDATE SET count = count + excluded.count, first_ms = min(first_ms, excluded.first_ms), \
        last_ms = max(last_ms, excluded.last_ms)";

const FORGET: &str = "DELETE FROM audit WHERE hour_ms < ?";

const COUNT: &str = "SELECT count(*) FROM audit";

/// Those of tickets first: whoever may make tickets makes as many rows as they like, and pushes out no key's own.
const DROP_OLDEST: &str = "DELETE FROM audit WHERE (hour_ms, caller, ticket, route, outcome, reason) IN \
    (SELECT hour_ms, caller, ticket, route, outcome, reason FROM audit ORDER BY ticket = '', hour_ms, last_ms LIMIT ?)";

/// The answer of `/api/audit`, newest first. Takes the beginning of the oldest hour and a [`Trail`](crate::audit::Trail).
const READ: &str = "SELECT json_object('data', json_group_array(json_object('hour', \
        strftime('%FT%T+07:00', hour_ms / 1000 + 25200, 'unixepoch'), 'caller', nullif(caller, ''), \
        'ticket', nullif(ticket, ''), 'route', route, 'outcome', outcome, 'reason', nullif(reason, ''), 'count', count, \
        'firstAt', strftime('%FT%T+07:00', first_ms / 1000 + 25200, 'unixepoch'), \
        'lastAt', strftime('%FT%T+07:00', last_ms / 1000 + 25200, 'unixepoch'))) FILTER (WHERE number <= most), \
        'complete', json(iif(count(*) <= ?2 ->> 'limit', 'true', 'false'))) \
    FROM (SELECT *, row_number() OVER () AS number, ?2 ->> 'limit' AS most FROM \
        (SELECT * FROM audit WHERE hour_ms >= ?1 AND last_ms >= ?2 ->> 'from_ms' AND first_ms <= ?2 ->> 'to_ms' \
            AND ?2 ->> 'caller' IN ('', caller) \
        ORDER BY hour_ms DESC, last_ms DESC, caller, ticket, route, outcome, reason LIMIT (?2 ->> 'limit') + 1))";

/// Adds rows to those of the same hour, key, ticket, route and outcome, and cleans the table when it is time.
pub(super) fn merge(
    sql: &SqlStorage,
    upkeep: &mut Upkeep,
    rows: String,
    now_ms: u64,
) -> Result<()> {
    let written = sql.exec(MERGE, vec![SqlStorageValue::from(rows)])?.rows_written();
    if upkeep.wrote(u64::try_from(written).unwrap_or(u64::MAX), now_ms) {
        upkeep.cleaned(clean(sql, now_ms)?, now_ms);
    }
    Ok(())
}

/// Deletes what is old.
pub(super) fn forget(sql: &SqlStorage, now_ms: u64) -> Result<()> {
    sql.exec(FORGET, vec![integer(oldest_hour_ms(now_ms))?])?;
    Ok(())
}

/// Deletes what is old or too much. Returns how many rows are left.
fn clean(sql: &SqlStorage, now_ms: u64) -> Result<u64> {
    forget(sql, now_ms)?;
    let rows = number(sql, COUNT)?.unwrap_or(0);
    let excess = Upkeep::excess(rows);
    if excess > 0 {
        sql.exec(DROP_OLDEST, vec![integer(excess)?])?;
        console_error!(
            "the audit trail is full: {excess} rows were dropped, those of tickets first"
        );
    }
    Ok(rows.saturating_sub(excess))
}

/// Reads the rows that a [`Trail`](crate::audit::Trail), as JSON, asks for: the whole answer.
pub(super) fn read(sql: &SqlStorage, trail: String, now_ms: u64) -> Result<String> {
    let values = vec![integer(oldest_hour_ms(now_ms))?, SqlStorageValue::from(trail)];
    let row = sql.exec(READ, values)?.raw().next().transpose()?;
    match row.as_deref() {
        Some([SqlStorageValue::String(answer)]) => Ok(answer.clone()),
        _ => Err(Error::from("no text came of the audit trail")),
    }
}
