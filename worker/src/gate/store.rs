//! The gate's memory across evictions and crashes: one row of plain numbers.

use sepay::PaceRecord;
use worker::{Error, Result, SqlStorage, SqlStorageValue};

/// One row; `slots` is a JSON array of milliseconds since the Unix epoch. Later versions add tables, never change this one.
const CREATE: &str = "CREATE TABLE IF NOT EXISTS pace (id INTEGER PRIMARY KEY CHECK (id = 0), \
    slots TEXT NOT NULL, paused_until_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL)";

const SAVE: &str =
    "INSERT OR REPLACE INTO pace (id, slots, paused_until_ms, seen_ms) VALUES (0, ?, ?, ?)";

const LOAD: &str = "SELECT slots, paused_until_ms, seen_ms FROM pace WHERE id = 0";

/// Reads what was stored; a new gate has stored nothing.
pub(super) fn load(sql: &SqlStorage) -> Result<PaceRecord> {
    sql.exec(CREATE, None)?;
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
    let integer = |ms: u64| SqlStorageValue::try_from_i64(i64::try_from(ms).unwrap_or(i64::MAX));
    let values = vec![
        SqlStorageValue::from(serde_json::to_string(&record.busy_until_ms)?),
        integer(record.paused_until_ms)?,
        integer(record.seen_ms)?,
    ];
    sql.exec(SAVE, values)?;
    Ok(())
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
