//! Random traffic for the gate: who asks what, what becomes of each request, and what breaks meanwhile.

#![allow(unreachable_pub, missing_docs, reason = "a module of tests has no outside")]

use proptest::option;
use proptest::prelude::{Just, Strategy, prop_oneof};
use sepay_worker::gate::event::Verdict;

const MS: u64 = 1_000;
const SECOND: u64 = 1_000_000;

/// A caller's wish.
#[derive(Debug, Clone)]
pub struct Ask {
    pub gap_us: u64,
    pub target: u16,
    pub wait_ms: u64,
}

/// What becomes of a request.
#[derive(Debug, Clone)]
pub struct Fate {
    /// When it ends, from its sending; at the gate's own timeout at the latest.
    pub after_us: u64,
    /// How much later the gate hears of it.
    pub late_us: u64,
    /// What comes, when it comes before the timeout.
    pub arrives: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    Crash,
    ClockGoesBack(u64),
    DiskFails(bool),
}

pub fn ask() -> impl Strategy<Value = Ask> {
    let gap = prop_oneof![3 => Just(0), 3 => 0..30 * MS, 2 => 0..2 * SECOND, 1 => 0..15 * SECOND];
    let target = prop_oneof![2 => 0_u16..4, 2 => 0_u16..200];
    let wait = prop_oneof![1 => Just(0), 1 => 0_u64..400, 2 => Just(10_000), 3 => 0_u64..25_000];
    (gap, target, wait).prop_map(|(gap_us, target, wait_ms)| Ask { gap_us, target, wait_ms })
}

pub fn fate() -> impl Strategy<Value = Fate> {
    let after =
        prop_oneof![1 => Just(0), 4 => 0..400 * MS, 2 => 0..9 * SECOND, 1 => Just(60 * SECOND)];
    let arrives = prop_oneof![
        6 => Just(Verdict::Final),
        3 => Just(Verdict::Passing),
        1 => option::of(0_u64..4_000).prop_map(|retry_after_ms| Verdict::RateLimited { retry_after_ms }),
        1 => (0_u64..100_000).prop_map(|ms| Verdict::RateLimited { retry_after_ms: Some(ms) }),
    ];
    (after, 0..3 * MS, arrives).prop_map(|(after_us, late_us, arrives)| Fate {
        after_us,
        late_us,
        arrives,
    })
}

pub fn pause() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 0..600 * MS, 1 => 0..20 * SECOND]
}

pub fn trouble() -> impl Strategy<Value = Trouble> {
    let back = prop_oneof![2 => 0..MS, 1 => 0..2 * SECOND, 1 => 0..3_600 * SECOND];
    prop_oneof![
        2 => Just(Trouble::Crash),
        6 => back.prop_map(Trouble::ClockGoesBack),
        1 => Just(Trouble::DiskFails(true)),
        2 => Just(Trouble::DiskFails(false)),
    ]
}
