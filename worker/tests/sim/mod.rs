//! A world around the gate's schedule: virtual time, callers, a SePay that counts, bad days, and a judge who knows the
//! truth. One seed makes one scenario and one history, the same on every machine.
//!
//! The schedule is the real one. The shell around it is modelled by its rules: store, then send; timers that fire late
//! but never early; a crash keeps what was stored and nothing else; the wall clock may be set at any moment, timers do
//! not care.

#![allow(unreachable_pub, missing_docs, reason = "a module of tests has no outside")]
#![allow(dead_code, reason = "the test and the command each use a part")]
#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the run")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "what is not there fails the run")]
#![allow(
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "simulated numbers are small"
)]

pub mod callers;
pub mod front;
pub mod judge;
pub mod log;
pub mod measure;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod truth;
pub mod upstream;
pub mod world;

/// One millisecond in microseconds, the unit of virtual time.
pub const MS: u64 = 1_000;

/// One second in microseconds.
pub const SECOND: u64 = 1_000_000;
