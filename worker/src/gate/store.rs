//! The gate's memory across evictions and crashes: its version, and one row of plain numbers.

use sepay::PaceRecord;
use worker::{Error, Result, SqlStorage, SqlStorageValue, console_error};

use super::migrations::{Newer, STEPS, VERSION_TABLE, lacking};

const VERSION: &str = "SELECT version FROM schema_version WHERE id = 0";

const SET_VERSION: &str = "INSERT OR REPLACE INTO schema_version (id, version) VALUES (0, ?)";

const SAVE: &str =
    "INSERT OR REPLACE INTO pace (id, slots, paused_until_ms, seen_ms) VALUES (0, ?, ?, ?)";

const LOAD: &str = "SELECT slots, paused_until_ms, seen_ms FROM pace WHERE id = 0";

/// Gives the storage the tables that it lacks. One that a later program has changed is left as it is, and used as far
/// as its tables fit.
pub(super) fn migrate(sql: &SqlStorage) -> Result<()> {
    sql.exec(VERSION_TABLE, None)?;
    let version = number(sql, VERSION)?.unwrap_or(0);
    match lacking(version) {
        Ok(steps) => {
            for (step, before) in steps.iter().zip(version..) {
                sql.exec(step, None)?;
                sql.exec(SET_VERSION, vec![integer(before.saturating_add(1))?])?;
            }
        }
        Err(Newer(version)) => console_error!(
            "the gate's storage has version {version}, of a later program: this one knows {}, and uses what fits",
            STEPS.len()
        ),
    }
    Ok(())
}

/// Reads what was stored; a new gate has stored nothing.
pub(super) fn load(sql: &SqlStorage) -> Result<PaceRecord> {
    let Some(row) = sql.exec(LOAD, None)?.raw().next() else { return Ok(PaceRecord::default()) };
    match row?.as_slice() {
        [SqlStorageValue::String(slots), paused_until_ms, seen_ms] => Ok(PaceRecord {
            busy_until_ms: serde_json::from_str(slots)?,
            paused_until_ms: whole(paused_until_ms)?,
            seen_ms: whole(seen_ms)?,
        }),
        _ => Err(Error::from("another kind of row than was stored")),
    }
}

/// Stores the record. It is on disk before any message leaves the object.
pub(super) fn save(sql: &SqlStorage, record: &PaceRecord) -> Result<()> {
    let values = vec![
        SqlStorageValue::from(serde_json::to_string(&record.busy_until_ms)?),
        integer(record.paused_until_ms)?,
        integer(record.seen_ms)?,
    ];
    sql.exec(SAVE, values)?;
    Ok(())
}

/// Runs a query for one number; nothing when it has no row.
pub(super) fn number(sql: &SqlStorage, query: &str) -> Result<Option<u64>> {
    let Some(row) = sql.exec(query, None)?.raw().next() else { return Ok(None) };
    row?.first().map(whole).transpose()
}

/// A number for SQL.
pub(super) fn integer(number: u64) -> Result<SqlStorageValue> {
    SqlStorageValue::try_from_i64(i64::try_from(number).unwrap_or(i64::MAX))
}

/// SQL integers may arrive as floats, exact below 2^53.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates; milliseconds lie below 2^53"
)]
fn whole(number: &SqlStorageValue) -> Result<u64> {
    match number {
        SqlStorageValue::Integer(number) => Ok(u64::try_from(*number).unwrap_or(0)),
        SqlStorageValue::Float(number) => Ok(*number as u64),
        _ => Err(Error::from("a number was stored, and something else came back")),
    }
}
