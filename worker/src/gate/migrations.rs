//! How the gate's storage came to be: steps of SQL in order, each run once in the life of an object. Pure: `store` runs
//! them.
//!
//! A step is never changed once it was released, because there are objects in which it has run: what is to be different
//! is a new step at the end.

/// The steps. The version of a storage is how many of them it has been through.
pub const STEPS: &[&str] = &[
    // One row; `slots` is a JSON array of milliseconds since the Unix epoch. There are storages with this table from the
    // time before versions were counted.
    "CREATE TABLE IF NOT EXISTS pace (id INTEGER PRIMARY KEY CHECK (id = 0), \
     slots TEXT NOT NULL, paused_until_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL)",
    // The rows of `crate::audit`; an empty text is none.
    "CREATE TABLE IF NOT EXISTS audit (hour_ms INTEGER NOT NULL, caller TEXT NOT NULL, ticket TEXT NOT NULL, \
     route TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, \
     first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, \
     PRIMARY KEY (hour_ms, caller, ticket, route, outcome, reason)) WITHOUT ROWID",
];

/// Holds the version in one row; no row is version 0.
pub const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version \
    (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL)";

/// A storage that a later program has changed: its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newer(pub u64);

/// Returns the steps that a storage of this version lacks, in order.
///
/// # Errors
///
/// [`Newer`].
pub fn lacking(version: u64) -> Result<&'static [&'static str], Newer> {
    let done = usize::try_from(version).ok();
    done.and_then(|done| STEPS.get(done..)).ok_or(Newer(version))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// The beginnings of the SHA-256 of the steps.
    const RELEASED: &[&str] = &["f4b730291da53321", "a85ee95d4f24939b"];

    #[test]
    fn no_step_has_been_changed() {
        for (index, step) in STEPS.iter().enumerate() {
            let hash: String = Sha256::digest(step.as_bytes())
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(
                RELEASED.get(index),
                Some(&hash.as_str()),
                "step {} of the gate's storage is not the one that was released. It has run in objects that exist and \
                 will not run there again: leave it as it was, and add a step at the end",
                index + 1
            );
        }
        assert_eq!(STEPS.len(), RELEASED.len(), "no step may be taken away");
    }

    #[test]
    fn a_storage_is_given_what_it_lacks() {
        assert_eq!(lacking(0), Ok(STEPS));
        assert_eq!(lacking(1), Ok(&STEPS[1..]));
        let newest = u64::try_from(STEPS.len()).unwrap();
        assert_eq!(lacking(newest), Ok(&[] as &[&str]));
        assert_eq!(lacking(newest + 1), Err(Newer(newest + 1)));
        assert_eq!(lacking(u64::MAX), Err(Newer(u64::MAX)));
    }
}
